"""Counting the parts of a text. What npm's calculator says of many is in proofs/segments.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.language.clusters import clusters
from family_voice.language.gsm7 import ALPHABET, EXTENSION
from family_voice.messages.segments import Segments, count

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"  # eight units, one character to a reader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 1)),
        ("a" * 160, Segments("GSM-7", 160, 1)),
        ("a" * 161, Segments("GSM-7", 161, 2)),
        ("a" * 306, Segments("GSM-7", 306, 2)),
        ("a" * 307, Segments("GSM-7", 307, 3)),
        ("€" * 80, Segments("GSM-7", 160, 1)),
        ("€" * 81, Segments("GSM-7", 162, 2)),
        # An escape never stands at the end of a part: 76 a part, and one septet left empty.
        ("€" * 152, Segments("GSM-7", 304, 2)),
        ("€" * 153, Segments("GSM-7", 306, 3)),
        ("a" * 152 + "€" + "a" * 151, Segments("GSM-7", 305, 2)),
        ("a" * 152 + "€" + "a" * 152, Segments("GSM-7", 306, 3)),
        ("’", Segments("UCS-2", 1, 1)),
        ("ش" * 70, Segments("UCS-2", 70, 1)),
        ("ش" * 71, Segments("UCS-2", 71, 2)),
        ("ش" * 134, Segments("UCS-2", 134, 2)),
        ("ش" * 135, Segments("UCS-2", 135, 3)),
        # One unit each as soon as the whole text is UCS-2.
        ("€" * 69 + "ش", Segments("UCS-2", 70, 1)),
        ("💛" * 35, Segments("UCS-2", 70, 1)),
        # Neither half of a pair nor of a family goes alone: 33 pairs a part, 8 families.
        ("💛" * 66, Segments("UCS-2", 132, 2)),
        ("💛" * 67, Segments("UCS-2", 134, 3)),
        (FAMILY * 16, Segments("UCS-2", 128, 2)),
        (FAMILY * 17, Segments("UCS-2", 136, 3)),
        ("ش" * 66 + "\r\n" + "ش" * 66, Segments("UCS-2", 134, 2)),
    ],
)
def test_what_a_text_costs(text: str, expected: Segments) -> None:
    assert count(text) == expected


@given(st.text(alphabet=sorted(ALPHABET), max_size=700))
def test_parts_hold_what_they_can(text: str) -> None:
    found = count(text)
    assert found.encoding == "GSM-7"
    assert found.units == len(text) + sum(character in EXTENSION for character in text)
    if found.parts > 1:
        assert 152 * (found.parts - 1) < found.units <= 153 * found.parts
    else:
        assert found.units <= 160


@given(st.text(max_size=300), st.text(max_size=10))
def test_more_words_never_cost_less(text: str, more: str) -> None:
    assert count(text + more).parts >= count(text).parts


@given(st.text())
def test_no_letter_is_lost_in_the_cutting(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    "cluster",
    ["e\u0301", "\r\n", "🇬🇧", "👍🏽", FAMILY, "각", "\u1100\u1161\u11a8", "नि", "\u0600ا", "❤️"],
)
def test_what_a_reader_takes_for_one_character(cluster: str) -> None:
    assert clusters("a" + cluster + "b" + cluster) == ["a", cluster, "b", cluster]
    assert clusters("🇬🇧🇫🇷🇬") == ["🇬🇧", "🇫🇷", "🇬"]
