"""The next best step for a family that has not been heard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases import reaching
from family_voice.cases.best_steps import Best, BestStep, best_step
from family_voice.cases.ledger import Outcome
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reaching import Channel, record_attempt
from family_voice.cases.reading import case_view
from family_voice.cases.ringing import Part
from family_voice.people.facts import PersonView
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

AGO = NOW - timedelta(days=7)


@pytest.fixture
def one(session: Session) -> UUID:
    return case(session, a_full_round(session), "EX-001").case_id


def person(session: Session, case_id: UUID, first_name: str) -> PersonView:
    return speaker(case_view(session, case_id, NOW), first_name).person


def step(session: Session, case_id: UUID, *worked: str) -> BestStep:
    return best_step(case_view(session, case_id, NOW), worked)


def tried(
    session: Session,
    case_id: UUID,
    channel: Channel,
    outcome: Outcome,
    hour: int = 10,
    who: str = "Nadia",
) -> None:
    record_attempt(
        session, case_id, participant_id=person(session, case_id, who).id,
        channel=channel, outcome=outcome, at=AGO.replace(hour=hour), by=SOMEBODY, now=NOW,
    )  # fmt: skip


def changed(session: Session, case_id: UUID, who: str = "Nadia", **contact: Any) -> None:
    found = person(session, case_id, who)
    facts = replace(found.facts.contact, **contact)
    reaching.change_contact(session, found.id, found.version, facts, SOMEBODY, NOW)


def test_what_has_to_be_settled_first_goes_before_every_try(session: Session, one: UUID) -> None:
    assert step(session, one) == BestStep(Best.FIRST, NextStep.INVITE)


def test_a_no_is_never_asked_again(session: Session, one: UUID) -> None:
    for who in ("Nadia", "Imran"):
        tried(session, one, Channel.TELEPHONE, Outcome.DECLINED, who=who)
    assert step(session, one).kind is Best.RESPECT


def test_first_somebody_else_then_an_introduction_their_language_an_hour_and_a_way(
    session: Session, one: UUID
) -> None:
    tried(session, one, Channel.TEXT, Outcome.SENT)
    changed(session, one, "Imran", safe_to_contact="yes", safe_confirmed_by="Jo Sample")
    found = step(session, one)
    assert found.kind is Best.ANOTHER_PERSON
    assert found.person is not None
    assert found.person.person.facts.first_name == "Imran"
    changed(session, one, "Imran", safe_to_contact="not_confirmed", safe_confirmed_by="")
    assert step(session, one).kind is Best.INTRODUCED
    tried(session, one, Channel.THROUGH_SOMEBODY, Outcome.MESSAGE_LEFT)
    changed(session, one, introduced_by="")
    tried(session, one, Channel.TELEPHONE, Outcome.NO_ANSWER, hour=10)
    changed(session, one, language="en")
    assert step(session, one) == BestStep(
        Best.ANOTHER_HOUR, person=step(session, one).person, part=Part.EVENING
    )
    for hour in (14, 18):
        tried(session, one, Channel.TELEPHONE, Outcome.NO_ANSWER, hour=hour)
    assert step(session, one).channel is Channel.LETTER
    assert step(session, one, "web", "face_to_face").channel is Channel.FACE_TO_FACE
    for way in (Channel.LETTER, Channel.FACE_TO_FACE, Channel.EMAIL):
        tried(session, one, way, Outcome.NO_ANSWER)
    assert step(session, one) == BestStep(Best.FIRST, NextStep.CONFIRM_SAFE)
    changed(session, one, "Imran", safe_to_contact="no", safe_confirmed_by="Jo Sample")
    assert step(session, one).kind is Best.ENOUGH


def test_their_language_where_english_was_hardly_tried(session: Session, one: UUID) -> None:
    tried(session, one, Channel.LETTER, Outcome.SENT)
    changed(session, one, language="pl", introduced_by="")
    found = step(session, one)
    assert (found.kind, found.language) == (Best.THEIR_LANGUAGE, "pl")
