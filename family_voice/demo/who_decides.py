"""Who decides for the made-up children, written down as a lead would before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import who_decides
from family_voice.cases.deadlines import london_date
from family_voice.cases.ledger import Level3
from family_voice.consent.school_age import capacity_presumed
from family_voice.consent.who import Responsibility
from family_voice.demo.shapes import DemoCase
from family_voice.demo.visiting import say_who_decides_for_them
from family_voice.people.facts import YOUNG_PERSON, PersonView
from family_voice.security.trail import Actor

UNDERSTOOD = (
    "Told us in their own words what we ask and who reads it, and that they may stop at any time.",
    "Picked the picture for “stop”, said who would see it, and asked whether Mum reads it as well.",
)


def say_who_decides(
    session: Session,
    case: DemoCase,
    case_id: UUID,
    people: Mapping[str, PersonView],
    lead: Actor,
    at: datetime,
) -> None:
    """Write down whom the social worker said yes to, and that a child understands enough.

    Where nobody was ever asked the social worker had not said yet. From 16 nothing is judged.

    Args:
        session: a writing session.
        case: the made-up case.
        case_id: its id.
        people: who may speak, by key.
        lead: who writes it down.
        at: when.
    """
    waiting = case.outcome == Level3.NOT_STARTED
    if case.care_status == who_decides.LOOKED_AFTER and not waiting:
        parents = any(each.facts.parental_responsibility for each in people.values())
        who_decides.confirm_approach(
            session,
            case_id,
            social_worker=case.worker,
            responsibility=Responsibility.PARENTS if parents else Responsibility.COUNCIL,
            people=[each.id for each in people.values()],
            by=lead,
            now=at,
        )
    if say_who_decides_for_them(session, case, case_id, people, lead, at):
        return
    young = any(each.audience == YOUNG_PERSON for each in people.values())
    if young and not capacity_presumed(case.date_of_birth, london_date(at)):
        who_decides.judge(
            session,
            case_id,
            able=True,
            judged_by=case.worker,
            why=UNDERSTOOD[len(case.first_name) % 2],
            by=lead,
            now=at,
        )
