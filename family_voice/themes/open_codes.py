"""Codes as one reader may see them: none that stands only on words that are kept from that reader.

A code on a sentence says what the sentence is about. So where a family keeps a sentence from the
people who work with them, its codes are kept from them too, in every list and count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.permission import works_with_family
from family_voice.interviews.models import Fragment, Sentence
from family_voice.themes.coding import standing_units
from family_voice.themes.coding_log import Coded, Unit


def as_read_by(session: Session, codings: Mapping[UUID, Coded], reader: UUID) -> dict[UUID, Coded]:
    """The codings of some accounts without those on words that are kept from this reader.

    Args:
        session: any session.
        codings: by account, what is coded.
        reader: who will see them.
    """
    kept_back: dict[UUID, set[UUID]] = {}
    for interview_id, sentence_id in session.execute(
        select(Fragment.interview_id, Sentence.id)
        .join(Fragment, Fragment.id == Sentence.fragment_id)
        .where(Fragment.interview_id.in_(list(codings)), Sentence.not_for_workers)
    ):
        kept_back.setdefault(interview_id, set()).add(sentence_id)
    found = dict(codings)
    for interview_id, sentences in kept_back.items():
        if works_with_family(session, interview_id, reader):
            found[interview_id] = found[interview_id].on(_open(session, interview_id, sentences))
    return found


def keeps_back_from(session: Session, interview_id: UUID, reader: UUID) -> bool:
    """Whether a sentence of the account is kept from this reader."""
    kept_back = (
        select(Sentence.id)
        .join(Fragment, Fragment.id == Sentence.fragment_id)
        .where(Fragment.interview_id == interview_id, Sentence.not_for_workers)
    )
    return session.scalar(select(kept_back.exists())) is True and works_with_family(
        session, interview_id, reader
    )


def _open(session: Session, interview_id: UUID, kept_back: Collection[UUID]) -> frozenset[Unit]:
    standing = standing_units(session, interview_id)
    sentences = {each for each in standing if each.sentence_id not in (None, *kept_back)}
    # A whole answer can be read as long as one sentence of it can.
    return frozenset(sentences | {Unit(each.prompt_id) for each in sentences})
