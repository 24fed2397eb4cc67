"""What a framework says, as values that nothing can change after loading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
class SampleRule:
    """How many cases a round has and how they fall into sessions.

    `mix_of` names the plan types that a round should hold at least one of each.
    """

    level: int
    frequency: str
    cases: int
    sessions: int
    cases_per_session: int
    mix_of: tuple[str, ...]


@dataclass(frozen=True)
class FamiliesRule:
    """Which cases the families of are to be heard: a percentage of another level's sample."""

    level: int
    follows_level: int
    percent: int
    subject_to_consent: bool


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
class Framework:
    """One version of one area's framework.

    A round keeps `id` and `version`, and may keep `fingerprint` (a hash of the content) to
    notice that a file was changed under it. `notices` are sentences about what the area has
    still to fill in; they stop nothing.
    """

    id: str
    version: str
    starts: date
    name: str
    source: str
    plan_types: tuple[Named, ...]
    levels: tuple[Level, ...]
    sample: SampleRule
    families: FamiliesRule
    themes: tuple[Theme, ...]
    key_questions: tuple[KeyQuestion, ...]
    agencies: tuple[Agency, ...]
    roles: tuple[PanelRole, ...]
    judgement: JudgementScale
    reports: tuple[Report, ...]
    deadlines: Deadlines
    fingerprint: str
    notices: tuple[str, ...] = ()

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
