"""Putting codes on what families said: an append-only log of commands, replayed.

What stands after the log is `coding_log`'s to say. A command that would change nothing is not
written down, so that every undo takes back something that can be seen.

The log keeps the code and the version of the codebook under which it was put. What that code has
been merged into since is followed when the log is read, so that a merge can be undone as well.

A blind second coding is a log of its own beside the first. Which of the two a command belongs to is
worked out here, from who gives it, and never taken from a page.

A coding belongs to words: when the family takes an answer back or rewords a sentence, the codes on
it no longer count. The log keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Fragment, Interview, Sentence
from family_voice.interviews.record import state_of
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock
from family_voice.themes.codebooks import current, followed
from family_voice.themes.coding_log import Action as Action
from family_voice.themes.coding_log import Coded as Coded
from family_voice.themes.coding_log import Coding as Coding
from family_voice.themes.coding_log import Command as Command
from family_voice.themes.coding_log import Unit as Unit
from family_voice.themes.coding_log import itself, replay, to_redo, to_undo
from family_voice.themes.models import CodingCommand
from family_voice.themes.second_coding import codes_blind
from family_voice.themes.second_models import SecondCoding

#: What stands as the answer to each prompt: its fragments.
Answers = Mapping[str, Sequence[UUID]]


class NoSuchCode(ValueError):
    """The codebook has no such code, or offers it no more."""


class NotInAccount(ValueError):
    """That answer or sentence is not part of the account as it stands."""


def put(
    session: Session,
    interview_id: UUID,
    unit: Unit,
    code: str,
    by: UUID,
    now: datetime,
    *,
    suggestion_id: UUID | None = None,
) -> Coded:
    """Put a code on a unit; `suggestion_id` if a machine had suggested it, for ever.

    Raises:
        NoSuchCode: if the codebook has no such code, or offers it no more.
        NotInAccount: if the unit is not part of the account as it stands.
    """
    if code not in current(session).offered:
        raise NoSuchCode
    return _append(
        session, interview_id, Action.PUT, by, now,
        unit=unit, code=code, suggestion_id=suggestion_id,
    )  # fmt: skip


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
    target = to_undo(_log_of(session, interview_id, by), by)
    if target is None:
        return coded_by(session, interview_id, by)
    return _append(session, interview_id, Action.UNDO, by, now, undoes=target)


def redo(session: Session, interview_id: UUID, by: UUID, now: datetime) -> Coded:
    """Put back what the coder undid last; with nothing to redo, nothing changes."""
    lock(session, Interview, interview_id)
    target = to_redo(_log_of(session, interview_id, by), by)
    if target is None:
        return coded_by(session, interview_id, by)
    return _append(session, interview_id, Action.REDO, by, now, undoes=target)


def can_undo_and_redo(session: Session, interview_id: UUID, by: UUID) -> tuple[bool, bool]:
    """Whether this coder has something to undo, and something to redo."""
    commands = _log_of(session, interview_id, by)
    return to_undo(commands, by) is not None, to_redo(commands, by) is not None


def coded(session: Session, interview_id: UUID, *, second: bool = False) -> Coded:
    """What is coded now in one account: by the first coder, or by the blind second one."""
    return coded_in(session, [interview_id], second=second).get(interview_id, Coded())


def coded_by(session: Session, interview_id: UUID, coder: UUID) -> Coded:
    """What a coder goes on with: their own second coding while it is blind, else the first."""
    return coded(session, interview_id, second=codes_blind(session, interview_id, coder))


def coded_in(
    session: Session,
    interview_ids: Iterable[UUID],
    *,
    second: bool = False,
    upto: Mapping[UUID, int] | None = None,
    answers: Mapping[UUID, Answers] | None = None,
) -> dict[UUID, Coded]:
    """What is coded now in several accounts; uncoded ones are missing.

    Args:
        session: any session.
        interview_ids: whose.
        second: the blind second coding instead of the first.
        upto: for accounts as they were, the number of the last command that counts.
        answers: of all these accounts, by whoever has asked for them already (`answers_of`).
    """
    found = _commands(session, list(interview_ids), second, upto or {})
    follow = followed(session) if found else itself
    version = current(session).version if found else 0
    units = _units(session, answers_of(session, found) if answers is None else answers)
    return {
        interview_id: replay(commands, follow)
        .now(lambda code: follow(code, version))
        .on(units[interview_id])
        for interview_id, commands in found.items()
    }


def answers_of(session: Session, interview_ids: Iterable[UUID]) -> dict[UUID, Answers]:
    """The fragments of each answer of some accounts as they stand; opens no words."""
    wanted = list(interview_ids)
    # Held while they are asked for one by one: the session knows only rows that somebody holds.
    _held = session.scalars(select(Interview).where(Interview.id.in_(wanted))).all()
    return {
        each: {prompt: ids for prompt, ids in state_of(session, each).answers.items() if ids}
        for each in wanted
    }


def standing_units(session: Session, interview_id: UUID) -> set[Unit]:
    """Every unit of the account as it stands, without opening any words."""
    return _units(session, answers_of(session, [interview_id]))[interview_id]


def _units(session: Session, answers: Mapping[UUID, Answers]) -> dict[UUID, set[Unit]]:
    units = {each: {Unit(prompt) for prompt in told} for each, told in answers.items()}
    place = {
        fragment: (each, prompt)
        for each, told in answers.items()
        for prompt, fragments in told.items()
        for fragment in fragments
    }
    for sentence_id, fragment_id in session.execute(
        select(Sentence.id, Sentence.fragment_id)
        .join(Fragment, Fragment.id == Sentence.fragment_id)
        .where(Fragment.interview_id.in_(list(answers)))
    ):
        # What was said and taken back stands nowhere.
        if fragment_id in place:
            interview_id, prompt = place[fragment_id]
            units[interview_id].add(Unit(prompt, sentence_id))
    return units


def _append(
    session: Session,
    interview_id: UUID,
    action: Action,
    by: UUID,
    now: datetime,
    unit: Unit | None = None,
    code: str | None = None,
    undoes: UUID | None = None,
    suggestion_id: UUID | None = None,
) -> Coded:
    lock(session, Interview, interview_id)
    standing = standing_units(session, interview_id)
    if unit is not None and unit not in standing:
        raise NotInAccount
    second = codes_blind(session, interview_id, by)
    commands = _log_of(session, interview_id, by)
    follow, version = followed(session), current(session).version
    row = CodingCommand(
        id=new_id(),
        interview_id=interview_id,
        number=last_number(session, interview_id) + 1,
        action=action.value,
        code=code,
        codebook_version=version,
        prompt=unit.prompt_id if unit else None,
        sentence_id=unit.sentence_id if unit else None,
        undoes=undoes,
        by=by,
        at=now,
        second=second,
        suggestion_id=suggestion_id,
    )
    before, after = replay(commands, follow), replay([*commands, _command(row)], follow)
    if unit is None or after != before:
        session.add(row)
        session.flush()
    return after.now(lambda each: follow(each, version)).on(standing)


def last_number(session: Session, interview_id: UUID) -> int:
    """The number of the last command on an account, of whoever; 0 before there is one."""
    last = select(func.max(CodingCommand.number)).where(CodingCommand.interview_id == interview_id)
    return session.scalar(last) or 0


def _log_of(session: Session, interview_id: UUID, by: UUID) -> list[Command]:
    second = codes_blind(session, interview_id, by)
    return _commands(session, [interview_id], second, {}).get(interview_id, [])


def _commands(
    session: Session, interview_ids: list[UUID], second: bool, upto: Mapping[UUID, int]
) -> dict[UUID, list[Command]]:
    found: dict[UUID, list[Command]] = {}
    wanted = (
        select(CodingCommand)
        .where(CodingCommand.interview_id.in_(interview_ids), CodingCommand.second.is_(second))
        .order_by(CodingCommand.interview_id, CodingCommand.number)
    )
    if second:
        # What somebody began before the account was given to another is nobody's second coding.
        wanted = wanted.join(
            SecondCoding,
            (SecondCoding.interview_id == CodingCommand.interview_id)
            & (SecondCoding.coder == CodingCommand.by),
        )
    for row in session.scalars(wanted):
        if row.number <= upto.get(row.interview_id, row.number):
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
        version=row.codebook_version,
        suggested=row.suggestion_id is not None,
    )
