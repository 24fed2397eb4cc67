"""Putting codes on an account: which accounts wait, and the workbench.

Every press is kept at once. The page is plain forms; static/coding.js adds the keys.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import linking, reaching
from family_voice.cases.candidates import cases_named, told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.cases.reaching import MOST_MINUTES, Step
from family_voice.cases.reading import round_id_of, round_ledger
from family_voice.cases.rounds import all_rounds, current_round
from family_voice.language.texts import _, lazy, ngettext
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import coding
from family_voice.themes.codebook import load_codebook
from family_voice.themes.coding import Action, NoSuchCode, NotInAccount, Unit
from family_voice.themes.workbench import Bench, bench, waiting
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.case import Minutes
from family_voice.web.staff.desk import closed, page

blueprint = Blueprint("coding", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

# A sitting longer than this was left open, not worked at.
LONGEST_SITTING = 4 * 60 * 60
_SITTING = "coding"
_BY_SCRIPT = "X-Coding"


class WhichRound(Form):
    """A round to show."""

    round = Choice(lazy("Round"))


class PressForm(Form):
    """One press: on which answer or sentence, and what."""

    prompt = Line("")
    sentence = Line("")
    put = Line("")
    take_off = Line("")
    none = Line("")
    add = Line("")
    more = Line("")
    undo = Line("")
    redo = Line("")


class DoneForm(Form):
    """The coder is done."""

    took = Minutes(
        lazy("How many minutes did it take you?"),
        [Needed(lazy("Put how many minutes it took, if only 1."))],
    )


@blueprint.get("/to-code")
def to_code() -> Response:
    """The accounts of a round and how far their coding has come."""
    rounds = all_rounds(db())
    form = WhichRound(request.args, meta={"csrf": False})
    form.round.options = [Option(str(each.id), each.term) for each in rounds]
    current = current_round(db(), london_date(now()))
    wanted = {str(each.id): each for each in rounds}.get(form.round.data or "", current)
    if wanted is None:
        return page("no_round.html")
    form.round.data = str(wanted.id)
    ledger = round_ledger(db(), wanted.id, now())
    seen("round", wanted.id, ["reference", "name", "coding"])
    return page(
        "coding/list.html",
        200,
        form=form,
        round=wanted,
        accounts=waiting(db(), ledger, now()),
        names={line.person.id: line.person.facts for case in ledger.cases for line in case.people},
    )


@blueprint.get("/<uuid:interview_id>/code")
def account(interview_id: UUID) -> Response:
    """The workbench for one account."""
    laid_out = bench(db(), interview_id, current_staff().id, now())
    seen("interview", interview_id, ["answers", "codes"])
    chosen = _sentence(request.args.get("sentence", ""))
    return _bench_page(laid_out, _number(laid_out, request.args.get("answer", "")), chosen)


@blueprint.post("/<uuid:interview_id>/code")
def press(interview_id: UUID) -> ResponseReturnValue:
    """Put a code on, take one off, say that none applies, undo, redo."""
    form = PressForm()
    right = form.validate_on_submit()
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    if right:
        _do(form, interview_id)
    laid_out = bench(db(), interview_id, current_staff().id, now())
    at = laid_out.answer_to(form.prompt.data or "")
    number = at.number if at else laid_out.first_undecided
    sentence = _sentence(form.sentence.data or "")
    if form.errors or request.headers.get(_BY_SCRIPT):
        if form.errors:
            # A page that is shown again because something was wrong shows the words again.
            seen("interview", interview_id, ["answers", "codes"])
        return _bench_page(laid_out, number, sentence, press_form=form)
    return redirect(
        url_for(
            "coding.account",
            interview_id=interview_id,
            answer=number,
            sentence=sentence,
            _anchor=f"answer-{number}" if number else None,
        )
    )


@blueprint.post("/<uuid:interview_id>/code/done")
def done(interview_id: UUID) -> ResponseReturnValue:
    """The coder is done: keep the minutes and go back to the list of the account's own round.

    Minutes of coding say that an account is coded, so none are kept while an answer waits.
    """
    form = DoneForm(prefix="done")
    case_id = linking.case_of(db(), interview_id)
    laid_out = bench(db(), interview_id, current_staff().id, now())
    right = form.validate_on_submit()
    if left := len(laid_out.answers) - laid_out.decided:
        form.form_errors.append(_still_to_decide(left))
    if not right or left or case_id is None:
        seen("interview", interview_id, ["answers", "codes"])
        return _bench_page(laid_out, laid_out.first_undecided, None, done_form=form)
    reaching.record_minutes(db(), case_id, Step.CODE, form.took.minutes, actor(), now())
    session.pop(_SITTING, None)
    flash(_("Your minutes are kept."))
    return redirect(url_for("coding.to_code", round=round_id_of(db(), case_id)))


def _still_to_decide(left: int) -> str:
    return ngettext(
        "%(num)d answer is not decided yet. Put a code on it, or say that none applies, and then "
        "say that you are done.",
        "%(num)d answers are not decided yet. Put a code on each, or say that none applies, and "
        "then say that you are done.",
        left,
    )


def _do(form: PressForm, interview_id: UUID) -> None:
    """Let a press have its effect; what cannot be done is said on the form."""
    unit = Unit(form.prompt.data or "", _sentence(form.sentence.data or ""))
    by, moment = current_staff().id, now()
    about = (db(), interview_id)
    try:
        if form.undo.data:
            action, _coded = Action.UNDO, coding.undo(*about, by, moment)
        elif form.redo.data:
            action, _coded = Action.REDO, coding.redo(*about, by, moment)
        elif form.none.data:
            action, _coded = Action.NONE_APPLY, coding.none_apply(*about, unit, by, moment)
        elif form.take_off.data:
            code = form.take_off.data
            action, _coded = Action.TAKE_OFF, coding.take_off(*about, unit, code, by, moment)
        else:
            code = (form.more.data if form.add.data else form.put.data) or ""
            action, _coded = Action.PUT, coding.put(*about, unit, code, by, moment)
    except NoSuchCode:
        form.form_errors.append(_("Choose a code first. Nothing was changed."))
    except NotInAccount:
        form.form_errors.append(
            _("The family has changed this answer since you opened the page. It is new below.")
        )
    else:
        record(db(), actor(), "change", "coding", interview_id, moment, [action.value])


def _bench_page(
    laid_out: Bench,
    number: int | None,
    sentence_id: UUID | None,
    press_form: PressForm | None = None,
    done_form: DoneForm | None = None,
) -> Response:
    interview_id = laid_out.interview_id
    case_id = linking.case_of(db(), interview_id)
    can_undo, can_redo = coding.can_undo_and_redo(db(), interview_id, current_staff().id)
    return page(
        "coding/account.html",
        bench=laid_out,
        book=load_codebook(),
        open_answer=number or 1,
        sentence_id=sentence_id,
        who=told_by(db(), interview_id),
        case=cases_named(db(), [case_id])[case_id] if case_id else None,
        round_id=round_id_of(db(), case_id) if case_id else None,
        can_undo=can_undo,
        can_redo=can_redo,
        press_form=press_form or PressForm(formdata=None),
        done_form=done_form
        or DoneForm(formdata=None, prefix="done", data={"took": _elapsed(laid_out)}),
    )


def _elapsed(laid_out: Bench) -> str:
    """Minutes since this account was opened in this browser, rounded up."""
    moment = int(now().timestamp())
    kept: Any = session.get(_SITTING)
    account_id = str(laid_out.interview_id)
    if not kept or kept[0] != account_id or moment - kept[1] > LONGEST_SITTING:
        kept = session[_SITTING] = [account_id, moment]
    return str(min(MOST_MINUTES, max(1, -(-(moment - kept[1]) // 60))))


def _number(laid_out: Bench, text: str) -> int | None:
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= len(laid_out.answers):
        return int(text)
    return laid_out.first_undecided


def _sentence(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)  # no sentence has it, so it is refused as one that does not stand
