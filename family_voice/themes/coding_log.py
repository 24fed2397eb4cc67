"""What stands on an account after its log of coding commands: pure, from commands in order.

Undo takes back the newest command of yours that stands; redo puts the newest undone one back. A
fresh command after an undo leaves nothing to redo, as in any editor.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

#: A code and the version of the codebook under which it was put, to the code that counted then.
Follow = Callable[[str, int], str]


class Action(StrEnum):
    """What a command does."""

    PUT = "put"
    TAKE_OFF = "take_off"
    NONE_APPLY = "none_apply"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True)
class Unit:
    """What is coded: a whole answer, or one of its sentences."""

    prompt_id: str
    sentence_id: UUID | None = None


@dataclass(frozen=True)
class Command:
    """One command as replaying needs it."""

    id: UUID
    action: Action
    unit: Unit | None
    code: str | None
    undoes: UUID | None
    by: UUID
    version: int = 1
    suggested: bool = False


@dataclass(frozen=True)
class Coding:
    """A code that stands on a unit, who put it there, and whether a machine had suggested it."""

    unit: Unit
    code: str
    by: UUID
    suggested: bool = False


@dataclass(frozen=True)
class Coded:
    """What stands after replaying: codings, and the units where somebody said no code applies.

    `standing` are the answers and sentences that it was narrowed to, once it was (`on`).
    """

    codings: tuple[Coding, ...] = ()
    none_apply: frozenset[Unit] = frozenset()
    standing: frozenset[Unit] = field(default=frozenset(), compare=False)

    def codes_on(self, unit: Unit) -> tuple[str, ...]:
        """The codes on one unit, in the order they were put there."""
        return tuple(coding.code for coding in self.codings if coding.unit == unit)

    @property
    def codes(self) -> frozenset[str]:
        """Every code used anywhere in the account."""
        return frozenset(coding.code for coding in self.codings)

    @property
    def units(self) -> frozenset[Unit]:
        """Every unit on which something was decided."""
        return self.none_apply.union(coding.unit for coding in self.codings)

    def by_people(self) -> Coded:
        """Without what a machine had suggested, although a person said yes to it."""
        return replace(self, codings=tuple(each for each in self.codings if not each.suggested))

    def is_decided(self, unit: Unit) -> bool:
        """Whether somebody coded the unit or said that nothing applies."""
        return bool(self.codes_on(unit)) or unit in self.none_apply

    def is_answered_for(self, prompt_id: str) -> bool:
        """Whether an answer is dealt with: as a whole, by a code on one of its sentences, or by
        "no code applies" on every one. On some of them it says nothing of the others.
        """
        whole = Unit(prompt_id)
        if whole in self.none_apply or any(c.unit.prompt_id == prompt_id for c in self.codings):
            return True
        sentences = {each for each in self.standing if each.prompt_id == prompt_id} - {whole}
        return bool(sentences) and sentences <= self.none_apply

    def now(self, counts: Callable[[str], str]) -> Coded:
        """The same with each code as the one that counts for it; two that became one are one."""
        first: dict[tuple[Unit, str], Coding] = {}
        for each in self.codings:
            code = counts(each.code)
            found = first.setdefault((each.unit, code), replace(each, code=code))
            if found.suggested and not each.suggested:
                # What a person put themselves stays theirs.
                first[each.unit, code] = replace(each, code=code)
        return replace(self, codings=tuple(first.values()))

    def on(self, units: Collection[Unit]) -> Coded:
        """Only what stands on these units."""
        return Coded(
            tuple(coding for coding in self.codings if coding.unit in units),
            self.none_apply.intersection(units),
            frozenset(units),
        )


def itself(code: str, version: int) -> str:
    return code


def replay(commands: Sequence[Command], follow: Follow = itself) -> Coded:
    """What stands after these commands, in order, each code as it was put. Pure.

    `follow` says which code counted for which when a command was given: whoever takes a code off
    takes off what had been merged into it by then, for they saw one code.

    "No code applies" to an answer holds for its sentences too; a code put on one of them says that
    something does apply after all.
    """
    undone = _undone(commands)
    codings: list[Coding] = []
    none_apply: set[Unit] = set()
    for command in commands:
        if command.id in undone or command.unit is None:
            continue
        unit = command.unit
        if command.action is Action.PUT and command.code is not None:
            none_apply -= {unit, Unit(unit.prompt_id)}
            if not any(_same(each, unit, command, follow) for each in codings):
                codings.append(Coding(unit, command.code, command.by, command.suggested))
        elif command.action is Action.TAKE_OFF:
            codings = [each for each in codings if not _same(each, unit, command, follow)]
        elif command.action is Action.NONE_APPLY:
            codings = [c for c in codings if not _covers(unit, c.unit)]
            none_apply = {other for other in none_apply if not _covers(unit, other)} | {unit}
    return Coded(tuple(codings), frozenset(none_apply))


def _same(coding: Coding, unit: Unit, command: Command, follow: Follow) -> bool:
    """Whether whoever gave the command saw this coding as one of its unit and code."""
    if coding.unit != unit or command.code is None:
        return False
    return follow(coding.code, command.version) == follow(command.code, command.version)


def _covers(unit: Unit, other: Unit) -> bool:
    """Whether what is said of one unit holds for another: an answer covers its sentences."""
    return unit == other or unit == Unit(other.prompt_id)


def to_undo(commands: Sequence[Command], by: UUID) -> UUID | None:
    """The newest command of this coder that stands, or None."""
    undone = _undone(commands)
    return next(
        (
            command.id
            for command in reversed(commands)
            if command.unit is not None and command.by == by and command.id not in undone
        ),
        None,
    )


def to_redo(commands: Sequence[Command], by: UUID) -> UUID | None:
    """The newest command of this coder that was undone and not overtaken, or None."""
    stack: list[UUID] = []
    for command in commands:
        if command.by != by:
            continue
        if command.action is Action.UNDO and command.undoes is not None:
            stack.append(command.undoes)
        elif command.action is Action.REDO and stack:
            stack.pop()
        else:
            stack.clear()
    return stack[-1] if stack else None


def _undone(commands: Sequence[Command]) -> set[UUID]:
    undone: set[UUID] = set()
    for command in commands:
        if command.undoes is not None and command.action is Action.UNDO:
            undone.add(command.undoes)
        elif command.undoes is not None and command.action is Action.REDO:
            undone.discard(command.undoes)
    return undone
