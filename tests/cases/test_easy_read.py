"""A young person who needs Easy Read is asked in pictures, whoever asks and by whatever way."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.inviting import Way, invite
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Opened
from family_voice.people import register
from family_voice.people.facts import EASY_READ, PersonView
from family_voice.settings import Settings
from tests.cases.households import NOW, SOMEBODY, a_full_round, case


@pytest.fixture
def tomasz(session: Session) -> tuple[UUID, PersonView]:
    """A young person of the example file, whom it is safe to write to."""
    round_id = a_full_round(session)
    for number in range(1, 7):
        view = case(session, round_id, f"EX-00{number}")
        for each in view.people:
            if each.person.audience == "young_person":
                return view.case_id, each.person
    raise AssertionError("the example file has no young person")


def needs(session: Session, person: PersonView, *access: str) -> None:
    contact = replace(person.facts.contact, access_needs=access, safe_to_contact="yes")
    now = register.person(session, person.id)
    assert now is not None
    register.change_contact(session, person.id, now.version, contact)


def test_whoever_needs_easy_read_is_asked_in_pictures_until_they_have_begun(
    session: Session, settings: Settings, tomasz: tuple[UUID, PersonView]
) -> None:
    case_id, person = tomasz

    def asked() -> UUID:
        made = invite(
            session, case_id, person.id, Way.LETTER, settings=settings, by=SOMEBODY, now=NOW
        )
        return made.interview_id

    needs(session, person)
    interview_id = asked()
    assert record.guide_of(session, interview_id).audience == "young_person"
    needs(session, person, EASY_READ)
    assert asked() == interview_id
    assert record.guide_of(session, interview_id).audience == "child"
    record.happen(session, interview_id, Opened(Channel.WEB), NOW)
    needs(session, person)
    asked()
    assert record.guide_of(session, interview_id).audience == "child"


def test_nobody_elses_guide_is_one_in_pictures(
    session: Session, tomasz: tuple[UUID, PersonView]
) -> None:
    _case_id, person = tomasz
    grown_up = replace(person, audience="parent_carer")
    needs_it = replace(grown_up.facts.contact, access_needs=(EASY_READ,))
    assert replace(grown_up, facts=replace(grown_up.facts, contact=needs_it)).guide == (
        "parent_carer"
    )
