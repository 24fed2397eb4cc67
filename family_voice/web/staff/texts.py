"""Text conversations on the lead's desk: the inbox, one thread, and what a person does in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import looking
from family_voice.cases.looking import put_where
from family_voice.cases.permission import NotForUs
from family_voice.interviews.doors import NoSuchDoor
from family_voice.interviews.errors import EngineError, UnknownFragment
from family_voice.interviews.events import PERMISSION
from family_voice.interviews.guide import Guide
from family_voice.interviews.record import guide_of
from family_voice.language.texts import _
from family_voice.messages import attention, settling
from family_voice.messages.attention import Need
from family_voice.messages.models import SendState
from family_voice.messages.templates import READY
from family_voice.sms import by_hand, inbox, strangers
from family_voice.sms.inbox import Conversation
from family_voice.sms.lines import MUTES
from family_voice.sms.shown_texts import Shown
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, changed, current_staff, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import closed, language_name, page
from family_voice.web.staff.looking import PlaceForm, place_form, to_their_decision
from family_voice.web.staff.texts_wording import BY_OTHER_BUTTONS, HIDDEN, LABELS, delivery

blueprint = Blueprint("texts", __name__, url_prefix="/staff/texts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)


@dataclass(frozen=True)
class Bubble:
    """One text as `templates/shared/text_bubbles.html` draws it."""

    ours: bool
    body: str
    at: datetime
    mark: str
    doing: str
    parts: int
    empty: str
    language: str
    anchor: str
    name: str
    quiet: bool
    shown: Shown
    question: str
    new_question: bool


@blueprint.get("")
def every() -> Response:
    """Every conversation by text; what waits for a person first."""
    return _inbox()


@blueprint.get("/<uuid:interview_id>")
def thread(interview_id: UUID) -> Response:
    """One conversation: its texts, how far each got, and what a person can do."""
    return _thread(interview_id)


@blueprint.post("/<uuid:interview_id>/take-over")
def take_over(interview_id: UUID) -> ResponseReturnValue:
    """A person answers from now on."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    if _conversation(interview_id).stopped:
        form.form_errors.append(_("They stopped texts, so nobody can answer by text. Ring them."))
        return _thread(interview_id, form)
    try:
        by_hand.take_over(db(), interview_id, actor(), now())
    except EngineError:
        form.form_errors.append(_("They have taken everything back, so nobody texts them."))
        return _thread(interview_id, form)
    flash(_("You answer now. The program asks nothing until you give it back."))
    return redirect(url_for("texts.thread", interview_id=interview_id, _anchor="by-hand"))


@blueprint.post("/<uuid:interview_id>/give-back")
def give_back(interview_id: UUID) -> ResponseReturnValue:
    """The program carries on."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    try:
        by_hand.give_back(db(), settings(), interview_id, actor(), now())
    except EngineError:
        form.form_errors.append(_("They have taken everything back, so nobody texts them."))
        return _thread(interview_id, form)
    flash(_("The program carries on where the conversation stands."))
    return redirect(url_for("texts.thread", interview_id=interview_id))


@blueprint.post("/<uuid:interview_id>/send")
def send(interview_id: UUID) -> ResponseReturnValue:
    """Send a ready sentence, in the very words that were shown."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    wanted = next((each for each in READY if each == request.form.get("template")), None)
    occasion = id_in(request.form.get("occasion", ""))
    try:
        if wanted is None or occasion is None:
            raise by_hand.NotByHand
        by_hand.send(
            db(), settings(), interview_id, wanted, request.form.get("mark", ""),
            occasion, actor(), now(),
        )  # fmt: skip
    except by_hand.NotByHand:
        form.form_errors.append(
            _("Nothing was sent. Take the conversation over first; after STOP nobody can text.")
        )
    except by_hand.WordsChanged:
        form.form_errors.append(
            _("Nothing was sent, because the words have changed. Read them again, then press.")
        )
    else:
        flash(_("Your text is on its way. You see below how far it got."))
        return redirect(url_for("texts.thread", interview_id=interview_id, _anchor="newest"))
    return _thread(interview_id, form)


@blueprint.post("/<uuid:interview_id>/needs/<uuid:need_id>")
def settle(interview_id: UUID, need_id: UUID) -> ResponseReturnValue:
    """A person has seen to something about this conversation."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    if all(each.id != need_id for each in attention.open_needs(db(), interview_id)):
        form.form_errors.append(_("Somebody has seen to this already. Look at what is left."))
        return _thread(interview_id, form)
    by_hand.see_to(db(), need_id, actor(), now())
    flash(_("Kept: you have seen to it."))
    return redirect(url_for("texts.thread", interview_id=interview_id))


@blueprint.post("/needs/<uuid:need_id>")
def settle_elsewhere(need_id: UUID) -> ResponseReturnValue:
    """The same for a number that is in no conversation."""
    form = Form()
    if not form.validate_on_submit():
        return _inbox(form)
    if not by_hand.see_to(db(), need_id, actor(), now()):
        form.form_errors.append(_("Somebody has seen to this already. Look at what is left."))
        return _inbox(form)
    flash(_("Kept: you have seen to it."))
    return redirect(url_for("texts.every"))


@blueprint.post("/<uuid:interview_id>/doubt/<uuid:message_id>")
def doubt(interview_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """A person says what became of a text that nobody could find out about."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    talk = _conversation(interview_id)
    went = {"went": True, "again": False}.get(request.form.get("it", ""))
    if all(each.line.id != message_id for each in talk.texts):
        raise Missing("text")
    if message_id not in _doubted(talk) or went is None:
        form.form_errors.append(_("This text is no longer in doubt."))
        return _thread(interview_id, form)
    settling.person_says(db(), message_id, went, current_staff().id, now())
    changed("interview", interview_id, ["text"])
    flash(_("Kept: it went.") if went else _("It goes out again."))
    return redirect(
        url_for("texts.thread", interview_id=interview_id, _anchor=f"t{message_id.hex}")
    )


@blueprint.post("/<uuid:interview_id>/code-word")
def code_word(interview_id: UUID) -> ResponseReturnValue:
    """Make a code word for somebody nobody invited, and show it this once to be told them."""
    form = Form()
    if not _pressed(interview_id, form):
        return _thread(interview_id, form)
    try:
        word = strangers.give_code_word(db(), interview_id, actor(), now())
    except NoSuchDoor:
        form.form_errors.append(_("No code word was made. Look how the conversation stands now."))
        return _thread(interview_id, form)
    return page("texts/code_word.html", interview_id=interview_id, word=word)


@blueprint.route("/<uuid:interview_id>/pieces/<uuid:piece_id>", methods=["GET", "POST"])
def place(interview_id: UUID, piece_id: UUID) -> ResponseReturnValue:
    """Say which question one text answers."""
    found = [
        each
        for each in looking.every_piece(db(), interview_id, current_staff().id, now())
        if each.piece.fragment_id == piece_id
    ]
    if not found:
        raise Missing("piece")
    form: PlaceForm = place_form(interview_id, found[0])
    if form.validate_on_submit():
        try:
            put_where(db(), interview_id, {piece_id: form.place.data}, actor(), now())
        except UnknownFragment:
            form.form_errors.append(_("They have put this right or taken it out since."))
        else:
            if form.place.data == PERMISSION:
                return to_their_decision(interview_id)
            flash(_("Kept. It stands where you put it."))
            return redirect(
                url_for("texts.thread", interview_id=interview_id, _anchor=f"p{piece_id.hex}")
            )
    seen("interview", interview_id, ["answers"])
    guide = guide_of(db(), interview_id)
    return page(
        "texts/place.html",
        interview_id=interview_id,
        each=found[0],
        form=form,
        question=_question(found[0].prompt_id, guide),
        tongue=guide.language,
    )


def _inbox(form: Form | None = None) -> Response:
    found = inbox.inbox(db(), now())
    for row in (*found.waiting, *found.going_on, *found.over):
        seen("interview", row.interview_id, ["name"])
    return page(
        "texts/inbox.html",
        form=form or Form(formdata=None),
        found=found,
        **LABELS,
    )


def _thread(interview_id: UUID, form: Form | None = None) -> Response:
    talk = _conversation(interview_id)
    seen("interview", interview_id, ["answers"] if talk.readable else ["name"])
    guide = guide_of(db(), interview_id)
    return page(
        "texts/thread.html",
        form=form or Form(formdata=None),
        talk=talk,
        texts=bubbles(talk, guide),
        by_other_buttons=BY_OTHER_BUTTONS,
        muted_why=next((each.need for each in talk.needs if each.need in MUTES), None),
        drafts=by_hand.drafts(db(), settings(), interview_id, now()),
        doubted=_doubted(talk),
        occasion=uuid4(),
        budget=settings().segment_budget,
        may_have_code_word=strangers.may_have_code_word(db(), interview_id),
        language_name=language_name,
        **LABELS,
    )


def _conversation(interview_id: UUID) -> Conversation:
    return inbox.conversation(db(), interview_id, current_staff().id, now())


def bubbles(talk: Conversation, guide: Guide) -> list[Bubble]:
    """A conversation's texts as they are drawn."""
    found, before = [], ""
    for each in talk.texts:
        found.append(_bubble(each, guide, each.prompt_id != before))
        before = each.prompt_id or before
    return found


def _bubble(each: Shown, guide: Guide, new_question: bool) -> Bubble:
    line = each.line
    mark, doing = delivery(line) if line.ours else ("", "")
    return Bubble(
        ours=line.ours,
        body=each.body,
        at=line.at,
        mark=mark,
        doing=doing,
        parts=line.parts if line.ours else 0,
        empty=str(HIDDEN[each.hidden]) if each.hidden else "",
        language=guide.language,
        anchor=f"p{each.piece.fragment_id.hex}" if each.piece else f"t{line.id.hex}",
        name=_person_name(line.template) if line.ours else "",
        quiet=line.state == "cancelled",
        shown=each,
        question=_question(each.prompt_id, guide),
        new_question=new_question,
    )


def _doubted(talk: Conversation) -> set[UUID]:
    """The texts that only a person can say anything about."""
    told = {each.message_id for each in talk.needs if each.need is Need.IN_DOUBT}
    unknown = SendState.UNKNOWN.value
    return {each.line.id for each in talk.texts if each.line.state == unknown} & told


def _person_name(template: str) -> str:
    return _("By a person") if template in READY else ""


def _question(prompt_id: str, guide: Guide) -> str:
    prompt = guide.prompts.get(prompt_id)
    return prompt.text if prompt is not None else ""


def _pressed(interview_id: UUID, form: Form) -> bool:
    """Whether a button of this conversation's page was pressed on a page that is still good."""
    _conversation(interview_id)
    return bool(form.validate_on_submit())
