"""Where families meet a sentence, in words for its reviewer, and what its values stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from family_voice.language.texts import lazy
from family_voice.language.wordings import Wording, values
from family_voice.settings import asset_folder

_TITLE: Final = re.compile(r"{% block title %}.*?_\(\s*([\"'])(.+?)\1", re.S)

#: What is no page with a title of its own.
NAMES: Final[Mapping[str, object]] = {
    "guide/parent_carer": lazy("The questions for parents and carers"),
    "guide/young_person": lazy("The questions for young people"),
    "guide/child": lazy("The questions in Easy Read"),
    "guide/advocate": lazy("The questions for somebody who speaks for a person"),
    "statement": lazy("What families are asked to agree to"),
    "commands": lazy("Words that do something when they are the whole text"),
    "templates/errors/error.html": lazy("When something went wrong"),
    "templates/errors/unsaved.html": lazy("When words could not be kept"),
    "templates/family/parts.html": lazy("What several pages for families share"),
    "templates/family/page.html": lazy("The frame of the pages for families"),
    "templates/layout/family.html": lazy("The top of every page for families"),
    "templates/layout/mark.html": lazy("Our name at the top"),
    "templates/layout/page.html": lazy("The foot of every page"),
    "templates/shared/forms.html": lazy("Questions and buttons everywhere"),
    "templates/shared/pieces.html": lazy("Small pieces of many pages"),
    "templates/staff/letter.html": lazy("The letter that invites"),
    "family_voice/messages/wording.py": lazy("Text messages"),
    "family_voice/messages/emailing.py": lazy("Emails"),
    "family_voice/operations/receipts.py": lazy("The receipt for what was taken back"),
    "family_voice/sms/hints.py": lazy("What can be texted, in text messages"),
    "family_voice/web/family/checking.py": lazy("Checking what you told us"),
    "family_voice/web/family/forms.py": lazy("Questions, choices and what to put right"),
    "family_voice/web/family/gate.py": lazy("When a visit is over"),
    "family_voice/web/family/permission.py": lazy("Asking for permission"),
    "family_voice/web/family/questions.py": lazy("Around the questions"),
    "family_voice/web/family/wording.py": lazy("Names of parts and people"),
    "family_voice/web/shared/errors.py": lazy("What to do when something went wrong"),
    "family_voice/web/shared/fields.py": lazy("What to put right in a box"),
    "family_voice/web/shared/forms.py": lazy("What to do when a page was open for long"),
    "family_voice/web/shared/phone.py": lazy("What to put right in a telephone number"),
}
#: What the program puts in, with an example. Anything else is "something the program puts in".
VALUES: Final[Mapping[str, object]] = {
    "address": lazy("the address of a page, such as voice.council.gov.uk/code"),
    "area": lazy("the area, such as Westmorland"),
    "day": lazy("a date, such as 4 March 2026"),
    "emergency_phone": lazy("a telephone number to ring at once"),
    "languages": lazy("names of languages"),
    "length": lazy("how many letters there are"),
    "link": lazy("the address of somebody's own page"),
    "longest": lazy("how many letters there is room for"),
    "name": lazy("somebody's name"),
    "num": lazy("a number, such as 3"),
    "number": lazy("a number, such as 3 or a telephone number"),
    "phone": lazy("the team's telephone number"),
    "question": lazy("one of the questions"),
    "roles": lazy("who reads it, such as teachers and nurses"),
    "statement": lazy("what somebody is asked to agree to"),
    "team": lazy("the name of the team"),
    "time": lazy("a time of day, such as 15:05"),
    "who": lazy("somebody's name"),
}


@dataclass(frozen=True)
class Spot:
    """A place with wording, and how much of it is approved."""

    place: str
    name: str
    done: int
    total: int


@lru_cache(maxsize=512)
def name_of(place: str) -> object:
    """What a place is called: the title of its page, or a name from the list above."""
    if place in NAMES:
        return NAMES[place]
    folder, _, file = place.partition("/")
    path = asset_folder("templates") / file
    found = _TITLE.search(path.read_text(encoding="utf-8")) if folder == "templates" else None
    return found.group(2) if found else place.rpartition("/")[2].partition(".")[0].replace("_", " ")


def spots(wordings: Iterable[Wording], is_done: Callable[[Wording], bool]) -> list[Spot]:
    """Every place with its name and how far it is, in the order of the files."""
    counts: dict[str, list[bool]] = {}
    for wording in wordings:
        for place in wording.places:
            counts.setdefault(place, []).append(is_done(wording))
    return [
        Spot(place, str(name_of(place)), sum(done), len(done)) for place, done in counts.items()
    ]


def explained(wording: Wording) -> list[tuple[str, object]]:
    """The values of a wording as they are written in it, and what each stands for."""
    every = set().union(*map(values, wording.english))
    whole = " ".join(wording.english)
    return [
        (
            f"%({name})d" if f"%({name})d" in whole else
            f"%({name})s" if f"%({name})s" in whole else f"{{{name}}}",
            VALUES.get(name, lazy("something the program puts in")),
        )
        for name in sorted(every)
    ]  # fmt: skip


def numbers_of(plural: Callable[[int], int], forms: int) -> list[str]:
    """For each form of a plural some numbers that take it: `2, 3, 4, 22 …`."""
    found: list[list[str]] = [[] for _ in range(forms)]
    for number in range(201):
        found[plural(number)].append(str(number))
    return [", ".join(each[:4]) + (" …" if len(each) > 4 else "") for each in found]
