"""Drawn, reached and heard beside the caseload: never a number that points at a family."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.drift import Drift
from family_voice.cases.not_heard import Kind, Kindred
from family_voice.sharing.suppression import SHOWN_AT_LEAST
from family_voice.sharing.who_is_not_heard import who_is_not_heard
from family_voice.sharing.who_was_drawn import Shares, who_was_drawn

ORDER = {Kind.NEED: ["semh", "cognition"]}


def found(caseload: dict[str, int] | None = None, **values: tuple[int, int, int]) -> Drift:
    """Families of each need: heard, reached and not heard, not reached."""
    drawn, reached, first = {}, set(), 0
    for value, (heard, only_reached, neither) in values.items():
        families = list(range(first, first + heard + only_reached + neither))
        drawn[value] = Kindred(frozenset(families), frozenset(families[:heard]))
        reached |= set(families[: heard + only_reached])
        first += len(families)
    counts = caseload or {}
    return Drift({Kind.NEED: drawn}, frozenset(reached), {Kind.NEED: counts}, sum(counts.values()))


def needs(of: Drift) -> dict[str, Shares]:
    (compared,) = [each for each in who_was_drawn(of, ORDER) if each.kind is Kind.NEED]
    return {line.value: line for line in compared.lines}


def test_enough_families_show_every_share() -> None:
    lines = needs(found({"semh": 300, "cognition": 700}, semh=(20, 10, 10), cognition=(30, 20, 10)))
    assert lines["semh"] == Shares("semh", 30, 40, 38, 40)
    assert lines["cognition"] == Shares("cognition", 70, 60, 62, 60)
    assert lines["semh"].apart == 10


def test_a_round_of_six_shows_nothing_of_families() -> None:
    of = found({"semh": 300, "cognition": 700}, semh=(2, 1, 0), cognition=(2, 0, 1))
    assert {(line.drawn, line.reached, line.heard) for line in needs(of).values()} == {
        (None, None, None)
    }
    assert not any(each.enough for each in who_was_drawn(of, ORDER))
    assert needs(of)["semh"].caseload == 30


def test_few_children_in_the_caseload_are_not_pointed_at_either() -> None:
    assert needs(found({"semh": 7, "cognition": 700}))["semh"].caseload is None
    assert needs(found({"semh": 300, "hearing": 8}))["hearing"].caseload == 3


def test_reached_is_hidden_where_few_were_reached_and_not_heard() -> None:
    lines = needs(found({}, semh=(20, 3, 17), cognition=(30, 20, 10)))
    assert (lines["semh"].heard, lines["semh"].reached) == (40, None)
    # Of two, the other alone would give it away.
    assert lines["cognition"].reached is None


parts = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


@given(st.dictionaries(st.sampled_from("abcd"), parts, min_size=1, max_size=4))
def test_reached_never_singles_a_few_out(values: dict[str, tuple[int, int, int]]) -> None:
    """What is shown of reached, and what is left when that is taken from all, is of many."""
    shown = {value for value, line in needs(found({}, **values)).items() if line.reached}
    left = [sum(parts) for parts in zip(*(values[v] for v in values.keys() - shown), strict=True)]
    for counts in [*(values[value] for value in shown), *([left] if shown and sum(left) else [])]:
        assert min(counts) >= SHOWN_AT_LEAST


@given(st.dictionaries(st.sampled_from("abcd"), parts, min_size=1, max_size=4))
def test_drawn_and_heard_show_no_more_than_the_page_of_who_is_not_heard(
    values: dict[str, tuple[int, int, int]],
) -> None:
    of = found({}, **values)
    (there,) = [each for each in who_is_not_heard(of.drawn, ORDER) if each.kind is Kind.NEED]
    may = {line.value for line in there.lines if line.of is not None}
    assert {value for value, line in needs(of).items() if line.drawn is not None} <= may
    assert {value for value, line in needs(of).items() if line.heard is not None} <= may
