"""After sending: the receipt, and what can be decided only now."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from family_voice.consent.statements import LATER, Purpose
from family_voice.interviews import about, record
from family_voice.interviews.about import HearBack
from family_voice.interviews.state import Stage, State
from family_voice.web.family import wording
from family_voice.web.family.forms import HearBackForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.places import WEB, go, go_on, guide_now, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render


@blueprint.get("/sent")
def sent() -> ResponseReturnValue:
    """The receipt. It plays nothing back: other people may use this telephone."""
    state = state_now()
    if state.stage is not Stage.SENT:
        return go_on(state, guide_now())
    return render(
        "family/easy_sent.html" if guide_now().easy_read else "family/sent.html",
        sent_at=state.sent_at,
        to_decide=state.heard and not _any_later(state) and this_visit().just_sent,
        decided=_any_later(state),
        has_words=state.heard,
    )


@blueprint.route("/last-questions", methods=["GET", "POST"])
def last_questions() -> ResponseReturnValue:
    """Quotes, counting, contact, and how to hear what happened. Left open means no."""
    form, right = posted(HearBackForm)
    state = held() if right else state_now()
    if state.stage is not Stage.SENT:
        return go_on(state, guide_now())
    locked = None if this_visit().just_sent else unlock()
    if locked is not None:
        return locked
    if right:
        keep_decisions(form, state, LATER)
        return go("sent")
    easy = guide_now().easy_read
    return render(
        "family/easy_last_questions.html" if easy else "family/last_questions.html",
        form=form,
        wordings=[wording.worded(purpose, state.language) for purpose in LATER],
    )


def keep_decisions(
    form: HearBackForm, state: State, purposes: tuple[Purpose, ...]
) -> list[Purpose]:
    """Write down each decision that was made and is new, and how they would like to hear.

    Returns:
        What they had said yes to until now, and no more.
    """
    interview_id = this_visit().interview_id
    noes: list[Purpose] = []
    for purpose in purposes:
        said = form[purpose.value].data
        if said is None or state.decisions.get(purpose.value) is said:
            continue
        if state.decisions.get(purpose.value) and purpose is not Purpose.TALK:
            noes.append(purpose)
        state = record.decide(db(), interview_id, purpose, said, channel=WEB, now=now()).state
        if not state.speaking_allowed:
            return noes
    if form.hear_back.data:
        about.choose_hear_back(db(), interview_id, HearBack(form.hear_back.data))
    return noes


def _any_later(state: State) -> bool:
    return any(purpose.value in state.decisions for purpose in LATER)
