"""Made-up children who tell us without words: how they say no, who decides, and the visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from family_voice.cases import observing, who_decides
from family_voice.cases.deadlines import london_date
from family_voice.consent.school_age import capacity_presumed
from family_voice.consent.who import Basis
from family_voice.demo.shapes import DemoAccount, DemoCase
from family_voice.demo.signs import DECISION, SUPPORT, WAYS, WHY
from family_voice.demo.staff import Team
from family_voice.demo.written import CHILD
from family_voice.improvement.views import PROFILE, write_view
from family_voice.interviews.events import Manner
from family_voice.interviews.noting import Note
from family_voice.people.facts import PersonView
from family_voice.security.trail import Actor

A_MINUTE = timedelta(minutes=1)


def shows_us(account: DemoAccount) -> bool:
    """Whether a child tells this account without words, and somebody else agreed to it."""
    return account.id in WAYS and account.participant == CHILD


def say_who_decides_for_them(
    session: Session,
    case: DemoCase,
    case_id: UUID,
    people: Mapping[str, PersonView],
    lead: Actor,
    at: datetime,
) -> bool:
    """Write down their signs and who decides for them. Returns whether there was such a child."""
    account = next((each for each in case.accounts if shows_us(each)), None)
    if account is None:
        return False
    ways, decides = WAYS[account.id], people[account.agreed_by]
    observing.keep_signs(
        session, case_id, no=ways.no, yes=ways.yes, by=lead, now=at,
        told_by=f"{decides.facts.name}, {decides.facts.relationship}",
    )  # fmt: skip
    grown = capacity_presumed(case.date_of_birth, london_date(at))
    who_decides.judge(
        session, case_id, able=False, by=lead, now=at,
        judged_by=case.worker,
        why=WHY,
        decision=DECISION if grown else "",
        support=SUPPORT if grown else "",
        representative=decides.facts.name,
        representative_id=None if grown else decides.id,
        basis=Basis.OTHER if grown else None,
    )  # fmt: skip
    return True


def visit(
    session: Session, interview_id: UUID, account: DemoAccount, *, case_id: UUID, team: Team
) -> None:
    """Let the two visits happen, and the agencies say how they know the child."""
    ways, lead = WAYS[account.id], Actor("staff", team.lead)
    ends = account.finished_at or account.begun_at
    half = (len(account.answers) + 1) // 2
    for number, (begins, answers) in enumerate(
        (
            (account.begun_at + A_MINUTE, account.answers[:half]),
            (ends - timedelta(minutes=20), account.answers[half:]),
        )
    ):
        visit_id = uuid5(interview_id, f"visit {number}")
        observing.begin_visit(
            session, case_id, visit_id, on=london_date(begins), place=ways.places[number],
            observer=ways.with_whom, by=lead, now=begins,
        )  # fmt: skip
        for turn, answer in enumerate(answers, start=1):
            for fragment in answer.fragments:
                named = uuid5(visit_id, f"{answer.prompt} {fragment.text}")
                note = Note(answer.prompt, (named,), fragment.text, Manner.OBSERVED)
                at = begins + turn * A_MINUTE
                observing.write_seen(session, case_id, visit_id, note, team.lead, at)
    for agency, words in (("health", ways.health), ("education", ways.school)):
        write_view(session, case_id, PROFILE, agency, words, team.chair, ends)
