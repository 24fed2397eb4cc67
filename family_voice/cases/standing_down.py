"""Standing a case down: the child moved or died, or was drawn in error.

Everything waiting to go out to the family is cancelled, and siblings' invitations are held until
a person releases them: nobody is to hear from us by accident in the week of a funeral.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import insist_not_final
from family_voice.cases.ledger import StoodDown
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.sample_models import SampledCase
from family_voice.interviews.models import Interview
from family_voice.messages import emailing
from family_voice.messages.emails import ASKS
from family_voice.messages.outbox import cancel_queued
from family_voice.messages.templates import Template
from family_voice.people.models import Child, Family, Participant
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import fetch, lock


class Replaced(Exception):
    """Another case has been drawn in place of this one."""


class AlreadyStoodDown(Exception):
    """Somebody else stood this case down meanwhile."""


@dataclass(frozen=True)
class StandingDown:
    """What standing a case down did."""

    texts_cancelled: int
    siblings_held: int


def stand_down(
    session: Session, case_id: UUID, reason: StoodDown, by: Actor, now: datetime
) -> StandingDown:
    """Take a case out of the sample.

    Args:
        session: a writing session.
        case_id: which.
        reason: why.
        by: who.
        now: when.

    Returns:
        How many texts were cancelled and how many siblings' cases are held.

    Raises:
        AlreadyStoodDown: if it is stood down already.
        Missing: if there is no such case.
    """
    case = _held_still(session, case_id)
    if case.stood_down_at is not None:
        raise AlreadyStoodDown
    family_id = fetch(session, Child, case.child_id).family_id
    siblings = _siblings_now(session, family_id, case.child_id, now)
    case.stood_down_reason = reason.value
    case.stood_down_at = now
    # After a death the hold also waits for a sibling who is drawn only later.
    case.siblings_held = bool(siblings) or reason is StoodDown.DIED
    own, theirs = _interviews_about(session, {case.child_id}), _interviews_about(session, siblings)
    cancelled = cancel_queued(session, own) + emailing.cancel_queued(session, own)
    cancelled += cancel_queued(session, theirs, [Template.INVITATION])
    cancelled += emailing.cancel_queued(session, theirs, ASKS)
    session.flush()
    record(session, by, "change", "case", case_id, now, ["stood_down"])
    return StandingDown(cancelled, len(siblings))


def put_back(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """Take a case back into the sample, where standing it down was a slip. Nothing is sent.

    Raises:
        IsFinal: if the round's Level 3 is final: the case would be without a final state.
        Replaced: if another case has its place in the sample by now.
        Missing: if there is no such case.
    """
    case = _held_still(session, case_id)
    insist_not_final(session, fetch(session, PanelSession, case.session_id).round_id)
    place = select(SampledCase.id).where(SampledCase.case_id == case_id)
    if session.scalar(select(SampledCase.id).where(SampledCase.instead_of.in_(place))):
        raise Replaced
    case.stood_down_reason = None
    case.stood_down_at = None
    case.siblings_held = False
    session.flush()
    record(session, by, "change", "case", case_id, now, ["stood_down"])


def release_siblings(session: Session, case_id: UUID, by: Actor, now: datetime) -> None:
    """Let the family of this case be invited again."""
    case = _held_still(session, case_id)
    family_id = fetch(session, Child, case.child_id).family_id
    for held in session.scalars(
        select(Case).join(Child).where(Child.family_id == family_id, Case.siblings_held)
    ):
        held.siblings_held = False
    session.flush()
    record(session, by, "change", "case", case_id, now, ["siblings_held"])


def holding(session: Session, family_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By family, the cases whose standing down holds the others' invitations."""
    found: dict[UUID, set[UUID]] = {}
    for family_id, case_id in session.execute(
        select(Child.family_id, Case.id)
        .join(Case, Case.child_id == Child.id)
        .where(Child.family_id.in_(set(family_ids)), Case.siblings_held)
    ):
        found.setdefault(family_id, set()).add(case_id)
    return found


def _held_still(session: Session, case_id: UUID) -> Case:
    """The case, with its family held so that no invitation is made at the same moment."""
    case = fetch(session, Case, case_id)
    lock(session, Family, fetch(session, Child, case.child_id).family_id)
    return lock(session, Case, case_id)


def _siblings_now(session: Session, family_id: UUID, child_id: UUID, now: datetime) -> set[UUID]:
    """The family's other children who have a case in a round that still goes on."""
    return set(
        session.scalars(
            select(Child.id)
            .join(Case, Case.child_id == Child.id)
            .join(PanelSession, PanelSession.id == Case.session_id)
            .join(Round, Round.id == PanelSession.round_id)
            .where(
                Child.family_id == family_id,
                Child.id != child_id,
                Case.stood_down_at.is_(None),
                Round.freezes_on >= london_date(now),
            )
        )
    )


def _interviews_about(session: Session, child_ids: Collection[UUID]) -> list[UUID]:
    return list(
        session.scalars(
            select(Interview.id)
            .join(Participant, Participant.id == Interview.participant_id)
            .where(Participant.child_id.in_(child_ids))
        )
    )
