"""Making a round's Level 3 final: what is missing, what is still open, and what comes after."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import making_final
from family_voice.cases.finality import IsFinal, NotFinal
from family_voice.cases.ledger import AGREED_TRIES, AGREED_WAYS, Lack
from family_voice.cases.still_open import StillOpen, call_backs
from family_voice.cases.what_was_final import earlier_finals, what_was_final
from family_voice.language.texts import _, lazy, ngettext
from family_voice.people.staff import names_of_staff
from family_voice.themes.coded_then import coded_then
from family_voice.themes.second_coding import blind_to
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choices, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import blueprint, page

LACKS = {
    Lack.NOBODY_TRIED: lazy("Nobody has tried to reach this family yet."),
    Lack.STILL_TIME: lazy("There is still time to reach them."),
    Lack.MORE_TRIES: lazy("Tried, and not yet as often as is agreed."),
    Lack.NOT_FINISHED: lazy("Somebody has begun and not sent it."),
}


class FinalForm(Form):
    """Making it final, where something is open only knowingly."""

    though = Choices(
        lazy("Make it final all the same?"),
        [
            Option(
                "yes", lazy("I have looked at what is still open. Level 3 is final as it stands.")
            )
        ],
    )


@blueprint.route("/rounds/<uuid:round_id>/final", methods=["GET", "POST"])
def final(round_id: UUID) -> ResponseReturnValue:
    """What is missing and what is still open; and making it final."""
    form = FinalForm()
    if form.validate_on_submit():
        knows = form.though.chosen("yes")
        try:
            making_final.make_final(db(), round_id, actor(), now(), though_open=knows)
        except making_final.NotConfirmed:
            form.though.errors = [
                _("Something is still open. Look at the list, and tick the box if you are sure.")
            ]
        except (making_final.StillMissing, IsFinal):
            form.form_errors.append(
                _("This changed meanwhile, so nothing was written down. This is how it stands now.")
            )
        else:
            flash(_("Level 3 of this round is final."))
            return redirect(url_for("staff.final", round_id=round_id))
    return _page(round_id, form)


@blueprint.post("/rounds/<uuid:round_id>/open-again")
def open_again(round_id: UUID) -> ResponseReturnValue:
    """Let Level 3 change again."""
    form = Form()
    if not form.validate_on_submit():
        return _page(round_id, form)
    try:
        making_final.open_again(db(), round_id, actor(), now())
    except NotFinal:
        flash(_("Level 3 of this round was not final."))
    else:
        flash(_("Level 3 of this round can change again. That it was final stays on record."))
    return redirect(url_for("staff.final", round_id=round_id))


def _page(round_id: UUID, form: Form) -> Response:
    found = making_final.standing(db(), round_id, now())
    may_tick = form if isinstance(form, FinalForm) else FinalForm(formdata=None)
    seen("round", round_id, ("reference", "state"))
    was = what_was_final(db(), found.ledger.cases, found.final) if found.final else ()
    ids = [one.interview_id for each in was for one in each.accounts]
    return page(
        "heard/final.html",
        422 if form.errors else None,
        form=form,
        though=may_tick.though,
        still_open=[(_open_words(kind, num), kind) for kind, num in found.still_open.items()],
        found=found,
        was_final=was,
        coded_then=coded_then(db(), ids, found.final.made_at) if found.final else {},
        blind_to=blind_to(db(), current_staff().id),
        by=names_of_staff(db(), [found.final.made_by])[found.final.made_by]
        if found.final and found.final.made_by
        else "",
        earlier=earlier_finals(db(), round_id),
        round=found.ledger.round,
        now=now(),
        after=found.ledger.round.freezes_on + timedelta(days=1),
        to_ring_back=[each for each in found.ledger.cases if call_backs(each)],
        LACKS=LACKS,
        agreed_tries=AGREED_TRIES,
        agreed_ways=AGREED_WAYS,
    )


def _open_words(kind: StillOpen, num: int) -> str:
    match kind:
        case StillOpen.NAMES:
            return ngettext(
                "%(num)d drawn case waits for its names",
                "%(num)d drawn cases wait for their names",
                num,
            )
        case StillOpen.ON_NO_CASE:
            return ngettext("%(num)d account is on no case", "%(num)d accounts are on no case", num)
        case StillOpen.CALLS_WANTED:
            return ngettext(
                "%(num)d person asked us to ring, and waits",
                "%(num)d people asked us to ring, and wait",
                num,
            )
        case StillOpen.CALLS_ON_NO_CASE:
            return ngettext(
                "%(num)d person who is on no case asked us to ring",
                "%(num)d people who are on no case asked us to ring",
                num,
            )
        case StillOpen.CALL_BACKS:
            return ngettext(
                "%(num)d person asked to be rung back, and was not",
                "%(num)d people asked to be rung back, and were not",
                num,
            )
        case StillOpen.OWED:
            return ngettext(
                "%(num)d thing that needs doing, or complaint, has no answer",
                "%(num)d things that need doing, or complaints, have no answer",
                num,
            )
