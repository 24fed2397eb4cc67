"""Earlier rounds, made quickly: six families each, of whom some were heard, counted and coded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import working_days_after
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.rounds import open_round, round_view
from family_voice.consent.statements import Purpose
from family_voice.frameworks.loader import version_in_force
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.people.access import Role
from family_voice.people.facts import ChildFacts
from family_voice.people.register import keep_child
from family_voice.people.staff import add_staff
from family_voice.storage.base import new_id
from family_voice.themes.coding import Unit, put

FIRST = date(2023, 3, 1)
A_TERM = timedelta(days=122)
SAID = "important.open"


def a_lead(session: Session) -> UUID:
    """Somebody who codes."""
    return add_staff(
        session, email="lead@b.example", roles=[Role.LEAD], now=_at(FIRST), password="x" * 12
    ).staff_id


def a_term(
    session: Session,
    number: int,
    lead: UUID,
    *,
    heard: int = 4,
    said_no: int = 1,
    counted: int = 4,
    codes: tuple[tuple[str, ...], ...] = ((), (), (), ()),
) -> tuple[UUID, datetime]:
    """One round of six with its families; gives its id and a moment after it froze.

    `codes` are those of each family that was heard.
    """
    first = working_days_after(FIRST + number * A_TERM, 1)
    second = working_days_after(first, 5)
    now = _at(first)
    round_id = open_round(
        session,
        term=f"Term {number + 1}",
        themes={"transition_year": ["year_6"]},
        held_on=(first, second),
        framework=version_in_force("blackburn_with_darwen", date(2025, 6, 1)),
        now=now,
    )
    round_ = round_view(session, round_id)
    for place in range(6):
        meeting = session.get_one(PanelSession, round_.sessions[place // 3].id)
        case_id = _case(session, meeting, number, place, now)
        if place < heard:
            interview = _account(session, case_id, True, place < counted, now)
            for code in codes[place]:
                put(session, interview, Unit(SAID), code, lead, now)
        elif place < heard + said_no:
            _account(session, case_id, False, False, now)
    return round_id, _at(round_.freezes_on + timedelta(days=1))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _case(session: Session, meeting: PanelSession, number: int, place: int, now: datetime) -> UUID:
    reference = f"H-{number:02}-{place}"
    child = keep_child(session, ChildFacts(reference, "A", f"Family {reference}", None), (), now)
    case_id = new_id()
    session.add(
        Case(
            id=case_id, session_id=meeting.id, child_id=child, number=place + 1,
            plan_type="ehcp", year_group="6", area_of_need="semh", placement="hospital",
            care_status="none",
        )
    )  # fmt: skip
    session.flush()
    return case_id


def _account(session: Session, case_id: UUID, talks: bool, counted: bool, now: datetime) -> UUID:
    interview = record.begin(session, audience="parent_carer", language="en", now=now)
    link(session, interview, case_id, LinkHow.PERSON, now)
    record.happen(session, interview, Opened(Channel.WEB), now)
    record.decide(session, interview, Purpose.TALK, talks, channel=Channel.WEB, now=now)
    if talks:
        record.decide(session, interview, Purpose.CHECK, True, channel=Channel.WEB, now=now)
        record.write(session, interview, SAID, "It is so.", channel=Channel.WEB, now=now)
        record.decide(session, interview, Purpose.COUNT, counted, channel=Channel.WEB, now=now)
        record.happen(session, interview, Finished(Channel.WEB), now)
    return interview
