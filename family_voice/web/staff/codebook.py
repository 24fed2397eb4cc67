"""The codebook for those who code: every code with its meaning, one code, and how it changed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.candidates import cases_named
from family_voice.cases.linking import case_of
from family_voice.language.texts import _
from family_voice.people.access import Action, Resource, may
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import codebook_changing, codebook_notes, codebook_requests
from family_voice.themes.code_use import Again, in_use, to_look_at_again, uses
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import Kind
from family_voice.themes.codebook_differences import differences
from family_voice.themes.codebooks import at_version, current
from family_voice.web.access import actor, current_roles, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.staff import codebook_words as words
from family_voice.web.staff.codebook_forms import NoteForm
from family_voice.web.staff.desk import page

blueprint = Blueprint("codebook", __name__, url_prefix="/staff/codebook")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))


def codebook_page(template: str, **context: object) -> Response:
    """A page of the codebook, with the words that all of them use."""
    return page(
        f"codebook/{template}",
        None,
        may_change=may(current_roles(), Action.CHANGE, Resource.CODEBOOK),
        headings=words.headings(),
        DONE=words.DONE,
        PART_NAMES=words.PART_NAMES,
        shown=words.shown,
        use_in_words=words.use_in_words,
        **context,
    )


@blueprint.get("")
def every() -> Response:
    """All codes, with what they mean in view, and how often each is used."""
    book = current(db())
    used = in_use(db(), current_staff().id, now())
    return codebook_page(
        "every.html",
        book=book,
        uses=used.uses,
        left_out=used.left_out,
        most=max((each.codings for each in used.uses.values()), default=1),
        again=len(_by_account(used.again)),
        requests=codebook_requests.how_many_wait(db()),
        retired=[code for code in book.codes.values() if code.retired],
        became={code.id: _became(book, code) for code in book.codes.values()},
    )


@blueprint.route("/codes/<code_id>", methods=["GET", "POST"])
def one(code_id: str) -> ResponseReturnValue:
    """One code: everything about it, its notes, and how it came to be what it is."""
    book = current(db())
    code = code_or_404(book, code_id)
    form = NoteForm()
    if form.validate_on_submit():
        codebook_notes.note(db(), code.id, form.text.data or "", current_staff().id, now())
        record(db(), actor(), "change", "codebook", None, now(), ["note"])
        flash(_("Your note is kept."))
        return redirect(url_for("codebook.one", code_id=code.id))
    made = codebook_changing.history(db(), code.id)
    notes = codebook_notes.notes_of(db(), code.id)
    return codebook_page(
        "one.html",
        form=form,
        book=book,
        code=code,
        group=book.group_of(code.id),
        became=_became(book, code),
        use=uses(db(), current_staff().id, now()).get(code.id),
        made=made,
        notes=notes,
        people=names_of_staff(
            db(), {each.by for each in made if each.by} | {each.by for each in notes}
        ),
    )


@blueprint.get("/history")
def history() -> Response:
    """Every change there was, the newest first."""
    made = codebook_changing.history(db())
    return codebook_page(
        "history.html",
        made=made,
        names=current(db()).names,
        people=names_of_staff(db(), {each.by for each in made if each.by}),
    )


@blueprint.get("/history/<int(max=999999999):version>")
def version(version: int) -> Response:
    """One change: what was different before, and why it was made."""
    made = next((each for each in codebook_changing.history(db()) if each.version == version), None)
    if made is None:
        abort(404)
    return codebook_page(
        "version.html",
        made=made,
        book=current(db()),
        changes=differences(at_version(db(), version - 1), at_version(db(), version)),
        people=names_of_staff(db(), {made.by} if made.by else ()),
        undone=made.kind is Kind.UNDO,
    )


@blueprint.get("/look-again")
def again() -> Response:
    """Codings that stand under codes which are offered no more, account by account."""
    found = to_look_at_again(db(), current_staff().id, now())
    book = current(db())
    by_account = _by_account(found)
    cases = {each: case_of(db(), each) for each in by_account}
    named = cases_named(db(), [case for case in cases.values() if case])
    for interview_id in by_account:
        seen("interview", interview_id, ["codes"])
    return codebook_page(
        "again.html",
        accounts=[
            (interview_id, named.get(cases[interview_id] or interview_id), lines)
            for interview_id, lines in by_account.items()
        ],
        book=book,
        became={each.code: _became(book, book.code(each.code)) for each in found},
    )


def code_or_404(book: Codebook, code_id: str) -> Code:
    """The code that an address names."""
    return book.codes.get(code_id) or abort(404)


def _became(book: Codebook, code: Code) -> list[Code]:
    """What is used in the place of a code that is offered no more."""
    if code.merged_into is not None:
        return [book.now(code.id)]
    return [book.now(each) for each in code.split_into]


def _by_account(found: tuple[Again, ...]) -> dict[UUID, list[Again]]:
    by_account: dict[UUID, list[Again]] = {}
    for each in found:
        by_account.setdefault(each.interview_id, []).append(each)
    return by_account
