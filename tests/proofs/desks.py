"""A case that several people work on, and everything on it that they may write in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.conftest import Database
from tests.proofs.proof import Place
from tests.proofs.serving import SIGN_IN, an_app, ticking
from tests.proofs.surfaces import Codes, Contact, Notes, Pack, Surface, Views
from tests.proofs.wire import Wire
from tests.reports.panel_round import PanelRound, a_panel_round, told
from tests.web.staff.call_pad_page import WELL, Someone, begin, somebody
from tests.web.staff.conftest import Desk

SAID = " ".join(f"This is sentence {number}." for number in range(1, 17))


@dataclass(frozen=True)
class Desks:
    """The case, who may edit it, and where."""

    panel: PanelRound
    someone: Someone
    leads: Sequence[UUID]
    account: UUID
    contact: Contact
    views: Views
    notes: Notes
    codes: Codes
    pack: Pack

    @property
    def shared(self) -> list[Surface]:
        """Where all write in the same box."""
        return [self.contact, self.views, self.notes]


def desks(place: Place, editors: int) -> Desks:
    """A round with its panel, and a talk with a mother that has begun."""
    with place.sessions.begin() as session:
        panel = a_panel_round(session, ticking())
        account = told(session, panel.case, "father", {"important.open": SAID}, ticking())
        leads = [
            add_staff(
                session, email=f"lead{number}@proof.example", name=f"Lee {number}",
                roles=[Role.LEAD], now=ticking(), password="x" * 12,
            ).staff_id
            for number in range(editors)
        ]  # fmt: skip
    someone = somebody(_database(place), panel.round_id)
    with an_app(place.settings) as app:
        client = app.test_client()
        assert client.post(f"{SIGN_IN}{leads[0]}").status_code == 200
        begin(Desk(client), someone)
    return Desks(
        panel, someone, leads, account,
        Contact(f"/staff/cases/{someone.case_id}/people/{someone.participant_id}"),
        Views(f"/panel/cases/{panel.case}/views", "worries-health"),
        Notes(someone.page("pad"), WELL),
        Codes(account, "important.open"),
        Pack(f"/staff/cases/{panel.case}/pack"),
    )  # fmt: skip


def signed_in(port: int, staff_id: UUID) -> Wire:
    """A browser of somebody who has signed in."""
    wire = Wire(port)
    answer = wire.post(f"{SIGN_IN}{staff_id}", ())
    assert answer is not None
    assert answer.status == 200
    return wire


def _database(place: Place) -> Database:
    return Database(place.settings.database_url, place.sessions.kw["bind"], place.sessions)
