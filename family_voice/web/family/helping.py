"""Who helps somebody to tell us: asked before the first question, and kept with what they say.

Whoever answers in pictures has a helper as a rule, and may have another one on another day, so they
are asked at every sitting. Whoever speaks for somebody says whether the words are theirs or only
put into another language. A parent who writes for themselves is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask.typing import ResponseReturnValue

from family_voice.interviews import voices
from family_voice.interviews.guide import Guide
from family_voice.interviews.manners import Helper
from family_voice.interviews.state import State
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.facts import ADVOCATE, is_own_voice
from family_voice.web.family.forms import HelperForm, posted
from family_voice.web.family.gate import blueprint
from family_voice.web.family.places import go, go_on, guide_now, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db
from family_voice.web.shared.fields import Option
from family_voice.web.shared.pages import render


@dataclass(frozen=True)
class Helping:
    """One answer: who it is, in the words of the one who is asked."""

    helper: Helper
    words: object


_WITH_ME: Final = (
    Helping(Helper.NOBODY, lazy("No. I do it by myself")),
    Helping(Helper.PARENT, lazy("My mum, my dad or a carer")),
    Helping(Helper.SCHOOL, lazy("Someone from my school or college")),
    Helping(Helper.INTERPRETER, lazy("Someone who signs or speaks my language")),
    Helping(Helper.ADVOCATE, lazy("Someone who speaks up for me")),
    Helping(Helper.OTHER, lazy("Someone else")),
)
_FOR_THEM: Final = (
    Helping(Helper.ADVOCATE, lazy("I speak up for them, in my own words")),
    Helping(Helper.INTERPRETER, lazy("I say what they say or sign, in another language")),
)


def is_asked(guide: Guide) -> bool:
    """Whether those who answer this guide are asked who helps."""
    return is_own_voice(guide.audience) or guide.audience == ADVOCATE


def ask_first(guide: Guide, state: State, *, every_time: bool = False) -> bool:
    """Whether to ask now, before they go on. `every_time`: whether they said so before or not."""
    if not is_asked(guide) or not state.left(guide):
        return False
    return every_time or voices.who_helps(db(), this_visit().interview_id) is None


@blueprint.route("/who-helps", methods=["GET", "POST"])
def who_helps() -> ResponseReturnValue:
    """Who helps them today. They may leave it open."""
    form, right = posted(HelperForm)
    state, guide = held() if right else state_now(), guide_now()
    if not state.speaking_allowed or not is_asked(guide):
        return go_on(state, guide)
    answers = _FOR_THEM if guide.audience == ADVOCATE else _WITH_ME
    form.helper.label.text = (
        _("How do you speak for them?")
        if guide.audience == ADVOCATE
        else _("Is someone helping you today?")
    )
    form.helper.options = [Option(each.helper.value, each.words) for each in answers]
    if right:
        if form.helper.data in {each.helper.value for each in answers}:
            voices.say_who_helped(db(), this_visit().interview_id, Helper(form.helper.data))
        return go("question_here")
    return render(
        "family/easy_who_helps.html" if guide.easy_read else "family/who_helps.html",
        form=form,
        answers=answers,
        skip=guide.skip,
        language_of=guide.language,
    )
