"""What was tried to reach a family, how long it took, and whether it is safe to try."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.ledger import Outcome
from family_voice.cases.linking import unlinked
from family_voice.cases.models import Attempt, Case, Minutes
from family_voice.interviews import events
from family_voice.interviews import record as interview_record
from family_voice.interviews.models import Interview
from family_voice.messages.outbox import cancel_queued
from family_voice.people import facts, register
from family_voice.people.facts import ContactFacts, PersonView
from family_voice.people.models import Participant
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch, lock

MOST_MINUTES = 600
#: The outcomes that say somebody was spoken to.
SPOKEN_TO = frozenset({Outcome.SPOKE, Outcome.CALL_BACK, Outcome.DECLINED})


class Channel(StrEnum):
    """How somebody was tried."""

    TELEPHONE = "telephone"
    TEXT = "text"
    LETTER = "letter"
    EMAIL = "email"
    VIDEO = "video"
    FACE_TO_FACE = "face_to_face"
    THROUGH_SOMEBODY = "through_somebody"


class Step(StrEnum):
    """What the minutes went into. All but `talk` is what the program means to make shorter."""

    INVITE = "invite"
    CALL = "call"
    TALK = "talk"
    WRITE_UP = "write_up"
    READ_BACK = "read_back"
    CODE = "code"
    OTHER = "other"


class NotYet(ValueError):
    """An attempt lies in the future."""


class Sent(ValueError):
    """What was sent went out, and cannot be taken back."""


class OddMinutes(ValueError):
    """Minutes must be between 1 and `MOST_MINUTES`."""


def record_attempt(
    session: Session,
    case_id: UUID,
    *,
    participant_id: UUID | None,
    channel: Channel,
    outcome: Outcome,
    at: datetime,
    by: Actor,
    now: datetime,
    minutes: int = 0,
    attempt_id: UUID | None = None,
) -> UUID:
    """Write down one try at reaching somebody, and the minutes it took.

    Who was spoken to has been rung, if they had asked for that. To who said no, nothing that waits
    is sent any more.

    Args:
        session: a writing session.
        case_id: which case.
        participant_id: whom; None where nobody in particular was meant.
        channel: how.
        outcome: what came of it.
        at: when it was tried.
        by: who tried.
        now: the present.
        minutes: how long it took; 0 for not said.
        attempt_id: a name chosen beforehand; None for any.

    Returns:
        The attempt's id.

    Raises:
        NotYet: if it lies in the future.
        OddMinutes: if the minutes cannot be right.
        Missing: if there is no such case, or the person does not belong to it.
    """
    case = fetch(session, Case, case_id)
    person = fetch(session, Participant, participant_id) if participant_id else None
    if person is not None and person.child_id != case.child_id:
        raise Missing("participant")
    if at > now:
        raise NotYet
    attempt = Attempt(
        id=attempt_id or new_id(),
        case_id=case_id,
        participant_id=participant_id,
        channel=channel.value,
        outcome=outcome.value,
        by=staff_id(by),
        at=at,
    )
    session.add(attempt)
    session.flush()
    if participant_id is not None and outcome in SPOKEN_TO:
        _called(session, participant_id, channel, at, by, now)
    if participant_id is not None and outcome is Outcome.DECLINED:
        cancel_queued(session, _interviews_of(session, participant_id))
    if minutes:
        record_minutes(session, case_id, Step.CALL, minutes, by, now)
    record(session, by, "change", "case", case_id, now, ["attempt"])
    return attempt.id


def take_back_attempt(
    session: Session, case_id: UUID, attempt_id: UUID, by: Actor, now: datetime
) -> None:
    """Say that an attempt was a slip, or is over: it is still shown, and counts no more.

    Raises:
        Sent: if something went out.
        Missing: if the case has no such attempt.
    """
    attempt = lock(session, Attempt, attempt_id)
    if attempt.case_id != case_id:
        raise Missing("attempt")
    if attempt.outcome == Outcome.SENT.value:
        raise Sent
    if attempt.taken_back_at is None:
        attempt.taken_back_at = now
        session.flush()
        record(session, by, "take_back", "attempt", attempt_id, now, ["outcome"])


def record_minutes(
    session: Session,
    case_id: UUID,
    step: Step,
    minutes: int,
    by: Actor,
    now: datetime,
    minutes_id: UUID | None = None,
) -> None:
    """Add minutes that a case took somebody.

    `minutes_id` is a name chosen beforehand: minutes that bear it already are put right instead.

    Raises:
        OddMinutes: if they cannot be right.
        Missing: if there is no such case.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise OddMinutes
    fetch(session, Case, case_id)
    found = session.get(Minutes, minutes_id) if minutes_id else None
    if found is None:
        found = Minutes(
            id=minutes_id or new_id(), case_id=case_id, step=step.value, by=staff_id(by), at=now
        )
        session.add(found)
    elif found.minutes == minutes:
        return
    found.minutes = minutes
    session.flush()
    record(session, by, "change", "case", case_id, now, ["minutes"])


def say_tried_enough(
    session: Session, case_id: UUID, enough: bool, by: Actor, now: datetime
) -> None:
    """Say that all the agreed attempts have been made, or that they have not."""
    lock(session, Case, case_id).tried_enough = enough
    session.flush()
    record(session, by, "change", "case", case_id, now, ["tried_enough"])


def change_contact(
    session: Session,
    participant_id: UUID,
    version: int,
    contact: ContactFacts,
    by: Actor,
    now: datetime,
) -> PersonView:
    """Change how somebody may be reached, and stop what would go out against it.

    Texts in line are cancelled when contact is no longer safe or the number is another one.

    Args:
        session: a writing session.
        participant_id: who.
        version: the version that the person who changes it was looking at.
        contact: how it is to stand.
        by: who changes it.
        now: when.

    Returns:
        The person as now stored.

    Raises:
        register.Changed: if somebody else changed it since; nothing is changed then.
        register.NobodyConfirmed: if yes or no is given without who confirmed it.
        Missing: if there is no such person.
    """
    before = register.person(session, participant_id)
    if before is None:
        raise Missing("participant")
    after = register.change_contact(session, participant_id, version, contact)
    old, new = before.facts.contact, after.facts.contact
    names = [each.name for each in fields(new)]
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    if new.safe_to_contact != facts.SAFE or new.mobile != old.mobile:
        cancel_queued(
            session,
            _interviews_of(session, participant_id),
        )
    if changed:
        record(session, by, "change", "participant", participant_id, now, changed)
    return after


def say_rung(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """Say that somebody who asked to be rung has been: for accounts the call pad cannot open.

    Raises:
        Missing: if there is no such account.
    """
    if lock(session, Interview, interview_id).call_wanted_at is None:
        return  # somebody else has just said so, or they said no
    _open_by(session, interview_id, events.Channel.TELEPHONE, by, now)
    record(session, by, "change", "interview", interview_id, now, ["call_wanted_at"])


def calls_without_case(session: Session) -> list[tuple[UUID, datetime]]:
    """Accounts on no case that asked to be rung, and since when; who waits longest is first."""
    waiting = session.execute(
        select(Interview.id, Interview.call_wanted_at)
        .where(Interview.call_wanted_at.is_not(None))
        .order_by(Interview.call_wanted_at, Interview.id)
    )
    on_no_case = set(unlinked(session))
    return [(each, at) for each, at in waiting if each in on_no_case and at is not None]


def _called(
    session: Session, participant_id: UUID, channel: Channel, at: datetime, by: Actor, now: datetime
) -> None:
    """They have been spoken to, by this channel: whoever asked before is rung."""
    try:
        how = events.Channel(channel.value)
    except ValueError:
        how = events.Channel.TELEPHONE
    if how in (events.Channel.WEB, events.Channel.TEXT):
        how = events.Channel.TELEPHONE
    for interview_id in _interviews_of(session, participant_id):
        asked = fetch(session, Interview, interview_id).call_wanted_at
        # An attempt is written down to the minute.
        if asked is not None and asked.replace(second=0, microsecond=0) <= at:
            _open_by(session, interview_id, how, by, now)


def _open_by(
    session: Session, interview_id: UUID, channel: events.Channel, by: Actor, now: datetime
) -> None:
    happened = events.Opened(channel)
    interview_record.happen(session, interview_id, happened, now, recorded_by=staff_id(by))


def _interviews_of(session: Session, participant_id: UUID) -> list[UUID]:
    return list(
        session.scalars(select(Interview.id).where(Interview.participant_id == participant_id))
    )


def staff_id(by: Actor) -> UUID | None:
    """The member of staff an actor is, if they are one."""
    return by.id if by.kind == "staff" else None
