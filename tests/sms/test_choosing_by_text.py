"""An Easy Read conversation by text: one of the three choices, word for word, is a choice."""

from __future__ import annotations

from family_voice.interviews.models import Interview
from family_voice.storage.locking import fetch
from tests.sms.town import Town

CHOICE = "difference.open"


def test_a_choice_by_text_is_kept_as_one_and_anything_else_as_words(town: Town) -> None:
    town.begin()
    with town.database.sessions.begin() as session:
        fetch(session, Interview, town.interview_id).guide_audience = "child"
    town.text("dinosaurs")
    [sort] = town.text("NEXT")
    assert "Do you feel safe?" in sort
    town.text("Yes to all but the first one")
    [choice] = town.text("NEXT")
    assert "good, in the middle or not good" in choice
    town.text("in the middle.")
    town.text("Good with my nan")
    answer = town.account(town.interview_id).answer(CHOICE)
    assert answer is not None
    assert [(piece.text, piece.manner.value) for piece in answer.pieces] == [
        ("in the middle.", "chose"),
        ("Good with my nan", "own_words"),
    ]
    first = town.account(town.interview_id).answer("important.open")
    assert first is not None
    assert first.pieces[0].manner.value == "own_words"
