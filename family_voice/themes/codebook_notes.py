"""What coders note of a code wherever it is used: how the team reads it, what was agreed.

A note stays with its code through every change of the codebook; of a code that was merged, it is
shown with what that became.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.security.sealing import KeyKind, Place, new_key, open_keys, seal, unseal
from family_voice.storage.base import new_id
from family_voice.themes.codebook_models import CodebookNote
from family_voice.themes.codebooks import current
from family_voice.themes.coding import NoSuchCode

LONGEST_NOTE = 2_000
_TABLE = CodebookNote.__tablename__


class NothingNoted(ValueError):
    """A note without words, or with more than there is room for."""


@dataclass(frozen=True)
class Note:
    """One note. `code` is the one that it was written of."""

    code: str
    text: str
    by: UUID
    at: datetime


def note(session: Session, code: str, text: str, by: UUID, now: datetime) -> None:
    """Note something of a code.

    Raises:
        NoSuchCode: if there never was such a code.
        NothingNoted: without words, or with too many.
    """
    if code not in current(session).codes:
        raise NoSuchCode
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise NothingNoted
    row_id = new_id()
    key_id = new_key(session, KeyKind.CODEBOOK, row_id, now)
    sealed = seal(session, key_id, Place(_TABLE, "text", row_id), text.strip())
    session.add(CodebookNote(id=row_id, code=code, key_id=key_id, text=sealed, by=by, at=now))
    session.flush()


def notes_of(session: Session, code: str) -> tuple[Note, ...]:
    """The notes of a code and of those that were merged into it, the newest first."""
    book = current(session)
    became = [each for each in book.codes if book.now(each).id == code or each == code]
    rows = session.scalars(
        select(CodebookNote)
        .where(CodebookNote.code.in_(became))
        .order_by(CodebookNote.at.desc(), CodebookNote.id)
    ).all()
    open_keys(session, [row.key_id for row in rows])
    return tuple(
        Note(
            row.code,
            unseal(session, row.key_id, Place(_TABLE, "text", row.id), row.text),
            row.by,
            row.at,
        )
        for row in rows
    )
