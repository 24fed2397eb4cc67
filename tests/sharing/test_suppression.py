"""Suppression against somebody who knows the rules and tries every possibility."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from family_voice.sharing.suppression import (
    HEARD,
    NOT_HEARD,
    SAID_NO,
    Families,
    Shown,
    Table,
    Term,
    adding_up,
    beside_a_merge,
    differs_safely,
    may_show,
    overlapping,
    participation,
    pool,
    protect,
    rounded,
    safe_after_all,
    themes,
    unsafe_labels,
)
from tests.conftest import EXAMPLES


def families(first: int, count: int) -> Families:
    return frozenset(range(first, first + count))


def theme_table(base: int, count: int) -> Table:
    return Table(("t",), families(0, base), {"theme": families(0, count)}, adds_up=False)


def split_table(*counts: int) -> Table:
    rows, start = {}, 0
    for place, count in enumerate(counts):
        rows[f"row{place}"] = families(start, count)
        start += count
    return Table(("t",), families(0, start), rows, adds_up=True)


def numbers(shown: Shown) -> list[int | None]:
    return [row.shown for row in shown.rows]


@pytest.mark.parametrize(
    ("base", "count", "shows"),
    [
        (9, 8, None),
        (10, 8, None),
        (16, 8, 10),
        (16, 7, None),
        (16, 9, None),
        (40, 7, None),
        (40, 8, 10),
        (40, 12, 10),
        (40, 13, 15),
        (40, 32, 30),
        (40, 33, None),
        (40, 40, None),
        (40, 0, None),
    ],
)
def test_the_rule_for_one_count(base: int, count: int, shows: int | None) -> None:
    assert numbers(protect(theme_table(base, count))) == [shows]


def test_under_ten_families_not_even_their_number_is_shown() -> None:
    shown = protect(theme_table(9, 4))
    assert shown.of is None
    assert not shown.enough


def test_a_table_of_hidden_rows_is_not_enough_families_yet() -> None:
    shown = protect(theme_table(14, 7))
    assert (shown.of, shown.enough) == (15, False)
    assert protect(theme_table(20, 10)).enough


@given(st.integers(0, 300), st.integers(0, 300))
def test_nothing_small_and_nothing_nearly_all_is_ever_shown(base: int, count: int) -> None:
    assume(count <= base)
    shown = protect(theme_table(base, count)).shown("theme")
    if shown is not None:
        assert base >= 10
        assert min(count, base - count) >= 8
        assert shown % 5 == 0
        assert abs(shown - count) <= 2


@pytest.mark.parametrize(
    ("counts", "shows"),
    [
        ((40, 3, 17), [40, None, None]),  # 3 would follow from the rest
        ((40, 10, 10), [40, 10, 10]),
        ((20, 20, 0, 0), [20, None, None, None]),
        ((7, 20, 20), [None, None, None]),
        ((12, 7, 7), [10, None, None]),  # hiding only the two small ones would pin both
        ((22, 22, 7), [20, None, None]),  # hiding the smallest one besides would pin all three
        ((30, 2), [None, None]),
        ((30, 4, 3), [None, None, None]),
        ((30, 5, 5), [30, None, None]),
    ],
)
def test_hiding_besides(counts: tuple[int, ...], shows: list[int | None]) -> None:
    assert numbers(protect(split_table(*counts))) == shows


@settings(max_examples=150 * EXAMPLES)
@given(st.integers(0, 40), st.integers(0, 25), st.integers(0, 25))
def test_no_hidden_row_can_be_worked_out(one: int, two: int, three: int) -> None:
    """Everybody who fits what is shown, base included: each hidden row stays wide open."""
    base = one + two + three
    actual = protect(split_table(one, two, three))
    assume(any(row.shown is None for row in actual.rows) and actual.of is not None)
    possible = [
        (a, b, base - a - b)
        for a in range(base + 1)
        for b in range(base + 1 - a)
        if all(
            row.shown is None or abs(row.shown - n) <= 2
            for row, n in zip(actual.rows, (a, b, base - a - b), strict=True)
        )
        and numbers(protect(split_table(a, b, base - a - b))) == numbers(actual)
    ]
    for place, row in enumerate(actual.rows):
        if row.shown is None:
            left = {each[place] for each in possible}
            assert max(left) - min(left) >= 4


def term(name: str, sample: Families, holding: dict[str, Families]) -> Term:
    return Term(name, sample, holding)


def heard_terms(count: int, each: int = 6, heard: int = 4, no: int = 1) -> list[Term]:
    terms = []
    for n in range(count):
        start = n * each
        terms.append(
            Term(
                f"term {n}",
                families(start, each),
                {
                    HEARD: families(start, heard),
                    SAID_NO: families(start + heard, no),
                    NOT_HEARD: families(start + heard + no, each - heard - no),
                },
            )
        )
    return terms


@pytest.mark.parametrize("heard", range(7))
def test_one_term_of_six_shows_nothing_however_many_were_heard(heard: int) -> None:
    shown = participation(heard_terms(1, heard=heard, no=0))
    assert (shown.of, shown.shown(HEARD), shown.enough) == (None, None, False)


def test_less_than_a_year_shows_nothing_even_of_many() -> None:
    assert participation(heard_terms(2, each=60, heard=30, no=10)).of is None


def test_heard_x_of_y_over_enough_terms() -> None:
    shown = participation(heard_terms(11))
    assert shown.terms == tuple(f"term {n}" for n in range(6, 11))
    assert (shown.shown(HEARD), shown.of) == (20, 30)
    assert shown.shown(SAID_NO) is None
    assert shown.shown(NOT_HEARD) is None


def test_reasons_show_once_each_is_common_enough() -> None:
    shown = participation(heard_terms(3, each=40, heard=20, no=10))
    assert [(row.label, row.shown) for row in shown.rows] == [
        (HEARD, 60),
        (SAID_NO, 30),
        (NOT_HEARD, 30),
    ]


def test_a_family_met_twice_counts_once_and_as_heard() -> None:
    again = families(0, 6)
    terms = [*heard_terms(5), term("last", again, {NOT_HEARD: again})]
    table = adding_up(terms, (HEARD, SAID_NO, NOT_HEARD))
    assert len(table.families) == 30
    assert len(table.rows[HEARD]) == 20


def test_a_family_of_no_row_goes_into_the_last() -> None:
    table = adding_up([term("t", families(0, 4), {HEARD: families(0, 1)})], (HEARD, NOT_HEARD))
    assert {label: len(held) for label, held in table.rows.items()} == {HEARD: 1, NOT_HEARD: 3}


def test_themes_count_families_and_only_those_of_the_base() -> None:
    terms = [
        term(
            f"t{n}",
            families(4 * n, 4),
            {"listened to": families(4 * n, 2), "waiting": families(4 * n, 9)},
        )
        for n in range(9)
    ]
    shown = themes(terms, ["waiting", "listened to", "unused"])
    assert shown.of == 30
    assert shown.terms == tuple(f"t{n}" for n in range(1, 9))
    assert [(row.label, row.shown) for row in shown.rows] == [
        ("waiting", None),
        ("listened to", 15),
        ("unused", None),
    ]


@given(st.lists(st.integers(0, 20), max_size=12), st.data())
def test_how_far_back_pooling_goes_does_not_depend_on_the_counts(
    sizes: list[int], data: st.DataObject
) -> None:
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    plain = [term(str(n), families(starts[n], size), {}) for n, size in enumerate(sizes)]
    held = [
        term(
            each.name,
            each.families,
            {
                "x": frozenset(
                    data.draw(st.sets(st.sampled_from(sorted(each.families, key=str))))
                    if each.families
                    else ()
                )
            },
        )
        for each in plain
    ]
    chosen = [each.name for each in pool(held)]
    assert chosen == [each.name for each in pool(plain)]
    assert chosen == [str(n) for n in range(len(sizes))][len(sizes) - len(chosen) :]
    assert sum(sizes[-len(chosen) :]) >= 30 or len(chosen) == len(sizes)


def grown(base: int, count: int, *more: tuple[int, int]) -> list[Table]:
    """Releases over a base that grows by (families, how many of them hold the theme)."""
    tables = [theme_table(base, count)]
    for added, holding in more:
        last = tables[-1]
        start = len(last.families)
        tables.append(
            Table(
                ("t",),
                last.families | families(start, added),
                {"theme": last.rows["theme"] | families(start, holding)},
                adds_up=False,
            )
        )
    return tables


@pytest.mark.parametrize(
    ("base", "count", "added", "holding", "safe"),
    [
        (30, 10, 0, 0, True),  # the same again
        (30, 10, 4, 2, True),  # 10 and 10: nothing about the four
        (30, 12, 4, 1, False),  # 10 and 15: at least one of the four
        (30, 7, 4, 1, False),  # hidden, then shown
        (30, 7, 12, 5, True),  # twelve came: anything from one of them on
        (30, 12, 12, 11, False),  # 10 and 25: at least eleven of the twelve
        (30, 12, 12, 6, True),
    ],
)
def test_differencing(base: int, count: int, added: int, holding: int, safe: bool) -> None:
    earlier, new = grown(base, count, (added, holding))
    assert differs_safely(earlier, new) is safe
    assert differs_safely(new, earlier) is safe  # going is as telling as coming
    assert unsafe_labels(earlier, new) == (() if safe else ("theme",))


def test_one_family_withdrawn_across_a_step_of_rounding_is_unsafe() -> None:
    earlier, gone = theme_table(30, 13), frozenset({0})
    new = Table(("t",), earlier.families - gone, {"theme": earlier.rows["theme"] - gone}, False)
    assert not differs_safely(earlier, new)


STEPS = st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda step: step[1] <= step[0])


@settings(max_examples=150 * EXAMPLES)
@given(st.integers(0, 36), st.integers(0, 36), STEPS, STEPS)
def test_three_releases_together_tell_nothing_of_a_few_families(
    base: int, count: int, first: tuple[int, int], second: tuple[int, int]
) -> None:
    """Try every count that fits all three releases, as somebody would who knows the rules."""
    assume(count <= base)
    tables = grown(base, count, first, second)
    assume(differs_safely(tables[0], tables[1]) and safe_after_all(tables[:2], tables[2]))
    published = [numbers(protect(table))[0] for table in tables]
    sizes = [len(table.families) for table in tables]

    def fits(place: int, n: int) -> bool:
        return published[place] == (rounded(n) if may_show(n, sizes[place]) else None)

    possible = [
        (one, two)
        for start in range(base + 1)
        if fits(0, start)
        for one, two in product(range(first[0] + 1), range(second[0] + 1))
        if fits(1, start + one) and fits(2, start + one + two)
    ]
    for place, (size, _) in enumerate((first, second)):
        left = {each[place] for each in possible}
        if size < 10:
            assert left == set(range(size + 1))
        else:
            assert max(left) - min(left) >= 4


def test_a_table_that_adds_up_is_compared_row_by_row() -> None:
    earlier = adding_up(heard_terms(10), (HEARD, SAID_NO, NOT_HEARD))
    same = adding_up(heard_terms(10), (HEARD, SAID_NO, NOT_HEARD))
    assert differs_safely(earlier, same)
    one_more = heard_terms(10)
    one_more.append(term("new", families(60, 6), {HEARD: families(60, 6)}))
    assert unsafe_labels(earlier, adding_up(one_more, (HEARD, SAID_NO, NOT_HEARD))) != ()


def test_overlapping_keeps_only_the_base() -> None:
    table = overlapping([term("t", families(0, 3), {"x": families(1, 9)})], ["x"])
    assert table.rows["x"] == families(1, 2)


@pytest.mark.parametrize(
    ("gone", "into", "came", "hidden"),
    [
        (5, 12, 0, True),  # hidden and shown: both as one would tell how many the five add
        (5, 12, 9, True),
        (5, 12, 10, False),  # enough have come to make that vague
        (12, 5, 0, True),
        (12, 14, 0, False),  # both were shown
        (3, 5, 0, False),  # neither was
    ],
)
def test_a_merge_beside_an_earlier_release(gone: int, into: int, came: int, hidden: bool) -> None:
    of = families(0, 30)
    rows = {"gone": families(0, gone), "into": families(10, into)}
    earlier = Table(("t",), of, rows, adds_up=False)
    both = {"into": rows["gone"] | rows["into"]}
    new = Table(("t",), of | families(30, came), both, adds_up=False)
    found = beside_a_merge([earlier], new, {"gone": "into"})
    assert found == ({"into"} if hidden else set())
    assert beside_a_merge([], new, {"gone": "into"}) == set()
    assert beside_a_merge([earlier], new, {"unknown": "into"}) == set()
