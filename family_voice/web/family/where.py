"""Behind the return word: where my words went, and the short pieces we would like to use."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from family_voice.cases.permission import family_may_read
from family_voice.consent import authority
from family_voice.interviews.manners import is_theirs
from family_voice.interviews.state import Stage
from family_voice.language.texts import gettext as _
from family_voice.reports.where_words_went import where_words_went
from family_voice.security.trail import Actor
from family_voice.sharing import quotes, quoting
from family_voice.sharing.quotes import Answer
from family_voice.storage.locking import Missing
from family_voice.web.family import wording
from family_voice.web.family.forms import FamilyForm, QuoteForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.places import WEB, go, go_on, guide_now, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.forms import id_in
from family_voice.web.shared.pages import render

FAMILY: Final = Actor("family")
#: What the buttons say.
SAID: Final = {"yes": Answer.APPROVED, "no": Answer.REFUSED, "mine": Answer.EDITED}


@blueprint.route("/where-my-words-went", methods=["GET", "POST"])
def where() -> ResponseReturnValue:
    """What was heard, who looked, what it is counted in, what came of it, and the two buttons.

    It takes a form for the return word's sake, which is sent to the page that asked for it.
    """
    posted(FamilyForm)
    interview_id, state = this_visit().interview_id, state_now()
    if state.stage is not Stage.SENT or not family_may_read(db(), interview_id, now()):
        return go_on(state, guide_now())
    locked = unlock()
    if locked is not None:
        return locked
    return render(
        "family/where.html",
        went=where_words_went(db(), interview_id, now()),
        is_theirs=is_theirs,
        origin=wording.origin,
    )


@blueprint.route("/quotes", methods=["GET", "POST"])
def short_pieces() -> ResponseReturnValue:
    """Each short piece we would like to share: yes, no, or in their own words."""
    form, right = posted(QuoteForm)
    asked = id_in(form.quote.data)
    # Each piece has a box of its own on the page: what is wrong leads to the right one.
    form.words.id = f"words-{asked.hex}" if asked else "words"
    state = held() if right else state_now()
    interview_id = this_visit().interview_id
    if state.stage is not Stage.SENT or not family_may_read(db(), interview_id, now()):
        return go_on(state, guide_now())
    locked = unlock()
    if locked is not None:
        return locked
    if right and _answer(form, interview_id):
        return go("short_pieces", saved=1)
    return render(
        "family/quotes.html",
        form=form,
        asked=asked,
        quotes=quotes.of_account(db(), interview_id, now()),
        represented=authority.represented_by(db(), interview_id, now()) is not None,
        longest=quoting.LONGEST,
        saved="saved" in request.args,
    )


def _answer(form: QuoteForm, interview_id: UUID) -> bool:
    """Whether their answer was taken; if not, the form says why."""
    said, quote_id = SAID.get(str(form.go.data or "")), id_in(form.quote.data)
    try:
        if said is None or quote_id is None or quotes.whose(db(), quote_id) != interview_id:
            raise Missing("quote")
        quoting.answer(
            db(), quote_id, said, channel=WEB, by=FAMILY, now=now(),
            own_words=str(form.words.data or ""),
        )  # fmt: skip
    except Missing:
        form.form_errors = [_("We no longer want to use that one. Nothing was changed.")]
    except quoting.NothingPut:
        form.words.errors = [_("Write your words here, or press one of the other buttons.")]
    except quoting.TooLong:
        form.words.errors = [
            _(
                "That is too long. Make it no longer than %(longest)d letters. "
                "Your words are still here.",
                longest=quoting.LONGEST,
            )
        ]
    else:
        return True
    return False
