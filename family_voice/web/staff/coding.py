"""Putting codes on an account: which accounts wait, and the workbench.

Every press is kept at once. The page is plain forms; static/coding.js adds the keys.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import linking, reaching
from family_voice.cases.candidates import cases_named
from family_voice.cases.deadlines import london_date
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.cases.reaching import Step
from family_voice.cases.reading import round_id_of, round_ledger
from family_voice.cases.rounds import all_rounds, current_round
from family_voice.language.texts import _, lazy, ngettext
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import coding, memos, second_sample
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Action, NoSuchCode, NotInAccount, Unit
from family_voice.themes.memos import MemoTooLong, NothingNoted
from family_voice.themes.workbench import Bench, waiting
from family_voice.web.access import actor, changed, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.coding_page import (
    SITTING,
    DoneForm,
    Forms,
    MemoForm,
    PressForm,
    bench_page,
    by_script,
    laid_out,
    number_of,
    sentence_of,
    shown,
    unit_of,
)
from family_voice.web.staff.coding_words import said, what_changed
from family_voice.web.staff.desk import closed, page

blueprint = Blueprint("coding", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)


class WhichRound(Form):
    """A round to show."""

    round = Choice(lazy("Round"))


@blueprint.get("/to-code")
def to_code() -> Response:
    """The accounts of a round and how far their coding has come."""
    rounds = all_rounds(db())
    form = WhichRound(request.args, meta={"csrf": False})
    form.round.options = [Option(str(each.id), each.term) for each in rounds]
    current_one = current_round(db(), london_date(now()))
    wanted = {str(each.id): each for each in rounds}.get(form.round.data or "", current_one)
    if wanted is None:
        return page("no_round.html")
    form.round.data = str(wanted.id)
    ledger = round_ledger(db(), wanted.id, now())
    seen("round", wanted.id, ["reference", "name", "coding"])
    accounts = waiting(db(), ledger, now(), current_staff().id)
    return page(
        "coding/list.html",
        200,
        form=form,
        round=wanted,
        accounts=accounts,
        next_one=next((each for each in accounts if each.decided < each.answers), None),
        names={line.person.id: line.person.facts for case in ledger.cases for line in case.people},
    )


@blueprint.get("/<uuid:interview_id>/code")
def account(interview_id: UUID) -> Response:
    """The workbench for one account."""
    found = laid_out(interview_id)
    seen("interview", interview_id, ["answers", "codes"])
    number = number_of(found, request.args.get("answer", ""))
    return bench_page(found, number, sentence_of(request.args.get("sentence", "")))


@blueprint.post("/<uuid:interview_id>/code")
def press(interview_id: UUID) -> ResponseReturnValue:
    """Put a code on, take one off, say that none applies, undo, redo."""
    form = PressForm()
    right = form.validate_on_submit()
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    by = current_staff().id
    before = coding.coded_by(db(), interview_id, by)
    if right:
        _do(form, interview_id)
    after, found = coding.coded_by(db(), interview_id, by), laid_out(interview_id)
    at = unit_of(form.prompt.data or "", form.sentence.data or "")
    if form.undo.data or form.redo.data:
        at = what_changed(before, after) or at
    words = "" if form.errors else said(before, after, found, current(db()))
    return _answered(found, at, Forms(press=form), words)


@blueprint.post("/<uuid:interview_id>/code/memo")
def memo(interview_id: UUID) -> ResponseReturnValue:
    """Keep a memo on the account, an answer, a sentence or a code there, or take one away."""
    form = MemoForm(prefix="memo")
    right = form.validate_on_submit()
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    sentence, _colon, code = (form.about.data or "").partition(":")
    unit = unit_of(form.prompt.data or "", sentence) if form.prompt.data else None
    by, words = current_staff().id, ""
    if right and form.remove.data:
        memos.take_away(db(), interview_id, sentence_of(form.remove.data) or UUID(int=0), by)
        words = _("The memo is gone.")
    elif right:
        try:
            memos.note(db(), interview_id, unit, code or None, form.text.data or "", by, now())
            words = _("Your memo is kept.")
        except NothingNoted:
            form.text.errors = [_("Write the memo first. Nothing was changed.")]
        except MemoTooLong:
            form.text.errors = [_("That memo is too long. Make it shorter. Nothing was changed.")]
        except (NotInAccount, NoSuchCode):
            form.form_errors.append(_taken_back())
    if words:
        changed("interview", interview_id, ["memo"])
    return _answered(laid_out(interview_id), unit, Forms(memo=form), words)


@blueprint.post("/<uuid:interview_id>/code/done")
def done(interview_id: UUID) -> ResponseReturnValue:
    """The coder is done: keep the minutes and go back to the list of the account's own round.

    Minutes of coding say that an account is coded, so none are kept while an answer waits.
    """
    form = DoneForm(prefix="done")
    case_id = linking.case_of(db(), interview_id)
    found = laid_out(interview_id)
    right = form.validate_on_submit()
    if left := len(found.answers) - found.decided:
        form.form_errors.append(_still_to_decide(left))
    if not right or left or case_id is None:
        seen("interview", interview_id, ["answers", "codes"])
        return bench_page(found, found.first_undecided, None, Forms(done=form))
    reaching.record_minutes(
        db(), case_id, Step.CODE, form.took.minutes, actor(), now(), interview_id=interview_id
    )
    session.pop(SITTING, None)
    case = cases_named(db(), [case_id])[case_id]
    finished = _(
        "The coding of %(case)s is finished, and your minutes are kept. Thank you.",
        case=case.child.reference,
    )
    of_round = round_id_of(db(), case_id)
    if found.blind:
        second_sample.finish(db(), interview_id, current_staff().id, now())
        changed("interview", interview_id, ["second coding"])
        flash(f"{finished} {_('You can see now where the two of you differ.')}")
        return redirect(url_for("second_coding.every", round=of_round))
    flash(f"{finished} {_not_in_english(found)}".strip())
    return redirect(url_for("coding.to_code", round=of_round))


def _answered(found: Bench, at: Unit | None, forms: Forms, words: str) -> ResponseReturnValue:
    """The bench for the script or with what is to be put right, else a redirect to the place."""
    answer = found.answer_to(at.prompt_id) if at else None
    number = answer.number if answer else found.first_undecided
    line = answer.line(at.sentence_id) if answer and at else None
    sentence_id = at.sentence_id if at and line else None
    if by_script() or forms.are_wrong:
        return shown(found, number, sentence_id, forms, words)
    if words:
        flash(words)
    anchor = f"answer-{number}" if number else None
    return redirect(
        url_for(
            "coding.account",
            interview_id=found.interview_id,
            answer=number,
            sentence=sentence_id,
            _anchor=f"line-{number}-{line.number}" if line else anchor,
        )
    )


def _not_in_english(found: Bench) -> str:
    if not found.waits_for_english:
        return ""
    return ngettext(
        "%(num)d sentence of it is not translated yet.",
        "%(num)d sentences of it are not translated yet.",
        found.waits_for_english,
    )


def _still_to_decide(left: int) -> str:
    return ngettext(
        "%(num)d answer is not decided yet. Put a code on it, or say that none applies, and then "
        "say that you are done.",
        "%(num)d answers are not decided yet. Put a code on each, or say that none applies, and "
        "then say that you are done.",
        left,
    )


def _taken_back() -> str:
    return _("The family has changed this answer since you opened the page. It is new below.")


def _do(form: PressForm, interview_id: UUID) -> None:
    """Let a press have its effect; what cannot be done is said on the form."""
    unit = unit_of(form.prompt.data or "", form.sentence.data or "")
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
        form.form_errors.append(_taken_back())
    else:
        record(db(), actor(), "change", "coding", interview_id, moment, [action.value])
