"""Before sending: check what was written, keep sentences from some, choose a return word; stop."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from family_voice.cases import carrying_on
from family_voice.interviews import doors, record
from family_voice.interviews.events import Finished, ReadBack
from family_voice.interviews.state import Stage, State
from family_voice.language.texts import gettext as _
from family_voice.messages.numbers import national
from family_voice.security.tokens import RETURN_WORD_SHORTEST
from family_voice.web.family import once, seen, wording
from family_voice.web.family import visit as visits
from family_voice.web.family.forms import CheckForm, ChooseWordForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.marks import keep_marks
from family_voice.web.family.places import WEB, go, go_on, guide_now, happen, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now, settings
from family_voice.web.shared.pages import render

_OPEN = (Stage.DECIDING, Stage.ASKING, Stage.READING_BACK)


@blueprint.route("/check-answers", methods=["GET", "POST"])
def check_answers() -> ResponseReturnValue:
    """What this sitting wrote, each answer to be changed, each sentence to be kept from workers."""
    form, right = posted(CheckForm)
    state = held() if right else state_now()
    if not state.speaking_allowed or state.stage not in _OPEN:
        return go_on(state, guide_now())
    locked = unlock() if "all" in request.args else None
    if locked is not None:
        return locked
    if right:
        keep_marks(form)
        return go("question_here") if form.go.data == "more" else go("return_word")
    visit, guide = this_visit(), guide_now()
    account = record.account(db(), visit.interview_id)
    shown = list(wording.answers_shown(state, guide, account))
    return render(
        "family/check_answers.html",
        form=form,
        answers=[answer for answer in shown if not answer.empty],
        unanswered=[answer for answer in shown if answer.empty],
        origin=wording.origin,
        language_of=guide.language,
        left=len(state.left(guide)),
        has_word=doors.has_return_word(db(), visit.interview_id),
    )


@blueprint.route("/return-word", methods=["GET", "POST"])
def return_word() -> ResponseReturnValue:
    """Choose the word that opens what was said, and send."""
    form, right = posted(ChooseWordForm)
    state = held() if right else state_now()
    if right and once.pressed_again(str(form.unsent.data or ""), state, now()):
        visits.sent(now())
        return go("sent")
    if not state.speaking_allowed or state.stage not in _OPEN:
        return go_on(state, guide_now())
    may_choose = _may_choose(state)
    pressed = form.go.data
    if right and may_choose and pressed != "without":
        right = _choose(form)
    if right:
        _send(state)
        return go("sent")
    return render(
        "family/easy_return_word.html" if guide_now().easy_read else "family/return_word.html",
        form=form,
        letters=RETURN_WORD_SHORTEST,
        unsent=once.sign_sending_page(),
        may_choose=may_choose,
        heard=bool(seen.theirs(state.fragments)),
        has_word=doors.has_return_word(db(), this_visit().interview_id),
    )


def _may_choose(state: State) -> bool:
    """Only whoever may see all that was told may choose the word that opens it. See DESIGN 5.

    What was seen on a visit does not count: this word does not open it.
    """
    visit, told = this_visit(), seen.theirs(state.fragments)
    return (
        bool(told) and not doors.has_return_word(db(), visit.interview_id) and visit.sees_all(told)
    )


def _choose(form: ChooseWordForm) -> bool:
    try:
        doors.choose_return_word(db(), this_visit().interview_id, str(form.word.data or ""))
    except doors.WordTooShort:
        form.word.errors = [
            _(
                "Choose a word with at least %(letters)d letters.",
                letters=RETURN_WORD_SHORTEST,
            )
        ]
        return False
    return True


def _send(state: State) -> None:
    all_seen = this_visit().sees_all(state.fragments) and not seen.held_back(state.fragments)
    if state.heard and all_seen:
        happen(ReadBack(WEB, right=True))
    happen(Finished(WEB))
    visits.sent(now())


@blueprint.route("/stop", methods=["GET", "POST"])
def stop() -> ResponseReturnValue:
    """How to carry on another day, a link by email, and a return word now if they like."""
    form, right = posted(ChooseWordForm)
    state = held() if right else state_now()
    may_choose = state.speaking_allowed and state.stage in _OPEN and _may_choose(state)
    interview_id, by_email = this_visit().interview_id, right and form.go.data == "email"
    emailed = by_email and carrying_on.send_link(db(), interview_id, settings(), now())
    chosen = right and may_choose and not by_email and _choose(form)
    open_still = state.speaking_allowed and state.stage in _OPEN
    return render(
        "family/stop.html",
        form=form,
        may_choose=may_choose and not chosen,
        chosen=chosen,
        has_word=doors.has_return_word(db(), interview_id),
        may_email=not emailed and carrying_on.may_be_sent(db(), interview_id, settings(), now()),
        emailed=emailed,
        text_number=(
            national(settings().sms_number) if doors.has_code_word(db(), interview_id) else ""
        ),
        left=len(state.left(guide_now())) if open_still else 0,
        sent=state.stage is Stage.SENT,
        heard=bool(seen.theirs(state.fragments)),
    )
