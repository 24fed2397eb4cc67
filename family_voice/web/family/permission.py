"""The two decisions before the first question; and who they are, where nobody invited them."""

from __future__ import annotations

from typing import Final

from flask.typing import ResponseReturnValue

from family_voice.consent.statements import FIRST, Purpose
from family_voice.interviews import about, record
from family_voice.interviews.events import Opened
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Speaker
from family_voice.language.texts import gettext as _
from family_voice.people.facts import (
    ADVOCATE,
    CHILD_WITH_HELPER,
    YOUNG_PERSON,
    is_own_voice,
)
from family_voice.web.family import helping, taking_back, wording
from family_voice.web.family.forms import AboutForm, DecisionForm, FamilyForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.places import WEB, go, go_on, guide_now, happen, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render

#: The button that appears when they went on without choosing.
WITHOUT: Final = "without"
#: How somebody who came uninvited is called, by whose guide they chose.
_WHO: Final = {
    YOUNG_PERSON: "young person",
    CHILD_WITH_HELPER: "young person",
    ADVOCATE: "advocate",
}


@blueprint.route("/permission", methods=["GET", "POST"])
def permission() -> ResponseReturnValue:
    """One decision a page, nothing chosen for them. Asked for once more if left open; then no."""
    form, right = posted(DecisionForm)
    state = held() if right else state_now()
    if state.stage is Stage.INVITED and not right:
        return go("welcome")
    wanted = _purpose(str(form.purpose.data or "")) if form.is_submitted() else None
    purpose = wanted or _first_open(state)
    if purpose is None:
        return go_on(state, guide_now())
    locked = unlock() if _settled(state, purpose) else None
    if locked is not None:
        return locked
    open_now = False
    if right and form.answer.data is not None:
        return _decided(state, purpose, bool(form.answer.data))
    if right:
        if form.go.data == WITHOUT:
            return go("no_thanks") if purpose is Purpose.TALK else _to_questions()
        open_now = True
        form.answer.errors = [
            _("Please choose yes or no. If you would rather not choose, we take it as a no.")
        ]
    form.purpose.data = purpose.value
    return render(
        "family/easy_permission.html" if guide_now().easy_read else "family/permission.html",
        form=form,
        wording=wording.worded(purpose, state.language),
        without=WITHOUT if open_now else "",
        step=FIRST.index(purpose) + 1,
        steps=len(FIRST),
    )


def _purpose(value: str) -> Purpose | None:
    return Purpose(value) if value in FIRST else None


def _first_open(state: State) -> Purpose | None:
    if state.stage is Stage.DECLINED:
        return Purpose.TALK
    if state.first_undecided is None or not state.speaking_allowed:
        return Purpose.TALK if not state.speaking_allowed else None
    return Purpose(state.first_undecided)


def _settled(state: State, purpose: Purpose) -> bool:
    """Decided already, with words standing that this sitting did not write: not for anybody."""
    # By the log: a yes that counts no more was given by somebody all the same.
    decided = purpose.value in record.state_of(db(), this_visit().interview_id).decisions
    return decided and not this_visit().sees_all(state.fragments)


def _decided(state: State, purpose: Purpose, yes: bool) -> ResponseReturnValue:
    if state.decisions.get(purpose.value) is not yes:
        if state.stage is Stage.INVITED:
            happen(Opened(WEB))
        outcome = record.decide(
            db(), this_visit().interview_id, purpose, yes, channel=WEB, now=now()
        )
        if state.decisions.get(purpose.value) and purpose is not Purpose.TALK:
            taking_back.let_go([purpose])
        state = outcome.state
    if purpose is Purpose.TALK and not yes:
        return go("no_thanks")
    if state_now().first_undecided is not None:
        return go("permission")
    return _to_questions()


def _to_questions() -> ResponseReturnValue:
    interview_id = this_visit().interview_id
    if about.came_uninvited(db(), interview_id) and not about.introduced(db(), interview_id):
        return go("about_you")
    return _past_about_you()


def _past_about_you() -> ResponseReturnValue:
    return go("who_helps" if helping.ask_first(guide_now(), state_now()) else "question_here")


@blueprint.route("/about-you", methods=["GET", "POST"])
def about_you() -> ResponseReturnValue:
    """Who they are, where nobody invited them. Asked only after they agreed to talk."""
    interview_id = this_visit().interview_id
    form, right = posted(AboutForm)
    state = held() if right else state_now()
    if not state.speaking_allowed or not about.came_uninvited(db(), interview_id):
        return go_on(state, guide_now())
    if about.introduced(db(), interview_id):
        return go("question_here")
    young = wording.is_young()
    if right:
        about.introduce(db(), interview_id, _speaker(form, guide_now().audience))
        return _past_about_you()
    if young:
        form.born.label.text = _("Your date of birth")
        form.school.label.text = _("Your school or college")
    return render("family/about_you.html", form=form, young=young)


def _speaker(form: AboutForm, audience: str) -> Speaker:
    young = is_own_voice(audience)
    first, last = form.first_name.data or "", form.last_name.data or ""
    return Speaker(
        first_name=first,
        last_name=last,
        relationship=_WHO.get(audience, "parent or carer"),
        phone=form.phone.data or "",
        child_first_name=first if young else form.child_first_name.data or "",
        child_last_name=last if young else form.child_last_name.data or "",
        child_date_of_birth=form.born.data.isoformat() if form.born.data else "",
        school=form.school.data or "",
        postcode=form.postcode.data or "",
    )


@blueprint.get("/no-thanks")
def no_thanks() -> ResponseReturnValue:
    """They said no, or took it back. Kind, short and final, with a way to change their mind."""
    state = state_now()
    withdrawn = state.stage is Stage.WITHDRAWN
    return render(
        "family/no_thanks.html", form=FamilyForm(), withdrawn=withdrawn, heard=state.heard
    )
