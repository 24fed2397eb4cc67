"""Cutting out of an account the sentences that are about one of several children.

The account itself stays as it was told. A part is an account of its own, with its own key: whose
words each piece is in, who helped, when it was said, and what is kept from whom, all stay with it.
What the family decided for the whole holds for it, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent import parts
from family_voice.consent.decisions import standing
from family_voice.consent.statements import FIRST, Purpose
from family_voice.interviews import record, translating, words
from family_voice.interviews.events import Agreed, Channel, Finished, Opened, ReadBack
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.words import WATCHER, Account, Piece, SentenceView, Speaker
from family_voice.people.facts import is_own_voice
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class NotFinished(Exception):
    """They have not sent it yet: what they still change would be missing in the parts."""


class NotToPart(Exception):
    """A child's own account, or itself a part: it is about one child."""


def may_part(session: Session, interview_id: UUID) -> bool:
    """Whether an account is of a kind that can be about several children. Raises Missing."""
    interview = fetch(session, Interview, interview_id)
    is_part = parts.origin_of(session, interview_id) is not None
    return not is_own_voice(interview.guide_audience) and not is_part


def cut_out(
    session: Session,
    origin_id: UUID,
    sentence_ids: Collection[UUID],
    *,
    participant_id: UUID | None,
    round_id: UUID,
    speaker: Speaker,
    by: UUID,
    now: datetime,
    shared: tuple[str, datetime] | None = None,
) -> UUID:
    """Make an account of some of the sentences of another.

    Args:
        session: a writing session.
        origin_id: the account they stand in.
        sentence_ids: which sentences.
        participant_id: who spoke, where they are known to belong to this child.
        round_id: the round of the case it is for.
        speaker: what is kept of who spoke, and of the child.
        by: the member of staff who parts them.
        now: when.
        shared: how and when the family agreed to what is about several children standing with each.

    Returns:
        The part.

    Raises:
        NotFinished: if the account is not sent.
        NotToPart: if it cannot be about several children.
    """
    origin = lock(session, Interview, origin_id)
    if not may_part(session, origin_id):
        raise NotToPart
    if origin.sent_at is None:
        raise NotFinished
    whole = record.account(session, origin_id)
    decided = standing(session, origin_id, now)
    part_id = record.begin(
        session,
        audience=origin.guide_audience,
        language=origin.language,
        now=origin.made_at,
        participant_id=participant_id,
        round_id=round_id,
        speaker=speaker,
    )
    part = lock(session, Interview, part_id)
    part.guide_version = origin.guide_version
    parts.make_part(session, part_id, origin_id, by, now, shared)
    then, channel = origin.sent_at, record.state_of(session, origin_id).channel or Channel.WEB
    record.happen(session, part_id, Opened(channel), then, by)
    _agree(session, part_id, {each for each in decided if each in FIRST}, channel, then, by)
    with _unwatched(session):
        _copy(session, part, whole, set(sentence_ids), by)
    if origin.read_back_at is not None:
        record.happen(session, part_id, ReadBack(channel, right=True), then, by)
    record.happen(session, part_id, Finished(channel), then, by)
    _agree(session, part_id, {each for each in decided if each not in FIRST}, channel, then, by)
    part.hear_back = None
    # Sent again later, the account it is cut out of is no later one.
    part.first_sent_at = origin.first_sent_at
    session.flush()
    return part_id


def _agree(
    session: Session,
    part_id: UUID,
    purposes: Collection[Purpose],
    channel: Channel,
    then: datetime,
    by: UUID,
) -> None:
    """Tell the part's log what was decided; whether it still stands is asked of the whole."""
    decided = standing(session, part_id, then)
    for purpose in (each for each in Purpose if each in purposes):
        event = Agreed(channel, purpose.value, decided[purpose].yes)
        record.happen(session, part_id, event, then, by)


def _copy(session: Session, part: Interview, whole: Account, chosen: set[UUID], by: UUID) -> None:
    for answer in whole.answers:
        for piece in answer.pieces:
            kept = [each for each in piece.sentences if each.id in chosen]
            if not kept:
                continue
            text = piece.text
            if len(kept) < len(piece.sentences):
                text = " ".join(each.text for each in kept)
            fragment_id = new_id()
            record.say(
                session,
                part.id,
                text,
                channel=piece.channel,
                now=piece.at,
                prompt_id=answer.prompt_id,
                manner=piece.manner,
                speaker=piece.speaker,
                recorded_by=piece.recorded_by,
                fragment_id=fragment_id,
            )
            _as_it_was(session, part, fragment_id, piece, kept, by)


def _as_it_was(
    session: Session,
    part: Interview,
    fragment_id: UUID,
    piece: Piece,
    kept: list[SentenceView],
    by: UUID,
) -> None:
    """What belongs to a piece stays with it: its language, who helped, marks and translations."""
    row = fetch(session, Fragment, fragment_id)
    row.language = piece.language
    row.helped_by = piece.helped_by.value if piece.helped_by else None
    session.flush()
    [copied] = words.pieces(session, part, [fragment_id])
    before = {each.text: each for each in kept}
    # A mark is a promise: what cannot be told apart from a marked sentence is marked as well.
    lost = any(each.not_for_workers for each in kept) and {
        each.text for each in kept if each.not_for_workers
    } - {each.text for each in copied.sentences}
    marked = {
        each.id
        for each in copied.sentences
        if (before[each.text].not_for_workers if each.text in before else lost)
    }
    words.mark(session, part, [fragment_id], marked)
    for each in copied.sentences:
        translation = before[each.text].translation if each.text in before else None
        if translation is not None:
            translating.translate(
                session,
                part.id,
                {each.id: translation.text},
                by=translation.by,
                recorded_by=by,
                now=translation.at,
            )


@contextmanager
def _unwatched(session: Session) -> Iterator[None]:
    """What is copied was looked at when it came."""
    watcher = session.info.pop(WATCHER, None)
    try:
        yield
    finally:
        if watcher is not None:
            session.info[WATCHER] = watcher
