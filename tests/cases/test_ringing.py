"""When somebody may be rung, and whom first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.deadlines import LONDON, is_working_day
from family_voice.cases.ledger import AttemptFacts, Outcome
from family_voice.cases.next_steps import A_FEW_DAYS
from family_voice.cases.ringing import (
    BREATH,
    Candidate,
    Part,
    Why,
    another_part,
    may_ring_from,
    order,
    part_of,
)
from family_voice.people.facts import Hours

#: A Wednesday, half past ten.
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=LONDON)
SOMEBODY = Candidate(heard_by=date(2026, 12, 2))
EVENINGS = Hours(time(18), time(20, 30))


def tried(
    outcome: Outcome,
    hours_ago: float = 0,
    channel: str = "telephone",
    call_back_at: datetime | None = None,
) -> AttemptFacts:
    at = NOW - timedelta(hours=hours_ago)
    return AttemptFacts("p", channel, at, outcome, call_back_at)


def after(
    *tries: AttemptFacts, asked_at: datetime | None = None, safe_hours: Hours | None = None
) -> Candidate:
    return replace(SOMEBODY, tries=tries, asked_at=asked_at, safe_hours=safe_hours)


def test_somebody_whom_nobody_tried_is_rung_now() -> None:
    assert may_ring_from(SOMEBODY, NOW) == NOW
    assert SOMEBODY.why is Why.NOT_HEARD


def test_a_safe_window_binds_every_call() -> None:
    who = replace(SOMEBODY, safe_hours=EVENINGS)
    assert may_ring_from(who, NOW) == datetime(2026, 11, 18, 18, tzinfo=LONDON)
    # On a Friday night it opens again on Monday; who asked to be rung is safe by it as well.
    late = datetime(2026, 11, 20, 21, tzinfo=LONDON)
    asked = replace(who, asked_at=NOW)
    assert may_ring_from(asked, late) == datetime(2026, 11, 23, 18, tzinfo=LONDON)
    promised = after(
        tried(Outcome.CALL_BACK, call_back_at=NOW + timedelta(hours=2)), safe_hours=EVENINGS
    )
    assert may_ring_from(promised, NOW) == datetime(2026, 11, 18, 18, tzinfo=LONDON)


def test_a_promise_is_kept_to_the_hour_and_ends_with_the_next_try() -> None:
    sunday = datetime(2026, 11, 22, 16, tzinfo=LONDON)
    who = after(tried(Outcome.CALL_BACK, call_back_at=sunday))
    assert who.why is Why.CALL_BACK
    assert may_ring_from(who, NOW) == sunday
    assert may_ring_from(who, sunday + timedelta(hours=1)) == sunday + timedelta(hours=1)
    again = after(*who.tries, tried(Outcome.NO_ANSWER))
    assert may_ring_from(again, NOW) == NOW + BREATH
    assert again.why is Why.NOT_HEARD


def test_what_was_posted_has_its_days_unless_they_ask() -> None:
    sent = tried(Outcome.SENT, hours_ago=24, channel="letter")
    assert may_ring_from(after(sent), NOW) == datetime(2026, 11, 23, 9, tzinfo=LONDON)
    assert sent.at + A_FEW_DAYS < datetime(2026, 11, 23, 9, tzinfo=LONDON)
    assert may_ring_from(after(sent, asked_at=NOW), NOW) == NOW


def test_a_wrong_number_stays_wrong_until_there_is_another() -> None:
    wrong = tried(Outcome.WRONG_CONTACT, hours_ago=30)
    posted = tried(Outcome.SENT, hours_ago=2, channel="letter")
    assert after(wrong, posted).wrong_number
    assert not after(replace(wrong, put_right=True), posted).wrong_number
    assert not after(wrong, tried(Outcome.SPOKE)).wrong_number


def test_after_two_calls_another_part_of_the_day_is_named_and_after_three_another_way() -> None:
    twice = after(tried(Outcome.NO_ANSWER, hours_ago=48), tried(Outcome.NO_ANSWER, hours_ago=24))
    assert another_part(after(twice.tries[0])) is None
    assert another_part(twice) is Part.EVENING
    assert another_part(replace(twice, safe_hours=Hours(time(9), time(15)))) is Part.AFTERNOON
    assert not twice.another_way
    thrice = after(*twice.tries, tried(Outcome.MESSAGE_LEFT, hours_ago=5))
    assert thrice.another_way
    assert not replace(thrice, asked_at=NOW).another_way
    assert not after(*thrice.tries, tried(Outcome.CALL_BACK)).another_way


def test_who_asked_comes_first_and_then_who_was_promised() -> None:
    asked = replace(SOMEBODY, asked_at=NOW - timedelta(days=1))
    earlier = replace(SOMEBODY, asked_at=NOW - timedelta(days=2))
    promised = after(tried(Outcome.CALL_BACK, call_back_at=NOW - timedelta(hours=1)))
    begun = replace(SOMEBODY, begun=True)
    sooner = replace(SOMEBODY, heard_by=date(2026, 11, 25))
    read_back = replace(SOMEBODY, to_read_back=True)
    mixed = [SOMEBODY, read_back, asked, sooner, begun, promised, earlier]
    in_order = [earlier, asked, promised, begun, sooner, SOMEBODY, read_back]
    assert sorted(mixed, key=order) == in_order


moments = st.timedeltas(timedelta(0), timedelta(days=700)).map(lambda later: NOW + later)
windows = st.none() | st.tuples(st.times(), st.times()).filter(lambda w: w[0] < w[1]).map(
    lambda w: Hours(*w)
)


@given(moments, windows, st.sampled_from(list(Outcome)), st.integers(0, 300))
def test_nobody_is_ever_rung_outside_their_hours_or_on_a_day_of_rest(
    now: datetime, safe: Hours | None, outcome: Outcome, hours_ago: int
) -> None:
    tries = (AttemptFacts("p", "telephone", now - timedelta(hours=hours_ago), outcome),)
    found = may_ring_from(replace(SOMEBODY, safe_hours=safe, tries=tries), now)
    if found is None:
        return
    local = found.astimezone(LONDON)
    hours = safe or Hours(time(9), time(20))
    assert found >= now
    assert is_working_day(local.date())
    assert hours.begins <= local.time() < hours.ends
    assert part_of(found) in Part
