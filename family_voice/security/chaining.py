"""Sealing the audit trail: the worker alone chains what has been committed and anchors the head.

A chain written by every request would make requests wait for each other, and rows commit out of
order; so rows are numbered and chained a moment later, by one process at a time. Until then a row
has only its own HMAC: that unsealed tail could be cut without its showing, and is therefore told.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from family_voice.security import anchors
from family_voice.security.anchors import Anchor, Kind, NotAnAnchor
from family_voice.security.keyring import Keyring, keyring_of
from family_voice.security.models import TrailRow
from family_voice.security.trail import line
from family_voice.storage.engine import reading
from family_voice.storage.locking import one_at_a_time

#: Rows chained in one transaction, so that on SQLite nobody waits long for the file.
AT_ONCE: Final = 500
#: Where the first link hangs.
NOTHING: Final = bytes(32)
#: An unsealed row that is older than this means that no worker runs.
TOO_OLD: Final = timedelta(minutes=10)

Sessions = sessionmaker[Session]
_log = logging.getLogger(__name__)


class Trouble(StrEnum):
    """What can be wrong with the trail."""

    EDITED = "edited"  # a row is not as it was written
    BROKEN = "broken"  # a row does not follow from the one before
    UNREADABLE = "unreadable"  # a row holds what no row can; those after it were not checked
    MISSING = "missing"  # rows are gone from the middle
    CUT = "cut"  # rows are gone from the end
    ANCHOR_EDITED = "anchor edited"  # a line of the anchors' file is not as it was written
    NOT_AS_ANCHORED = "not as anchored"  # a row is not the one that was anchored
    BACKWARDS = "backwards"  # the chain was begun again from an earlier row
    NOT_ANCHORED = "not anchored"  # sealed rows that no anchor covers: anchors were cut off
    NO_KEY = "no key"  # cannot be checked: its master key is not at hand


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: with a sealed row by its number, or an unsealed one by its id."""

    trouble: Trouble
    first: int
    last: int
    where: str = ""


@dataclass(frozen=True)
class Verdict:
    """What checking the whole trail found."""

    chained: int
    unsealed: int
    oldest_unsealed: datetime | None
    anchored: int
    anchored_at: datetime | None
    restored: int
    problems: list[Problem] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problems


@dataclass(frozen=True)
class Tail:
    """How far sealing has come."""

    unsealed: int
    oldest: datetime | None

    def too_old(self, now: datetime) -> bool:
        """Whether it is so old that no worker can be running."""
        return self.oldest is not None and now - self.oldest > TOO_OLD


class _Head(NamedTuple):
    position: int
    chain: bytes


def seal(sessions: Sessions, folder: Path, now: datetime) -> int:
    """Chain every committed row that is not chained yet, and anchor the head.

    Args:
        sessions: makes sessions; each batch is one commit.
        folder: the evidence folder, outside the database.
        now: the present.

    Returns:
        How many rows were chained; 0 also when another process is doing it.
    """
    with reading(sessions) as session:
        if not _anything_to_do(session, folder):
            return 0
    with anchors.held(folder, wait=False) as book:
        if book is None:
            return 0
        chained = 0
        while True:
            with sessions.begin() as session:
                batch = _chain(session)
            chained += batch
            if batch < AT_ONCE:
                break
        with reading(sessions) as session:
            head, keyring = _head(session), keyring_of(session)
        if head.position > _last_position(book):
            book.add(keyring, Kind.HEAD, head.position, head.chain, now)
        return chained


def restored(session: Session, folder: Path, now: datetime) -> None:
    """Write down that the database was brought back from a backup, so that its trail is shorter.

    What is gone was written after the backup; `verify` goes on saying how often this happened.

    Args:
        session: reads the database as it was brought back.
        folder: the evidence folder.
        now: the present.
    """
    head = _head(session)
    with anchors.held(folder, wait=True) as book:
        if book is not None:
            book.add(keyring_of(session), Kind.RESTORED, head.position, head.chain, now)


def tail(session: Session) -> Tail:
    """How many rows are not sealed yet, and how old the oldest of them is."""
    count, oldest = session.execute(
        select(func.count(), func.min(TrailRow.at)).where(TrailRow.position.is_(None))
    ).one()
    return Tail(count, oldest)


def verify(session: Session, folder: Path) -> Verdict:
    """Check every row and every anchor.

    Args:
        session: reads the trail.
        folder: the evidence folder.

    Returns:
        What was found; changes nothing.
    """
    with anchors.held(folder, wait=True) as book:
        lines = book.lines() if book else []
        check = _Check(keyring_of(session))
        check.anchors(lines)
        try:
            for row in _rows(session):
                check.row(row)
        except (ValueError, TypeError, AttributeError):
            check.unreadable()
        else:
            check.ending()
    return check.verdict()


def _anything_to_do(session: Session, folder: Path) -> bool:
    unsealed = select(TrailRow.id).where(TrailRow.position.is_(None)).limit(1)
    if session.scalar(unsealed) is not None:
        return True
    anchor = anchors.newest(folder)
    return _head(session).position > (anchor.position if anchor else 0)


def _last_position(book: anchors.Book) -> int:
    try:
        anchor = book.last()
    except NotAnAnchor:
        _log.error("The last line of %s cannot be read.", anchors.FILE)
        return 0
    return anchor.position if anchor else 0


def _chain(session: Session) -> int:
    """Chain one batch of committed rows, the oldest first."""
    one_at_a_time(session, "trail")
    keyring, head = keyring_of(session), _head(session)
    position, before = head
    rows = session.scalars(
        select(TrailRow)
        .where(TrailRow.position.is_(None))
        .order_by(TrailRow.at, TrailRow.id)
        .limit(AT_ONCE)
    ).all()
    for row in rows:
        position += 1
        row.position, row.chain_version = position, keyring.current
        row.chain = before = _link(keyring, row, before)
    return len(rows)


def _link(keyring: Keyring, row: TrailRow, before: bytes) -> bytes:
    assert row.position is not None
    covered = before + row.position.to_bytes(8) + row.mac + line(row)
    return keyring.mac("trail chain", covered, row.chain_version)


def _head(session: Session) -> _Head:
    found = session.execute(
        select(TrailRow.position, TrailRow.chain)
        .where(TrailRow.position.is_not(None))
        .order_by(TrailRow.position.desc())
        .limit(1)
    ).one_or_none()
    return _Head(found[0] or 0, found[1] or b"") if found else _Head(0, NOTHING)


def _rows(session: Session) -> Iterator[TrailRow]:
    """Every row, the sealed ones first and in order; one statement, so one moment."""
    wanted = select(TrailRow).order_by(
        TrailRow.position.is_(None), TrailRow.position, TrailRow.at, TrailRow.id
    )
    for row in session.scalars(wanted.execution_options(yield_per=AT_ONCE)):
        yield row
        session.expunge(row)


class _Check:
    """One walk along the anchors and then the rows, noting what is wrong."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._problems: list[Problem] = []
        self._expected: dict[int, bytes] = {}
        self._anchored: Anchor | None = None
        self._restored = 0
        self._head = _Head(0, NOTHING)
        self._follows = True
        self._sealed_rows = self._unsealed = 0
        self._oldest: datetime | None = None
        self._no_key: dict[int, int] = {}

    def anchors(self, lines: list[bytes]) -> None:
        """Read the anchors' file: what each row that was anchored must be."""
        before = b""
        for number, each in enumerate(lines, 1):
            try:
                anchor = Anchor.read(each)
            except NotAnAnchor:
                self._wrong(Trouble.ANCHOR_EDITED, number)
                before = b""
                continue
            try:
                right = anchor.holds(self._keyring, before)
            except KeyError:
                self._without(anchor.key_version)
                right = True
            before = anchor.mac
            if right:
                self._expect(anchor)
            else:
                self._wrong(Trouble.ANCHOR_EDITED, number)

    def _expect(self, anchor: Anchor) -> None:
        if anchor.kind is Kind.RESTORED:
            self._restored += 1
            # What was anchored after the backup was taken is gone, and known to be.
            self._expected = {p: c for p, c in self._expected.items() if p <= anchor.position}
        elif self._anchored and anchor.position < self._anchored.position:
            self._wrong(Trouble.BACKWARDS, anchor.position)
        if anchor.position:
            if self._expected.get(anchor.position, anchor.chain) != anchor.chain:
                self._wrong(Trouble.BACKWARDS, anchor.position)
            self._expected[anchor.position] = anchor.chain
        self._anchored = anchor

    def row(self, row: TrailRow) -> None:
        """Check one row by itself, and against the one before it."""
        where = str(row.position or row.id)
        try:
            own = hmac.compare_digest(
                row.mac, self._keyring.mac("trail", line(row), row.key_version)
            )
        except KeyError:
            self._without(row.key_version)
            own = True
        if not own:
            self._wrong(Trouble.EDITED, row.position or 0, where=where)
        if row.position is None:
            if row.chain is not None or row.chain_version is not None:
                self._wrong(Trouble.EDITED, 0, where=where)
            self._unsealed += 1
            self._oldest = min(filter(None, (self._oldest, row.at)))
            return
        self._sealed(row, row.position)

    def _sealed(self, row: TrailRow, position: int) -> None:
        chain = row.chain or b""
        if position != self._head.position + 1:
            self._wrong(Trouble.MISSING, self._head.position + 1, position - 1)
        elif row.chain_version is None:
            self._wrong(Trouble.BROKEN, position)
        else:
            try:
                if not hmac.compare_digest(chain, _link(self._keyring, row, self._head.chain)):
                    self._wrong(Trouble.BROKEN, position)
            except KeyError:
                self._without(row.chain_version)
        anchored = self._expected.pop(position, None)
        if anchored is not None and anchored != chain:
            self._wrong(Trouble.NOT_AS_ANCHORED, position)
        self._head = _Head(position, chain)
        self._sealed_rows += 1

    def unreadable(self) -> None:
        """A row holds what no row can hold; those after it could not be checked."""
        self._wrong(Trouble.UNREADABLE, self._head.position + 1)

    def ending(self) -> None:
        """Say what is missing at the end, on either side."""
        beyond = max(self._expected, default=0)
        reached = self._anchored.position if self._anchored else 0
        if beyond > self._head.position:
            self._wrong(Trouble.CUT, self._head.position + 1, beyond)
        elif reached < self._head.position:
            self._wrong(Trouble.NOT_ANCHORED, reached + 1, self._head.position)
        for version, times in sorted(self._no_key.items()):
            self._wrong(Trouble.NO_KEY, version, times)

    def verdict(self) -> Verdict:
        """What was found."""
        anchor = self._anchored
        return Verdict(
            chained=self._sealed_rows,
            unsealed=self._unsealed,
            oldest_unsealed=self._oldest,
            anchored=anchor.position if anchor else 0,
            anchored_at=anchor.at if anchor else None,
            restored=self._restored,
            problems=self._problems,
        )

    def _wrong(
        self, trouble: Trouble, first: int, last: int | None = None, where: str = ""
    ) -> None:
        self._problems.append(Problem(trouble, first, first if last is None else last, where))

    def _without(self, version: int) -> None:
        self._no_key[version] = self._no_key.get(version, 0) + 1
