"""Changing the codebook in two steps: fill in, look at what it touches, then change it.

Nothing is kept between the steps but what the page itself holds. A codebook that somebody else has
changed in between is shown anew, with everything that was typed still there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.language.texts import _
from family_voice.security.trail import record
from family_voice.themes import codebook_changing, codebook_requests
from family_voice.themes.code_use import Use, uses
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import BringBack, Change, Kind, Retire
from family_voice.themes.codebook_changing import MovedOn
from family_voice.themes.codebook_differences import differences
from family_voice.themes.codebook_wording import BadChange, Wording
from family_voice.themes.codebooks import current
from family_voice.web.access import actor, current_staff
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Option
from family_voice.web.shared.forms import number_in
from family_voice.web.staff.codebook import blueprint, code_or_404, codebook_page
from family_voice.web.staff.codebook_forms import (
    AddForm,
    MergeForm,
    MoveForm,
    NameGroupForm,
    ReasonForm,
    RewordForm,
    SplitForm,
    group_options,
)
from family_voice.web.staff.codebook_words import DO_IT, DOING, touches

Build = Callable[[], Change]
Way = tuple[ReasonForm, Build]


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """A new code."""
    book = current(db())
    form = AddForm()
    form.group.options = group_options(book)
    return _step("add.html", form, book, form.change, {})


@blueprint.route("/groups/<group_id>", methods=["GET", "POST"])
def group(group_id: str) -> ResponseReturnValue:
    """Another name for a group."""
    book = current(db())
    found = next((each for each in book.groups if each.id == group_id), None) or abort(404)
    form = NameGroupForm(data={"name": found.name})
    return _step("group.html", form, book, lambda: form.change(found.id), {"group": found})


def _reword(book: Codebook, code: Code) -> Way:
    first, second = code.examples
    written = {**vars(Wording.of(code)), "first_example": first, "second_example": second}
    form = RewordForm(data=written)
    return form, lambda: form.change(code)


def _move(book: Codebook, code: Code) -> Way:
    form = MoveForm()
    here = book.group_of(code.id).id
    form.group.options = [each for each in group_options(book) if each.value != here]
    return form, lambda: form.change(code)


def _merge(book: Codebook, code: Code) -> Way:
    form = MergeForm()
    others = [each for each in book.offered.values() if each.id != code.id]
    form.into.options = [Option(each.id, each.name) for each in others]
    return form, lambda: form.change(code)


def _split(book: Codebook, code: Code) -> Way:
    form = SplitForm()
    return form, lambda: form.change(code)


#: What may be done to a code, by the last part of the page's address and the name of its template.
WAYS: Mapping[str, Callable[[Codebook, Code], Way]] = {
    "reword": _reword,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "retire": lambda _book, code: (ReasonForm(), lambda: Retire(code.id)),
    "bring_back": lambda _book, code: (ReasonForm(), lambda: BringBack(code.id)),
}


@blueprint.route("/codes/<code_id>/<way>", methods=["GET", "POST"])
def change(code_id: str, way: str) -> ResponseReturnValue:
    """Change one code."""
    book = current(db())
    code = code_or_404(book, code_id)
    if way not in WAYS:
        abort(404)
    form, build = WAYS[way](book, code)
    about = {"code": code, "group": book.group_of(code.id)}
    return _step(f"{way}.html", form, book, build, about)


@blueprint.route("/history/<int(max=999999999):version>/undo", methods=["GET", "POST"])
def undo(version: int) -> ResponseReturnValue:
    """Take one change back by another."""
    made = codebook_changing.to_undo(db(), version)
    about = {"undone": version}
    return _step("undo.html", ReasonForm(), current(db()), lambda: made, about, undone=version)


def _step(
    template: str,
    form: ReasonForm,
    book: Codebook,
    build: Build,
    about: dict[str, Any],
    undone: int | None = None,
) -> ResponseReturnValue:
    """Whichever step it is: the form, what the change would touch, or the change itself."""
    # Before it is checked: what was typed is shown again as it is, however unfinished.
    back_to_form = "again" in request.form
    if not form.validate_on_submit() or back_to_form:
        return _form(template, form, book, about)
    try:
        made = build()
        new = made.apply(book)
        if "sure" in request.form:
            return _changed(form, made, undone)
        if form.seen.data != str(book.version):
            raise MovedOn
    except BadChange as bad:
        form.turned_down(bad)
    except MovedOn:
        form.form_errors.append(
            _(
                "Somebody else has changed the codebook since you opened this page. Nothing of "
                "yours is lost: look at what is different now, and press the button again."
            )
        )
    else:
        return _preview(made, book, new, about)
    return _form(template, form, book, about)


def _form(template: str, form: ReasonForm, book: Codebook, about: dict[str, Any]) -> Response:
    form.seen.data = str(book.version)
    return codebook_page(template, form=form, book=book, **about)


def _preview(made: Change, book: Codebook, new: Codebook, about: dict[str, Any]) -> Response:
    code = getattr(made, "code", "")
    use = uses(db(), current_staff().id, now()).get(code, Use())
    asked = sum(each.code == code for each in codebook_requests.waiting(db())) if code else 0
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "look")
    ]
    return codebook_page(
        "preview.html",
        kept=kept,
        doing=DOING[made.kind],
        # Taking a change back is made of the changes that undo it.
        do_it=DO_IT.get(Kind.UNDO if "undone" in about else made.kind, _("Change the codebook")),
        touches=touches(made, book, new, use, asked),
        changes=differences(book, new),
        reason=request.form["reason"],
        **about,
    )


def _changed(form: ReasonForm, made: Change, undone: int | None) -> ResponseReturnValue:
    seen = number_in(form.seen.data) or 0
    reason, by, moment = form.reason.data or "", current_staff().id, now()
    if undone is None:
        new = codebook_changing.change(db(), made, seen, reason, by, moment)
    else:
        new = codebook_changing.undo(db(), undone, seen, reason, by, moment)
    record(db(), actor(), "change", "codebook", None, moment, [made.kind.value])
    flash(_("The codebook is changed. This is version %(version)d.", version=new.version))
    return redirect(url_for("codebook.version", version=new.version))
