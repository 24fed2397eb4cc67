"""Who was drawn, reached and heard, beside the caseload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response

from family_voice.cases.deadlines import london_date
from family_voice.cases.drift import drift as found_drift
from family_voice.cases.not_heard import LOOKS_BACK_DAYS, Kind, rounds_since
from family_voice.cases.rounds import all_rounds
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import lazy
from family_voice.sharing.suppression import BASE_AT_LEAST, SHOWN_AT_LEAST
from family_voice.sharing.who_was_drawn import Compared, Shares, who_was_drawn
from family_voice.web.services import db, now, settings
from family_voice.web.staff.desk import language_name, page

blueprint = Blueprint("drift", __name__, url_prefix="/staff")

KINDS: Final = {
    Kind.PLAN: lazy("Plan"),
    Kind.NEED: lazy("Need"),
    Kind.PLACEMENT: lazy("Placement"),
    Kind.GROUP: lazy("Group"),
    Kind.LANGUAGE: lazy("Language"),
    Kind.AREA: lazy("Area"),
}
_THEMES: Final = {
    Kind.NEED: "area_of_need",
    Kind.PLACEMENT: "placement",
    Kind.GROUP: "vulnerable_group",
}
#: By so many of a hundred those drawn have to be apart from the caseload before it is pointed out:
#: rounding to the nearest 5 alone can make less than this.
APART_FROM: Final = 10
_TOP, _ROW = 6, 62


@dataclass(frozen=True)
class Dots:
    """One value's row of a drawing: where its line lies and where its dots are, in per cent."""

    name: str
    y: int
    line: Shares


@dataclass(frozen=True)
class Drawing:
    """One kind of family as a drawing."""

    height: int
    rows: tuple[Dots, ...]


@blueprint.get("/who-was-drawn")
def drift() -> Response:
    """By kind and value: of a hundred in the caseload, drawn, reached and heard."""
    today = london_date(now())
    framework = version_in_force(settings().framework, today)
    round_ids = rounds_since(db(), today - timedelta(days=LOOKS_BACK_DAYS))
    found = found_drift(db(), round_ids, now())
    names = framework.names
    compared = who_was_drawn(found, _order(framework))

    def name(kind: Kind, value: str) -> str:
        return language_name(value) if kind is Kind.LANGUAGE else names.get(value, value)

    return page(
        "sample/drift.html",
        kinds=[(each, KINDS[each.kind], _drawing(each, name)) for each in compared if each.enough],
        hidden=[KINDS[each.kind] for each in compared if not each.enough],
        name=name,
        rounds=len([each for each in all_rounds(db()) if each.id in set(round_ids)]),
        at_least=BASE_AT_LEAST,
        shown_from=SHOWN_AT_LEAST,
        apart_from=APART_FROM,
    )


def _order(framework: Framework) -> dict[Kind, list[str]]:
    themes = {theme.id: [value.id for value in theme.values] for theme in framework.themes}
    order = {kind: themes.get(theme, []) for kind, theme in _THEMES.items()}
    return order | {Kind.PLAN: [each.id for each in framework.plan_types]}


def _drawing(compared: Compared, name: Callable[[Kind, str], str]) -> Drawing:
    shown = [line for line in compared.lines if line.drawn is not None]
    rows = tuple(
        Dots(name(compared.kind, line.value), _TOP + row * _ROW, line)
        for row, line in enumerate(shown)
    )
    return Drawing(_TOP + len(rows) * _ROW, rows)
