"""What was tried, what worked and how long it took, from what is known of each case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.ledger import AttemptFacts, Outcome
from family_voice.cases.response import Hour, Reached, by_channel, by_hour, times

DRAWN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def attempt(channel: str, outcome: Outcome, days: int, hour: int = 10) -> AttemptFacts:
    return AttemptFacts("mum", channel, DRAWN + timedelta(days=days, hours=hour - 9), outcome)


ONE = Reached(
    "one",
    DRAWN,
    (
        attempt("text", Outcome.SENT, 1),
        attempt("telephone", Outcome.NO_ANSWER, 2, hour=10),
        attempt("telephone", Outcome.SPOKE, 3, hour=18),
    ),
    told_at=DRAWN + timedelta(days=3, hours=10),
    told_by=frozenset({"telephone"}),
)
TWO = Reached(
    "two", DRAWN, (attempt("text", Outcome.SENT, 1), attempt("telephone", Outcome.NO_ANSWER, 9)),
    told_at=DRAWN + timedelta(days=4), told_by=frozenset({"web"}),
)  # fmt: skip
SILENT = Reached("three", DRAWN, (attempt("text", Outcome.SENT, 1),) * 2)


def test_the_last_try_before_they_told_us_is_what_worked() -> None:
    ways = {each.channel: each for each in by_channel([ONE, TWO, SILENT])}
    assert list(ways) == ["text", "telephone", "web"]
    text, phone = ways["text"], ways["telephone"]
    assert (text.tries, text.families, text.answered, text.worked) == (4, 3, 0, 1)
    assert (phone.tries, phone.families, phone.answered, phone.worked) == (3, 2, 1, 1)
    assert phone.outcomes == {Outcome.NO_ANSWER: 2, Outcome.SPOKE: 1}
    assert (ways["web"].tries, ways["web"].accounts) == (0, 1)


def test_calls_by_the_hour_they_were_begun_in_with_the_empty_ones_between() -> None:
    hours = by_hour([ONE])
    assert (hours[0], hours[-1]) == (Hour(10, 1, 0), Hour(18, 1, 1))
    assert [each.hour for each in hours] == list(range(10, 19))
    assert by_hour([SILENT]) == ()


def test_days_from_draw_to_heard() -> None:
    assert times([ONE, TWO, SILENT]).days == (3, 4)
    assert times([ONE, TWO]).middle == 3.5
    assert times([SILENT]).middle is None


TRIES = st.lists(
    st.builds(
        attempt,
        st.sampled_from(["text", "telephone", "letter"]),
        st.sampled_from(Outcome),
        st.integers(0, 20),
        st.integers(9, 19),
    ),
    max_size=5,
).map(tuple)
CASES = st.lists(
    st.builds(
        Reached,
        st.integers(),
        st.just(DRAWN),
        TRIES,
        st.none() | st.integers(0, 20).map(lambda days: DRAWN + timedelta(days=days)),
    ),
    max_size=6,
)


@given(CASES)
def test_nothing_is_counted_twice(cases: list[Reached]) -> None:
    ways = by_channel(cases)
    assert sum(each.tries for each in ways) == sum(len(each.tries) for each in cases)
    assert sum(each.worked for each in ways) <= sum(each.told_at is not None for each in cases)
    for each in ways:
        assert each.answered <= each.families <= len(cases)
        assert sum(each.outcomes.values()) == each.tries
    assert all(each.answered <= each.calls for each in by_hour(cases))
