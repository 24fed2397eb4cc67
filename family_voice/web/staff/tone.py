"""Praise and worry by the sound of the words: sums, and how often they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar
from uuid import UUID

from flask import Blueprint, Response, request

from family_voice.cases.candidates import cases_named
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.interviews.events import NOTES
from family_voice.language.texts import lazy
from family_voice.themes.tone import HEADINGS, MEASURED, Sounds, Tone
from family_voice.themes.tone_heard import FEWEST, heard, in_order
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page
from family_voice.web.staff.suggestion_drawing import draw_tone
from family_voice.web.staff.themes import HEADINGS as NAMES

blueprint = Blueprint("tone", __name__, url_prefix="/staff/coding")

#: Sentences on one page: the further down, the less they are what was looked for.
MOST: Final = 40


class WhichRound(Form):
    """Whose words."""

    round = Choice(lazy("Which families"))


class InOrder(WhichRound):
    """Whose words, and what to look for."""

    first = Choice(
        lazy("Look for"),
        [
            Option(Tone.WORRY.value, lazy("Worry, or a wish for change")),
            Option(Tone.PRAISE.value, lazy("Praise")),
        ],
    )


Which = TypeVar("Which", bound=WhichRound)


@blueprint.get("/tone")
def sums() -> Response:
    """What the sentences of a round, or of all, sound like under each heading."""
    rounds = all_rounds(db())
    form = _which(WhichRound(request.args, meta={"csrf": False}), rounds)
    chosen = _chosen(form, rounds)
    found = heard(db(), chosen, now())
    for each in chosen:
        seen("round", each, ["tone"])
    order = [each for each in (*HEADINGS, NOTES) if each in found.sums]
    rows: list[tuple[str, Sounds]] = [(str(NAMES[each]), found.sums[each]) for each in order]
    return page(
        "tone/sums.html",
        form=form,
        found=found,
        drawing=draw_tone(rows),
        too_few=[NAMES[each] for each in found.too_few],
        measured=MEASURED,
        fewest=FEWEST,
    )


@blueprint.get("/tone/sentences")
def sentences() -> Response:
    """Sentences, those first that sound most like what is looked for."""
    rounds = all_rounds(db())
    form = _which(InOrder(request.args, meta={"csrf": False}), rounds)
    if form.first.data not in {Tone.PRAISE.value, Tone.WORRY.value}:
        form.first.data = Tone.WORRY.value
    lines = in_order(db(), _chosen(form, rounds), Tone(form.first.data), MOST, now())
    for interview_id in {line.interview_id for line in lines}:
        seen("interview", interview_id, ["answers"])
    return page(
        "tone/sentences.html",
        form=form,
        lines=lines,
        cases=cases_named(db(), {line.case_id for line in lines}),
        NAMES=NAMES,
        most=MOST,
    )


def _which(form: Which, rounds: Sequence[RoundView]) -> Which:
    form.round.options = [
        Option("", lazy("All rounds")),
        *(Option(str(each.id), each.term) for each in rounds),
    ]
    if form.round.data not in {option.value for option in form.round.options}:
        form.round.data = ""
    return form


def _chosen(form: WhichRound, rounds: Sequence[RoundView]) -> list[UUID]:
    return [each.id for each in rounds if form.round.data in ("", str(each.id))]
