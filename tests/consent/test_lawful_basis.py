"""The council's lawful basis: set once, apart from what anybody agrees to, and needed to serve."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime

import pytest
import waitress
from click.testing import CliRunner, Result
from flask import Flask

from family_voice.cli import main
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.conftest import KEYS, Database

SET = {
    "FAMILY_VOICE_LAWFUL_BASIS": "public task",
    "FAMILY_VOICE_LAWFUL_BASIS_REFERENCE": "ROPA 12",
    "FAMILY_VOICE_DPIA_REFERENCE": "DPIA 2026-7",
    "FAMILY_VOICE_DPIA_DATE": "2026-09-01",
}


def serve(database: Database, **changed: str) -> Result:
    """The command on a database whose rota has somebody."""
    environment = {
        "FAMILY_VOICE_DATABASE_URL": database.url,
        "FAMILY_VOICE_SECRET_KEY": "a test's secret key, long enough for anybody",
        "FAMILY_VOICE_MASTER_KEYS": f"1:{b64encode(KEYS[1]).decode()}",
        "FAMILY_VOICE_PUBLIC_URL": "https://voice.example",
        "FAMILY_VOICE_SMS_NUMBER": "+441632960100",
        "FAMILY_VOICE_TWILIO_ACCOUNT_SID": "AC0",
        "FAMILY_VOICE_TWILIO_AUTH_TOKEN": "token",
        "FAMILY_VOICE_PHONE": "01632 960000",
        "FAMILY_VOICE_EMERGENCY_PHONE": "01632 960999",
        **SET,
    }
    with database.sessions.begin() as session:
        add_staff(
            session, email="lee@council.example", roles=[Role.LEAD], name="Lee",
            now=datetime.now(UTC),
        )  # fmt: skip
    put_on = ["rota", "add", "lee@council.example", "--mobile", "07700 900123"]
    assert CliRunner(env=environment).invoke(main, put_on).exit_code == 0
    return CliRunner(env=environment | changed).invoke(main, ["serve"])


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Flask]:
    """What the web server was given to serve, instead of serving it for ever."""
    found: list[Flask] = []
    monkeypatch.setattr(waitress, "serve", lambda app, **_where: found.append(app))
    return found


def test_with_everything_set_it_serves_and_the_privacy_page_says_so(
    database: Database, served: list[Flask]
) -> None:
    assert serve(database).exit_code == 0
    page = served[0].test_client().get("/privacy", base_url="https://voice.example").text
    assert "public task (ROPA 12)" in page
    assert "DPIA 2026-7, 1 September 2026" in page


@pytest.mark.parametrize("name", list(SET))
def test_each_that_is_missing_is_one_sentence(
    database: Database, served: list[Flask], name: str
) -> None:
    result = serve(database, **{name: ""})
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Set {name}: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert served == []


@pytest.mark.parametrize(("day", "said"), [("2999-01-01", "still to come"), ("May", "a day")])
def test_the_assessment_is_signed_before_anybody_is_asked(
    database: Database, served: list[Flask], day: str, said: str
) -> None:
    result = serve(database, FAMILY_VOICE_DPIA_DATE=day)
    assert result.exit_code != 0
    assert said in result.output
    assert served == []


def test_the_demo_says_that_none_is_set(demo_app: Flask) -> None:
    assert "may not be used with real families" in demo_app.test_client().get("/privacy").text
