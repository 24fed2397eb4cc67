"""Whose words and whose decision it is: a child's own no, who decides for them, who told it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from family_voice.consent import authority, judging
from family_voice.consent.authority_models import OwnWords
from family_voice.consent.models import Decision
from family_voice.consent.statements import Purpose
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Manner
from family_voice.interviews.manners import CHILD, SELF, Helper, is_theirs, put_right
from family_voice.interviews.models import Fragment, Interview
from family_voice.people.facts import ADVOCATE, is_own_voice, is_professional
from family_voice.people.models import Participant
from family_voice.security.trail import Actor
from family_voice.storage.locking import fetch, lock


def manner_of(
    session: Session, interview: Interview, manner: Manner, speaker: str = SELF
) -> Manner:
    """How words of this conversation are known: a professional's are never anybody else's.

    Whoever speaks for somebody says it in their own words, not in those of the one they speak for;
    an interpreter, who says what was said, does not make it theirs.
    """
    relationship = interview.guide_audience
    if interview.participant_id is not None:
        person = session.get(Participant, interview.participant_id)
        relationship = person.relationship if person is not None else relationship
    if is_professional(relationship):
        return Manner.PROFESSIONAL
    speaks_for = relationship == ADVOCATE and interview.helped_by != Helper.INTERPRETER
    if speaks_for and speaker == SELF and is_theirs(manner):
        return Manner.SPOKEN_FOR
    return manner


def put_right_as(
    session: Session,
    interview: Interview,
    over: Sequence[UUID],
    manner: Manner,
    speaker: str,
    *,
    by_family: bool,
    relabelled: bool,
) -> tuple[Manner, str, UUID | None]:
    """How a piece is known that takes the place of others: never nearer to the child than these.

    Only a member of staff who says so names another manner, and never of what was seen on a visit.
    Where a parent puts right what their child said, it is the child's through a parent from then
    on, and a child's no reaches it as before.

    Returns:
        The manner, the speaker, and the visit on which it was seen, if it was.
    """
    before = session.execute(
        select(Fragment.manner, Fragment.speaker, Fragment.visit_id).where(
            Fragment.interview_id == interview.id, Fragment.id.in_(over)
        )
    ).all()
    visit_id = next((row.visit_id for row in before if row.visit_id), None)
    if visit_id is not None:
        return Manner.OBSERVED, speaker, visit_id
    manners = {Manner(row.manner) for row in before}
    if relabelled and Manner.PROFESSIONAL not in manners:
        return manner, speaker, None
    said_by_child = any(row.speaker == CHILD for row in before)
    if by_family and said_by_child and not is_own_voice(interview.guide_audience):
        return put_right(manners | {Manner.THROUGH_PARENT}, manner), CHILD, None
    return put_right(manners, manner), speaker, None


def say_who_helped(session: Session, interview_id: UUID, helper: Helper) -> None:
    """Keep who helps them to tell us: for what they say from now on, and what they wrote so far.

    What is on a piece already stays; what one of us wrote down is left as it is.

    Args:
        session: a writing session.
        interview_id: the conversation.
        helper: who helps, as they say.
    """
    lock(session, Interview, interview_id).helped_by = helper.value
    session.execute(
        update(Fragment)
        .where(
            Fragment.interview_id == interview_id,
            Fragment.helped_by.is_(None),
            Fragment.recorded_by.is_(None),
        )
        .values(helped_by=helper.value)
    )
    session.flush()


def say_interpreted(session: Session, interview_id: UUID, interpreted: bool) -> None:
    """Keep that what they say from now on comes through an interpreter, or no longer does."""
    row = lock(session, Interview, interview_id)
    if interpreted:
        row.helped_by = Helper.INTERPRETER.value
    elif row.helped_by == Helper.INTERPRETER:
        row.helped_by = Helper.NOBODY.value
    session.flush()


def who_helps(session: Session, interview_id: UUID) -> Helper | None:
    """Who helps them to tell us; None if nobody has said."""
    kept = fetch(session, Interview, interview_id).helped_by
    return Helper(kept) if kept else None


def hidden_speakers(session: Session, interview: Interview) -> frozenset[str]:
    """Whose words in this conversation nobody may keep or read any more.

    A child's own no stops the child's words wherever they were written down; what a parent says of
    their own experience stays.
    """
    if is_own_voice(interview.guide_audience) or interview.participant_id is None:
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
