"""Which rung comes when: in hours, out of hours, and when the rota ends half way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from family_voice.safeguarding.ladder import LADDERS, Kind, Take, WaitFor, what_now

FRIDAY = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def climbed(
    kind: Kind,
    raised_at: datetime,
    on: list[tuple[datetime, datetime]],
    *,
    until: datetime,
    every: timedelta = MINUTE,
) -> list[tuple[str, int]]:
    """What is done as the minutes go by: each rung, and how many minutes after the raising."""
    taken: dict[str, datetime] = {}
    found, now = [], raised_at
    while now <= until:
        what = what_now(
            kind, taken, raised_at, now,
            on_rota=any(begins <= now < ends for begins, ends in on),
            next_on=min((begins for begins, _ends in on if begins > now), default=None),
        )  # fmt: skip
        if isinstance(what, Take):
            taken[what.rung.name] = now
            found.append((what.rung.name, int((now - raised_at) / MINUTE)))
        else:
            now += every
    return found


def test_in_hours_each_rung_comes_at_its_time() -> None:
    on = [(FRIDAY - timedelta(hours=8), FRIDAY + timedelta(hours=8))]
    assert climbed(Kind.RAISED, FRIDAY, on, until=FRIDAY + timedelta(hours=5)) == [
        ("at_once", 0), ("again", 30), ("everybody", 60), ("duty_team", 120),
    ]  # fmt: skip


def test_out_of_hours_the_duty_team_comes_first_and_the_rota_when_it_begins() -> None:
    begins = FRIDAY + timedelta(minutes=600)
    on = [(begins, begins + timedelta(hours=8))]
    assert climbed(Kind.RAISED, FRIDAY, on, until=FRIDAY + timedelta(hours=15)) == [
        ("duty_team", 0), ("at_once", 600), ("again", 630), ("everybody", 660),
    ]  # fmt: skip


def test_the_rota_that_ends_half_way_hands_over_at_once() -> None:
    on = [(FRIDAY - timedelta(hours=8), FRIDAY + timedelta(minutes=15))]
    assert climbed(Kind.RAISED, FRIDAY, on, until=FRIDAY + timedelta(hours=5)) == [
        ("at_once", 0), ("duty_team", 30), ("everybody", 60),
    ]  # fmt: skip


def test_with_no_rota_at_all_everybody_is_told_in_the_end() -> None:
    assert climbed(Kind.RAISED, FRIDAY, [], until=FRIDAY + timedelta(hours=5)) == [
        ("duty_team", 0), ("everybody", 60),
    ]  # fmt: skip


def test_a_flag_waits_for_the_rota_and_never_rings_the_duty_team() -> None:
    begins = FRIDAY + timedelta(minutes=600)
    on = [(begins, begins + timedelta(hours=8))]
    later = FRIDAY + timedelta(days=4)
    assert climbed(Kind.PLEASE_LOOK, FRIDAY, on, until=later) == [
        ("at_once", 600), ("everybody", 600 + 24 * 60),
    ]  # fmt: skip
    assert not any(rung.rings for rung in LADDERS[Kind.PLEASE_LOOK])


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 600)), max_size=4),
    st.integers(1, 400),
)
def test_every_rung_is_taken_once_at_most_and_the_duty_team_within_two_hours_of_the_first(
    spans: list[tuple[int, int]], every: int
) -> None:
    on = [
        (FRIDAY + MINUTE * begins, FRIDAY + MINUTE * (begins + length)) for begins, length in spans
    ]
    found = climbed(Kind.RAISED, FRIDAY, on, until=FRIDAY + timedelta(days=3), every=MINUTE * every)
    names = [name for name, _at in found]
    assert len(names) == len(set(names))
    assert "everybody" in names
    at = dict(found)
    assert at["duty_team"] <= at.get("at_once", 0) + 120 + every


def test_it_waits_and_does_not_act_before_the_time() -> None:
    what = what_now(
        Kind.RAISED, {"at_once": FRIDAY}, FRIDAY, FRIDAY + 29 * MINUTE, on_rota=True, next_on=None
    )
    assert isinstance(what, WaitFor)
    assert what.until == FRIDAY + 30 * MINUTE
