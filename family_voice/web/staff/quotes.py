"""Quotes of one account: proposing a short wording, and writing down what the family says to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases.candidates import told_by
from family_voice.cases.carrying_on import tell_ready
from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import case_of
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.consent import authority
from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Channel
from family_voice.interviews.manners import is_theirs
from family_voice.interviews.record import account as account_of
from family_voice.interviews.record import as_agreed, guide_of
from family_voice.interviews.state import Stage
from family_voice.language.texts import _, lazy
from family_voice.sharing import quotes, quoting
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NotAnswered, WouldBeKnown
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Needed, Option, Words
from family_voice.web.shared.forms import Form, id_in, number_in
from family_voice.web.shared.voices import ABOVE
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.swapping import DO, KnownForm, NameForm, decided, shown

blueprint = Blueprint("quotes", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

WAYS = {
    Channel.TELEPHONE: lazy("By telephone"),
    Channel.VIDEO: lazy("By video call"),
    Channel.FACE_TO_FACE: lazy("Face to face"),
}
#: The button that puts a wording to the family; any other shows how it would leave.
ASK: Final = "ask"


class ProposeForm(NameForm, KnownForm):
    """The sentences, the short wording made of them, and how it would leave."""

    page = HiddenField()
    sentences = Choices("")
    words = Words(lazy("The short wording"))
    #: The wording as it stood on the page, with everything replaced that is.
    seen = HiddenField()


class AnswerForm(Form):
    """What they said to one quote, and how."""

    said = Choice(
        lazy("What did they say?"),
        (
            Option(Answer.APPROVED.value, lazy("Yes, use it")),
            Option(Answer.REFUSED.value, lazy("No, do not use it")),
            Option(Answer.EDITED.value, lazy("Yes, but in other words")),
        ),
        [Needed(lazy("Choose what they said."))],
    )
    words = Words(lazy("Their words, if they put it another way"))
    how = Choice(
        lazy("How did they tell you?"),
        [Option(each.value, words) for each, words in WAYS.items()],
        [Needed(lazy("Choose how they told you."))],
    )


class LookForm(KnownForm):
    """That nobody would know who said it."""

    version = HiddenField()


@blueprint.get("/quotes")
def every() -> Response:
    """Every quote there is: what is to be looked at, what waits, what they said."""
    found = quotes.every(db(), now())
    owners = {each.interview_id for each in found}
    for each in owners:
        seen("interview", each, ["quotes"])
    return page(
        "every_quote.html", quotes=found, who={each: told_by(db(), each) for each in owners}
    )


@blueprint.route("/accounts/<uuid:interview_id>/quotes", methods=["GET", "POST"])
def account(interview_id: UUID) -> ResponseReturnValue:
    """The account's quotes, and the sentences to make one of."""
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    form = ProposeForm()
    # What stands no more may have been ticked: proposing it says so better than the field would.
    form.sentences.options = [Option(each, "") for each in form.sentences.data or ()]
    right = form.validate_on_submit()
    filled = right and _filled(form, interview_id)
    if right and not decided(interview_id, form) and _proposed(form, interview_id, filled):
        occasion = f"quote:{interview_id}:{london_date(now())}"
        tell_ready(db(), interview_id, occasion, settings(), now())
        flash(_("The family is asked the next time they come, or when you read it to them."))
        return _back(interview_id)
    if not form.page.data:
        form.page.data = new_id().hex
    return _page(interview_id, form)


@blueprint.post("/quotes/<uuid:quote_id>/answer")
def answered(quote_id: UUID) -> ResponseReturnValue:
    """What the family said to one, on the phone or face to face."""
    interview_id = quotes.whose(db(), quote_id)
    form = _answer_form(quote_id, posted=True)
    if form.validate_on_submit() and _kept(form, quote_id):
        flash(_("Kept, as they said it."))
        return _back(interview_id)
    return _page(interview_id, form, quote_id)


@blueprint.post("/quotes/<uuid:quote_id>/looked-at")
def looked(quote_id: UUID) -> ResponseReturnValue:
    """Nobody would know who said it, so it may be used as it stands."""
    interview_id = quotes.whose(db(), quote_id)
    form = LookForm(prefix=f"look-{quote_id.hex}")
    if form.validate_on_submit() and not decided(interview_id) and _looked(form, quote_id):
        flash(_("It can be used as it stands."))
        return _back(interview_id)
    return _page(interview_id, form, quote_id)


@blueprint.post("/quotes/<uuid:quote_id>/take-away")
def taken_away(quote_id: UUID) -> ResponseReturnValue:
    """We do not want to use it, whatever they say."""
    interview_id, form = quotes.whose(db(), quote_id), Form()
    if not form.validate_on_submit():
        return _page(interview_id, form, quote_id)
    quoting.take_away(db(), quote_id, actor(), now())
    flash(_("Taken away. Nobody is asked about it any more."))
    return _back(interview_id)


def _ticked(form: ProposeForm) -> list[UUID]:
    return [each for one in form.sentences.data or () if (each := id_in(one)) is not None]


def _filled(form: ProposeForm, interview_id: UUID) -> bool:
    """Begin a wording with the very words that were ticked. Whether there was none before."""
    if str(form.words.data or "").strip():
        return False
    ticked = set(_ticked(form))
    there = quotes.quotable(db(), interview_id)
    form.words.data = " ".join(text for each, text in there.items() if each in ticked)
    return bool(form.words.data)


def _proposed(form: ProposeForm, interview_id: UUID, filled: bool) -> bool:
    """Whether it was put to the family. It never is before they who propose have seen it leave."""
    ticked = _ticked(form)
    try:
        if request.form.get(DO) != ASK or filled:
            quoting.as_it_would_leave(db(), interview_id, str(form.words.data or ""))
            return False
        quoting.propose(
            db(), interview_id, ticked, str(form.words.data or ""), actor(), now(),
            seen=str(form.seen.data or ""), answers=form.answers, quote_id=id_in(form.page.data),
        )  # fmt: skip
    except quoting.MayNotAsk:
        form.form_errors = [_("They may not be asked now. This page says why.")]
    except quoting.NotToQuote:
        form.sentences.errors = [
            _(
                "Choose the sentences it is made of. If one has just gone from the list, the "
                "family has changed it."
            )
        ]
    except quoting.NothingPut:
        form.words.errors = [_("Write the short wording that you would like to use.")]
    except quoting.TooLong:
        form.words.errors = [too_long()]
    except quoting.StillNamed:
        form.words.errors = [_("Something else is replaced in it now. Look at it again below.")]
    except (NotAnswered, WouldBeKnown) as why:
        form.refuse(why)
    else:
        return True
    return False


def _looked(form: LookForm, quote_id: UUID) -> bool:
    version = number_in(form.version.data) or 0
    try:
        quoting.look_at(db(), quote_id, version, form.answers, actor(), now())
    except quoting.AnsweredAgain:
        form.form_errors = [_("They have answered again meanwhile. Look at what stands now.")]
    except quoting.StillNamed:
        form.form_errors = [still_named()]
    except (NotAnswered, WouldBeKnown) as why:
        form.refuse(why)
    else:
        return True
    return False


def _kept(form: AnswerForm, quote_id: UUID) -> bool:
    try:
        quoting.answer(
            db(), quote_id, Answer(form.said.data), channel=Channel(form.how.data), by=actor(),
            now=now(), own_words=str(form.words.data or ""),
        )  # fmt: skip
    except NotTheirs:
        form.form_errors = [_("They have said meanwhile that we may not quote them.")]
    except quoting.NothingPut:
        form.words.errors = [_("Write their words down as they said them.")]
    except quoting.TooLong:
        form.words.errors = [too_long()]
    else:
        return True
    return False


def too_long() -> str:
    """What is said of a wording that is too long."""
    return _(
        "That is too long. A quote has at most %(longest)d letters. Your words are still here.",
        longest=quoting.LONGEST,
    )


def still_named() -> str:
    """What is said of words that stay as they are and in which somebody is named."""
    return _(
        "There is still a name in it, or what reads like one. Let it stand if it is none; if it is "
        "one, take this quote away and propose another wording."
    )


def _answer_form(quote_id: UUID, *, posted: bool = False) -> AnswerForm:
    given: dict[str, Any] = {} if posted else {"formdata": None}
    return AnswerForm(prefix=f"answer-{quote_id.hex}", **given)


def _page(interview_id: UUID, sent: Form, quote_id: UUID | None = None) -> Response:
    seen("interview", interview_id, ["sentences", "quotes"])
    found = quotes.of_account(db(), interview_id, now())
    sentences = quotes.to_choose_from(db(), interview_id, now())
    propose = sent if isinstance(sent, ProposeForm) else ProposeForm(formdata=None)
    if not propose.page.data:
        propose.page.data = new_id().hex
    how = _how_it_would_leave(interview_id, propose)
    return page(
        "quotes.html",
        interview_id=interview_id,
        who=told_by(db(), interview_id),
        case_id=case_of(db(), interview_id),
        tongue=guide_of(db(), interview_id).language,
        why_not=_why_not(interview_id),
        sentences=sentences,
        known_as=_known_as(interview_id) if sentences else {},
        propose=propose,
        how=how,
        sent=sent,
        quotes=[
            (
                each,
                sent
                if quote_id == each.id and isinstance(sent, AnswerForm)
                else _answer_form(each.id),
                sent
                if quote_id == each.id and isinstance(sent, LookForm)
                else LookForm(
                    formdata=None, prefix=f"look-{each.id.hex}", version=str(each.version)
                ),
                shown(each.words, quoting.as_it_stands(db(), each.id))
                if each.to_look_at and each.stands
                else None,
            )
            for each in found
        ],
        longest=quoting.LONGEST,
        waits=quotes.waits_for(db(), interview_id, now()),
        represented=authority.represented_by(db(), interview_id, now()) is not None,
        asking=request.method == "POST" and sent is propose,
    )


def _how_it_would_leave(interview_id: UUID, form: ProposeForm) -> Mapping[str, object] | None:
    """The wording that was typed as it would leave; none before there is one."""
    try:
        found = quoting.as_it_would_leave(db(), interview_id, str(form.words.data or ""))
    except (quoting.NothingPut, quoting.TooLong):
        return None
    form.seen.data = found.text
    there = quotes.quotable(db(), interview_id)
    ticked = " ".join(there[each] for each in _ticked(form) if each in there)
    words = quoting.short(str(form.words.data))
    return {
        **shown(words, found),
        "ours": quoting.not_theirs(words, ticked) if ticked else (),
        "shortened": ticked and " ".join(ticked.split()) != words,
    }


def _known_as(interview_id: UUID) -> dict[UUID, object]:
    """How each sentence is known that is not in their own words."""
    return {
        sentence.id: ABOVE[piece.manner]
        for told in account_of(db(), interview_id).answers
        for piece in told.pieces
        if not is_theirs(piece.manner)
        for sentence in piece.sentences
    }


def _why_not(interview_id: UUID) -> str:
    """Why nobody may ask them about a quote now; empty where somebody may."""
    if quotes.may_ask(db(), interview_id, now()):
        return ""
    decided = standing(db(), interview_id, now()).get(Purpose.QUOTE)
    if decided is None:
        return _("They have not been asked yet whether we may quote them.")
    if not decided.yes:
        return _("They have said that we may not quote them.")
    if as_agreed(db(), interview_id, now()).stage is not Stage.SENT:
        return _("Their account is not finished yet.")
    return _("They have not yet said that the account is right. Read it back to them first.")


def _back(interview_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("quotes.account", interview_id=interview_id))
