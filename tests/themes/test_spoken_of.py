"""Counts with what they are counted of: a family once, and never without its denominator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from family_voice.themes.spoken_of import (
    Count,
    Saying,
    by_place,
    praise_beside_worry,
    together,
)

CODES = st.frozensets(st.sampled_from("abcd"))
SAYINGS = st.lists(st.builds(Saying, st.integers(0, 4), st.sampled_from("xyz"), CODES))


def test_two_of_one_family_count_once_and_a_family_without_a_code_counts_below() -> None:
    a, none = frozenset("a"), frozenset[str]()
    sayings = [
        Saying("Ali", "well", a), Saying("Ali", "well", a), Saying("Ali", "worry", none),
        Saying("Bea", "well", none), Saying("Bea", "worry", frozenset("ab")),
    ]  # fmt: skip
    table = by_place(sayings, ["well", "worry"])
    assert table.of == {"well": 2, "worry": 2}
    assert table.rows == (
        ("a", Count(2, 2), (Count(1, 2), Count(1, 2))),
        ("b", Count(1, 2), (Count(0, 2), Count(1, 2))),
    )
    first, second = praise_beside_worry(table, "well", "worry")
    assert (first.code, first.praise, first.worry) == ("a", Count(1, 2), Count(1, 2))
    assert (second.code, second.praise.families, second.worry.families) == ("b", 0, 1)
    assert praise_beside_worry(by_place(sayings, ["worry", "well"]), "well", "worry")[0] == first


@given(SAYINGS)
def test_every_count_is_of_those_who_spoke_there(sayings: list[Saying]) -> None:
    table = by_place(sayings, ["x", "y"])
    there = {place: {s.family for s in sayings if s.place == place} for place in "xy"}
    everybody = there["x"] | there["y"]
    assert table.of == {place: len(there[place]) for place in "xy"}
    for code, total, counts in table.rows:
        assert total.families > 0
        assert total.of == len(everybody)
        for place, count in zip("xy", counts, strict=True):
            said = {s.family for s in sayings if s.place == place and code in s.codes}
            assert count == Count(len(said), len(there[place]))
        assert max(c.families for c in counts) <= total.families
    assert [row[1].families for row in table.rows] == sorted(
        (row[1].families for row in table.rows), reverse=True
    )


@given(st.dictionaries(st.integers(0, 6), CODES), st.integers(1, 4))
def test_what_is_spoken_of_together(codes_of: dict[int, frozenset[str]], most: int) -> None:
    found = together(dict(codes_of.items()), most)
    assert len(found.codes) <= most
    for (one, other), count in found.both.items():
        assert found.codes.index(one) < found.codes.index(other)
        assert count == sum({one, other} <= codes for codes in codes_of.values())
        assert count <= min(found.alone[one], found.alone[other])
