"""What is pointed at on a page: one of three choices, or one of three zones for each statement.

Every tile is a button of the form: pressing it keeps what it says and goes on. Which one it was is
in no address.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from family_voice.interviews.choosing import Chosen, options, words_of
from family_voice.interviews.events import Manner
from family_voice.interviews.guide import Card, Guide, Kind, Prompt
from family_voice.interviews.state import State
from family_voice.language.texts import gettext as _
from family_voice.web.family import visit as visits
from family_voice.web.family.answers import Standing, keep
from family_voice.web.family.forms import AnswerForm
from family_voice.web.family.once import read_answer_page, sign_answer_page
from family_voice.web.family.places import go
from family_voice.web.services import now
from family_voice.web.shared.pages import render

#: The page with room for words, after what is pointed at.
WORDS_AFTER: Final = "words"
#: The page of a sort that shows every statement where it was put.
EVERY: Final = "every"


def points(prompt: Prompt, then: str) -> bool:
    """Whether this page of the question is one to point at."""
    return prompt.kind is not Kind.WORDS and then != WORDS_AFTER


def pressed(
    form: AnswerForm, state: State, guide: Guide, prompt: Prompt, answer: Standing
) -> tuple[State, ResponseReturnValue | None]:
    """Keep what was pointed at.

    Returns:
        Where the conversation stands, and the page that comes next; None where the button was one
        that leaves the question.
    """
    card = _card(prompt, str(form.card.data or ""))
    chosen = str(form.choose.data or "")
    button = str(form.go.data or "")
    if chosen and chosen not in {option.id for option in options(guide, prompt)}:
        form.words.errors = [_("Choose one of the answers on this page.")]
        return state, None
    if chosen and (card is not None or prompt.kind is Kind.CHOICE):
        state = _keep(form, state, guide, prompt, answer, Chosen(chosen, card.id if card else ""))
        return state, _after(form, prompt, card)
    if prompt.kind is Kind.SORT and button in ("skip", "back") and card is not None:
        if button == "skip":
            return _take_away(form, state, prompt, answer, card), _after(form, prompt, card)
        before = _beside(prompt, card, -1)
        return state, _to(form, prompt, card=before.id) if before else None
    if prompt.kind is Kind.SORT and button == "back":
        return state, _to(form, prompt, card=prompt.statements[-1].id)
    if prompt.kind is Kind.SORT and button == "next":
        return state, _to(form, prompt, then=WORDS_AFTER)
    if button == "skip":
        return _take_away(form, state, prompt, answer, None), None
    if button == "next":
        form.words.errors = [_("Choose one of the answers, or press: %(skip)s.", skip=guide.skip)]
    return state, None


def back_from_words(form: AnswerForm, prompt: Prompt) -> ResponseReturnValue:
    """From the page with room for words to what was pointed at before it."""
    return _to(form, prompt, card=EVERY if prompt.kind is Kind.SORT else None)


def page(
    form: AnswerForm, guide: Guide, prompt: Prompt, answer: Standing, **frame: object
) -> ResponseReturnValue:
    """The page to point at. `frame` is what every page of a question shows."""
    if not form.is_submitted():
        form.seen.data = sign_answer_page(prompt.id, answer.everything)
    frame |= {"form": form, "guide": guide, "prompt": prompt, "hidden": bool(answer.unseen)}
    if prompt.kind is Kind.CHOICE:
        return render("family/easy_choice.html", chosen=answer.choice(), **frame)
    put = {zone.id: _in_zone(prompt, answer, zone) for zone in guide.zones}
    card = _card_to_show(form, prompt, answer)
    if card is None:
        known = {each.id for cards in put.values() for each in cards}
        rest = [each for each in prompt.statements if each.id not in known]
        return render("family/easy_sorted.html", put=put, rest=rest, **frame)
    return render(
        "family/easy_sort.html",
        put={zone: [each for each in cards if each != card] for zone, cards in put.items()},
        card=card,
        chosen=answer.choice(card.id),
        card_number=prompt.statements.index(card) + 1,
        **frame,
    )


def _keep(
    form: AnswerForm,
    state: State,
    guide: Guide,
    prompt: Prompt,
    answer: Standing,
    chosen: Chosen,
) -> State:
    """Keep a choice. Choosing anew takes the place of what was chosen, as far as it may be seen."""
    made = read_answer_page(prompt.id, str(form.seen.data or ""))
    written, following = made.written(state)
    if written is not None and written in answer.unseen:
        # This page's button pressed twice, before the first answer came.
        visits.wrote({written}, state.fragments, now())
        answer = replace(answer, chosen={**answer.chosen, written: answer.unseen[written]})
    return keep(
        state,
        prompt.id,
        words_of(guide, prompt, chosen),
        over=answer.pieces_of(chosen.statement),
        before=answer.everything,
        fragment_id=following,
        manner=Manner.CHOSE,
    )


def _take_away(
    form: AnswerForm, state: State, prompt: Prompt, answer: Standing, card: Card | None
) -> State:
    """They do not know, or would rather not say: what they chose here before stands no more."""
    _written, following = read_answer_page(prompt.id, str(form.seen.data or "")).written(state)
    over = answer.pieces_of(card.id if card else "")
    return keep(state, prompt.id, "", over=over, before=answer.everything, fragment_id=following)


def _after(form: AnswerForm, prompt: Prompt, card: Card | None) -> ResponseReturnValue:
    if card is None:
        return _to(form, prompt, then=WORDS_AFTER)
    following = _beside(prompt, card, 1)
    return _to(form, prompt, card=following.id if following else EVERY)


def _to(form: AnswerForm, prompt: Prompt, **values: str | None) -> ResponseReturnValue:
    values["to"] = str(form.to.data or "") or None
    return go("question", prompt_id=prompt.id, **values)


def _beside(prompt: Prompt, card: Card, by: int) -> Card | None:
    index = prompt.statements.index(card) + by
    return prompt.statements[index] if 0 <= index < len(prompt.statements) else None


def _card(prompt: Prompt, card_id: str) -> Card | None:
    return next((card for card in prompt.statements if card.id == card_id), None)


def _card_to_show(form: AnswerForm, prompt: Prompt, answer: Standing) -> Card | None:
    """The card that the address names, else the first that was put nowhere; None shows them all."""
    wanted = str(form.card.data or "") if form.is_submitted() else request.args.get("card", "")
    if wanted == EVERY:
        return None
    there = {c.statement for c in (*answer.chosen.values(), *answer.unseen.values()) if c}
    left = (card for card in prompt.statements if card.id not in there)
    return _card(prompt, wanted) or next(left, None)


def _in_zone(prompt: Prompt, answer: Standing, zone: Card) -> list[Card]:
    return [card for card in prompt.statements if answer.choice(card.id) == zone.id]
