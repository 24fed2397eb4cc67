"""Which codes are offered for an answer, and in which places."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from family_voice.themes.codebook import Codebook, load_codebook
from family_voice.themes.offering import LATELY, PLACES, Habit, in_order

BOOK = load_codebook()
CODES = st.sampled_from(list(BOOK.codes))
PROMPTS = st.sampled_from(["important.open", "worries.open", "worries.differently", "notes"])
HABITS = st.builds(
    Habit,
    before=st.lists(st.tuples(PROMPTS, CODES)).map(Counter),
    lately=st.lists(st.tuples(PROMPTS, CODES)).map(tuple),
)


def places(habit: Habit, prompt: str = "worries.open", book: Codebook = BOOK) -> list[str]:
    heading = "important" if prompt == "notes" else prompt.partition(".")[0]
    return [code.id for code in in_order(book, heading, prompt, habit)][:PLACES]


def test_a_new_coder_gets_the_codebooks_own_order() -> None:
    usual = [code.id for code in BOOK.codes_for("worries", PLACES)]
    assert places(Habit()) == usual


def test_what_a_coder_puts_for_a_question_comes_first_there_and_higher_beside_it() -> None:
    rare = places(Habit())[-1]
    habit = Habit(before=Counter({("worries.open", rare): 2}))
    assert places(habit)[0] == rare
    assert places(habit, "worries.differently").index(rare) < places(Habit()).index(rare)
    assert places(habit, "important.open") == places(Habit(), "important.open")


@given(HABITS, PROMPTS)
def test_every_code_once_and_the_first_ten_stay_put(habit: Habit, prompt: str) -> None:
    found = places(habit, prompt)
    every = in_order(BOOK, "worries", prompt, habit)
    assert sorted(code.id for code in every) == sorted(BOOK.offered)
    stays = PLACES - LATELY
    assert found[:stays] == places(replace(habit, lately=()), prompt)[:stays]
    elsewhere = [code for where, code in habit.lately if where != prompt]
    assert set(elsewhere[:LATELY]) <= set(found)
    here = tuple((prompt, code) for code in BOOK.codes)
    assert places(replace(habit, lately=(*here, *habit.lately)), prompt) == found


def test_a_retired_code_is_never_offered() -> None:
    first = places(Habit())[0]
    groups = tuple(
        replace(
            group,
            codes=tuple(replace(code, retired=code.id == first) for code in group.codes),
        )
        for group in BOOK.groups
    )
    book = replace(BOOK, groups=groups)
    lately = (("next.open", first), ("next.open", "gone"))
    habit = Habit(before=Counter({("worries.open", first): 9}), lately=lately)
    assert first not in places(habit, book=book)
