"""An operator's commands for the concern rota: `rota add` and `rota list`.

The pages for it need `serve`, and `serve` needs a rota; so the first shift is put on here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final, NoReturn

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.people.staff import NotAnEmail
from family_voice.safeguarding import rota
from family_voice.safeguarding.rota import CannotReceive, NoNumber, NotAMobile, WrongTimes
from family_voice.safeguarding.shifts import Shift
from family_voice.security.trail import OPERATOR
from family_voice.settings import Settings
from family_voice.storage.engine import reading

Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_ROTA: Final = (
    "Nobody is on the concern rota, now or later. `family-voice rota add EMAIL --mobile NUMBER` "
    "puts somebody on it."
)
NO_EMERGENCY_PHONE: Final = (
    "Set FAMILY_VOICE_EMERGENCY_PHONE: the emergency duty team's telephone number."
)


def rota_commands(ready: Ready, clock: Clock) -> list[click.Command]:
    """The group `rota`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group("rota")
    def group() -> None:
        """Who receives concerns about somebody's safety, and when."""

    @group.command("add")
    @click.argument("email")
    @click.option("--mobile", default="", help="The number they are texted on; kept for next time.")
    @click.option(
        "--days", default="mon-fri", show_default=True, help="Such as mon-fri or sat,sun."
    )
    @click.option("--from", "begins", default="09:00", show_default=True, help="London time.")
    @click.option("--until", "ends", default="17:00", show_default=True, help="London time.")
    @click.option("--first", "first", help="The first day, as YYYY-MM-DD.")
    @click.option("--last", "last", help="The last day, as YYYY-MM-DD.")
    @click.option("--second", is_flag=True, help="Stands behind; another is told first.")
    @click.option("--bank-holidays", is_flag=True, help="Also on bank holidays.")
    def add(
        email: str, mobile: str, days: str, begins: str, ends: str, first: str | None,
        last: str | None, second: bool, bank_holidays: bool,
    ) -> None:  # fmt: skip
        """Put a coproduction lead or SEND lead, by EMAIL, on the rota every week."""
        now = clock()
        try:
            wanted = _days(days)
            hours = time.fromisoformat(begins), time.fromisoformat(ends)
            between = [date.fromisoformat(each) if each else None for each in (first, last)]
        except ValueError:
            _fail(
                "Write days as mon-fri or sat,sun, times as 09:00 and dates as 2026-11-23. "
                "Nothing was changed."
            )
        try:
            with ready()[0].begin() as session:
                staff_id = rota.receiver(session, email)
                if mobile:
                    rota.keep_number(session, staff_id, mobile, OPERATOR, now)
                rota.add_shift(
                    session,
                    staff_id,
                    days=wanted,
                    begins=hours[0],
                    ends=hours[1],
                    first=between[0],
                    last=between[1],
                    place=rota.SECOND if second else rota.FIRST,
                    bank_holidays=bank_holidays,
                    by=OPERATOR,
                    now=now,
                )
        except (CannotReceive, NotAnEmail):
            _fail(
                "Only an open account of a coproduction lead or SEND lead can receive concerns. "
                "`family-voice user add EMAIL --role coproduction_lead` makes one."
            )
        except NotAMobile:
            _fail("This is not a mobile number. Write --mobile like 07700 900123.")
        except NoNumber:
            _fail("There is no number for them yet. Give --mobile as well.")
        except WrongTimes:
            _fail("The last day lies before the first. Nothing was changed.")
        click.echo("They are on the rota. `family-voice rota list` shows all of it.")

    @group.command("list")
    def list_() -> None:
        """Every shift there is. Telephone numbers are shown on the page only."""
        with reading(ready()[0]) as session:
            now = clock()
            there = {each.staff_id for each in rota.on_rota(session, now)}
            for name, shift in rota.every_shift(session, now):
                on = ", on now" if shift.staff_id in there else ""
                click.echo(f"{name}: {_words(shift)}{on}")

    return [group]


def insist_on_rota(session: Session, settings: Settings, now: datetime) -> None:
    """Stop with one sentence unless somebody receives concerns and an emergency number is set.

    Raises:
        click.ClickException: saying which command or setting helps.
    """
    insist_on_emergency_phone(settings)
    if not rota.somebody_ever(session, now):
        _fail(NO_ROTA)


def insist_on_emergency_phone(settings: Settings) -> None:
    """Stop with one sentence unless the emergency duty team's number is set.

    Raises:
        click.ClickException: naming the setting.
    """
    if not settings.emergency_phone:
        _fail(NO_EMERGENCY_PHONE)


def warn_of_no_rota(session: Session, now: datetime) -> None:
    """Say, on the error stream, that nobody is on the rota."""
    if not rota.somebody_ever(session, now):
        click.echo(NO_ROTA, err=True)


def _days(written: str) -> frozenset[int]:
    found: set[int] = set()
    for part in written.lower().split(","):
        first, _dash, last = part.strip().partition("-")
        begins = DAYS.index(first)
        ends = DAYS.index(last or first)
        found |= {day % 7 for day in range(begins, ends + 1 if ends >= begins else ends + 8)}
    return frozenset(found)


def _words(shift: Shift) -> str:
    hours = f"{shift.begins:%H:%M} to {shift.ends:%H:%M}"
    place = "first" if shift.place == rota.FIRST else "second"
    if not shift.days:
        return f"{shift.first} {shift.begins:%H:%M} to {shift.last} {shift.ends:%H:%M}, {place}"
    days = ", ".join(DAYS[day] for day in sorted(shift.days))
    since = f", from {shift.first}" if shift.first else ""
    until = f", until {shift.last}" if shift.last else ""
    holidays = ", also on bank holidays" if shift.bank_holidays else ""
    return f"{days} {hours}, {place}{since}{until}{holidays}"


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
