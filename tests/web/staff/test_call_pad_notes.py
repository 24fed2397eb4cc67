"""No word is lost on the call pad: tabs, lines, sessions, and buttons pressed twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from family_voice.interviews.models import Event
from family_voice.storage.engine import reading
from family_voice.web.shared.fields import LONGEST_ANSWER
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import (
    OPEN,
    WELL,
    Pad,
    Someone,
    account_of,
    begin,
    somebody,
)
from tests.web.staff.conftest import Desk


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ("mine", ["From the second tab."]),
        ("theirs", ["From the first tab."]),
        ("both", ["From the first tab.", "From the second tab."]),
    ],
)
def test_a_second_tab_loses_nothing_and_both_versions_are_shown(
    lead: Desk, someone: Someone, database: Database, choice: str, wanted: list[str]
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "First.")
    first = pad.save()
    second = Pad(lead, first.address)
    first.write(OPEN, "From the first tab.")
    first.save()
    second.write(OPEN, "From the second tab.")
    second.write(WELL, "Only in the second tab.")
    both = second.save()
    assert "Which should stand?" in both.text
    assert "From the first tab." in both.text
    assert both.words(OPEN)[0] == "From the second tab."
    # Everything else is kept already.
    assert account_of(database, someone).answer(WELL) is not None
    both.fields[f"n.{both.keys(OPEN)[0]}.choose"] = choice
    assert "Everything is saved." in both.save().text
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert sorted(piece.text for piece in answer.pieces) == wanted


def test_both_is_still_both_when_pressed_twice(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "First.")
    first = pad.save()
    second = Pad(lead, first.address)
    first.write(OPEN, "One.")
    first.save()
    second.write(OPEN, "Two.")
    both = second.save()
    both.fields[f"n.{both.keys(OPEN)[0]}.choose"] = "both"
    both.send()
    both.send()
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert sorted(p.text for p in answer.pieces) == ["One.", "Two."]


def test_an_old_tab_that_nobody_touched_changes_nothing(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "First.")
    first = pad.save()
    old = Pad(lead, first.address)
    first.write(OPEN, "Better.")
    first.save()
    after = old.save()
    assert "Everything is saved." in after.text
    assert after.words(OPEN)[0] == "Better."


def test_saving_while_typing_is_one_note_however_often_it_is_sent(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    key = pad.keys(OPEN)[0]
    names = [uuid4().hex for _ in range(4)]
    known = key
    for number, name in enumerate(names):
        known += "," + name
        # The answer to the third is lost on the way: the page sends again and knows no more.
        saved = pad.note(key, words="abc"[:number] + "d", known=known, as_=name)
        assert saved.status_code == 200
        assert saved.json is not None
        assert saved.json["said"].startswith("Saved ")
        assert saved.json["done"]
    again = pad.note(key, words="abcd", known=known, as_=uuid4().hex)
    assert again.status_code == 200
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert [p.text for p in answer.pieces] == ["abcd"]
    pad.fields[f"n.{key}.known"] = known
    pad.write(OPEN, "abcde")
    pad.save()
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert [p.text for p in answer.pieces] == ["abcde"]


def test_the_button_pressed_twice_is_one_note(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "Once.")
    pad.send()
    pad.send()
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert [p.text for p in answer.pieces] == ["Once."]
    with reading(database.sessions) as session:
        assert session.scalar(select(func.count()).where(Event.kind == "said")) == 1


def test_who_said_it_and_whose_words_can_change_alone(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone, who="together")
    assert "who=together" in pad.address
    pad.write(OPEN, "He is happier.", speaker="father")
    pad = pad.save()
    pad.write(OPEN, "I like art.", box=1, speaker="child", manner="own_words")
    pad = pad.save()
    pad.write(OPEN, "He is happier.", manner="observed", speaker="mother")
    pad.save()
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert [(p.speaker, p.manner.value, p.text) for p in answer.pieces] == [
        ("mother", "observed", "He is happier."),
        ("child", "own_words", "I like art."),
    ]


def test_what_was_sent_is_opened_again_before_it_changes(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "All said.")
    pad = pad.save()
    lead.post(someone.page("ending"), do="finish", unread="yes")
    pad.write(WELL, "One thing more.")
    refused = pad.save()
    assert "The account was sent meanwhile" in refused.text
    assert refused.words(WELL)[0] == "One thing more."
    assert refused.send("reopen").status_code == 302
    assert account_of(database, someone).answer(WELL) is not None


def test_words_stand_on_the_page_when_its_token_is_too_old(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "Do not lose me.")
    pad.fields["csrf_token"] = "old"
    page = pad.save()
    assert "Your words are still here" in page.text
    assert page.words(OPEN)[0] == "Do not lose me."
    assert page.save().words(OPEN)[0] == "Do not lose me."


def test_words_survive_an_ended_session(
    lead: Desk, someone: Someone, clock: Clock, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "Signed out in the middle of this sentence.")
    clock.present += timedelta(hours=1)
    assert pad.note(pad.keys(OPEN)[0]).status_code == 401
    asked = pad.send()
    assert asked.status_code == 401
    assert "Signed out in the middle of this sentence." in asked.text


def test_a_long_note_is_kept_whole(lead: Desk, someone: Someone, database: Database) -> None:
    pad = begin(lead, someone)
    words = ("وہ رات کو نہیں سوتا۔ " * LONGEST_ANSWER)[: LONGEST_ANSWER - 1] + "."
    pad.write(OPEN, words)
    for prompt in (WELL, "worries.open", "next.open"):
        pad.write(prompt, words)
    assert "Everything is saved." in pad.save().text
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert answer.text == words


def test_a_note_that_is_too_long_is_kept_on_the_page(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    key = pad.write(OPEN, "x" * (LONGEST_ANSWER + 1))
    pad.write(WELL, "Short.")
    typed = pad.note(key)
    assert typed.status_code == 409
    assert typed.json is not None
    assert "Nothing is lost." in typed.json["said"]
    page = pad.save()
    assert "too long for one note: it has 200001 letters and there is room for 200000" in page.text
    assert page.words(OPEN)[0] == "x" * (LONGEST_ANSWER + 1)
    assert account_of(database, someone).answer(WELL) is not None
    page.write(OPEN, "x" * LONGEST_ANSWER)
    assert "Everything is saved." in page.save().text
