"""Opening a round, and finding one: its term, themes, meetings and the framework it pinned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import deadlines
from family_voice.cases.models import PanelSession, Round
from family_voice.frameworks.framework import Audit, Framework, PanelRole
from family_voice.frameworks.loader import load_framework
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch


class RoundProblem(StrEnum):
    """What is wrong with a round that somebody wants to open."""

    UNKNOWN_AUDIT = "unknown_audit"
    TERM_MISSING = "term_missing"
    TERM_TAKEN = "term_taken"
    NO_THEME = "no_theme"
    UNKNOWN_THEME = "unknown_theme"
    WRONG_NUMBER_OF_SESSIONS = "wrong_number_of_sessions"
    NOT_IN_ORDER = "not_in_order"
    NOT_A_WORKING_DAY = "not_a_working_day"


class CannotOpen(ValueError):
    """The round cannot be opened; `problems` holds every reason at once."""

    def __init__(self, problems: Sequence[RoundProblem]) -> None:
        super().__init__(", ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class SessionView:
    """One Level 4 meeting of a round."""

    id: UUID
    number: int
    held_on: date
    heard_by: date


@dataclass(frozen=True)
class RoundView:
    """A round as pages show it.

    `audit` is which of the framework's audits it is. `themes` holds the ids of the values chosen,
    by theme, and `theme_names` their names. `changed_since` says that the framework's file no
    longer reads as it did when the round was opened.
    """

    id: UUID
    term: str
    framework: Framework
    audit: Audit
    themes: Mapping[str, Sequence[str]]
    theme_names: tuple[str, ...]
    opened_at: datetime
    freezes_on: date
    sessions: tuple[SessionView, ...]
    changed_since: bool = False

    @property
    def panel(self) -> tuple[PanelRole, ...]:
        """The roles that look at its cases."""
        return self.framework.panel(self.audit)

    def frozen(self, now: datetime) -> bool:
        """Whether its links have stopped working and its figures stay as they are."""
        return deadlines.has_passed(self.freezes_on, now)

    @property
    def links_work_until(self) -> datetime:
        """The moment at which every link and code of this round stops working."""
        return deadlines.end_of(self.freezes_on)


def open_round(
    session: Session,
    *,
    term: str,
    themes: Mapping[str, Sequence[str]],
    held_on: Sequence[date],
    framework: Framework,
    now: datetime,
    audit_id: str | None = None,
) -> UUID:
    """Open a round. Heard-by days and the day it freezes follow from the framework's deadlines.

    Args:
        session: a writing session.
        term: its name, such as "Autumn 2026"; no two rounds share one.
        themes: values chosen, by theme of the framework.
        held_on: the days of its Level 4 sessions, in order.
        framework: the version in force, which the round pins.
        now: when.
        audit_id: which of the framework's audits; None for the one that hears families.

    Returns:
        The round's id.

    Raises:
        CannotOpen: with every problem.
    """
    term = " ".join(term.split())
    chosen = {theme: list(values) for theme, values in themes.items() if values}
    try:
        audit = framework.main_audit if audit_id is None else framework.audit(audit_id)
    except KeyError:
        raise CannotOpen([RoundProblem.UNKNOWN_AUDIT]) from None
    problems = [
        *_term_problems(session, term),
        *_theme_problems(chosen, framework, audit),
        *_date_problems(held_on, audit),
    ]
    if problems:
        raise CannotOpen(problems)
    rule = framework.deadlines
    row = Round(
        id=new_id(),
        term=term,
        framework=framework.id,
        framework_version=framework.version,
        fingerprint=framework.fingerprint,
        audit=audit.id,
        themes=chosen,
        opened_at=now,
        freezes_on=deadlines.freezes_on(held_on[-1], rule.freeze_working_days_after_last_session),
    )
    session.add(row)
    session.flush()
    for number, day in enumerate(held_on, 1):
        heard_by = deadlines.heard_by(day, rule.heard_by_working_days_before_session)
        session.add(PanelSession(round_id=row.id, number=number, held_on=day, heard_by=heard_by))
    session.flush()
    return row.id


def all_rounds(session: Session) -> list[RoundView]:
    """Every round, the one with the latest meetings first."""
    return _views(session, list(session.scalars(select(Round).order_by(Round.freezes_on.desc()))))


def round_view(session: Session, round_id: UUID) -> RoundView:
    """One round. Raises Missing."""
    return _views(session, [fetch(session, Round, round_id)])[0]


def current_round(session: Session, today: date) -> RoundView | None:
    """The round that work goes on in: of those not frozen the one that freezes first, else the
    last that froze; None before the first round. Only of audits that hear families: the others
    look at papers, and there is nobody to reach."""
    rounds = all_rounds(session)
    heard = [each for each in rounds if each.audit.hears_families]
    going_on = [each for each in heard if each.freezes_on >= today]
    return going_on[-1] if going_on else next(iter(heard), None)


def round_of_session(session: Session, session_id: UUID) -> RoundView:
    """The round that a Level 4 session belongs to. Raises Missing."""
    return round_view(session, fetch(session, PanelSession, session_id).round_id)


def _views(session: Session, rows: list[Round]) -> list[RoundView]:
    meetings: dict[UUID, list[SessionView]] = {}
    for row in session.scalars(
        select(PanelSession)
        .where(PanelSession.round_id.in_([each.id for each in rows]))
        .order_by(PanelSession.number)
    ):
        view = SessionView(row.id, row.number, row.held_on, row.heard_by)
        meetings.setdefault(row.round_id, []).append(view)
    return [_view(row, tuple(meetings.get(row.id, ()))) for row in rows]


def _view(row: Round, meetings: tuple[SessionView, ...]) -> RoundView:
    framework = load_framework(row.framework, row.framework_version)
    return RoundView(
        id=row.id,
        term=row.term,
        framework=framework,
        audit=framework.audit(row.audit),
        themes={theme: tuple(values) for theme, values in row.themes.items()},
        theme_names=framework.names_chosen(row.themes),
        opened_at=row.opened_at,
        freezes_on=row.freezes_on,
        sessions=meetings,
        changed_since=bool(row.fingerprint) and row.fingerprint != framework.fingerprint,
    )


def _term_problems(session: Session, term: str) -> list[RoundProblem]:
    if not term:
        return [RoundProblem.TERM_MISSING]
    taken = {name.casefold() for name in session.scalars(select(Round.term))}
    return [RoundProblem.TERM_TAKEN] if term.casefold() in taken else []


def _theme_problems(
    chosen: Mapping[str, Sequence[str]], rule: Framework, audit: Audit
) -> list[RoundProblem]:
    if audit.themed and not chosen:
        return [RoundProblem.NO_THEME]
    allowed = {theme.id: {value.id for value in theme.values} for theme in rule.themes}
    unknown = any(not set(values) <= allowed.get(theme, set()) for theme, values in chosen.items())
    return [RoundProblem.UNKNOWN_THEME] if unknown else []


def _date_problems(held_on: Sequence[date], audit: Audit) -> list[RoundProblem]:
    if len(held_on) != audit.sessions:
        return [RoundProblem.WRONG_NUMBER_OF_SESSIONS]
    problems = []
    if list(held_on) != sorted(held_on):
        problems.append(RoundProblem.NOT_IN_ORDER)
    if not all(deadlines.is_working_day(day) for day in held_on):
        problems.append(RoundProblem.NOT_A_WORKING_DAY)
    return problems
