"""Everything families read in one language, from every room that has wording, and what is offered.

This is the highest room that keeps any. Files do not change while the program runs, so each
language's are read once; what reviewers corrected is laid over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import yaml
from sqlalchemy.orm import Session

from family_voice.consent import statements
from family_voice.interviews import guide as guides
from family_voice.language import corrections, texts
from family_voice.language.catalogue_wordings import in_catalogue, plural_form
from family_voice.language.catalogues import ENGLISH, read_file
from family_voice.language.formats import london_day
from family_voice.language.offer import approved, corrects, may_be_chosen, stands
from family_voice.language.wording_files import Texts, lists_in, put_into, texts_in
from family_voice.language.wordings import Part, Shape, Wording
from family_voice.operations.installation import is_demo
from family_voice.people.wording_reviews import Reviewed, newest, reviews, turns
from family_voice.sms import commands

#: How old what is known of approvals and readers may be.
FRESH: Final = timedelta(minutes=1)


@lru_cache(maxsize=32)
def every_wording(language: str) -> tuple[Wording, ...]:
    """Everything that has to be said in a language, as its files have it.

    Args:
        language: its code, one with a catalogue.

    Returns:
        Pages and letters, then the guides, the statements and the words of text commands.
    """
    file = texts.catalogue_file(language)
    catalogue = in_catalogue(read_file(file)) if file else []
    return (
        *catalogue,
        *(
            wording
            for part, english, own in data_files(language)
            for wording in _in_files(part, english, own)
        ),
    )


def data_files(language: str) -> list[tuple[Part, Path, Path]]:
    """Every data file with wording in English beside the language's own, which may be missing."""
    english = ENGLISH.code
    newest = [
        path for path in sorted((guides.GUIDES / english).glob("*.yaml")) if "." not in path.stem
    ]
    return [
        *((Part.GUIDE, path, guides.GUIDES / language / path.name) for path in newest),
        *(
            (part, folder / f"{english}.yaml", folder / f"{language}.yaml")
            for part, folder in (
                (Part.STATEMENT, statements.FOLDER),
                (Part.COMMANDS, commands.FOLDER),
            )
        ),
    ]


@lru_cache(maxsize=32)
def plural_of(language: str) -> Callable[[int], int]:
    """Which form of a plural a number takes in a language."""
    file = texts.catalogue_file(language)
    return plural_form(read_file(file)) if file else lambda number: int(number != 1)


def unusable(language: str, part: Part, instead: Mapping[str, Texts]) -> str:
    """Why a guide, or the words of text commands, could not be used with other texts in them.

    Args:
        language: whose files.
        part: which of them.
        instead: the texts by key.

    Returns:
        What is wrong, for the reviewer; empty if nothing is.
    """
    try:
        if part is Part.COMMANDS:
            commands.load(instead={language: instead})
        for stem in {key.partition(":")[0] for key in instead if part is Part.GUIDE}:
            path = guides.GUIDES / language / f"{stem}.yaml"
            data = corrections.corrected(part, language, read_data(path), file=stem)
            own = {key.partition(":")[2]: said for key, said in instead.items()}
            guides.checked(path, put_into(data, own))
    except (commands.BadWords, guides.GuideInvalid) as bad:
        return str(bad).partition(": ")[2]
    return ""


def _in_files(part: Part, english: Path, own: Path) -> Iterable[Wording]:
    ours, theirs = read_data(english), read_data(own) if own.is_file() else {}
    found, lists = texts_in(theirs), lists_in(ours)
    start = f"{english.stem}:" if part is Part.GUIDE else ""
    for key, words in texts_in(ours).items():
        shape = Shape.LINES if key in lists else Shape.SENTENCE
        if part is Part.COMMANDS:
            shape = Shape.WORDS
        yield Wording(part, start + key, shape, words, found.get(key, ()), (_place(part, english),))


def _place(part: Part, english: Path) -> str:
    return f"{part.value}/{english.stem}" if part is Part.GUIDE else part.value


def read_data(path: Path) -> Any:
    """A data file as it lies in its folder."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Offering:
    """Which languages families may choose, as this process last read it, and what was corrected."""

    def __init__(self, *, demo: bool = False) -> None:
        #: Held while it is read: every thread of a fresh process comes at once, and reading all
        #: the files takes half a second.
        self.reading = Lock()
        self._demo = demo
        self._read_at: datetime | None = None
        self._withheld: frozenset[str] | None = None
        self._corrections: tuple[corrections.Correction, ...] = ()

    def is_stale(self, now: datetime) -> bool:
        """Whether it has to be read."""
        return self._read_at is None or not timedelta() <= now - self._read_at < FRESH

    def read(self, session: Session, now: datetime) -> None:
        """Read what was approved and who reads what."""
        codes = [each.code for each in texts.worded() if texts.catalogue_file(each.code)]
        found = reviews(session, codes)
        reading, today = turns(session), london_day(now)
        demo = self._demo or is_demo(session)
        withheld: set[str] = set()
        for code in codes:
            counts = approved(every_wording(code), approvals(found, code))
            if not may_be_chosen(code, counts, reading, today, demo=demo):
                withheld.add(code)
        self._withheld = frozenset(withheld)
        self._corrections = tuple(_corrections(found, codes))
        self._read_at = now

    def use(self) -> None:
        """Have this process speak and offer accordingly; before it was read, only English."""
        every = frozenset(each.code for each in texts.worded() if texts.catalogue_file(each.code))
        texts.withhold(every if self._withheld is None else self._withheld)
        corrections.lay(self._corrections)


def approvals(found: Iterable[Reviewed], language: str) -> Mapping[tuple[Part, str], Any]:
    """The approval that counts of each wording."""
    return {key: each.approval for key, each in newest(found, language).items()}


def _corrections(
    found: Iterable[Reviewed], codes: Iterable[str]
) -> Iterable[corrections.Correction]:
    """What is laid over the files. Statements keep every wording they had: it is evidence."""
    found = list(found)
    for code in codes:
        wordings = {(each.part, each.key): each for each in every_wording(code)}
        last = newest(found, code)
        for each in found:
            approval = each.approval
            wording = wordings.get((approval.part, approval.key))
            if each.language != code or wording is None or not stands(approval, wording):
                continue
            counts = last[approval.part, approval.key] is each
            if (counts and corrects(approval, wording)) or approval.part is Part.STATEMENT:
                words: Texts = approval.texts or wording.own
                yield corrections.Correction(code, approval.part, approval.key, words, each.at)
