"""Taking a caseload file into a round: all of it, or nothing and every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases import match_keys
from family_voice.cases.caseload import CaseRow, ParticipantRow, label, read_caseload
from family_voice.cases.caseload_file import Problem
from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import final_of
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.reaching import follow_number
from family_voice.cases.rounds import RoundView, round_view
from family_voice.cases.sample_models import SampledCase
from family_voice.cases.sampled import order_of, sample_of
from family_voice.language.texts import _
from family_voice.people import register
from family_voice.people.facts import ChildFacts, ContactFacts, PersonFacts
from family_voice.security.sealing import Place
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock


class CaseloadRefused(ValueError):
    """The file cannot be taken. `problems` names each by line and column; nothing was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems in the file")
        self.problems = tuple(sorted(set(problems)))


@dataclass(frozen=True)
class Imported:
    """What came in, and what is worth a look."""

    case_ids: tuple[UUID, ...]
    notices: tuple[str, ...]


def import_cases(session: Session, round_id: UUID, data: bytes, now: datetime) -> Imported:
    """Read a round's cases from a CSV file and store them.

    Where the round has a sample, only the cases in it are taken. Children known by their reference
    are reused, siblings share a family (see
    `people.register.keep_child`).

    Args:
        session: a writing session.
        round_id: into which round.
        data: the file.
        now: when.

    Returns:
        The cases made.

    Raises:
        CaseloadRefused: with every problem; nothing was stored.
    """
    lock(session, Round, round_id)
    into = round_view(session, round_id)
    if final_of(session, round_id) is not None:
        raise CaseloadRefused([Problem(0, "", _("Level 3 of this round is final. Open it again."))])
    if not into.audit.hears_families:
        say = _(
            "This audit looks at papers and hears no family, so no names are handed in. Draw its "
            "cases instead."
        )
        raise CaseloadRefused([Problem(0, "", say)])
    caseload = read_caseload(data, into.framework, into.audit, london_date(now))
    problems = [*caseload.problems, *_clashes(session, into, caseload.cases)]
    if problems:
        raise CaseloadRefused(problems)
    before = _case_count(session, round_id)
    places = {
        order_of(line.reference): line.place_id for line in sample_of(session, into.id).waiting
    }
    made = []
    for number, row in enumerate(caseload.cases, before + 1):
        made.append(_keep(session, into, row, number, now))
        if place_id := places.get(order_of(row.case_reference)):
            place = fetch(session, SampledCase, place_id)
            place.case_id, place.session_number = made[-1], row.session
    session.flush()
    return Imported(tuple(made), caseload.notices)


def _clashes(session: Session, into: RoundView, rows: Sequence[CaseRow]) -> list[Problem]:
    """What is wrong only because of what is stored already."""
    problems = []
    here = _children_of(session, into.id)
    sample = sample_of(session, into.id)
    waiting = {order_of(line.reference) for line in sample.waiting}
    room = _room_left(session, into)
    for row in rows:
        known = register.known_child(session, row.case_reference)
        reference = label("case_reference")
        if known and known.id in here:
            problems.append(
                Problem(
                    row.line, reference, _("This round already has this case. Remove its lines.")
                )
            )
        elif sample.closed and order_of(row.case_reference) not in waiting:
            problems.append(
                Problem(
                    row.line,
                    reference,
                    _(
                        "This case is not in the round's sample. Remove its lines, or pick it by "
                        "hand on the sample page first."
                    ),
                )
            )
        elif known and known.facts.date_of_birth not in (None, row.date_of_birth):
            problems.append(
                Problem(
                    row.line,
                    label("date_of_birth"),
                    _(
                        "An earlier round has this case reference with another date of birth. "
                        "Check both, "
                        "so that one child's account is never put with another's."
                    ),
                )
            )
        room[row.session] -= 1
        if room[row.session] < 0:
            problems.append(
                Problem(
                    row.line,
                    label("session"),
                    _("Session %(session)d has no room for another case.", session=row.session),
                )
            )
    return problems


def _children_of(session: Session, round_id: UUID) -> set[UUID]:
    return set(
        session.scalars(
            select(Case.child_id).join(PanelSession).where(PanelSession.round_id == round_id)
        )
    )


def _room_left(session: Session, into: RoundView) -> dict[int, int]:
    """Places in each session; a case that was stood down leaves its place to another."""
    taken = dict(
        session.execute(
            select(PanelSession.number, func.count())
            .join(Case)
            .where(PanelSession.round_id == into.id, Case.stood_down_at.is_(None))
            .group_by(PanelSession.number)
        ).all()
    )
    most = into.audit.cases_per_session
    return {each.number: most - taken.get(each.number, 0) for each in into.sessions}


def _case_count(session: Session, round_id: UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Case)
            .join(PanelSession)
            .where(PanelSession.round_id == round_id)
        )
        or 0
    )


def _keep(session: Session, into: RoundView, row: CaseRow, number: int, now: datetime) -> UUID:
    child = ChildFacts(
        reference=row.case_reference,
        first_name=row.child_first_name,
        last_name=row.child_last_name,
        date_of_birth=row.date_of_birth,
        school=row.school,
    )
    child_id = register.keep_child(
        session, child, [_person(each) for each in row.participants], now
    )
    match_keys.keep(session, child_id, child)
    for person in register.people_of(session, [child_id]).get(child_id, ()):
        follow_number(session, person.id, person.facts.contact.mobile, now)
    case_id = new_id()

    def sealed(column: str, text: str) -> bytes | None:
        return register.seal_for_child(session, child_id, Place("case", column, case_id), text)

    session.add(
        Case(
            id=case_id,
            session_id=next(each.id for each in into.sessions if each.number == row.session),
            child_id=child_id,
            number=number,
            plan_type=row.plan_type,
            year_group="" if row.year_group is None else str(row.year_group),
            area_of_need=row.area_of_need,
            placement=row.placement,
            vulnerable_groups=list(row.vulnerable_groups),
            care_status=row.care_status,
            worker=sealed("worker", row.responsible_worker),
            manager=sealed("manager", row.responsible_manager),
        )
    )
    session.flush()
    return case_id


def _person(row: ParticipantRow) -> PersonFacts:
    return PersonFacts(
        relationship=row.relationship,
        parental_responsibility=row.parental_responsibility,
        first_name=row.first_name,
        last_name=row.last_name,
        contact=ContactFacts(
            mobile=row.mobile or "",
            email=row.email or "",
            language=row.language,
            access_needs=row.access_needs,
            safe_to_contact=row.safe_to_contact,
            safe_how=row.how_to_contact_safely,
            safe_confirmed_by=row.safe_confirmed_by,
            introduced_by=row.introduced_by,
            safe_hours=row.safe_hours,
        ),
    )
