"""The calendar as a file: what we write is what another program's reader reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from family_voice.cases.calendar_file import LINE, Day, calendar

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
#: Any letters that a name or a step of a framework may have; readers differ on the rest.
WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from([" ", "\n", ",", ";", "\\"]),
    min_size=1, max_size=120,
).map(str.strip).filter(bool)  # fmt: skip
SOME_DAYS = st.lists(
    st.builds(
        Day,
        st.uuids().map(str),
        st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        WORDS,
        WORDS | st.just(""),
    ),
    max_size=5,
)


@given(days=SOME_DAYS)
def test_another_program_reads_what_was_meant(days: list[Day]) -> None:
    text = calendar("Plan of audits", days, NOW)
    assert all(len(line.encode()) <= LINE for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    read = Calendar.from_ical(text)
    assert str(read["X-WR-CALNAME"]) == "Plan of audits"
    assert [
        Day(
            str(event["UID"]),
            event.decoded("DTSTART"),
            str(event["SUMMARY"]),
            str(event.get("DESCRIPTION", "")),
        )
        for event in read.walk("VEVENT")
    ] == days
    for event in read.walk("VEVENT"):
        assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(days=1)
        assert event["TRANSP"] == "TRANSPARENT"
        assert event.decoded("DTSTAMP") == NOW


def test_nothing_in_words_begins_a_line_of_its_own() -> None:
    text = calendar("Plan", [Day("1", date(2026, 12, 2), "Meet\r\nATTACH:file:///etc")], NOW)
    assert "\r\nATTACH" not in text
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 1
