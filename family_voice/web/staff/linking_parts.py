"""An account that speaks of two children: which child each sentence is about, a person says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import candidates, linking, parting, remarks
from family_voice.cases.candidates import OpenCase, told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.parting import (
    NeedsTheirYes,
    NotEverySentence,
    NothingAbout,
    PartedAlready,
    Shared,
    SharedHow,
)
from family_voice.cases.permission import NotForUs, account_for, lead_may_read
from family_voice.interviews.parting import NotFinished, NotToPart
from family_voice.interviews.words import Answer
from family_voice.language.texts import _, lazy
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Day, Needed, Option
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.linking_page import to_choose_from

blueprint = Blueprint("linking_parts", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

HOW = {
    SharedHow.TELEPHONE: lazy("By telephone"),
    SharedHow.FACE_TO_FACE: lazy("Face to face"),
    SharedHow.TEXT: lazy("By text message"),
    SharedHow.EMAIL: lazy("By email"),
    SharedHow.LETTER: lazy("By letter"),
}
FIRST, SECOND, BOTH, NEITHER = "first", "second", "both", "neither"


class ChildrenForm(Form):
    """Which two cases."""

    first = Choice(lazy("The one child"), (), [Needed(lazy("Choose the one child's case."))])
    second = Choice(lazy("The other child"), (), [Needed(lazy("Choose the other child's case."))])


@blueprint.route("/<uuid:interview_id>/parts", methods=["GET", "POST"])
def parts(interview_id: UUID) -> ResponseReturnValue:
    """Which child each sentence is about; nothing is parted before every one is said."""
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    if remarks.standing_of(db(), interview_id).parted:
        return redirect(url_for("linking.account", interview_id=interview_id))
    cases = {each.id: each for each in candidates.open_cases(db(), now())}
    given = [id_in(request.values.get(name)) for name in (FIRST, SECOND)]
    first, second = (cases.get(each) if each else None for each in given)
    if first is None or second is None or first is second:
        return _children(interview_id, cases)
    return _sentences(interview_id, (first, second))


def _children(interview_id: UUID, cases: dict[UUID, OpenCase]) -> Response:
    form = ChildrenForm(formdata=None)
    options = to_choose_from(cases.values())
    likely = [linking.case_of(db(), interview_id)]
    likely += [each.case.id for each in candidates.offers(db(), interview_id, now())]
    ids = [str(each) for each in dict.fromkeys(likely) if each in cases]
    for field, place in ((form.first, 0), (form.second, 1)):
        field.options = options
        field.data = ids[place] if len(ids) > place else None
    if request.method == "POST":
        form = ChildrenForm()
        form.first.options = form.second.options = options
        if form.validate_on_submit():
            form.second.errors = [_("Choose two different children.")]
    for case_id in cases:
        seen("case", case_id, ["reference", "name"])
    return page("linking/parts_children.html", interview_id=interview_id, form=form)


def _sentences(interview_id: UUID, cases: tuple[OpenCase, OpenCase]) -> ResponseReturnValue:
    seen("interview", interview_id, ["answers"])
    for case in cases:
        seen("case", case.id, ["reference", "name"])
    whole = account_for(db(), interview_id, current_staff().id, now())
    names = _names(cases)
    form = _form(whole.answers, names)
    if request.form.get("fill"):
        form.validate_on_submit()
        _fill_in(form, whole.answers, cases)
    elif form.validate_on_submit() and _part(interview_id, form, whole.answers, cases):
        flash(
            _(
                "Cut into parts. Each is on its case once somebody else has looked as well. The "
                "account itself stays as it was told."
            )
        )
        return redirect(url_for("linking.account", interview_id=interview_id))
    return page(
        "linking/parts.html",
        200 if request.form.get("fill") else None,
        interview_id=interview_id,
        form=form,
        cases=cases,
        names=names,
        answers=whole.answers,
        who=told_by(db(), interview_id),
    )


def _names(cases: Sequence[OpenCase]) -> tuple[str, str]:
    """First names, or whole ones where the first are alike."""
    first, second = (each.child.first_name for each in cases)
    if first.casefold() == second.casefold():
        first, second = (f"{each.child.name} ({each.child.reference})" for each in cases)
    return first, second


def _form(answers: Sequence[Answer], names: tuple[str, str]) -> Form:
    class SentencesForm(Form):
        shared_how = Choice(
            lazy("How did they say yes to that?"),
            [Option(how.value, label) for how, label in HOW.items()],
        )
        shared_on = Day(lazy("On which day?"))

    options = (
        Option(FIRST, names[0]),
        Option(SECOND, names[1]),
        Option(BOTH, lazy("Both")),
        Option(NEITHER, lazy("Leave it out")),
    )
    for answer in answers:
        for piece in answer.pieces:
            for each in piece.sentences:
                setattr(SentencesForm, _field(each.id), Choice(each.text, options))
    return SentencesForm()


def _field(sentence_id: UUID) -> str:
    return f"about_{sentence_id.hex}"


def _fill_in(form: Form, answers: Sequence[Answer], cases: Sequence[OpenCase]) -> None:
    """Mark the sentences that nobody has said anything of yet, by the names in them."""
    pieces = [piece for answer in answers for piece in answer.pieces]
    proposed = parting.propose(
        [[each.text for each in piece.sentences] for piece in pieces],
        [each.child.first_name for each in cases],
    )
    for piece, places in zip(pieces, proposed, strict=True):
        for each, place in zip(piece.sentences, places, strict=True):
            field = form[_field(each.id)]
            if field.data is None and place is not None:
                field.data = (FIRST, SECOND)[place]


def _part(
    interview_id: UUID, form: Form, answers: Sequence[Answer], cases: Sequence[OpenCase]
) -> bool:
    """Part it; false with what is to be put right on the form."""
    first, second = (each.id for each in cases)
    about = {FIRST: [first], SECOND: [second], BOTH: [first, second], NEITHER: []}
    said = {}
    for answer in answers:
        for piece in answer.pieces:
            for each in piece.sentences:
                if (chosen := form[_field(each.id)].data) is not None:
                    said[each.id] = about[chosen]
    how, on = form["shared_how"].data, form["shared_on"].data
    if on is not None and on > london_date(now()):
        form["shared_on"].errors = [_("Put a day that has been.")]
        return False
    shared = Shared(SharedHow(how), datetime.combine(on, time(12), UTC)) if how and on else None
    try:
        parting.part_account(db(), interview_id, said, [first, second], shared, actor(), now())
    except NotEverySentence:
        form.form_errors.append(
            _("Say of every sentence which child it is about, or that it is left out.")
        )
    except NothingAbout as nothing:
        name = _names(cases)[0 if nothing.case_id == first else 1]
        form.form_errors.append(
            _("Nothing is about %(child)s. Then put the account on one case.", child=name)
        )
    except NeedsTheirYes:
        form["shared_how"].errors = [
            _("Ask the family, and say how and when they agreed; or choose one child for each.")
        ]
    except NotFinished:
        form.form_errors.append(
            _("They have not sent it yet. Part it when they have, so that nothing is missing.")
        )
    except (PartedAlready, NotToPart):
        form.form_errors.append(_("This account cannot be cut into parts, or was already."))
    else:
        return True
    return False
