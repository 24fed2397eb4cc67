"""Who is not heard: every family of some rounds, whether it was heard, and of which kinds it is.

Exact families; what of them may be shown is worked out in `sharing.who_is_not_heard`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.ledger import Reason, family_reasons, ledger_line
from family_voice.cases.models import PanelSession
from family_voice.people.facts import is_professional
from family_voice.people.models import Child, Participant

#: Rounds with a meeting in so many days: about three school years, so that there are enough
#: families to say anything, and a council can still do something about it.
LOOKS_BACK_DAYS: Final = 3 * 365


class Kind(StrEnum):
    """By what families are told apart."""

    PLAN = "plan"
    NEED = "need"
    PLACEMENT = "placement"
    GROUP = "group"
    LANGUAGE = "language"
    AREA = "area"


@dataclass(frozen=True)
class Kindred:
    """The families of one kind with one value, such as placement: special school."""

    families: frozenset[Hashable]
    heard: frozenset[Hashable]


Families = Mapping[Kind, Mapping[str, Kindred]]


def rounds_since(session: Session, day: date) -> list[UUID]:
    """The rounds with a meeting on or after this day."""
    return list(
        session.scalars(select(PanelSession.round_id).where(PanelSession.held_on >= day).distinct())
    )


def families(session: Session, round_ids: Collection[UUID], now: datetime) -> Families:
    """Every family of these rounds by kind and value; cases that were stood down are left out.

    A family that was met in several rounds, or with several children, counts once in each value
    that any of its cases has, and as heard if it was heard in any.
    """
    cases = [
        each for each in cases_of_rounds(session, round_ids, now) if each.facts.stood_down is None
    ]
    heard = {
        family
        for family, reason in family_reasons(ledger_line(each.facts, now) for each in cases).items()
        if reason is Reason.HEARD
    }
    languages = _languages(session, cases)
    areas = _areas(session, cases)
    return {
        kind: _by_value(
            (
                (value, each.family_id)
                for each in cases
                for value in _values(kind, each, languages, areas)
            ),
            heard,
        )
        for kind in Kind
    }


def _values(
    kind: Kind,
    each: Gathered,
    languages: Mapping[UUID, Collection[str]],
    areas: Mapping[UUID, str],
) -> Collection[str]:
    case = each.case
    if kind is Kind.PLAN:
        return [case.plan_type]
    if kind is Kind.NEED:
        return [case.area_of_need]
    if kind is Kind.PLACEMENT:
        return [case.placement]
    if kind is Kind.GROUP:
        return case.vulnerable_groups
    if kind is Kind.LANGUAGE:
        return languages.get(case.child_id, ())
    return [areas[case.child_id]] if case.child_id in areas else []


def _by_value(
    pairs: Iterable[tuple[str, Hashable]], heard: Collection[Hashable]
) -> dict[str, Kindred]:
    found: dict[str, set[Hashable]] = {}
    for value, family in pairs:
        if value:
            found.setdefault(value, set()).add(family)
    return {
        value: Kindred(frozenset(those), frozenset(those & set(heard)))
        for value, those in found.items()
    }


def _languages(session: Session, cases: Iterable[Gathered]) -> dict[UUID, set[str]]:
    """By child, the languages of those who may speak for the family."""
    found: dict[UUID, set[str]] = {}
    for child_id, language, relationship in session.execute(
        select(Participant.child_id, Participant.language, Participant.relationship).where(
            Participant.child_id.in_({each.case.child_id for each in cases})
        )
    ):
        if not is_professional(relationship):
            found.setdefault(child_id, set()).add(language)
    return found


def _areas(session: Session, cases: Iterable[Gathered]) -> dict[UUID, str]:
    """By child, the part of the council's area that the caseload names."""
    return {
        child_id: area
        for child_id, area in session.execute(
            select(Child.id, CaseloadEntry.area)
            .join(CaseloadEntry, CaseloadEntry.reference_index == Child.reference_index)
            .where(Child.id.in_({each.case.child_id for each in cases}))
        )
        if area
    }
