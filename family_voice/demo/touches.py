"""What the tour needs beside the families: somebody who was not invited, a worry, a thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import following_up
from family_voice.cases.deadlines import london_date, working_days_after
from family_voice.cases.linking import interviews_of
from family_voice.cases.seats import record_works_with
from family_voice.consent.statements import Purpose
from family_voice.demo.shapes import DemoCase, DemoRound
from family_voice.demo.staff import FRONT_LINE, Team
from family_voice.demo.texting import Thumb
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.interviews.words import Speaker
from family_voice.safeguarding.concerns import (
    Decision,
    acknowledge,
    all_concerns,
    decide,
    raise_concern,
)
from family_voice.safeguarding.ladder import Kind
from family_voice.security.trail import Actor
from family_voice.settings import Settings

# What a relative says who came by the open link.
OPEN_LINK = {
    "important.open": "I heard about this at the school gate. I'm the aunt, and {child} is with me "
    "every weekend. Nobody asks what the weekends are like.",
    "working_well.open": "{child} talks to me about buses for an hour. The card they made at "
    "school works at mine as well, I made a copy.",
    "worries.open": "I don't get told when something changes. I find out from {child}.",
    "next.open": "Put me on the list for letters. That's all.",
}
STRANGER_SAYS = (
    "hi is this the family voice number? got given it at the coffee morning",
    "AGREE",
    "AGREE",
    "my lad is in y6, hes on the pathway 3 yrs now",
    "NEXT",
    "his football coach. honestly",
)
# Comes after the next question has gone out: somebody has to look where it belongs.
STRANGER_ADDS = "and the lady on the bus who saves him the front seat"


def add_touches(
    session: Session,
    settings: Settings,
    team: Team,
    made: DemoRound,
    cases: Mapping[str, UUID],
    stranger: str,
    now: datetime,
) -> None:
    """Add what the tour shows beside the six families of the current round.

    Args:
        session: a writing session.
        settings: who we are.
        team: who works here.
        made: the current round.
        cases: its cases by key.
        stranger: a number that nobody knows.
        now: the present.
    """
    with_marks = [case for case in made.cases if _has_marks(case)]
    for case in with_marks[:1]:
        record_works_with(session, team.ids[FRONT_LINE], cases[case.key], works=True)
        _worry(session, settings, team, cases[case.key], now - timedelta(days=1))
    _look_at_flags(session, team)
    heard = [case for case in made.cases if case.outcome == "heard"]
    for case in heard[:1]:
        _come_by_open_link(session, case, now - timedelta(days=2))
        _needs_doing(session, team, case, cases[case.key], now - timedelta(days=3))
    thumb = Thumb(session, settings, stranger, "stranger", now - timedelta(days=1))
    for body in STRANGER_SAYS:
        thumb.send(body)
    thumb.fall_silent()
    thumb.send(STRANGER_ADDS)


def _needs_doing(session: Session, team: Team, case: DemoCase, case_id: UUID, at: datetime) -> None:
    following_up.needs_doing(
        session,
        case_id,
        next(iter(interviews_of(session, [case_id])[case_id])),
        words=f"Ride the bus to the new school with {case.first_name}, five or six times, "
        "before the summer. Ring Mum with a date.",
        worker=case.worker,
        manager=case.manager,
        due_on=working_days_after(london_date(at), 10),
        family_agreed=True,
        by=Actor("staff", team.lead),
        now=at,
    )


def _worry(session: Session, settings: Settings, team: Team, case_id: UUID, at: datetime) -> None:
    """The lead raises a concern, which the SEND lead takes and has not decided yet."""
    concern_id = raise_concern(
        session,
        "Dad wrote that Mum has bruises from when he lets go after school. Nobody seems to be "
        "helping with that at home.",
        interview_id=interviews_of(session, [case_id])[case_id][0],
        by=Actor("staff", team.lead),
        now=at,
        settings=settings,
    )
    acknowledge(session, concern_id, Actor("staff", team.chair), at + timedelta(minutes=10))


def _look_at_flags(session: Session, team: Team) -> None:
    """The SEND lead has looked at what the list of phrases found, on the day it was found."""
    for flag in all_concerns(session):
        if flag.kind is Kind.PLEASE_LOOK:
            looked = flag.raised_at + timedelta(minutes=25)
            decide(
                session,
                flag.id,
                Decision.ALREADY_KNOWN,
                "Rang the social worker, who knows of it and visits next week.",
                Actor("staff", team.chair),
                looked,
            )


def _has_marks(case: DemoCase) -> bool:
    return any(answer.not_for_workers for each in case.accounts for answer in each.answers)


def _come_by_open_link(session: Session, case: DemoCase, at: datetime) -> None:
    """A relative nobody invited: same surname, same birth month, the school spelled differently."""
    interview_id = record.begin(
        session,
        audience="parent_carer",
        language="en",
        now=at,
        speaker=Speaker(
            first_name="Angie",
            last_name=case.last_name,
            relationship="relative",
            child_first_name=case.first_name,
            child_last_name=case.last_name,
            child_date_of_birth=f"{case.date_of_birth:%m/%Y}",
            school=f"{case.school[:2]}{case.school[3:]}",
        ),
    )
    record.happen(session, interview_id, Opened(Channel.WEB), at)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview_id, purpose, True, channel=Channel.WEB, now=at)
    for prompt, words in OPEN_LINK.items():
        at += timedelta(minutes=2)
        record.say(
            session,
            interview_id,
            words.format(child=case.first_name),
            channel=Channel.WEB,
            prompt_id=prompt,
            now=at,
        )
    record.happen(session, interview_id, Finished(Channel.WEB), at)
