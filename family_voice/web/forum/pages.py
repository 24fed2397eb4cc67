"""The forum's page and the board's: the newest frozen release and nothing fresher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response

from family_voice.cases.rounds import all_rounds
from family_voice.consent.decisions import Audience
from family_voice.language.texts import lazy
from family_voice.sharing.quotes import approved
from family_voice.sharing.releases import Published, newest
from family_voice.sharing.suppression import HEARD, NOT_HEARD, SAID_NO, Row, Shown
from family_voice.themes.codebook import CodeGroup
from family_voice.themes.codebooks import current
from family_voice.web.services import db, now, settings
from family_voice.web.shared.pages import render

forum = Blueprint("forum", __name__, url_prefix="/forum")
board = Blueprint("board", __name__, url_prefix="/board")

REASONS = {
    HEARD: lazy("Heard"),
    SAID_NO: lazy("Said no"),
    NOT_HEARD: lazy("Not heard for any other reason"),
}


@dataclass(frozen=True)
class Group:
    """One group of themes with what may be shown of each."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """One bar of the drawing."""

    name: str
    shown: int
    percent: int


@forum.get("/")
def home() -> Response:
    """What families say, for the parent carer forum."""
    return _page("forum")


@board.get("/", endpoint="home")
def board_home() -> Response:
    """The same for the board: the same rules and the same numbers."""
    return _page("board")


def _page(audience: str) -> Response:
    published = newest(db())
    template = "numbers" if published and published.enough else "not_enough"
    return render(
        f"forum/{template}.html",
        audience=audience,
        quotes=approved(db(), Audience(audience), now()),
        **numbers(published),
    )


def numbers(published: Published | None) -> dict[str, object]:
    """What the templates of the numbers take."""
    book = current(db())
    names = {code.id: code.name for code in book.codes.values()}
    themes = published.themes if published else None
    return {
        "published": published,
        "reasons": REASONS,
        "groups": _groups(book.groups, themes) if themes else [],
        "theme_bars": _bars(themes, names) if themes else [],
        "people_bars": _bars(published.participation, REASONS) if published else [],
        "codebook": book,
        "rounds_run": sum(each.frozen(now()) for each in all_rounds(db())),
        "phone": settings().phone,
        "HEARD": HEARD,
    }


def _groups(groups: Iterable[CodeGroup], themes: Shown) -> list[Group]:
    """The release's own themes: the codebook may have gained and lost some since it was made."""
    had = {row.label for row in themes.rows}
    found = [
        Group(
            group.name,
            tuple(Row(code.name, themes.shown(code.id)) for code in group.codes if code.id in had),
        )
        for group in groups
    ]
    return [group for group in found if group.rows]


def _bars(shown: Shown, names: Mapping[str, object]) -> list[Bar]:
    """The rows that may be shown, in the order they always have: never by size."""
    if not shown.of:
        return []
    return [
        Bar(str(names.get(row.label, row.label)), row.shown, round(100 * row.shown / shown.of))
        for row in shown.rows
        if row.shown is not None
    ]
