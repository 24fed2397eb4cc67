"""One text of a conversation as somebody may see it, or why its words are not shown.

The links in our own texts, which would open a family's pages, are never shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.permission import (
    account_for,
    lead_may_read,
    said_of_permission,
    works_with_family,
)
from family_voice.interviews import log, record
from family_voice.interviews.events import Channel, Said
from family_voice.interviews.log import Step
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Account, Piece
from family_voice.messages.thread import Line
from family_voice.security.sealing import Erased
from family_voice.sms import commands

_LINK: Final = re.compile(r"(/i/)[\w-]+")
#: Of whom nothing that was said is shown any more, by either side.
OVER: Final = (Stage.DECLINED, Stage.WITHDRAWN)


class Hidden(StrEnum):
    """Why the words of a text are not shown."""

    NOT_AGREED = "not_agreed"
    NOT_KEPT = "not_kept"  # a code word, or what came before they agreed
    CHANGED = "changed"  # they put it right, or took it out, since
    KEPT_BACK = "kept_back"  # from somebody who works with the family
    GONE = "gone"  # cleared away


@dataclass(frozen=True)
class Shown:
    """One text as this reader may see it. `piece` is set where it stands in the account."""

    line: Line
    body: str
    hidden: Hidden | None = None
    piece: Piece | None = None
    prompt_id: str = ""
    flagged: bool = False


def shown(
    session: Session,
    interview_id: UUID,
    state: State,
    readable: bool,
    found: Sequence[Line],
    reader: UUID,
    now: datetime,
) -> list[Shown]:
    """The texts of one conversation, each as this reader may see it.

    Args:
        session: any session.
        interview_id: which.
        state: where it stands.
        readable: what `may_show` said.
        found: the texts, in order.
        reader: who reads.
        now: the moment of showing.
    """
    if not readable:
        return [_without_words(line, state) for line in found]
    pieces = pieces_of(account_for(session, interview_id, reader, now))
    if state.apart:
        pieces |= pieces_of(said_of_permission(session, interview_id, reader, now))
    said = _said_at(log.steps(session, interview_id))
    works_with = works_with_family(session, interview_id, reader)
    texts = []
    for line in found:
        if line.ours:
            texts.append(_our_own(line))
            continue
        fragments = said.get(line.at)
        fragment_id = fragments.pop(0) if fragments else None
        texts.append(_theirs(line, fragment_id, state, pieces, works_with))
    return texts


def _theirs(
    line: Line,
    fragment_id: UUID | None,
    state: State,
    pieces: dict[UUID, Piece],
    works_with: bool,
) -> Shown:
    if fragment_id is None:
        # A command, or an answer to a decision; whoever works with them sees no words but those.
        if not line.body:
            return Shown(line, "", Hidden.NOT_KEPT)
        if works_with and commands.read(line.body) is None:
            return Shown(line, "", Hidden.KEPT_BACK)
        return Shown(line, line.body)
    place, piece = state.place_of(fragment_id), pieces.get(fragment_id)
    if place is None:
        return Shown(line, "", Hidden.CHANGED)
    if piece is None:
        return Shown(line, "", Hidden.KEPT_BACK)
    return Shown(line, piece.text, None, piece, place, fragment_id in state.flagged)


def _without_words(line: Line, state: State) -> Shown:
    if line.ours and line.body and state.stage not in OVER:
        return _our_own(line)
    return Shown(line, "", Hidden.GONE if line.ours else Hidden.NOT_AGREED)


def _our_own(line: Line) -> Shown:
    return Shown(line, without_links(line.body), None if line.body else Hidden.GONE)


def without_links(words: str) -> str:
    """A text of ours without what would open a family's pages."""
    return _LINK.sub(r"\1…", words)


def _said_at(steps: Sequence[Step]) -> dict[datetime, list[UUID]]:
    """The fragments that came by text, by the moment they came, which is their text's own."""
    found: dict[datetime, list[UUID]] = defaultdict(list)
    for step in steps:
        if isinstance(step.event, Said) and step.event.channel is Channel.TEXT:
            found[step.at].append(step.event.fragment_id)
    return found


def pieces_of(account: Account) -> dict[UUID, Piece]:
    """An account's pieces by their fragments."""
    return {piece.fragment_id: piece for answer in account.answers for piece in answer.pieces}


def may_show(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether what they wrote may be shown to anybody."""
    if not lead_may_read(session, interview_id, now):
        return False
    try:
        record.account(session, interview_id)
    except Erased:
        return False
    return True
