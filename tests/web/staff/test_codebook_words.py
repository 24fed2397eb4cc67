"""What a change is said to touch, before it is made."""

from __future__ import annotations

import pytest

from family_voice.themes.code_use import Use
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebook_changes import (
    Add,
    BringBack,
    Change,
    Kind,
    Merge,
    Move,
    Retire,
    Reword,
    Undo,
)
from family_voice.themes.codebook_wording import Problem
from family_voice.web.staff.codebook_words import DOING, DONE, PROBLEMS, touches
from tests.themes.test_codebook_changes import wording

STARTER = load_codebook()
MERGED = Merge("answers", "waiting").apply(STARTER)
USED = Use(3, 2)


@pytest.mark.parametrize(
    ("made", "told", "not_told"),
    [
        (Add(wording("Buses"), "life_now"), "What is coded already stays", "Used 3 times"),
        (Reword("waiting", wording("Time waited")), "get the new name: “", "Reword them next"),
        (Merge("answers", "waiting"), "counts as “Waiting”", "To look at again"),
        (Retire("answers"), "“What worries you” offers from now on:", "counts as"),
        (Retire("answers"), "Reword them next: “", "no more room among the first for: “Getting"),
        (Move("answers", "life_now"), "No coding changes.", "published"),
    ],
)
def test_each_change_says_what_it_touches(made: Change, told: str, not_told: str) -> None:
    said = " ".join(touches(made, STARTER, made.apply(STARTER), USED, 0))
    assert told in said
    assert not_told not in said


def test_what_was_merged_comes_back_from_where_it_went() -> None:
    back = BringBack("answers")
    said = touches(back, MERGED, back.apply(MERGED), Use(), 1)
    assert said[0].endswith("and no longer for “Waiting”.")
    assert "1 request of the forum about it waits for an answer." in said
    undo = Undo(STARTER, MERGED)
    assert not any("Not used" in each for each in touches(undo, MERGED, STARTER, Use(), 0))


def test_every_kind_and_every_problem_has_its_words() -> None:
    assert set(PROBLEMS) == set(Problem)
    assert set(DONE) == set(DOING) == set(Kind) - {Kind.STARTER}
