"""What of a round is still open when its Level 3 could be made final: it may be, knowingly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import following_up
from family_voice.cases.ledger import Level3, Outcome, Talk
from family_voice.cases.linking import unlinked
from family_voice.cases.permission import open_to
from family_voice.cases.reaching import calls_without_case
from family_voice.cases.reading import CaseView, RoundLedger
from family_voice.cases.rounds import RoundView
from family_voice.cases.sampled import how_many_wait
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Interview


class StillOpen(StrEnum):
    """What can be open although every case has its final state; in this order it is shown."""

    NAMES = "names"
    ON_NO_CASE = "on_no_case"
    CALLS_WANTED = "calls_wanted"
    CALLS_ON_NO_CASE = "calls_on_no_case"
    CALL_BACKS = "call_backs"
    OWED = "owed"


def still_open(session: Session, ledger: RoundLedger, now: datetime) -> Mapping[StillOpen, int]:
    """How many of each kind are open in a round; what is not is left out.

    `NAMES` are drawn cases whose names never came in; `ON_NO_CASE` accounts of the round's time
    that a lead may read and that stand on no case: one of them may be of a family that counts as
    not heard; `CALLS_ON_NO_CASE` people among those who came uninvited, who asked to be rung.
    """
    on_no_case = unlinked(session)
    there = open_to(session, on_no_case, Purpose.TALK, Audience.LEAD, now)
    waiting = {interview_id for interview_id, _at in calls_without_case(session, on_no_case)}
    of_its_time = _of_its_time(session, on_no_case, ledger.round)
    counts = {
        StillOpen.NAMES: how_many_wait(session, ledger.round),
        StillOpen.ON_NO_CASE: len(of_its_time.intersection(there)),
        StillOpen.CALLS_WANTED: len(ledger.waiting_for_a_call),
        StillOpen.CALLS_ON_NO_CASE: len(of_its_time & waiting),
        StillOpen.CALL_BACKS: sum(call_backs(each) for each in ledger.cases),
        StillOpen.OWED: following_up.how_many_open(session, [e.case_id for e in ledger.cases]),
    }
    return {kind: count for kind, count in counts.items() if count}


def call_backs(case: CaseView) -> int:
    """How many people of a case asked to be rung back, when they were tried last, and were not.

    Who has told us since, or said no, waits no more; nor does anybody of a case stood down. Pure.
    """
    if case.state is Level3.STOOD_DOWN:
        return 0
    in_order = sorted(case.attempts, key=lambda each: each.at)
    last = {each.participant_id: each.outcome for each in in_order}
    done: set[UUID | None] = {
        each.person.id for each in case.people if each.said_no or each.talk is Talk.FINISHED
    }
    if case.state in (Level3.HEARD, Level3.DECLINED):
        # Whoever of them it was that asked, the family has answered since.
        done.add(None)
    return sum(outcome is Outcome.CALL_BACK and who not in done for who, outcome in last.items())


def _of_its_time(session: Session, interviews: list[UUID], of_round: RoundView) -> set[UUID]:
    return set(
        session.scalars(
            select(Interview.id).where(
                Interview.id.in_(interviews),
                Interview.made_at >= of_round.opened_at,
                Interview.made_at < of_round.links_work_until,
            )
        )
    )
