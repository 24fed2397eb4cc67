"""What a concern is about: a conversation, a piece of it or a sentence, read from the account anew.

The page's address only points; whoever raises the concern must be able to read there themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import request

from family_voice.cases.permission import NotForUs, account_for
from family_voice.interviews import record
from family_voice.people.access import Action, Resource, may
from family_voice.reports.case_pack import case_pack
from family_voice.security.sealing import Erased
from family_voice.web.access import current_roles, current_staff, seen
from family_voice.web.panel.door import seat_for
from family_voice.web.services import db, now
from family_voice.web.shared.forms import id_in


@dataclass(frozen=True)
class Source:
    """Where a concern came up; all empty if nowhere in particular."""

    interview_id: UUID | None = None
    fragment_id: UUID | None = None
    quoted: str = ""


def source() -> Source:
    """What this request's address points at, as far as this member of staff may know of it.

    Raises:
        Missing: if a lead points at a conversation that is not there.
    """
    case_id, sentence_id = _id("case"), _id("sentence")
    if case_id and sentence_id and may(current_roles(), Action.SEE, Resource.PACK):
        return _in_pack(case_id, sentence_id, _id("last") or sentence_id)
    interview_id = _id("interview")
    if interview_id is None or not may(current_roles(), Action.SEE, Resource.INTERVIEW):
        return Source()
    record.state_of(db(), interview_id)
    return _in_account(interview_id, _id("fragment"), sentence_id)


def _in_pack(case_id: UUID, first: UUID, last: UUID) -> Source:
    """The sentences of a pack from the first to the last, which follow each other in one answer."""
    seat_for(case_id)
    pack = case_pack(db(), case_id, current_staff().id, now=now())
    for account in pack.accounts:
        for answer in account.answers:
            ids = [line.sentence_id for line in answer.lines]
            if first in ids:
                lines = answer.lines[ids.index(first) :]
                lines = (
                    lines[: ids.index(last) - ids.index(first) + 1] if last in ids else lines[:1]
                )
                seen("pack", case_id, ["sentences"])
                quoted = " ".join(line.text for line in lines)
                return Source(account.speaker.interview_id, None, quoted)
    return Source()


def _in_account(interview_id: UUID, fragment_id: UUID | None, sentence_id: UUID | None) -> Source:
    if fragment_id is None and sentence_id is None:
        return Source(interview_id)
    for piece_id, each_id, text in _readable(interview_id):
        if each_id == sentence_id if sentence_id else piece_id == fragment_id and each_id is None:
            seen("interview", interview_id, ["sentences"])
            return Source(interview_id, piece_id, text)
    return Source(interview_id)


def _readable(interview_id: UUID) -> Iterator[tuple[UUID, UUID | None, str]]:
    """Every piece and every sentence: the piece's id, the sentence's, and the words."""
    try:
        account = account_for(db(), interview_id, current_staff().id, now())
    except (NotForUs, Erased):
        return
    for answer in account.answers:
        for piece in answer.pieces:
            yield piece.fragment_id, None, piece.text
            for sentence in piece.sentences:
                yield piece.fragment_id, sentence.id, sentence.text


def _id(name: str) -> UUID | None:
    return id_in(request.args.get(name))
