"""Changing the codebook: with a reason, from the version that was looked at, on record for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from family_voice.security.sealing import KeyKind, Place, new_key, open_keys, seal, unseal_optional
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, one_at_a_time
from family_voice.themes.codebook import Codebook, as_plain, load_codebook
from family_voice.themes.codebook_changes import Change, Kind, Reword, Undo, touched
from family_voice.themes.codebook_models import CodebookVersion
from family_voice.themes.codebooks import at_version, current, kept_anew, newest_kept

_TABLE = CodebookVersion.__tablename__


class ReasonMissing(ValueError):
    """A change without a reason."""


class MovedOn(Exception):
    """Somebody else changed the codebook since it was looked at; nothing was changed."""


@dataclass(frozen=True)
class Made:
    """One change as the history shows it. `undoes` is the version whose change it took back."""

    version: int
    kind: Kind
    about: tuple[str, ...]
    reason: str
    by: UUID | None
    at: datetime
    undoes: int | None = None


def change(
    session: Session, made: Change, seen: int, reason: str, by: UUID | None, now: datetime
) -> Codebook:
    """Change the codebook.

    Args:
        session: a writing session.
        made: what is changed.
        seen: the version that the person had before them.
        reason: why, in their words.
        by: who; None for the operator.
        now: when.

    Returns:
        The codebook as it is now.

    Raises:
        BadChange: if it cannot be made.
        ReasonMissing: without a reason.
        MovedOn: if the codebook has been changed since that version.
    """
    return _keep(session, made, made.kind, seen, reason, by, now)


def undo(
    session: Session, version: int, seen: int, reason: str, by: UUID, now: datetime
) -> Codebook:
    """Take back the change that made a version, by another change. Takes and raises as `change`.

    Raises:
        Missing: if no change made that version.
    """
    return _keep(session, to_undo(session, version), Kind.UNDO, seen, reason, by, now, version)


def to_undo(session: Session, version: int) -> Undo:
    """The change that takes back what made a version. Raises `Missing` if no change made it."""
    changes = CodebookVersion.key_id.is_not(None)
    made = select(CodebookVersion.id).where(CodebookVersion.version == version, changes)
    if session.scalar(made) is None:
        raise Missing(_TABLE)
    return Undo(at_version(session, version - 1), at_version(session, version))


def preview(session: Session, made: Change) -> Codebook:
    """What the codebook would be. Raises `BadChange`."""
    return made.apply(current(session))


def history(session: Session, code: str | None = None) -> tuple[Made, ...]:
    """Every change, the newest first; or those that touched a code. Not the starter itself."""
    rows = session.scalars(
        select(CodebookVersion)
        .where(CodebookVersion.key_id.is_not(None))
        .options(defer(CodebookVersion.content), defer(CodebookVersion.merged))
        .order_by(CodebookVersion.version.desc())
    ).all()
    wanted = [row for row in rows if code is None or code in row.about]
    open_keys(session, [row.key_id for row in wanted if row.key_id])
    return tuple(_made(session, row) for row in wanted)


def _made(session: Session, row: CodebookVersion) -> Made:
    assert row.key_id is not None  # a change has a reason, and its key
    return Made(
        version=row.version,
        kind=Kind(row.change),
        about=tuple(row.about),
        reason=unseal_optional(session, row.key_id, Place(_TABLE, "reason", row.id), row.reason),
        by=row.by,
        at=row.at,
        undoes=row.undoes,
    )


def _keep(
    session: Session,
    made: Change,
    kind: Kind,
    seen: int,
    reason: str,
    by: UUID | None,
    now: datetime,
    undoes: int | None = None,
) -> Codebook:
    if not reason.strip():
        raise ReasonMissing
    one_at_a_time(session, "codebook")
    book = newest_kept(session)
    if book.version != seen:
        raise MovedOn
    new = made.apply(book)
    if kind is Kind.REWORD and isinstance(made, Reword) and made.renames(book):
        kind = Kind.RENAME
    if book == load_codebook():
        _add(session, book, Kind.STARTER, (), now)
    row = _add(session, new, kind, touched(book, new), now)
    row.by, row.undoes = by, undoes
    row.key_id = new_key(session, KeyKind.CODEBOOK, row.id, now)
    row.reason = seal(session, row.key_id, Place(_TABLE, "reason", row.id), reason.strip())
    session.flush()
    kept_anew(session, new)
    return new


def _add(
    session: Session, book: Codebook, kind: Kind, about: tuple[str, ...], now: datetime
) -> CodebookVersion:
    row = CodebookVersion(
        id=new_id(),
        version=book.version,
        change=kind.value,
        about=list(about),
        content=as_plain(book),
        merged=book.merged,
        at=now,
    )
    session.add(row)
    session.flush()
    return row
