"""The matcher's proofs: hard accounts, learned weights, and files matched by several processes."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from math import log2
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.linking import make_files
from family_voice.cases import match_files as by_file
from family_voice.cases.comparing import Level
from family_voice.cases.estimating import estimated
from family_voice.cases.matching import Candidate, Decision, Matcher, Person
from family_voice.cases.pairing import Blocks, Prepared, compared, prepared
from family_voice.cases.spelling import letters, skeleton
from family_voice.cases.weights import FIELDS, PLACE, STATED, STATED_WEIGHTS, Rarity, Weights
from tests.cases.made_up import Town, planted


@pytest.mark.parametrize("seed", range(3))
def test_of_300_accounts_that_are_hard_to_place_none_is_wrong_and_sure(seed: int) -> None:
    """Twins, siblings in one school, swapped names, shared phones, adopted surnames, namesakes."""
    cases, accounts, truth = planted(seed)
    matcher = Matcher(cases)
    found = {str(each.id): matcher.candidates(each) for each in accounts}
    assert len(found) == 300
    sure = {own: each[0].case_id for own, each in found.items() if _certain(each)}
    assert {own: case for own, case in sure.items() if truth.get(own) != case} == {}
    assert len(sure) >= 40  # or it would be easy never to be wrong
    assert [
        own for own, case in truth.items() if case not in {each.case_id for each in found[own]}
    ] == []


def _certain(found: list[Candidate]) -> bool:
    return any(each.decision is Decision.CERTAIN for each in found)


MEHMET = Person("c", "R1", "Hassan", "Demir", date(2015, 5, 4), postcode="S1 2AB", school="Oak")


@pytest.mark.parametrize(
    "other",
    [
        {"first_name": "Hussain"},  # a twin of whom we do not know
        {"first_name": "Hasan"},
        {"reference": "R2"},
        {"postcode": "S9 9ZZ"},  # a namesake in the same school
    ],
)
def test_what_twins_and_namesakes_share_is_not_enough(other: dict[str, Any]) -> None:
    exactly = replace(MEHMET, id="a")
    matcher = Matcher([MEHMET])
    assert matcher.candidates(exactly)[0].decision is Decision.CERTAIN
    without = {"reference": ""} | other
    assert matcher.candidates(replace(exactly, **without))[0].decision is Decision.PROPOSE


def test_a_twin_whose_name_is_alike_is_shown_beside_however_much_speaks_for_the_other() -> None:
    twin = replace(MEHMET, id="t", reference="R7", first_name="Hussain")
    found = Matcher([MEHMET, twin]).candidates(replace(MEHMET, id="a", first_name="Hussain"))
    assert {each.case_id for each in found} == {"c", "t"}
    assert {each.decision for each in found} == {Decision.PROPOSE}


@pytest.mark.parametrize(
    ("written", "plain"),
    [("Łukasz", "lukasz"), ("Олександр", "oleksandr"), ("Юлія", "yuliya"), ("فاطمة", "fatma")],
)
def test_names_in_other_letters(written: str, plain: str) -> None:
    assert letters(written) == plain


def test_another_script_is_another_form_of_the_name() -> None:
    assert skeleton(letters("Олександр")) == skeleton(letters("Oleksandr"))
    found = Matcher([replace(MEHMET, first_name="Oleksandr")]).candidates(
        Person("a", first_name="Олександр", last_name="Demir", date_of_birth=date(2015, 5, 4))
    )
    assert "first_name_same" in found[0].reasons  # the same letters, once they are Roman


@pytest.mark.parametrize(
    ("mine", "theirs", "level"),
    [
        ("20150504", "20150504", Level.SAME),
        ("20150504", "20150405", Level.SWAPPED),
        ("20151304", "20150413", Level.SWAPPED),  # there is no month 13
        ("20150531", "20150532", Level.SIMILAR),
        ("20150228", "20150230", Level.MONTH),
        ("20150504", "20150529", Level.MONTH),
        ("20150504", "20080917", Level.DIFFERENT),
        ("", "20150504", Level.NOTHING),
    ],
)
def test_dates_need_not_exist(mine: str, theirs: str, level: Level) -> None:
    pattern = compared(_born(mine), _born(theirs))
    assert pattern[PLACE["date_of_birth"]] == level


def _born(digits: str) -> Prepared:
    return prepared(Person("x", birth_as_written=digits))


@pytest.mark.parametrize(
    ("mine", "theirs", "level"),
    [
        ("2641", "2641", Level.SAME),
        ("2641", "2614", Level.SIMILAR),
        ("2641", "4870", Level.DIFFERENT),
        ("BB1 7QT", "BB1 7QS", Level.PART),
    ],
)
def test_postcodes_of_four_digits(mine: str, theirs: str, level: Level) -> None:
    pattern = compared(prepared(Person("x", postcode=mine)), prepared(Person("y", postcode=theirs)))
    assert pattern[PLACE["postcode"]] == level


def test_a_rare_name_counts_for_more() -> None:
    rarity = Rarity(["khan"] * 500 + ["ottoline"] + [f"n{n}" for n in range(1_500)])
    assert rarity.of("ottoline") > rarity.of("khan") > 0
    assert rarity.of("nobody") == rarity.of("") == 0
    common, rare = (bytes([1, *[0] * 10, rarity.of(name), 0]) for name in ("khan", "ottoline"))
    assert STATED_WEIGHTS.score(rare) - STATED_WEIGHTS.score(common) == rarity.of(
        "ottoline"
    ) - rarity.of("khan")


def _patterns(chance: random.Random, which: int, number: int) -> list[bytes]:
    """Comparisons drawn as the stated chances say: of one child (0) or of two (1)."""
    drawn = {
        field: chance.choices(list(levels), [pair[which] for pair in levels.values()], k=number)
        for field, levels in TOWN.items()
    }
    return [
        bytes([*(drawn[field][n] if field in drawn else 0 for field in FIELDS), 0, 0])
        for n in range(number)
    ]


TOWN = {
    "first_name": {Level.SAME: (0.6, 0.02), Level.DIFFERENT: (0.4, 0.98)},
    "last_name": {Level.SAME: (0.7, 0.03), Level.DIFFERENT: (0.3, 0.97)},
    "date_of_birth": {Level.SAME: (0.95, 0.001), Level.DIFFERENT: (0.05, 0.999)},
    "school": {Level.SAME: (0.3, 0.05), Level.DIFFERENT: (0.7, 0.95)},
}


def test_weights_come_out_as_the_lists_were_made() -> None:
    chance = random.Random(3)
    accounts = [
        [mine, *others]
        for mine, *others in zip(
            _patterns(chance, 0, 3_000),
            *(_patterns(chance, 1, 3_000) for _ in range(3)),
            strict=True,
        )
    ]
    by_chance = Counter(_patterns(chance, 1, 40_000))
    learned = estimated(by_chance, accounts, 4)
    assert learned.matches == pytest.approx(3_000, rel=0.1)
    for field, levels in TOWN.items():
        m, u = learned.weights.chances[field][Level.SAME]
        assert m == pytest.approx(levels[Level.SAME][0], abs=0.05)
        assert u == pytest.approx(levels[Level.SAME][1], abs=0.01)
    # Nothing was said of phones, so what was stated of them stands.
    assert learned.weights.chances["phone"][Level.SAME] == STATED["phone"][Level.SAME]


def test_from_too_little_nothing_is_learned() -> None:
    chance = random.Random(3)
    few = dict.fromkeys(_patterns(chance, 1, 100), 1)
    assert estimated(few, [[each] for each in few], 100).weights is STATED_WEIGHTS
    many = dict.fromkeys(_patterns(chance, 1, 3), 9000)
    learned = estimated(many, [[each] for each in _patterns(chance, 0, 40)], 1_000)
    assert learned.matches == 0
    assert {f: m for f, (m, _u) in _same(learned.weights).items()} == {
        f: m for f, (m, _u) in _same(STATED_WEIGHTS).items()
    }


def _same(weights: Weights) -> dict[str, tuple[float, float]]:
    return {field: of[Level.SAME] for field, of in weights.chances.items() if Level.SAME in of}


LEVELS = st.tuples(*(st.sampled_from([0, *STATED[field]]) for field in FIELDS)).map(
    lambda levels: bytes([*levels, 0, 0])
)


@given(
    st.lists(st.tuples(LEVELS, st.integers(1, 5_000)), max_size=5),
    st.lists(st.lists(LEVELS, max_size=3), min_size=1, max_size=4),
)
@settings(max_examples=12, deadline=None)
def test_whatever_is_learned_from_is_still_chances(
    chance: list[tuple[bytes, int]], accounts: list[list[bytes]]
) -> None:
    learned = estimated(dict(chance), accounts * 60, 2_000).weights
    for field, levels in learned.chances.items():
        assert all(0 < m < 1 and 0 < u < 1 for m, u in levels.values()), field
    for patterns in accounts:
        for pattern in patterns:
            parts = learned.parts(pattern)
            assert learned.score(pattern) == pytest.approx(sum(weight for *_, weight in parts))
            assert all(abs(weight) < 2 * log2(10**9) for *_, weight in parts)


def test_a_block_that_everybody_shares_is_no_block_and_finer_ones_find_the_pair() -> None:
    town = Town(5)
    people = [
        prepared(town.child(first_name="Muhammad", last_name="Khan", postcode="BB1 1AA"))
        for _ in range(400)
    ]
    blocks = Blocks(people)
    near = blocks.near(people[7])
    assert 7 in near
    assert len(near) < 40


def test_files_agree_however_many_processes_work_and_whichever_is_larger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = make_files(tmp_path, 600, 400, seed=4)
    monkeypatch.setattr(by_file, "ALONE_UP_TO", 100)
    monkeypatch.setattr(by_file, "SLICE", 150)
    monkeypatch.setattr(by_file, "CHANCE_PAIRS", 8_000)
    told: list[tuple[int, int, int]] = []
    outs = []
    for processes in (1, 2):
        out = tmp_path / f"c{processes}.csv"
        done = by_file.match_files(
            tmp_path / "a.csv", tmp_path / "b.csv", out,
            processes=processes, progress=lambda *so_far: told.append(so_far),
        )  # fmt: skip
        assert done.learned_from > 300
        outs.append(out.read_text(encoding="utf-8"))
    assert outs[0] == outs[1]
    assert told[0] == (150, 0, 600)
    assert told[-1] == (600, 450, 600)
    rows = list(csv.DictReader(outs[0].splitlines()))
    sure = [row for row in rows if row["decision"] == "certain"]
    assert [row for row in sure if truth.get(row["account"]) != row["case"]] == []
    assert len({r["account"] for r in rows if truth.get(r["account"]) == r["case"]}) >= 0.99 * len(
        truth
    )
    turned = by_file.match_files(tmp_path / "b.csv", tmp_path / "a.csv", tmp_path / "d.csv")
    with (tmp_path / "d.csv").open(encoding="utf-8") as file:
        back = {
            (row["account"], row["case"])
            for row in csv.DictReader(file)
            if row["decision"] == "certain"
        }
    assert turned.cases == 400
    assert len(back & {(row["case"], row["account"]) for row in sure}) > 0.9 * len(sure)
