"""The draw: by the rule, repeatable, fair, and whole whenever the caseload holds a sample."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.cases.sampling import (
    Candidate,
    Drawn,
    Lacking,
    LeftOut,
    NoRoom,
    NotEnough,
    draw,
    fits,
    left_out,
    months_before,
    period_before,
    seats,
)
from family_voice.frameworks.framework import PERIODS, PHASES, Audit, Stratum
from family_voice.frameworks.loader import available, load_framework

ON = date(2026, 11, 18)
PLANS = ("ehcp", "sen_support")
MIX = Audit(
    id="mix", name="A mix", level=4, frequency="termly", cases=6, sessions=2, cases_per_session=3,
    strata=(
        Stratum(id="ehcp", name="EHCP", at_least=1, plan_types=("ehcp",)),
        Stratum(id="support", name="SEN Support", at_least=1, plan_types=("sen_support",)),
    ),
    plan_types=PLANS,
)  # fmt: skip
BY_AGE = replace(
    MIX, id="by_age", cases=5, sessions=1, cases_per_session=5,
    strata=(
        Stratum(id="early", name="Before school", at_least=1, phases=("pre_5",)),
        Stratum(id="older", name="Older", at_least=1, phases=("secondary", "post_16")),
        Stratum(id="school", name="At school", at_least=3, phases=("primary", "secondary")),
    ),
)  # fmt: skip


def child(number: int, plan_type: str = "ehcp", phase: str = "primary") -> Candidate:
    return Candidate(f"EX-{number:05}", plan_type, phase)


def refs(drawn: Drawn) -> list[object]:
    return [each.candidate.id for each in drawn.chosen]


days = st.one_of(st.none(), st.dates(date(2023, 1, 1), date(2026, 12, 31)))
candidates = st.builds(
    Candidate,
    id=st.integers(0, 10**6),
    plan_type=st.sampled_from([*PLANS, "none_of_ours"]),
    phase=st.sampled_from(["", *PHASES]),
    plan_finalised_on=days,
    review_finalised_on=days,
    last_audited_on=days,
    drawn_by=st.frozensets(st.sampled_from(["monthly", "reviews"])),
    themes=st.fixed_dictionaries(
        {"need": st.frozensets(st.sampled_from("abc"), max_size=1), "group": st.just(frozenset())}
    ),
)
caseloads = st.lists(candidates, max_size=40, unique_by=lambda one: one.id)


@st.composite
def audits(chosen: st.DrawFn) -> Audit:
    strata = chosen(
        st.lists(
            st.builds(
                Stratum,
                id=st.sampled_from("stuv"),
                name=st.just("A stratum"),
                at_least=st.integers(1, 3),
                plan_types=st.lists(st.sampled_from(PLANS), unique=True).map(tuple),
                phases=st.lists(st.sampled_from(PHASES), unique=True).map(tuple),
            ),
            max_size=4,
            unique_by=lambda one: one.id,
        )
    )
    asked = sum(each.at_least for each in strata)
    return replace(
        MIX,
        cases=max(1, asked + chosen(st.integers(0, 3))),
        strata=tuple(strata),
        event=chosen(st.sampled_from(["any", "plan_finalised", "review_finalised"])),
        period=chosen(st.sampled_from(PERIODS)),
        years_with_plan_at_least=chosen(st.sampled_from([0, 0, 2])),
        not_audited_within_months=chosen(st.sampled_from([0, 12])),
        not_drawn_by=chosen(st.sampled_from([(), ("monthly",)])),
        themed=chosen(st.booleans()),
    )


def filled(audit: Audit, drawn: Drawn) -> bool:
    """Whether every case is of the stratum it fills, and every stratum has its number."""
    strata = {each.id: each for each in audit.strata}
    asked = Counter({each.id: each.at_least for each in audit.strata})
    asked[""] = audit.cases - asked.total()
    return Counter(each.stratum for each in drawn.chosen) == +asked and all(
        not each.stratum or fits(strata[each.stratum], each.candidate) for each in drawn.chosen
    )


@given(caseloads, audits(), st.integers(0, 10**9), st.sampled_from([{}, {"need": ["a", "b"]}]))
def test_the_rule_holds_for_every_caseload(
    caseload: list[Candidate], audit: Audit, seed: int, themes: dict[str, list[str]]
) -> None:
    drawn = draw(caseload, audit, on=ON, seed=seed, themes=themes, short=True)
    assert len(set(refs(drawn))) == len(drawn.chosen)
    assert drawn.may_be_drawn + sum(drawn.left_out.values()) == len(caseload)
    assert all(left_out(each.candidate, audit, ON, themes) is None for each in drawn.chosen)
    assert sum(each.count for each in drawn.lacking) == audit.cases - len(drawn.chosen)
    if drawn.lacking:
        with pytest.raises(NotEnough) as lacked:
            draw(caseload, audit, on=ON, seed=seed, themes=themes)
        assert lacked.value.found == drawn
    else:
        assert filled(audit, drawn)
        assert draw(caseload, audit, on=ON, seed=seed, themes=themes) == drawn


@given(caseloads, audits(), st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_cases_in_any_order(
    caseload: list[Candidate], audit: Audit, seed: int, dice: random.Random
) -> None:
    first = draw(caseload, audit, on=ON, seed=seed, themes={}, short=True)
    shuffled = list(caseload)
    dice.shuffle(shuffled)
    assert draw(shuffled, audit, on=ON, seed=seed, themes={}, short=True) == first


def test_a_draw_stays_what_it_was() -> None:
    """What a seed drew once it draws for ever: this fails when somebody changes the order."""
    caseload = [child(number, PLANS[number % 3 == 0]) for number in range(200)]
    assert refs(draw(caseload, MIX, on=ON, seed=20261118, themes={})) == [
        "EX-00181", "EX-00190", "EX-00036", "EX-00174", "EX-00192", "EX-00161",
    ]  # fmt: skip


small = st.lists(
    st.builds(Candidate, st.integers(0, 99), st.sampled_from(PLANS), st.sampled_from(PHASES)),
    max_size=7,
    unique_by=lambda one: one.id,
)


@settings(max_examples=60)
@given(small, st.integers(0, 99))
def test_a_sample_is_found_whenever_there_is_one(caseload: list[Candidate], seed: int) -> None:
    """Against trying every way of giving the five places of overlapping strata out."""
    wants = [each for each in BY_AGE.strata for _ in range(each.at_least)]
    exists = any(
        all(fits(want, one) for want, one in zip(wants, order, strict=True))
        for five in combinations(caseload, 5)
        for order in permutations(five)
    )
    try:
        assert filled(BY_AGE, draw(caseload, BY_AGE, on=ON, seed=seed, themes={}))
    except NotEnough:
        assert not exists
    else:
        assert exists


def test_children_the_rule_treats_alike_have_the_same_chance() -> None:
    caseload = [child(number) for number in range(20)] + [
        child(100 + number, "sen_support") for number in range(4)
    ]
    times = Counter(
        each
        for seed in range(3000)
        for each in refs(draw(caseload, MIX, on=ON, seed=seed, themes={}))
    )
    for group in (caseload[:20], caseload[20:]):
        counts = [times[each.id] for each in group]
        mean = sum(counts) / len(counts)
        # Five standard deviations: these 3,000 draws are always the same, so this never wavers.
        assert all(abs(count - mean) < 5 * (mean * (1 - mean / 3000)) ** 0.5 for count in counts)


def test_a_mix_takes_nobody_out_of_turn_who_is_not_needed() -> None:
    """With one place kept for each plan type, the other four go to whoever comes next."""
    caseload = [child(number) for number in range(50)] + [child(99, "sen_support")]
    drawn = draw(caseload, MIX, on=ON, seed=7, themes={})
    plain = draw(caseload, replace(MIX, strata=()), on=ON, seed=7, themes={})
    assert refs(drawn)[-1] == "EX-00099"
    assert refs(drawn)[:5] == refs(plain)[:5]


@given(
    st.sets(st.integers(0, 99), min_size=5, max_size=20),
    st.integers(0, 10**6),
    st.integers(0, 3),
)
def test_only_what_was_stood_down_is_replaced(numbers: set[int], seed: int, place: int) -> None:
    caseload = [child(number) for number in numbers]
    audit = replace(MIX, strata=(), cases=4)
    four = draw(caseload, audit, on=ON, seed=seed, themes={})
    five = draw(caseload, replace(audit, cases=5), on=ON, seed=seed, themes={})
    kept = [each.candidate for each in four.chosen]
    gone = kept.pop(place)
    after = draw(caseload, audit, on=ON, seed=seed, themes={}, kept=kept, never=[gone.id])
    assert refs(after) == [*(each.id for each in kept), refs(five)[-1]]


def test_a_case_picked_by_hand_is_kept_whatever_the_rule_leaves_out() -> None:
    lately = replace(child(3, "sen_support"), last_audited_on=date(2026, 11, 1))
    audit = replace(MIX, not_audited_within_months=12)
    caseload = [*(child(number) for number in range(10, 30)), lately]
    with pytest.raises(NotEnough) as lacked:
        draw(caseload, audit, on=ON, seed=1, themes={})
    assert lacked.value.lacking == (Lacking("support", 1),)
    assert lacked.value.found.left_out == {LeftOut.AUDITED: 1}
    drawn = draw(caseload, audit, on=ON, seed=1, themes={}, kept=[lately])
    assert refs(drawn)[0] == lately.id
    assert filled(audit, drawn)


def test_a_case_that_no_place_is_left_for() -> None:
    picked = [child(number, phase="pre_5") for number in range(2)]
    with pytest.raises(NoRoom) as refused:
        draw([], BY_AGE, on=ON, seed=1, themes={}, kept=picked)
    assert refused.value.candidate == picked[1]


def test_a_sample_moves_between_overlapping_strata() -> None:
    """Whoever is secondary fills either place: the only three at school all have to be there."""
    caseload = [
        child(1, phase="pre_5"),
        child(2, phase="post_16"),
        *(child(number, phase="secondary") for number in (3, 4, 5)),
    ]
    for seed in range(20):
        drawn = draw(caseload, BY_AGE, on=ON, seed=seed, themes={})
        assert {each.candidate.id: each.stratum for each in drawn.chosen}["EX-00002"] == "older"


@pytest.mark.parametrize(
    ("audit", "one", "reason"),
    [
        ({"plan_types": ("ehcp",)}, {"plan_type": "sen_support"}, LeftOut.PLAN_TYPE),
        ({"themed": True}, {"themes": {"need": frozenset("c")}}, LeftOut.THEME),
        ({"themed": True}, {"themes": {}}, LeftOut.THEME),
        ({"themed": True}, {"themes": {"need": frozenset("ab")}}, None),
        ({"themed": False}, {"themes": {"need": frozenset("c")}}, None),
        ({"event": "plan_finalised"}, {}, LeftOut.EVENT),
        ({"event": "plan_finalised"}, {"review_finalised_on": date(2026, 10, 2)}, LeftOut.EVENT),
        ({"event": "plan_finalised"}, {"plan_finalised_on": date(2019, 10, 2)}, None),
        ({"event": "plan_finalised"}, {"plan_finalised_on": date(2026, 11, 19)}, LeftOut.EVENT),
        ({"period": "month"}, {"review_finalised_on": date(2026, 10, 31)}, None),
        ({"period": "month"}, {"review_finalised_on": date(2026, 11, 1)}, LeftOut.EVENT),
        ({"period": "month"}, {"review_finalised_on": date(2026, 9, 30)}, LeftOut.EVENT),
        ({"period": "half_term"}, {"plan_finalised_on": date(2026, 9, 1)}, None),
        ({"period": "half_term"}, {"plan_finalised_on": date(2026, 11, 1)}, LeftOut.EVENT),
        ({"years_with_plan_at_least": 3}, {}, LeftOut.YEARS),
        ({"years_with_plan_at_least": 3}, {"plan_finalised_on": date(2023, 11, 18)}, None),
        (
            {"years_with_plan_at_least": 3},
            {"plan_finalised_on": date(2023, 11, 19)},
            LeftOut.YEARS,
        ),
        (
            {"not_audited_within_months": 12},
            {"last_audited_on": date(2025, 11, 19)},
            LeftOut.AUDITED,
        ),
        ({"not_audited_within_months": 12}, {"last_audited_on": date(2025, 11, 18)}, None),
        # Somebody else's meeting about this child is still to come.
        ({}, {"last_audited_on": date(2026, 12, 9)}, LeftOut.AUDITED),
        ({"not_drawn_by": ("monthly",)}, {"drawn_by": frozenset({"monthly"})}, LeftOut.DRAWN),
        ({"not_drawn_by": ("monthly",)}, {"drawn_by": frozenset({"yearly"})}, None),
    ],
)
def test_who_may_not_be_drawn(
    audit: dict[str, Any], one: dict[str, Any], reason: LeftOut | None
) -> None:
    found = left_out(
        replace(child(1), **one),
        replace(MIX, **audit),
        ON,
        {"need": ["a", "b"], "group": []},
    )
    assert found is reason


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(PERIODS[1:]))
def test_periods_follow_each_other_without_a_gap(on: date, period: str) -> None:
    first, last = period_before(on, period)
    assert first.day == 1
    assert first < last < on
    assert period_before(last + timedelta(days=1), period) == (first, last)
    assert period_before(first, period)[1] == first - timedelta(days=1)
    if period == "term":
        assert first.month in {1, 5, 9}


def test_months_before_the_last_of_a_month() -> None:
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


RULES = [
    (found.id, audit)
    for found in (load_framework(each.id, each.version) for each in available())
    for audit in found.audits
]


@pytest.mark.parametrize(("area", "audit"), RULES)
def test_every_audit_of_every_framework_is_drawn(area: str, audit: Audit) -> None:
    """From a caseload as large as a small council's, with plans and reviews all year round."""
    dice = random.Random(area)
    year = [ON - timedelta(days=days) for days in (*range(400), *range(400, 4000, 10))]
    caseload = [
        Candidate(
            f"EX-{number}", dice.choice(audit.plan_types), dice.choice(PHASES),
            plan_finalised_on=dice.choice(year), review_finalised_on=dice.choice(year),
            last_audited_on=dice.choice([None, None, date(2026, 9, 1)]),
            drawn_by=frozenset(dice.sample(["new_plans", "annual_reviews"], 1)),
        )
        for number in range(4000)
    ]  # fmt: skip
    audit = replace(audit, not_drawn_by=audit.not_drawn_by[:1])
    for seed in range(3):
        drawn = draw(caseload, audit, on=ON, seed=seed, themes={})
        assert filled(audit, drawn)
        where = seats(
            [each.candidate for each in drawn.chosen],
            dict.fromkeys(range(1, audit.sessions + 1), audit.cases_per_session),
        )
        assert len(where) == audit.cases


@given(
    st.lists(st.sampled_from(PLANS), min_size=6, max_size=6),
    st.lists(st.sampled_from(PHASES), min_size=6, max_size=6),
)
def test_every_session_gets_a_mix(plans: list[str], phases: list[str]) -> None:
    six = [
        child(number, plan, phase)
        for number, (plan, phase) in enumerate(zip(plans, phases, strict=True))
    ]
    found = seats(six, {1: 3, 2: 3})
    assert Counter(found.values()) == {1: 3, 2: 3}
    for plan in PLANS:
        there = Counter(found[each.id] for each in six if each.plan_type == plan)
        assert abs(there[1] - there[2]) <= 1


def test_a_seat_that_is_free_is_the_one_that_is_taken() -> None:
    two = [child(1), child(2)]
    assert seats([child(3), child(4)], {1: 0, 2: 1}, [(two[0], 1), (two[1], 2)]) == {"EX-00003": 2}
