"""Reminders of the plan: to whom, when, once, and nothing but the framework's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases import reminders
from family_voice.cases.audit_plan import keep
from family_voice.messages.emailing import LEASE, MOST_ATTEMPTS, Claimed
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import add_staff, stop_staff
from family_voice.settings import Settings
from family_voice.storage.locking import fetch
from tests.cases.households import a_round, framework

DAY = timedelta(days=1)
#: A Wednesday. The families of the made-up round's first session are heard by 2 December.
MORNING = datetime.fromisoformat("2026-11-25T08:00:00+00:00")
EARLY = MORNING - timedelta(hours=7)


@dataclass
class Office:
    """A lead and a chair, and a round that goes on."""

    session: Session
    settings: Settings
    people: dict[Role, UUID]

    def line_up(self, now: datetime = EARLY) -> int:
        return reminders.put_in_line(self.session, framework(), now)

    def claim(self, now: datetime = MORNING) -> Claimed | None:
        return reminders.claim(self.session, self.settings, framework(), now)

    def staff(self, role: Role) -> StaffMember:
        return fetch(self.session, StaffMember, self.people[role])


@pytest.fixture
def office(session: Session, settings: Settings, now: datetime) -> Office:
    a_round(session)
    people = {
        role: add_staff(session, email=f"{role}@b.example", roles=[role], now=now).staff_id
        for role in (Role.LEAD, Role.SEND_LEAD, Role.BOARD)
    }
    return Office(session, settings, people)


def test_one_email_in_the_morning_five_working_days_before(office: Office) -> None:
    assert office.line_up(EARLY - DAY) == 0  # six working days before
    assert office.line_up() == 1
    assert office.claim(MORNING - timedelta(seconds=1)) is None
    claimed = office.claim()
    assert claimed
    assert claimed.address == "coproduction_lead@b.example"
    words = claimed.email.as_words()
    assert (
        "Wednesday, 2 December 2026: Last day to hear families for session 1: "
        "Multi-agency assurance, Autumn term 2026"
    ) in words
    assert "http://localhost/staff/plan" in words
    for kept_out in ("Social, emotional", "Year 6", "Autumn 2026:"):  # its themes, its typed name
        assert kept_out not in words
    assert office.claim() is None  # one is on its way
    reminders.sent(office.session, claimed.id, MORNING)
    assert office.claim(MORNING + LEASE + DAY) is None


def test_each_deadline_once(office: Office) -> None:
    assert [office.line_up(), office.line_up(), office.line_up(EARLY + DAY)] == [1, 0, 0]
    later = EARLY + 7 * DAY  # the second session's families, and the first session
    assert office.line_up(later) == 1
    first = office.claim()
    assert first
    reminders.sent(office.session, first.id, MORNING)
    claimed = office.claim(later + timedelta(hours=8))
    assert claimed
    assert "9 December 2026: Session 1:" in claimed.email.as_words()
    assert "2 December" not in claimed.email.as_words()


def test_who_is_concerned(office: Office, now: datetime) -> None:
    session = office.session
    assert [reminders.wants(session, office.staff(role)) for role in office.people] == [
        True, False, False,
    ]  # fmt: skip
    reminders.choose(session, office.people[Role.SEND_LEAD], True, now)
    reminders.choose(session, office.people[Role.BOARD], True, now)
    assert office.line_up() == 2
    reminders.choose(session, office.people[Role.LEAD], False, now)  # while it waits
    stop_staff(session, "send_lead@b.example", now)
    assert office.claim() is None
    assert office.line_up(EARLY + 7 * DAY) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_not_on_days_when_nobody_works_nor_of_what_nobody_planned(office: Office) -> None:
    assert office.line_up(EARLY + 3 * DAY) == 0  # a Saturday
    spring = EARLY.replace(year=2027, month=1, day=11)  # "choose the theme" is due that week
    assert office.line_up(spring) == 0
    keep(
        office.session, framework(), framework().main_audit.id, date(2027, 1, 1),
        themes={}, reasons=[], held_on=[],
    )  # fmt: skip
    assert office.line_up(spring) == 1


def test_what_the_mail_server_does_not_take(office: Office) -> None:
    office.line_up()
    moment = MORNING
    for attempt in range(1, MOST_ATTEMPTS + 1):
        claimed = office.claim(moment)
        assert claimed, attempt
        reminders.again(office.session, claimed.id, moment, about_us=False)
        assert office.claim(moment) is None  # it waits first
        moment += timedelta(hours=4)
    assert office.claim(moment + DAY) is None  # given up


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_trouble_of_our_own_is_never_given_up_nor_a_lost_sender(office: Office) -> None:
    office.line_up()
    moment = MORNING
    for _ in range(MOST_ATTEMPTS + 1):
        claimed = office.claim(moment)
        assert claimed
        reminders.again(office.session, claimed.id, moment, about_us=True)
        moment += timedelta(minutes=2)
    taken = office.claim(moment)
    assert taken
    assert office.claim(moment + LEASE - timedelta(seconds=1)) is None
    again = office.claim(moment + LEASE)  # whoever held it is gone: the same email once more
    assert again
    assert replace(again, at=taken.at) == taken
    reminders.refused(office.session, again.id, "550")
    assert office.claim(moment + DAY) is None
