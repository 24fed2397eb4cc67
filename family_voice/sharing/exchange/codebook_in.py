"""Codes of a file brought into our codebook: one change, with its reason, that can be undone.

A code that is ours already (by its GUID, else by its name) gets the file's words where the GUID
says that it is the same one; codes of that name from elsewhere are left as they are. Nothing is
taken out. What a file does not say of a code is marked as still to be written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.language.texts import _
from family_voice.sharing.exchange.codes import A_GROUP, CodeWords
from family_voice.sharing.exchange.opening import ExchangeRefused
from family_voice.sharing.exchange.project import guid
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import Add, Kind, Reword
from family_voice.themes.codebook_changing import change
from family_voice.themes.codebook_wording import (
    LONGEST_NAME,
    LONGEST_SENTENCE,
    LONGEST_SOURCE,
    SHORTEST_SENTENCE,
    SHORTEST_SOURCE,
    BadChange,
    Wording,
)
from family_voice.themes.codebooks import current

#: Where a code stands whose file has no folders.
NO_GROUP: Final = "Brought in from a file"
TO_WRITE: Final = "Still to be written:"
_DRAFT: Final = Wording(
    name="",
    definition=f"{TO_WRITE} what this code is about.",
    use_when=f"{TO_WRITE} when to use this code.",
    not_when=f"{TO_WRITE} when not to use this code.",
    examples=(f"{TO_WRITE} a first example.", f"{TO_WRITE} another example."),
    headings=("important", "working_well", "difference", "worries", "next"),
    source="A file that was brought in",
)

#: Where a name stood until the file left: such words never come in over ours.
_TAKEN_OUT: Final = re.compile(r"\[(?:child|parent|professional|name|family name|school|removed)\]")


@dataclass(frozen=True)
class BringIn:
    """Every code of a file, as one change."""

    kind: ClassVar[Kind] = Kind.ADD
    codes: tuple[CodeWords, ...]

    def apply(self, book: Codebook) -> Codebook:
        new = book
        for each in self.codes:
            new = _with(new, each)
        return replace(new, version=book.version + 1)


@dataclass(frozen=True)
class Came:
    """What would come of a file's codes: new ones, ones reworded, ones left, drafts to complete."""

    new: tuple[str, ...]
    reworded: tuple[str, ...]
    left: int
    drafts: int


def look(session: Session, codes: Sequence[CodeWords]) -> Came:
    """What bringing these codes in would do; changes nothing.

    Raises:
        ExchangeRefused: if one of them cannot be a code of ours.
    """
    before = current(session)
    after = _applied(BringIn(tuple(codes)), before)
    new = [code for code in after.codes.values() if code.id not in before.codes]
    reworded = [
        code for code in after.codes.values() if before.codes.get(code.id) not in (None, code)
    ]
    drafts = sum(_is_draft(code) for code in new)
    left = len(codes) - len(new) - len(reworded)
    return Came(tuple(c.name for c in new), tuple(c.name for c in reworded), left, drafts)


def bring_in(
    session: Session, codes: Sequence[CodeWords], reason: str, by: UUID | None, now: datetime
) -> Came:
    """Bring the codes of a file in; nothing happens where there is nothing new.

    Args:
        session: a writing session.
        codes: what the file says.
        reason: why, for the codebook's history.
        by: who; None for the operator.
        now: when.

    Raises:
        ExchangeRefused: if one of them cannot be a code of ours; nothing was changed.
        ReasonMissing: without a reason.
        MovedOn: if somebody else changes the codebook meanwhile.
    """
    came = look(session, codes)
    if came.new or came.reworded:
        change(session, BringIn(tuple(codes)), current(session).version, reason, by, now)
    return came


def _applied(made: BringIn, book: Codebook) -> Codebook:
    try:
        return made.apply(book)
    except BadChange as bad:
        raise ExchangeRefused(
            _(
                "A code in this file cannot be taken in: its name or its words are too long, or a "
                "group has the name of a code. Put that right and try again. Nothing was changed."
            )
        ) from bad


def _with(book: Codebook, words: CodeWords) -> Codebook:
    same = next((each for each in book.codes.values() if guid("code", each.id) == words.id), None)
    if same is not None:
        wording = _worded(words, Wording.of(same))
        return book if wording == Wording.of(same) else Reword(same.id, wording).apply(book)
    if any(each.name.casefold() == words.name.casefold() for each in book.codes.values()):
        return book
    groups = {each.name.casefold(): each.id for each in book.groups}
    group = words.group or NO_GROUP
    if group.casefold() in {each.name.casefold() for each in book.codes.values()}:
        group += A_GROUP
    if words.name.casefold() in groups:
        words = replace(words, name=f"{words.name} (code)")
    draft = replace(_DRAFT, name=words.name)
    return Add(_worded(words, draft), groups.get(group.casefold(), group)).apply(book)


def _worded(words: CodeWords, otherwise: Wording) -> Wording:
    """The file's words, where they are enough; else what there is."""

    def enough(said: str, instead: str, shortest: int, longest: int) -> str:
        if len(said) < shortest or _TAKEN_OUT.search(said):
            return instead
        return said if len(said) <= longest else said[: longest - 1] + "…"

    def sentence(said: str, instead: str) -> str:
        return enough(said, instead, SHORTEST_SENTENCE, LONGEST_SENTENCE)

    examples = [
        each
        for each in words.examples
        if len(each) >= SHORTEST_SENTENCE and not _TAKEN_OUT.search(each)
    ]
    wanted = tuple(dict.fromkeys([*examples, *otherwise.examples]))[:2]
    known = tuple(each for each in words.headings if each in _DRAFT.headings)
    return Wording(
        name=enough(words.name, otherwise.name, 1, LONGEST_NAME),
        definition=sentence(words.definition, otherwise.definition),
        use_when=sentence(words.use_when, otherwise.use_when),
        not_when=sentence(words.not_when, otherwise.not_when),
        examples=tuple(sentence(each, each) for each in wanted),
        headings=known or otherwise.headings,
        source=enough(words.source, otherwise.source, SHORTEST_SOURCE, LONGEST_SOURCE),
    )


def _is_draft(code: Code) -> bool:
    parts = (code.definition, code.use_when, code.not_when, *code.examples)
    return any(each.startswith(TO_WRITE) for each in parts)
