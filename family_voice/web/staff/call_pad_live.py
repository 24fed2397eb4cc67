"""What a family texts while the pad is open, shown as it comes: the same conversation meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from family_voice.interviews import record
from family_voice.interviews.events import NOTES
from family_voice.sms import inbox
from family_voice.sms.inbox import Conversation
from family_voice.storage.locking import Missing
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.staff import call_pad_notes as notes
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    Sitting,
    blueprint,
    show,
    sitting,
    written_on,
)
from family_voice.web.staff.texts import Bubble, bubbles
from family_voice.web.staff.texts_wording import COLOURS, standing_words

#: A conversation that was texted in so lately is going on now, and stands open on the pad.
GOING_ON: Final = timedelta(minutes=30)
SHOWN: Final = 12


@dataclass(frozen=True)
class Live:
    """The newest texts with them. `mark` tells whether anything is new."""

    conversation: Conversation
    texts: list[Bubble]
    mark: str
    going_on: bool
    asked: str
    colour: str
    standing: str


def live(here: Sitting) -> Live | None:
    """The texts of this conversation; None if there are none."""
    try:
        found = inbox.conversation(db(), here.interview_id, current_staff().id, now())
    except Missing:
        return None
    guide = record.guide_of(db(), here.interview_id)
    at = guide.prompts.get(found.state.on_phone or "")
    return Live(
        found,
        bubbles(found, guide)[-SHOWN:],
        _mark(found),
        _last(found, now()) <= GOING_ON,
        at.wording("text") if at else "",
        COLOURS[found.standing],
        standing_words(found.standing, found.muted),
    )


@blueprint.context_processor
def _texts() -> dict[str, object]:
    """The pad's own template asks for them: this module is built on the pad's."""
    return {"live_texts": live}


@blueprint.get(TALK + "/pad/new")
def whats_new(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """The texts, and what stands under each question by itself, if anything is new since `mark`.

    A script asks this every few seconds; it does not count as somebody being there.
    """
    here = sitting(case_id, participant_id)
    found = live(here) if here is not None else None
    if here is None or found is None or found.mark == request.args.get("mark"):
        return Response(status=204)
    seen("interview", here.interview_id, ["account"])
    guide = record.guide_of(db(), here.interview_id)
    state = record.as_agreed(db(), here.interview_id, now())
    account = written_on(here, state)
    return show(
        "live.html",
        here=here,
        live=found,
        guide=guide,
        every=[notes.asked(each, guide, account, state) for each in (NOTES, *guide.prompts)],
    )


def _last(found: Conversation, moment: datetime) -> timedelta:
    theirs = [each.line.at for each in found.texts if not each.line.ours]
    return moment - max(theirs) if theirs else timedelta.max


def _mark(found: Conversation) -> str:
    shown = [(each.line.id, each.line.state, each.prompt_id, each.hidden) for each in found.texts]
    return sha256(repr((shown, found.standing)).encode()).hexdigest()[:16]
