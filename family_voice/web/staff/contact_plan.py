"""Whom to ring next, and one press to write down what came of a call."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import reaching
from family_voice.cases.asked_hour import earliest_hour
from family_voice.cases.contact_plan import contact_plan
from family_voice.cases.deadlines import LONDON, london_date
from family_voice.cases.ledger import Outcome
from family_voice.cases.reading import RoundLedger, case_view, round_ledger
from family_voice.cases.ringing import Part, Why, is_ringing_time
from family_voice.cases.rounds import current_round
from family_voice.language.formats import full_date
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import language_name, page
from family_voice.web.staff.missed_calls import said_with_call

blueprint = Blueprint("contact_plan", __name__, url_prefix="/staff/contact-plan")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

#: What one press says of a call.
PRESSES = {
    Outcome.NO_ANSWER: lazy("No answer"),
    Outcome.CALL_BACK: lazy("Call back"),
    Outcome.WRONG_CONTACT: lazy("Wrong number"),
    Outcome.DECLINED: lazy("Said no"),
}
WHYS = {
    Why.ASKED: lazy("Asked us to ring"),
    Why.CALL_BACK: lazy("Asked us to ring back"),
    Why.BEGUN: lazy("Has begun, and may need help to finish"),
    Why.NOT_HEARD: lazy("Has not been heard yet"),
    Why.READ_BACK: lazy("Has told us, and it has to be read back"),
}
PARTS = {
    Part.MORNING: lazy("Nobody has tried a morning yet."),
    Part.AFTERNOON: lazy("Nobody has tried an afternoon yet."),
    Part.EVENING: lazy("Nobody has tried after five yet."),
}
DAYS, HOURS = 7, range(9, 20)


class CallBack(Form):
    """From when somebody asked to be rung back."""

    day = Choice(lazy("Day"), [])
    after = Choice(lazy("After"), [Option(f"{hour:02}:00", f"{hour:02}:00") for hour in HOURS])

    def call_back_at(self) -> datetime | None:
        """From when they asked to be rung back, in UTC; None if that was not said."""
        if not self.day.data or not self.after.data:
            return None
        day, after = date.fromisoformat(self.day.data), time.fromisoformat(self.after.data)
        return datetime.combine(day, after, LONDON).astimezone(now().tzinfo)


class PressForm(CallBack):
    """One press, and from when somebody asked to be rung back."""

    outcome = Choice(
        lazy("What came of it?"),
        [Option(each.value, words) for each, words in PRESSES.items()],
        [Needed(lazy("Press the button for what came of the call."))],
    )


@blueprint.get("")
def plan() -> Response:
    """Whom to ring now, whom later, and what has to be done first."""
    return _plan()


@blueprint.post("/<uuid:case_id>/<uuid:participant_id>")
def log(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Write down what came of a call."""
    _of_this_case(case_id, participant_id)
    form = PressForm()
    form.day.options = days(now())
    if not form.validate_on_submit():
        return _plan(form)
    outcome = Outcome(form.outcome.data)
    moment = form.call_back_at() if outcome is Outcome.CALL_BACK else None
    if outcome is Outcome.CALL_BACK and moment is None:
        form.form_errors.append(_("Choose the day and the hour after which they can be rung."))
        return _plan(form)
    try:
        attempt = reaching.log_call(
            db(),
            case_id,
            participant_id,
            outcome,
            id_in(request.form.get("page")) or uuid4(),
            by=actor(),
            now=now(),
            call_back_at=moment,
        )
    except reaching.CallBackPassed:
        form.form_errors.append(_("That hour is over. Choose one that is still to come."))
        return _plan(form)
    return redirect(url_for("contact_plan.plan", logged=attempt.hex))


@blueprint.post("/<uuid:case_id>/take-back/<uuid:attempt_id>")
def take_back(case_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    """That press was a slip."""
    if not Form().validate_on_submit():
        return _plan(Form())
    reaching.take_back_attempt(db(), case_id, attempt_id, actor(), now())
    flash(_("Taken back. It is still on the case's page, and counts no more."))
    return redirect(url_for("contact_plan.plan"))


def days(moment: datetime) -> list[Option]:
    """The days on which somebody can be rung back."""
    today = london_date(moment)
    named = {0: _("Today"), 1: _("Tomorrow")}
    return [
        Option(day.isoformat(), named.get(ahead) or full_date(day))
        for ahead in range(DAYS)
        for day in [today + timedelta(days=ahead)]
    ]


def preset_hour(texts: Iterable[str]) -> str | None:
    """The hour that somebody's texts name plainly, as the form offers it."""
    found = earliest_hour(texts)
    return f"{found:%H:%M}" if found is not None else None


def hours() -> list[str]:
    """The hours after which somebody can be rung back."""
    return [f"{hour:02}:00" for hour in HOURS]


def _of_this_case(case_id: UUID, participant_id: UUID) -> None:
    """Raises Missing where there is no such case, or the person does not belong to it."""
    if participant_id not in {each.person.id for each in case_view(db(), case_id, now()).people}:
        raise Missing("participant")


def _plan(form: Form | None = None) -> Response:
    current = current_round(db(), london_date(now()))
    if current is None:
        return page("no_round.html")
    ledger = round_ledger(db(), current.id, now())
    found = contact_plan(ledger, now())
    for call in (*found.now, *found.later):
        seen("participant", call.line.person.id, ["names", "contact", "attempts"])
    return page(
        "contact_plan/plan.html",
        form=form or Form(formdata=None),
        round=ledger.round,
        plan=found,
        days=days(now()),
        hours=hours(),
        preset_hour=preset_hour,
        logged=_logged(ledger),
        page_id=uuid4().hex,
        calls_without_case=len(reaching.calls_without_case(db())),
        ringing_time=is_ringing_time(now()),
        with_call=said_with_call(
            asked.interview_id
            for call in (*found.now, *found.later)
            for asked in call.case.waiting_calls
            if asked.person and asked.person.id == call.line.person.id
        ),
        language_name=language_name,
        moment=now(),
        PRESSES=PRESSES,
        WHYS=WHYS,
        PARTS=PARTS,
    )


def _logged(ledger: RoundLedger) -> tuple[UUID, UUID, str, Outcome] | None:
    """What was written down a moment ago: its case, itself, about whom and what."""
    wanted = id_in(request.args.get("logged"))
    for case in ledger.cases:
        for each in case.attempts:
            if each.id == wanted and each.outcome in PRESSES:
                return case.case_id, each.id, each.person_name, each.outcome
    return None
