"""What families said as it would leave: every name replaced, and what the lead decides about it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.candidates import told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import case_of
from family_voice.cases.permission import (
    NotForUs,
    account_for,
    lead_may_read,
)
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds, current_round
from family_voice.interviews.record import guide_of
from family_voice.interviews.words import without_kept_back
from family_voice.language.texts import _
from family_voice.people.staff import names_of_staff
from family_voice.security.sealing import Erased
from family_voice.sharing import replacements
from family_voice.sharing.replacements import Clearing
from family_voice.storage.locking import Missing
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Option
from family_voice.web.staff.coding import WhichRound
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.swapping import NameForm, decided, in_place, swaps

blueprint = Blueprint("names", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)
blueprint.register_error_handler(Erased, closed)


@blueprint.get("/names")
def every() -> Response:
    """The accounts of a round, each with the way to its words without names."""
    rounds = all_rounds(db())
    form = WhichRound(request.args, meta={"csrf": False})
    form.round.options = [Option(str(each.id), each.term) for each in rounds]
    current = current_round(db(), london_date(now()))
    wanted = {str(each.id): each for each in rounds}.get(form.round.data or "", current)
    if wanted is None:
        return page("no_round.html")
    form.round.data = str(wanted.id)
    ledger = round_ledger(db(), wanted.id, now())
    seen("round", wanted.id, ["reference", "name"])
    accounts = [
        (case, each.interview_id)
        for case in ledger.cases
        for each in case.accounts
        if lead_may_read(db(), each.interview_id, now())
    ]
    rules = replacements.clearings(db(), [each for _case, each in accounts])
    return page(
        "names/every.html",
        form=form,
        round=wanted,
        accounts=[
            (case, each, told_by(db(), each), *_how_many(each, rules[each]))
            for case, each in accounts
        ],
    )


@blueprint.route("/accounts/<uuid:interview_id>/names", methods=["GET", "POST"])
def account(interview_id: UUID) -> ResponseReturnValue:
    """One account as it would leave, and what is remembered for its case."""
    told = account_for(db(), interview_id, current_staff().id, now())
    form = NameForm()
    if form.validate_on_submit() and decided(interview_id, form) and not form.name.errors:
        flash(_("Remembered for every account of this case."))
        return redirect(url_for("names.account", interview_id=interview_id))
    seen("interview", interview_id, ["sentences"])
    rules = replacements.clearing(db(), interview_id)
    prompts = guide_of(db(), interview_id).prompts
    answers = without_kept_back(told).answers
    pieces = [each for answer in answers for each in answer.pieces]
    found = {each.fragment_id: rules.spans(each.text) for each in pieces}
    english = {
        each.id: (each.translation.text, rules.spans(each.translation.text))
        for piece in pieces
        for each in piece.sentences
        if each.translation is not None
    }
    standing = replacements.to_show(db(), told, current_staff().id, now())
    return page(
        "names/account.html",
        form=form,
        interview_id=interview_id,
        who=told_by(db(), interview_id),
        case_id=case_of(db(), interview_id),
        answers=[
            (
                prompts[answer.prompt_id].text if answer.prompt_id in prompts else "",
                [
                    (
                        each,
                        in_place(each.text, found[each.fragment_id]),
                        [in_place(*english[s.id]) for s in each.sentences if s.id in english],
                    )
                    for each in answer.pieces
                ],
            )
            for answer in answers
        ],
        kept_back=any(each.not_for_workers for each in told.sentences),
        swaps=swaps(
            [*((each.text, found[each.fragment_id]) for each in pieces), *english.values()]
        ),
        remembered=standing,
        by=names_of_staff(db(), {each.by for each in standing if each.by}),
    )


def _how_many(interview_id: UUID, rules: Clearing) -> tuple[int, int]:
    """How many different words are replaced, and how many of them may be no name."""
    told = without_kept_back(account_for(db(), interview_id, current_staff().id, now()))
    texts = [piece.text for answer in told.answers for piece in answer.pieces]
    texts += [each.translation.text for each in told.sentences if each.translation is not None]
    found = swaps((text, rules.spans(text)) for text in texts)
    return len(found), sum(not each.sure for each in found)
