"""The concern rota: the week as it is, who is on, and changing that."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field
from wtforms.validators import StopValidation

from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.messages import outbox
from family_voice.people.staff import names_of_staff
from family_voice.safeguarding import rota, shifts
from family_voice.safeguarding.rota import CannotReceive, NoNumber, NotAMobile, WrongTimes
from family_voice.storage.locking import Missing
from family_voice.web.access import actor
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Day, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.rota_drawing import draw

blueprint = Blueprint("rota", __name__, url_prefix="/staff/concerns/rota")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

DAYS = (
    lazy("Monday"), lazy("Tuesday"), lazy("Wednesday"), lazy("Thursday"), lazy("Friday"),
    lazy("Saturday"), lazy("Sunday"),
)  # fmt: skip
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
NO_SUCH_NUMBER = lazy("This is not a mobile number. Write one like 07700 900123.")


def _a_time(_form: object, field: Field) -> None:
    if not _TIME.fullmatch(field.data or ""):
        raise StopValidation(_("Put a time of day, such as 9:00 or 17:30."))


class NumberForm(Form):
    """The number somebody is told on."""

    person = Choice(lazy("Who?"), (), [Needed(lazy("Choose somebody."))])
    number = Line(lazy("Mobile number"), [Needed(lazy("Put a mobile number."))])


class ShiftForm(Form):
    """When somebody is on the rota."""

    person = Choice(lazy("Who?"), (), [Needed(lazy("Choose somebody."))])
    number = Line(
        lazy("Mobile number"),
        description=lazy("Leave it empty if it is on record already."),
    )
    place = Choice(
        lazy("Who is told first?"),
        (
            Option("1", lazy("They are told first")),
            Option("2", lazy("They stand behind somebody")),
        ),
        [Needed(lazy("Choose whether they are told first."))],
    )
    days = Choices(
        lazy("Which days of every week?"),
        [Option(str(number), name) for number, name in enumerate(DAYS)],
        description=lazy("Tick none for one stretch of time between two dates."),
    )
    begins = Line(
        lazy("From what time?"), [Needed(lazy("Put from what time.")), _a_time],
        description=lazy("Such as 9:00."),
    )  # fmt: skip
    ends = Line(
        lazy("Until what time?"), [Needed(lazy("Put until what time.")), _a_time],
        description=lazy("Such as 17:00. An earlier time is on the next day; the same time is a "
                         "whole day."),
    )  # fmt: skip
    first = Day(lazy("The first day, if there is one"))
    last = Day(lazy("The last day, if there is one"))
    holidays = Choices(
        lazy("Bank holidays"),
        [Option("yes", lazy("Also on bank holidays in England"))],
    )


@blueprint.get("")
def week() -> ResponseReturnValue:
    """A week of the rota, drawn, with a table beneath and every gap by name."""
    monday = _monday()
    found = rota.week(db(), monday, now())
    people = {span.shift.staff_id for span in found.spans if span.shift}
    receivers = rota.receivers(db())
    return render(
        "staff/concerns/rota.html",
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        drawing=draw(found, names_of_staff(db(), people), now()),
        gaps=found.gaps,
        shifts=rota.every_shift(db(), now()),
        receivers=receivers,
        stopped={
            each.staff_id
            for each in receivers
            if each.number and outbox.is_stopped(db(), each.number)
        },
        there=[each.name for each in rota.on_rota(db(), now())],
        DAYS=DAYS,
        FIRST=rota.FIRST,
    )


@blueprint.route("/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """Put somebody on the rota."""
    form = ShiftForm()
    form.person.options = _people()
    if form.validate_on_submit() and _added(form):
        flash(_("They are on the rota."))
        return redirect(url_for("rota.week"))
    return render("staff/concerns/rota_add.html", form=form)


@blueprint.route("/number", methods=["GET", "POST"])
def number() -> ResponseReturnValue:
    """Keep the mobile number somebody is told on."""
    form = NumberForm()
    form.person.options = _people()
    if form.validate_on_submit():
        try:
            rota.keep_number(db(), UUID(form.person.data), str(form.number.data), actor(), now())
        except NotAMobile:
            form.number.errors = [str(NO_SUCH_NUMBER)]
        except CannotReceive:
            form.person.errors = [_cannot()]
        else:
            flash(_("The number is kept."))
            return redirect(url_for("rota.week"))
    return render("staff/concerns/rota_number.html", form=form)


@blueprint.post("/<uuid:shift_id>/off")
def off(shift_id: UUID) -> ResponseReturnValue:
    """Take a shift off the rota."""
    form = Form()
    if form.validate_on_submit():
        rota.take_off(db(), shift_id, actor(), now())
        flash(_("The shift is off the rota."))
        return redirect(url_for("rota.week"))
    return _again()


def _again() -> Response:
    return error_page(400)


def _added(form: ShiftForm) -> bool:
    """Put the shift on, or say on the form what is wrong."""
    staff_id = UUID(form.person.data)
    begins, ends = (shifts.clock_time(str(field.data)) for field in (form.begins, form.ends))
    try:
        if form.number.data:
            rota.keep_number(db(), staff_id, form.number.data, actor(), now())
        rota.add_shift(
            db(),
            staff_id,
            days=frozenset(int(day) for day in form.days.data),
            begins=begins,
            ends=ends,
            first=form.first.data,
            last=form.last.data,
            place=int(form.place.data),
            bank_holidays=bool(form.holidays.data),
            by=actor(),
            now=now(),
        )
    except NotAMobile:
        form.number.errors = [str(NO_SUCH_NUMBER)]
    except NoNumber:
        form.number.errors = [_("Put a mobile number: there is none on record for them.")]
    except CannotReceive:
        form.person.errors = [_cannot()]
    except WrongTimes:
        form.last.errors = [
            _("With no days ticked, put a first and a last day, and an end after the beginning.")
        ]
    else:
        return True
    return False


def _cannot() -> str:
    return _("This account does not open concerns any more. Choose somebody else.")


def _people() -> list[Option]:
    return [
        Option(
            str(each.staff_id),
            each.name,
            _("A number is on record") if each.number else _("No number is on record"),
        )
        for each in rota.receivers(db())
    ]


def _monday() -> date:
    """The Monday of the week that is asked for, else of this one."""
    today = now().astimezone(shifts.LONDON).date()
    try:
        wanted = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        wanted = today
    day = wanted if abs(wanted - today) < timedelta(days=3650) else today
    return day - timedelta(days=day.weekday())
