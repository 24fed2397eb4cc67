"""Where the words of one account went: for whoever gave it, behind their return word.

What was heard, what of it stood before the small group, who of them looked, what it is counted in,
and what came of it. Who looked is told by agency and never by name; nothing here comes from
safeguarding, legal holds, the data protection officer or anybody else's account.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import has_passed
from family_voice.cases.linking import case_of
from family_voice.cases.models import Case, PanelSeat, PanelSession, Round
from family_voice.cases.pack_choice import chosen
from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience, had_agreed, standing
from family_voice.consent.statements import Purpose
from family_voice.frameworks.loader import load_framework
from family_voice.improvement import outcomes
from family_voice.improvement.outcomes import OutcomeView
from family_voice.interviews import record
from family_voice.interviews.models import Interview
from family_voice.interviews.words import Account, Piece
from family_voice.people.models import Child, Participant
from family_voice.security.models import TrailRow
from family_voice.sharing import quotes, releases
from family_voice.sharing.quotes import QuoteView
from family_voice.sharing.releases import Published
from family_voice.storage.locking import fetch
from family_voice.themes.codebooks import current
from family_voice.themes.coding import coded

#: What a line of the trail about an account names where its words were shown to one of the team.
WITH_WORDS: Final = frozenset({"account", "answers"})
LOOKED: Final = ("view", "export")


class Counting(StrEnum):
    """How far they are in numbers."""

    NOT_ASKED = "not_asked"
    SAID_NO = "said_no"
    NOT_YET = "not_yet"
    COUNTED = "counted"


@dataclass(frozen=True)
class InNumbers:
    """What they are counted in: up to which term, of about how many, and each theme's number.

    `themes` holds a number of None where there are too few families to show one.
    """

    how: Counting
    until: str = ""
    of: int | None = None
    themes: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True)
class Group:
    """The small group: whether it may read, when it meets, what it has of theirs, who looked.

    `sentences` come each with the piece it stands in, which says how it is known.
    """

    may_read: bool
    meets_on: date | None
    has_met: bool
    sentences: tuple[tuple[str, Piece], ...]
    looked: tuple[str, ...]


@dataclass(frozen=True)
class WhereWordsWent:
    """Everything on the page."""

    sent_at: datetime | None
    read_back_at: datetime | None
    team_has_read: bool
    channels: tuple[str, ...]
    answers: int
    themes: tuple[str, ...]
    group: Group
    numbers: InNumbers
    outcomes: tuple[OutcomeView, ...]
    quotes: tuple[QuoteView, ...]


def where_words_went(session: Session, interview_id: UUID, now: datetime) -> WhereWordsWent:
    """Where one account went. That it may be shown to who asks is checked by the caller.

    Args:
        session: any session.
        interview_id: the account.
        now: the moment of showing.

    Raises:
        Missing: if there is no such account.
        Erased: if its words are gone.
    """
    interview = fetch(session, Interview, interview_id)
    account = record.account(session, interview_id)
    names = {code.id: code.name for code in current(session).codes.values()}
    found = coded(session, interview_id).codes
    codes = [each for each in names if each in found]
    channels = [piece.channel.value for told in account.answers for piece in told.pieces]
    return WhereWordsWent(
        sent_at=interview.sent_at,
        read_back_at=interview.read_back_at,
        team_has_read=_team_has_read(session, interview, account),
        channels=tuple(dict.fromkeys(channels)),
        answers=len(account.answers),
        themes=tuple(names[each] for each in codes),
        group=_group(session, interview, account, now),
        numbers=_numbers(session, interview, codes, names, now),
        outcomes=tuple(outcomes.of_account(session, interview_id, now)),
        quotes=tuple(quotes.of_account(session, interview_id, now)),
    )


def _group(session: Session, interview: Interview, account: Account, now: datetime) -> Group:
    may_read = bool(open_to(session, [interview.id], Purpose.CHECK, Audience.PANEL, now))
    case_id = case_of(session, interview.id)
    if case_id is None:
        return Group(may_read, None, False, (), ())
    case = fetch(session, Case, case_id)
    meeting = fetch(session, PanelSession, case.session_id)
    put_forward = chosen(session, case_id, now) if may_read else {}
    in_sample = case.stood_down_at is None
    return Group(
        may_read=may_read and in_sample,
        meets_on=meeting.held_on if in_sample else None,
        has_met=has_passed(meeting.held_on, now),
        sentences=tuple(
            (each.text, piece)
            for told in account.answers
            for piece in told.pieces
            for each in piece.sentences
            if each.id in put_forward
        ),
        looked=_looked(session, interview, case_id, meeting),
    )


def _team_has_read(session: Session, interview: Interview, account: Account) -> bool:
    """Whether one of the team was shown it since it was sent, or wrote it down themselves."""
    pieces = [piece for told in account.answers for piece in told.pieces]
    if pieces and all(piece.recorded_by is not None for piece in pieces):
        return True
    if interview.sent_at is None:
        return False
    rows = session.scalars(
        select(TrailRow.fields).where(
            TrailRow.resource == "interview",
            TrailRow.resource_id == interview.id,
            TrailRow.actor_kind == "staff",
            TrailRow.action == "view",
            TrailRow.at >= interview.sent_at,
        )
    )
    return any(WITH_WORDS & set(fields) for fields in rows)


def _looked(
    session: Session, interview: Interview, case_id: UUID, meeting: PanelSession
) -> tuple[str, ...]:
    """The agencies of whose people somebody was shown words of this account.

    A line of the trail about a pack, a copy or a profile names the accounts whose words it showed.
    """
    rows = session.execute(
        select(TrailRow.actor_id, TrailRow.at, TrailRow.fields)
        .where(
            TrailRow.resource == "pack",
            TrailRow.resource_id == case_id,
            TrailRow.actor_kind == "staff",
            TrailRow.action.in_(LOOKED),
        )
        .order_by(TrailRow.at)
    )
    found: set[UUID] = set()
    for actor_id, at, fields in rows:
        if actor_id is None or actor_id in found or str(interview.id) not in fields:
            continue
        there = interview.sent_at is not None and interview.sent_at <= at
        if there and had_agreed(session, interview.id, Purpose.CHECK, at, at):
            found.add(actor_id)
    return _agencies(session, meeting, found)


def _agencies(
    session: Session, meeting: PanelSession, staff_ids: Collection[UUID]
) -> tuple[str, ...]:
    seated = set(
        session.scalars(
            select(PanelSeat.agency).where(
                PanelSeat.session_id == meeting.id, PanelSeat.staff_id.in_(list(staff_ids))
            )
        )
    )
    of_round = fetch(session, Round, meeting.round_id)
    framework = load_framework(of_round.framework, of_round.framework_version)
    return tuple(each.name for each in framework.agencies if each.id in seated)


def _numbers(
    session: Session,
    interview: Interview,
    codes: Sequence[str],
    names: dict[str, str],
    now: datetime,
) -> InNumbers:
    decided = standing(session, interview.id, now).get(Purpose.COUNT)
    if decided is None:
        return InNumbers(Counting.NOT_ASKED)
    if not open_to(session, [interview.id], Purpose.COUNT, Audience.FORUM, now):
        return InNumbers(Counting.SAID_NO)
    family_id = _family(session, interview)
    release: Published | None = releases.counted_in(session, family_id) if family_id else None
    if release is None:
        return InNumbers(Counting.NOT_YET)
    shown = release.themes
    return InNumbers(
        Counting.COUNTED,
        until=shown.terms[-1],
        of=shown.of,
        themes=tuple((names[each], shown.shown(each)) for each in codes),
    )


def _family(session: Session, interview: Interview) -> UUID | None:
    case_id = case_of(session, interview.id)
    if case_id is not None:
        return fetch(session, Child, fetch(session, Case, case_id).child_id).family_id
    if interview.participant_id is None:
        return None
    child_id = fetch(session, Participant, interview.participant_id).child_id
    return fetch(session, Child, child_id).family_id
