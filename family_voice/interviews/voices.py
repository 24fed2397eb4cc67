"""Whose words and whose decision it is: a child's own no, who decides for them, a professional."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.consent import authority, judging
from family_voice.consent.authority_models import OwnWords
from family_voice.consent.models import Decision
from family_voice.consent.statements import Purpose
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Manner
from family_voice.interviews.models import Interview
from family_voice.people.facts import YOUNG_PERSON, is_professional
from family_voice.people.models import Participant
from family_voice.security.trail import Actor

#: How a note names the child or young person who spoke in somebody else's conversation.
CHILD: Final = "child"


def manner_of(session: Session, interview: Interview, manner: Manner) -> Manner:
    """How words of this conversation are marked: a professional's are never anybody else's."""
    if interview.participant_id is None:
        return manner
    person = session.get(Participant, interview.participant_id)
    if person is not None and is_professional(person.relationship):
        return Manner.PROFESSIONAL
    return manner


def hidden_speakers(session: Session, interview: Interview) -> frozenset[str]:
    """Whose words in this conversation nobody may keep or read any more.

    A child's own no stops the child's words wherever they were written down; what a parent says of
    their own experience stays.
    """
    if interview.guide_audience == YOUNG_PERSON or interview.participant_id is None:
        return frozenset()
    person = session.get(Participant, interview.participant_id)
    if person is None:
        return frozenset()
    said_no = authority.said_no_in_round(session, person.child_id, interview.round_id)
    if said_no or _said_no_in_own_talk(session, person.child_id, interview.round_id):
        return frozenset({CHILD})
    return frozenset()


def on_behalf(
    session: Session,
    interview: Interview,
    purpose: Purpose,
    yes: bool,
    recorded_by: UUID | None,
    now: datetime,
) -> UUID | None:
    """Whether a decision is somebody else's to make for them; what they themselves say counts.

    Where somebody else decides, a member of staff puts it to that person. What the child presses or
    texts themselves is then never a yes; a no is their own, and goes before the other's yes.

    Returns:
        The judgement by which somebody else decided; None where they decide themselves.

    Raises:
        NotTheirs: to a yes that is not theirs to give, or that their own no goes before.
    """
    case = authority.case_of_own_words(session, interview.id)
    if case is None:
        return None
    by_family = Actor("family")
    judgement = authority.represented_by(session, interview.id, now)
    said_no = authority.said_no_themselves(session, interview.id, now)
    if judgement is None:
        if yes and said_no and recorded_by is not None:
            raise NotTheirs("They themselves have said no.")
        if yes and said_no and purpose is Purpose.TALK:
            # They told somebody no, and have now come and agreed themselves.
            judging.lift_own_no(session, case[0], by_family, now)
        return None
    if yes and (said_no or recorded_by is None):
        raise NotTheirs("Somebody else decides for them, and their own no goes before that.")
    if not yes and recorded_by is None and purpose is Purpose.TALK:
        judging.say_own_no(session, *case, interview.round_id, by_family, now)
    return judgement if recorded_by is not None else None


def _said_no_in_own_talk(session: Session, child_id: UUID, round_id: UUID | None) -> bool:
    """Whether the child said no in a conversation of their own, in the same round."""
    last = session.scalar(
        select(Decision.yes)
        .join(OwnWords, OwnWords.interview_id == Decision.interview_id)
        .join(Interview, Interview.id == Decision.interview_id)
        .where(
            OwnWords.child_id == child_id,
            Interview.round_id == round_id,
            Decision.purpose == Purpose.TALK.value,
            Decision.on_behalf.is_(None),
        )
        .order_by(Decision.at.desc(), Decision.number.desc())
        .limit(1)
    )
    return last is False
