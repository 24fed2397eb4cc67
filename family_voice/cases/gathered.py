"""Accounts that were told elsewhere: on paper, or on another form. They come by the same doors.

Nothing is kept of who did not agree to talk; what they decided is written down with the statement
that was put to them; then the words, and that it is finished. Which case it is, a person says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload_file import Problem
from family_voice.cases.deadlines import london_date
from family_voice.cases.gathered_file import FormMapping, Told, read_gathered
from family_voice.cases.reaching import staff_id
from family_voice.consent.statements import FIRST, LATER, Purpose
from family_voice.interviews import record
from family_voice.interviews.errors import AlreadyBegun
from family_voice.interviews.events import Channel, Finished, Opened
from family_voice.interviews.models import Fragment, Interview
from family_voice.security.blind import blind_index
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch


class GatheredRefused(ValueError):
    """The file cannot be taken. `problems` names each by line and column; nothing was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("gathered")
        self.problems = tuple(sorted(problems))


class NotAgreed(ValueError):
    """They have not said yes to talking with us: nothing of theirs is kept."""


class NothingSaid(ValueError):
    """There is no answer to keep."""


@dataclass(frozen=True)
class Brought:
    """What came of a file: new accounts, lines that were here already, lines left out."""

    made: tuple[UUID, ...]
    here_already: int
    without_permission: int
    without_words: int


def bring_in(
    session: Session, data: bytes, mapping: FormMapping, by: Actor, now: datetime
) -> Brought:
    """Take in a file of answers from another form: all of it, or nothing.

    Bringing the same file again, or a longer one with the same lines, makes nothing twice.

    Args:
        session: a writing session.
        data: the CSV file.
        mapping: which column holds what.
        by: who brings it, and says that the form put our statements to them.
        now: when.

    Returns:
        What came of it.

    Raises:
        GatheredRefused: with every problem; nothing was stored.
    """
    found = read_gathered(data, mapping, london_date(now))
    if found.problems:
        raise GatheredRefused(found.problems)
    made, here = [], 0
    for told in found.told:
        # Of a keyed hash, so that nothing of the line can be read from it.
        name = UUID(bytes=blind_index(session, "gathered", told.key)[:16])
        try:
            made.append(_keep(session, told, name, by, now))
        except AlreadyBegun:
            here += 1
    return Brought(tuple(made), here, found.without_permission, found.without_words)


def type_in(session: Session, told: Told, interview_id: UUID, by: Actor, now: datetime) -> UUID:
    """Take in a paper form that a member of staff typed.

    Args:
        session: a writing session.
        told: what stands on it.
        interview_id: what the page calls it, so that sending it twice makes one.
        by: who typed it.
        now: when.

    Returns:
        The account.

    Raises:
        NotAgreed: if they have not said yes to talking with us.
        NothingSaid: if there is no answer.
        AlreadyBegun: if it was sent before; nothing has changed.
    """
    if not told.decisions.get(Purpose.TALK):
        raise NotAgreed
    if not any(words.strip() for words in told.answers.values()):
        raise NothingSaid
    return _keep(session, told, interview_id, by, now, typed_by=staff_id(by))


def _keep(
    session: Session,
    told: Told,
    interview_id: UUID,
    by: Actor,
    now: datetime,
    typed_by: UUID | None = None,
) -> UUID:
    if session.get(Interview, interview_id) is not None:
        raise AlreadyBegun
    record.begin(
        session,
        audience=told.audience,
        language=told.language,
        now=told.at,
        speaker=told.speaker,
        interview_id=interview_id,
    )
    channel, by_staff = Channel.FORM, staff_id(by)
    record.happen(session, interview_id, Opened(channel), told.at, by_staff)
    _decide(session, interview_id, told, FIRST, by_staff)
    for prompt_id, words in told.answers.items():
        if not words.strip():
            continue
        fragment_id = new_id()
        record.say(
            session,
            interview_id,
            words,
            channel=channel,
            now=told.at,
            prompt_id=prompt_id,
            recorded_by=typed_by,
            fragment_id=fragment_id,
        )
        # Copied as it stands there, in whatever language that is.
        fetch(session, Fragment, fragment_id).language = told.language
    record.happen(session, interview_id, Finished(channel), told.at, by_staff)
    _decide(session, interview_id, told, LATER, by_staff)
    on_trail(session, by, "import", "interview", interview_id, now, ["answers", "agreed"])
    return interview_id


def _decide(
    session: Session,
    interview_id: UUID,
    told: Told,
    purposes: Iterable[Purpose],
    by_staff: UUID | None,
) -> None:
    for purpose in purposes:
        if purpose in told.decisions:
            record.decide(
                session,
                interview_id,
                purpose,
                told.decisions[purpose],
                channel=Channel.FORM,
                now=told.at,
                recorded_by=by_staff,
            )
