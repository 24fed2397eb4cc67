"""One open question a page. Whatever button is pressed, what stands in the box is kept first."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue

from family_voice.interviews import record
from family_voice.interviews.events import MoreWanted, Next, Skipped
from family_voice.interviews.guide import Card, Guide, Kind, Prompt
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import BETWEEN
from family_voice.language.texts import gettext as _
from family_voice.web.family import pointing
from family_voice.web.family import visit as visits
from family_voice.web.family.answers import Standing, keep, standing_for
from family_voice.web.family.forms import AnswerForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.once import read_answer_page, sign_answer_page
from family_voice.web.family.places import (
    WEB,
    asked,
    go,
    go_on,
    guide_now,
    happen,
    held,
    state_now,
)
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render
from family_voice.web.shared.recordings import recording

#: Pages a question may have been opened from, to go back to.
CHECK: Final = "check"
WORDS: Final = "words"
_FROM: Final = {CHECK: "check_answers", WORDS: "your_words"}
#: What to keep when another page changed the same answer.
THIS, OTHER, BOTH = "this", "other", "both"


@blueprint.get("/question")
def question_here() -> ResponseReturnValue:
    """The question that comes next; also where somebody goes on who left the second decision."""
    state, guide = state_now(), guide_now()
    if state.stage is Stage.DECIDING and state.speaking_allowed:
        following = state.following(guide, None)
        if following is not None:
            return go("question", prompt_id=following)
    return go_on(state, guide)


@blueprint.route("/question/<prompt_id>", methods=["GET", "POST"])
def question(prompt_id: str) -> ResponseReturnValue:
    """One question, and its answer."""
    guide = guide_now()
    if prompt_id not in guide.prompts:
        abort(404)
    form, right = posted(AnswerForm)
    state = held() if right else state_now()
    if not state.speaking_allowed:
        return go_on(state, guide)
    locked = unlock() if state.stage is Stage.SENT else None
    if locked is not None:
        return locked
    prompt = guide.prompt(prompt_id)
    answer = standing_for(state, guide, prompt)
    if not form.is_submitted():
        form.to.data = _back_to()
        form.then.data = request.args.get("then", "")
    if pointing.points(prompt, str(form.then.data or "")):
        if not right:
            return _pointing_page(form, state, guide, prompt, answer)
        state, following_page = pointing.pressed(form, state, guide, prompt, answer)
        if form.words.errors:
            return _pointing_page(form, state, guide, prompt, answer)
        return following_page or _next_page(
            str(form.go.data or ""), str(form.to.data or ""), state, guide, prompt_id
        )
    if not right:
        if not form.is_submitted():
            form.words.data = answer.text
            form.seen.data = sign_answer_page(prompt_id, answer.seen)
        return _page(form, state, guide, prompt, answer)
    pressed = str(form.go.data or "")
    text = str(form.words.data or "")
    page = read_answer_page(prompt_id, str(form.seen.data or ""))
    written, following = page.written(state)
    if written is not None and _said_already(written, pressed, text):
        visits.wrote({written}, state.fragments, now())
        return _leave(form, state, guide, prompt)
    if pressed == "skip" and text.strip() not in ("", answer.text.strip()):
        form.words.errors = [
            _("You have written something here. Press Continue to keep it, or empty the box.")
        ]
        return _page(form, state, guide, prompt, answer)
    shown = page.shows
    if written is not None and text.strip() and pressed != BOTH:
        shown |= {written}
    newer = [fragment for fragment in answer.seen if fragment not in shown]
    if newer and text.strip() not in ("", answer.text.strip()):
        form.seen.data = sign_answer_page(prompt_id, answer.seen)
        return render(
            "family/two_versions.html",
            409,
            form=form,
            question=guide.prompt(prompt_id).text,
            language_of=guide.language,
            other=answer.text,
        )
    if not newer:
        over = tuple(fragment for fragment in answer.standing if fragment in shown)
        kept = _chosen(pressed, text, answer)
        if kept.strip() != answer.text.strip() or set(over) != set(answer.seen):
            state = keep(
                state, prompt_id, kept, over=over, before=answer.everything, fragment_id=following
            )
    return _leave(form, state, guide, prompt)


def _chosen(pressed: str, text: str, answer: Standing) -> str:
    """The words to keep, after a choice between two versions."""
    if pressed == OTHER:
        return answer.text
    if pressed == BOTH:
        return f"{answer.text}{BETWEEN}{text}"
    return text


def _said_already(written: UUID, pressed: str, text: str) -> bool:
    """Whether the piece that this page wrote reads as the page does: its button pressed again."""
    answers = record.account(db(), this_visit().interview_id).answers
    standing = next(
        piece.text.strip()
        for answer in answers
        for piece in answer.pieces
        if piece.fragment_id == written
    )
    if pressed == BOTH:
        return standing.endswith(f"{BETWEEN}{text.strip()}")
    return standing == text.strip()


def _leave(form: AnswerForm, state: State, guide: Guide, prompt: Prompt) -> ResponseReturnValue:
    """On from the page with room for words; back from it leads to what was pointed at."""
    pressed, to = str(form.go.data or ""), str(form.to.data or "")
    if pressed == "back" and prompt.kind is not Kind.WORDS and state.speaking_allowed:
        return pointing.back_from_words(form, prompt)
    return _next_page(pressed, to, state, guide, prompt.id)


def _next_page(
    pressed: str, to: str, state: State, guide: Guide, prompt_id: str
) -> ResponseReturnValue:
    path = state.path(guide)
    if not state.speaking_allowed:
        return go("no_thanks")
    if pressed == "stop":
        return go("stop")
    if pressed == "ring":
        return go("ring_me")
    if state.stage is Stage.SENT or to == WORDS:
        return go("your_words")
    if pressed == "more":
        heading = guide.heading_of(prompt_id)
        happen(Next(WEB, prompt_id))
        more = asked(happen(MoreWanted(WEB, heading.id)))
        return go("question", prompt_id=more) if more else go_on(state_now(), guide)
    if pressed == "back" and to in _FROM:
        return go(_FROM[to])
    if pressed == "back":
        before = path.index(prompt_id) if prompt_id in path else 0
        return go("question", prompt_id=path[before - 1]) if before else go("welcome")
    outcome = happen(Skipped(WEB, prompt_id) if pressed == "skip" else Next(WEB, prompt_id))
    if to in _FROM:
        return go(_FROM[to])
    following = asked(outcome)
    return go("question", prompt_id=following) if following else go("check_answers")


def _page(
    form: AnswerForm, state: State, guide: Guide, prompt: Prompt, answer: Standing
) -> ResponseReturnValue:
    """The page with room for words."""
    return render(
        "family/easy_words.html" if guide.easy_read else "family/question.html",
        form=form,
        prompt=prompt,
        hidden=answer.hidden,
        chosen=_words_chosen(guide, prompt, answer),
        **_frame(form, state, guide, prompt),
    )


def _pointing_page(
    form: AnswerForm, state: State, guide: Guide, prompt: Prompt, answer: Standing
) -> ResponseReturnValue:
    return pointing.page(form, guide, prompt, answer, **_frame(form, state, guide, prompt))


def _words_chosen(guide: Guide, prompt: Prompt, answer: Standing) -> Card | None:
    """The card that was pointed at on the page before, to be shown once more."""
    return next((card for card in guide.choices if card.id == answer.choice()), None)


def _frame(form: AnswerForm, state: State, guide: Guide, prompt: Prompt) -> dict[str, object]:
    """What every page of a question shows."""
    heading = guide.heading_of(prompt.id)
    cores = [each.core.id for each in guide.headings]
    return {
        "heading": heading,
        "read_out": recording(guide.language, guide.audience, prompt.id),
        "language_of": guide.language,
        "number": cores.index(prompt.id) + 1 if prompt.core else 0,
        "of_all": len(cores),
        "more_left": prompt.core
        and heading.id not in state.opened
        and any(not state.done(further.id) for further in heading.further),
        "back_to": str(form.to.data or ""),
        "sent": state.stage is Stage.SENT,
    }


def _back_to() -> str:
    wanted = request.args.get("to", "")
    return wanted if wanted in _FROM else ""
