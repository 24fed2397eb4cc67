"""The ledger's states, the denominator, and what anybody but the lead may know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.ledger import (
    FINAL,
    AttemptFacts,
    CaseFacts,
    Lack,
    Level3,
    MinutesFacts,
    Outcome,
    ParticipantFacts,
    Participation,
    PublicState,
    Reason,
    Safe,
    StoodDown,
    Talk,
    case_participation,
    family_participation,
    family_reasons,
    ledger_line,
    level_3_state,
    pooled_reason,
    public_state,
)

BY = date(2026, 11, 18)
BEFORE = datetime(2026, 11, 10, 9, tzinfo=UTC)
AFTER = datetime(2026, 11, 19, 9, tzinfo=UTC)
MUM, DAD = ParticipantFacts("mum", Safe.YES), ParticipantFacts("dad", Safe.YES)


def case(*participants: ParticipantFacts, **more: Any) -> CaseFacts:
    return replace(CaseFacts("case", "family", BY, participants), **more)


def attempt(who: str, outcome: Outcome, channel: str = "phone") -> AttemptFacts:
    return AttemptFacts(who, channel, BEFORE, outcome)


ENOUGH = (
    attempt("mum", Outcome.SENT, "text"),
    attempt("mum", Outcome.NO_ANSWER),
    attempt("mum", Outcome.NO_ANSWER),
)


@pytest.mark.parametrize(
    ("facts", "now", "state"),
    [
        (case(MUM), BEFORE, Level3.NOT_STARTED),
        (case(), AFTER, Level3.NOT_STARTED),
        (case(MUM), AFTER, Level3.NOT_STARTED),  # never tried is not "not reached"
        (case(replace(MUM, invited=True)), BEFORE, Level3.INVITED),
        (case(MUM, attempts=(attempt("mum", Outcome.NO_ANSWER),)), BEFORE, Level3.INVITED),
        # One try is not what was agreed, though the day is over.
        (case(MUM, attempts=(attempt("mum", Outcome.NO_ANSWER),)), AFTER, Level3.INVITED),
        (case(MUM, attempts=ENOUGH), AFTER, Level3.NOT_REACHED),
        (case(MUM, attempts=ENOUGH), BEFORE, Level3.INVITED),
        (case(MUM, attempts=(attempt("mum", Outcome.NO_ANSWER),) * 3), AFTER, Level3.INVITED),
        (
            case(replace(MUM, talk=Talk.BEGUN), tried_enough=True),
            AFTER,
            Level3.NOT_REACHED,
        ),
        (
            case(replace(MUM, talk=Talk.BEGUN), tried_enough=True),
            BEFORE,
            Level3.IN_PROGRESS,
        ),
        (
            case(MUM, attempts=(attempt("mum", Outcome.NO_ANSWER),), tried_enough=True),
            BEFORE,
            Level3.NOT_REACHED,
        ),
        (
            case(replace(MUM, talk=Talk.BEGUN), replace(DAD, talk=Talk.DECLINED)),
            BEFORE,
            Level3.IN_PROGRESS,
        ),
        (
            case(replace(MUM, talk=Talk.FINISHED), replace(DAD, talk=Talk.DECLINED)),
            AFTER,
            Level3.HEARD,
        ),
        (case(replace(MUM, talk=Talk.FINISHED, safe=Safe.NO)), AFTER, Level3.HEARD),
        (case(replace(MUM, talk=Talk.DECLINED)), BEFORE, Level3.DECLINED),
        (case(MUM, attempts=(attempt("mum", Outcome.DECLINED),)), BEFORE, Level3.DECLINED),
        (case(replace(MUM, talk=Talk.DECLINED, invited=True), DAD), BEFORE, Level3.INVITED),
        (case(replace(MUM, talk=Talk.DECLINED, invited=True), DAD), AFTER, Level3.DECLINED),
        (
            case(replace(MUM, talk=Talk.DECLINED), replace(DAD, safe=Safe.NO)),
            BEFORE,
            Level3.DECLINED,
        ),
        (case(replace(MUM, safe=Safe.NO)), BEFORE, Level3.NOT_SAFE),
        (
            case(replace(MUM, safe=Safe.NO), replace(DAD, safe=Safe.NOT_CONFIRMED)),
            BEFORE,
            Level3.NOT_STARTED,
        ),
        (
            case(replace(MUM, talk=Talk.FINISHED), stood_down=StoodDown.MOVED),
            AFTER,
            Level3.STOOD_DOWN,
        ),
    ],
)
def test_states(facts: CaseFacts, now: datetime, state: Level3) -> None:
    assert level_3_state(facts, now) is state


def test_a_line_says_who_was_tried_and_how_long_it_took() -> None:
    attempts = (
        AttemptFacts("mum", "phone", BEFORE, Outcome.SPOKE),
        AttemptFacts("mum", "text", BEFORE - timedelta(days=2), Outcome.SENT),
    )
    line = ledger_line(
        case(
            MUM,
            replace(DAD, safe=Safe.NOT_CONFIRMED),
            attempts=attempts,
            minutes=(MinutesFacts(25, talking=True), MinutesFacts(10), MinutesFacts(5)),
        ),
        BEFORE,
    )
    assert (line.could_speak, line.to_confirm, line.attempts) == (1, 1, 2)
    assert line.last_attempt == attempts[0]
    assert (line.minutes_talking, line.minutes_other) == (25, 15)
    assert not line.late
    assert not line.final


def test_a_line_without_a_final_state_is_late_after_the_heard_by_day() -> None:
    assert ledger_line(case(MUM), AFTER).late
    assert not ledger_line(case(replace(MUM, talk=Talk.FINISHED)), AFTER).late


PARTICIPANTS = st.builds(
    ParticipantFacts,
    st.sampled_from("abc"),
    st.sampled_from(Safe),
    st.booleans(),
    st.sampled_from(Talk),
)
ATTEMPTS = st.builds(
    AttemptFacts,
    st.sampled_from("abc"),
    st.sampled_from(["phone", "text"]),
    st.just(BEFORE),
    st.sampled_from(Outcome),
)
CASES = st.builds(
    CaseFacts,
    st.integers(),
    st.integers(0, 5),
    st.just(BY),
    st.lists(PARTICIPANTS, max_size=3, unique_by=lambda each: each.participant_id).map(tuple),
    st.lists(ATTEMPTS, max_size=4).map(tuple),
    st.just(()),
    st.none() | st.sampled_from(StoodDown),
    st.booleans(),
)


@given(st.lists(CASES, max_size=12), st.sampled_from([BEFORE, AFTER]))
def test_only_stood_down_leaves_the_denominator(cases: list[CaseFacts], now: datetime) -> None:
    lines = [ledger_line(each, now) for each in cases]
    standing = [each for each in cases if each.stood_down is None]
    counts = case_participation(lines)
    families = family_participation(lines)
    assert counts.of == len(standing)
    assert families.of == len({each.family_id for each in standing})
    assert families.heard <= min(counts.heard, families.of)
    assert all(line.late != line.final for line in lines if now is AFTER)


@given(CASES, st.sampled_from([BEFORE, AFTER]))
def test_every_case_is_final_or_says_what_it_lacks(facts: CaseFacts, now: datetime) -> None:
    line = ledger_line(facts, now)
    assert line.state in Level3
    assert (line.lack is None) == line.final == (line.state in FINAL)
    assert (line.lack is Lack.STILL_TIME) <= (now is BEFORE)
    assert (line.lack is Lack.MORE_TRIES) <= (now is AFTER)


@given(CASES)
def test_once_the_day_is_over_the_lead_can_settle_whatever_was_tried(facts: CaseFacts) -> None:
    settled = replace(facts, tried_enough=True)
    state = level_3_state(settled, AFTER)
    tried = facts.attempts or any(
        each.invited or each.talk is Talk.BEGUN for each in facts.participants
    )
    assert state in FINAL or not tried
    assert (state is Level3.NOT_REACHED) <= bool(tried)


def test_an_account_after_its_day_counts_and_is_an_addendum() -> None:
    in_time = replace(MUM, talk=Talk.FINISHED, heard_at=datetime(2026, 11, 18, 23, 30, tzinfo=UTC))
    late = replace(DAD, talk=Talk.FINISHED, heard_at=datetime(2026, 11, 19, 0, 1, tzinfo=UTC))
    both, only = ledger_line(case(in_time, late), AFTER), ledger_line(case(late), AFTER)
    assert (both.state, both.addenda, both.addendum_only) == (Level3.HEARD, 1, False)
    assert (only.state, only.addenda, only.addendum_only) == (Level3.HEARD, 1, True)
    assert case_participation([both, only]) == Participation(heard=2, of=2, late=1)


@given(st.lists(CASES, max_size=12))
def test_siblings_count_once_and_not_safe_is_never_named(cases: list[CaseFacts]) -> None:
    lines = [ledger_line(each, AFTER) for each in cases]
    reasons = family_reasons(lines)
    assert set(reasons.values()) <= set(Reason)
    for line in lines:
        if line.state is Level3.HEARD:
            assert reasons[line.family_id] is Reason.HEARD
    assert pooled_reason(Level3.NOT_SAFE) is pooled_reason(Level3.NOT_REACHED) is Reason.NOT_HEARD


@pytest.mark.parametrize("state", list(Level3))
def test_anybody_but_the_lead_sees_only_whether_there_is_an_account(state: Level3) -> None:
    assert public_state(state, panel_may_read=False) is PublicState.NO_ACCOUNT
    assert (public_state(state, panel_may_read=True) is PublicState.ACCOUNT) == (
        state is Level3.HEARD
    )


def test_a_stood_down_case_has_no_pooled_reason() -> None:
    with pytest.raises(ValueError, match="left the sample"):
        pooled_reason(Level3.STOOD_DOWN)
