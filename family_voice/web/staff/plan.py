"""The plan of a year's audits: what is due when, and deciding what is to come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import audit_plan, audit_year, plan_feed, reminders
from family_voice.cases.audit_calendar import Deadline
from family_voice.cases.audit_plan import (
    AlreadyOpened,
    CannotPlan,
    PlanChanged,
    Planned,
    PlanProblem,
    Reason,
)
from family_voice.cases.audit_year import Entry
from family_voice.cases.deadlines import london_date
from family_voice.cases.plan_words import period_name, what_is_due, whose
from family_voice.cases.school_years import school_year
from family_voice.frameworks.framework import Audit, Framework, Theme
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import _, lazy
from family_voice.people.access import Action, Resource, may
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_roles, current_staff
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choices, Day, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff import audit_words
from family_voice.web.staff.plan_drawing import draw

blueprint = Blueprint("plan", __name__, url_prefix="/staff/plan")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

#: How far from today a year can be looked at.
YEARS = 10
#: So many periods of an audit, and months of days, are shown at once; the rest unfold.
AT_ONCE = 3
MONTHS_AT_ONCE = 2
REASONS = {
    Reason.COMPLIMENTS: lazy("Compliments"),
    Reason.COMPLAINTS: lazy("Complaints"),
    Reason.DATA: lazy("What the data show"),
    Reason.INSPECTION: lazy("An inspection"),
}
PROBLEMS = {
    PlanProblem.NO_SUCH_PERIOD: lazy("The framework has no such audit any more. Go back."),
    PlanProblem.UNKNOWN_THEME: lazy("Choose the themes from the lists."),
    PlanProblem.UNKNOWN_REASON: lazy("Choose the reasons from the list."),
    PlanProblem.SOME_DAYS_MISSING: lazy("Put the day of every session, or leave all of them open."),
    PlanProblem.NOT_IN_ORDER: lazy("The sessions must be in the order of their days."),
    PlanProblem.NOT_A_WORKING_DAY: lazy("One of the days is a weekend or a bank holiday."),
    PlanProblem.BEFORE_ITS_PERIOD: lazy("One of the days is before this period begins."),
}
KINDS = {
    "meet": lazy("session"),
    "heard": lazy("families heard"),
    "decide": lazy("choose, or open"),
    "step": lazy("a step of the framework"),
    "after": lazy("links end, copies destroyed"),
}


@dataclass(frozen=True)
class Due:
    """One line of the list of what is due."""

    day: date
    what: str
    where: str
    by: str


@blueprint.get("")
def year() -> Response:
    """A school year: drawn, what comes next, every period of every audit, and your calendar."""
    return _year_page()


def _year_page(new_address: str = "") -> Response:
    today = london_date(now())
    first_year = _wanted_year(today)
    framework = _framework()
    found = audit_year.year(db(), framework, first_year, today)
    lines = _lines(found)
    ahead = [each for each in lines if each.day >= today]
    roles = current_roles()
    return render(
        "staff/plan/year.html",
        framework=framework,
        first_year=first_year,
        this_year=school_year(today),
        furthest=YEARS,
        today=today,
        drawing=draw(first_year, (one for each in found for one in each.deadlines), today),
        kinds=KINDS,
        audits=_by_audit(found),
        next_due=ahead[0] if ahead else None,
        ahead=_by_month(ahead),
        earlier=_by_month([each for each in lines if each.day < today]),
        at_once=AT_ONCE,
        months_at_once=MONTHS_AT_ONCE,
        reasons=REASONS,
        how_much=audit_words.how_much,
        families_of=audit_words.families,
        period_name=period_name,
        what_is_due=what_is_due,
        may_open=may(roles, Action.CHANGE, Resource.ROUND),
        may_read=may(roles, Action.SEE, Resource.LEDGER),
        feed_made_at=plan_feed.feed_made_at(db(), current_staff().id),
        new_address=new_address,
        reminded=reminders.wants(db(), current_staff()),
        by_email=settings().email != "off",
        ahead_days=reminders.AHEAD,
    )


@blueprint.route("/<audit_id>/<begins>", methods=["GET", "POST"])
def one(audit_id: str, begins: str) -> ResponseReturnValue:
    """Choose the themes, why, and the days of one round that is to come."""
    it = audit_year.entry(db(), _framework(), audit_id, _day(begins))
    form = _plan_form(it.framework, it.audit, it.planned)
    meanwhile: Planned | None = None
    status = None
    is_sent = form.validate_on_submit()
    if it.planned and it.planned.round_id:
        return _open_already(it)
    if is_sent:
        try:
            planned_id = audit_plan.keep(
                db(),
                it.framework,
                audit_id,
                it.period.first,
                themes={each.id: form[f"theme_{each.id}"].data for each in _themes(it)},
                reasons=form["reasons"].data,
                held_on=[form[f"session_{n}"].data for n in _sessions(it.audit)],
                version=_number(form["version"].data),
            )
        except CannotPlan as refused:
            form.form_errors += [str(PROBLEMS[each]) for each in refused.problems]
        except AlreadyOpened:  # this very moment
            return _open_already(it)
        except PlanChanged as changed:
            meanwhile, status = changed.standing, 409
            form["version"].data = str(meanwhile.version if meanwhile else 0)
        else:
            record(db(), actor(), "change", "audit plan", planned_id, now(), ["plan"])
            flash(_("%(period)s is planned.", period=period_name(it.period)))
            return redirect(url_for("plan.year", year=school_year(it.period.first)))
    return render(
        "staff/plan/one.html",
        status,
        it=it,
        form=form,
        themes=[form[f"theme_{each.id}"] for each in _themes(it)],
        days=[form[f"session_{n}"] for n in _sessions(it.audit)],
        meanwhile=meanwhile,
        changed=status is not None,
        theme_names=it.framework.names_chosen(meanwhile.themes if meanwhile else {}),
        reasons=REASONS,
        period_name=period_name,
        year=school_year(it.period.first),
    )


@blueprint.post("/<audit_id>/<begins>/drop")
def drop(audit_id: str, begins: str) -> ResponseReturnValue:
    """Take a round that is not open out of the plan."""
    it = audit_year.entry(db(), _framework(), audit_id, _day(begins))
    if not Form().validate_on_submit():
        return error_page(400)
    if it.planned is not None:
        try:
            audit_plan.drop(db(), it.planned.id)
        except AlreadyOpened:
            return error_page(400)
        record(db(), actor(), "change", "audit plan", it.planned.id, now(), ["dropped"])
        flash(_("%(period)s is not planned any more.", period=period_name(it.period)))
    return redirect(url_for("plan.year", year=school_year(it.period.first)))


@blueprint.post("/calendar")
def make_feed() -> ResponseReturnValue:
    """Make the address for one's own calendar program, and show it this once."""
    if not Form().validate_on_submit():
        return error_page(400)
    token = plan_feed.make_feed(db(), current_staff().id, now())
    record(db(), actor(), "add", "plan feed", current_staff().id, now(), ["address"])
    path = url_for("plan_feed.calendar_file", token=token)
    return _year_page(f"{settings().public_url}{path}")


@blueprint.post("/calendar/end")
def end_feed() -> ResponseReturnValue:
    """Let one's own address work no longer."""
    if not Form().validate_on_submit():
        return error_page(400)
    plan_feed.end_feed(db(), current_staff().id, now())
    record(db(), actor(), "change", "plan feed", current_staff().id, now(), ["ended"])
    flash(_("The address works no longer."))
    return redirect(url_for("plan.year"))


@blueprint.post("/reminders")
def remind() -> ResponseReturnValue:
    """Say whether one wants to be reminded."""
    if not Form().validate_on_submit():
        return error_page(400)
    wanted = request.form.get("wanted") == "yes"
    reminders.choose(db(), current_staff().id, wanted, now())
    record(db(), actor(), "change", "plan reminders", current_staff().id, now(), ["wanted"])
    flash(_("You are reminded by email.") if wanted else _("You are not reminded any more."))
    return redirect(url_for("plan.year"))


def _open_already(it: Entry) -> ResponseReturnValue:
    flash(_("This round is open: its themes and days stand on its own page."))
    return redirect(url_for("plan.year", year=school_year(it.period.first)))


def _framework() -> Framework:
    return version_in_force(settings().framework, london_date(now()))


def _wanted_year(today: date) -> int:
    """The school year that is asked for, else this one."""
    this = school_year(today)
    wanted = request.args.get("year", "")
    if not wanted.isascii() or not wanted.isdigit() or abs(int(wanted[:5]) - this) > YEARS:
        return this
    return int(wanted)


def _number(text: str | None) -> int:
    """What a hidden field counts; one that was tampered with counts as a plan that is new."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return day if abs(school_year(day) - school_year(london_date(now()))) <= YEARS else abort(404)


def _lines(found: tuple[Entry, ...]) -> list[Due]:
    return sorted(
        (_line(it, each) for it in found for each in it.deadlines), key=lambda each: each.day
    )


def _line(it: Entry, due: Deadline) -> Due:
    where = _("%(audit)s, %(period)s", audit=it.audit.name, period=period_name(it.period))
    return Due(due.day, what_is_due(it, due), where, whose(it, due))


def _by_month(lines: list[Due]) -> list[tuple[date, list[Due]]]:
    found: defaultdict[date, list[Due]] = defaultdict(list)
    for each in lines:
        found[each.day.replace(day=1)].append(each)
    return list(found.items())


def _by_audit(found: tuple[Entry, ...]) -> list[tuple[Entry, list[Entry]]]:
    """Each audit, by the first of its periods, with all of them."""
    audits: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for each in found:
        audits[each.framework.id, each.audit.id].append(each)
    return [(each[0], each) for each in audits.values()]


def _sessions(audit: Audit) -> range:
    return range(1, audit.sessions + 1)


def _themes(it: Entry) -> tuple[Theme, ...]:
    return it.framework.themes if it.audit.themed else ()


def _plan_form(framework: Framework, audit: Audit, planned: Planned | None) -> Form:
    class PlanForm(Form):
        reasons = Choices(
            lazy("Why?"),
            [Option(each.value, words) for each, words in REASONS.items()],
            description=lazy("Choose all that led to it."),
        )
        version = HiddenField()

    data: dict[str, object] = {"version": "0"}
    if planned:
        data = {"version": str(planned.version), "reasons": planned.reasons}
        data |= {f"theme_{theme}": values for theme, values in planned.themes.items()}
        data |= {f"session_{n}": day for n, day in enumerate(planned.held_on, 1)}
    for theme in framework.themes if audit.themed else ():
        options = [Option(value.id, value.name) for value in theme.values]
        setattr(PlanForm, f"theme_{theme.id}", Choices(theme.name, options))
    for number in _sessions(audit):
        field = Day(lazy("Session %(number)d", number=number))
        setattr(PlanForm, f"session_{number}", field)
    return PlanForm(data=data)
