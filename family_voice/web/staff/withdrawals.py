"""What families took back: writing it down where they told us, and the receipts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import carrying_on, linking
from family_voice.cases.candidates import told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.looking import ToLookAt, about_permission
from family_voice.cases.permission import lead_may_read
from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import Channel
from family_voice.interviews.record import state_of
from family_voice.interviews.state import Stage
from family_voice.language.texts import _, lazy
from family_voice.operations import receipts, waiting
from family_voice.operations.withdrawal import (
    Asked,
    AskedBy,
    NothingToTakeBack,
    Way,
    let_go_of,
    withdraw_purposes,
)
from family_voice.people.staff import names_of_staff
from family_voice.security import erasures
from family_voice.sharing import copies
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import after_settling, db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Day, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page

blueprint = Blueprint("withdrawals", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

WAYS = {
    Way.TELEPHONE: lazy("By telephone"),
    Way.FACE_TO_FACE: lazy("Face to face"),
    Way.LETTER: lazy("By letter"),
    Way.EMAIL: lazy("By email"),
    Way.TEXT: lazy("By text"),
    Way.WEB: lazy("On the web"),
}
#: How they told us, where somebody was talking with them.
WAY_OF = {
    Channel.TELEPHONE: Way.TELEPHONE,
    Channel.VIDEO: Way.FACE_TO_FACE,
    Channel.FACE_TO_FACE: Way.FACE_TO_FACE,
    Channel.RELAY: Way.TELEPHONE,
    Channel.SIGNED: Way.FACE_TO_FACE,
}
ASKERS = {
    AskedBy.THEMSELVES: lazy("The person who told us"),
    AskedBy.FOR_THEM: lazy("Somebody who may speak for them"),
}
PURPOSES = {
    Purpose.TALK: lazy("Everything they told us"),
    Purpose.CHECK: lazy("That the small group may read it"),
    Purpose.QUOTE: lazy("That we may use short pieces without their name"),
    Purpose.COUNT: lazy("That we may count them in"),
    Purpose.CONTACT: lazy("That we may contact them again"),
}


class WithdrawForm(Form):
    """Who took what back, how and when."""

    what = Choices(lazy("What do they take back?"))
    asked_by = Choice(
        lazy("Who asked for it?"),
        [Option(each.value, words) for each, words in ASKERS.items()],
        [Needed(lazy("Choose who asked for it."))],
    )
    way = Choice(
        lazy("How did they tell us?"),
        [Option(each.value, words) for each, words in WAYS.items() if each is not Way.WEB],
        [Needed(lazy("Choose how they told us."))],
    )
    day = Day(lazy("On which day?"), [Needed(lazy("Put the day they told us."))])
    sure = Choices(
        lazy("It cannot be undone"),
        [Option("yes", lazy("I know whom I am speaking with, and they are sure"))],
    )


@blueprint.get("/withdrawals")
def every() -> Response:
    """Every receipt, what still waits, and which paper has to be destroyed."""
    seen("withdrawal", None, ["receipts"])
    mine = copies.recalled(db())
    return page(
        "withdrawals/every.html",
        form=Form(formdata=None),
        receipts=receipts.every(db()),
        waits=[(wait, *_whose(wait.interview_id)) for wait in waiting.going_on(db())],
        copies=mine,
        names=names_of_staff(db(), {each.made_for for each in mine}),
        PURPOSES=PURPOSES,
        WAYS=WAYS,
    )


@blueprint.get("/withdrawals/<figures>")
def receipt(figures: str) -> Response:
    """One receipt as the family had it, to read to them again."""
    found = receipts.by_number(db(), f"{figures[:4]} {figures[4:]}")
    if found is None:
        abort(404)
    seen("interview", found.interview_id, ["receipt"])
    return page(
        "withdrawals/receipt.html",
        receipt=found,
        who=_whose(found.interview_id)[0],
        recorded_by=names_of_staff(db(), [found.recorded_by]) if found.recorded_by else {},
        removed=receipts.removed_lines(found),
        remains=receipts.remains_lines(found),
        copies=receipts.copies_line(found),
        the_law=receipts.the_law(),
        PURPOSES=PURPOSES,
        WAYS=WAYS,
        ASKERS=ASKERS,
    )


@blueprint.route("/accounts/<uuid:interview_id>/withdraw", methods=["GET", "POST"])
def record(interview_id: UUID) -> ResponseReturnValue:
    """They told us that they take it back: written down, and done at once."""
    if state_of(db(), interview_id).stage is Stage.WITHDRAWN:
        done = receipts.of_interview(db(), interview_id)
        return redirect(address_of(done[0]) if done else url_for("withdrawals.every"))
    form = WithdrawForm()
    form.what.options = [Option(each.value, PURPOSES[each]) for each in _open(interview_id)]
    if form.validate_on_submit():
        asked_on = form.day.data
        if not form.what.data:
            form.what.errors = [_("Choose what they take back.")]
        elif asked_on is None or asked_on > london_date(now()):
            form.day.errors = [_("This is still to come. Put the day they told us.")]
        elif not form.sure.data:
            form.sure.errors = [_("Ask them whether they are sure, and say so here.")]
        else:
            done_at = _withdraw(interview_id, form, asked_on)
            if done_at is not None:
                return redirect(done_at)
    seen("interview", interview_id, ["name", "decisions"])
    name, case_id = _whose(interview_id)
    said = _said_of_it(interview_id)
    return page(
        "withdrawals/record.html",
        form=form,
        name=name,
        back_to=(
            url_for("staff.case", case_id=case_id)
            if case_id
            else url_for("linking.account", interview_id=interview_id)
        ),
        wait=waiting.of_interview(db(), interview_id),
        said=said,
        talk_with=_talk_with(interview_id, case_id) if said else "",
        interview_id=interview_id,
    )


@blueprint.post("/accounts/<uuid:interview_id>/keep")
def keep(interview_id: UUID) -> ResponseReturnValue:
    """They rang and do not want it deleted after all."""
    form = Form()
    if form.validate_on_submit() and waiting.call_off(db(), interview_id, actor(), now()):
        flash(_("Nothing is deleted. What they told us is kept."))
    return redirect(url_for("withdrawals.every"))


def address_of(found: receipts.Receipt) -> str:
    """Where a receipt is read."""
    return url_for("withdrawals.receipt", figures=found.number.replace(" ", ""))


def no_longer(interview_id: UUID, purpose: Purpose, way: Channel) -> None:
    """Remove what rested on a yes that was just written down as a no on the call pad."""
    asked = Asked(
        WAY_OF.get(way, Way.TELEPHONE), london_date(now()), recorded_by=current_staff().id
    )
    done = let_go_of(db(), interview_id, [purpose], asked, now())
    flash(
        _("What rested on it is gone. The number of the receipt is %(number)s.", number=done.number)
    )


def _withdraw(interview_id: UUID, form: WithdrawForm, asked_on: date) -> str | None:
    asked = Asked(Way(form.way.data), asked_on, AskedBy(form.asked_by.data), current_staff().id)
    try:
        done = withdraw_purposes(
            db(), interview_id, {Purpose(each) for each in form.what.data or ()}, asked, now()
        )
    except (NothingToTakeBack, EngineError):
        form.what.errors = [_("This was taken back meanwhile. The page shows what is left.")]
        return None
    folder, moment = settings().evidence_folder, now()
    after_settling(lambda session: erasures.write_down(session, folder, moment))
    flash(_("It is done. Read them the receipt, or send it to them."))
    return address_of(done)


def _open(interview_id: UUID) -> list[Purpose]:
    """What they can take back: everything, and each thing they said yes to."""
    decided = standing(db(), interview_id, now())
    yes = [each for each in Purpose if each in decided and decided[each].yes]
    return [Purpose.TALK, *(each for each in yes if each is not Purpose.TALK)]


def _said_of_it(interview_id: UUID) -> list[ToLookAt]:
    """What they said about permission alone, which somebody has put out of the account."""
    if not lead_may_read(db(), interview_id, now()):
        return []
    found = about_permission(db(), interview_id, current_staff().id, now())
    if found:
        seen("interview", interview_id, ["answers"])
    return found


def _talk_with(interview_id: UUID, case_id: UUID | None) -> str:
    """Where they are asked again, if they were invited to a case."""
    whom = carrying_on.whose(db(), interview_id)
    if case_id is None or whom is None:
        return ""
    return url_for("call_pad.start", case_id=case_id, participant_id=whom)


def _whose(interview_id: UUID) -> tuple[str, UUID | None]:
    who = told_by(db(), interview_id)
    return f"{who.first_name} {who.last_name}".strip(), linking.case_of(db(), interview_id)


@blueprint.app_context_processor
def _addresses() -> dict[str, object]:
    return {"receipt_address": address_of} if request.blueprint == blueprint.name else {}
