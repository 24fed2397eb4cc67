"""One visit: what was seen, written under the question it speaks to; and the child's own no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases import observing
from family_voice.cases.observing import NotAgreed, Seen, Stopped
from family_voice.cases.talking import MayNotAsk, StoodDown
from family_voice.interviews import record
from family_voice.interviews.events import NOTES, Manner
from family_voice.interviews.guide import Guide
from family_voice.interviews.noting import Newer, Note, Sent
from family_voice.language.texts import gettext as _
from family_voice.web.access import actor, changed, current_staff
from family_voice.web.services import db, now
from family_voice.web.shared.fields import LONGEST_WORDS, tidy
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.observed import HERE, blueprint, here_for, in_the_way, show

VISIT = HERE + "/visits/<uuid:visit_id>"


@dataclass(frozen=True)
class Box:
    """One note of a visit. `standing` is what somebody else wrote over it meanwhile."""

    prompt_id: str
    known: tuple[UUID, ...]
    text: str = ""
    standing: str | None = None
    problem: str = ""

    @property
    def key(self) -> str:
        """What the page calls it."""
        return self.known[0].hex

    @property
    def known_text(self) -> str:
        """The ids it is known by, as the page carries them."""
        return ",".join(each.hex for each in self.known)


@blueprint.route(VISIT, methods=["GET", "POST"])
def visit(case_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    """What was seen. Everything on the page is kept by one button."""
    form = Form()
    of_it = here_for(case_id).seen_on(visit_id)
    guide = record.guide_of(db(), of_it.visit.interview_id)
    posted = _posted(guide) if form.is_submitted() else []
    if form.validate_on_submit():
        changed("interview", of_it.visit.interview_id, ["notes"])
        try:
            posted = _keep(case_id, visit_id, posted)
        except Stopped:
            form.form_errors = [_("They said no on this visit, so nothing more is written.")]
        except Sent:
            form.form_errors = [
                _("The account was sent meanwhile. Begin another visit to add to it.")
            ]
        except (NotAgreed, MayNotAsk, StoodDown) as why:
            form.form_errors = [in_the_way(why)]
        else:
            if not posted:
                flash(_("Saved."))
                return redirect(url_for("observed.visit", case_id=case_id, visit_id=visit_id))
    found = here_for(case_id)
    of_it = found.seen_on(visit_id)
    return show(
        "visit.html",
        409 if posted and form.is_submitted() else None,
        form=form,
        here=found,
        visit=of_it.visit,
        parts=[
            (prompt_id, title, question, _boxes(prompt_id, of_it, posted))
            for prompt_id, title, question in _places(guide, of_it)
        ],
        language_of=guide.language,
    )


@blueprint.post(VISIT + "/no")
def no(case_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    """They showed that they do not want it. It stops at once."""
    if Form().validate_on_submit():
        observing.said_no(db(), case_id, visit_id, actor(), now())
        flash(_("Stopped. Their no is written down, and goes before anybody's yes."))
        return redirect(url_for("observed.account", case_id=case_id))
    flash(_("Nothing was written down, for this page had been open too long. Press it once more."))
    return redirect(url_for("observed.visit", case_id=case_id, visit_id=visit_id))


def _places(guide: Guide, of_it: Seen) -> list[tuple[str, str, str]]:
    """Where a note can stand: the open question of each part, what stands elsewhere, and notes."""
    also = {prompt_id for prompt_id, _piece in of_it.pieces}
    found = [
        (prompt.id, heading.title, prompt.text)
        for heading in guide.headings
        for prompt in heading.prompts
        if prompt.core or prompt.id in also
    ]
    return [*found, (NOTES, _("Anything else"), "")]


def _boxes(prompt_id: str, of_it: Seen, posted: Sequence[Box]) -> list[Box]:
    """The boxes of one place: as they came back, else as they stand, and an empty one."""
    own = [box for box in posted if box.prompt_id == prompt_id]
    held = {each for box in own for each in box.known}
    standing = [
        Box(prompt_id, (piece.fragment_id,), piece.text)
        for at, piece in of_it.pieces
        if at == prompt_id and piece.fragment_id not in held
    ]
    spare = [] if any(not box.text.strip() for box in own) else [Box(prompt_id, (uuid4(),))]
    return [*own, *standing, *spare]


def _posted(guide: Guide) -> list[Box]:
    found = []
    for key in dict.fromkeys(request.form.getlist("box[]")):
        prompt_id = request.form.get(f"{key}.prompt", "")
        ids = [id_in(each) for each in request.form.get(f"{key}.known", key).split(",")]
        known = tuple(each for each in ids if each is not None)
        if known and (prompt_id == NOTES or prompt_id in guide.prompts):
            found.append(Box(prompt_id, known, tidy(request.form.get(f"{key}.words", ""))))
    return found


def _keep(case_id: UUID, visit_id: UUID, boxes: Sequence[Box]) -> list[Box]:
    """Keep what can be kept. What cannot comes back, with the reason."""
    back = []
    for box in boxes:
        if len(box.text) > LONGEST_WORDS:
            words = _(
                "This is too long for one note. Put some of it into another. Nothing is lost."
            )
            back.append(replace(box, problem=words))
            continue
        note = Note(box.prompt_id, box.known, box.text, Manner.OBSERVED)
        try:
            observing.write_seen(db(), case_id, visit_id, note, current_staff().id, now())
        except Newer as newer:
            ids = tuple(each.fragment_id for each in newer.standing)
            stands = " ".join(each.text for each in newer.standing)
            words = _("Somebody changed this meanwhile. Both are here: put them together and save.")
            # Known by what stands, so that saving now stands over it; by a new id if nothing does.
            known = ids or (uuid4(),)
            back.append(replace(box, known=known, standing=stands, problem=words))
    return back


__all__ = ["blueprint"]
