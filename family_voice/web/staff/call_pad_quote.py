"""The call pad's page for a quote: one short wording, asked about while they are still there."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.consent import authority
from family_voice.interviews import record
from family_voice.interviews.errors import NotTheirs
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.sharing import quotes, quoting
from family_voice.sharing.quotes import Answer
from family_voice.storage.base import new_id
from family_voice.web.access import actor, changed, seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Choices, Needed, Option, Words
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    Sitting,
    blueprint,
    show,
    sitting,
    start_address,
)
from family_voice.web.staff.quotes import too_long
from family_voice.web.staff.swapping import decided, deciding, shown


class QuoteForm(Form):
    """The wording, what it is made of, and what they say to it."""

    page = HiddenField()
    sentences = Choices(lazy("Which sentences is it made of?"))
    words = Words(lazy("The short wording"))
    seen = HiddenField()
    said = Choice(
        lazy("Read it out. What do they say?"),
        (
            Option(Answer.APPROVED.value, lazy("Yes, use it")),
            Option(Answer.REFUSED.value, lazy("No, do not use it")),
        ),
        [Needed(lazy("Read it out to them, and choose what they said."))],
    )


@blueprint.route(TALK + "/quote", methods=["GET", "POST"])
def quote(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Put one wording to them and write down their yes or no; or leave it."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    form = QuoteForm()
    # What stands no more may have been ticked: proposing it says so better than the field would.
    form.sentences.options = [Option(each, "") for each in form.sentences.data or ()]
    if deciding():  # what they say comes after the wording stands
        form.said.validators = ()
    right = form.validate_on_submit()
    if right and not decided(here.interview_id) and _kept(here, form):
        return redirect(here.address("call_pad.done"))
    there = quotes.to_choose_from(db(), here.interview_id, now())
    if not there and not form.is_submitted():
        return redirect(here.address("call_pad.done"))
    # What was read out a moment ago; all of it where the page was come to in another way.
    read_out = {each for one in request.args.getlist("sentence") if (each := id_in(one))}
    chosen = {id: text for id, text in there.items() if id in read_out} or there
    if len(chosen) == 1 and not form.is_submitted():
        form.sentences.data = [each.hex for each in chosen]
    how = _how_it_would_leave(here, form)
    if id_in(form.page.data) is None:
        form.page.data = new_id().hex
    seen("interview", here.interview_id, ["sentences", "quotes"])
    return show(
        "quote.html",
        form=form,
        how=how,
        here=here,
        person=here.talk.person.facts,
        sentences=chosen,
        tongue=record.guide_of(db(), here.interview_id).language,
        longest=quoting.LONGEST,
        represented=authority.represented_by(db(), here.interview_id, now()) is not None,
    )


def _how_it_would_leave(here: Sitting, form: QuoteForm) -> Mapping[str, object] | None:
    """The wording without the names in it, where there are any."""
    words = str(form.words.data or "")
    try:
        found = quoting.as_it_would_leave(db(), here.interview_id, words)
    except (quoting.NothingPut, quoting.TooLong):
        return None
    form.seen.data = found.text
    return shown(quoting.short(words), found) if found.spans else None


def _kept(here: Sitting, form: QuoteForm) -> bool:
    ticked = [each for one in form.sentences.data or () if (each := id_in(one)) is not None]
    try:
        quoting.put_at_once(
            db(), here.interview_id, ticked, str(form.words.data or ""), Answer(form.said.data),
            channel=here.channel, by=actor(), now=now(), seen=str(form.seen.data or ""),
            quote_id=id_in(form.page.data) or new_id(),
        )  # fmt: skip
    except (quoting.MayNotAsk, NotTheirs):
        form.form_errors = [_("They may not be asked now: something has changed meanwhile.")]
    except quoting.ProposedOtherwise:
        form.form_errors = [
            _(
                "You have written a quote down on this page before. It stands as it was: change "
                "it on the page of quotes, which the case leads to."
            )
        ]
    except quoting.NotToQuote:
        form.sentences.errors = [
            _(
                "Tick the sentences it is made of. If one has just gone from the list, the family "
                "has changed it."
            )
        ]
    except quoting.NothingPut:
        form.words.errors = [_("Write the short wording, or choose “Ask no quote”.")]
    except quoting.TooLong:
        form.words.errors = [too_long()]
    except quoting.StillNamed:
        form.said.data = None
        form.words.errors = [
            _("There was a name in it, or what reads like one. Read it out as it stands below.")
        ]
    else:
        changed("interview", here.interview_id, ["quotes"])
        return True
    return False
