"""A round's sample as it stands: who was drawn or picked, and what they were drawn from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from family_voice.cases import school_years
from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.cases.caseload_reading import Entry, entries, entries_of
from family_voice.cases.deadlines import LONDON
from family_voice.cases.ledger import StoodDown
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.rounds import RoundView, round_view
from family_voice.cases.sample_models import SampledCase, SampleDraw
from family_voice.cases.sampling import MONTHS_OF, Candidate, LeftOut, period_before
from family_voice.people import register
from family_voice.people.models import Child
from family_voice.storage.locking import fetch


class How(StrEnum):
    """How a case came into the sample."""

    DRAWN = "drawn"
    REPLACEMENT = "replacement"
    BY_HAND = "by_hand"


class Why(StrEnum):
    """Why somebody picked a case by hand. `WITH_FILE`: it came in without a draw."""

    ASKED_FOR = "asked_for"
    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    TOO_FEW = "too_few"
    OTHER = "other"
    WITH_FILE = "with_file"


@dataclass(frozen=True)
class SampleLine:
    """One case of the sample. `place_id` is None for one that came in with a file and no draw.

    `reference` is empty once a child has left the caseload whose names never came in; `gone` says
    that it has left. `instead_of` is the number of the one it replaces, `left_out` why the rule
    would not have drawn it.
    """

    place_id: UUID | None
    number: int
    session_number: int
    reference: str
    plan_type: str
    year_group: int | None
    phase: str
    area_of_need: str
    placement: str
    vulnerable_groups: tuple[str, ...]
    stratum: str
    how: How
    why: Why | None
    left_out: LeftOut | None
    instead_of: int | None
    case_id: UUID | None
    stood_down: StoodDown | None
    gone: bool

    @property
    def waits_for_names(self) -> bool:
        """Whether it stands and nobody has brought its names and contacts yet."""
        return self.case_id is None and self.stood_down is None


@dataclass(frozen=True)
class DrawView:
    """The draw of a round, and what makes it repeatable."""

    seed: int
    seed_given: bool
    drawn_on: date
    in_caseload: int
    may_be_drawn: int
    left_out: Mapping[LeftOut, int]
    by: UUID | None
    at: datetime


@dataclass(frozen=True)
class SampleView:
    """A round's sample."""

    round: RoundView
    draw: DrawView | None
    lines: tuple[SampleLine, ...]

    @property
    def standing(self) -> tuple[SampleLine, ...]:
        """Those that have not been stood down."""
        return tuple(line for line in self.lines if line.stood_down is None)

    @property
    def empty(self) -> int:
        """How many places nobody has."""
        return max(0, self.round.audit.cases - len(self.standing))

    @property
    def waiting(self) -> tuple[SampleLine, ...]:
        """Those whose names and contacts have still to come in."""
        return tuple(line for line in self.lines if line.waits_for_names)

    @property
    def closed(self) -> bool:
        """Whether the round takes only the cases that are in its sample."""
        return any(line.place_id for line in self.lines)


def sample_of(session: Session, round_id: UUID) -> SampleView:
    """A round's sample as it stands. Raises Missing."""
    found = round_view(session, round_id)
    rows = places_of(session, round_id)
    cases = {
        case.id: (case, number)
        for case, number in session.execute(
            select(Case, PanelSession.number)
            .join(PanelSession, PanelSession.id == Case.session_id)
            .where(PanelSession.round_id == round_id)
            .order_by(Case.number)
        )
    }
    known = entries_of(session, [row.entry_id for row in rows if row.entry_id])
    children = register.children(session, {case.child_id for case, _number in cases.values()})
    drawn = session.scalar(select(SampleDraw).where(SampleDraw.round_id == round_id))
    on = drawn.drawn_on if drawn else found.opened_at.astimezone(LONDON).date()
    number_of = {row.id: row.number for row in rows}
    lines = []
    for row in rows:
        case, session_number = None, row.session_number
        if row.case_id is not None:
            case, session_number = cases.pop(row.case_id)
        entry, gone = known.get(row.entry_id, (None, True)) if row.entry_id else (None, True)
        reference = entry.reference if entry else ""
        if case is not None:
            reference = children[case.child_id].facts.reference
        lines.append(_line(row, case, session_number, entry, reference, gone, number_of, on))
    for number, (case, session_number) in enumerate(cases.values(), len(lines) + 1):
        reference = children[case.child_id].facts.reference
        lines.append(_line_of_file(case, number, session_number, reference))
    return SampleView(found, _draw_view(drawn), tuple(lines))


def how_many_wait(session: Session, of_round: RoundView) -> int:
    """How many cases of a round stand in its sample and wait for their names; opens nothing.

    None does where no family is heard: such an audit looks at papers.
    """
    if not of_round.audit.hears_families:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(SampledCase)
            .where(
                SampledCase.round_id == of_round.id,
                SampledCase.case_id.is_(None),
                SampledCase.stood_down_reason.is_(None),
            )
        )
        or 0
    )


def place_in(session: Session, place_id: UUID) -> tuple[UUID, SampleLine]:
    """The round that a place is in, and its line there. Raises Missing."""
    round_id = fetch(session, SampledCase, place_id).round_id
    lines = sample_of(session, round_id).lines
    return round_id, next(line for line in lines if line.place_id == place_id)


def places_of(session: Session, round_id: UUID) -> list[SampledCase]:
    """The places of a round's sample that were drawn or picked, in order."""
    return list(
        session.scalars(
            select(SampledCase).where(SampledCase.round_id == round_id).order_by(SampledCase.number)
        )
    )


def caseload_candidates(
    session: Session, into: RoundView, on: date
) -> list[tuple[Candidate, Entry]]:
    """Everybody in the caseload as the draw of a round sees them on a day."""
    history = _history(session, into, on)
    return [(_candidate(entry, on, history), entry) for entry in entries(session)]


def candidate_of(session: Session, into: RoundView, on: date, entry: Entry) -> Candidate:
    """One child of the caseload as the draw of a round sees it on a day."""
    return _candidate(entry, on, _history(session, into, on))


def order_of(reference: str) -> str:
    """A reference as the order of a draw takes it: however somebody typed it."""
    return unicodedata.normalize("NFKC", reference).strip().casefold()


def themes_of(entry: Entry, on: date) -> dict[str, frozenset[str]]:
    """What of a framework's themes the caseload says about a child."""
    group = entry.year_group_on(on)
    stage = {school_years.PRE_5: "early_years"}.get(entry.phase_on(on), entry.phase_on(on))
    return {
        "area_of_need": frozenset(filter(None, [entry.area_of_need])),
        "placement": frozenset(filter(None, [entry.placement])),
        "vulnerable_group": frozenset(entry.vulnerable_groups),
        "transition_year": frozenset() if group is None else frozenset([f"year_{group}"]),
        "stage": frozenset(filter(None, [stage])),
    }


#: The themes that a caseload can be drawn by; another one of a framework narrows nothing.
THEMES_KNOWN = frozenset(
    {"area_of_need", "placement", "vulnerable_group", "transition_year", "stage"}
)


def themes_drawn_by(into: RoundView) -> dict[str, tuple[str, ...]]:
    """The round's themes as far as the caseload knows them."""
    return {theme: tuple(values) for theme, values in into.themes.items() if theme in THEMES_KNOWN}


@dataclass(frozen=True)
class _History:
    """By line of the caseload, what other rounds did with the child."""

    last: Mapping[UUID, date]
    drawn_by: Mapping[UUID, set[str]]


def _candidate(entry: Entry, on: date, history: _History) -> Candidate:
    audited = (entry.last_audited_on, history.last.get(entry.id))
    return Candidate(
        id=order_of(entry.reference),
        plan_type=entry.plan_type,
        phase=entry.phase_on(on),
        plan_finalised_on=entry.plan_finalised_on,
        review_finalised_on=entry.review_finalised_on,
        last_audited_on=max(filter(None, audited), default=None),
        drawn_by=frozenset(history.drawn_by.get(entry.id, ())),
        themes=themes_of(entry, on),
    )


def _history(session: Session, into: RoundView, on: date) -> _History:
    """The last meeting each was before, and which audits drew it since the period began.

    Of every other round, except where it was stood down; a meeting may be still to come.
    """
    period = into.audit.period
    since = period_before(on, period)[0] if period in MONTHS_OF else date.min
    last: dict[UUID, date] = {}
    drawn_by: dict[UUID, set[str]] = {}
    came = (
        select(CaseloadEntry.id, PanelSession.held_on, Round.audit, Round.opened_at)
        .join(Child, Child.reference_index == CaseloadEntry.reference_index)
        .join(Case, Case.child_id == Child.id)
        .join(PanelSession, PanelSession.id == Case.session_id)
        .join(Round, Round.id == PanelSession.round_id)
        .where(Round.id != into.id, Case.stood_down_at.is_(None))
    )
    waits = (
        select(SampledCase.entry_id, PanelSession.held_on, Round.audit, Round.opened_at)
        .join(Round, Round.id == SampledCase.round_id)
        .join(
            PanelSession,
            and_(
                PanelSession.round_id == Round.id,
                PanelSession.number == SampledCase.session_number,
            ),
        )
        .where(
            Round.id != into.id,
            SampledCase.entry_id.is_not(None),
            SampledCase.case_id.is_(None),
            SampledCase.stood_down_at.is_(None),
        )
    )
    for query in (came, waits):
        for entry_id, held_on, audit, opened_at in session.execute(query):
            if entry_id is None:
                continue
            last[entry_id] = max(held_on, last.get(entry_id, held_on))
            if opened_at >= datetime.combine(since, time(), LONDON):
                drawn_by.setdefault(entry_id, set()).add(audit)
    return _History(last, drawn_by)


def _line(
    row: SampledCase,
    case: Case | None,
    session_number: int,
    entry: Entry | None,
    reference: str,
    gone: bool,
    number_of: Mapping[UUID, int],
    on: date,
) -> SampleLine:
    reason = case.stood_down_reason if case else row.stood_down_reason
    about = case or entry
    return SampleLine(
        place_id=row.id,
        number=row.number,
        session_number=session_number,
        reference=reference,
        plan_type=case.plan_type if case else row.plan_type,
        year_group=_year_group(case) if case else (entry.year_group_on(on) if entry else None),
        phase=row.phase,
        area_of_need=about.area_of_need if about else "",
        placement=about.placement if about else "",
        vulnerable_groups=tuple(about.vulnerable_groups) if about else (),
        stratum=row.stratum,
        how=How(row.how),
        why=Why(row.why) if row.why else None,
        left_out=LeftOut(row.left_out) if row.left_out else None,
        instead_of=number_of.get(row.instead_of) if row.instead_of else None,
        case_id=row.case_id,
        stood_down=StoodDown(reason) if reason else None,
        gone=gone,
    )


def _line_of_file(case: Case, number: int, session_number: int, reference: str) -> SampleLine:
    return SampleLine(
        place_id=None,
        number=number,
        session_number=session_number,
        reference=reference,
        plan_type=case.plan_type,
        year_group=_year_group(case),
        phase=school_years.phase(_year_group(case)),
        area_of_need=case.area_of_need,
        placement=case.placement,
        vulnerable_groups=tuple(case.vulnerable_groups),
        stratum="",
        how=How.BY_HAND,
        why=Why.WITH_FILE,
        left_out=None,
        instead_of=None,
        case_id=case.id,
        stood_down=StoodDown(case.stood_down_reason) if case.stood_down_reason else None,
        gone=False,
    )


def _year_group(case: Case) -> int | None:
    return int(case.year_group) if case.year_group else None


def _draw_view(row: SampleDraw | None) -> DrawView | None:
    if row is None:
        return None
    return DrawView(
        seed=row.seed,
        seed_given=row.seed_given,
        drawn_on=row.drawn_on,
        in_caseload=row.in_caseload,
        may_be_drawn=row.may_be_drawn,
        left_out={LeftOut(reason): count for reason, count in row.left_out.items()},
        by=row.by,
        at=row.at,
    )
