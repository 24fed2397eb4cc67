"""A concern reaches whoever is on the rota in one transaction, and climbs until it is taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select

from family_voice.messages import outbox
from family_voice.messages.models import OutboundMessage
from family_voice.people.access import Role
from family_voice.people.staff import stop_staff
from family_voice.safeguarding import concerns, escalating, rota
from family_voice.safeguarding.concerns import Decision, NotForThis
from family_voice.safeguarding.models import Concern, ConcernTold
from family_voice.security.trail import OPERATOR
from family_voice.storage.engine import reading
from tests.factories import on_the_rota
from tests.safeguarding.conftest import Office

FIRST, SECOND, LATER, CHIEF = "+447700900951", "+447700900952", "+447700900953", "+447700900954"
WEEKDAYS = frozenset(range(5))
WAITING, DUTY_TEAM = "staff_waiting", "staff_duty_team"


@pytest.fixture
def staffed(office: Office) -> Office:
    """Ann first and Bea behind her in office hours; Col at weekends; Dee leads SEND."""
    with office.database.sessions.begin() as session:
        now = office.clock()
        shift = partial(on_the_rota, session, now, begins=time(9), ends=time(17))
        shift(name="Ann", number=FIRST, days=WEEKDAYS)
        shift(name="Bea", number=SECOND, days=WEEKDAYS, place=rota.SECOND)
        shift(name="Col", number=LATER, days=frozenset({5}))
    dee = office.member(Role.SEND_LEAD, "Dee")
    with office.database.sessions.begin() as session:
        assert dee.id
        rota.keep_number(session, dee.id, CHIEF, OPERATOR, office.clock())
    return office


def test_it_goes_at_once_in_the_same_transaction(staffed: Office) -> None:
    by = staffed.member()
    with staffed.database.sessions() as session:
        concerns.raise_concern(
            session, "A bruise.", interview_id=None, by=by, now=staffed.clock(),
            settings=staffed.settings,
        )  # fmt: skip
        session.rollback()
    assert staffed.queued() == []
    concern = staffed.raise_one(by)
    assert staffed.queued() == [(WAITING, FIRST)]
    staffed.turn()
    [(phone, body)] = staffed.phones.sent
    assert phone == FIRST
    assert "waits for you in Family Voice" in body
    assert "bruise" not in body
    assert staffed.told(concern) == [("at_once", ("Ann",), staffed.clock())]


def test_it_climbs_by_the_clock_and_each_step_is_taken_once(staffed: Office) -> None:
    concern = staffed.raise_one(staffed.member())
    began = staffed.clock()
    for _minute in range(24 * 6):
        staffed.turn()
        staffed.clock.present += timedelta(minutes=10)
    told = [(rung, sorted(names), at - began) for rung, names, at in staffed.told(concern)]
    everybody = ["Ann", "Bea", "Col", "Dee"]
    assert told == [
        ("at_once", ["Ann"], timedelta(0)),
        ("again", ["Ann", "Bea"], timedelta(minutes=30)),
        ("everybody", everybody, timedelta(minutes=60)),
        ("duty_team", everybody, timedelta(minutes=120)),
    ]
    assert len(staffed.phones.sent) == 1 + 2 + 4 + 4
    rings = [body for _phone, body in staffed.phones.sent if "01632 960999" in body]
    assert len(rings) == 4
    with reading(staffed.database.sessions) as session:
        assert escalating.duty_team_named(session)


def test_out_of_hours_it_rings_first_at_any_hour_and_wakes_with_the_rota(staffed: Office) -> None:
    staffed.clock.present = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    concern = staffed.raise_one(staffed.member())
    staffed.turn()
    assert {phone for phone, _body in staffed.phones.sent} == {FIRST, SECOND, LATER, CHIEF}
    assert all("01632 960999" in body for _phone, body in staffed.phones.sent)
    staffed.clock.present = datetime(2026, 11, 19, 8, 59, tzinfo=UTC)
    staffed.turn()
    assert len(staffed.phones.sent) == 4
    assert staffed.look(concern).next_at == datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    staffed.clock.present = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    staffed.turn()
    assert staffed.phones.sent[4:] == [(FIRST, staffed.phones.sent[4][1])]
    assert [rung for rung, _names, _at in staffed.told(concern)] == ["duty_team", "at_once"]


def test_taking_it_ends_the_climb_and_takes_back_what_has_not_gone(staffed: Office) -> None:
    by = staffed.member()
    concern = staffed.raise_one(by)
    with staffed.database.sessions.begin() as session:
        concerns.acknowledge(session, concern, by, staffed.clock())
        assert not escalating.duty_team_named(session)
    staffed.turn()
    assert staffed.phones.sent == []
    staffed.clock.present += timedelta(hours=3)
    staffed.turn()
    assert [rung for rung, _names, _at in staffed.told(concern)] == ["at_once"]
    with staffed.database.sessions.begin() as session, pytest.raises(NotForThis):
        concerns.decide(
            session, concern, Decision.NOT_A_WORRY, "It is nothing.", by, staffed.clock()
        )


def test_two_workers_and_a_restart_take_no_step_twice(staffed: Office) -> None:
    concern = staffed.raise_one(staffed.member())
    staffed.clock.present += timedelta(minutes=61)

    def climb(_worker: int) -> int:
        with staffed.database.sessions.begin() as session:
            return escalating.climb(session, staffed.settings, concern, staffed.clock())

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(climb, range(8))) == 2
    # A worker that died before its commit took nothing.
    staffed.clock.present += timedelta(hours=1)
    with staffed.database.sessions() as session:
        escalating.climb(session, staffed.settings, concern, staffed.clock())
        session.rollback()
    staffed.turn()
    staffed.turn()
    with reading(staffed.database.sessions) as session:
        rungs = session.scalars(select(ConcernTold.rung)).all()
        assert sorted(rungs) == ["again", "at_once", "duty_team", "everybody"]
        assert session.scalar(select(func.count()).select_from(OutboundMessage)) == 1 + 2 + 4 + 4


def test_who_left_or_has_another_job_is_not_told(staffed: Office) -> None:
    with staffed.database.sessions.begin() as session:
        stop_staff(session, "ann@council.example", staffed.clock())
        assert [each.name for each in rota.on_rota(session, staffed.clock())] == ["Bea"]
    staffed.raise_one(staffed.member())
    assert staffed.queued() == [(WAITING, SECOND)]


def test_who_told_us_stop_is_passed_over_and_not_said_to_be_told(staffed: Office) -> None:
    with staffed.database.sessions.begin() as session:
        outbox.stop(session, FIRST, staffed.clock())
    concern = staffed.raise_one(staffed.member())
    assert staffed.queued() == [(WAITING, SECOND)]
    assert staffed.told(concern) == [("at_once", ("Bea",), staffed.clock())]


def test_with_nobody_to_tell_it_is_still_on_the_worklist_and_the_banner(office: Office) -> None:
    concern = office.raise_one(office.member())
    assert office.told(concern) == [("duty_team", (), office.clock())]
    with reading(office.database.sessions) as session:
        assert escalating.duty_team_named(session)
        assert escalating.waiting(session) == 1


def test_concerns_from_before_the_ladder_begin_to_climb(staffed: Office) -> None:
    """What the migration leaves: a next step due, and nobody told."""
    concern = staffed.raise_one(staffed.member())
    with staffed.database.sessions.begin() as session:
        session.execute(delete(ConcernTold))
        session.execute(delete(OutboundMessage))
        row = session.get(Concern, concern)
        assert row
        row.next_rung, row.next_at = "at_once", row.raised_at
    staffed.clock.present += timedelta(days=1)
    staffed.turn()
    assert staffed.told(concern)[0][0] == "at_once"
