"""Whose rules the made-up borough works by: the families that are written, fitted to a framework.

The families were written for Blackburn with Darwen's rules. Elsewhere placements and groups go by
other ids, and an audit that looks at plans only takes the families who have one. Nobody's words are
changed for it: whoever has said something keeps the plan that their words are about. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from family_voice.demo.written import WrittenFamily, WrittenRound, written_rounds
from family_voice.frameworks.framework import Audit, Framework
from family_voice.frameworks.loader import available, version_in_force

DEFAULT: Final = "blackburn_with_darwen"
SCHOOL_ENDS: Final = 11
#: What goes by another id elsewhere: the first that a framework has. What it has not, is left out.
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "mainstream_in_borough": ("mainstream",),
    "mainstream_out_of_borough": ("out_of_area",),
    "special_maintained_in_borough": ("special",),
    "special_maintained_out_of_borough": ("out_of_area",),
    "special_independent_in_borough": ("special_independent",),
    "special_independent_out_of_borough": ("special_independent", "out_of_area"),
    "youth_custody": ("youth_justice",),
}
#: Under which key question what was said to a heading mostly belongs, as `question.part`.
_QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "important": ("journey", "voice"),
    "working_well": ("working_well", "good_progress", "collaboration", "provision"),
    "difference": ("difference", "progress_shown", "aspiration.child", "outcomes"),
    "worries": ("worries", "views", "quality", "strengths_needs"),
    "next": ("next.child", "next.service", "aspiration.service", "parents"),
}


class UnknownArea(LookupError):
    """There is no framework of this name; the message lists those there are."""


@dataclass(frozen=True)
class Area:
    """A framework in force, and its audit that hears families."""

    framework: Framework

    @property
    def audit(self) -> Audit:
        """The audit that the demo's rounds are of."""
        return self.framework.main_audit

    @property
    def partners(self) -> tuple[str, ...]:
        """The agencies that need a data-sharing agreement."""
        return tuple(each.id for each in self.framework.agencies if not each.own)

    def fitted(self, theme: str, value: str) -> str:
        """A value of a theme by the id that it has here; empty if it has none."""
        known = {each.id for each in self.framework.theme(theme).values}
        return next((each for each in (value, *_ALIASES.get(value, ())) if each in known), "")

    def placement(self, family: WrittenFamily) -> str:
        """Where a child of a family learns, by the id that it has here."""
        found = self.fitted("placement", family.placement)
        at_college = family.year > SCHOOL_ENDS and found == "mainstream"
        return (self.fitted("placement", "college") or found) if at_college else found

    def places(self) -> dict[str, tuple[str, ...]]:
        """By heading of the guide, the places on the pack where what was said to it may stand."""
        there = {
            f"{question.id}.{part.id}" if part else question.id
            for question in self.framework.key_questions
            for part in question.parts or (None,)
        }
        return {
            heading: tuple(each for each in wanted if each in there)
            for heading, wanted in _QUESTIONS.items()
        }


def area_of(framework_id: str, today: date) -> Area:
    """The area that works by a framework.

    Raises:
        UnknownArea: if there is no such framework.
    """
    versions = [each for each in available() if each.id == framework_id]
    if not versions:
        names = ", ".join(sorted({each.id for each in available()}))
        raise UnknownArea(f"There is no framework {framework_id}. Choose one of: {names}.")
    first = min(each.starts for each in versions)
    return Area(version_in_force(framework_id, max(today, first)))


def rounds_for(area: Area) -> tuple[WrittenRound, ...]:
    """What is written, as the rounds that an area would have held, the current one first."""
    written = written_rounds()
    if area.framework.id == DEFAULT:
        return written
    size = area.audit.cases
    first, *others = (
        [_as_here(area, family) for family in round_.families if _looked_at(area, family)]
        for round_ in written
    )
    pool = [family for families in others for family in families]
    # Whoever has not begun stands last; before them, enough who have been heard.
    more = [family for family in pool if _heard_otherwise(family)][: max(0, size - len(first))]
    current = [*first[:-1][: size - 1 - len(more)], *more, first[-1]]
    rest = [family for family in pool if family not in more]
    return tuple(
        WrittenRound(area.audit.name, _themes(area), tuple(families))
        for families in (current, *_chunks(rest, size))
    )


def _looked_at(area: Area, family: WrittenFamily) -> bool:
    """Whether the audit takes such a case. Who has said nothing can have any plan."""
    return family.plan in area.audit.plan_types or not family.accounts


def _heard_otherwise(family: WrittenFamily) -> bool:
    """Heard, and not by text: in the current round that goes through the pretend phone, which asks
    what a text can ask, and one conversation is enough to see it."""
    return family.outcome == "heard" and all(each.channel != "text" for each in family.accounts)


def _as_here(area: Area, family: WrittenFamily) -> WrittenFamily:
    plans = area.audit.plan_types
    return replace(
        family,
        plan=family.plan if family.plan in plans else plans[0],
        groups=tuple(
            filter(None, (area.fitted("vulnerable_group", each) for each in family.groups))
        ),
    )


def _themes(area: Area) -> dict[str, tuple[str, ...]]:
    """The families were not brought together by a theme: where there must be one, every need."""
    if not area.audit.themed:
        return {}
    theme = area.framework.theme("area_of_need")
    return {theme.id: tuple(value.id for value in theme.values)}


def _chunks(families: list[WrittenFamily], size: int) -> Iterator[list[WrittenFamily]]:
    for start in range(0, len(families) - size + 1, size):
        yield families[start : start + size]
