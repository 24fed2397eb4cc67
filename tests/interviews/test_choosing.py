"""What is pointed at is kept as the words that were on the screen, and known again from them."""

from __future__ import annotations

import pytest

from family_voice.interviews.choosing import (
    Chosen,
    chosen_of,
    options,
    said_as_choice,
    words_of,
)
from family_voice.interviews.guide import Kind, Prompt, load_guide

GUIDE = load_guide("child", "en")
POINTED = [prompt for prompt in GUIDE.prompts.values() if prompt.kind is not Kind.WORDS]


@pytest.mark.parametrize("prompt", POINTED, ids=lambda prompt: prompt.id)
def test_every_choice_is_known_again_from_its_words(prompt: Prompt) -> None:
    statements = [card.id for card in prompt.statements] or [""]
    every = [Chosen(option.id, each) for option in options(GUIDE, prompt) for each in statements]
    said = [words_of(GUIDE, prompt, chosen) for chosen in every]
    assert len(set(said)) == len(every)
    assert [chosen_of(GUIDE, prompt.id, words) for words in said] == every
    assert not any(character.isdigit() for words in said for character in words)


def test_the_words_are_those_of_the_screen() -> None:
    sort, choice = GUIDE.prompt("working_well.open"), GUIDE.prompt("worries.open")
    assert words_of(GUIDE, choice, Chosen("middle")) == "In the middle"
    assert words_of(GUIDE, sort, Chosen("yes", "safe")) == "I feel safe: Yes."
    for nothing in (Chosen("maybe"), Chosen("good", "safe"), Chosen("yes", "unicorns")):
        with pytest.raises(KeyError):
            words_of(GUIDE, sort, nothing)


def test_words_that_are_no_choice_are_not_taken_for_one() -> None:
    assert chosen_of(GUIDE, "worries.open", "Good enough") is None
    assert chosen_of(GUIDE, "important.open", "Good") is None
    choice, words = GUIDE.prompt("worries.open"), GUIDE.prompt("next.open")
    assert said_as_choice(GUIDE, choice, " good. ") == "Good"
    assert said_as_choice(GUIDE, choice, "IN THE MIDDLE") == "In the middle"
    assert said_as_choice(GUIDE, choice, "not good at all") is None
    assert said_as_choice(GUIDE, words, "good") is None
