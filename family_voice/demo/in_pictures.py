"""Two children of the current round, asked in Easy Read: one has answered, one has not begun.

They are written down, judged and invited as a lead would, beside the grown-ups of their case.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import inviting, who_decides
from family_voice.cases.inviting import Invited, Way
from family_voice.cases.ledger import Level3
from family_voice.consent.statements import Purpose
from family_voice.demo.handout import FamilyDoor, family_secrets, return_word
from family_voice.demo.shapes import DemoCase, DemoRound
from family_voice.demo.staff import Team
from family_voice.demo.written import CHILD
from family_voice.interviews import doors, record, voices
from family_voice.interviews.choosing import Chosen, words_of
from family_voice.interviews.events import Channel, Finished, Manner, Opened, ReadBack, Skipped
from family_voice.interviews.manners import Helper
from family_voice.people import register
from family_voice.people.facts import (
    EASY_READ,
    SAFE,
    YOUNG_PERSON,
    ContactFacts,
    PersonFacts,
    PersonView,
)
from family_voice.security.trail import Actor
from family_voice.settings import Settings

WEB: Final = Channel.WEB
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
UNDERSTOOD = "Chose the picture for “stop”, and told us who would read it, with the page in hand."

#: What was pointed at and said, in its order: a choice, or words.
ANSWERS: Final[tuple[tuple[str, Chosen | str], ...]] = (
    ("important.open", "I like goalie gloves and trains. I dont like when people shout my name"),
    ("working_well.open", Chosen("sometimes", "learning")),
    ("working_well.open", Chosen("yes", "friends")),
    ("working_well.open", Chosen("yes", "safe")),
    ("working_well.open", Chosen("no", "listened")),
    ("working_well.open", Chosen("sometimes", "help")),
    ("working_well.open", Chosen("yes", "fun")),
    ("difference.open", Chosen("middle")),
    ("difference.open", "The cards on my desk. They are the same cards"),
    ("worries.open", Chosen("not_good")),
    ("worries.open", "Big school. I dont know where you eat"),
)


def ask_in_pictures(
    session: Session,
    settings: Settings,
    team: Team,
    seed: int,
    made: DemoRound,
    cases: dict[str, UUID],
    now: datetime,
) -> list[FamilyDoor]:
    """Ask two children in pictures; let the first of them answer.

    Args:
        session: a writing session.
        settings: who we are.
        team: who works here.
        seed: for the secrets.
        made: the current round.
        cases: its cases by key.
        now: the present.

    Returns:
        Their doors, whoever has not begun last.
    """
    grown_ups_only = [
        case
        for case in made.cases
        if case.attempts
        and case.care_status != who_decides.LOOKED_AFTER
        and CHILD not in {each.key for each in case.participants}
    ]
    heard = [case for case in grown_ups_only if case.outcome == Level3.HEARD]
    waiting = [case for case in grown_ups_only if case.outcome == Level3.INVITED]
    found = []
    for case in (*heard[:1], *waiting[-1:]):
        invited = _invite(session, settings, team, seed, case, cases[case.key], now - 2 * A_DAY)
        word = None
        if case.outcome == Level3.HEARD:
            word = return_word(seed, f"{case.key}/pictures")
            _answer(session, invited.interview_id, word, now - A_DAY)
        found.append(_door(made, case, invited, word))
    return found


def _invite(
    session: Session,
    settings: Settings,
    team: Team,
    seed: int,
    case: DemoCase,
    case_id: UUID,
    at: datetime,
) -> Invited:
    lead, child = Actor("staff", team.lead), _written_down(session, case, at)
    who_decides.judge(
        session, case_id, able=True, judged_by=case.worker, why=UNDERSTOOD, by=lead, now=at
    )
    secrets = family_secrets(seed, f"{case.key}/pictures", "")
    return inviting.invite(
        session, case_id, child.id, Way.LETTER,
        settings=settings, by=lead, now=at, choose=lambda: secrets,
    )  # fmt: skip


def _written_down(session: Session, case: DemoCase, at: datetime) -> PersonView:
    """The child beside those who were there already, with what they need."""
    child = register.known_child(session, case.reference)
    if child is None:
        raise LookupError(case.reference)
    there = register.people_of(session, [child.id])[child.id]
    contact = ContactFacts(
        access_needs=(EASY_READ,),
        safe_to_contact=SAFE,
        safe_how="By letter, with a parent beside them",
        safe_confirmed_by=case.participants[0].safe_confirmed_by,
    )
    young = PersonFacts(YOUNG_PERSON, False, case.first_name, case.last_name, contact)
    register.keep_child(session, child.facts, [*(each.facts for each in there), young], at)
    people = register.people_of(session, [child.id])[child.id]
    return next(each for each in people if each.audience == YOUNG_PERSON)


def _answer(session: Session, interview_id: UUID, word: str, at: datetime) -> None:
    guide = record.guide_of(session, interview_id)
    record.happen(session, interview_id, Opened(WEB), at)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview_id, purpose, True, channel=WEB, now=at)
    voices.say_who_helped(session, interview_id, Helper.PARENT)
    for prompt_id, said in ANSWERS:
        at += A_MINUTE
        chose = isinstance(said, Chosen)
        record.say(
            session,
            interview_id,
            said if isinstance(said, str) else words_of(guide, guide.prompt(prompt_id), said),
            channel=WEB,
            prompt_id=prompt_id,
            manner=Manner.CHOSE if chose else Manner.OWN_WORDS,
            now=at,
        )
    record.happen(session, interview_id, Skipped(WEB, "next.open"), at)
    record.happen(session, interview_id, ReadBack(WEB, right=True), at)
    record.happen(session, interview_id, Finished(WEB), at)
    doors.choose_return_word(session, interview_id, word)


def _door(made: DemoRound, case: DemoCase, invited: Invited, word: str | None) -> FamilyDoor:
    return FamilyDoor(
        case=case.reference,
        round=made.term,
        outcome=case.outcome,
        name=invited.person.facts.name,
        language=invited.person.facts.contact.language,
        link=invited.link,
        printed_code=invited.secrets.code,
        return_word=word,
    )
