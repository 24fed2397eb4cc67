"""The concern rota: who receives concerns now, who next, and on which number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from uuid import UUID

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from family_voice.messages import numbers
from family_voice.people.access import Action, Resource, Role, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import find_staff, normal_email, roles_of, staff_with
from family_voice.safeguarding import shifts
from family_voice.safeguarding.models import RotaNumber, RotaShift
from family_voice.safeguarding.shifts import Shift, Span
from family_voice.security.sealing import Erased, KeyKind, Place, new_key, seal, unseal
from family_voice.security.trail import Actor, record
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

FIRST, SECOND = 1, 2


class CannotReceive(Exception):
    """This person's roles do not open concerns, or the account is closed or not there."""


class NoNumber(Exception):
    """A shift needs a mobile number on which the person is told."""


class NotAMobile(ValueError):
    """This is not a mobile number."""


class WrongTimes(ValueError):
    """The days and times make no shift."""


@dataclass(frozen=True)
class OnRota:
    """Somebody who receives concerns at a moment."""

    staff_id: UUID
    name: str
    place: int


@dataclass(frozen=True)
class Receiver:
    """Somebody who may receive concerns, with the number on record; empty if there is none."""

    staff_id: UUID
    name: str
    number: str


@dataclass(frozen=True)
class Week:
    """Seven days of the rota: who is on when, and the working hours in which nobody is."""

    days: tuple[date, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Span, ...]
    bank_holidays: frozenset[date]


def on_rota(session: Session, now: datetime) -> list[OnRota]:
    """Who receives concerns now, who is told first in front; each person once."""
    names, live = _live(session, now)
    found: dict[UUID, OnRota] = {}
    for shift in shifts.on(live, now, bank_holiday):
        found.setdefault(shift.staff_id, OnRota(shift.staff_id, names[shift.staff_id], shift.place))
    return list(found.values())


def next_on_rota(session: Session, now: datetime) -> datetime | None:
    """When somebody next comes on the rota, after now; None if nobody ever does."""
    return _next(_live(session, now)[1], now)


def somebody_ever(session: Session, now: datetime) -> bool:
    """Whether anybody is on the rota now or later: nothing may start without."""
    live = _live(session, now)[1]
    return bool(shifts.on(live, now, bank_holiday)) or _next(live, now) is not None


def anybody_reads(session: Session, now: datetime) -> tuple[bool, datetime | None]:
    """Whether somebody is there to read messages; if not, when somebody next is, if ever."""
    live = _live(session, now)[1]
    somebody = bool(shifts.on(live, now, bank_holiday))
    return somebody, None if somebody else _next(live, now)


def reads_next(session: Session, now: datetime) -> datetime | None:
    """When messages are next read; None while somebody is there to read them."""
    return anybody_reads(session, now)[1]


def week(session: Session, monday: date, now: datetime) -> Week:
    """The rota of one week, with its gaps."""
    live = _live(session, now)[1]
    since = datetime.combine(monday, time(), shifts.LONDON)
    until = datetime.combine(monday + timedelta(days=7), time(), shifts.LONDON)
    days = tuple(monday + timedelta(days=number) for number in range(7))
    return Week(
        days,
        tuple(shifts.all_spans(live, since, until, bank_holiday)),
        tuple(shifts.gaps(live, since, until, bank_holiday)),
        frozenset(day for day in days if bank_holiday(day)),
    )


def every_shift(session: Session, now: datetime) -> list[tuple[str, Shift]]:
    """Every shift that still counts, with the person's name, by name."""
    names, live = _live(session, now)
    named = [(names[shift.staff_id], shift) for shift in live]
    return sorted(named, key=lambda each: (each[0], each[1].place))


def receivers(session: Session) -> list[Receiver]:
    """Everybody who may receive concerns, by name, with their numbers."""
    found: dict[UUID, StaffMember] = {}
    for role in Role:
        if may([role], Action.CHANGE, Resource.CONCERN):
            found |= {staff.id: staff for staff in staff_with(session, role)}
    numbers = numbers_of(session, list(found))
    people = sorted(found.values(), key=lambda staff: staff.name)
    return [Receiver(staff.id, staff.name, numbers.get(staff.id, "")) for staff in people]


def everybody(session: Session, now: datetime) -> list[UUID]:
    """Everybody with a shift that still counts, and the SEND leads, who have a number."""
    shifted = [shift.staff_id for shift in _live(session, now)[1]]
    leads = [staff.id for staff in staff_with(session, Role.SEND_LEAD)]
    wanted = dict.fromkeys([*shifted, *leads])
    return list(session.scalars(select(RotaNumber.staff_id).where(RotaNumber.staff_id.in_(wanted))))


def numbers_of(session: Session, staff_ids: list[UUID]) -> dict[UUID, str]:
    """The mobile numbers of some members of staff."""
    found = {}
    for row in session.scalars(select(RotaNumber).where(RotaNumber.staff_id.in_(staff_ids))):
        try:
            found[row.staff_id] = unseal(session, row.key_id, _place(row.staff_id), row.number)
        except Erased:
            continue
    return found


def receiver(session: Session, email: str) -> UUID:
    """Who an email address belongs to. Raises CannotReceive, or NotAnEmail."""
    staff = find_staff(session, normal_email(email))
    if staff is None:
        raise CannotReceive
    return staff.id


def keep_number(session: Session, staff_id: UUID, typed: str, by: Actor, now: datetime) -> None:
    """Keep the mobile number on which somebody is told, in place of any before.

    Raises:
        CannotReceive: if they may not receive concerns.
        NotAMobile: if it is no mobile number; nothing is changed.
    """
    _insist(session, staff_id)
    number = mobile(typed)
    row = session.get(RotaNumber, staff_id)
    key_id = row.key_id if row else new_key(session, KeyKind.STAFF, staff_id, now)
    sealed = seal(session, key_id, _place(staff_id), number)
    if row is None:
        session.add(RotaNumber(staff_id=staff_id, key_id=key_id, number=sealed))
    else:
        row.number = sealed
    session.flush()
    record(session, by, "change", "rota", staff_id, now, ["number"])


def add_shift(
    session: Session,
    staff_id: UUID,
    *,
    begins: time,
    ends: time,
    days: frozenset[int] = frozenset(),
    first: date | None = None,
    last: date | None = None,
    place: int = FIRST,
    bank_holidays: bool = False,
    by: Actor,
    now: datetime,
) -> UUID:
    """Put somebody on the rota.

    Args:
        session: a writing session.
        staff_id: whom; a number has to be on record.
        begins: from when, in London.
        ends: until when; for a weekly shift an end that is not later lies on the next day.
        days: the days of the week (0 is Monday); empty for one span between two dates.
        first: the first day.
        last: the last day.
        place: `FIRST` or `SECOND`.
        bank_holidays: whether a weekly shift also comes on England's bank holidays.
        by: who puts them on.
        now: when.

    Returns:
        The shift's id.

    Raises:
        CannotReceive: if they may not receive concerns.
        NoNumber: if there is no mobile number to tell them on.
        WrongTimes: if the days and times make no shift; nothing is changed.
    """
    _insist(session, staff_id)
    if session.get(RotaNumber, staff_id) is None:
        raise NoNumber
    if first is not None and last is not None and last < first:
        raise WrongTimes
    if not days and (first is None or last is None or (first, begins) >= (last, ends)):
        raise WrongTimes
    shift_id = new_id()
    session.add(
        RotaShift(
            id=shift_id,
            staff_id=staff_id,
            place=place,
            days="".join(str(day) for day in sorted(days)),
            first_day=first,
            last_day=last,
            begins=begins,
            ends=ends,
            bank_holidays=bank_holidays,
            made_by=by.id,
            made_at=now,
        )
    )
    session.flush()
    record(session, by, "add", "rota", staff_id, now, ["shift"])
    return shift_id


def take_off(session: Session, shift_id: UUID, by: Actor, now: datetime) -> None:
    """Take a shift off the rota; the row stays, to say who was on when. Raises Missing."""
    row = lock(session, RotaShift, shift_id)
    if row.taken_off_at is None:
        row.taken_off_at = now
        session.flush()
        record(session, by, "remove", "rota", row.staff_id, now, ["shift"])


def mobile(typed: str) -> str:
    """A mobile number in E.164 form, read as a British one. Raises NotAMobile."""
    try:
        return numbers.mobile(typed)
    except numbers.OddNumber as odd:
        raise NotAMobile from odd


def bank_holiday(day: date) -> bool:
    """Whether offices in England are closed for a bank holiday."""
    return day in _bank_holidays(day.year)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def _next(live: list[Shift], now: datetime) -> datetime | None:
    return shifts.next_on(live, now, bank_holiday)


def _live(session: Session, now: datetime) -> tuple[dict[UUID, str], list[Shift]]:
    """The shifts that count: not taken off, not over, of people who may and who have a number."""
    yesterday = now.astimezone(shifts.LONDON).date() - timedelta(days=1)
    rows = session.execute(
        select(RotaShift, StaffMember)
        .join(StaffMember, StaffMember.id == RotaShift.staff_id)
        .join(RotaNumber, RotaNumber.staff_id == RotaShift.staff_id)
        .where(
            StaffMember.active,
            RotaShift.taken_off_at.is_(None),
            RotaShift.last_day.is_(None) | (RotaShift.last_day >= yesterday),
        )
        .options(joinedload(StaffMember.roles))
        .order_by(RotaShift.place, RotaShift.made_at, RotaShift.id)
    ).unique()
    live = [
        (row, staff) for row, staff in rows if may(roles_of(staff), Action.CHANGE, Resource.CONCERN)
    ]
    names = {staff.id: staff.name for _row, staff in live}
    return names, [
        Shift(
            id=row.id,
            staff_id=row.staff_id,
            place=row.place,
            days=frozenset(int(figure) for figure in row.days),
            first=row.first_day,
            last=row.last_day,
            begins=row.begins,
            ends=row.ends,
            bank_holidays=row.bank_holidays,
        )
        for row, _staff in live
    ]


def _insist(session: Session, staff_id: UUID) -> None:
    staff = session.get(StaffMember, staff_id)
    if (
        staff is None
        or not staff.active
        or not may(roles_of(staff), Action.CHANGE, Resource.CONCERN)
    ):
        raise CannotReceive


def _place(staff_id: UUID) -> Place:
    return Place("rota_number", "number", staff_id)
