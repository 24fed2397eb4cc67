"""What the machine asks below a decided answer, one at a time, and what became of its asking."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.language.texts import _
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import standing_model, suggestions
from family_voice.themes.choices import suggestions_on
from family_voice.themes.codebook import Code
from family_voice.themes.codebooks import current
from family_voice.themes.learning_turn import ready_rounds
from family_voice.themes.still_blind import not_counted_for
from family_voice.themes.suggestions import NotOffered, Offer
from family_voice.themes.workbench import Bench, Line, bench
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Line as Short
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.second_coding import named
from family_voice.web.staff.suggestion_drawing import draw_codes, draw_sureness

blueprint = Blueprint("suggestions", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)


class AnswerForm(Form):
    """Yes or no to one suggestion."""

    suggestion = Short("")
    yes = Short("")
    no = Short("")


@dataclass(frozen=True)
class Quoted:
    """One sentence of an answer in pieces, those that caused the suggestion marked."""

    language: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Asked:
    """One suggestion as it stands below an answer; `sure` is of ten."""

    id: UUID
    code: Code
    sure: int
    sentences: tuple[Quoted, ...]


def asked(laid_out: Bench) -> dict[int, Asked]:
    """By the number of the answer, the one suggestion to ask its coder about."""
    offered = suggestions.offers(db(), laid_out.interview_id, current_staff().id, now())
    found = {}
    for answer in laid_out.answers:
        offer = offered.get(answer.unit.prompt_id)
        if offer is None:
            continue
        quoted = tuple(
            _quoted(line, spans)
            for line in answer.lines
            for sentence_id, spans in offer.spans.items()
            if line.unit.sentence_id == sentence_id
        )
        # Words that this reader may not see cause nothing that they are shown.
        if quoted or not offer.spans:
            found[answer.number] = Asked(
                offer.id, offer.code, min(round(offer.sure / 10), 9), quoted
            )
    return found


def _quoted(line: Line, spans: tuple[tuple[int, int], ...]) -> Quoted:
    text = line.translation.text if line.translation else line.text
    language = "en" if line.translation else line.language
    pieces, done = [], 0
    for start, end in sorted(spans):
        pieces += [(text[done:start], False), (text[start:end], True)]
        done = end
    pieces.append((text[done:], False))
    return Quoted(language, tuple(each for each in pieces if each[0]))


@blueprint.post("/accounts/<uuid:interview_id>/code/suggestion")
def answer(interview_id: UUID) -> ResponseReturnValue:
    """Say yes or no to one suggestion, and go back to its answer."""
    form = AnswerForm()
    if not lead_may_read(db(), interview_id, now()):
        raise NotForUs
    number = None
    if not form.validate_on_submit() or not (form.yes.data or form.no.data):
        flash(_("Say yes or no to the suggestion again. Nothing was changed."))
    else:
        try:
            number = _number_of(interview_id, _decided(form, interview_id).prompt_id)
        except NotOffered:
            flash(_("That suggestion is not there any more. Nothing was changed."))
    anchor = f"answer-{number}" if number else None
    address = url_for("coding.account", interview_id=interview_id, answer=number, _anchor=anchor)
    return redirect(address)


def _decided(form: AnswerForm, interview_id: UUID) -> Offer:
    """What they said yes or no to, once it is written down. Raises `NotOffered`."""
    suggestion_id = id_in(form.suggestion.data)
    if suggestion_id is None:
        raise NotOffered
    decide = suggestions.accept if form.yes.data else suggestions.refuse
    offer = decide(db(), interview_id, suggestion_id, current_staff().id, now())
    said = "suggestion accepted" if form.yes.data else "suggestion refused"
    record(db(), actor(), "change", "coding", interview_id, now(), [said])
    return offer


def _number_of(interview_id: UUID, prompt_id: str) -> int | None:
    found = bench(db(), interview_id, current_staff().id, now()).answer_to(prompt_id)
    return found.number if found else None


@blueprint.get("/coding/suggestions")
def rates() -> Response:
    """Whether suggestions are on, what the machine learned from, and how often people said yes."""
    hidden = not_counted_for(db(), current_staff().id, now())
    found = suggestions.rates(db(), now(), hidden)
    waits = suggestions.waiting(db(), current_staff().id, now(), hidden)
    case_of = named(list(waits))
    book = current(db())
    names = {
        code: (book.codes[code].name if code in book.codes else code) for code in found.by_code
    }
    seen("suggestions", None, ["rates", "models"])
    for each in waits:
        seen("interview", each, ["suggestions"])
    return page(
        "suggestions/rates.html",
        on=suggestions_on(db(), now()),
        begun=bool(ready_rounds(db(), now())),
        model=standing_model.standing(db()),
        models=standing_model.every_model(db()),
        rates=found,
        waits=[(each, count, case_of.get(each)) for each, count in waits.items()],
        names=names,
        of_codes=draw_codes([(names[code], rate) for code, rate in found.by_code.items()]),
        of_bands=draw_sureness(found.by_band),
    )
