"""Trying a guide by text before a family does, in every audience and language there is.

Nothing is stored: what was typed so far travels in the page's own form and is replayed.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, Response, request, url_for

from family_voice.cases.deadlines import london_date
from family_voice.interviews.asking import QUIET_WINDOW
from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import guide_languages
from family_voice.language.texts import _, lazy
from family_voice.messages.hours import LONDON
from family_voice.sms.hints import hints
from family_voice.sms.simulator import CODE_WORD, play
from family_voice.sms.trial import Move, Silent, Texted, Trial, Waited
from family_voice.web.services import now, settings
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.shared.phone import LONGEST_TEXT, Bubble, passed, passes, typed
from family_voice.web.staff.desk import language_name, page
from family_voice.web.staff.texts_wording import COLOURS, STANDINGS

blueprint = Blueprint("trying", __name__, url_prefix="/staff/texts")

ENGLISH = "en"
#: In the order they are offered in; whoever opens the page tries the first.
AUDIENCES = {
    "parent_carer": lazy("Parents and carers"),
    "young_person": lazy("Children and young people"),
    "child": lazy("A child with a helper, Easy Read"),
    "advocate": lazy("Somebody who speaks for them"),
}
SILENT = {
    Silent.SAME_AGAIN: lazy("The same words three times: a machine may be answering."),
    Silent.GOING_ROUND: lazy("Six texts of ours moved nothing on."),
    Silent.OVER_BUDGET: lazy("This has cost twice what was meant for it."),
    Silent.WRONG_NUMBER: lazy("It is not them: nothing more goes to this number."),
}
#: When a made-up conversation begins: in the hours in which texts go out.
BEGINS = time(10)
A_MONTH = timedelta(days=30, hours=1)
MOST_MOVES = 150
#: How a move travels in the form: what it is, then the words or the seconds.
TEXT, WAIT = "t", "w"


class GuideForm(Form):
    """Which guide, for whom and in which language."""

    guide = Choice(lazy("Which guide?"))


@blueprint.route("/try", methods=["GET", "POST"])
def guide() -> Response:
    """A pretend phone, from the invitation to the last thanks."""
    form = GuideForm()
    form.guide.options = [
        Option(f"{audience}/{language}", f"{AUDIENCES[audience]}: {language_name(language)}")
        for audience in AUDIENCES
        for language in sorted(guide_languages(audience), key=lambda code: code != ENGLISH)
    ]
    known = {option.value for option in form.guide.options}
    chosen = request.form.get("guide", "")
    chosen = chosen if chosen in known else form.guide.options[0].value
    form.guide.data = chosen
    moves, body, problem = _posted(), "", ""
    if form.is_submitted():
        if not form.validate():
            problem, body = _("Press send once more."), request.form.get("body", "")
        elif "begin" in request.form:
            moves = []
        else:
            moves, body, problem = _next(moves, chosen)
    trial = _play(chosen, moves)
    return page(
        "trying/try.html",
        422 if problem else None,
        form=form,
        chosen=chosen,
        trial=trial,
        lines=_lines(trial),
        hints=hints(
            trial.state,
            trial.guide,
            CODE_WORD,
            [line.body for line in trial.lines if line.ours],
        ),
        hidden=[("guide", chosen), *(("move", _as_text(move)) for move in moves)],
        action=url_for("trying.guide", _anchor="newest"),
        body=body,
        problem=problem,
        quiet=passes(_window(trial)),
        month=passes(A_MONTH),
        told=_told(trial),
        standing=STANDINGS[trial.standing],
        colour=COLOURS[trial.standing],
        longest=LONGEST_TEXT,
        segments=trial.segments,
        NOTES=NOTES,
    )


def _play(chosen: str, moves: list[Move]) -> Trial:
    audience, _slash, language = chosen.partition("/")
    begun_at = datetime.combine(london_date(now()), BEGINS, LONDON)
    return play(audience, language, moves, settings(), begun_at)


def _told(trial: Trial) -> str:
    """Why nothing more comes, where nothing does."""
    if trial.silent is not None:
        why = SILENT[trial.silent]
        return _("%(why)s We fall silent, and you are told.", why=why)
    if trial.state.texts_stopped:
        return _("Stopped: no more texts go to this phone. Text START to begin again.")
    return ""


def _next(moves: list[Move], chosen: str) -> tuple[list[Move], str, str]:
    """The moves with what was pressed; what is still in the box; what is wrong."""
    body = typed(request.form.get("body", ""))
    said = request.form.get("say", "")[:LONGEST_TEXT]
    passing = request.form.get("pass", "")
    if len(moves) >= MOST_MOVES:
        return moves, body, _("A trial is no longer than this. Begin again.")
    if not (body.strip() or said or passing):
        return moves, body, _("Write something first.")
    # What stands in the box goes first: nothing that was typed is lost.
    new: list[Move] = [Texted(each) for each in (body, said) if each.strip()]
    if passing:
        new.append(Waited(A_MONTH if passing == "month" else _window(_play(chosen, moves + new))))
    return moves + new, "", ""


def _window(trial: Trial) -> timedelta:
    """How long nothing has to be said until the conversation goes on by itself."""
    return max(trial.due_at - trial.now, QUIET_WINDOW) if trial.due_at else QUIET_WINDOW


def _lines(trial: Trial) -> list[Bubble]:
    """The texts as the screen shows them, with the time that passed between them."""
    at_the_end = ", ".join(
        passed(how_long) for place, how_long in trial.pauses if place == len(trial.lines)
    )
    return [
        Bubble(
            line.ours,
            line.body,
            line.at,
            line.cost.parts,
            line.language,
            between=", ".join(passed(long) for place, long in trial.pauses if place == number),
            after=at_the_end if number == len(trial.lines) - 1 else "",
        )
        for number, line in enumerate(trial.lines)
    ]


def _as_text(move: Move) -> str:
    match move:
        case Texted(body=body):
            return f"{TEXT}{body}"
        case Waited(how_long=how_long):
            return f"{WAIT}{how_long.total_seconds():.0f}"


def _posted() -> list[Move]:
    found: list[Move] = []
    for each in request.form.getlist("move")[:MOST_MOVES]:
        kind, rest = each[:1], typed(each[1:])
        if kind == TEXT:
            found.append(Texted(rest))
        elif kind == WAIT and rest.isascii() and rest.isdigit():
            found.append(Waited(min(timedelta(seconds=int(rest[:9])), A_MONTH)))
    return found
