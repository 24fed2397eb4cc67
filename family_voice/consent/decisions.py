"""Writing down what was decided, and asking at every showing whether it still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.consent.authority import standing_since
from family_voice.consent.models import Decision
from family_voice.consent.parts import origin_of, resting_on
from family_voice.consent.statements import Purpose, Statement


class How(StrEnum):
    """How a statement was put to somebody."""

    WEB = "web"
    READ_OUT = "read out"
    TEXT = "text"
    FORM = "form"  # on paper or on a form of somebody else's, in the statement's own words


class Audience(StrEnum):
    """Who is about to see or receive something."""

    LEAD = "lead"
    PANEL = "panel"
    FORUM = "forum"
    BOARD = "board"
    FAMILY = "family"


# What each purpose opens, and to whom. Everything rests on having agreed to talk.
OPENS: dict[Purpose, frozenset[Audience]] = {
    Purpose.TALK: frozenset({Audience.LEAD, Audience.FAMILY}),
    Purpose.CHECK: frozenset({Audience.PANEL}),
    Purpose.QUOTE: frozenset({Audience.FORUM, Audience.BOARD}),
    Purpose.COUNT: frozenset({Audience.FORUM, Audience.BOARD}),
    Purpose.CONTACT: frozenset({Audience.LEAD}),
}


@dataclass(frozen=True)
class Decided:
    """One decision as it now stands."""

    purpose: Purpose
    yes: bool
    statement_id: str
    statement_version: int
    language: str
    how: How
    recorded_by: UUID | None
    at: datetime
    on_behalf: UUID | None = None


def decide(
    session: Session,
    interview_id: UUID,
    statement: Statement,
    yes: bool,
    how: How,
    recorded_by: UUID | None,
    now: datetime,
    on_behalf: UUID | None = None,
) -> None:
    """Write down one decision, standing over any earlier one for the same purpose.

    The caller holds the interview's row, so numbers do not collide.

    Args:
        session: a writing session.
        interview_id: whose decision.
        statement: exactly what was put to them.
        yes: what they said.
        how: on a page, read out, or by text.
        recorded_by: the member of staff who wrote it down, if one did.
        now: when.
        on_behalf: the judgement by which somebody else decided for them, if one did.
    """
    last = session.scalar(
        select(func.max(Decision.number)).where(Decision.interview_id == interview_id)
    )
    session.add(
        Decision(
            interview_id=interview_id,
            number=(last or 0) + 1,
            purpose=statement.purpose.value,
            yes=yes,
            statement_id=statement.id,
            statement_version=statement.version,
            audience=statement.audience,
            language=statement.language,
            how=how.value,
            recorded_by=recorded_by,
            on_behalf=on_behalf,
            at=now,
        )
    )
    session.flush()


def standing(session: Session, interview_id: UUID, now: datetime) -> dict[Purpose, Decided]:
    """The decisions of one interview that stand now; a purpose never asked about is missing.

    Nor is one there that was answered before the day from which on the child decides themselves.
    """
    return _standing(session, [interview_id], now).get(interview_id, {})


def standing_of(
    session: Session, interview_ids: Iterable[UUID], now: datetime
) -> dict[UUID, dict[Purpose, Decided]]:
    """The same for several interviews; one of which nothing stands is missing."""
    return _standing(session, list(interview_ids), now)


def permits(
    session: Session, interview_id: UUID, purpose: Purpose, audience: Audience, now: datetime
) -> bool:
    """Whether something of this interview may be shown or sent, now.

    Asked at every render, export, message and count. Unanswered means no; without agreement to
    talk nothing is permitted; and a purpose opens only to the audiences it was asked for.

    Args:
        session: any session.
        interview_id: whose words.
        purpose: what for.
        audience: to whom.
        now: the moment of showing or sending.
    """
    return interview_id in permitted(session, [interview_id], purpose, audience, now)


def permitted(
    session: Session,
    interview_ids: Iterable[UUID],
    purpose: Purpose,
    audience: Audience,
    now: datetime,
) -> set[UUID]:
    """Those of the interviews for which `permits` is true, in one query."""
    return {
        interview_id
        for interview_id, decisions in _standing(session, list(interview_ids), now).items()
        if opens(decisions, purpose, audience)
    }


def opens(decisions: Mapping[Purpose, Decided], purpose: Purpose, audience: Audience) -> bool:
    """The rule of `permits`, for the decisions of one interview that stand."""
    yeses = {each for each, made in decisions.items() if made.yes}
    return audience in OPENS[purpose] and {Purpose.TALK, purpose} <= yeses


def had_agreed(
    session: Session, interview_id: UUID, purpose: Purpose, since: datetime, until: datetime
) -> bool:
    """Whether at any moment of a past time both talking and this were agreed to."""
    return _said_yes(session, interview_id, Purpose.TALK, since, until) and _said_yes(
        session, interview_id, purpose, since, until
    )


def _said_yes(
    session: Session, interview_id: UUID, purpose: Purpose, since: datetime, until: datetime
) -> bool:
    decided_for = origin_of(session, interview_id) or interview_id
    rows = session.scalars(
        select(Decision)
        .where(Decision.interview_id == decided_for, Decision.purpose == purpose.value)
        .order_by(Decision.number)
    ).all()
    ends = [*(row.at for row in rows), until][1:]
    return any(
        row.yes and row.at <= until and end >= since for row, end in zip(rows, ends, strict=True)
    )


def _standing(
    session: Session, interview_ids: list[UUID], now: datetime
) -> dict[UUID, dict[Purpose, Decided]]:
    found = _own(session, interview_ids, now)
    # A part of an account has no decisions of its own: it rests on those for the whole.
    without = [each for each in interview_ids if each not in found]
    resting = resting_on(session, without) if without else {}
    wholes = {part: origin for part, origin in resting.items() if origin is not None}
    of_whole = _standing(session, list(wholes.values()), now) if wholes else {}
    return found | {part: of_whole[origin] for part, origin in wholes.items() if origin in of_whole}


def _own(
    session: Session, interview_ids: list[UUID], now: datetime
) -> dict[UUID, dict[Purpose, Decided]]:
    since = standing_since(session, interview_ids, now)
    rows = session.scalars(
        select(Decision)
        .where(Decision.interview_id.in_(interview_ids))
        .order_by(Decision.interview_id, Decision.number)
    )
    found: dict[UUID, dict[Purpose, Decided]] = {}
    for row in rows:
        if row.interview_id in since and row.at < since[row.interview_id]:
            continue
        purpose = Purpose(row.purpose)
        found.setdefault(row.interview_id, {})[purpose] = Decided(
            purpose=purpose,
            yes=row.yes,
            statement_id=row.statement_id,
            statement_version=row.statement_version,
            language=row.language,
            how=How(row.how),
            recorded_by=row.recorded_by,
            at=row.at,
            on_behalf=row.on_behalf,
        )
    return found
