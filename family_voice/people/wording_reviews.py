"""Approving and correcting the wording of a language, and naming who reads what comes in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.language.offer import Approval, Turn
from family_voice.language.wordings import Part, Problem, Wording, Wrong, fingerprint, problems
from family_voice.people.access import Action, Resource, may
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import roles_of
from family_voice.people.wording_models import LanguageReader, WordingReview
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch


class NotRight(ValueError):
    """This wording cannot be approved; `problem` says what is wrong with it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.wrong.value)
        self.problem = problem


class EndsBeforeItBegins(ValueError):
    """Somebody's last day of reading lies before their first."""


@dataclass(frozen=True)
class Reviewed:
    """An approval with who gave it, and when."""

    language: str
    approval: Approval
    by: str
    at: datetime


@dataclass(frozen=True)
class Reader:
    """Who reads a language, and when.

    `active` is whether they can: their account is open, and may read what families say.
    """

    id: UUID
    name: str
    active: bool
    turn: Turn


def approve(
    session: Session,
    language: str,
    wording: Wording,
    texts: Sequence[str],
    *,
    staff_id: UUID,
    now: datetime,
    plural: Callable[[int], int] | None = None,
) -> None:
    """Say that these texts are right for a wording: the file's, or one's own instead.

    Args:
        session: a writing session.
        language: its code.
        wording: English and the file's own.
        texts: what families shall read.
        staff_id: the fluent person.
        now: when.
        plural: which form of a plural a number takes in the language.

    Raises:
        NotRight: if a value or a part is missing from it.
        Missing: if there is no such member of staff.
    """
    texts = tuple(_in_one_line(text) for text in texts)
    if not wording.own and wording.part is not Part.CATALOGUE:
        raise NotRight(Problem(Wrong.NO_FILE))
    wrong = next(problems(wording, texts, plural), None)
    if wrong:
        raise NotRight(wrong)
    staff = fetch(session, StaffMember, staff_id)
    session.add(
        WordingReview(
            id=new_id(),
            language=language,
            part=wording.part.value,
            key=wording.key,
            english_hash=fingerprint(wording.english),
            file_hash=fingerprint(wording.own),
            own_hash=fingerprint(texts),
            texts=list(texts) if texts != wording.own else None,
            staff_id=staff_id,
            approved_by=staff.name,
            approved_at=now,
        )
    )
    session.flush()


def _in_one_line(text: str) -> str:
    """A text as it can stand anywhere: what an email is about must not hold a second line."""
    return " ".join(line.strip() for line in text.splitlines()).strip()


def reviews(session: Session, languages: Iterable[str]) -> list[Reviewed]:
    """Every approval of these languages, the oldest first."""
    rows = session.scalars(
        select(WordingReview)
        .where(WordingReview.language.in_(list(languages)))
        .order_by(WordingReview.approved_at, WordingReview.id)
    )
    return [
        Reviewed(
            row.language,
            Approval(
                Part(row.part),
                row.key,
                row.english_hash,
                row.file_hash,
                row.own_hash,
                tuple(row.texts) if row.texts is not None else None,
            ),
            row.approved_by,
            row.approved_at,
        )
        for row in rows
    ]


def newest(found: Iterable[Reviewed], language: str) -> dict[tuple[Part, str], Reviewed]:
    """The approval of each wording of a language that counts: the last one."""
    return {
        (each.approval.part, each.approval.key): each for each in found if each.language == language
    }


def readers(session: Session) -> list[Reader]:
    """Everybody who is named as a reader, by language, the newest turn first."""
    rows = session.execute(
        select(LanguageReader, StaffMember)
        .join(StaffMember, StaffMember.id == LanguageReader.staff_id)
        .order_by(LanguageReader.language, LanguageReader.from_day.desc(), StaffMember.name)
    )
    return [
        Reader(row.id, staff.name, can_read(staff), Turn(row.language, row.from_day, row.until_day))
        for row, staff in rows
    ]


def can_read(staff: StaffMember) -> bool:
    """Whether somebody can read what a family writes: nothing urgent waits for who cannot."""
    return staff.active and may(roles_of(staff), Action.SEE, Resource.INTERVIEW)


def turns(session: Session) -> list[Turn]:
    """When which language is read by somebody who can read what families say."""
    return [each.turn for each in readers(session) if each.active]


def name_reader(
    session: Session,
    *,
    staff_id: UUID,
    language: str,
    from_day: date,
    until_day: date | None,
    by: UUID,
    now: datetime,
) -> UUID:
    """Name somebody who reads what comes in a language within one working day.

    Args:
        session: a writing session.
        staff_id: who.
        language: its code.
        from_day: their first day.
        until_day: their last; None for as long as nobody says otherwise.
        by: who names them.
        now: when.

    Returns:
        The turn's id.

    Raises:
        EndsBeforeItBegins: if the last day is before the first.
        Missing: if there is no such member of staff.
    """
    if until_day is not None and until_day < from_day:
        raise EndsBeforeItBegins
    fetch(session, StaffMember, staff_id)
    made = new_id()
    session.add(
        LanguageReader(
            id=made,
            staff_id=staff_id,
            language=language,
            from_day=from_day,
            until_day=until_day,
            named_by=by,
            named_at=now,
        )
    )
    session.flush()
    return made


def end_reading(session: Session, reader_id: UUID, last_day: date) -> None:
    """Let somebody's turn end with a day. One that had not begun by then has no day at all.

    Raises:
        Missing: if there is no such turn.
    """
    fetch(session, LanguageReader, reader_id).until_day = last_day
    session.flush()
