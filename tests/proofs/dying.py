"""A process that dies at any statement it sends to the database, or at the commit."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Died(BaseException):
    """No code of ours may catch it, as none catches a power cut."""


class Death:
    """Counts statements and commits, and comes at the one that was chosen."""

    def __init__(self, luck: random.Random, usual: int = 20) -> None:
        self._luck = luck
        self._left: int | None = None
        self._seen = 0
        self._usual = usual
        self.came = 0

    def step(self, *_: Any) -> None:
        """One statement more, or a commit."""
        self._seen += 1
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            self._left = None
            self.came += 1
            raise Died

    @contextmanager
    def may_come(self, chance: float) -> Iterator[None]:
        """Within this, so likely, at a statement as likely as any other."""
        self._seen = 0
        if self._luck.random() < chance:
            self._left = self._luck.randint(1, self._usual)
        try:
            yield
        finally:
            if self._seen > 1 and self._left is None:
                self._usual = max(3, (self._usual * 7 + self._seen) // 8)
            self._left = None


@contextmanager
def dying(engine: Engine, luck: random.Random) -> Iterator[Death]:
    """Watch an engine; it lives for ever again afterwards."""
    death = Death(luck)
    for name in ("before_cursor_execute", "commit"):
        event.listen(engine, name, death.step)
    try:
        yield death
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(engine, name, death.step)
