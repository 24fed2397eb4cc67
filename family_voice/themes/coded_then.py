"""What was coded at a moment that is over, and by which codebook: the log of coding tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.themes.coding import coded_in
from family_voice.themes.models import CodingCommand


@dataclass(frozen=True)
class CodedThen:
    """How many codes stood on an account, and the newest version of the codebook among them."""

    codes: int
    codebook_version: int


def coded_then(session: Session, ids: Iterable[UUID], at: datetime) -> dict[UUID, CodedThen]:
    """What the first coding of several accounts was at a moment; uncoded ones are missing.

    Words that were erased since, and the codes on them, are counted no more.

    Args:
        session: any session.
        ids: the accounts.
        at: the moment that counts.
    """
    row = CodingCommand
    last = (
        select(row.interview_id, func.max(row.number), func.max(row.codebook_version))
        .where(row.interview_id.in_(list(ids)), row.second.is_(False), row.at <= at)
        .group_by(row.interview_id)
    )
    found = {each: (number, version) for each, number, version in session.execute(last)}
    upto = {each: number for each, (number, _version) in found.items()}
    coded = coded_in(session, found, upto=upto)
    return {
        each: CodedThen(len(coded[each].codings), version)
        for each, (_number, version) in found.items()
        if each in coded
    }
