"""Memos: what a coder noted beside an account, an answer, a sentence, or a code on one of them.

A memo is about words, as a coding is: when the family takes an answer back or rewords a sentence,
a memo on it is shown no more. It stays through any recoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview
from family_voice.security.sealing import Place, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch, lock
from family_voice.themes.codebooks import current
from family_voice.themes.coding import NoSuchCode, NotInAccount, standing_units
from family_voice.themes.coding_log import Unit
from family_voice.themes.memo_models import MemoRow
from family_voice.themes.second_coding import codes_blind

#: Room for a thought, not for an essay.
LONGEST_MEMO = 4_000


class NothingNoted(ValueError):
    """A memo without words."""


class MemoTooLong(ValueError):
    """A memo that is longer than there is room for."""


@dataclass(frozen=True)
class Memo:
    """One memo. Without a unit it is about the whole account; with a code, about that code there.

    `code` is the code that counts today for the one that the memo was written on.
    """

    id: UUID
    unit: Unit | None
    code: str | None
    text: str
    by: UUID
    at: datetime


def note(
    session: Session,
    interview_id: UUID,
    unit: Unit | None,
    code: str | None,
    text: str,
    by: UUID,
    now: datetime,
) -> UUID:
    """Write a memo down.

    Args:
        session: a writing session.
        interview_id: on which account.
        unit: on which answer or sentence of it; None for the whole account.
        code: on which code there, if it is about one.
        text: what to note.
        by: who notes it.
        now: when.

    Returns:
        The memo's id.

    Raises:
        NothingNoted: if there are no words.
        MemoTooLong: if there are more than `LONGEST_MEMO` letters.
        NotInAccount: if the unit is not part of the account as it stands, or there is a code and
            no unit.
        NoSuchCode: if the codebook has no such code.
    """
    words = text.strip()
    if not words:
        raise NothingNoted
    if len(words) > LONGEST_MEMO:
        raise MemoTooLong
    interview = lock(session, Interview, interview_id)
    if (code and unit is None) or (unit and unit not in standing_units(session, interview_id)):
        raise NotInAccount
    if code and code not in current(session).codes:
        raise NoSuchCode
    memo_id = new_id()
    session.add(
        MemoRow(
            id=memo_id,
            interview_id=interview_id,
            prompt=unit.prompt_id if unit else None,
            sentence_id=unit.sentence_id if unit else None,
            code=code or None,
            text=seal(session, interview.key_id, _place(memo_id), words),
            by=by,
            at=now,
        )
    )
    session.flush()
    return memo_id


def take_away(session: Session, interview_id: UUID, memo_id: UUID, by: UUID) -> None:
    """Take away a memo of one's own.

    Raises:
        Missing: if it is gone, of another account, or somebody else's.
    """
    lock(session, Interview, interview_id)
    mine = (MemoRow.id == memo_id, MemoRow.interview_id == interview_id, MemoRow.by == by)
    if not session.execute(delete(MemoRow).where(*mine).returning(MemoRow.id)).all():
        raise Missing(MemoRow.__tablename__)
    session.flush()


def memos_on(
    session: Session, interview_id: UUID, *, reader: UUID | None = None
) -> tuple[Memo, ...]:
    """The memos on an account as it stands, in the order they were written.

    Args:
        session: any session.
        interview_id: whose.
        reader: who will read them. Somebody who codes the account blind gets their own alone:
            another's memo may say what they put.
    """
    rows = session.scalars(
        select(MemoRow).where(MemoRow.interview_id == interview_id).order_by(MemoRow.at, MemoRow.id)
    ).all()
    if reader is not None and codes_blind(session, interview_id, reader):
        rows = [row for row in rows if row.by == reader]
    if not rows:
        return ()
    key_id = fetch(session, Interview, interview_id).key_id
    standing = standing_units(session, interview_id)
    became = current(session).merged
    found = []
    for row in rows:
        unit = Unit(row.prompt, row.sentence_id) if row.prompt else None
        if unit is None or unit in standing:
            code = became.get(row.code, row.code) if row.code else None
            text = unseal(session, key_id, _place(row.id), row.text)
            found.append(Memo(row.id, unit, code, text, row.by, row.at))
    return tuple(found)


def forget_memos(session: Session, interview_id: UUID) -> None:
    """Let go of an account's memos."""
    session.execute(delete(MemoRow).where(MemoRow.interview_id == interview_id))
    session.flush()


def _place(memo_id: UUID) -> Place:
    return Place("memo", "text", memo_id)
