"""A call that nobody took: whose it may have been, and that they wait to be rung.

The letter with few words asks people to let it ring twice and put the phone down; so a missed call
is a family asking to be rung, as though they had pressed the button.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.models import Case
from family_voice.cases.permission import NotForUs, account_for
from family_voice.cases.reaching import staff_id
from family_voice.interviews import record as interview_record
from family_voice.interviews.events import NOTES, AskedForCall, Channel
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.messages.outbox import phone_index
from family_voice.people import facts, register
from family_voice.people.models import Participant
from family_voice.security.sealing import Erased
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import fetch


@dataclass(frozen=True)
class Caller:
    """Somebody who has this number, and the conversation they were invited to.

    `waits`: that they want to be rung is written down already.
    """

    interview_id: UUID
    participant_id: UUID
    case_id: UUID
    reference: str
    name: str
    safe: bool
    waits: bool


def callers(session: Session, phone: str) -> list[Caller]:
    """Who may have rung from a number: everybody who was invited and has it, newest first.

    Args:
        session: any session.
        phone: the number, in E.164 form.
    """
    rows = session.execute(
        select(Interview.id, Interview.call_wanted_at, Participant.id)
        .join(Participant, Participant.id == Interview.participant_id)
        .where(Participant.mobile_index == phone_index(session, phone))
        .order_by(Interview.made_at.desc(), Interview.id)
    ).all()
    found = []
    for interview_id, waits_since, participant_id in rows:
        case_id = case_of(session, interview_id)
        person = register.person(session, participant_id)
        if case_id is None or person is None:
            continue
        case = fetch(session, Case, case_id)
        child = register.children(session, [case.child_id])[case.child_id]
        if case.stood_down_at is None and child.facts.reference:
            found.append(
                Caller(
                    interview_id,
                    participant_id,
                    case_id,
                    child.facts.reference,
                    person.facts.name,
                    person.facts.contact.safe_to_contact == facts.SAFE,
                    waits_since is not None,
                )
            )
    return found


def said_with_it(
    session: Session, interview_id: UUID, reader: UUID, now: datetime
) -> tuple[str, ...]:
    """What somebody texted since they asked to be rung, such as when to, as far as it answers no
    question; nothing where nobody waits, or their words are not for this reader.

    Args:
        session: any session.
        interview_id: their conversation.
        reader: who is to ring them.
        now: the moment of showing.

    Raises:
        Missing: if there is no such conversation.
    """
    asked_at = fetch(session, Interview, interview_id).call_wanted_at
    if asked_at is None:
        return ()
    try:
        notes = account_for(session, interview_id, reader, now).answer(NOTES)
    except (NotForUs, Erased):
        return ()
    return tuple(
        piece.text
        for piece in (notes.pieces if notes is not None else ())
        if piece.channel is Channel.TEXT and piece.at >= asked_at
    )


def note(session: Session, interview_id: UUID, by: Actor, now: datetime) -> bool:
    """Write down that somebody rang and nobody took it: they wait to be rung.

    Args:
        session: a writing session.
        interview_id: their conversation.
        by: who noticed.
        now: when.

    Returns:
        Whether it is new; False where they waited already, or took everything back.

    Raises:
        Missing: if there is no such conversation.
    """
    state = interview_record.hold(session, interview_id)
    if state.call_wanted or state.stage is Stage.WITHDRAWN:
        return False
    interview_record.happen(
        session, interview_id, AskedForCall(Channel.TELEPHONE), now, recorded_by=staff_id(by)
    )
    record(session, by, "change", "interview", interview_id, now, ["call_wanted_at"])
    return True
