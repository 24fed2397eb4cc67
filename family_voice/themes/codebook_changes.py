"""What may be done to a codebook: each change is a value that makes one codebook out of another.

No code ever leaves (see `codebook`), and no two codes or groups share an id or a name: other
programs that read our codebook know a code by its name alone. Every change makes the next version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Protocol

from family_voice.themes.codebook import Code, Codebook, CodeGroup
from family_voice.themes.codebook_wording import (
    BadChange,
    Problem,
    Wording,
    check,
    check_name,
)

LONGEST_ID = 36


class Kind(StrEnum):
    """What sort of change made a version."""

    STARTER = "starter"
    ADD = "add"
    RENAME = "rename"
    REWORD = "reword"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    RETIRE = "retire"
    BRING_BACK = "bring_back"
    NAME_GROUP = "name_group"
    UNDO = "undo"


class Change(Protocol):
    """One change. `code` is what it is about, for the page and the record."""

    kind: ClassVar[Kind]

    def apply(self, book: Codebook) -> Codebook:
        """The codebook with this change, as its next version. Raises `BadChange`."""


@dataclass(frozen=True)
class Add:
    """A new code, in a group that there is (by id) or that begins with it (by name)."""

    kind: ClassVar[Kind] = Kind.ADD
    wording: Wording
    group: str

    def apply(self, book: Codebook) -> Codebook:
        group = _group(book, self.group)
        code = _new(book, self.wording)
        return _next(book, [*_entries(book), (code, group)])


@dataclass(frozen=True)
class Reword:
    """Other words for a code. A new name goes into the notes of other codes that send people to it.

    What was put stays put: whoever changes what a code means ought to split or retire it instead.
    """

    kind: ClassVar[Kind] = Kind.REWORD
    code: str
    wording: Wording

    def renames(self, book: Codebook) -> bool:
        """Whether the name is one of the words that change."""
        return self.code in book.codes and book.codes[self.code].name != self.wording.name

    def apply(self, book: Codebook) -> Codebook:
        old = _known(book, self.code)
        check(self.wording, _names(book, without=old.id))
        new = self.wording.on(old)
        if new == old:
            raise BadChange(Problem.NOTHING)
        follow = _renamed(old.name, new.name)
        return _each(book, lambda code: new if code.id == old.id else follow(code))


@dataclass(frozen=True)
class Move:
    """A code goes to another group, or to a new one of that name."""

    kind: ClassVar[Kind] = Kind.MOVE
    code: str
    group: str

    def apply(self, book: Codebook) -> Codebook:
        code = _known(book, self.code)
        group = _group(book, self.group)
        if book.group_of(code.id).id == group.id:
            raise BadChange(Problem.NOTHING, "group")
        rest = [entry for entry in _entries(book) if entry[0].id != code.id]
        return _next(book, [*rest, (code, group)])


@dataclass(frozen=True)
class Merge:
    """A code becomes part of another, which counts for it from now on, back to the first coding."""

    kind: ClassVar[Kind] = Kind.MERGE
    code: str
    into: str

    def apply(self, book: Codebook) -> Codebook:
        gone, into = _offered(book, self.code), _offered(book, self.into, "into")
        if gone.id == into.id:
            raise BadChange(Problem.ITSELF, "into")
        return _each(book, _turned(replace(gone, retired=True, merged_into=into.id)))


@dataclass(frozen=True)
class Split:
    """A code is offered no more, and two or more new ones take its place in its group.

    What was put under it stays until a person has looked at it: no program can tell which it was.
    """

    kind: ClassVar[Kind] = Kind.SPLIT
    code: str
    parts: tuple[Wording, ...]

    def apply(self, book: Codebook) -> Codebook:
        old = _offered(book, self.code)
        if len(self.parts) < 2:
            raise BadChange(Problem.PARTS)
        group, grown, ids = book.group_of(old.id), book, []
        for number, part in enumerate(self.parts):
            try:
                code = _new(grown, part)
            except BadChange as bad:
                raise BadChange(bad.problem, f"{number}.{bad.part}") from bad
            ids.append(code.id)
            grown = _next(grown, [*_entries(grown), (code, group)])
        retired = replace(old, retired=True, split_into=tuple(ids))
        return replace(_each(grown, _turned(retired)), version=book.version + 1)


@dataclass(frozen=True)
class Retire:
    """A code is offered no more; what was put under it stays, to be looked at again."""

    kind: ClassVar[Kind] = Kind.RETIRE
    code: str

    def apply(self, book: Codebook) -> Codebook:
        old = _offered(book, self.code)
        if len(book.offered) == 1:
            raise BadChange(Problem.LAST)
        return _each(book, _turned(replace(old, retired=True)))


@dataclass(frozen=True)
class BringBack:
    """A retired, merged or split code is offered again, and counts for itself again."""

    kind: ClassVar[Kind] = Kind.BRING_BACK
    code: str

    def apply(self, book: Codebook) -> Codebook:
        old = _known(book, self.code)
        if not old.retired:
            raise BadChange(Problem.STILL_OFFERED)
        return _each(book, _turned(replace(old, retired=False, merged_into=None, split_into=())))


@dataclass(frozen=True)
class NameGroup:
    """Another name for a group."""

    kind: ClassVar[Kind] = Kind.NAME_GROUP
    group: str
    name: str

    def apply(self, book: Codebook) -> Codebook:
        old = next((group for group in book.groups if group.id == self.group), None)
        if old is None:
            raise BadChange(Problem.NO_GROUP, "group")
        if self.name == old.name:
            raise BadChange(Problem.NOTHING, "name")
        check_name(self.name, _names(book, without=old.id))
        groups = (
            replace(group, name=self.name) if group.id == old.id else group for group in book.groups
        )
        return Codebook(book.version + 1, tuple(groups))


@dataclass(frozen=True)
class Undo:
    """What one earlier change did is put back, as long as nothing has touched the same since.

    A code that the change had added stays, retired: something may have been coded with it.
    """

    kind: ClassVar[Kind] = Kind.UNDO
    before: Codebook
    after: Codebook

    def apply(self, book: Codebook) -> Codebook:
        now, then, was = _parts(book), _parts(self.after), _parts(self.before)
        touched = [key for key in {**was, **then} if was.get(key) != then.get(key)]
        if any(now.get(key) != then.get(key) for key in touched):
            raise BadChange(Problem.SINCE_CHANGED)
        names = {group.id: group.name for group in book.groups} | {
            group.id: group.name for group in self.before.groups if group.id in touched
        }
        entries = []
        for code, group in _entries(book):
            if code.id not in touched:
                entries.append((code, group.id))
            elif code.id not in was:
                entries.append((replace(code, retired=True), group.id))
        order = [code.id for code, _group in _entries(self.before)]
        for code, group in _entries(self.before):
            if code.id in touched:
                entries.insert(_place(entries, code.id, order), (code, group.id))
        again = _next(book, [(code, CodeGroup(id, names[id], ())) for code, id in entries])
        _check_sound(again)
        return again


def touched(before: Codebook, after: Codebook) -> tuple[str, ...]:
    """The ids of the codes and groups that are not the same in both, in the order of the later."""
    was, now = _parts(before), _parts(after)
    return tuple(key for key in now if was.get(key) != now[key])


def naming(book: Codebook, name: str) -> tuple[Code, ...]:
    """The offered codes whose notes send people to the code of that name."""
    quoted = f'"{name}"'
    return tuple(
        code for code in book.offered.values() if quoted in f"{code.use_when} {code.not_when}"
    )


_Entry = tuple[Code, CodeGroup]


def _entries(book: Codebook) -> list[_Entry]:
    return [(code, group) for group in book.groups for code in group.codes]


def _parts(book: Codebook) -> dict[str, object]:
    """Every code with its group, and every group's name, to see what a change touches."""
    codes: dict[str, object] = {code.id: (code, group.id) for code, group in _entries(book)}
    return codes | {group.id: group.name for group in book.groups}


def _next(book: Codebook, entries: Sequence[_Entry]) -> Codebook:
    """The next version with these codes: groups in their order, and one without codes is gone."""
    order = {group.id: group for group in book.groups} | {group.id: group for _, group in entries}
    held = {id: tuple(code for code, group in entries if group.id == id) for id in order}
    groups = (replace(order[id], codes=codes) for id, codes in held.items() if codes)
    return Codebook(book.version + 1, tuple(groups))


def _check_sound(book: Codebook) -> None:
    """What was right by itself at two times may not be right together. Raises `BadChange`."""
    if len(_names(book)) < len(book.codes) + len(book.groups):
        raise BadChange(Problem.SINCE_CHANGED)
    if not book.offered:
        raise BadChange(Problem.LAST)
    for code in book.codes.values():
        became = [code]
        while (into := became[-1].merged_into) is not None:
            became.append(book.codes[into])
            if len(became) > len(book.codes):
                raise BadChange(Problem.SINCE_CHANGED)


def _each(book: Codebook, turn: Callable[[Code], Code]) -> Codebook:
    return _next(book, [(turn(code), group) for code, group in _entries(book)])


def _turned(new: Code) -> Callable[[Code], Code]:
    return lambda code: new if code.id == new.id else code


def _place(entries: Sequence[tuple[Code, str]], code_id: str, order: Sequence[str]) -> int:
    """Where a code goes so that it comes after the same ones as it used to."""
    earlier = set(order[: order.index(code_id)])
    places = [place for place, (code, _) in enumerate(entries) if code.id in earlier]
    return places[-1] + 1 if places else 0


def _known(book: Codebook, code_id: str, part: str = "") -> Code:
    if code_id not in book.codes:
        raise BadChange(Problem.NO_SUCH_CODE, part)
    return book.codes[code_id]


def _offered(book: Codebook, code_id: str, part: str = "") -> Code:
    if _known(book, code_id, part).retired:
        raise BadChange(Problem.NOT_OFFERED, part)
    return book.codes[code_id]


def _group(book: Codebook, named: str) -> CodeGroup:
    """The group of that id, or a new one of that name."""
    found = next((group for group in book.groups if group.id == named), None)
    if found is not None:
        return found
    try:
        check_name(named, _names(book))
    except BadChange as bad:
        raise BadChange(Problem.NO_GROUP if not named else bad.problem, "group") from bad
    return CodeGroup(_id_for(book, named), named, ())


def _new(book: Codebook, wording: Wording) -> Code:
    check(wording, _names(book))
    return Code(id=_id_for(book, wording.name), **vars(wording))


def _names(book: Codebook, without: str = "") -> dict[str, str]:
    """Every name in use, without regard to capitals, and whose it is."""
    named: list[Code | CodeGroup] = [*book.codes.values(), *book.groups]
    return {each.name.casefold(): each.id for each in named if each.id != without}


def _id_for(book: Codebook, name: str) -> str:
    """An id out of a name that nothing has yet. It never changes, whatever the name does."""
    taken = {*book.codes, *(group.id for group in book.groups)}
    plain = re.sub("[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_ID].strip("_")
    stem = plain if len(plain) > 1 else f"code_{plain}"
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}_{number}"
    return found


def _renamed(old: str, new: str) -> Callable[[Code], Code]:
    """What lets the notes of a code send people to the new name."""
    before, after = f'"{old}"', f'"{new}"'
    return lambda code: replace(
        code,
        use_when=code.use_when.replace(before, after),
        not_when=code.not_when.replace(before, after),
    )
