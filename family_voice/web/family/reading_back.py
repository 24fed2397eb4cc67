"""Putting right what stands, sentence by sentence, and adding to it. Behind the return word."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import abort
from flask.typing import ResponseReturnValue

from family_voice.cases.permission import family_may_read
from family_voice.interviews import record
from family_voice.interviews.events import NOTES, Finished, Manner, Reopened
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Piece, SentenceView
from family_voice.language.texts import gettext as _
from family_voice.web.family import seen
from family_voice.web.family.forms import AnswerForm, posted
from family_voice.web.family.gate import blueprint, unlock
from family_voice.web.family.once import AnswerPage, read_answer_page, sign_answer_page
from family_voice.web.family.places import WEB, go, go_on, guide_now, happen, held, state_now
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now
from family_voice.web.shared.pages import render


@dataclass(frozen=True)
class _Found:
    """One sentence that stands, and the piece and question it stands in."""

    prompt_id: str
    piece: Piece
    sentence: SentenceView

    def put(self, words: str) -> str:
        """How the piece reads with these words in the sentence's place."""
        before, after = self.piece.text[: self.sentence.start], self.piece.text[self.sentence.end :]
        return before + words + after if words else before.rstrip(" ") + after


@blueprint.route("/your-words/sentence/<uuid:sentence_id>", methods=["GET", "POST"])
def sentence(sentence_id: UUID) -> ResponseReturnValue:
    """One sentence, to be put right or taken out. What stands around it stays as it is."""
    form, right = posted(AnswerForm)
    state = held() if right else state_now()
    guide = guide_now()
    if not family_may_read(db(), this_visit().interview_id, now()):
        return go_on(state, guide)
    locked = unlock()
    if locked is not None:
        return locked
    found, name = _find(sentence_id), f"sentence/{sentence_id}"
    if found is not None and found.piece.manner is Manner.CHOSE:
        return go("question", prompt_id=found.prompt_id, to="words")
    if right:
        answered = _put_right(form, state, found, read_answer_page(name, _seen(form)))
        if answered is not None:
            return answered
    if found is None:
        return _overtaken(form) if form.is_submitted() else go("your_words")
    if not form.is_submitted():
        form.words.data = found.sentence.text
        form.seen.data = sign_answer_page(name, [found.piece.fragment_id])
    return render(
        "family/sentence.html",
        form=form,
        found=found,
        question=_question(guide, found.prompt_id),
        language_of=guide.language,
    )


@blueprint.route("/your-words/add/<prompt_id>", methods=["GET", "POST"])
def add(prompt_id: str) -> ResponseReturnValue:
    """Something more to a question. It stands beside what was said, which nothing changes."""
    guide = guide_now()
    if prompt_id != NOTES and prompt_id not in guide.prompts:
        abort(404)
    form, right = posted(AnswerForm)
    state = held() if right else state_now()
    if not family_may_read(db(), this_visit().interview_id, now()):
        return go_on(state, guide)
    locked = unlock()
    if locked is not None:
        return locked
    if right:
        page, words = read_answer_page(f"add/{prompt_id}", _seen(form)), str(form.words.data or "")
        written, following = page.written(state)
        if not words.strip():
            form.words.errors = [_("Write something first, or go back.")]
        else:
            # The page gone back to and sent again with other words corrects what it wrote.
            before = _piece(written) if written is not None else None
            if before is None or before.text.strip() != words.strip():
                _write(state, prompt_id, words, following, over=before)
            return go("your_words", saved=1)
    if not form.is_submitted():
        form.seen.data = sign_answer_page(f"add/{prompt_id}", ())
    return render(
        "family/add.html",
        form=form,
        prompt_id=prompt_id,
        question=_question(guide, prompt_id),
        language_of=guide.language,
        overtaken=False,
    )


def _put_right(
    form: AnswerForm, state: State, found: _Found | None, page: AnswerPage
) -> ResponseReturnValue | None:
    """Let the sentence read so, and go on; None where the page has to be shown again."""
    out = form.go.data == "out"
    words = "" if out else str(form.words.data or "").strip()
    written, following = page.written(state)
    if found is None:
        # Pressed twice: what this page wrote stands already, or it took the sentence out.
        mine = _piece(written) if written is not None else None
        done = out or (mine is not None and words in mine.text)
        return go("your_words", saved=1) if done else None
    if not words and not out:
        form.words.errors = [
            _("The box is empty. To take the sentence out, press “Take this sentence out”.")
        ]
        return None
    if words != found.sentence.text:
        _write(state, found.prompt_id, found.put(words), following, over=found.piece)
    return go("your_words", saved=1)


def _write(
    state: State, prompt_id: str, text: str, fragment_id: UUID, over: Piece | None = None
) -> None:
    """Keep words. What was sent is opened for it and sent again at once."""
    sent = state.stage is Stage.SENT
    if sent:
        happen(Reopened(WEB))
    record.write(
        db(),
        this_visit().interview_id,
        prompt_id,
        text,
        channel=WEB,
        now=now(),
        # Whose words a piece is in does not change because one sentence of it was put right.
        manner=over.manner if over else Manner.OWN_WORDS,
        speaker=over.speaker if over else "self",
        over=[over.fragment_id] if over else (),
        fragment_id=fragment_id,
    )
    if sent:
        happen(Finished(WEB))


def _overtaken(form: AnswerForm) -> ResponseReturnValue:
    """The sentence reads differently by now. A page that can still keep it has what they typed."""
    form.words.errors = []
    form.seen.data = sign_answer_page(f"add/{NOTES}", ())
    return render(
        "family/add.html",
        409,
        form=form,
        prompt_id=NOTES,
        question="",
        language_of=guide_now().language,
        overtaken=True,
    )


def _find(sentence_id: UUID) -> _Found | None:
    for told in record.account(db(), this_visit().interview_id).answers:
        for piece in told.pieces:
            for each in piece.sentences:
                if each.id == sentence_id and seen.may_see(piece.fragment_id):
                    return _Found(told.prompt_id, piece, each)
    return None


def _piece(fragment_id: UUID) -> Piece | None:
    answers = record.account(db(), this_visit().interview_id).answers
    every = (piece for told in answers for piece in told.pieces)
    return next((piece for piece in every if piece.fragment_id == fragment_id), None)


def _question(guide: Guide, prompt_id: str) -> str:
    return "" if prompt_id == NOTES else guide.prompt(prompt_id).text


def _seen(form: AnswerForm) -> str:
    return str(form.seen.data or "")
