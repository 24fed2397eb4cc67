"""What there was of an account before it was let go of, which its receipt tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import family_voice.sharing.forgetting
from family_voice.cases.deadlines import end_of, has_passed
from family_voice.cases.linking import interviews_of
from family_voice.cases.models import Case, PanelSession
from family_voice.consent.decisions import Audience, Decided, had_agreed, permitted, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview
from family_voice.operations import holds
from family_voice.operations.letting_go import cases_ever, whole_of
from family_voice.operations.receipts import Remains
from family_voice.people.models import Child
from family_voice.sharing import quotes
from family_voice.sharing.copies import recall
from family_voice.storage.locking import fetch

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """What there was before anything was let go of."""

    yes: tuple[Purpose, ...]
    taken: tuple[Purpose, ...]
    case_ids: tuple[UUID, ...]
    family_ids: tuple[UUID, ...]
    published: bool
    quoted: bool
    met_on: date | None

    def let_go_of_figures(self, session: Session, interview_id: UUID, now: datetime) -> None:
        """Take the family's name out of what is behind figures, unless another of it is counted."""
        for family_id in self.family_ids:
            if not _another_counts(session, family_id, interview_id, now):
                family_voice.sharing.forgetting.forget(session, family_id)

    def remains(self, *, whole: bool, carrier: bool = False, passed: bool = False) -> list[Remains]:
        """What is still there afterwards, in the order of the receipt."""
        reasons = {
            Remains.ASKED: whole,
            Remains.MET: self.met_on is not None,
            Remains.PUBLISHED: self.published and (whole or Purpose.COUNT in self.taken),
            Remains.QUOTED: self.quoted,
            Remains.PASSED_ON: passed,
            Remains.CARRIER: carrier,
            Remains.BACKUPS: whole,
        }
        return [reason for reason, so in reasons.items() if so]


def found_of(
    session: Session, interview_id: UUID, taken: tuple[Purpose, ...], now: datetime
) -> Found:
    """What there is of an account and its parts, of which `taken` is taken back. Raises Missing."""
    interview = fetch(session, Interview, interview_id)
    all_of_it = whole_of(session, interview_id)
    case_ids = cases_ever(session, all_of_it)
    meetings = session.scalars(
        select(PanelSession)
        .join(Case, Case.session_id == PanelSession.id)
        .where(Case.id.in_(case_ids))
    ).all()
    rounds = {meeting.round_id for meeting in meetings} | {interview.round_id} - {None}
    decided = standing(session, interview_id, now)
    over = [each.held_on for each in meetings if has_passed(each.held_on, now)]
    met = [on for on in over if _could_read(session, interview_id, on)]
    families = session.scalars(
        select(Child.family_id).where(
            Child.id.in_(
                {child for each in all_of_it for child in holds.children_of(session, each)}
            )
        )
    )
    return Found(
        yes=tuple(each for each in Purpose if each is not Purpose.TALK and is_yes(decided, each)),
        taken=taken,
        case_ids=case_ids,
        family_ids=tuple(set(families)),
        published=any(
            family_voice.sharing.forgetting.published(session, each) for each in rounds if each
        ),
        quoted=Purpose.QUOTE in taken
        and any(quotes.could_be_read(session, each, now) for each in all_of_it),
        met_on=max(met) if met and Purpose.CHECK in taken else None,
    )


def _could_read(session: Session, interview_id: UUID, on: date) -> bool:
    """Whether the group could read the account on the day of its meeting."""
    return had_agreed(session, interview_id, Purpose.CHECK, end_of(on - ONE_DAY), end_of(on))


def recalled(session: Session, interview_id: UUID, found: Found, now: datetime) -> list[int]:
    """The paper on which the account could stand. Another's own copies are none of their receipt's.

    One that was printed before they said yes to the group, or after a no, does not hold it.
    """
    return recall(
        session,
        found.case_ids,
        now,
        lambda made_at: had_agreed(session, interview_id, Purpose.CHECK, made_at, made_at),
    )


def _another_counts(session: Session, family_id: UUID, interview_id: UUID, now: datetime) -> bool:
    """Whether another account of the family may be counted."""
    cases = session.scalars(
        select(Case.id).join(Child, Child.id == Case.child_id).where(Child.family_id == family_id)
    ).all()
    accounts = {each for found in interviews_of(session, cases).values() for each in found}
    others = accounts - set(whole_of(session, interview_id))
    return bool(permitted(session, others, Purpose.COUNT, Audience.FORUM, now))


def is_yes(decided: Mapping[Purpose, Decided], purpose: Purpose) -> bool:
    """Whether a yes to it stands."""
    return purpose in decided and decided[purpose].yes
