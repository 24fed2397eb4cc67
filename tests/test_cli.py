"""The operators' door: one line that says what to do, and nothing done when it cannot be."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from family_voice.app import open_sessions
from family_voice.cli import main
from family_voice.operations.installation import NotEmpty, is_demo, is_empty, mark_as_demo
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.conftest import KEYS, Database

ADD = ("user", "add", "lee@council.example", "--role", "coproduction_lead")


@pytest.fixture
def environment(database: Database) -> dict[str, str]:
    return {
        "FAMILY_VOICE_SECRET_KEY": "s" * 40,
        "FAMILY_VOICE_MASTER_KEYS": "1:" + base64.b64encode(KEYS[1]).decode(),
        "FAMILY_VOICE_PUBLIC_URL": "https://voice.council.example",
        "FAMILY_VOICE_SMS": "twilio",
        "FAMILY_VOICE_SMS_NUMBER": "+441632960000",
        "FAMILY_VOICE_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "FAMILY_VOICE_TWILIO_AUTH_TOKEN": "t" * 32,
        "FAMILY_VOICE_PHONE": "01632 960000",
        "FAMILY_VOICE_EMERGENCY_PHONE": "01632 960999",
        "FAMILY_VOICE_DATABASE_URL": database.url,
    }


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner(env=environment).invoke(main, arguments, prog_name="family-voice")


def refused(result: Result) -> str:
    """The one line of a failure."""
    assert result.exit_code != 0
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["serve"],
        ["worker"],
        ["db"],
        ["db", "upgrade"],
        ["db", "check"],
        ["user"],
        ["user", "add"],
        ["user", "reset"],
        ["user", "stop"],
        ["user", "sign-out"],
    ],
)
def test_every_command_explains_itself(command: list[str]) -> None:
    shown = run({}, *command, "--help")
    assert shown.exit_code == 0
    assert "Usage: family-voice" in shown.output


def test_an_account_is_made_and_put_on_record(
    environment: dict[str, str], database: Database
) -> None:
    made = run(environment, *ADD)
    assert made.exit_code == 0
    said = dict(line.split(": ", 1) for line in made.stdout.splitlines())
    assert said["Authenticator address"].startswith("otpauth://totp/")
    assert said["Authenticator secret"] in said["Authenticator address"]
    with reading(database.sessions) as session:
        staff = session.scalars(select(StaffMember)).one()
        assert staff.must_change_password
        row = session.scalars(select(TrailRow)).one()
        assert (row.actor_kind, row.action, row.resource_id) == ("operator", "add", staff.id)


def test_what_cannot_be_done_with_an_account(environment: dict[str, str]) -> None:
    assert run(environment, *ADD).exit_code == 0
    assert "user reset" in refused(run(environment, *ADD))
    assert "name@council" in refused(
        run(environment, "user", "add", "lee", "--role", "administrator")
    )
    assert "user add" in refused(run(environment, "user", "reset", "no@council.example"))
    assert "user add" in refused(run(environment, "user", "stop", "no@council.example"))
    assert "user add" in refused(run(environment, "user", "sign-out", "no@council.example"))
    assert run(environment, "user", "sign-out", "lee@council.example").exit_code == 0
    assert run(environment, "user", "reset", "lee@council.example").exit_code == 0
    assert run(environment, "user", "stop", "lee@council.example").exit_code == 0


def test_every_wrong_setting_is_a_line() -> None:
    result = run({}, "serve")
    assert result.exit_code == 2
    assert all("FAMILY_VOICE_" in line for line in result.stderr.strip().splitlines())
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", [["serve"], ["worker", "--once"]])
def test_pretend_texts_are_for_the_demo(environment: dict[str, str], command: list[str]) -> None:
    assert "family-voice demo" in refused(
        run(environment | {"FAMILY_VOICE_SMS": "console"}, *command)
    )


@pytest.mark.parametrize("command", [["serve"], ["worker", "--once"], list(ADD)])
def test_the_demos_database_is_refused(
    environment: dict[str, str], database: Database, now: datetime, command: list[str]
) -> None:
    with database.sessions.begin() as session:
        mark_as_demo(session, now)
    assert "demo" in refused(run(environment, *command))


@pytest.mark.parametrize("command", [["serve"], ["worker", "--once"], ["db", "check"]])
def test_missing_migrations_are_refused(
    environment: dict[str, str], tmp_path: Path, command: list[str]
) -> None:
    new = environment | {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}
    assert "db upgrade" in refused(run(new, *command))
    assert run(new, "db", "upgrade").exit_code == 0
    assert run(new, "db", "check").exit_code == 0


def test_a_database_that_is_not_there(environment: dict[str, str]) -> None:
    gone = environment | {"FAMILY_VOICE_DATABASE_URL": "postgresql://127.0.0.1:1/nothing"}
    assert "FAMILY_VOICE_DATABASE_URL" in refused(run(gone, "db", "check"))


def test_only_an_empty_database_becomes_the_demos(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        assert is_empty(session)
        assert not is_demo(session)
        add_staff(session, email="a@b.example", roles=[], now=now)
        with pytest.raises(NotEmpty):
            mark_as_demo(session, now)


def test_the_demos_database_stays_the_demos(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        mark_as_demo(session, now)
        add_staff(session, email="a@b.example", roles=[], now=now)
        mark_as_demo(session, now)
        assert is_demo(session)


def test_the_command_uses_the_same_keyring(environment: dict[str, str]) -> None:
    from family_voice.settings import Settings

    with open_sessions(Settings.from_environ(environment))() as session:
        assert session.info["keyring"].versions == (1,)
