"""Reminders of the plan by email to the staff concerned, each deadline once.

Once a working day they are put in line for the morning. What an email says is made when it goes,
of the plan as it is then, and of nothing but the framework's names and days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from family_voice.cases.audit_calendar import Deadline
from family_voice.cases.audit_plan_models import PlanReminder, ReminderChoice
from family_voice.cases.audit_year import Entry, year
from family_voice.cases.deadlines import LONDON, is_working_day, london_date, working_days_after
from family_voice.cases.plan_words import in_one_line
from family_voice.cases.school_years import school_year
from family_voice.frameworks.framework import Framework
from family_voice.language.formats import full_date
from family_voice.language.team import team_named
from family_voice.language.texts import _, speaking
from family_voice.messages.emailing import FIRST_WAIT, LEASE, LONGEST_WAIT, MOST_ATTEMPTS, Claimed
from family_voice.messages.emails import Email
from family_voice.messages.models import SendState
from family_voice.messages.once import insert_once
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import roles_of, staff_with
from family_voice.settings import Settings
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

#: So many working days before it is due.
AHEAD: Final = 5
#: In the morning, when the day is planned.
HOUR: Final = time(8, 0)
#: Who is reminded: those who run rounds, unless they said no, and chairs who asked for it.
UNASKED: Final = Role.LEAD
CONCERNED: Final = (Role.LEAD, Role.SEND_LEAD)
#: What is remembered of reminders that went: longer than any deadline lies ahead.
REMEMBERED: Final = timedelta(days=400)
#: Staff emails are in English, as the pages they lead to are by default.
LANGUAGE: Final = "en"


def wants(session: Session, staff: StaffMember) -> bool:
    """Whether somebody is reminded."""
    choice = session.get(ReminderChoice, staff.id)
    return choice.wanted if choice is not None else UNASKED in roles_of(staff)


def choose(session: Session, staff_id: UUID, wanted: bool, now: datetime) -> None:
    """Note whether somebody wants to be reminded."""
    row = session.get(ReminderChoice, staff_id)
    if row is None:
        session.add(ReminderChoice(staff_id=staff_id, wanted=wanted, chosen_at=now))
    else:
        row.wanted, row.chosen_at = wanted, now
    session.flush()


def put_in_line(session: Session, framework: Framework, now: datetime) -> int:
    """Put the day's reminders in line, one email a person; a second time changes nothing.

    Args:
        session: a writing session.
        framework: the version in force.
        now: the present.

    Returns:
        How many emails were put in line.
    """
    today = london_date(now)
    if not is_working_day(today):
        return 0
    session.execute(delete(PlanReminder).where(PlanReminder.due_at < now - REMEMBERED))
    due = [name for name, _entry, _deadline in _coming(session, framework, today)]
    if not due:
        return 0
    people = {each.id: each for role in CONCERNED for each in staff_with(session, role)}
    made = 0
    for staff in people.values():
        told = {
            name
            for about in session.scalars(
                select(PlanReminder.about).where(PlanReminder.staff_id == staff.id)
            )
            for name in about
        }
        fresh = [name for name in due if name not in told]
        if fresh and wants(session, staff):
            values = {
                "id": new_id(),
                "staff_id": staff.id,
                "day": today,
                "about": fresh,
                "due_at": datetime.combine(today, HOUR, LONDON).astimezone(UTC),
            }
            made += insert_once(session, PlanReminder, None, values) is not None
    return made


def anything_due(session: Session, now: datetime) -> bool:
    """Whether there is a reminder to send now."""
    return session.scalar(select(PlanReminder.id).where(_due(now)).limit(1)) is not None


def claim(
    session: Session, settings: Settings, framework: Framework, now: datetime
) -> Claimed | None:
    """Take the next reminder that may go, for as long as a mail server may take.

    One whose person has left or said no meanwhile, or of which nothing is to come any more, is
    taken out of line.

    Args:
        session: a writing session of its own; commit it before sending.
        settings: who we are.
        framework: the version in force.
        now: the present.

    Returns:
        What to send, or None if nothing may go.
    """
    found = (
        select(PlanReminder)
        .where(_due(now))
        .order_by(PlanReminder.due_at, PlanReminder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (row := session.scalar(found)) is not None:
        staff = fetch(session, StaffMember, row.staff_id)
        concerned = staff.active and roles_of(staff) & set(CONCERNED) and wants(session, staff)
        coming = [
            (entry, deadline)
            for name, entry, deadline in _coming(session, framework, london_date(now))
            if name in row.about
        ]
        if concerned and coming:
            row.state, row.lease_until = SendState.SENDING.value, now + LEASE
            row.attempts += 1
            session.flush()
            return Claimed(row.id, staff.email, _email(settings, coming), row.due_at)
        _settle(row, SendState.CANCELLED, "not_wanted")
        session.flush()
    return None


def sent(session: Session, reminder_id: UUID, now: datetime) -> None:
    """The mail server has taken it."""
    row = lock(session, PlanReminder, reminder_id)
    row.sent_at = now
    _settle(row, SendState.SENT, None)
    session.flush()


def refused(session: Session, reminder_id: UUID, code: str) -> None:
    """The mail server never will."""
    _settle(lock(session, PlanReminder, reminder_id), SendState.FAILED, code)
    session.flush()


def again(session: Session, reminder_id: UUID, now: datetime, *, about_us: bool) -> None:
    """It was not taken, or nobody knows: it goes again, unless it failed often for itself."""
    row = lock(session, PlanReminder, reminder_id)
    row.attempts -= int(about_us)
    if row.attempts >= MOST_ATTEMPTS:
        _settle(row, SendState.FAILED, "given_up")
    else:
        row.state = SendState.QUEUED.value
        row.lease_until = now + min(FIRST_WAIT * 2 ** max(row.attempts, 0), LONGEST_WAIT)
    session.flush()


def _coming(
    session: Session, framework: Framework, today: date
) -> Iterator[tuple[str, Entry, Deadline]]:
    """What is due from today on and soon, of rounds that are planned or open, by its name."""
    until = working_days_after(today, AHEAD)
    for first_year in sorted({school_year(today), school_year(until)}):
        for entry in year(session, framework, first_year, today):
            for deadline in entry.deadlines:
                if entry.is_decided and today <= deadline.day <= until:
                    yield entry.key(deadline), entry, deadline


def _email(settings: Settings, coming: list[tuple[Entry, Deadline]]) -> Email:
    with speaking(LANGUAGE) as spoken:
        lines = [
            _(
                "%(day)s: %(what)s",
                day=full_date(deadline.day),
                what=in_one_line(entry, deadline),
            )
            for entry, deadline in sorted(coming, key=lambda pair: pair[1].day)
        ]
        return Email(
            language=spoken.code,
            direction=spoken.direction,
            subject=_("Due soon in your plan of audits"),
            before=(
                _("Hello, this is %(team)s.", team=team_named(settings.team_name)),
                *lines,
            ),
            press=_("Open the plan"),
            link=f"{settings.public_url}/staff/plan",
            after=(
                _("You are reminded once of each day. On the page of the plan you can stop this."),
            ),
        )


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(PlanReminder.lease_until.is_(None), PlanReminder.lease_until <= now)
    waits = and_(PlanReminder.state == SendState.QUEUED.value, PlanReminder.due_at <= now, free)
    left = and_(PlanReminder.state == SendState.SENDING.value, PlanReminder.lease_until <= now)
    return or_(waits, left)


def _settle(row: PlanReminder, state: SendState, error: str | None) -> None:
    row.state, row.error, row.lease_until = state.value, error[:40] if error else None, None
