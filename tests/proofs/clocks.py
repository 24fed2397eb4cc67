"""A clock that says the same in every process that is forked while it is there."""

from __future__ import annotations

import multiprocessing
import time
from datetime import datetime, timedelta

from tests.conftest import NOW


class Shared:
    """Moved on by hand, in any process, and by itself `pace` times as fast as the day's.

    Args:
        pace: 0 stands still between hands.
    """

    def __init__(self, pace: float = 0.0) -> None:
        # Read without its lock: a process that is killed while it holds one holds it for ever.
        self._gone = multiprocessing.RawValue("d", 0.0)
        self._moving = multiprocessing.Lock()
        self._pace = pace
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """The present."""
        by_itself = (time.monotonic() - self._began) * self._pace
        return NOW + timedelta(seconds=self._gone.value + by_itself)

    def on(self, how_long: timedelta) -> None:
        """Later, everywhere."""
        with self._moving:
            self._gone.value += how_long.total_seconds()
