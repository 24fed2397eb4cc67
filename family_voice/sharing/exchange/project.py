"""A project of coded texts as it travels between programs. Pure.

It holds what REFI-QDA 1.0 can say about texts: coders, codes in levels, variables, cases, sources
with their passages, and notes. Offsets count Unicode code points of the source's own text; the end
is exclusive. What the standard knows besides (pictures, sound, links, drawings) is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

#: What the English of somebody's words begins with: the standard has one place for what is said
#: of a text or a passage.
IN_ENGLISH: Final = "In English: "
#: Everything of ours is named under this: the same thing has the same GUID in every export.
OURS: Final = uuid5(NAMESPACE_URL, "https://family-voice.example/exchange")


def guid(kind: str, *parts: object) -> UUID:
    """The name of one thing of ours in other programs, the same in every export."""
    return uuid5(OURS, ":".join([kind, *map(str, parts)]))


@dataclass(frozen=True)
class Coder:
    """Somebody who put codes on, or wrote a note."""

    id: UUID
    name: str


@dataclass(frozen=True)
class CodeEntry:
    """A code, or a folder of codes, which is not codable; names are unique in a project."""

    id: UUID
    name: str
    description: str = ""
    codable: bool = True
    colour: str = ""
    parts: tuple[CodeEntry, ...] = ()

    def every(self) -> Iterator[CodeEntry]:
        """This one and all below it, from the top."""
        yield self
        for part in self.parts:
            yield from part.every()


@dataclass(frozen=True)
class Variable:
    """Something that is said of cases or of sources. `kind` is the standard's own word."""

    id: UUID
    name: str
    kind: str = "Text"
    description: str = ""


@dataclass(frozen=True)
class Value:
    """What one variable is for a case or a source; kept as the standard writes it."""

    variable: UUID
    value: str


@dataclass(frozen=True)
class Put:
    """A code put on a passage: by whom, when (as it stands in the file), with which notes."""

    id: UUID
    code: UUID
    by: UUID | None = None
    at: str = ""
    notes: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Passage:
    """A stretch of a source's text. `words` are kept beside it where the file has them."""

    id: UUID
    start: int
    end: int
    words: str = ""
    description: str = ""
    by: UUID | None = None
    at: str = ""
    codings: tuple[Put, ...] = ()
    notes: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Source:
    """One text."""

    id: UUID
    name: str
    text: str
    description: str = ""
    by: UUID | None = None
    at: str = ""
    passages: tuple[Passage, ...] = ()
    codings: tuple[Put, ...] = ()
    notes: tuple[UUID, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Note:
    """A memo."""

    id: UUID
    name: str
    text: str
    by: UUID | None = None
    at: str = ""


@dataclass(frozen=True)
class CaseEntry:
    """What sources belong to one case, and what is said of it."""

    id: UUID
    name: str
    description: str = ""
    codes: tuple[UUID, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[UUID, ...] = ()
    passages: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Project:
    """Everything of one file. `left_out` counts what other programs can say and we do not keep."""

    name: str
    origin: str = ""
    description: str = ""
    at: str = ""
    coders: tuple[Coder, ...] = ()
    codes: tuple[CodeEntry, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[CaseEntry, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict, compare=False)

    @cached_property
    def every_code(self) -> dict[UUID, CodeEntry]:
        """Every code and folder by its GUID."""
        return {each.id: each for top in self.codes for each in top.every()}

    @property
    def codings(self) -> int:
        """How often a code was put on something."""
        return sum(
            len(source.codings) + sum(len(passage.codings) for passage in source.passages)
            for source in self.sources
        )
