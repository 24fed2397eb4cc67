"""Moments for property tests."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

#: Over two years. Hypothesis takes the ends without a time zone and puts it on what it gives.
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 — see above
    datetime(2027, 12, 31),  # noqa: DTZ001 — see above
    timezones=st.just(UTC),
)
