"""The sentences the lead puts on the case pack's first side, question by question.

A sentence can stand there only after its family said that the account is right. The fourth key
question has two parts: for this child, and for services (Blackburn with Darwen's framework).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from family_voice.cases.linking import interviews_of
from family_voice.cases.models import Case, PackSentence
from family_voice.cases.permission import account_for, lead_may_read, panel_may_read
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.words import Answer
from family_voice.people.facts import is_own_voice
from family_voice.security.sealing import Erased
from family_voice.storage.locking import fetch, lock

MOST = 3


class NotReadBack(Exception):
    """The family has not yet said that the account is right."""


class NotOnThisCase(ValueError):
    """The sentence is not part of an account that stands on this case."""


class Full(Exception):
    """More sentences than one side has room for: `places` are those with too many."""

    def __init__(self, places: Iterable[Place]) -> None:
        super().__init__("pack_sentence")
        self.places = tuple(places)


class Overtaken(Exception):
    """Somebody else moved the same sentences since they were looked at.

    `standing` says where each of those stands now, None for one that was taken off.
    """

    def __init__(self, standing: Mapping[UUID, Place | None]) -> None:
        super().__init__("pack_sentence")
        self.standing = dict(standing)


@dataclass(frozen=True)
class Place:
    """Where on the first side: a key question's id, and for the fourth its part."""

    question: str
    part: str = ""

    @property
    def key(self) -> str:
        """How it is stored."""
        return f"{self.question}.{self.part}" if self.part else self.question

    @classmethod
    def of(cls, key: str) -> Place:
        """The place stored under `key`."""
        question, _, part = key.partition(".")
        return cls(question, part)


@dataclass(frozen=True)
class Spoken:
    """One account that sentences may be chosen from."""

    interview_id: UUID
    is_child: bool
    for_panel: bool
    read_back: bool
    answers: tuple[Answer, ...]


def choose(
    session: Session,
    case_id: UUID,
    sentence_id: UUID,
    place: Place,
    by: UUID,
    now: datetime,
) -> None:
    """Put a sentence on the first side, or move it to another place there.

    Args:
        session: a writing session.
        case_id: whose pack.
        sentence_id: which sentence.
        place: under which question.
        by: the lead.
        now: when.

    Raises:
        NotOnThisCase: if no account on the case has the sentence.
        NotReadBack: if its family has not yet said that the account is right.
        Full: if the place already holds `MOST` sentences.
    """
    wanted = chosen(session, case_id, now) | {sentence_id: place}
    choose_all(session, case_id, wanted, by, now)


def choose_all(
    session: Session, case_id: UUID, wanted: Mapping[UUID, Place], by: UUID, now: datetime
) -> None:
    """Let exactly these sentences stand on the first side.

    Args:
        session: a writing session.
        case_id: whose pack.
        wanted: which sentences, and under which question each.
        by: the lead.
        now: when.

    Raises:
        NotOnThisCase: if no account on the case has one of the sentences.
        NotReadBack: if the family of one has not yet said that the account is right.
        Full: if a place would hold more than `MOST` sentences.
    """
    lock(session, Case, case_id)
    read_back = _sentences(session, case_id, now)
    # What they may not read was not on their page: it stays where it is.
    unseen = _unseen(session, case_id, by, now)
    kept = {each: place for each, place in chosen(session, case_id, now).items() if each in unseen}
    wanted = {**wanted, **kept}
    if wanted.keys() - read_back.keys():
        raise NotOnThisCase
    if not all(read_back[sentence_id] for sentence_id in wanted):
        raise NotReadBack
    full = [place for place, number in Counter(wanted.values()).items() if number > MOST]
    if full:
        raise Full(full)
    # A sentence may still be written down for a case that its account was taken off.
    rows = {row.sentence_id: row for row in _rows(session, case_id, wanted)}
    for sentence_id, row in rows.items():
        if sentence_id not in wanted:
            session.delete(row)
    for sentence_id, place in wanted.items():
        row = rows.get(sentence_id) or PackSentence(sentence_id=sentence_id)
        if (row.case_id, row.question) != (case_id, place.key):
            row.case_id, row.question, row.by, row.at = case_id, place.key, by, now
            session.add(row)
    session.flush()


def choose_over(
    session: Session,
    case_id: UUID,
    seen: Mapping[UUID, Place],
    wanted: Mapping[UUID, Place],
    by: UUID,
    now: datetime,
) -> None:
    """Let the first side read as wanted, by somebody who saw it as it was before.

    What somebody else moved meanwhile and this one left as it was stays as the other put it.

    Args:
        session: a writing session.
        case_id: whose pack.
        seen: where the sentences stood when they were looked at.
        wanted: where they are to stand.
        by: the lead.
        now: when.

    Raises:
        Overtaken: if both moved the same sentence, to different places; nothing is changed.
        NotOnThisCase, NotReadBack, Full: as for `choose_all`.
    """
    lock(session, Case, case_id)
    standing = chosen(session, case_id, now)
    result, overtaken = dict(standing), {}
    for each in seen.keys() | wanted.keys():
        was, mine, theirs = seen.get(each), wanted.get(each), standing.get(each)
        if mine in (was, theirs):
            continue
        if theirs != was:
            overtaken[each] = theirs
        elif mine is None:
            result.pop(each, None)
        else:
            result[each] = mine
    if overtaken:
        raise Overtaken(overtaken)
    choose_all(session, case_id, result, by, now)


def chosen(session: Session, case_id: UUID, now: datetime) -> dict[UUID, Place]:
    """The sentences chosen for a case's first side, and where each stands.

    What the family has reworded since is not among them, nor is anything of an account that was
    taken off the case, is to be read back again, or is for the panel no more.
    """
    read_back = _sentences(session, case_id, now)
    return {
        row.sentence_id: Place.of(row.question)
        for row in _rows(session, case_id, ())
        if read_back.get(row.sentence_id)
    }


def to_choose_from(session: Session, case_id: UUID, reader: UUID, now: datetime) -> list[Spoken]:
    """Every account on a case that the lead may read and that the panel may see, the child's first.

    Of one that is not read back yet only that it is there: it has no answers here.
    """
    found = []
    for interview_id in interviews_of(session, [case_id]).get(case_id, []):
        if not lead_may_read(session, interview_id, now):
            continue
        interview = fetch(session, Interview, interview_id)
        for_panel = panel_may_read(session, interview_id, now)
        read_back = interview.read_back_at is not None
        answers = (
            account_for(session, interview_id, reader, now).answers
            if for_panel and read_back
            else ()
        )
        is_child = is_own_voice(interview.guide_audience)
        found.append(Spoken(interview_id, is_child, for_panel, read_back, answers))
    return sorted(found, key=lambda spoken: not spoken.is_child)


def _sentences(session: Session, case_id: UUID, now: datetime) -> dict[UUID, bool]:
    """Every sentence on a case that the panel may read, and if its account was read back."""
    found: dict[UUID, bool] = {}
    for interview_id in interviews_of(session, [case_id]).get(case_id, []):
        if not panel_may_read(session, interview_id, now):
            continue
        read_back = fetch(session, Interview, interview_id).read_back_at is not None
        with suppress(Erased):
            found |= {each.id: read_back for each in account(session, interview_id).sentences}
    return found


def _unseen(session: Session, case_id: UUID, reader: UUID, now: datetime) -> set[UUID]:
    """The sentences of a case that are kept from this reader."""
    seen = {
        sentence.id
        for spoken in to_choose_from(session, case_id, reader, now)
        for answer in spoken.answers
        for piece in answer.pieces
        for sentence in piece.sentences
    }
    return set(_sentences(session, case_id, now)) - seen


def _rows(session: Session, case_id: UUID, also: Iterable[UUID]) -> list[PackSentence]:
    """The rows of a case, and those of these sentences."""
    return list(
        session.scalars(
            select(PackSentence)
            .where(or_(PackSentence.case_id == case_id, PackSentence.sentence_id.in_(list(also))))
            .order_by(PackSentence.at, PackSentence.sentence_id)
        )
    )
