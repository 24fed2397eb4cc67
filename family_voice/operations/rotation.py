"""Moving everything that can move to the newest master key, and what still needs an older one.

Only the small wrapped keys are sealed anew, never the words themselves. Each batch is one commit,
and what is done is known from the rows: stopped at any moment, the next run does the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from family_voice.people import factor_keys
from family_voice.security import erasures, masters
from family_voice.security.keyring import MasterMissing, keyring_of
from family_voice.security.models import DataKey, MasterKey, TrailRow
from family_voice.security.sealing import BrokenSeal, rewrap

BATCH = 50
Tell = Callable[[int, int], None]
Versions = InstrumentedAttribute[int]


class CannotRotate(Exception):
    """The master keys do not fit the database; `problems` says what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Rotated:
    """What a rotation did. `unreadable` are keys that did not open, and stay as they are."""

    data_keys: int
    factors: int
    unreadable: tuple[UUID, ...]


@dataclass(frozen=True)
class MasterUse:
    """What one master key is needed for; `current` wraps new keys, `first` finds links by index."""

    version: int
    given: bool
    current: bool
    first: bool
    data_keys: int
    factors: int
    trail_lines: int
    erasures: int

    @property
    def may_go(self) -> bool:
        """Whether nothing needs it any more, apart from backups made while it was the newest."""
        return not (
            self.current
            or self.first
            or any((self.data_keys, self.factors, self.trail_lines, self.erasures))
        )


def rotate(sessions: sessionmaker[Session], tell: Tell) -> Rotated:
    """Wrap every data key, and seal every second factor, under the newest master key.

    Several at once share the work. Requests and the worker go on meanwhile: they see a key either
    as it was or as it is.

    Args:
        sessions: makes sessions.
        tell: told how many are done and how many there were.

    Raises:
        CannotRotate: if a master key is missing or is another one; nothing is changed.
    """
    with sessions() as session:
        problems = masters.problems(session)
        if problems:
            raise CannotRotate(problems)
        total = _left(session)
    done, unreadable = 0, set[UUID]()
    while True:
        with sessions.begin() as session:
            rows = _some(session, unreadable)
            for row in rows:
                try:
                    rewrap(session, row)
                    done += 1
                except (BrokenSeal, MasterMissing):
                    unreadable.add(row.id)
        tell(done, total)
        if not rows:
            break
    with sessions.begin() as session:
        factors = factor_keys.reseal(session)
    return Rotated(done, factors, tuple(sorted(unreadable)))


def status(session: Session, evidence: Path) -> list[MasterUse]:
    """What each master key is needed for, oldest first.

    Args:
        session: any session.
        evidence: the folder with the erasure ledger.

    Raises:
        LedgerBroken: if the ledger does not hold together.
    """
    keyring = keyring_of(session)
    keys = _counted(session, DataKey.master_version, DataKey.wrapped.is_not(None))
    trail = _counted(session, TrailRow.key_version)
    factors = factor_keys.by_version(session)
    ledger = Counter(each.version for each in erasures.read(evidence, keyring))
    known = set(session.scalars(select(MasterKey.version)))
    given = set(keyring.versions)
    versions = given | known | keys.keys() | trail.keys() | factors.keys() | ledger.keys()
    return [
        MasterUse(
            version,
            version in given,
            version == keyring.current,
            version == min(known | given),
            keys[version],
            factors[version],
            trail[version],
            ledger[version],
        )
        for version in sorted(versions)
    ]


def _some(session: Session, unreadable: set[UUID]) -> list[DataKey]:
    """Keys to wrap anew, held; first those that nobody holds, in the end one that somebody did.

    Waiting for more than one while holding others could stand in the way of a withdrawal that
    destroys the same keys in another order.
    """
    old = (
        select(DataKey)
        .where(
            DataKey.wrapped.is_not(None),
            DataKey.master_version != keyring_of(session).current,
            DataKey.id.not_in(unreadable),
        )
        .order_by(DataKey.id)
    )
    free = session.scalars(old.limit(BATCH).with_for_update(skip_locked=True)).all()
    return list(free or session.scalars(old.limit(1).with_for_update()))


def _left(session: Session) -> int:
    return (
        session.scalar(
            select(func.count(DataKey.id)).where(
                DataKey.wrapped.is_not(None),
                DataKey.master_version != keyring_of(session).current,
            )
        )
        or 0
    )


def _counted(session: Session, version: Versions, *where: ColumnElement[bool]) -> Counter[int]:
    rows = session.execute(select(version, func.count()).where(*where).group_by(version))
    return Counter({row[0]: row[1] for row in rows})
