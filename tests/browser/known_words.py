"""Which words of a mirrored page are data: names, references, what families and staff wrote.

The demo's made-up world is known to the last word, so a word of ours that did not come through
gettext cannot hide among them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from family_voice.cases.caseload_examples import AREAS
from family_voice.cases.caseload_mapping import known_mappings
from family_voice.cases.gathered_file import mappings
from family_voice.consent.statements import Purpose, statement
from family_voice.demo import (
    elsewhere,
    families,
    people,
    signs,
    themes_asked,
    touches,
    who_decides,
    year,
)
from family_voice.demo import staff as demo_staff
from family_voice.demo.handout import Handout
from family_voice.frameworks.loader import available, load_framework
from family_voice.improvement.past_judgements import EXAMPLE
from family_voice.interviews.guide import guide_audiences, load_guide
from family_voice.language import texts
from family_voice.settings import Settings
from family_voice.themes.codebook import load_codebook
from tests.conftest import NOW

DATES = (
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Mon|Tue|Wed|Thu|Fri|Sat|Sun|at|and"
)


def strings_in(what: object) -> Iterator[str]:
    """Every text in a nest of dataclasses, mappings and lists."""
    if isinstance(what, str):
        yield what
    elif isinstance(what, Mapping):
        for value in what.values():
            yield from strings_in(value)
    elif is_dataclass(what) and not isinstance(what, type):
        for each in fields(what):
            yield from strings_in(getattr(what, each.name))
    elif isinstance(what, Iterable):
        for value in what:
            yield from strings_in(value)


class Known:
    """Takes known words out of a text."""

    def __init__(self, *sources: object) -> None:
        found = {" ".join(text.split()) for source in sources for text in strings_in(source)}
        ordered = sorted((text for text in found if len(text) > 2), key=len, reverse=True)
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join([*map(re.escape, ordered), DATES])})(?!\w)")

    def unknown(self, texts: Iterable[str]) -> list[str]:
        """Those texts in which a letter is left once everything known is taken out."""
        return [text for text in texts if re.search(r"[^\W\d_]", self._words.sub("", text))]


def past_table() -> list[list[str]]:
    """The cells of the table of past judgements that the demo holds."""
    return list(csv.reader(EXAMPLE.read_text(encoding="utf-8").splitlines()))


def known_words(settings: Settings, handout: Handout, seed: int, how_many: int) -> Known:
    """Everything in the demo's world that is data."""
    asked = [statement(purpose, "parent_carer", "en").question for purpose in Purpose]
    return Known(
        settings, handout, families.demo_rounds(seed, NOW.date(), how_many),
        demo_staff.PEOPLE, load_codebook(),
        [load_framework(each.id, each.version) for each in available()],
        [load_guide(audience, "en") for audience in guide_audiences()],
        known_mappings(), mappings(), asked,  # what is written as it is, in every language
        vars(people), vars(touches), vars(who_decides), vars(signs), vars(themes_asked), AREAS,
        elsewhere.TWIN, elsewhere.BROTHER, elsewhere.GODMOTHER, year.NAMES, past_table(),
        elsewhere.TWIN_SAYS, elsewhere.BROTHER_SAYS, elsewhere.SLIP_SAYS, elsewhere.TWO_SAY,
        ["English", "Urdu", "Polish", "Arabic", "Welsh", "Punjabi", "Gujarati", "Romanian"],
        [each.name for each in texts.worded()],
    )  # fmt: skip
