"""What is ticked on the call pad: questions to come back to, and who else is there.

The page says which marks it was made with, so that an old tab changes only what was ticked or
unticked on it. The page's one button and the script that saves at once both come through `keep`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask import request

from family_voice.cases.sittings import (
    Presence,
    come_back_to,
    presence_now,
    say_present,
    to_come_back_to,
)
from family_voice.interviews.guide import Guide
from family_voice.language.texts import lazy
from family_voice.people.facts import YOUNG_PERSON
from family_voice.web.access import current_staff
from family_voice.web.services import db, now
from family_voice.web.staff.call_pad_forms import CHILD, INTERPRETER
from family_voice.web.staff.call_pad_sitting import (
    Sitting,
)

COME_BACK = "come:"
THERE = {
    INTERPRETER: lazy("An interpreter is there"),
    CHILD: lazy("The child is there"),
}


def standing_marks(here: Sitting) -> frozenset[str]:
    """Everything that is ticked now."""
    presence = presence_now(db(), here.interview_id, current_staff().id)
    there = {INTERPRETER: presence.interpreter, CHILD: presence.child}
    found = {name for name, on in there.items() if on}
    return frozenset(found | {COME_BACK + p for p in to_come_back_to(db(), here.interview_id)})


def keep(here: Sitting, guide: Guide, ticked: Collection[str], known: Collection[str]) -> None:
    """Keep what changed on a page between what it was made with and what it sends."""
    on, off = set(ticked) - set(known), set(known) - set(ticked)
    come_back_to(
        db(),
        here.interview_id,
        marked=_prompts(on, guide),
        cleared=_prompts(off, guide),
        by=current_staff().id,
        now=now(),
    )
    if (on | off) & set(THERE):
        before = presence_now(db(), here.interview_id, current_staff().id)
        say_present(db(), here.interview_id, _changed(before, on, off), current_staff().id, now())


def keep_posted(here: Sitting, guide: Guide) -> None:
    """Keep the marks of a whole page, if it brought any."""
    if "marks_known" in request.form:
        known = request.form["marks_known"].split(",")
        keep(here, guide, request.form.getlist("mark"), [each for each in known if each])


def may_be_there(here: Sitting) -> dict[str, object]:
    """Who else may be there: where one talks with the young person, not they themselves."""
    young = here.talk.person.facts.relationship == YOUNG_PERSON
    return {name: words for name, words in THERE.items() if not (young and name == CHILD)}


def _prompts(marks: Collection[str], guide: Guide) -> list[str]:
    names = [each.removeprefix(COME_BACK) for each in marks if each.startswith(COME_BACK)]
    return [each for each in names if each in guide.prompts]


def _changed(before: Presence, on: Collection[str], off: Collection[str]) -> Presence:
    now_there = before
    for names, there in ((on, True), (off, False)):
        if INTERPRETER in names:
            now_there = replace(now_there, interpreter=there)
        if CHILD in names:
            now_there = replace(now_there, child=there)
    return now_there
