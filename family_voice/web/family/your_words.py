"""Behind the return word: what stands, to put right, to say is right, to add to, to take back."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from family_voice.cases.permission import family_may_read
from family_voice.consent.statements import FIRST, LATER, Purpose
from family_voice.interviews import about, doors, record
from family_voice.interviews.events import ReadBack
from family_voice.interviews.state import Stage, State
from family_voice.web.family import seen, taking_back, wording
from family_voice.web.family.afterwards import keep_decisions
from family_voice.web.family.forms import CheckForm, ChoicesForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.marks import keep_marks
from family_voice.web.family.places import WEB, go, go_on, guide_now, happen, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render


@blueprint.route("/your-words", methods=["GET", "POST"])
def your_words() -> ResponseReturnValue:
    """What stands for them, however it came to us."""
    form, right = posted(CheckForm)
    state = held() if right else state_now()
    visit = this_visit()
    if not family_may_read(db(), visit.interview_id, now()):
        return go_on(state, guide_now())
    locked = unlock()
    if locked is not None:
        return locked
    if right:
        keep_marks(form)
        # What they did not see they cannot say is right.
        if form.go.data == "right" and state.heard and not seen.held_back(state.fragments):
            happen(ReadBack(WEB, right=True))
        return go("your_words", saved=1)
    guide = guide_now()
    account = record.account(db(), visit.interview_id)
    shown = list(wording.answers_shown(state, guide, account, everything=True))
    return render(
        "family/your_words.html",
        form=form,
        answers=[answer for answer in shown if not answer.empty],
        unanswered=[answer for answer in shown if answer.empty],
        origin=wording.origin,
        language_of=guide.language,
        right_since=state.read_back_at,
        sent=state.stage is Stage.SENT,
        may_say_right=not seen.held_back(state.fragments),
        saved="saved" in request.args,
        kept="kept" in request.args,
        wait=taking_back.waits(),
    )


@blueprint.route("/your-choices", methods=["GET", "POST"])
def your_choices() -> ResponseReturnValue:
    """Every decision as it stands. A change holds from the moment it is saved."""
    form, right = posted(ChoicesForm)
    state = held() if right else state_now()
    if state.stage in (Stage.INVITED, Stage.DECLINED, Stage.WITHDRAWN):
        return go_on(state, guide_now())
    locked = unlock() if _guarded(state) else None
    if locked is not None:
        return locked
    purposes = _purposes(state)
    if right:
        found = taking_back.let_go(keep_decisions(form, state, purposes))
        if not state_now().speaking_allowed:
            return go("no_thanks")
        if found is not None:
            return taking_back.show_receipt(found)
        return go("your_choices", saved=1)
    if not form.is_submitted():
        for purpose in purposes:
            form[purpose.value].data = state.decisions.get(purpose.value)
        how = about.hear_back(db(), this_visit().interview_id)
        form.hear_back.data = how.value if how else None
    return render(
        "family/your_choices.html",
        form=form,
        wordings=[wording.worded(purpose, state.language) for purpose in purposes],
        saved="saved" in request.args,
    )


def _purposes(state: State) -> tuple[Purpose, ...]:
    """What can be decided now: the later ones only when there are words to judge by."""
    return FIRST + LATER if state.heard else FIRST


def _guarded(state: State) -> bool:
    return bool(state.fragments) or doors.has_return_word(db(), this_visit().interview_id)
