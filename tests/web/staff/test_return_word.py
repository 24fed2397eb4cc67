"""A return word said aloud: the web opens to a family that told us everything by telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from family_voice.interviews import doors
from family_voice.interviews.events import Manner
from family_voice.people.access import Role
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.staff.call_pad_page import (
    OPEN,
    Someone,
    account_of,
    begin,
    interview_of,
    somebody,
)
from tests.web.staff.conftest import Desk, SignIn

FIRST, SECOND = "yellow boat", "seven kettles"
Arrive = Callable[[], Browser]


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


@pytest.fixture
def ending(lead: Desk, someone: Someone) -> str:
    """The last page of a call in which something was said."""
    pad = begin(lead, someone)
    pad.write(OPEN, "Nobody told her about the move.")
    return pad.send("ending").headers["Location"]


@pytest.fixture
def arrive(app: Flask, lead: Desk, someone: Someone, ending: str) -> Arrive:
    """The family opens the link in its letter, on a device that knows nothing of it."""
    letter = lead.post(
        f"/staff/cases/{someone.case_id}/people/{someone.participant_id}/invite",
        way="letter", print_size="ordinary",
    )  # fmt: skip
    link = re.search(r"/i/[\w-]+", letter.text)
    assert link
    return lambda: Browser(app).open(link[0])


def give_word(lead: Desk, database: Database, someone: Someone, word: str, **more: str) -> int:
    page = f"/staff/accounts/{interview_of(database, someone)}/return-word"
    return lead.post(page, word=word, **more).status_code


def test_a_family_that_was_rung_sees_and_corrects_its_account_on_the_web(
    lead: Desk, someone: Someone, ending: str, arrive: Arrive, database: Database
) -> None:
    locked = arrive().open("/your-words")
    assert "move" not in locked.text
    assert "No return word was chosen yet" in locked.text
    done = lead.post(ending, do="finish", unread="yes", talk="9", word=FIRST, known="yes")
    assert done.status_code == 302
    page = arrive().follow("See what you told us")
    assert "move" not in page.text
    page.press(return_word="Yellow  Boat")
    assert page.path == "/your-words"
    assert "Nobody told her about the move." in page.text
    page.follow("Change").press("Save", words="Nobody told me about the move.")
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert answer.text == "Nobody told me about the move."
    # Put right sentence by sentence, it stays what the lead wrote down.
    assert answer.pieces[0].manner is Manner.SUMMARY
    page.open("/your-choices").press("Save my choices", check="no")
    page.open("/your-choices")
    assert page.chosen("check") == ["no"]


def test_a_second_word_takes_the_place_of_the_first(
    lead: Desk, someone: Someone, ending: str, arrive: Arrive, database: Database
) -> None:
    lead.post(ending, do="stop", word=FIRST, known="yes")
    case_page = f"/staff/cases/{someone.case_id}"
    address = f"/staff/accounts/{interview_of(database, someone)}/return-word"
    assert address in lead.get(case_page).text
    assert "They have one already." in lead.get(address).text
    kept = lead.post(address, word=SECOND, known="yes")
    assert kept.headers["Location"] == case_page
    assert "The return word is kept." in lead.get(case_page).text
    page = arrive().follow("See what you told us").press(return_word=FIRST)
    assert "That is not the return word." in page.text
    assert "move" not in page.text
    page.press(return_word=SECOND)
    assert "Nobody told her about the move." in page.text


def test_a_sitting_that_an_earlier_word_opened_is_closed_by_a_new_one(
    lead: Desk, someone: Someone, ending: str, arrive: Arrive, database: Database
) -> None:
    lead.post(ending, do="stop", word=FIRST, known="yes")
    earlier = arrive().open("/your-words").press(return_word=FIRST)
    assert "Nobody told her about the move." in earlier.text
    assert give_word(lead, database, someone, SECOND, known="yes") == 302
    earlier.open("/your-words")
    assert "Type your return word" in earlier.text
    assert "move" not in earlier.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"word": FIRST}, "only if you know whom you are speaking with"),
        ({"word": "a b c", "known": "yes"}, "at least 4 letters"),
        ({"word": "y" * 65, "known": "yes"}, "too long"),
    ],
)
def test_a_word_that_is_not_sound_is_not_kept_and_nothing_else_is(
    lead: Desk,
    someone: Someone,
    ending: str,
    database: Database,
    typed: dict[str, str],
    sentence: str,
) -> None:
    wanted = {"do": "finish", "unread": "yes", "talk": "17", "hear_back": "letter"}
    page = lead.post(ending, **wanted, **typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert 'value="17"' in page.text
    assert f'value="{typed["word"]}"' in page.text
    assert give_word(lead, database, someone, **typed) == 422
    with reading(database.sessions) as session:
        assert not doors.has_return_word(session, interview_of(database, someone))
    assert "Finished" not in lead.get(someone.page("done")).text


def test_the_trail_says_that_it_was_set_and_not_what_it_is(
    lead: Desk, someone: Someone, ending: str, database: Database
) -> None:
    assert give_word(lead, database, someone, "", known="yes") == 422
    assert give_word(lead, database, someone, FIRST, known="yes") == 302
    with reading(database.sessions) as session:
        rows = session.scalars(
            select(TrailRow).where(TrailRow.resource_id == interview_of(database, someone))
        ).all()
    assert [row.actor_kind for row in rows if row.fields == ["return_word"]] == ["staff"]
    assert all("boat" not in str(vars(row)) for row in rows)


def test_nobody_but_the_lead_sets_one(
    lead: Desk, sign_in: SignIn, someone: Someone, ending: str, database: Database
) -> None:
    page = f"/staff/accounts/{interview_of(database, someone)}/return-word"
    for role in (Role.PANEL, Role.SEND_LEAD, Role.DPO):
        assert sign_in(role).get(page).status_code == 403
