"""One open question a page. Whatever button is pressed, what stands in the box is kept first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue

from family_voice.interviews import record
from family_voice.interviews.events import Finished, MoreWanted, Next, Reopened, Skipped
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import BETWEEN, Account
from family_voice.language.texts import gettext as _
from family_voice.web.family import visit as visits
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

#: Pages a question may have been opened from, to go back to.
CHECK: Final = "check"
WORDS: Final = "words"
_FROM: Final = {CHECK: "check_answers", WORDS: "your_words"}
#: What to keep when another page changed the same answer.
THIS, OTHER, BOTH = "this", "other", "both"


@dataclass(frozen=True)
class _Answer:
    """What stands for one question: all of it, what this sitting may see, and how that reads."""

    standing: tuple[UUID, ...]
    seen: tuple[UUID, ...]
    text: str

    @property
    def hidden(self) -> bool:
        return len(self.seen) < len(self.standing)


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
    answer = _answer(state, prompt_id)
    if not right:
        if not form.is_submitted():
            form.words.data = answer.text
            form.to.data = _back_to()
            form.seen.data = sign_answer_page(prompt_id, answer.seen)
        return _page(form, state, guide, prompt_id, answer)
    pressed, to = str(form.go.data or ""), str(form.to.data or "")
    text = str(form.words.data or "")
    page = read_answer_page(prompt_id, str(form.seen.data or ""))
    written, following = page.written(state)
    if written is not None and _said_already(written, pressed, text):
        visits.wrote({written}, state.fragments, now())
        return _next_page(pressed, to, state, guide, prompt_id)
    if pressed == "skip" and text.strip() not in ("", answer.text.strip()):
        form.words.errors = [
            _("You have written something here. Press Continue to keep it, or empty the box.")
        ]
        return _page(form, state, guide, prompt_id, answer)
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
        state = _keep(state, prompt_id, kept, over, answer, following)
    return _next_page(pressed, to, state, guide, prompt_id)


def _answer(state: State, prompt_id: str) -> _Answer:
    visit = this_visit()
    standing = state.answers.get(prompt_id, ())
    seen = tuple(fragment for fragment in standing if visit.may_see(fragment))
    if not seen:
        return _Answer(standing, (), "")
    account: Account = record.account(db(), visit.interview_id)
    found = account.answer(prompt_id)
    pieces = found.pieces if found else ()
    text = BETWEEN.join(piece.text for piece in pieces if piece.fragment_id in seen)
    return _Answer(standing, seen, text)


def _chosen(pressed: str, text: str, answer: _Answer) -> str:
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


def _keep(
    state: State,
    prompt_id: str,
    text: str,
    over: Sequence[UUID],
    answer: _Answer,
    fragment_id: UUID,
) -> State:
    """Let the answer read so. What was sent is opened for it and sent again at once."""
    if text.strip() == answer.text.strip() and set(over) == set(answer.seen):
        return state
    if not text.strip() and not over:
        return state
    sent = state.stage is Stage.SENT
    if sent:
        happen(Reopened(WEB))
    outcome = record.write(
        db(),
        this_visit().interview_id,
        prompt_id,
        text,
        channel=WEB,
        now=now(),
        over=over,
        fragment_id=fragment_id,
    )
    state = outcome.state
    if not outcome.stored:
        return state
    new = set(state.answers.get(prompt_id, ())) - set(answer.standing)
    visits.wrote(new, state.fragments, now())
    return happen(Finished(WEB)).state if sent else state


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
    form: AnswerForm, state: State, guide: Guide, prompt_id: str, answer: _Answer
) -> ResponseReturnValue:
    heading, prompt = guide.heading_of(prompt_id), guide.prompt(prompt_id)
    cores = [each.core.id for each in guide.headings]
    return render(
        "family/question.html",
        form=form,
        prompt=prompt,
        heading=heading,
        language_of=guide.language,
        number=cores.index(prompt_id) + 1 if prompt.core else 0,
        of_all=len(cores),
        more_left=prompt.core
        and heading.id not in state.opened
        and any(not state.done(further.id) for further in heading.further),
        hidden=answer.hidden,
        back_to=str(form.to.data or ""),
        sent=state.stage is Stage.SENT,
    )


def _back_to() -> str:
    wanted = request.args.get("to", "")
    return wanted if wanted in _FROM else ""
