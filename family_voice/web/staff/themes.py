"""What families spoke of: by heading, plan, term and channel, and the words behind a theme."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final

from flask import Blueprint, Response, request

from family_voice.cases.candidates import cases_named
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.interviews.events import NOTES, Channel
from family_voice.language.texts import lazy
from family_voice.storage.locking import Missing
from family_voice.themes.codebooks import current
from family_voice.themes.overview import By, Overview, overview, words_on
from family_voice.themes.spoken_of import Table, by_place, praise_beside_worry, together
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page
from family_voice.web.staff.texts_log import CHANNELS

blueprint = Blueprint("themes", __name__, url_prefix="/staff/themes")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

PRAISE, WORRY = "working_well", "worries"
HEADINGS: Final = {
    "important": lazy("What matters most"),
    PRAISE: lazy("What works well"),
    "difference": lazy("What difference it made"),
    WORRY: lazy("Worries"),
    "next": lazy("What should happen next"),
    NOTES: lazy("Told beside the questions"),
}
BYS: Final = {
    By.HEADING: lazy("Question"),
    By.PLAN: lazy("Kind of plan"),
    By.TERM: lazy("Term"),
    By.CHANNEL: lazy("How they told us"),
}
#: Themes in a drawing; the table beneath has all.
DRAWN: Final = 10
#: Terms in the drawing of how themes change, the newest last.
TERMS: Final = 6
#: Themes set beside each other.
BESIDE: Final = 8


class Which(Form):
    """What to look at."""

    round = Choice(lazy("Which families"))
    by = Choice(lazy("Side by side"), [Option(each.value, words) for each, words in BYS.items()])


@blueprint.get("")
def every() -> Response:
    """Themes with how many families spoke of each, and of how many."""
    rounds = all_rounds(db())
    form = _which(rounds)
    by = By(form.by.data)
    found = _found(form, rounds)
    for each in found.accounts:
        seen("interview", each.interview_id, ["codes"])
    table, name = _table(found, by, rounds)
    headings, _name = _table(found, By.HEADING, rounds)
    terms, term = _table(found, By.TERM, rounds[:TERMS])
    return page(
        "themes/every.html",
        form=form,
        by=by,
        found=found,
        table=table,
        name=name,
        both=praise_beside_worry(headings, PRAISE, WORRY),
        terms=terms,
        term=term,
        beside=together(found.codes_of, BESIDE),
        codes=current(db()).codes,
        BYS=BYS,
        DRAWN=DRAWN,
    )


@blueprint.get("/<code>")
def words(code: str) -> Response:
    """What families said that one theme stands on, as far as this reader may see it."""
    book = current(db())
    if code not in book.codes:
        raise Missing("code")
    rounds = all_rounds(db())
    form = _which(rounds)
    told = words_on(db(), _found(form, rounds), book.now(code).id, current_staff().id, now())
    cases = cases_named(db(), {each.case.case.id for each in told})
    for each in told:
        seen("interview", each.interview_id, ["answers", "codes"])
    return page(
        "themes/words.html",
        form=form,
        code=book.now(code),
        told=[(each, cases[each.case.case.id]) for each in told if each.words],
        families=len({each.case.family_id for each in told}),
        accounts=len(told),
        deleted=sum(each.deleted for each in told),
        kept=sum(not each.words and not each.deleted for each in told),
        HEADINGS=HEADINGS,
    )


def _which(rounds: Sequence[RoundView]) -> Which:
    form = Which(request.args, meta={"csrf": False})
    form.round.options = [
        Option("", lazy("All rounds")),
        *(Option(str(each.id), each.term) for each in rounds),
    ]
    if form.round.data not in {option.value for option in form.round.options}:
        form.round.data = ""
    if form.by.data not in set(By):
        form.by.data = By.HEADING.value
    return form


def _found(form: Which, rounds: Sequence[RoundView]) -> Overview:
    chosen = [each.id for each in rounds if form.round.data in ("", str(each.id))]
    return overview(db(), chosen, current_staff().id, now())


def _table(
    found: Overview, by: By, rounds: Sequence[RoundView]
) -> tuple[Table, Callable[[Hashable], str]]:
    """The table for what was chosen, and what its columns are called."""
    there = {place for each in found.accounts for place in each.places(by)}
    names: dict[Hashable, object]
    match by:
        case By.HEADING:
            names = dict(HEADINGS.items())
        case By.CHANNEL:
            names = {each.value: CHANNELS[each] for each in Channel}
        case By.TERM:
            names = {each.id: each.term for each in reversed(rounds)}
        case By.PLAN:
            names = {
                each.id: each.name
                for held in reversed(rounds)
                for each in held.framework.plan_types
            }
    # Praise and worry are always asked for, so that the two can stand beside each other.
    always = {PRAISE, WORRY} if by is By.HEADING else set()
    places = [each for each in names if each in there | always]
    return by_place(found.sayings(by), places), lambda place: str(names[place])
