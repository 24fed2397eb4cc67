"""Who is not heard: no number that is shown, or that follows from those shown, is a small one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.not_heard import Kind, Kindred
from family_voice.sharing.suppression import may_show
from family_voice.sharing.who_is_not_heard import everybody, who_is_not_heard

ORDER = {Kind.PLAN: ["ehcp", "sen_support"], Kind.NEED: ["a", "b", "c"]}


def kindred(first: int, of: int, heard: int) -> Kindred:
    those = range(first, first + of)
    return Kindred(frozenset(those), frozenset(those[:heard]))


def shown(
    by_value: dict[str, Kindred], kind: Kind = Kind.NEED
) -> dict[str, tuple[int, int] | None]:
    (table,) = [each for each in who_is_not_heard({kind: by_value}, ORDER) if each.kind is kind]
    return {
        each.value: (each.of, each.heard)
        if each.of is not None and each.heard is not None
        else None
        for each in table.lines
    }


def test_a_term_of_six_shows_nothing() -> None:
    found = {Kind.NEED: {"a": kindred(0, 4, 2), "b": kindred(4, 2, 0)}}
    assert shown(found[Kind.NEED]) == {"a": None, "b": None}
    assert everybody(found).of is None


def test_enough_families_are_shown_to_the_nearest_five_in_the_usual_order() -> None:
    by_value = {"c": kindred(100, 23, 12), "a": kindred(0, 31, 17)}
    assert shown(by_value) == {"a": (30, 15), "c": (25, 10)}
    assert everybody({Kind.NEED: by_value}).of == 55


def test_a_small_line_hides_another_from_which_it_would_follow() -> None:
    by_value = {"a": kindred(0, 40, 20), "b": kindred(50, 20, 10), "c": kindred(80, 3, 0)}
    # With a and b shown, c would follow from everybody: b is hidden too, and b and c together are
    # enough to be shown.
    assert shown(by_value) == {"a": (40, 20), "b": None, "c": None}


def test_those_of_no_value_at_all_do_not_follow_either() -> None:
    everyone = {"ehcp": kindred(0, 30, 15)}
    groups = {"looked_after": kindred(0, 27, 13)}
    tables = who_is_not_heard({Kind.PLAN: everyone, Kind.GROUP: groups}, ORDER)
    (of_groups,) = [each for each in tables if each.kind is Kind.GROUP]
    assert not of_groups.enough


NUMBERS = st.integers(0, 40).flatmap(lambda of: st.tuples(st.just(of), st.integers(0, of)))


@given(st.lists(NUMBERS, max_size=6))
def test_what_is_left_when_the_shown_are_taken_from_all_is_never_small(
    numbers: list[tuple[int, int]],
) -> None:
    by_value = {
        f"v{place}": kindred(100 * place, of, heard) for place, (of, heard) in enumerate(numbers)
    }
    lines = shown(by_value)
    hidden = [by_value[value] for value, line in lines.items() if line is None]
    for value, line in lines.items():
        if line is not None:
            exact = by_value[value]
            assert may_show(len(exact.heard), len(exact.families))
            assert line[0] % 5 == line[1] % 5 == 0
    left = sum(len(each.families) for each in hidden)
    if left and len(hidden) < len(lines):
        assert may_show(sum(len(each.heard) for each in hidden), left)
