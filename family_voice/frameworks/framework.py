"""What a framework says, as values that nothing can change after loading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

FREQUENCIES = ("monthly", "half_termly", "termly", "yearly", "when_needed")
EVENTS = ("any", "plan_finalised", "review_finalised")
PERIODS = ("any", "month", "half_term", "term")
PHASES = ("pre_5", "primary", "secondary", "post_16")


@dataclass(frozen=True)
class Named:
    """Something with an id that the records keep and a name that people read."""

    id: str
    name: str


@dataclass(frozen=True)
class Level:
    """One level of assurance: what it looks at, how often, at how much, and who takes part."""

    number: int
    name: str
    focus: str
    frequency: str
    sample: str
    participation: str


@dataclass(frozen=True)
class Stratum(Named):
    """A kind of case that a sample must hold a number of.

    A case fits when its plan type and its phase are among those named; none named means any.
    One case fills one place: a case counted for one stratum is not counted for another.
    """

    at_least: int
    plan_types: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step(Named):
    """Something to be done in an audit's calendar.

    `week` counts from the first week of the audit's period; None is a step with no fixed week.
    `working_days` is how long whoever does it may take; None is no limit. `by` is a role's id,
    or empty.
    """

    week: int | None
    working_days: int | None
    by: str


@dataclass(frozen=True)
class Recipient(Named):
    """Who gets an audit's report or, with `cover_sheet`, only the sheet about one case."""

    cover_sheet: bool = False


@dataclass(frozen=True)
class Audit(Named):
    """One kind of audit that a framework holds again and again.

    Attributes:
        level: the framework's number for it; None in a framework without numbered levels.
        frequency: one of FREQUENCIES.
        cases, sessions, cases_per_session: how many cases, and how they fall into meetings.
        strata: what the sample must hold; what they leave over is drawn from everybody.
        plan_types: which children may be drawn at all.
        event: one of EVENTS; what has to have happened to a plan for it to be drawn.
        period: one of PERIODS; when the event was, counted back from the draw.
        years_with_plan_at_least: for how long a child has had a plan; 0 asks for none.
        not_audited_within_months: leaves out cases audited lately, in whichever audit.
        not_drawn_by: audits whose cases of the same period are left out.
        themed: whether a round of it has a theme.
        hears_families: 100 where the family of every case is heard; 0 for a look at papers only.
        families_level: the framework's number for hearing them, if it has one.
        meets_family: whether those who review meet the family themselves.
        auditors: ids of the roles that take part; empty for all roles.
        steps: its calendar, in order.
        pack_contents: the papers that auditors get of each case.
        distribution: who gets what was found, by `secure_route`.
    """

    level: int | None
    frequency: str
    cases: int
    sessions: int
    cases_per_session: int
    strata: tuple[Stratum, ...]
    plan_types: tuple[str, ...]
    event: str = "any"
    period: str = "any"
    years_with_plan_at_least: int = 0
    not_audited_within_months: int = 0
    not_drawn_by: tuple[str, ...] = ()
    themed: bool = False
    hears_families: int = 0
    families_level: int | None = None
    meets_family: bool = False
    auditors: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    pack_contents: tuple[Named, ...] = ()
    distribution: tuple[Recipient, ...] = ()
    secure_route: str = ""


@dataclass(frozen=True)
class Theme:
    """One kind of theme (such as placement) and the values that a round or a case can have."""

    id: str
    name: str
    values: tuple[Named, ...]


@dataclass(frozen=True)
class KeyQuestion:
    """A key question; `parts` is empty unless the question is answered in parts."""

    id: str
    text: str
    parts: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Agency(Named):
    """Whom a panel member speaks for; a partner (not `own`) needs a data-sharing agreement."""

    own: bool = False


@dataclass(frozen=True)
class PanelRole:
    """A role on the panel, the agency it speaks for, and whether every session needs it."""

    id: str
    name: str
    agency: str
    every_session: bool


@dataclass(frozen=True)
class JudgementPoint:
    """A point on the scale. An empty label is one the area has not written yet."""

    value: int
    label: str


@dataclass(frozen=True)
class JudgementScale:
    """The scale of the overall judgement, best first."""

    id: str
    points: tuple[JudgementPoint, ...]

    @property
    def unfilled(self) -> tuple[int, ...]:
        """The values of the points whose wording the area has still to write."""
        return tuple(point.value for point in self.points if not point.label.strip())


@dataclass(frozen=True)
class Report:
    """A report that the framework asks for."""

    id: str
    name: str
    frequency: str
    family_friendly: bool


@dataclass(frozen=True)
class Deadlines:
    """Working days between a session and what has to happen before or after it."""

    heard_by_working_days_before_session: int
    freeze_working_days_after_last_session: int
    destroy_copies_working_days_after_session: int


@dataclass(frozen=True)
class Escalation:
    """A judgement this bad goes to somebody at once: the point's value, and a role's id."""

    at: int
    to: str


@dataclass(frozen=True)
class Framework:
    """One version of one area's framework.

    A round keeps `id` and `version`, and may keep `fingerprint` (a hash of the content) to
    notice that a file was changed under it. `kinds_of_action` are what a finding can lead to,
    `forum_feedback` how often the forum hears what was found (one of FREQUENCIES, or empty),
    `filled_in` sentences about what the published framework is silent on and the file decided.
    `notices` are sentences about what the area has still to fill in; they stop nothing.
    """

    id: str
    version: str
    starts: date
    name: str
    source: str
    plan_types: tuple[Named, ...]
    levels: tuple[Level, ...]
    audits: tuple[Audit, ...]
    themes: tuple[Theme, ...]
    key_questions: tuple[KeyQuestion, ...]
    agencies: tuple[Agency, ...]
    roles: tuple[PanelRole, ...]
    judgement: JudgementScale
    reports: tuple[Report, ...]
    deadlines: Deadlines
    fingerprint: str
    kinds_of_action: tuple[Named, ...] = ()
    escalation: Escalation | None = None
    forum_feedback: str = ""
    compliments_inform_themes: bool = False
    improvement_cycle: tuple[Named, ...] = ()
    filled_in: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def audit(self, audit_id: str) -> Audit:
        """The audit with this id. Raises KeyError for an id the framework does not have."""
        for audit in self.audits:
            if audit.id == audit_id:
                return audit
        raise KeyError(audit_id)

    @property
    def main_audit(self) -> Audit:
        """The audit that a round is of when nobody says: the first that hears families."""
        return next(audit for audit in self.audits if audit.hears_families)

    @property
    def names(self) -> dict[str, str]:
        """What plan types and the values of themes are called, by their ids."""
        values = (value for theme in self.themes for value in theme.values)
        return {each.id: each.name for each in (*self.plan_types, *values)}

    def names_chosen(self, themes: Mapping[str, Collection[str]]) -> tuple[str, ...]:
        """What the values chosen of each theme are called, in the framework's own order."""
        return tuple(
            value.name
            for theme in self.themes
            for value in theme.values
            if value.id in themes.get(theme.id, ())
        )

    def panel(self, audit: Audit) -> tuple[PanelRole, ...]:
        """The roles that take part in one of its audits."""
        return tuple(role for role in self.roles if not audit.auditors or role.id in audit.auditors)

    def theme(self, theme_id: str) -> Theme:
        """The theme with this id. Raises KeyError for an id the framework does not have."""
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise KeyError(theme_id)

    def level(self, number: int) -> Level:
        """The level with this number. Raises KeyError for a number it does not have."""
        for level in self.levels:
            if level.number == number:
                return level
        raise KeyError(number)
