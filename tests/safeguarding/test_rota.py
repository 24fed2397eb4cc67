"""Putting people on the rota, by use case and by command; and what may not start without."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cli import main
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding import rota
from family_voice.safeguarding.models import RotaNumber, RotaShift
from family_voice.security.models import DataKey
from family_voice.security.trail import OPERATOR
from family_voice.storage.engine import reading
from tests.conftest import KEYS, Database
from tests.factories import on_the_rota

Run = Callable[..., Result]
NINE, FIVE = time(9), time(17)


def test_the_number_is_sealed_under_a_key_of_its_own(session: Session, now: datetime) -> None:
    staff_id = on_the_rota(session, now)
    row = session.scalars(select(RotaNumber)).one()
    assert b"7700900950" not in row.number
    assert session.get_one(DataKey, row.key_id).kind == "staff"
    assert rota.numbers_of(session, [staff_id]) == {staff_id: "+447700900950"}
    rota.keep_number(session, staff_id, "07700 900123", OPERATOR, now)
    assert rota.numbers_of(session, [staff_id]) == {staff_id: "+447700900123"}


def test_who_may_not_receive_and_what_is_no_shift(session: Session, now: datetime) -> None:
    panel = add_staff(session, email="p@council.example", roles=[Role.PANEL], now=now).staff_id
    lead = add_staff(session, email="l@council.example", roles=[Role.LEAD], now=now).staff_id
    with pytest.raises(rota.CannotReceive):
        rota.keep_number(session, panel, "07700 900123", OPERATOR, now)
    for typed in ("01632 960000", "12", "mobile", ""):
        with pytest.raises(rota.NotAMobile):
            rota.keep_number(session, lead, typed, OPERATOR, now)
    with pytest.raises(rota.NoNumber):
        rota.add_shift(session, lead, begins=NINE, ends=FIVE, by=OPERATOR, now=now)
    rota.keep_number(session, lead, "07700 900123", OPERATOR, now)
    day = date(2026, 12, 24)
    for first, last in ((None, None), (day, None), (day, date(2026, 12, 1))):
        with pytest.raises(rota.WrongTimes):
            rota.add_shift(
                session, lead, begins=NINE, ends=FIVE, first=first, last=last, by=OPERATOR, now=now
            )
    assert session.scalars(select(RotaShift)).all() == []
    assert not rota.somebody_ever(session, now)


def test_a_shift_taken_off_counts_no_more_and_is_not_forgotten(
    session: Session, now: datetime
) -> None:
    on_the_rota(session, now)
    assert rota.reads_next(session, now) is None
    row = session.scalars(select(RotaShift)).one()
    rota.take_off(session, row.id, OPERATOR, now)
    assert rota.on_rota(session, now) == []
    assert rota.next_on_rota(session, now) is None
    assert session.scalars(select(RotaShift.taken_off_at)).one() == now


@pytest.fixture
def run(database: Database) -> Run:
    environment = {
        "FAMILY_VOICE_DATABASE_URL": database.url,
        "FAMILY_VOICE_SECRET_KEY": "a test's secret key, long enough for anybody",
        "FAMILY_VOICE_MASTER_KEYS": f"1:{b64encode(KEYS[1]).decode()}",
        "FAMILY_VOICE_PUBLIC_URL": "https://voice.example",
        "FAMILY_VOICE_SMS": "twilio",
        "FAMILY_VOICE_SMS_NUMBER": "+441632960100",
        "FAMILY_VOICE_TWILIO_ACCOUNT_SID": "AC0",
        "FAMILY_VOICE_TWILIO_AUTH_TOKEN": "token",
        "FAMILY_VOICE_PHONE": "01632 960000",
        "FAMILY_VOICE_EMERGENCY_PHONE": "01632 960999",
    }
    return lambda *words: CliRunner(env=environment).invoke(main, words)


def test_the_command_puts_somebody_on(run: Run, database: Database) -> None:
    with database.sessions.begin() as session:
        add_staff(
            session, email="lee@council.example", roles=[Role.LEAD], name="Lee",
            now=datetime.now(UTC),
        )  # fmt: skip
    wrong = {
        ("nobody@council.example", "--mobile", "07700 900123"): "Only an open account",
        ("lee@council.example",): "Give --mobile as well",
        ("lee@council.example", "--mobile", "12"): "not a mobile number",
        ("lee@council.example", "--mobile", "07700 900123", "--from", "9am"): "Write days as",
        ("lee@council.example", "--mobile", "07700 900123", "--days", "someday"): "Write days as",
    }
    for words, sentence in wrong.items():
        result = run("rota", "add", *words)
        assert result.exit_code != 0
        assert sentence in result.output
        assert len(result.output.strip().splitlines()) == 1
    added = run(
        "rota", "add", "lee@council.example", "--mobile", "07700 900123", "--days", "fri-mon",
        "--from", "22:00", "--until", "06:00", "--second", "--bank-holidays",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    listed = run("rota", "list").output
    assert "Lee: mon, fri, sat, sun 22:00 to 06:00, second, also on bank holidays" in listed
    assert "900123" not in listed
    with reading(database.sessions) as session:
        assert rota.somebody_ever(session, datetime.now(UTC))


def test_nothing_is_served_without_a_rota(run: Run, database: Database) -> None:
    result = run("serve")
    assert result.exit_code != 0
    assert "family-voice rota add" in result.output
    assert len(result.output.strip().splitlines()) == 1
    # Somebody who was on it once and never will be again is nobody.
    with database.sessions.begin() as session:
        on_the_rota(session, datetime.now(UTC))
        session.scalars(select(RotaShift)).one().last_day = date(2020, 1, 1)
    assert run("serve").exit_code != 0
