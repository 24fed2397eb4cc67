"""A concern shows nowhere but on the concern pages: not to a family, a panel, or on a case."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.people.access import ROUTES, Action, Door, Needs, Resource, Role, may
from family_voice.people.models import Participant
from family_voice.safeguarding import concerns, escalating
from family_voice.safeguarding.models import Concern
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from tests.cases.households import a_full_round
from tests.conftest import Clock, Database
from tests.factories import on_the_rota
from tests.web.staff.conftest import Desk, SignIn, sign_in

__all__ = ["sign_in"]

SECRET = "Zebra marmalade behind the shed."


@pytest.fixture
def worried(database: Database, clock: Clock, settings: Settings) -> tuple[UUID, UUID]:
    """A sent account on a case, and a concern about it that nobody has taken: case, concern."""
    now = clock()
    with database.sessions.begin() as session:
        staff = on_the_rota(session, now)
        round_id = a_full_round(session)
        case = session.scalars(select(Case).order_by(Case.id)).first()
        assert case
        person = session.scalars(
            select(Participant).where(Participant.child_id == case.child_id)
        ).first()
        assert person
        interview = record.begin(
            session, audience=person.audience, language="en", now=now,
            participant_id=person.id, round_id=round_id,
        )  # fmt: skip
        link(session, interview, case.id, LinkHow.INVITATION, now)
        record.happen(session, interview, Opened(Channel.WEB), now)
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, interview, purpose, True, channel=Channel.WEB, now=now)
        record.say(
            session, interview, "He likes the bus.", channel=Channel.WEB,
            prompt_id="important.open", now=now,
        )  # fmt: skip
        record.happen(session, interview, Finished(Channel.WEB), now)
        concern = concerns.raise_concern(
            session, SECRET, interview_id=interview, by=Actor("staff", staff), now=now,
            settings=settings,
        )  # fmt: skip
        return case.id, concern


def openable(app: Flask, case_id: UUID, interview: str) -> list[str]:
    """The address of every page that a case or an account's id opens."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith("concerns."):
            continue
        needs = ROUTES.get(rule.endpoint)
        if not (isinstance(needs, Needs) or needs is Door.STAFF):
            continue
        values: dict[str, Any] = {"case_id": case_id, "interview_id": interview}
        if set(rule.arguments) <= set(values):
            with app.test_request_context():
                found.append(
                    app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                )
    return found


def readable(page: TestResponse) -> str:
    """What a page says, or every file in an archive that it hands over."""
    body = page.get_data()
    if not is_zipfile(BytesIO(body)):
        return body.decode()
    with ZipFile(BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def without_frame(page: str) -> str:
    """A page without what every staff page says of concerns in its frame, and of raising one."""
    page = re.sub(r'<aside class="fv-waits.*?</aside>', "", page, flags=re.S)
    page = re.sub(r'<p class="fv-raise">.*?</p>', "", page, flags=re.S)
    page = re.sub(r'<nav class="fv-navigation.*?</nav>', "", page, flags=re.S)
    return re.sub(r"<(a|button)[^>]*fv-worried.*?</\1>", "", page, flags=re.S)


@pytest.mark.parametrize("role", Role)
def test_no_staff_page_of_a_case_says_that_there_is_one(
    role: Role, app: Flask, sign_in: SignIn, worried: tuple[UUID, UUID], database: Database
) -> None:
    case_id, concern = worried
    with database.sessions() as session:
        interview = str(concerns.one(session, concern).interview_id)
    desk = sign_in(role)
    opened = 0
    for address in openable(app, case_id, interview):
        page = desk.get(address)
        if page.status_code != 200:
            continue
        opened += 1
        text = readable(page)
        assert SECRET not in text, address
        assert str(concern) not in text, address
        if address.startswith(("/dpo", "/staff/concerns")):
            continue
        said = without_frame(text)
        assert 'govuk-tag--red">Nobody has taken' not in said, address
        assert not re.search(r"\b[Cc]oncerns? (of|raised|waits?)\b", said), address
    assert opened or role not in (Role.LEAD, Role.DPO)


def test_the_banner_is_for_those_who_can_do_something(
    sign_in: SignIn, worried: tuple[UUID, UUID], database: Database, clock: Clock,
    settings: Settings,
) -> None:  # fmt: skip
    desks = {role: sign_in(role) for role in Role}
    for role, desk in desks.items():
        page = desk.get("/staff/concern").text
        assert ("concern waits" in desk.get("/staff/password").text) is reads(role), role
        assert "fv-waits--ring" not in page
    ring(database, worried[1], clock, settings)
    for role, desk in desks.items():
        page = desk.get("/staff/password").text
        assert ("fv-waits--ring" in page) is reads(role), role
    raise_and_ring(desks[Role.PANEL], database, clock, settings)


def ring(database: Database, concern: UUID, clock: Clock, settings: Settings) -> None:
    """Nobody takes it for two hours."""
    for minutes in (31, 61, 121):
        with database.sessions.begin() as session:
            escalating.climb(session, settings, concern, clock() + timedelta(minutes=minutes))


def reads(role: Role) -> bool:
    return may([role], Action.SEE, Resource.CONCERN)


def raise_and_ring(desk: Desk, database: Database, clock: Clock, settings: Settings) -> None:
    """Whoever raised it can ring and say what they saw: they are told as well."""
    desk.post("/staff/concern", words="She flinched.")
    assert "fv-waits" not in desk.get("/staff/password").text
    with database.sessions.begin() as session:
        newest = session.scalars(select(Concern.id).where(Concern.interview_id.is_(None))).first()
        assert newest
    ring(database, newest, clock, settings)
    page = desk.get("/staff/password").text
    assert "fv-waits--ring" in page
    assert settings.emergency_phone in page
    assert 'href="/staff/concerns"' not in page
