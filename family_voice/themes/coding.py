"""Putting codes on what families said: an append-only log of commands, replayed.

Undo takes back the newest command of yours that stands; redo puts the newest undone one back. A
fresh command after an undo leaves nothing to redo, as in any editor. A command that would change
nothing is not written down, so that every undo takes back something that can be seen.

A coding belongs to words: when the family takes an answer back or rewords a sentence, the codes on
it no longer count. The log keeps them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview, Sentence
from family_voice.interviews.record import state_of
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock
from family_voice.themes.codebook import load_codebook
from family_voice.themes.models import CodingCommand


class Action(StrEnum):
    """What a command does."""

    PUT = "put"
    TAKE_OFF = "take_off"
    NONE_APPLY = "none_apply"
    UNDO = "undo"
    REDO = "redo"


class NoSuchCode(ValueError):
    """The codebook has no such code."""


class NotInAccount(ValueError):
    """That answer or sentence is not part of the account as it stands."""


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


@dataclass(frozen=True)
class Coding:
    """A code that stands on a unit, and by whom it was put there."""

    unit: Unit
    code: str
    by: UUID


@dataclass(frozen=True)
class Coded:
    """What stands after replaying: codings, and the units where somebody said no code applies."""

    codings: tuple[Coding, ...] = ()
    none_apply: frozenset[Unit] = frozenset()

    def codes_on(self, unit: Unit) -> tuple[str, ...]:
        """The codes on one unit, in the order they were put there."""
        return tuple(coding.code for coding in self.codings if coding.unit == unit)

    @property
    def codes(self) -> frozenset[str]:
        """Every code used anywhere in the account."""
        return frozenset(coding.code for coding in self.codings)

    def is_decided(self, unit: Unit) -> bool:
        """Whether somebody coded the unit or said that nothing applies."""
        return bool(self.codes_on(unit)) or unit in self.none_apply

    def is_answered_for(self, prompt_id: str) -> bool:
        """Whether an answer is dealt with: as a whole, or in at least one of its sentences."""
        units = {coding.unit for coding in self.codings} | self.none_apply
        return any(unit.prompt_id == prompt_id for unit in units)

    def on(self, units: Collection[Unit]) -> Coded:
        """Only what stands on these units."""
        return Coded(
            tuple(coding for coding in self.codings if coding.unit in units),
            self.none_apply.intersection(units),
        )


def replay(commands: Sequence[Command]) -> Coded:
    """What stands after these commands, in order. Pure.

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
            if command.code not in {c.code for c in codings if c.unit == unit}:
                codings.append(Coding(unit, command.code, command.by))
        elif command.action is Action.TAKE_OFF:
            codings = [c for c in codings if (c.unit, c.code) != (unit, command.code)]
        elif command.action is Action.NONE_APPLY:
            codings = [c for c in codings if not _covers(unit, c.unit)]
            none_apply = {other for other in none_apply if not _covers(unit, other)} | {unit}
    return Coded(tuple(codings), frozenset(none_apply))


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


def put(
    session: Session, interview_id: UUID, unit: Unit, code: str, by: UUID, now: datetime
) -> Coded:
    """Put a code on a unit.

    Raises:
        NoSuchCode: if the codebook has no such code.
        NotInAccount: if the unit is not part of the account as it stands.
    """
    if code not in load_codebook().codes:
        raise NoSuchCode
    return _append(session, interview_id, Action.PUT, by, now, unit=unit, code=code)


def take_off(
    session: Session, interview_id: UUID, unit: Unit, code: str, by: UUID, now: datetime
) -> Coded:
    """Take a code off a unit.

    Raises:
        NotInAccount: if the unit is not part of the account as it stands.
    """
    return _append(session, interview_id, Action.TAKE_OFF, by, now, unit=unit, code=code)


def none_apply(session: Session, interview_id: UUID, unit: Unit, by: UUID, now: datetime) -> Coded:
    """Say that no code applies here: a decision too.

    Raises:
        NotInAccount: if the unit is not part of the account as it stands.
    """
    return _append(session, interview_id, Action.NONE_APPLY, by, now, unit=unit)


def undo(session: Session, interview_id: UUID, by: UUID, now: datetime) -> Coded:
    """Take back the coder's newest standing command; with nothing to undo, nothing changes."""
    lock(session, Interview, interview_id)
    target = to_undo(_commands_of(session, interview_id), by)
    if target is None:
        return coded(session, interview_id)
    return _append(session, interview_id, Action.UNDO, by, now, undoes=target)


def redo(session: Session, interview_id: UUID, by: UUID, now: datetime) -> Coded:
    """Put back what the coder undid last; with nothing to redo, nothing changes."""
    lock(session, Interview, interview_id)
    target = to_redo(_commands_of(session, interview_id), by)
    if target is None:
        return coded(session, interview_id)
    return _append(session, interview_id, Action.REDO, by, now, undoes=target)


def can_undo_and_redo(session: Session, interview_id: UUID, by: UUID) -> tuple[bool, bool]:
    """Whether this coder has something to undo, and something to redo."""
    commands = _commands_of(session, interview_id)
    return to_undo(commands, by) is not None, to_redo(commands, by) is not None


def coded(session: Session, interview_id: UUID) -> Coded:
    """What is coded now in one account."""
    return coded_in(session, [interview_id]).get(interview_id, Coded())


def coded_in(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, Coded]:
    """What is coded now in several accounts; uncoded ones are missing."""
    return {
        interview_id: replay(commands).on(_standing(session, interview_id))
        for interview_id, commands in _commands(session, list(interview_ids)).items()
    }


def _standing(session: Session, interview_id: UUID) -> set[Unit]:
    """Every unit of the account as it stands, without opening any words."""
    answers = state_of(session, interview_id).answers
    place = {fragment: prompt for prompt, standing in answers.items() for fragment in standing}
    sentences = session.execute(
        select(Sentence.id, Sentence.fragment_id).where(Sentence.fragment_id.in_(place))
    )
    return {Unit(prompt) for prompt, standing in answers.items() if standing} | {
        Unit(place[fragment_id], sentence_id) for sentence_id, fragment_id in sentences
    }


def _undone(commands: Sequence[Command]) -> set[UUID]:
    undone: set[UUID] = set()
    for command in commands:
        if command.undoes is not None and command.action is Action.UNDO:
            undone.add(command.undoes)
        elif command.undoes is not None and command.action is Action.REDO:
            undone.discard(command.undoes)
    return undone


def _append(
    session: Session,
    interview_id: UUID,
    action: Action,
    by: UUID,
    now: datetime,
    unit: Unit | None = None,
    code: str | None = None,
    undoes: UUID | None = None,
) -> Coded:
    lock(session, Interview, interview_id)
    standing = _standing(session, interview_id)
    if unit is not None and unit not in standing:
        raise NotInAccount
    commands = _commands_of(session, interview_id)
    row = CodingCommand(
        id=new_id(),
        interview_id=interview_id,
        number=len(commands) + 1,
        action=action.value,
        code=code,
        codebook_version=load_codebook().version,
        prompt=unit.prompt_id if unit else None,
        sentence_id=unit.sentence_id if unit else None,
        undoes=undoes,
        by=by,
        at=now,
    )
    before, after = replay(commands), replay([*commands, _command(row)])
    if unit is None or after != before:
        session.add(row)
        session.flush()
    return after.on(standing)


def _commands_of(session: Session, interview_id: UUID) -> list[Command]:
    return _commands(session, [interview_id]).get(interview_id, [])


def _commands(session: Session, interview_ids: list[UUID]) -> dict[UUID, list[Command]]:
    found: dict[UUID, list[Command]] = {}
    for row in session.scalars(
        select(CodingCommand)
        .where(CodingCommand.interview_id.in_(interview_ids))
        .order_by(CodingCommand.interview_id, CodingCommand.number)
    ):
        found.setdefault(row.interview_id, []).append(_command(row))
    return found


def _command(row: CodingCommand) -> Command:
    return Command(
        id=row.id,
        action=Action(row.action),
        unit=Unit(row.prompt, row.sentence_id) if row.prompt is not None else None,
        code=row.code,
        undoes=row.undoes,
        by=row.by,
    )
