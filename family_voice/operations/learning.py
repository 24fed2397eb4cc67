"""The machine's turn at the codes: now and then it learns and reads, in a process apart.

The worker asks every few seconds and never waits: while the other process works, texts go out.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from family_voice.storage.engine import reading
from family_voice.themes import standing_model
from family_voice.themes.learning_apart import ModelRefused, answered, asked
from family_voice.themes.learning_turn import Outcome, Work, due, keep, must_go
from family_voice.themes.standing_model import Gone

#: How often it is asked whether there is something to learn or to read.
LOOK: Final = timedelta(seconds=15)
#: How long nothing is tried again after it has failed.
REST: Final = timedelta(minutes=30)
#: Longer than this it is stuck.
LONGEST: Final = timedelta(minutes=20)

Apart = Callable[[Work], Outcome]
_log = logging.getLogger(__name__)


class LearningFailed(Exception):
    """The other process ended without an answer."""


def apart(work: Work) -> Outcome:
    """Do it in a process of its own; the words go through a pipe.

    Raises:
        LearningFailed: if it broke or took too long. What it wrote is not passed on: it could hold
            what somebody said.
        ModelRefused: if the kept model cannot be used any more.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "family_voice.themes.learning_apart"],
            input=asked(work),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=LONGEST.total_seconds(),
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise LearningFailed from trouble
    if done.returncode != 0:
        raise LearningFailed
    return answered(done.stdout)


class Learner:
    """What of this the worker remembers between its turns."""

    def __init__(self, work_apart: Apart = apart) -> None:
        """Begin with nothing under way; `work_apart` does the work."""
        self._apart = work_apart
        self._not_before: datetime | None = None
        self._thread: threading.Thread | None = None
        self._work: Work | None = None
        self._outcome: Outcome | Exception | None = None

    def turn(self, sessions: sessionmaker[Session], now: datetime, *, wait: bool = False) -> bool:
        """Begin what is due, or keep what has come of it.

        Args:
            sessions: makes sessions.
            now: the present.
            wait: do it to the end before returning; else it goes on beside.

        Returns:
            Whether something new was kept or let go of.
        """
        if self._thread is not None:
            if wait:
                self._thread.join()
            return False if self._thread.is_alive() else self._take_in(sessions, now)
        if self._not_before is not None and now < self._not_before:
            return False
        self._not_before = now + LOOK
        with reading(sessions) as session:
            why, work = must_go(session, now), None
            if why is None:
                work = due(session, now)
        if why is not None:
            _let_go(sessions, why, now)
            return True
        if work is None:
            return False
        self._work, self._outcome = work, None
        self._thread = threading.Thread(target=self._do, name="learning", daemon=True)
        self._thread.start()
        return self.turn(sessions, now, wait=True) if wait else False

    def _do(self) -> None:
        assert self._work is not None  # set before the thread begins
        try:
            self._outcome = self._apart(self._work)
        except Exception as trouble:
            self._outcome = trouble

    def _take_in(self, sessions: sessionmaker[Session], now: datetime) -> bool:
        work, outcome = self._work, self._outcome
        self._thread = self._work = self._outcome = None
        if isinstance(outcome, ModelRefused):
            _let_go(sessions, Gone.UNUSABLE, now)
            return True
        if work is None or not isinstance(outcome, Outcome):
            self._not_before = now + REST
            _log.error("Learning from codes failed: %s", type(outcome).__name__)
            return False
        with sessions.begin() as session:
            return keep(session, work, outcome, now)


def _let_go(sessions: sessionmaker[Session], why: Gone, now: datetime) -> None:
    with sessions.begin() as session:
        standing_model.let_go(session, why, now)
