"""Easy Read over the telephone: the choices and cards are read out, and a button keeps each."""

from __future__ import annotations

from uuid import UUID

from family_voice.interviews.manners import Helper
from family_voice.interviews.models import Interview
from family_voice.storage.locking import fetch
from tests.conftest import Database
from tests.web.staff.call_pad_page import Pad, account_of, begin, interview_of, somebody
from tests.web.staff.conftest import Desk

SORT, CHOICE = "working_well.open", "difference.open"


def pad_in_pictures(lead: Desk, database: Database, round_id: UUID) -> Pad:
    someone = somebody(database, round_id)
    pad = begin(lead, someone)
    interview_id = interview_of(database, someone)
    with database.sessions.begin() as session:
        fetch(session, Interview, interview_id).guide_audience = "child"
    return Pad(lead, pad.address)


def pressed(lead: Desk, pad: Pad, button: str) -> Pad:
    answer = pad.send(button)
    assert answer.status_code == 302, answer.text
    return Pad(lead, answer.headers["Location"].partition("#")[0])


def test_a_button_keeps_a_choice_another_replaces_it_and_again_takes_it_away(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    pad = pad_in_pictures(lead, database, round_id)
    someone = somebody(database, round_id)

    def said(prompt_id: str) -> list[tuple[str, str]]:
        answer = account_of(database, someone).answer(prompt_id)
        return [(p.text, p.manner.value) for p in answer.pieces] if answer else []

    pad.write(CHOICE, "She thought about it for a while.")
    pad = pressed(lead, pad, f"chose:{CHOICE}:good")
    assert 'aria-pressed="true">Good' in pad.text
    assert said(CHOICE) == [("She thought about it for a while.", "summary"), ("Good", "chose")]
    pad = pressed(lead, pad, f"chose:{CHOICE}:not_good")
    assert said(CHOICE)[1:] == [("Not good", "chose")]
    # What was chosen is no note to be typed over.
    assert "Not good" not in pad.words(CHOICE)
    pad = pressed(lead, pad, f"chose:{SORT}:yes:safe")
    pad = pressed(lead, pad, f"chose:{SORT}:sometimes:friends")
    pad = pressed(lead, pad, f"chose:{SORT}:no:safe")
    assert sorted(said(SORT)) == [
        ("I feel safe: No.", "chose"),
        ("I have a friend: Sometimes.", "chose"),
    ]
    pad = pressed(lead, pad, f"chose:{SORT}:no:safe")
    pad = pressed(lead, pad, f"chose:{CHOICE}:not_good")
    assert said(SORT) == [("I have a friend: Sometimes.", "chose")]
    assert said(CHOICE) == [("She thought about it for a while.", "summary")]


def test_a_button_that_names_nothing_changes_nothing(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    pad = pad_in_pictures(lead, database, round_id)
    for button in ("chose", "chose:nothing:good", f"chose:{CHOICE}:splendid", f"chose:{SORT}:yes"):
        pad = pressed(lead, pad, button)
    account = account_of(database, somebody(database, round_id))
    assert account.answers == ()


def test_who_helps_is_asked_and_kept_with_what_they_say(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    pad = pad_in_pictures(lead, database, round_id)
    someone = somebody(database, round_id)
    old = Pad(lead, pad.address)
    pad.fields["helper"] = "parent"
    pad.write(CHOICE, "She likes the cards.")
    pad = pad.save()
    assert '<option value="parent" selected>' in pad.text
    pad = pressed(lead, pad, f"chose:{CHOICE}:good")
    # A tab from before says nothing about it, and what names nobody changes nothing.
    old.save()
    pad.fields["helper"] = "the cat"
    pad = pad.save()
    answer = account_of(database, someone).answer(CHOICE)
    assert answer
    assert {piece.helped_by for piece in answer.pieces} == {Helper.PARENT}
    with database.sessions.begin() as session:
        fetch(session, Interview, interview_of(database, someone)).guide_audience = "advocate"
    pad = Pad(lead, pad.address)
    assert "How do they speak for them?" in pad.text
    with database.sessions.begin() as session:
        fetch(session, Interview, interview_of(database, someone)).guide_audience = "parent_carer"
    assert 'name="helper"' not in Pad(lead, pad.address).text
