"""Projects of other programs that were brought in: kept sealed, looked at, taken away.

What is kept is the project as we would write it, so that it leaves as it came. Nobody in it agreed
to anything with us: its texts become no accounts and are counted nowhere.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import FALLBACK_LANGUAGE, load_guide
from family_voice.interviews.models import Interview
from family_voice.interviews.record import guide_of
from family_voice.security.sealing import KeyKind, Place, destroy_key, new_key, seal, unseal
from family_voice.sharing.exchange.models import ImportedProject
from family_voice.sharing.exchange.project import Project, guid
from family_voice.sharing.exchange.reading import read_qdpx
from family_voice.sharing.exchange.writing import qdpx
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, one_at_a_time
from family_voice.themes.open_codes import keeps_back_from
from family_voice.themes.second_coding import blind_to


class Withheld(Exception):
    """The project holds something that may not be shown to this reader now.

    `blind` says that it is the codes of an account which they code without seeing them.
    """

    def __init__(self, project_id: UUID, *, blind: bool = False) -> None:
        super().__init__("the project may not be shown")
        self.project_id, self.blind = project_id, blind


@dataclass(frozen=True)
class Kept:
    """One project that is kept, without what is in it."""

    number: int
    by: UUID | None
    at: datetime


def keep(session: Session, project: Project, by: UUID | None, now: datetime) -> int:
    """Keep a project, whole or not at all.

    Args:
        session: a writing session.
        project: what was read.
        by: who brought it in; None for the operator.
        now: when.

    Returns:
        Its number. A project that is kept already keeps the one it has.
    """
    one_at_a_time(session, "imported project")
    content = qdpx(project)
    sources = [str(each.id) for each in project.sources]
    for row in session.scalars(select(ImportedProject).order_by(ImportedProject.number)):
        if row.sources == sources and _content(session, row) == content:
            return row.number
    row_id = new_id()
    key_id = new_key(session, KeyKind.EXCHANGE, row_id, now)
    number = (session.scalar(select(func.max(ImportedProject.number))) or 0) + 1
    session.add(
        ImportedProject(
            id=row_id,
            number=number,
            key_id=key_id,
            content=seal(session, key_id, _place(row_id), b64encode(content).decode()),
            sources=sources,
            by=by,
            at=now,
        )
    )
    session.flush()
    return number


def every(session: Session) -> tuple[Kept, ...]:
    """The projects that are kept, the newest first."""
    rows = session.scalars(
        select(ImportedProject)
        .options(defer(ImportedProject.content), defer(ImportedProject.sources))
        .order_by(ImportedProject.number.desc())
    )
    return tuple(Kept(row.number, row.by, row.at) for row in rows)


def kept(session: Session, number: int) -> Project:
    """One of them, whoever asks; for showing there is `shown`. Raises Missing."""
    return read_qdpx(_content(session, _row(session, number))).project


def shown(
    session: Session, number: int, reader: UUID | None, now: datetime
) -> tuple[Project, tuple[UUID, ...]]:
    """One of them for somebody who may see all that it holds of ours now, and whose that is.

    A project may hold accounts of ours with their codes. What their families decided holds there
    as it does everywhere, and so does that somebody codes an account blind.

    Args:
        session: any session.
        number: which project.
        reader: who will see it; None for the operator.
        now: the moment of showing.

    Returns:
        The project, and the accounts of ours that are in it.

    Raises:
        Missing: if there is no such project.
        Withheld: if something in it may not be shown to this reader now.
    """
    row = _row(session, number)
    ours = accounts_in(session, [UUID(each) for each in row.sources])
    if set(ours) - open_to(session, ours, Purpose.TALK, Audience.LEAD, now):
        raise Withheld(row.id)
    if reader is not None:
        if blind_to(session, reader).intersection(ours):
            raise Withheld(row.id, blind=True)
        if any(keeps_back_from(session, each, reader) for each in ours):
            raise Withheld(row.id)
    return kept(session, number), ours


def accounts_in(session: Session, sources: Collection[UUID]) -> tuple[UUID, ...]:
    """Those of our accounts that a file has answers of, by its sources. Opens no words."""
    wanted = set(sources)
    rows = session.execute(select(Interview.id, Interview.guide_audience, Interview.guide_version))
    return tuple(
        interview_id
        for interview_id, audience, version in rows
        if not wanted.isdisjoint(
            guid("answer", interview_id, each)
            for each in (*load_guide(audience, FALLBACK_LANGUAGE, version).prompts, NOTES)
        )
    )


def id_of(session: Session, number: int) -> UUID:
    """The id under which the audit trail knows it. Raises Missing."""
    return _row(session, number).id


def take_away(session: Session, number: int, now: datetime) -> None:
    """Delete one and destroy its key. Raises Missing."""
    _drop(session, _row(session, number), now)


def forget(session: Session, interview_id: UUID, now: datetime) -> int:
    """Delete every kept project that has words of an account in it; returns how many."""
    ours = {
        str(guid("answer", interview_id, each))
        for each in (*guide_of(session, interview_id).prompts, NOTES)
    }
    gone = 0
    for row in session.scalars(select(ImportedProject)).all():
        if ours.intersection(row.sources):
            _drop(session, row, now)
            gone += 1
    return gone


def forget_sealed_under(session: Session, key_id: UUID) -> int:
    """Delete the project that a destroyed key had sealed; returns how many there were."""
    row = session.scalar(select(ImportedProject).where(ImportedProject.key_id == key_id))
    if row is None:
        return 0
    session.delete(row)
    session.flush()
    return 1


def _drop(session: Session, row: ImportedProject, now: datetime) -> None:
    key_id = row.key_id
    session.delete(row)
    session.flush()
    destroy_key(session, key_id, now)


def _row(session: Session, number: int) -> ImportedProject:
    row = session.scalar(select(ImportedProject).where(ImportedProject.number == number))
    if row is None:
        raise Missing(ImportedProject.__tablename__)
    return row


def _content(session: Session, row: ImportedProject) -> bytes:
    return b64decode(unseal(session, row.key_id, _place(row.id), row.content))


def _place(row_id: UUID) -> Place:
    return Place(ImportedProject.__tablename__, "content", row_id)
