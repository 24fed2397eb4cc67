"""What each agency saw, question by question, and how it knows the child: typed by the chair.

Professionals' words, beside what the child told or showed, and never taken for it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.improvement.models import ProfessionalView
from family_voice.people.models import Child
from family_voice.security.sealing import Erased, Place, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

#: Stands where a key question would: how the agency knows the child, for the pupil profile. No
#: framework may call a question so.
PROFILE = "profile-line"


@dataclass(frozen=True)
class View:
    """One agency's line under one key question or `PROFILE`, and the version it was read at."""

    question: str
    agency: str
    words: str
    version: int


class Overtaken(Exception):
    """Somebody else wrote this line since it was read; `standing` is what it says now."""

    def __init__(self, standing: View) -> None:
        super().__init__(standing.question)
        self.standing = standing


def write_view(
    session: Session,
    case_id: UUID,
    question: str,
    agency: str,
    words: str,
    by: UUID,
    now: datetime,
    read_version: int = 0,
) -> View:
    """Write an agency's line.

    Args:
        session: a writing session.
        case_id: whose case.
        question: the id of a key question of the framework, or `PROFILE`.
        agency: the agency whose view it is.
        words: the line; empty takes it away.
        by: who typed it.
        now: when.
        read_version: the version that was on the page; 0 for an empty line.

    Returns:
        The line as it now stands.

    Raises:
        Overtaken: if somebody else has written it since.
    """
    # The child's key seals what is said about the child.
    child = fetch(session, Child, lock(session, Case, case_id).child_id)
    words = words.strip()
    row = session.scalar(
        select(ProfessionalView)
        .where(
            ProfessionalView.case_id == case_id,
            ProfessionalView.question == question,
            ProfessionalView.agency == agency,
        )
        # As it is now, not as this session may have read it before the case was held.
        .execution_options(populate_existing=True)
    )
    if row is None and not words:
        return View(question, agency, "", 0)
    if row is not None and row.version != read_version:
        raise Overtaken(_view(session, row))
    row_id = row.id if row else new_id()
    sealed = seal(session, child.key_id, _place(row_id), words)
    if row is None:
        # Added only when it is whole: sealing asks the database, which writes what was added.
        row = ProfessionalView(
            id=row_id,
            case_id=case_id,
            question=question,
            agency=agency,
            key_id=child.key_id,
            words=sealed,
            by=by,
            at=now,
        )
        session.add(row)
    else:
        row.words, row.by, row.at = sealed, by, now
    session.flush()
    return _view(session, row)


def views_of(session: Session, case_id: UUID) -> dict[tuple[str, str], View]:
    """Every line of a case by question and agency."""
    rows = session.scalars(select(ProfessionalView).where(ProfessionalView.case_id == case_id))
    found = {}
    for row in rows:
        with suppress(Erased):
            found[row.question, row.agency] = _view(session, row)
    return found


def profile_of(session: Session, case_id: UUID) -> dict[str, View]:
    """How each agency knows a case's child, by agency."""
    return {
        agency: view
        for (question, agency), view in views_of(session, case_id).items()
        if question == PROFILE
    }


def _view(session: Session, row: ProfessionalView) -> View:
    words = unseal(session, row.key_id, _place(row.id), row.words)
    return View(row.question, row.agency, words, row.version)


def _place(row_id: UUID) -> Place:
    return Place(ProfessionalView.__tablename__, "words", row_id)
