"""Whatever page shows a family's words or names, to whomever: a line of the trail says so first.

Every page there is, about everything it could be about, is opened as everybody. Where the answer
holds something of the family's, a line by this very person about this very family must stand in
the trail; and no line ever holds a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from itertools import product
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule

from family_voice.cases.following_up import needs_doing
from family_voice.cases.reading import case_view
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Manner
from family_voice.people.access import ROUTES, Door, Needs, Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding.concerns import raise_concern
from family_voice.security.models import TrailRow
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.sharing.copies import make_copy
from family_voice.storage.base import new_id
from tests.conftest import Database
from tests.factories import agreed
from tests.reports.panel_round import CHILDS, SECRET, URDU, PanelRound
from tests.sharing.exchange.projects import words_in

NOTED = "They ring us back now."
TO_DO = "The taxi must come on time."
WORRY = "There was a bruise on an arm."


@dataclass
class Family:
    """What of theirs may show, each with what a line of the trail about it may name."""

    markers: dict[str, set[UUID | str]]
    pools: dict[str, list[object]]


@pytest.fixture
def family(panel: PanelRound, database: Database, settings: Settings, now: datetime) -> Family:
    """The heard case, with notes of a call, something to do, a printed copy and a concern."""
    with database.sessions.begin() as session:
        return _family(session, panel, settings, now)


def _family(session: Session, panel: PanelRound, settings: Settings, now: datetime) -> Family:
    lead = Actor("staff", panel.lead)
    view = case_view(session, panel.case, now)
    person = view.people[0].person
    noted = record.begin(
        session, audience=person.audience, language="en", now=now,
        participant_id=person.id, round_id=panel.round_id,
    )  # fmt: skip
    agreed(session, noted, now)
    record.write(
        session, noted, "important.open", NOTED,
        channel=Channel.TELEPHONE, manner=Manner.OWN_WORDS, now=now, recorded_by=panel.lead,
    )  # fmt: skip
    to_do = needs_doing(
        session, panel.case, None, words=TO_DO, worker="Wendy Wright", manager="Mo Moss",
        due_on=date(2026, 12, 1), family_agreed=True, by=lead, now=now,
    )  # fmt: skip
    copy = make_copy(session, panel.case, panel.member, panel.lead, date(2026, 12, 20), now)
    worry = raise_concern(
        session, WORRY, interview_id=panel.mother, by=lead, now=now, settings=settings
    )
    theirs = {panel.case, *(each.person.id for each in view.people), panel.mother, panel.child}
    lists = {panel.round_id, panel.session_id}
    anything: set[UUID | str] = {*theirs, *lists, noted, to_do, "follow_up", worry, "concern"}
    return Family(
        markers={
            "He has a friend now.": {panel.mother, panel.case},
            SECRET: {panel.mother, panel.case},
            URDU: {panel.mother, panel.case},
            CHILDS: {panel.child, panel.case},
            NOTED: {noted, panel.case},
            TO_DO: {to_do},
            WORRY: {worry, "concern"},
            view.child.facts.name: anything,
            view.reference: anything,
            **{each.person.facts.name: anything for each in view.people},
        },
        pools={
            "case_id": [panel.case],
            "interview_id": [panel.mother, panel.child, noted],
            "round_id": [panel.round_id],
            "session_id": [panel.session_id],
            "participant_id": [person.id],
            "person_id": [person.id],
            "staff_id": [panel.member],
            "follow_up_id": [to_do],
            "concern_id": [worry],
            "number": [copy.number],
        },
    )


@pytest.fixture
def everybody(panel: PanelRound, database: Database, now: datetime) -> list[UUID]:
    """The panel's people, and one of each role that is not among them."""
    with database.sessions.begin() as session:
        others = [
            add_staff(
                session, email=f"{role.value}@c.example", roles=[role], now=now, password="x" * 12
            ).staff_id
            for role in (Role.FORUM, Role.BOARD, Role.DPO, Role.ADMIN)
        ]
    return [panel.lead, panel.chair, panel.member, panel.worker, panel.outsider, *others]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_of_a_familys_is_shown_off_the_record(
    demo_app: Flask,
    database: Database,
    family: Family,
    everybody: list[UUID],
    sign_in: Callable[[UUID], FlaskClient],
) -> None:
    off_record, shown, values = set(), set(), set()
    for staff_id in everybody:
        client = sign_in(staff_id)
        for endpoint, address in addresses(demo_app, family):
            with database.sessions.begin() as session:
                session.execute(delete(TrailRow))
            text = unescape(words_in(client.get(address).data))
            with database.sessions() as session:
                rows = session.scalars(select(TrailRow)).all()
            named = {row.resource_id for row in rows if row.actor_id == staff_id}
            kinds = {row.resource for row in rows if row.actor_id == staff_id}
            for marker, enough in family.markers.items():
                if marker in text:
                    shown.add(marker)
                    if not enough & (named | kinds):
                        off_record.add((endpoint, marker))
            values |= {
                (endpoint, field)
                for row in rows
                for field in row.fields
                if any(marker in field for marker in family.markers)
            }
    assert off_record == set()
    assert values == set()
    assert shown >= {CHILDS, SECRET, NOTED, TO_DO, WORRY, URDU}  # the test did look


def addresses(app: Flask, family: Family) -> Iterator[tuple[str, str]]:
    """Every page for staff, with everything of this family's that it could be about."""
    for rule in app.url_map.iter_rules():
        kept = ROUTES.get(rule.endpoint)
        if rule.endpoint == "staff.caseload_example":  # made-up families, the same as these
            continue
        if "GET" not in (rule.methods or ()) or not (isinstance(kept, Needs) or kept is Door.STAFF):
            continue
        names = sorted(rule.arguments)
        pools = [family.pools.get(name) or _made_up(rule, name) for name in names]
        for values in product(*pools):
            built = rule.build(dict(zip(names, values, strict=True)))
            assert built
            yield rule.endpoint, built[1]
            if rule.endpoint.startswith("call_pad."):
                yield rule.endpoint, f"{built[1]}?by=telephone"
            if rule.endpoint == "exchange.download":
                yield rule.endpoint, f"{built[1]}?names=with"


def _made_up(rule: Rule, name: str) -> list[object]:
    """A value that fits, of nothing there is."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return [*sorted(converter.items)]
    return [{"UUIDConverter": new_id(), "IntegerConverter": 1}.get(type(converter).__name__, "x")]
