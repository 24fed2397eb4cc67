"""Who helps them to tell us, asked on the call pad where they answer in pictures or an advocate
speaks: kept with what they say, as on the family's own pages.

The page says what it was made with, so that an old tab changes only what was chosen on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import request

from family_voice.interviews import voices
from family_voice.interviews.guide import Guide
from family_voice.interviews.manners import Helper
from family_voice.language.texts import lazy
from family_voice.people.facts import ADVOCATE, CHILD_WITH_HELPER
from family_voice.web.services import db
from family_voice.web.staff.call_pad_sitting import Sitting

_WITH_THEM: Final[Mapping[Helper, object]] = {
    Helper.NOBODY: lazy("Nobody"),
    Helper.PARENT: lazy("A parent or carer"),
    Helper.SCHOOL: lazy("Somebody from school or college"),
    Helper.INTERPRETER: lazy("An interpreter"),
    Helper.ADVOCATE: lazy("An advocate"),
    Helper.OTHER: lazy("Somebody else"),
}
_FOR_THEM: Final[Mapping[Helper, object]] = {
    Helper.ADVOCATE: lazy("As an advocate, in words of their own"),
    Helper.INTERPRETER: lazy("As an interpreter, saying what they say or sign"),
}


def answers(guide: Guide) -> Mapping[Helper, object]:
    """What may be answered; nothing where this guide's people are not asked."""
    if guide.audience == CHILD_WITH_HELPER:
        return _WITH_THEM
    return _FOR_THEM if guide.audience == ADVOCATE else {}


def who_helps(here: Sitting) -> str:
    """Who helps them, as it stands; empty if nobody has said."""
    return voices.who_helps(db(), here.interview_id) or ""


def keep_posted(here: Sitting, guide: Guide) -> None:
    """Keep what was chosen on a whole page, if it was changed there."""
    chosen, known = request.form.get("helper", ""), request.form.get("helper_known", "")
    if chosen != known and chosen in answers(guide):
        voices.say_who_helped(db(), here.interview_id, Helper(chosen))
