"""Talking with somebody about a case: beginning, and writing down what the sitting took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import gather
from family_voice.cases.ledger import Outcome
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Attempt, Case, Minutes
from family_voice.cases.reaching import Channel, Step, record_attempt, record_minutes, staff_id
from family_voice.cases.rounds import round_of_session
from family_voice.cases.sittings import Presence, sit_down
from family_voice.cases.who_decides import Ask, ask, lift_own_no
from family_voice.consent.who import Obstacle
from family_voice.interviews import about, events
from family_voice.interviews import record as interview_record
from family_voice.language.texts import to_begin_in
from family_voice.people import facts, register
from family_voice.people.facts import PersonView
from family_voice.people.models import Child, Family
from family_voice.security.trail import Actor
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch, lock

#: How one talks with somebody in person.
WAYS = (
    events.Channel.TELEPHONE,
    events.Channel.VIDEO,
    events.Channel.FACE_TO_FACE,
    events.Channel.RELAY,
    events.Channel.SIGNED,
)
#: What forbids us to approach somebody, and not to listen to who has come to us themselves.
UNLESS_THEY_CAME = frozenset(
    {Obstacle.OWN_NO, Obstacle.NEEDS_SOCIAL_WORKER, Obstacle.NOT_TO_BE_APPROACHED}
)

#: Nobody else is there.
ALONE = Presence()


class StoodDown(Exception):
    """The case left the sample: nobody is asked about it any more."""


class NotSafe(Exception):
    """Nobody has confirmed that contact is safe, and they did not come to us themselves."""


class MayNotAsk(Exception):
    """Something has to be written down, or forbids it; `obstacle` says what."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True)
class Talk:
    """Somebody who may speak about a case, and their conversation if it has begun."""

    case_id: UUID
    round_id: UUID
    person: PersonView
    interview_id: UUID | None
    stood_down: bool
    ask: Ask

    @property
    def safe(self) -> bool:
        """A person who knows has said that contact is safe."""
        return self.person.facts.contact.safe_to_contact == facts.SAFE


def talk_of(session: Session, case_id: UUID, participant_id: UUID, now: datetime) -> Talk:
    """Somebody's conversation about a case.

    Raises:
        Missing: if there is no such case, or the person does not belong to it.
    """
    case = fetch(session, Case, case_id)
    person = register.person(session, participant_id)
    if person is None or person.child_id != case.child_id:
        raise Missing("participant")
    own = [
        each.interview_id
        for each in gather(session, [case], now)[0].accounts
        if each.participant_id == participant_id and not each.came_by_themselves
    ]
    return Talk(
        case_id=case_id,
        round_id=round_of_session(session, case.session_id).id,
        person=person,
        interview_id=own[-1] if own else None,
        stood_down=case.stood_down_at is not None,
        ask=ask(session, case, person, now),
    )


def begin_talk(
    session: Session,
    case_id: UUID,
    participant_id: UUID,
    channel: events.Channel,
    *,
    came_to_us: bool,
    by: Actor,
    now: datetime,
    presence: Presence = ALONE,
) -> UUID:
    """Begin or carry on a conversation, and put its account on the case.

    Args:
        session: a writing session.
        case_id: which case.
        participant_id: with whom.
        channel: how they talk, one of `WAYS`.
        came_to_us: they got in touch themselves, so that nobody has to say contact is safe.
        by: who talks with them.
        now: when.
        presence: who else is there.

    Returns:
        The interview.

    Raises:
        StoodDown: if the case left the sample.
        MayNotAsk: if who decides is not on record yet, or a court order or their own no forbids it;
            see `UNLESS_THEY_CAME`.
        NotSafe: if contact is not confirmed as safe and they did not come to us.
        EngineError: if the conversation cannot go on (they took everything back).
        Missing: if there is no such case, or the person does not belong to it.
    """
    case = fetch(session, Case, case_id)
    # Held, so that two tabs do not begin two conversations.
    lock(session, Family, fetch(session, Child, case.child_id).family_id)
    talk = talk_of(session, case_id, participant_id, now)
    if talk.stood_down:
        raise StoodDown
    obstacle = talk.ask.obstacle
    if obstacle is not None and not (came_to_us and obstacle in UNLESS_THEY_CAME):
        raise MayNotAsk(obstacle)
    if obstacle is Obstacle.OWN_NO:
        lift_own_no(session, case_id, by, now)
    if not talk.safe and not came_to_us:
        raise NotSafe
    interview_id = talk.interview_id
    if interview_id is None:
        interview_id = interview_record.begin(
            session,
            audience=talk.person.guide,
            language=to_begin_in(talk.person.facts.contact.language),
            now=now,
            participant_id=participant_id,
            round_id=talk.round_id,
        )
        link(session, interview_id, case_id, LinkHow.INVITATION, now)
    about.ask_with(session, interview_id, talk.person.guide)
    interview_record.happen(
        session, interview_id, events.Opened(channel), now, recorded_by=staff_id(by)
    )
    if channel is events.Channel.SIGNED:
        presence = replace(presence, interpreter=True)
    sit_down(session, interview_id, presence, staff_id(by), now)
    return interview_id


def close_sitting(
    session: Session,
    case_id: UUID,
    participant_id: UUID,
    channel: events.Channel,
    outcome: Outcome,
    minutes: Mapping[Step, int],
    *,
    by: Actor,
    now: datetime,
    page: UUID | None = None,
) -> None:
    """Write down that somebody was spoken to, and what it took; steps without minutes are left out.

    `page` names the page it comes from: sent twice, it counts once, as it was sent last.

    Raises:
        OddMinutes: if minutes cannot be right.
        Missing: if there is no such case, or the person does not belong to it.
    """
    # Held, so that the same page sent twice at once waits for itself.
    lock(session, Case, case_id)
    # Made of the case too: a page can name nothing of another case's.
    names = uuid5(page or new_id(), f"{case_id} {participant_id}")
    if session.get(Attempt, names) is None:
        record_attempt(
            session,
            case_id,
            participant_id=participant_id,
            channel=Channel(channel.value),
            outcome=outcome,
            at=now,
            by=by,
            now=now,
            attempt_id=names,
        )
    for step, spent in minutes.items():
        if spent:
            record_minutes(session, case_id, step, spent, by, now, uuid5(names, step.value))


def has_minutes(session: Session, case_id: UUID, step: Step, by: UUID, since: datetime) -> bool:
    """Whether a member of staff has written down minutes of this step since a moment."""
    return (
        session.scalar(
            select(Minutes.id)
            .where(
                Minutes.case_id == case_id,
                Minutes.step == step.value,
                Minutes.by == by,
                Minutes.at >= since,
            )
            .limit(1)
        )
        is not None
    )
