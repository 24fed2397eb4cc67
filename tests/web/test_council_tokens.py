"""What the provider gives stays on the server, and what it does not vouch for is on record."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from family_voice.people.staff import Credentials
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.web import council as council_world
from tests.web.council import SECRET, Council, at_council, dance, signed, to_council
from tests.web.test_sign_in import inside

running = council_world.running
council = council_world.council
clock = council_world.clock
chosen = council_world.chosen
make_app = council_world.make_app
client = council_world.client
lee = council_world.lee
connected = council_world.connected


def test_no_token_reaches_the_browser(
    client: FlaskClient, connected: Credentials, council: Council
) -> None:
    council.people(amr=["mfa"])
    given: list[str] = []

    def keep(claims: dict[str, Any]) -> str:
        given.append(signed(claims))
        return given[-1]

    council.spoil = keep
    opened = dance(client)
    assert opened.status_code == 302
    assert inside(client)
    page = client.get("/staff/me/")
    with client.session_transaction() as session:
        seen = f"{opened.headers} {opened.text} {page.headers} {page.text} {dict(session)}"
    (token,) = given
    for part in (*token.split("."), SECRET):
        assert part not in seen


def test_every_refused_way_in_is_on_record(
    client: FlaskClient, connected: Credentials, council: Council, database: Database
) -> None:
    council.people(amr=["mfa"])
    council.spoil = lambda claims: signed(claims | {"aud": "another"})
    assert dance(client).status_code == 403
    council.spoil = None
    council.people(amr=["mfa"], oid="a stranger's")
    assert dance(client).status_code == 403
    location = at_council(to_council(client))
    assert client.get(location.replace("state=", "state=x")).status_code == 403
    with reading(database.sessions) as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "refuse")).all()
        found = [(row.actor_kind, row.resource, row.resource_id, row.fields) for row in rows]
    assert found == [("nobody", "staff", None, ["council account"])] * 3
