"""What was tried to reach a family, how long it took, and whether it is safe to try."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from family_voice.cases.ledger import Outcome
from family_voice.cases.linking import unlinked
from family_voice.cases.models import Attempt, Case, Minutes
from family_voice.interviews import calls, doors, events
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
    RELAY = "relay"
    SIGNED = "signed"
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


class CallBackPassed(ValueError):
    """Somebody cannot be rung back at a moment that is over."""


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
    call_back_at: datetime | None = None,
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
        call_back_at: from when they asked to be rung back, if they did.

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
        call_back_at=call_back_at,
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


def log_call(
    session: Session,
    case_id: UUID,
    participant_id: UUID,
    outcome: Outcome,
    page: UUID,
    *,
    by: Actor,
    now: datetime,
    call_back_at: datetime | None = None,
) -> UUID:
    """Write down by one press that somebody was rung just now, and what came of it.

    Args:
        session: a writing session.
        case_id: about which case.
        participant_id: who was rung.
        outcome: what came of it.
        page: the page it comes from; pressed twice, it is one try.
        by: who rang.
        now: the present.
        call_back_at: from when they asked to be rung back; for that outcome alone.

    Returns:
        The attempt's id.

    Raises:
        CallBackPassed: if that moment is over already.
        Missing: if there is no such case, or the person does not belong to it.
    """
    if call_back_at is not None and call_back_at <= now:
        raise CallBackPassed
    lock(session, Case, case_id)
    name = uuid5(page, f"{case_id} {participant_id} {outcome}")
    if session.get(Attempt, name) is not None:
        return name
    return record_attempt(
        session,
        case_id,
        participant_id=participant_id,
        channel=Channel.TELEPHONE,
        outcome=outcome,
        at=now,
        by=by,
        now=now,
        attempt_id=name,
        call_back_at=call_back_at if outcome is Outcome.CALL_BACK else None,
    )


def take_back_attempt(
    session: Session, case_id: UUID, attempt_id: UUID, by: Actor, now: datetime
) -> None:
    """Say that an attempt was a slip, or is over: it is still shown, and counts no more.

    Who had asked to be rung, and by this attempt had been, waits again.

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
        if attempt.participant_id is not None and Outcome(attempt.outcome) in SPOKEN_TO:
            for interview_id in _interviews_of(session, attempt.participant_id):
                calls.wait_again(session, interview_id, attempt.at, now, staff_id(by))


def record_minutes(
    session: Session,
    case_id: UUID,
    step: Step,
    minutes: int,
    by: Actor,
    now: datetime,
    minutes_id: UUID | None = None,
    interview_id: UUID | None = None,
) -> None:
    """Add minutes that a case took somebody.

    `minutes_id` is a name chosen beforehand: minutes that bear it already are put right instead.
    `interview_id` is the account of the case that they went into, where it was one of them.

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
            id=minutes_id or new_id(),
            case_id=case_id,
            step=step.value,
            by=staff_id(by),
            at=now,
            interview_id=interview_id,
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

    Texts in line are cancelled when contact is no longer safe or the number is another one. From
    another number the code word they have works, and comes first; the old number opens nothing.

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
    own = _interviews_of(session, participant_id)
    for interview_id in sorted(own):  # before the person, as a text that says WRONG holds them
        lock(session, Interview, interview_id)
    after = register.change_contact(session, participant_id, version, contact)
    old, new = before.facts.contact, after.facts.contact
    names = [each.name for each in fields(new)]
    changed = [name for name in names if getattr(old, name) != getattr(new, name)]
    if new.safe_to_contact != facts.SAFE or new.mobile != old.mobile:
        cancel_queued(session, own)
    follow_number(session, participant_id, new.mobile, now)
    if new.mobile and new.mobile != old.mobile:
        session.execute(
            update(Attempt)
            .where(
                Attempt.participant_id == participant_id,
                Attempt.outcome == Outcome.WRONG_CONTACT.value,
                Attempt.put_right_at.is_(None),
            )
            .values(put_right_at=now)
        )
    if changed:
        record(session, by, "change", "participant", participant_id, now, changed)
    return after


def follow_number(session: Session, participant_id: UUID, mobile: str, now: datetime) -> None:
    """Let somebody's conversations by text go on from the number that we have for them now.

    Args:
        session: a writing session.
        participant_id: whose.
        mobile: their number, in E.164 form; empty for none.
        now: when.
    """
    for interview_id in _interviews_of(session, participant_id):
        if doors.move_phone(session, interview_id, mobile):
            nobody_known_by_text(session, interview_id, now)


def nobody_known_by_text(session: Session, interview_id: UUID, now: datetime) -> None:
    """Let the code word come first again in a conversation that has got another number."""
    state = interview_record.state_of(session, interview_id)
    if events.Channel.TEXT in state.recognised:
        event = events.NumberChanged(events.Channel.TEXT)
        interview_record.happen(session, interview_id, event, now)


def calls_without_case(
    session: Session, on_no_case: list[UUID] | None = None
) -> list[tuple[UUID, datetime]]:
    """Accounts on no case (or of these, that are on none) that asked to be rung, and since when;
    who waits longest is first."""
    waiting = session.execute(
        select(Interview.id, Interview.call_wanted_at)
        .where(Interview.call_wanted_at.is_not(None))
        .order_by(Interview.call_wanted_at, Interview.id)
    )
    among = set(unlinked(session) if on_no_case is None else on_no_case)
    return [(each, at) for each, at in waiting if each in among and at is not None]


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
            _rung(session, interview_id, how, by, now)


def _rung(
    session: Session, interview_id: UUID, channel: events.Channel, by: Actor, now: datetime
) -> None:
    happened = events.Rung(channel)
    interview_record.happen(session, interview_id, happened, now, recorded_by=staff_id(by))


def _interviews_of(session: Session, participant_id: UUID) -> list[UUID]:
    return list(
        session.scalars(select(Interview.id).where(Interview.participant_id == participant_id))
    )


def staff_id(by: Actor) -> UUID | None:
    """The member of staff an actor is, if they are one."""
    return by.id if by.kind == "staff" else None
