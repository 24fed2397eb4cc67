"""Putting into English what families said in their own language: beside the words, and by whom.

The page says of each sentence what stood for it when it was made, so that an old tab changes only
what was typed on it, and never over what somebody else has put meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases.permission import NotForUs, account_for
from family_voice.cases.translating import foreign, to_translate
from family_voice.interviews.guide import load_guide
from family_voice.interviews.record import guide_of
from family_voice.interviews.translating import READ_BY_ALL, translate
from family_voice.interviews.words import SentenceView
from family_voice.language.texts import _, lazy, ngettext
from family_voice.language.wordings import fingerprint
from family_voice.storage.locking import Missing
from family_voice.web.access import changed, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Line, Needed, Words, tidy
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import closed, language_name, page

blueprint = Blueprint("translating", __name__, url_prefix="/staff/translations")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)


#: What the boxes are called, each with its sentence's id, and what stood in them.
BOX, WAS = "english_", "was_"


class TranslationForm(Form):
    """Who translated; the sentences' own boxes are added to it."""

    by = Line(
        lazy("Who translated it?"),
        [Needed(lazy("Put who translated it. It stands beside the words."))],
        longest=120,
        description=lazy("For example: Nadia Gaskell, interpreter. Never a child or a sibling."),
    )


@blueprint.get("/")
def every() -> Response:
    """The accounts in other languages: what is missing, and by when the panel needs it."""
    accounts = to_translate(db(), current_staff().id, now())
    for each in accounts:
        seen("interview", each.interview_id, ["reference", "language", "due"])
    return page(
        "translating/every.html",
        accounts=accounts,
        language_name=language_name,
    )


@blueprint.route("/<uuid:interview_id>", methods=["GET", "POST"])
def account(interview_id: UUID) -> ResponseReturnValue:
    """Every sentence of an account that is in another language, with a box for its English."""
    whole = account_for(db(), interview_id, current_staff().id, now())
    sentences = foreign(whole)
    names = {each.id: f"{BOX}{each.id.hex}" for each in sentences}
    form, gone = _form(sentences, names), _without_sentence(names.values())
    if form.validate_on_submit() and _fits(form, sentences, names) and not gone:
        typed = {
            each.id: form[names[each.id]].data or ""
            for each in sentences
            if _mark(form[names[each.id]].data) != form[WAS + names[each.id]].data
        }
        count = translate(
            db(), interview_id, typed,
            by=form.by.data or "", recorded_by=current_staff().id, now=now(),
        )  # fmt: skip
        changed("interview", interview_id, ["translation"])
        flash(ngettext("Kept: %(num)d sentence.", "Kept: %(num)d sentences.", count))
        return redirect(url_for("translating.every"))
    seen("interview", interview_id, ["answers", "translation"])
    guide = guide_of(db(), interview_id)
    english = load_guide(guide.audience, READ_BY_ALL, guide.version).prompts
    return page(
        "translating/account.html",
        form=form,
        gone=gone,
        answers=[
            (
                guide.prompts[answer.prompt_id].text if answer.prompt_id in guide.prompts else "",
                guide.language,
                english[answer.prompt_id].text if answer.prompt_id in english else "",
                [
                    (piece, sentence, form[names[sentence.id]], form[WAS + names[sentence.id]])
                    for piece in answer.pieces
                    if piece.language != READ_BY_ALL
                    for sentence in piece.sentences
                    if sentence.id in names
                ],
            )
            for answer in whole.answers
        ],
        language_name=language_name,
    )


def _form(sentences: Sequence[SentenceView], names: Mapping[UUID, str]) -> TranslationForm:
    boxes: dict[str, object] = {}
    for each in sentences:
        stands = _standing(each)
        boxes[names[each.id]] = Words(_("In English"), default=stands)
        boxes[WAS + names[each.id]] = HiddenField(default=_mark(stands))
    form: TranslationForm = type("AccountForm", (TranslationForm,), boxes)()
    return form


def _fits(
    form: TranslationForm, sentences: Sequence[SentenceView], names: Mapping[UUID, str]
) -> bool:
    """Whether nobody has put another English meanwhile for a sentence that was typed on here."""
    well = True
    for each in sentences:
        box, was, stands = form[names[each.id]], form[WAS + names[each.id]], _standing(each)
        if _mark(box.data) in (was.data, _mark(stands)) or was.data == _mark(stands):
            continue
        box.errors = [
            _(
                "Somebody put this meanwhile: “%(words)s”. To keep yours, press the button again.",
                words=stands,
            )
        ]
        was.data, was.raw_data, well = _mark(stands), None, False
    return well


def _without_sentence(names: Collection[str]) -> list[str]:
    """What was typed for sentences that the family has changed meanwhile."""
    return [
        said
        for name, said in request.form.items()
        if name.startswith(BOX) and name not in names
        if said.strip() and _mark(tidy(said)) != request.form.get(WAS + name)
    ]


def _standing(sentence: SentenceView) -> str:
    return sentence.translation.text if sentence.translation else ""


def _mark(text: str | None) -> str:
    return fingerprint(((text or "").strip(),))
