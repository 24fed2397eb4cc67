"""What came of ringing somebody whose account the call pad cannot open, and taking that back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import account_calls, linking
from family_voice.cases.account_calls import OUTCOMES
from family_voice.cases.ledger import Outcome
from family_voice.cases.reaching import CallBackPassed
from family_voice.interviews.calls import CallTry, NotTheLast
from family_voice.language.texts import _, lazy
from family_voice.storage.locking import Missing
from family_voice.web.access import actor
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.contact_plan import CallBack, days, hours, preset_hour
from family_voice.web.staff.missed_calls import said_with_call

blueprint = Blueprint("account_calls", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

#: What one press says of such a call; with none of them, no call is needed any more.
PRESSES = {
    Outcome.SPOKE: lazy("Spoke with them"),
    Outcome.NO_ANSWER: lazy("No answer"),
    Outcome.MESSAGE_LEFT: lazy("Left a message"),
    Outcome.WRONG_CONTACT: lazy("Wrong number"),
    Outcome.DECLINED: lazy("Said no"),
    Outcome.CALL_BACK: lazy("Call back"),
}


class RungForm(CallBack):
    """What came of it; nothing of it where no call is needed any more."""

    outcome = Choice(
        lazy("What came of it?"), [Option(each.value, PRESSES[each]) for each in OUTCOMES]
    )


@blueprint.post("/<uuid:interview_id>/rung")
def log(interview_id: UUID) -> ResponseReturnValue:
    """Write down what came of a call. From the case's page and from the list."""
    form = RungForm()
    form.day.options = days(now())
    there = _there(interview_id)
    if not form.validate_on_submit():
        flash(_("Nothing was written down: the page had been open for a long time. Press again."))
        return redirect(there)
    outcome = Outcome(form.outcome.data) if form.outcome.data else None
    moment = form.call_back_at() if outcome is Outcome.CALL_BACK else None
    if outcome is Outcome.CALL_BACK and moment is None:
        flash(_("Choose the day and the hour after which they can be rung."))
        return redirect(there)
    try:
        account_calls.note(
            db(), interview_id, outcome, last=request.form.get("last", 0, int),
            by=actor(), now=now(), call_back_at=moment,
        )  # fmt: skip
    except CallBackPassed:
        flash(_("That hour is over. Choose one that is still to come."))
    except NotTheLast:
        flash(_("Something was written down of this call meanwhile. Look at it first."))
    else:
        flash(_("Written down. If that was a slip, take it back below."))
    return redirect(there)


@blueprint.post("/<uuid:interview_id>/rung/take-back")
def take_back(interview_id: UUID) -> ResponseReturnValue:
    """That press was a slip."""
    if not Form().validate_on_submit():
        flash(_("Nothing was written down: the page had been open for a long time. Press again."))
        return redirect(_there(interview_id))
    try:
        seq = request.form.get("seq", 0, int)
        account_calls.take_back(db(), interview_id, seq, actor(), now())
    except NotTheLast:
        flash(_("Something was written down of this call meanwhile. Look at it first."))
    else:
        flash(_("Taken back. It is still shown, and counts no more."))
    return redirect(_there(interview_id))


def press_words(ids: Collection[UUID]) -> dict[str, object]:
    """What a page needs to show the calls of these accounts, and to have one written down."""
    tries: dict[UUID, tuple[CallTry, ...]] = account_calls.tries_of(db(), ids)
    return {
        "call_tries": tries,
        "with_call": said_with_call(ids),
        "CALL_PRESSES": PRESSES,
        "days": days(now()),
        "hours": hours(),
        "preset_hour": preset_hour,
    }


def _there(interview_id: UUID) -> str:
    case_id = linking.case_of(db(), interview_id)
    if case_id is not None:
        return url_for("staff.case", case_id=case_id)
    return url_for("linking.unlinked")
