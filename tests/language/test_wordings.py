"""What a reviewer may not put into a sentence: it would break the page, or be no sentence."""

from __future__ import annotations

import pytest

from family_voice.language.wordings import Part, Problem, Shape, Wording, Wrong, problems


def wrong(english: str, theirs: str, part: Part = Part.CATALOGUE) -> list[Problem]:
    return list(problems(Wording(part, "key", Shape.SENTENCE, (english,), ()), [theirs]))


@pytest.mark.parametrize(
    ("english", "theirs", "what"),
    [
        ("Half of it.", "50% of it.", Wrong.PERCENT),
        ("Half of it.", "%(it)x", Wrong.PERCENT),
        ("Hello %(name)s", "%(name)s %(name)99999s", Wrong.PERCENT),
        ("Hello %(name)s", "Hello %(name)d", Wrong.VALUE_STRANGE),
        ("Press it.", "Press it. <!-- the rest of the page", Wrong.MARKS),
        ("Press <b>it</b>.", '<b onclick="x()">Press</b>.', Wrong.MARKS),
    ],
)
def test_a_sentence_that_would_break_its_page(english: str, theirs: str, what: Wrong) -> None:
    assert what in {each.wrong for each in wrong(english, theirs)}


@pytest.mark.parametrize("theirs", ["We are {team} {", "{team} {team.__class__}", "{team!r:>99}"])
def test_a_statement_that_would_break_when_it_is_filled_in(theirs: str) -> None:
    assert wrong("We are {team}", theirs, Part.STATEMENT)


def test_what_fills_in_as_the_english_does_is_right() -> None:
    assert wrong("%(num)d of %(name)s", "%(name)s: %(num)s, 50%%") == []
    assert wrong("We are {team}", "{team}, to my", Part.STATEMENT) == []
