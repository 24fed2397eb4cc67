"""When families may choose a language, and what counts as approved: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from family_voice.language.offer import Approval, Turn, approved, corrects, may_be_chosen, stands
from family_voice.language.wordings import Part, Shape, Wording, Wrong, fingerprint, problems

DAY = date(2026, 3, 4)
HELLO = Wording(Part.CATALOGUE, "hello", Shape.SENTENCE, ("Hello %(name)s",), ("Cześć %(name)s",))
DAYS = Wording(
    Part.CATALOGUE, "days", Shape.PLURAL, ("%(num)d day", "%(num)d days"),
    ("%(num)d dzień", "%(num)d dni", "%(num)d dni"),
)  # fmt: skip
FOUND = Approval(
    Part.CATALOGUE, "hello", fingerprint(HELLO.english), fingerprint(HELLO.own),
    fingerprint(HELLO.own),
)  # fmt: skip
BETTER = replace(FOUND, own=fingerprint(("Dzień dobry %(name)s",)), texts=("Dzień dobry %(name)s",))


def polish(number: int) -> int:
    if number == 1:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


def test_all_of_it_approved_and_somebody_reads_it() -> None:
    turn = Turn("pl", DAY, DAY)
    assert may_be_chosen("pl", (2, 2), [turn], DAY, demo=False)
    assert not may_be_chosen("pl", (1, 2), [turn], DAY, demo=False)
    assert not may_be_chosen("pl", (2, 2), [], DAY, demo=False)
    assert not may_be_chosen("pl", (2, 2), [replace(turn, language="ur")], DAY, demo=False)
    assert not may_be_chosen("pl", (2, 2), [turn], DAY + timedelta(days=1), demo=False)
    assert not may_be_chosen("pl", (2, 2), [turn], DAY - timedelta(days=1), demo=False)
    assert not may_be_chosen("pl", (0, 0), [turn], DAY, demo=False)
    assert may_be_chosen("pl", (0, 2), [], DAY, demo=True)


@given(st.integers(0, 5), st.integers(1, 5), st.booleans())
def test_never_with_a_sentence_that_nobody_approved(done: int, total: int, read: bool) -> None:
    turns = [Turn("pl", DAY)] if read else []
    offered = may_be_chosen("pl", (min(done, total), total), turns, DAY, demo=False)
    assert offered == (read and done >= total)


def test_an_approval_ends_when_either_side_is_reworded() -> None:
    assert stands(FOUND, HELLO)
    assert not stands(FOUND, replace(HELLO, own=("Hej %(name)s",)))
    assert not stands(FOUND, replace(HELLO, english=("Hi %(name)s",)))


def test_a_correction_stands_until_the_file_says_something_else_than_either() -> None:
    assert corrects(BETTER, HELLO)
    taken_over = replace(HELLO, own=("Dzień dobry %(name)s",))
    assert stands(BETTER, taken_over)
    assert not stands(BETTER, replace(HELLO, own=("Hej %(name)s",)))
    assert not corrects(FOUND, HELLO)


def test_only_what_stands_is_counted() -> None:
    assert approved([HELLO, DAYS], {(Part.CATALOGUE, "hello"): FOUND}) == (1, 2)
    reworded = replace(HELLO, own=("Hej %(name)s",))
    assert approved([reworded, DAYS], {(Part.CATALOGUE, "hello"): FOUND}) == (0, 2)


def wrong(wording: Wording, *texts: str) -> list[Wrong]:
    return [each.wrong for each in problems(wording, texts, polish)]


def test_what_is_wrong_with_a_sentence() -> None:
    assert wrong(HELLO, "Cześć %(name)s") == []
    assert wrong(HELLO) == [Wrong.BLANK]
    assert wrong(HELLO, " ") == [Wrong.BLANK]
    assert wrong(HELLO, "Cześć") == [Wrong.VALUE_LOST]
    assert wrong(HELLO, "Cześć %(name)s %(nom)s") == [Wrong.VALUE_STRANGE]
    assert wrong(HELLO, "Cześć %(name)s, 100%") == [Wrong.PERCENT]
    assert wrong(HELLO, "<b>Cześć</b> %(name)s") == [Wrong.MARKS]
    assert wrong(HELLO, "Cześć", "%(name)s") == [Wrong.PARTS]


def test_a_plural_has_every_form_and_may_leave_its_figure_out_of_one() -> None:
    assert wrong(DAYS, "jeden dzień", "%(num)d dni", "%(num)d dni") == []
    assert wrong(DAYS, "%(num)d dzień", "%(num)d dni") == [Wrong.PARTS]
    assert wrong(DAYS, "jeden dzień", "kilka dni", "%(num)d dni") == [Wrong.VALUE_LOST]
