"""While nobody is on the rota no question goes out; a text is answered with when it is read."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from family_voice.cases.inviting import Way
from family_voice.interviews.guide import load_guide
from family_voice.messages.models import OutboundMessage
from family_voice.safeguarding.models import RotaNumber, RotaShift
from family_voice.storage.engine import reading
from tests.factories import on_the_rota
from tests.sms.town import Town

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def office_hours(town: Town) -> Town:
    """The town with a rota of weekdays, nine to five."""
    with town.database.sessions.begin() as session:
        session.execute(delete(RotaShift))
        session.execute(delete(RotaNumber))
        on_the_rota(
            session, town.clock(), name="Ann", days=frozenset(range(5)), begins=time(9),
            ends=time(17),
        )  # fmt: skip
    return town


def asked(texts: list[str]) -> list[str]:
    """Those of the texts that ask a question of the guide."""
    prompts = load_guide("parent_carer", "en").prompts.values()
    return [t for t in texts if any(t.startswith(p.wording("text")[:40]) for p in prompts)]


def next_weekday_evening(town: Town) -> None:
    town.clock.now = town.clock.now.astimezone(LONDON).replace(hour=18, minute=30)


def next_morning(town: Town) -> None:
    town.clock.on(days=1)
    town.clock.now = town.clock.now.astimezone(LONDON).replace(hour=9, minute=0)
    while town.clock.now.weekday() > 4:
        town.clock.on(days=1)


def test_a_question_waits_and_a_receipt_does_not(office_hours: Town) -> None:
    town = office_hours
    town.begin()
    next_weekday_evening(town)
    town.text("He likes the bus.")
    town.clock.on(minutes=15)
    town.turn()
    answers = town.new()
    [receipt] = answers
    assert asked(answers) == []
    for must in ("your text is here", "We read them next on", "09:00", "999", "01632 960999"):
        assert must in receipt
    # Once until somebody is back, however much they add; and it all stands with one question.
    town.text("And the driver.")
    town.clock.on(minutes=15)
    town.turn()
    assert town.new() == []
    account = town.account(town.interview_id)
    assert [len(answer.pieces) for answer in account.answers] == [2]
    next_morning(town)
    town.turn()
    assert len(asked(town.new())) == 1


def test_next_at_night_brings_the_question_in_the_morning_and_only_the_newest(
    office_hours: Town,
) -> None:
    town = office_hours
    town.begin()
    next_weekday_evening(town)
    first = town.text("NEXT")
    assert asked(first) == []
    assert any("your text is here" in each for each in first)
    assert town.text("NEXT") == []
    next_morning(town)
    town.turn()
    [question] = asked(town.new())
    current = town.state(town.interview_id).on_phone or ""
    assert question.startswith(load_guide("parent_carer", "en").prompt(current).wording("text"))


def test_an_invitation_waits_for_the_rota(office_hours: Town) -> None:
    town = office_hours
    next_weekday_evening(town)
    town.invite(Way.TEXT)
    for _hour in range(3):
        town.turn()
        town.clock.on(minutes=20)
    assert town.new() == []
    next_morning(town)
    town.turn()
    assert len(town.new()) == 1


def test_with_no_rota_at_all_nothing_is_asked(town: Town) -> None:
    town.begin()
    with town.database.sessions.begin() as session:
        session.execute(delete(RotaShift))
    answers = town.text("NEXT")
    assert asked(answers) == []
    town.clock.on(days=2)
    town.turn()
    assert asked(town.new()) == []
    with reading(town.database.sessions) as session:
        waits = session.scalars(
            select(OutboundMessage).where(OutboundMessage.state == "queued")
        ).all()
        assert {each.template for each in waits} <= {"question", "open_question"}
