"""A round with two accounts on which the machine may be asked, and what it found of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.themes import choices, coding
from family_voice.themes.choices import What
from family_voice.themes.coding import Unit
from family_voice.themes.learning_turn import Found, Outcome, Work, due, keep
from tests.cases.households import NOW, a_full_round, case

FIRST, WORRIES, WELL = Unit("important.open"), Unit("worries.open"), Unit("working_well.open")
SAID = {
    FIRST.prompt_id: "He is six. We wait and wait for speech therapy.",
    WORRIES.prompt_id: "Nobody rings back. The taxi is always late.",
    WELL.prompt_id: "Miss Ward is kind.",
}
#: What the stand-in for the machine finds, and how sure it is.
WORDS = {
    "waiting": (r"wait and wait", 81),
    "answers": (r"rings back", 64),
    "friends": (r"taxi", 55),
}


@dataclass(frozen=True)
class Suggesting:
    """Two accounts of one round, and two people who code."""

    coded: UUID
    open: UUID
    amina: UUID
    ben: UUID


def two_accounts(session: Session, *, on: bool = True) -> Suggesting:
    """One account that somebody coded whole by themselves, and one that nobody has begun."""
    round_id = a_full_round(session)
    amina, ben = lead(session, "amina@council.example"), lead(session, "ben@council.example")
    first, second = (account(session, round_id, each) for each in ("EX-001", "EX-002"))
    for unit, code in ((FIRST, "waiting"), (WORRIES, "answers"), (WELL, "believed")):
        coding.put(session, first, unit, code, amina, NOW)
    if on:
        turn(session, amina, on=True)
    return Suggesting(first, second, amina, ben)


def turn(session: Session, by: UUID, *, on: bool, now: datetime = NOW) -> None:
    choices.choose(session, What.SUGGESTIONS, on, reason="We try it.", by=by, now=now)


def lead(session: Session, email: str) -> UUID:
    return add_staff(session, email=email, roles=[Role.LEAD], now=NOW, password="x" * 12).staff_id


def account(session: Session, round_id: UUID, reference: str) -> UUID:
    interview_id = record.begin(session, audience="parent_carer", language="en", now=NOW)
    record.happen(session, interview_id, Opened(Channel.WEB), NOW)
    record.decide(session, interview_id, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
    for prompt, text in SAID.items():
        record.write(session, interview_id, prompt, text, channel=Channel.WEB, now=NOW)
    record.happen(session, interview_id, Finished(Channel.WEB), NOW)
    case_id = case(session, round_id, reference).case_id
    linking.link(session, interview_id, case_id, LinkHow.INVITATION, NOW)
    return interview_id


def stand_in(work: Work) -> Outcome:
    """What a machine would say that finds words: what comes of it is what is tried here."""
    texts = [answer.text for each in work.to_read for answer in each.answers]
    found = tuple(
        tuple(
            Found(code, sure, ((match.start(), match.end()),))
            for code, (words, sure) in WORDS.items()
            for match in [re.search(words, text)]
            if match
        )
        for text in texts
    )
    model = work.model or b"numbers and " + texts[0].encode()
    return Outcome(model, "stand-in 1", "ab" * 32, found)


def learned(session: Session) -> Work:
    """The machine has had its turn."""
    work = due(session, NOW)
    assert work is not None
    assert keep(session, work, stand_in(work), NOW)
    return work
