"""Made-up people and conversations for tests, by the rooms' own use cases."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.doors import Secrets
from family_voice.interviews.events import Channel, Opened
from family_voice.people import register
from family_voice.people.access import Role
from family_voice.people.facts import ChildFacts, ContactFacts, PersonFacts
from family_voice.people.staff import add_staff
from family_voice.safeguarding import rota
from family_voice.security.trail import OPERATOR

_number = itertools.count(1)


@dataclass(frozen=True)
class Invited:
    """An interview somebody was invited to, with the secrets that were in the letter."""

    interview_id: UUID
    participant_id: UUID
    child_id: UUID
    secrets: Secrets


def invited(
    session: Session, now: datetime, *, audience: str = "parent_carer", language: str = "en"
) -> Invited:
    """A child, somebody who may speak, and an invitation that works for four weeks."""
    number = next(_number)
    young = audience in ("young_person", "child")
    relationship = "young_person" if young else "mother"
    # A young person who speaks for themselves here is of an age to decide it.
    born = date(2009, 3, 27) if young else date(2014, 3, 27)
    child_id = register.keep_child(
        session,
        ChildFacts(f"T-{number}", f"Robin{number}", "Testcase", born, "A School"),
        [
            PersonFacts(
                relationship,
                relationship == "mother",
                "Alex",
                "Testcase",
                ContactFacts(mobile=f"+447700{900000 + number}", language=language),
            )
        ],
        now,
    )
    (person,) = register.people_of(session, [child_id])[child_id]
    interview_id = record.begin(
        session, audience=audience, language=language, now=now, participant_id=person.id
    )
    secrets = doors.open_doors(session, interview_id, now + timedelta(weeks=4), now)
    return Invited(interview_id, person.id, child_id, secrets)


def agreed(session: Session, interview_id: UUID, now: datetime, *, check: bool = True) -> None:
    """They opened it and agreed to talk."""
    record.happen(session, interview_id, Opened(Channel.WEB), now)
    for purpose, yes in ((Purpose.TALK, True), (Purpose.CHECK, check)):
        record.decide(session, interview_id, purpose, yes, channel=Channel.WEB, now=now)


ROTA_NUMBER = "+447700900950"
EVERY_DAY = frozenset(range(7))


def on_the_rota(
    session: Session,
    now: datetime,
    *,
    name: str = "Rota Reader",
    number: str = ROTA_NUMBER,
    role: Role = Role.LEAD,
    days: frozenset[int] = EVERY_DAY,
    begins: time = time(),
    ends: time = time(),
    place: int = rota.FIRST,
) -> UUID:
    """Somebody who receives concerns: at every hour, unless told otherwise."""
    email = f"{name.replace(' ', '.').lower()}@council.example"
    staff_id = add_staff(session, email=email, roles=[role], now=now, name=name).staff_id
    rota.keep_number(session, staff_id, number, OPERATOR, now)
    rota.add_shift(
        session, staff_id, days=days, begins=begins, ends=ends, place=place, bank_holidays=True,
        by=OPERATOR, now=now,
    )  # fmt: skip
    return staff_id
