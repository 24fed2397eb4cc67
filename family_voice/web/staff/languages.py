"""Languages: what is ready, reading and approving every sentence in its place, and who reads.

A language reviewer sees these pages and no others; no family's words are on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from family_voice.language import texts
from family_voice.language.catalogues import Language
from family_voice.language.formats import london_day
from family_voice.language.offer import approved, may_be_chosen, stands
from family_voice.language.texts import _, lazy
from family_voice.language.wording_files import Texts
from family_voice.language.wordings import Part, Problem, Shape, Wording, Wrong, fingerprint
from family_voice.people.access import Action, Resource, Role, may
from family_voice.people.staff import staff_with
from family_voice.people.wording_reviews import (
    EndsBeforeItBegins,
    NotRight,
    Reader,
    Reviewed,
    approve,
    name_reader,
    newest,
    reviews,
)
from family_voice.people.wording_reviews import (
    end_reading as end_turn,
)
from family_voice.people.wording_reviews import (
    readers as every_reader,
)
from family_voice.sms.wordings import approvals, every_wording, plural_of, unusable
from family_voice.storage.locking import Missing
from family_voice.web.access import changed, current_roles, current_staff
from family_voice.web.services import db, now, services
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Day, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff.language_places import explained, name_of, numbers_of, spots

blueprint = Blueprint("languages", __name__, url_prefix="/staff/languages")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

WRONG = {
    Wrong.BLANK: lazy("Put the sentence in your language."),
    Wrong.PARTS: lazy("It needs %(about)s parts, one on each line."),
    Wrong.VALUE_LOST: lazy("Put back what the program fills in: %(about)s."),
    Wrong.VALUE_STRANGE: lazy("The program has nothing to fill in for %(about)s. Take it out."),
    Wrong.MARKS: lazy("Keep the marks between < and > as they are in the English."),
    Wrong.PERCENT: lazy("Write a per cent sign as %%%%."),
    Wrong.UNUSABLE: lazy("It cannot be used so: %(about)s"),
    Wrong.NO_FILE: lazy("There is no draft of this in the language yet, so it cannot be approved."),
}


@dataclass(frozen=True)
class Standing:
    """How far a language is."""

    language: Language
    done: int
    total: int
    reader: bool
    offered: bool


@dataclass(frozen=True)
class Line:
    """One wording of a place with its boxes, and who approved it."""

    wording: Wording
    boxes: tuple[Words, ...]
    labels: tuple[str, ...]
    right: BooleanField
    values: list[tuple[str, object]]
    also: list[str]
    review: Reviewed | None


class ReaderForm(Form):
    """Who reads a language, and when."""

    staff = Choice(lazy("Who reads it?"), validators=[Needed(lazy("Choose who reads it."))])
    language = Choice(lazy("Which language?"), validators=[Needed(lazy("Choose the language."))])
    from_day = Day(lazy("Their first day"), [Needed(lazy("Put their first day."))])
    until_day = Day(
        lazy("Their last day"), description=lazy("Leave it empty if they go on until you end it.")
    )


@blueprint.get("/")
def every() -> Response:
    """Every language that has any wording: how far it is, who reads it, and whether it is open."""
    found = _languages()
    reviewed = reviews(db(), [each.code for each in found])
    named = every_reader(db())
    return render(
        "staff/languages/every.html",
        standings=[_standing(each, reviewed, named) for each in found],
        readers=named,
        today=london_day(now()),
        demo_offers=services().is_demo,
        may_name=may(current_roles(), Action.CHANGE, Resource.READER),
    )


@blueprint.get("/<code>/")
def one(code: str) -> Response:
    """The places of a language, each with how much of it is approved."""
    language = _language(code)
    reviewed = reviews(db(), [code])
    return render(
        "staff/languages/one.html",
        standing=_standing(language, reviewed, every_reader(db())),
        spots=spots(every_wording(code), lambda each: _stands(each, newest(reviewed, code))),
        may_review=may(current_roles(), Action.CHANGE, Resource.WORDING),
    )


@blueprint.route("/<code>/<path:place>", methods=["GET", "POST"])
def place(code: str, place: str) -> ResponseReturnValue:
    """Every sentence of one place, in the order they are read, to be corrected and approved."""
    language = _language(code)
    wordings = [each for each in every_wording(code) if place in each.places]
    if not wordings:
        abort(404)
    found = newest(reviews(db(), [code]), code)
    form = _form(code, wordings, found)
    lines = [_line(form, code, place, each, found) for each in wordings]
    if form.validate_on_submit():
        together: dict[str, Texts] = {}
        count = sum(_approve(code, line, together) for line in lines)
        if not form.errors:
            changed("wording", None, [code, place])
            flash(_("Kept. You approved %(num)s here.", num=count))
            return redirect(url_for("languages.place", code=code, place=place))
    every_place = [spot.place for spot in spots(every_wording(code), lambda _each: False)]
    following = every_place[every_place.index(place) + 1 :]
    return render(
        "staff/languages/place.html",
        tongue=language,
        place=place,
        name=name_of(place),
        lines=lines,
        form=form,
        ready=sum(line.review is not None for line in lines),
        following=following[0] if following else None,
    )


@blueprint.route("/readers", methods=["GET", "POST"])
def readers() -> ResponseReturnValue:
    """Who reads what comes in each language, and naming somebody."""
    form = ReaderForm()
    # Only who may open what a family wrote: a reviewer reads our sentences, and none of theirs.
    form.staff.options = [Option(str(each.id), each.name) for each in staff_with(db(), Role.LEAD)]
    form.language.options = [Option(each.code, each.name) for each in _languages()]
    first, last = form.from_day.data, form.until_day.data
    if form.validate_on_submit() and first:
        try:
            name_reader(
                db(), staff_id=UUID(form.staff.data or ""), language=form.language.data or "",
                from_day=first, until_day=last, by=current_staff().id, now=now(),
            )  # fmt: skip
        except EndsBeforeItBegins:
            form.until_day.errors = [_("Put a last day that is not before the first.")]
        else:
            changed("language reader", None, ["staff", "language", "from", "until"])
            return redirect(url_for("languages.readers"))
    return render(
        "staff/languages/readers.html",
        form=form,
        readers=every_reader(db()),
        names={each.code: each.name for each in texts.worded()},
        today=london_day(now()),
    )


@blueprint.post("/readers/<uuid:reader_id>/end")
def end_reading(reader_id: UUID) -> ResponseReturnValue:
    """Today is the last day that somebody reads."""
    if Form().validate_on_submit():
        end_turn(db(), reader_id, london_day(now()))
        changed("language reader", reader_id, ["until"])
    return redirect(url_for("languages.readers"))


def _languages() -> list[Language]:
    return [each for each in texts.worded() if texts.catalogue_file(each.code)]


def _language(code: str) -> Language:
    found = next((each for each in _languages() if each.code == code), None)
    if found is None:
        abort(404)
    return found


def _standing(language: Language, reviewed: list[Reviewed], named: list[Reader]) -> Standing:
    counts = approved(every_wording(language.code), approvals(reviewed, language.code))
    turns = [each.turn for each in named if each.active]
    today = london_day(now())
    return Standing(
        language,
        *counts,
        reader=any(each.language == language.code and each.covers(today) for each in turns),
        offered=may_be_chosen(language.code, counts, turns, today, demo=services().is_demo),
    )


def _stands(wording: Wording, found: Mapping[tuple[Part, str], Reviewed]) -> bool:
    review = found.get((wording.part, wording.key))
    return review is not None and stands(review.approval, wording)


def _shown(wording: Wording, found: Mapping[tuple[Part, str], Reviewed]) -> tuple[str, ...]:
    """What families read: the correction that stands, or what the file has."""
    review = found.get((wording.part, wording.key))
    if review and review.approval.texts and stands(review.approval, wording):
        return review.approval.texts
    return wording.own


def _in_lines(wording: Wording) -> bool:
    return wording.shape in (Shape.LINES, Shape.WORDS)


def _forms(code: str, wording: Wording) -> int:
    if wording.shape is not Shape.PLURAL:
        return 1
    return max(map(plural_of(code), range(201))) + 1


def _form(code: str, wordings: list[Wording], found: Mapping[tuple[Part, str], Reviewed]) -> Form:
    fields: dict[str, object] = {}
    for wording in wordings:
        said = _shown(wording, found)
        boxes = ["\n".join(said)] if _in_lines(wording) else list(said)
        boxes += [""] * (_forms(code, wording) - len(boxes))
        name = fingerprint((wording.key,))[:12]
        for index, text in enumerate(boxes):
            fields[f"text_{name}_{index}"] = Words(_("In your language"), default=text)
        fields[f"right_{name}"] = BooleanField(_("This is right"))
    made: Form = type("PlaceForm", (Form,), fields)()
    return made


def _line(
    form: Form,
    code: str,
    here: str,
    wording: Wording,
    found: Mapping[tuple[Part, str], Reviewed],
) -> Line:
    name, forms = fingerprint((wording.key,))[:12], _forms(code, wording)
    labels = [""] * forms
    if wording.shape is Shape.PLURAL:
        labels = [_("For %(numbers)s", numbers=n) for n in numbers_of(plural_of(code), forms)]
    return Line(
        wording=wording,
        boxes=tuple(form[f"text_{name}_{index}"] for index in range(forms)),
        labels=tuple(labels),
        right=form[f"right_{name}"],
        values=explained(wording),
        also=[str(name_of(each)) for each in wording.places if each != here],
        review=found[wording.part, wording.key] if _stands(wording, found) else None,
    )


def _approve(code: str, line: Line, together: dict[str, Texts]) -> int:
    """Keep one approval; 1 if there was one. What cannot be kept is said at its box.

    `together` are the texts approved by this press so far: they have to fit each other, too.
    """
    said = [str(box.data or "").strip() for box in line.boxes]
    before = [str(box.default or "").strip() for box in line.boxes]
    if not line.right.data:
        if said != before:
            line.boxes[0].errors = [_("You changed this. Tick that it is right, too.")]
        return 0
    if line.review and said == before:
        return 0
    if _in_lines(line.wording):
        said = [each for each in said[0].splitlines() if each.strip()]
    together[line.wording.key] = tuple(said)
    try:
        if why := unusable(code, line.wording.part, together):
            raise NotRight(Problem(Wrong.UNUSABLE, why))
        approve(
            db(), code, line.wording, said,
            staff_id=current_staff().id, now=now(), plural=plural_of(code),
        )  # fmt: skip
    except NotRight as bad:
        line.boxes[0].errors = [_in_words(bad.problem)]
        del together[line.wording.key]
        return 0
    return 1


def _in_words(problem: Problem) -> str:
    return str(WRONG[problem.wrong]) % {"about": problem.about}
