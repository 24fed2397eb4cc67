"""What a proof is: something hard done so often to a real database, and how often it failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from family_voice.settings import Settings

#: Told now and then how many are done.
Tell = Callable[[int], None]
#: How many were lost, or how many of each kind.
Lost = int | Mapping[str, int]


@dataclass(frozen=True)
class Place:
    """A fresh migrated database of one kind (`SQLite` or `PostgreSQL`), and a folder of its own."""

    kind: str
    settings: Settings
    sessions: sessionmaker[Session]
    folder: Path


@dataclass(frozen=True)
class Proof:
    """One line of the table: what is tried, how often, and the function that does it.

    `prove(place, times, tell)` tries it `times` times and gives how many were lost: answers gone,
    effects doubled, rows half there; by kind where several are counted apart. It raises only if the
    proof itself is broken. `quick` is how often `make test` tries, `soak` how often `make soak`
    does. `both` is False where only SQLite takes part.
    """

    name: str
    prove: Callable[[Place, int, Tell], Lost]
    quick: int
    soak: int
    both: bool = True


@dataclass(frozen=True)
class Figure:
    """How one proof came out; `took` in seconds, `apart` what was lost by kind."""

    proof: str
    kind: str
    tried: int
    lost: int
    took: float
    apart: Mapping[str, int] = field(default_factory=dict)


def in_all(lost: Lost) -> int:
    """How many were lost, of whatever kind."""
    return lost if isinstance(lost, int) else sum(lost.values())
