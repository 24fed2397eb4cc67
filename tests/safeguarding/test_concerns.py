"""Concerns are sealed apart, acknowledged by the first, and decided once, with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.interviews.models import Interview
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding.concerns import (
    Decided,
    Decision,
    NothingSaid,
    acknowledge,
    all_concerns,
    decide,
    one,
    raise_concern,
)
from family_voice.safeguarding.models import Concern
from family_voice.security.models import DataKey
from family_voice.security.sealing import destroy_key
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.storage.locking import Missing, fetch

SETTINGS = Settings(
    database_url="sqlite://", secret_key="x" * 32, master_keys={1: bytes(32)},
    emergency_phone="01632 960999",
)  # fmt: skip


@pytest.fixture
def lee(session: Session, now: datetime) -> Actor:
    return staff(session, "Lee", now)


def staff(session: Session, name: str, now: datetime) -> Actor:
    given = add_staff(
        session, email=f"{name}@council.example", roles=[Role.LEAD], now=now, name=name
    )
    return Actor("staff", given.staff_id)


def raised(session: Session, by: Actor, now: datetime, interview: UUID | None = None) -> UUID:
    return raise_concern(
        session, "A bruise, and fear.", interview_id=interview, by=by, now=now, settings=SETTINGS,
    )  # fmt: skip


def test_a_concern_is_sealed_under_a_key_of_its_own(
    session: Session, lee: Actor, now: datetime
) -> None:
    interview = record.begin(session, audience="parent_carer", language="en", now=now)
    first, second = raised(session, lee, now, interview), raised(session, lee, now)
    rows = session.scalars(select(Concern)).all()
    assert all(b"bruise" not in row.words for row in rows)
    keys = {fetch(session, Concern, each).key_id for each in (first, second)}
    assert len(keys) == 2
    assert {fetch(session, DataKey, key).kind for key in keys} == {"safeguarding"}
    # Erasing the conversation does not erase what was raised.
    destroy_key(session, fetch(session, Interview, interview).key_id, now)
    assert one(session, first).words == "A bruise, and fear."


def test_the_first_to_take_it_stands_and_it_is_decided_once(
    session: Session, lee: Actor, now: datetime
) -> None:
    pat = staff(session, "Pat", now)
    concern = raised(session, lee, now)
    later = now + timedelta(minutes=5)
    acknowledge(session, concern, pat, later)
    acknowledge(session, concern, lee, later + timedelta(hours=1))
    assert one(session, concern).acknowledged_by == "Pat"
    assert one(session, concern).acknowledged_at == later
    with pytest.raises(NothingSaid):
        decide(session, concern, Decision.REFERRED, " ", lee, later)
    decide(session, concern, Decision.REFERRED, "Rang the front door.", lee, later)
    with pytest.raises(Decided):
        decide(session, concern, Decision.NO_FURTHER, "Changed my mind.", pat, later)
    view = one(session, concern)
    assert (view.decision, view.reason, view.decided_by) == (
        Decision.REFERRED, "Rang the front door.", "Lee",
    )  # fmt: skip


def test_what_is_not_decided_comes_first(session: Session, lee: Actor, now: datetime) -> None:
    old = raised(session, lee, now)
    new = raised(session, lee, now + timedelta(hours=1))
    decide(session, new, Decision.ADVICE, "Took advice.", lee, now)
    assert [each.id for each in all_concerns(session)] == [old, new]


def test_bad_input_stores_nothing(session: Session, lee: Actor, now: datetime) -> None:
    with pytest.raises(NothingSaid):
        raise_concern(
            session, "  ", interview_id=None, by=lee, now=now, settings=SETTINGS,
        )  # fmt: skip
    with pytest.raises(Missing):
        raised(session, lee, now, interview=UUID(int=1))
    assert all_concerns(session) == []
