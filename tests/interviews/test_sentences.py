"""Sentences: offsets in code points, nothing lost, and no text that breaks it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from family_voice.interviews.sentences import Span, sentences

MARKS = st.sampled_from(
    [
        ". ",
        "! ",
        "? ",
        "...",
        "…",
        "\n",
        "\r\n",
        "\n\n",
        "\x00",
        "😀",
        "👩‍👧",
        "۔ ",
        "؟ ",
        "\u202e",
        "\u2028",
        "\u00a0",
        "\u3000",
        '"',
        "“",
        "”",
        "(",
        ")",
        "Dr. ",
        "e.g. ",
        "A. ",
        "د. ",
        "- ",
        "\ud800",
        "1. ",
        "•",
    ]
)
WORDS = st.sampled_from(["school", "he", "Nothing", "helped", "یہ", "جملہ", "هذه", "źle", "𝒳"])
TEXT = st.lists(MARKS | WORDS | st.text(max_size=4), max_size=40).map("".join) | st.text()


@given(TEXT, st.sampled_from(["en", "ur", "ar", "pl", "pa", "en-GB", "nobody-speaks-it"]))
@example('ه"\x00B\u202e\t1”\u200dم\tم-(()ه!\t۔ه0“0ه…(a B\u2028.\u202e2.-”', "en")
@example("\ud800", "en")
def test_spans_are_in_order_and_cover_all_that_is_not_blank(text: str, language: str) -> None:
    at = 0
    for span in sentences(text, language):
        assert at <= span.start < span.end
        assert not text[at : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        (
            "en",
            "Dr. Khan rang. He was kind! Was he?",
            ["Dr. Khan rang.", "He was kind!", "Was he?"],
        ),
        ("en", "👩‍👧 We wait 😀. Still.", ["👩‍👧 We wait 😀.", "Still."]),
        ("en", "bus late\n\n  taxi late \n", ["bus late", "taxi late"]),
        ("en", "One\x00 thing. Two.", ["One\x00 thing.", "Two."]),
        ("ur", "یہ پہلا جملہ ہے۔ یہ دوسرا ہے؟", ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے؟"]),
        ("ar", "هذه جملة. وهذه أخرى؟ نعم!", ["هذه جملة.", "وهذه أخرى؟", "نعم!"]),
        ("pl", "To jest źle. Prof. Nowak dzwonił.", ["To jest źle.", "Prof. Nowak dzwonił."]),
        ("en", " \n\t ", []),
        ("en", "", []),
    ],
)
def test_sentences_people_write(language: str, text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text, language)] == parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It was hard 😀. " * 13_400, 13_400),
        ("x" * 200_000, 1),
        ("یہ جملہ ہے۔ " * 17_000, 17_000),
        ("a\n" * 100_000, 100_000),
        ("\n" * 200_000, 0),
    ],
)
def test_an_answer_as_long_as_we_take(text: str, count: int) -> None:
    spans = sentences(text)
    assert len(spans) == count
    assert spans[-1:] == () or spans[-1].end == len(text.rstrip())


def test_a_span_is_a_plain_pair() -> None:
    assert sentences("Yes.") == (Span(0, 4),) == ((0, 4),)
