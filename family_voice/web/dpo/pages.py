"""The data protection officer's pages. Each time one is opened, that is on the record too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.linking import interviews_of
from family_voice.language.formats import LONDON
from family_voice.language.texts import _, lazy
from family_voice.operations.who_saw import (
    A_PAGE,
    How,
    Line,
    case_label,
    find_cases,
    rounds_with_cases,
    sign_ins,
    staff_names,
    who_saw,
)
from family_voice.security import anchors, chaining
from family_voice.security.trail_wording import sentence
from family_voice.storage.locking import Missing
from family_voice.web.access import seen
from family_voice.web.dpo import wording
from family_voice.web.dpo.timeline import draw
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.fields import Line as OneLine
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("dpo", __name__, url_prefix="/dpo")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

#: The lanes of the drawing, from what matters most.
LANES = (How.WORDS, How.COPIES, How.DETAILS, How.LISTS, How.CHANGES, How.REFUSED)


class FindForm(Form):
    """The reference of a child."""

    reference = OneLine(
        lazy("The reference on the council’s record"),
        [Needed(lazy("Put the reference."))],
        longest=60,
    )


class WhichLines(Form):
    """Which lines to show."""

    show = Choice(lazy("What was done"))
    who = Choice(lazy("By whom"))


@blueprint.route("/", methods=["GET", "POST"])
def home() -> ResponseReturnValue:
    """Find a family's case; how whole the record is."""
    form = FindForm()
    found = []
    if form.validate_on_submit():
        found = find_cases(db(), form.reference.data or "")
        if len(found) == 1:
            return redirect(url_for("dpo.who_has_seen", case_id=found[0].case_id), 303)
        if not found:
            form.reference.errors = [_("No case has this reference. Look at it again.")]
    seen("trail", None, ["reference"] if form.is_submitted() else ["cases"])
    return render(
        "dpo/home.html",
        form=form,
        found=found,
        rounds=rounds_with_cases(db()),
        **_state(),
    )


@blueprint.get("/cases/<uuid:case_id>")
def who_has_seen(case_id: UUID) -> Response:
    """Who has seen this family's account."""
    label = case_label(db(), case_id)
    lines = who_saw(db(), case_id)
    people = {line.actor_id: line.name for line in lines if line.actor_id and line.name}
    form = _filter(wording.kinds(), sorted(people.items(), key=lambda each: each[1]))
    chosen = [
        line
        for line in lines
        if form.show.data in (None, "", line.how.value)
        and form.who.data in (None, "", str(line.actor_id))
        and (line.how is not How.CHECKED or form.show.data == How.CHECKED.value)
    ]
    seen("trail", case_id, ["who saw"])
    readers = {line.actor_id: line for line in lines if line.how in (How.WORDS, How.COPIES)}
    return render(
        "dpo/who_has_seen.html",
        200,
        label=label,
        interviews=interviews_of(db(), [case_id]).get(case_id, []),
        form=form,
        lines=_together(_page_of(chosen)),
        readers=sorted(readers.values(), key=lambda each: each.name),
        drawing=draw(
            [each.value for each in LANES],
            [(line.at.astimezone(LONDON).date(), line.how.value) for line in chosen],
        ),
        LANE_WORDS=wording.LANES,
        HOWS={each.value: words for each, words in wording.HOWS.items()},
        **_paging(len(chosen)),
        **_words(),
    )


@blueprint.get("/sign-ins")
def signing_in() -> Response:
    """Sign-ins, sign-outs and refusals."""
    kinds = [("refused", lazy("Only refusals"))]
    form = _filter(kinds, staff_names(db()))
    who = UUID(form.who.data) if form.who.data else None
    lines, count = sign_ins(db(), _page_number(), staff_id=who, refused=form.show.data == "refused")
    seen("trail", None, ["sign-ins"])
    return render(
        "dpo/sign_ins.html",
        200,
        form=form,
        lines=_together(lines),
        words_of_sign_in=wording.words_of_sign_in,
        **_paging(count),
        **_words(),
    )


@blueprint.get("/trail")
def trail() -> Response:
    """Whether the record is whole: how far it is sealed, and the whole check when asked for."""
    verdict = chaining.verify(db(), settings().evidence_folder) if "check" in request.args else None
    seen("trail", None, ["check" if verdict else "state"])
    return render("dpo/trail.html", verdict=verdict, sentence=sentence, **_state())


def _state() -> dict[str, object]:
    tail = chaining.tail(db())
    return {
        "tail": tail,
        "no_worker": tail.too_old(now()),
        "anchor": anchors.newest(settings().evidence_folder),
    }


def _filter(kinds: Iterable[tuple[str, object]], people: Iterable[tuple[UUID, str]]) -> WhichLines:
    """The two lists above the table, as the address says; what is not in them is nothing."""
    form = WhichLines(request.args, meta={"csrf": False})
    form.show.options = [Option(value, words) for value, words in kinds]
    form.who.options = [Option(str(each), name) for each, name in people]
    for field in (form.show, form.who):
        if field.data not in {option.value for option in field.options}:
            field.data = None
    return form


def _together(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Lines that say the same of the same minute, as one; and how many they are."""
    # Not neighbours alone: lines of one instant have no order of their own.
    alike: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        alike.setdefault(_says(line), []).append(line)
    return [(same[0], len(same)) for same in alike.values()]


def _says(line: Line) -> tuple[object, ...]:
    minute = line.at.replace(second=0, microsecond=0)
    return minute, line.actor_kind, line.name, line.how, line.action, line.resource, line.fields


def _page_number() -> int:
    text = request.args.get("page", "")
    return max(1, int(text[:6])) if text.isascii() and text.isdigit() else 1


def _page_of(lines: list[Line]) -> list[Line]:
    first = (_page_number() - 1) * A_PAGE
    return lines[first : first + A_PAGE]


def _paging(count: int) -> dict[str, object]:
    """Which page this is, and where the ones beside it are."""
    page, pages = _page_number(), max(1, -(-count // A_PAGE))
    here = [(name, request.args[name]) for name in ("show", "who") if name in request.args]

    def address(number: int) -> str:
        return f"{request.path}?{urlencode([*here, ('page', number)])}"

    return {
        "count": count,
        "number": page,
        "pages": pages,
        "newer": address(min(page - 1, pages)) if page > 1 else "",
        "older": address(page + 1) if page < pages else "",
    }


def _words() -> dict[str, object]:
    return {"who": wording.who, "thing": wording.thing, "parts": wording.parts}
