"""Inviting somebody: by a text, or by a letter that is shown once to be printed."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from family_voice.cases.inviting import CannotInvite, Invited, Way, invite, refusal
from family_voice.cases.reading import CaseView, PersonLine
from family_voice.language.texts import current_language, lazy, speaking
from family_voice.messages.wording import Template, compose
from family_voice.people.facts import YOUNG_PERSON
from family_voice.web.access import actor
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import blueprint, case_seen, language_name, page
from family_voice.web.staff.labels import REFUSALS, national
from family_voice.web.staff.people import somebody

ORDINARY, LARGE = "ordinary", "large"


class InviteForm(Form):
    """By text or by letter; a letter in ordinary or large print."""

    way = Choice(
        lazy("How do you want to invite them?"),
        [Option(Way.TEXT.value, lazy("Text")), Option(Way.LETTER.value, lazy("Letter"))],
        [Needed(lazy("Choose a text or a letter."))],
    )
    print_size = Choice(
        lazy("Size of print"),
        [Option(ORDINARY, lazy("Ordinary print")), Option(LARGE, lazy("Large print"))],
    )


@blueprint.route("/cases/<uuid:case_id>/people/<uuid:person_id>/invite", methods=["GET", "POST"])
def invite_person(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Choose how to invite somebody, and do it. Every press makes new secrets."""
    view, _of_round = case_seen(case_id)
    who = somebody(view, person_id)
    form = InviteForm()
    if form.validate_on_submit():
        way = Way(form.way.data)
        try:
            invited = invite(
                db(), case_id, person_id, way, settings=settings(), by=actor(), now=now()
            )
        except CannotInvite as why:
            form.form_errors.append(str(REFUSALS[why.refusal]))
        else:
            if way is Way.LETTER:
                return _letter(view, invited, large=form.print_size.data == LARGE)
            return page("invited_by_text.html", case=view, who=who, invited=invited, now=now())
    return _invite_page(view, who, form)


def _invite_page(view: CaseView, who: PersonLine, form: InviteForm) -> Response:
    contact = who.person.facts.contact
    with speaking(contact.language) as tongue:
        text = compose(Template.INVITATION, settings(), link=f"{settings().public_url}/i/…")
    return page(
        "invite.html",
        form=form,
        case=view,
        who=who,
        text=text,
        text_language=tongue,
        why_no_text=refusal(db(), view.case_id, who.person.id, Way.TEXT, now()),
        why_no_letter=refusal(db(), view.case_id, who.person.id, Way.LETTER, now()),
        large_first="large_print" in contact.access_needs,
        language_name=language_name,
    )


def _letter(view: CaseView, invited: Invited, large: bool) -> Response:
    """The letter in the reader's language, inside a page in the lead's."""
    person = invited.person
    with speaking(person.facts.contact.language):
        letter = render_template(
            "staff/letter.html",
            person=person,
            young=person.audience == YOUNG_PERSON,
            invited=invited,
            qr=_qr(invited.link),
            code_page=_spoken(f"{settings().public_url}/code"),
            settings=settings(),
            text_number=national(settings().sms_number),
            today=now(),
            large=large,
            tongue=current_language(),
        )
    return page(
        "letter_page.html",
        case=view,
        person=person,
        letter=Markup(letter),  # noqa: S704 — a template of ours, which escaped it
        large=large,
    )


def _qr(link: str) -> Markup:
    """The link as a black and white drawing that scales; no data leaves this machine."""
    drawing = segno.make(link, error="m").svg_inline(border=2, omitsize=True, scale=4)
    return Markup(drawing)  # noqa: S704 — numbers and path letters only


def _spoken(address: str) -> str:
    """An address without what nobody types."""
    return address.removeprefix("https://").removeprefix("http://")
