"""Bringing a file of another program in: all of it, or nothing and a sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.language.texts import _
from family_voice.security.trail import Actor, record
from family_voice.sharing.exchange import codebook_in, codes, coming_back, keeping
from family_voice.sharing.exchange.codebook_in import Came
from family_voice.sharing.exchange.coming_back import Found
from family_voice.sharing.exchange.known_again import known_again
from family_voice.sharing.exchange.opening import ExchangeRefused
from family_voice.sharing.exchange.project import Project
from family_voice.sharing.exchange.reading import read_qdc, read_qdpx


@dataclass(frozen=True)
class Brought:
    """What came of one file. `number` is the project's, where it was one; `known_again` says how
    many of its texts were known as ours by their words and not by their GUID."""

    number: int | None
    project: Project | None
    counted: str = ""
    codes: Came | None = None
    found: Found | None = None
    known_again: int = 0


def bring(
    session: Session, data: bytes, by: UUID | None, now: datetime, *, reason: str = ""
) -> Brought:
    """Take in a project, to be kept apart; or, with a reason, a codebook's codes into ours.

    Args:
        session: a writing session.
        data: the file.
        by: who brings it in; None for the operator.
        now: when.
        reason: for the codebook's history, where it is a codebook.

    Raises:
        ExchangeRefused: if it cannot be taken in; nothing was changed.
        ReasonMissing: for a codebook without a reason.
        MovedOn: if somebody else changes the codebook meanwhile.
    """
    if data[:4] == b"PK\x03\x04":
        read = read_qdpx(data)
        project, again = known_again(session, read.project)
        number = keeping.keep(session, project, by, now)
        _noted(session, by, "imported project", keeping.id_of(session, number), now, ["project"])
        return Brought(number, project, read.way.counted.value, known_again=again)
    came = codebook_in.bring_in(session, codes_of(data), reason, by, now)
    _noted(session, by, "codebook", None, now, ["codes"])
    return Brought(None, None, codes=came)


def bring_codes(
    session: Session, project: Project, reason: str, by: UUID | None, now: datetime
) -> Came:
    """The codes of a project into our codebook. Raises as `bring`."""
    came = codebook_in.bring_in(session, codes.words_of(project.codes), reason, by, now)
    _noted(session, by, "codebook", None, now, ["codes"])
    return came


def bring_codings(session: Session, project: Project, by: UUID, now: datetime) -> Found:
    """The codes that a project has on our own accounts, put on them."""
    found = coming_back.look(session, project, by, now)
    for interview_id in coming_back.put_on(session, found, by, now):
        _noted(session, by, "coding", interview_id, now, ["put", "from a file"])
    return found


def codes_of(data: bytes) -> tuple[codes.CodeWords, ...]:
    """The codes of a codebook file (.qdc or CSV). Raises ExchangeRefused."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found = codes.words_of(read_qdc(data))
        codes.insist_on_names(found)
    else:
        found = codes.read_csv(data)
    if not found:
        raise ExchangeRefused(_("There are no codes in this codebook."))
    return found


def _noted(
    session: Session,
    by: UUID | None,
    what: str,
    row_id: UUID | None,
    now: datetime,
    fields: list[str],
) -> None:
    actor = Actor("staff", by) if by else Actor("operator")
    record(session, actor, "change", what, row_id, now, fields)
