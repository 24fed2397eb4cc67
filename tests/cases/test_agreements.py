"""Data-sharing agreements: which days they cover, and what the lead sees coming."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.cases.agreements import (
    Agreement,
    AgreementProblem,
    BadAgreement,
    _covered_until,
    agreements,
    end_agreement,
    lapses,
    may_see,
    record_agreement,
)
from family_voice.cases.rounds import round_view
from family_voice.cases.seats import NoAgreement, seat, seat_on_case, seats_on_case
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.storage.locking import Missing
from tests.cases.households import a_full_round
from tests.reports.panel_round import a_panel_round

DAY = timedelta(days=1)


def somebody(session: Session, now: datetime) -> UUID:
    return add_staff(session, email="d@b.example", roles=[Role.DPO], now=now).staff_id


def test_both_days_count_and_the_councils_own_need_none(session: Session, now: datetime) -> None:
    round_id, by, today = a_full_round(session), somebody(session, now), now.date()
    meeting = round_view(session, round_id).sessions[0].id
    record_agreement(session, "health", "DSA 7", today + DAY, today + 3 * DAY, by, now, today)
    own = {"education", "social_care"}
    expected = [own, own | {"health"}, own | {"health"}, own | {"health"}, own]
    assert [may_see(session, [meeting], today + n * DAY)[meeting] for n in range(5)] == expected


def test_an_end_counts_from_that_moment(session: Session, now: datetime) -> None:
    panel = a_panel_round(session, now)
    today = now.date()
    assert seat_on_case(session, panel.member, panel.case, today)
    (health,) = [each for each in agreements(session) if each.agency == "health"]
    end_agreement(session, health.id, panel.lead, now)
    end_agreement(session, health.id, panel.chair, now + DAY)
    with pytest.raises(NoAgreement):
        seat_on_case(session, panel.member, panel.case, today)
    assert panel.member not in {each.staff_id for each in seats_on_case(session, panel.case, today)}
    assert seat_on_case(session, panel.chair, panel.case, today)
    assert seat_on_case(session, panel.outsider, panel.case, today) is None
    assert next(e for e in agreements(session) if e.id == health.id).ended_at == now
    with pytest.raises(Missing):
        end_agreement(session, panel.case, panel.lead, now)


@pytest.mark.parametrize(
    ("reference", "first", "last", "problem"),
    [
        (" ", 0, 9, AgreementProblem.REFERENCE_MISSING),
        ("DSA", 2, 1, AgreementProblem.ENDS_BEFORE_IT_BEGINS),
        ("DSA", -9, -1, AgreementProblem.OVER_ALREADY),
    ],
)
def test_what_cannot_be_recorded(
    session: Session, now: datetime, reference: str, first: int, last: int, problem: str
) -> None:
    today = now.date()
    with pytest.raises(BadAgreement) as refused:
        record_agreement(
            session, "health", reference, today + first * DAY, today + last * DAY,
            uuid4(), now, today,
        )  # fmt: skip
    assert refused.value.problem == problem
    assert agreements(session) == []


def test_a_lapse_is_seen_before_it_comes(session: Session, now: datetime) -> None:
    by, today = somebody(session, now), now.date()
    found = round_view(session, a_full_round(session))
    coming = [each for each in found.sessions if each.held_on >= today]
    assert coming
    last = coming[-1]
    for agency in ("health", "education"):
        staff = add_staff(session, email=f"{agency}@b.example", roles=[Role.PANEL], now=now)
        seat(session, last.id, staff.staff_id, agency)
    (nothing,) = lapses(session, found, today)
    assert (nothing.agency, nothing.held_on, nothing.last_day) == ("health", last.held_on, None)
    record_agreement(session, "health", "A", today, last.held_on - DAY, by, now, today)
    (early,) = lapses(session, found, today)
    assert early.last_day == last.held_on - DAY
    record_agreement(session, "health", "B", last.held_on, last.held_on, by, now, today)
    assert lapses(session, found, today) == []
    assert lapses(session, found, last.held_on + DAY) == []


@given(st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 8)), max_size=6))
def test_the_last_covered_day_is_the_last_of_an_unbroken_run(spans: list[tuple[int, int]]) -> None:
    today, someone = date(2026, 11, 18), uuid4()
    kept = [
        Agreement(uuid4(), "health", "x", today + a * DAY, today + (a + n) * DAY, someone, None)
        for a, n in spans
    ]
    expected, day = None, today
    while any(each.in_force(day) for each in kept):
        expected, day = day, day + DAY
    assert _covered_until(kept, "health", today) == expected
