"""How somebody may be reached: who confirmed that it is safe, and what they need."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, ValidationError

from family_voice.cases import caseload_cells as cells
from family_voice.cases.caseload_cells import Refused
from family_voice.cases.reaching import change_contact
from family_voice.cases.reading import CaseView, PersonLine
from family_voice.cases.who_decides import LOOKED_AFTER
from family_voice.language.formats import in_words
from family_voice.language.texts import _, lazy
from family_voice.people.facts import ContactFacts
from family_voice.people.register import Changed, NobodyConfirmed
from family_voice.storage.locking import Missing
from family_voice.web.access import actor
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Choices, Line, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import blueprint, case_seen, language_name, page
from family_voice.web.staff.labels import ACCESS_NEEDS, SAFE

NAMES = {
    "mobile": lazy("Mobile number"),
    "email": lazy("Email address"),
    "language": lazy("Language"),
    "access_needs": lazy("What they need"),
    "safe_to_contact": lazy("Is it safe to contact them?"),
    "safe_how": lazy("How to contact them safely"),
    "safe_confirmed_by": lazy("Who confirmed it?"),
    "introduced_by": lazy("Who introduces us?"),
    "safe_hours": lazy("When is it safe to ring, text or email them?"),
}


class ContactForm(Form):
    """How somebody may be reached. `version` is the one the page was made from."""

    version = IntegerField()
    safe_to_contact = Choice(
        NAMES["safe_to_contact"],
        [Option(value, words) for value, words in SAFE.items()],
        [Needed(lazy("Choose whether it is safe to contact them."))],
    )
    safe_confirmed_by = Line(NAMES["safe_confirmed_by"], longest=120)
    safe_how = Words(NAMES["safe_how"], longest=500)
    safe_hours = Line(NAMES["safe_hours"], longest=40)
    mobile = Line(NAMES["mobile"], longest=40)
    email = Line(NAMES["email"], longest=254)
    language = Line(NAMES["language"], longest=40)
    access_needs = Choices(
        NAMES["access_needs"], [Option(value, words) for value, words in ACCESS_NEEDS.items()]
    )
    introduced_by = Line(NAMES["introduced_by"], longest=120)

    def validate_mobile(self, field: Line) -> None:
        _taken(cells.mobile, field)

    def validate_safe_hours(self, field: Line) -> None:
        _taken(cells.hours, field)

    def validate_email(self, field: Line) -> None:
        _taken(cells.email, field)

    def validate_language(self, field: Line) -> None:
        _taken(cells.language, field)

    def contact(self) -> ContactFacts:
        """What was put, as it is stored."""
        return ContactFacts(
            mobile=cells.mobile(self.mobile.data or "") or "",
            email=cells.email(self.email.data or "") or "",
            language=cells.language(self.language.data or ""),
            access_needs=tuple(self.access_needs.data or ()),
            safe_to_contact=self.safe_to_contact.data or "not_confirmed",
            safe_how=(self.safe_how.data or "").strip(),
            safe_confirmed_by=self.safe_confirmed_by.data or "",
            introduced_by=self.introduced_by.data or "",
            safe_hours=cells.hours(self.safe_hours.data or ""),
        )


@blueprint.route("/cases/<uuid:case_id>/people/<uuid:person_id>", methods=["GET", "POST"])
def edit_person(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Change how somebody may be reached."""
    view, _of_round = case_seen(case_id)
    who = somebody(view, person_id)
    contact = who.person.facts.contact
    form = ContactForm(data=_as_typed(contact) | {"version": who.person.version})
    theirs: list[tuple[str, str, str]] = []
    if form.validate_on_submit():
        try:
            change_contact(db(), person_id, form.version.data or 0, form.contact(), actor(), now())
        except NobodyConfirmed:
            form.safe_confirmed_by.errors = [
                _("Write who confirmed it. Nobody is contacted on a guess.")
            ]
        except Changed as other:
            theirs = _differences(other.stored.facts.contact, form.contact())
            form.version.data = other.stored.version
        else:
            flash(_("We have kept that."))
            return redirect(url_for("staff.case", case_id=case_id, _anchor="people"))
    return _page(view, who, form, theirs)


def somebody(view: CaseView, person_id: UUID) -> PersonLine:
    """One of the people who may speak about a case. Raises Missing."""
    for each in view.people:
        if each.person.id == person_id:
            return each
    raise Missing("participant")


def _page(
    view: CaseView, who: PersonLine, form: ContactForm, theirs: list[tuple[str, str, str]]
) -> Response:
    return page(
        "edit_person.html",
        409 if theirs else None,
        form=form,
        case=view,
        who=who,
        theirs=theirs,
        looked_after=view.care_status == LOOKED_AFTER,
    )


def _taken(reader: object, field: Line) -> None:
    try:
        reader(field.data or "")  # type: ignore[operator]
    except Refused as refused:
        raise ValidationError(str(refused)) from refused


def _as_typed(contact: ContactFacts) -> dict[str, object]:
    return {each.name: getattr(contact, each.name) for each in fields(contact)} | {
        "access_needs": list(contact.access_needs),
        "language": _english(contact.language),
        "safe_hours": str(contact.safe_hours or ""),
    }


def _english(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def _differences(stored: ContactFacts, typed: ContactFacts) -> list[tuple[str, str, str]]:
    """What, how it stands now, and how the person at the page would have it."""
    return [
        (str(NAMES[each.name]), _shown(each.name, stored), _shown(each.name, typed))
        for each in fields(stored)
        if getattr(stored, each.name) != getattr(typed, each.name)
    ]


def _shown(name: str, contact: ContactFacts) -> str:
    value = getattr(contact, name)
    if name == "safe_to_contact":
        return str(SAFE[value])
    if name == "language":
        return language_name(value)
    if name == "access_needs":
        return in_words([ACCESS_NEEDS[each] for each in value]) if value else _("Nothing")
    return str(value) or _("Nothing")
