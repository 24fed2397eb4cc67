"""A person answers in a conversation by text: taking it over, ready sentences, giving it back.

A person sends no words of their own, because nobody knows who is holding the phone: only sentences
of the allow-list, which they see exactly as they will go, with what they cost, before they do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.reaching import staff_id
from family_voice.interviews import record
from family_voice.interviews.events import GivenBack, HandedToPerson
from family_voice.interviews.state import Stage
from family_voice.language.texts import speaking
from family_voice.messages import arriving, attention, outbox, phone_lines, segments
from family_voice.messages.segments import Segments
from family_voice.messages.templates import READY, Template
from family_voice.messages.wording import compose, day_note
from family_voice.safeguarding.rota import reads_next
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_record
from family_voice.settings import Settings
from family_voice.sms import lines, replies
from family_voice.sms.conversation import TEXT, texts

#: So long after their last text a person's sentence still answers it.
ANSWERS_WITHIN: Final = timedelta(days=1)


class NotByHand(Exception):
    """No person can write here now: nobody took it over, texts are stopped, or none ever came."""


class WordsChanged(Exception):
    """What would go out is not what was shown any more. Nothing was sent."""


@dataclass(frozen=True)
class Draft:
    """A ready sentence exactly as it would go out now. `mark` tells these words from others."""

    template: Template
    words: str
    cost: Segments
    mark: str


def take_over(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """From now on the program asks nothing by text; what waited to go is taken out of line.

    Raises:
        NotNow: if they have taken everything back.
        Missing: if there is no such interview.
    """
    record.happen(session, interview_id, HandedToPerson(TEXT), now, staff_id(by))
    outbox.cancel_queued(session, [interview_id])
    on_record(session, by, "change", "interview", interview_id, now, ["with_person"])


def give_back(
    session: Session, settings: Settings, interview_id: UUID, by: Actor, now: datetime
) -> None:
    """Let the program carry on where the conversation stands, and ask again what it had asked.

    Also where nobody took over and it fell silent by itself.

    Raises:
        NotNow: if they have taken everything back.
        Missing: if there is no such interview.
    """
    phone = arriving.phone_of(session, interview_id)
    if phone is not None:
        line, _known = lines.hold(session, phone, now)
        if line.muted_at is not None and line.interview_id in (None, interview_id):
            lines.lift(session, line, staff_id(by), now)
    if not record.hold(session, interview_id).with_person:
        return
    outcome = record.happen(session, interview_id, GivenBack(TEXT), now, staff_id(by))
    on_record(session, by, "change", "interview", interview_id, now, ["with_person"])
    if phone is not None:
        to = replies.To(interview_id, phone, f"back:{interview_id}:{now.timestamp():.0f}")
        answers = texts(outcome.effects, outcome.state)
        replies.carry_out(session, settings, to, outcome.effects, answers, now)


def see_to(session: Session, need_id: UUID, by: Actor, now: datetime) -> bool:
    """A person has seen to something. On a number that is in no conversation the program may
    answer again then.

    Returns:
        Whether it was still open.

    Raises:
        Missing: if there is no such need.
    """
    need = next((each for each in attention.open_needs(session) if each.id == need_id), None)
    if need is None:
        return attention.settle_need(session, need_id, staff_id(by), now)
    if need.interview_id is None and need.phone_index and need.need in lines.MUTES:
        line = phone_lines.held_by_index(session, need.phone_index)
        if line is not None:
            lines.lift(session, line, staff_id(by), now)
    on_record(session, by, "change", "text attention", need_id, now, [need.need.value])
    return attention.settle_need(session, need_id, staff_id(by), now)


def drafts(session: Session, settings: Settings, interview_id: UUID, now: datetime) -> list[Draft]:
    """The ready sentences as they would go out now; none where no person can write.

    Args:
        session: any session.
        settings: who we are.
        interview_id: the conversation.
        now: when.
    """
    phone = _phone(session, interview_id, now)
    if phone is None:
        return []
    return [_draft(session, settings, interview_id, phone, each, now) for each in READY]


def send(
    session: Session,
    settings: Settings,
    interview_id: UUID,
    template: Template,
    mark: str,
    occasion: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """Put one ready sentence in line, once for an occasion, in the very words that were shown.

    Args:
        session: a writing session.
        settings: who we are.
        interview_id: the conversation.
        template: which sentence.
        mark: the draft's, as shown.
        occasion: the page it was pressed on, so that pressing twice sends once.
        by: who sends it.
        now: when.

    Raises:
        NotByHand: if no person can write here now.
        WordsChanged: if the words would not be those any more.
    """
    record.hold(session, interview_id)
    phone = _phone(session, interview_id, now)
    if phone is None or template not in READY:
        raise NotByHand
    key = f"by_hand:{occasion}"
    if outbox.hold(session, key):
        return
    draft = _draft(session, settings, interview_id, phone, template, now)
    if draft.mark != mark:
        raise WordsChanged
    outbox.queue(
        session,
        interview_id,
        phone,
        template,
        draft.words,
        key,
        due_at=now,
        is_reply=_answers(session, phone, now),
        now=now,
    )
    on_record(session, by, "change", "interview", interview_id, now, ["text"])


def _phone(session: Session, interview_id: UUID, now: datetime) -> str | None:
    state = record.as_agreed(session, interview_id, now)
    unwanted = state.texts_stopped or state.wrong_number or state.stage is Stage.WITHDRAWN
    if unwanted or not state.with_person:
        return None
    phone = arriving.phone_of(session, interview_id)
    return None if phone is None or outbox.is_stopped(session, phone) else phone


def _draft(
    session: Session,
    settings: Settings,
    interview_id: UUID,
    phone: str,
    template: Template,
    now: datetime,
) -> Draft:
    with speaking(record.guide_of(session, interview_id).language):
        note = day_note(settings, reads_next(session, now))
        words = compose(template, settings)
    words = outbox.as_it_goes(session, phone, words, now, note)
    return Draft(template, words, segments.count(words), hashlib.sha256(words.encode()).hexdigest())


def _answers(session: Session, phone: str, now: datetime) -> bool:
    last = arriving.last_arrival(session, outbox.phone_index(session, phone))
    return last is not None and now - last <= ANSWERS_WITHIN
