"""Each phrase finds its own examples and leaves what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.safeguarding.phrases import Phrase, find, lists, reason

PHRASES = lists("en")


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.id)
def test_a_phrase_finds_and_leaves_its_examples(phrase: Phrase) -> None:
    assert phrase.finds
    assert phrase.leaves
    assert [each for each in phrase.finds if not phrase.is_in(each)] == []
    assert [each for each in phrase.leaves if find(each, "en")] == []
    assert reason(phrase.id) == phrase.reason


def test_the_sentence_is_found_and_not_the_answer_around_it() -> None:
    said = "School is fine. He dont feel safe at home!\nWe like the bus."
    [found] = find(said, "en")
    assert found.sentence == "He dont feel safe at home!"
    assert "afraid_of_somebody" in found.phrases


def test_english_is_looked_for_in_every_language() -> None:
    assert find("Pan powiedział, my dad hits me.", "pl")
    assert lists("pl") == PHRASES


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    for each in find(text, "en"):
        assert each.sentence in text
        assert each.phrases
