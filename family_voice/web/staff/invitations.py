"""Inviting somebody: by a text, an email, or a letter that is shown once to be printed."""

from __future__ import annotations

from uuid import UUID, uuid4

import segno
from flask import Response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from wtforms import HiddenField

from family_voice.cases.inviting import (
    AlreadyInvited,
    CannotInvite,
    Invited,
    Way,
    email_to_be,
    hours_for_emails,
    hours_for_texts,
    invite,
    refusal,
    text_to_be,
)
from family_voice.cases.ledger import Talk
from family_voice.cases.reading import CaseView, PersonLine
from family_voice.cases.rounds import RoundView
from family_voice.language import fallback
from family_voice.language.texts import _, current_language, lazy, speaking, to_begin_in
from family_voice.messages.interpreter import offer_of_interpreter
from family_voice.messages.numbers import national
from family_voice.people.facts import YOUNG_PERSON
from family_voice.web.access import actor
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import blueprint, case_seen, language_name, page
from family_voice.web.staff.labels import REFUSALS
from family_voice.web.staff.people import somebody

ORDINARY, LARGE, EASY = "ordinary", "large", "easy"
#: Unicode's isolates: what stands between them keeps its own order (UAX #9).
LEFT_TO_RIGHT, AS_BEFORE = "\u2066", "\u2069"
#: Those that go out at once, so that pressing twice must not send two.
SENT = {Way.TEXT: "invited_by_text.html", Way.EMAIL: "invited_by_email.html"}


class InviteForm(Form):
    """By text, email or letter; a letter in ordinary or large print, or with few words."""

    way = Choice(
        lazy("How do you want to invite them?"),
        [
            Option(Way.TEXT.value, lazy("Text")),
            Option(Way.EMAIL.value, lazy("Email")),
            Option(Way.LETTER.value, lazy("Letter")),
        ],
        [Needed(lazy("Choose a text, an email or a letter."))],
    )
    print_size = Choice(
        lazy("Size of print"),
        [
            Option(ORDINARY, lazy("Ordinary print")),
            Option(LARGE, lazy("Large print")),
            Option(EASY, lazy("Few words and one large number")),
        ],
    )
    #: Which page it is sent from, so that it goes once however often that page is sent.
    occasion = HiddenField()


@blueprint.route("/cases/<uuid:case_id>/people/<uuid:person_id>/invite", methods=["GET", "POST"])
def invite_person(case_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Choose how to invite somebody, and do it. Every letter has new secrets."""
    view, of_round = case_seen(case_id)
    who = somebody(view, person_id)
    form = InviteForm()
    if form.validate_on_submit():
        way, occasion = Way(form.way.data), id_in(form.occasion.data)
        if way in SENT and occasion is None:
            form.form_errors.append(_("Nothing was sent. Press the button again."))
            return _invite_page(view, of_round, who, form)
        try:
            invited = invite(
                db(), case_id, person_id, way,
                settings=settings(), by=actor(), now=now(), occasion=occasion,
            )  # fmt: skip
        except CannotInvite as why:
            form.form_errors.append(str(REFUSALS[why.refusal]))
        except AlreadyInvited:
            form.form_errors.append(
                _(
                    "What you sent from this page is on its way, and nothing was sent again. "
                    "To send a new one, with a new link, press once more."
                )
            )
        else:
            if way is Way.LETTER:
                return _letter(view, invited, str(form.print_size.data or ORDINARY))
            return page(SENT[way], case=view, who=who, invited=invited, now=now())
    return _invite_page(view, of_round, who, form)


def _invite_page(
    view: CaseView, of_round: RoundView, who: PersonLine, form: InviteForm
) -> Response:
    contact = who.person.facts.contact
    begun = who.talk in (Talk.BEGUN, Talk.FINISHED)
    theirs = to_begin_in(contact.language)
    with speaking(theirs) as tongue:
        words, cost = text_to_be(settings(), theirs)
    return page(
        "invite.html",
        form=form,
        occasion=uuid4(),
        case=view,
        who=who,
        text=words,
        cost=cost,
        text_hours=hours_for_texts(db(), contact.mobile),
        budget=settings().segment_budget,
        text_language=tongue,
        email=(
            email_to_be(settings(), theirs, of_round.freezes_on, begun)
            if settings().email != "off"
            else None
        ),
        email_hours=hours_for_emails(db(), contact.email) if contact.email else None,
        why_no_email=refusal(db(), view.case_id, who.person.id, Way.EMAIL, now()),
        why_no_text=refusal(db(), view.case_id, who.person.id, Way.TEXT, now()),
        why_no_letter=refusal(db(), view.case_id, who.person.id, Way.LETTER, now()),
        large_first="large_print" in contact.access_needs,
        language_name=language_name,
    )


def _letter(view: CaseView, invited: Invited, size: str) -> Response:
    """The letter in the reader's language, inside a page in the lead's."""
    person = invited.person
    with speaking(to_begin_in(person.facts.contact.language), marking=True):
        letter = render_template(
            "staff/letter_easy.html" if size == EASY else "staff/letter.html",
            person=person,
            young=person.audience == YOUNG_PERSON,
            invited=invited,
            qr=_qr(invited.link),
            code_page=_spoken(f"{settings().public_url}/code"),
            settings=settings(),
            text_number=national(settings().sms_number),
            today=now(),
            large=size == LARGE,
            interpreter=offer_of_interpreter(settings().phone),
            tongue=current_language(),
        )
    return page(
        "letter_page.html",
        case=view,
        person=person,
        letter=Markup(fallback.wrapped(letter)),  # noqa: S704 — a template of ours, which escaped it
        large=size == LARGE,
        easy=size == EASY,
    )


def _qr(link: str) -> Markup:
    """The link as a black and white drawing that scales; no data leaves this machine."""
    drawing = segno.make(link, error="m").svg_inline(border=2, omitsize=True, scale=4)
    return Markup(drawing)  # noqa: S704 — numbers and path letters only


def _spoken(address: str) -> str:
    """An address without what nobody types, held together where the words run from the right."""
    bare = address.removeprefix("https://").removeprefix("http://")
    return f"{LEFT_TO_RIGHT}{bare}{AS_BEFORE}"
