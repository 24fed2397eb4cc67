"""What staff saw on a visit is nothing the child told: neither announced nor in the child's way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from family_voice.interviews import record, visits
from family_voice.interviews.events import Channel, Manner, ReadBack
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.web.family.conftest import Household

SAW = "He put his hands over his ears."
TOLD = "I like the quiet room."


@pytest.fixture
def seen(invite: Callable[..., Household], now: datetime) -> Household:
    """A young person who begins on the web, and whom somebody visits meanwhile."""
    child = invite(audience="young_person")
    child.arrived().press("Start").press(answer="yes").press(answer="yes")
    with child.database.sessions.begin() as session:
        staff = add_staff(session, email="l@b.example", roles=[Role.LEAD], now=now).staff_id
        visit, of = uuid4(), child.invitation.interview_id
        visits.begin_visit(
            session, of, visit, on=now.date(), place="School", observer="Sam",
            recorded_by=staff, now=now,
        )  # fmt: skip
        for prompt in ("important.open", "working_well.open"):
            record.say(
                session, of, SAW, channel=Channel.FACE_TO_FACE, prompt_id=prompt, now=now,
                manner=Manner.OBSERVED, recorded_by=staff, visit_id=visit,
            )  # fmt: skip
    return child


def read_back(child: Household, now: datetime) -> None:
    """One of us reads all of it back."""
    with child.database.sessions.begin() as session:
        staff = add_staff(session, email="m@b.example", roles=[Role.LEAD], now=now).staff_id
        record.happen(
            session, child.invitation.interview_id, ReadBack(Channel.FACE_TO_FACE, right=True),
            now + timedelta(minutes=1), recorded_by=staff,
        )  # fmt: skip


def test_it_is_not_announced_and_does_not_keep_them_from_a_return_word(
    seen: Household, now: datetime
) -> None:
    page = seen.arrived().open("/question/important.open")
    assert "You told us something here before" not in page.text
    page.press(words=TOLD)
    page.open("/check-answers")
    assert TOLD in page.text
    assert SAW not in page.text
    assert "You told us something here before" not in page.text
    page.open("/return-word")
    assert "on another day" not in page.text
    page.press("Send", word="hedgehog")
    assert page.path == "/sent"
    # What others wrote of them is not opened by a word that was chosen without seeing it.
    again = seen.arrived().open("/your-words").press(return_word="hedgehog")
    assert again.path == "/your-words"
    assert TOLD in again.text
    assert SAW not in again.text
    assert "Yes, this is right" not in again.text
    assert seen.words("important.open") == f"{SAW}\n{TOLD}"
    read_back(seen, now)
    again.open("/your-words")
    assert SAW in again.text
    assert "What somebody saw and wrote down." in again.text
    assert "Yes, this is right" in again.text


def test_nothing_told_is_no_return_word_to_choose(seen: Household) -> None:
    page = seen.arrived().open("/return-word")
    assert "You have not written anything." in page.text
    assert "on another day" not in page.text


def test_what_they_told_on_another_day_still_keeps_others_out(seen: Household) -> None:
    seen.arrived().open("/question/important.open").press(words=TOLD)
    other = seen.arrived().open("/check-answers")
    assert other.text.count("You told us something here before") == 1
    other.open("/return-word")
    assert "on another day" in other.text
