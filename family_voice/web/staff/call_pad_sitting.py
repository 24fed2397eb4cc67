"""One conversation at the call pad: with whom, how, and what its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from family_voice.cases.permission import account_to_write_on
from family_voice.cases.talking import (
    WAYS,
    Talk,
    talk_of,
)
from family_voice.interviews import record
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Account
from family_voice.people.facts import ADVOCATE, is_professional
from family_voice.storage.locking import Missing
from family_voice.web.access import current_staff
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.pages import render
from family_voice.web.staff import call_pad_notes as notes
from family_voice.web.staff.call_pad_forms import TOGETHER
from family_voice.web.staff.call_pad_forms import WAYS as WAY_NAMES
from family_voice.web.staff.labels import LABELS

blueprint = Blueprint("call_pad", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
# The last resort: each page holds the conversation, and shows what was typed if it has moved on.
blueprint.register_error_handler(EngineError, lambda _problem: error_page(409))

TALK = "/case/<uuid:case_id>/talk/<uuid:participant_id>"


@dataclass(frozen=True)
class Sitting:
    """One conversation as it is being held: with whom, how, and whether several are there."""

    talk: Talk
    channel: Channel
    together: bool

    @property
    def interview_id(self) -> UUID:
        """The conversation; it has begun."""
        if self.talk.interview_id is None:
            raise Missing("interview")
        return self.talk.interview_id

    def address(self, endpoint: str, **more: Any) -> str:
        """Where a page of this sitting is."""
        return url_for(
            endpoint,
            case_id=self.talk.case_id,
            participant_id=self.talk.person.id,
            by=self.channel.value,
            who=TOGETHER if self.together else None,
            **more,
        )


def sitting(case_id: UUID, participant_id: UUID) -> Sitting | None:
    """The sitting that the address names; None if nobody has said yet how they talk."""
    talk = talk_of(db(), case_id, participant_id, now())
    by = request.args.get("by", "")
    if talk.interview_id is None or by not in WAYS:
        return None
    return Sitting(talk, Channel(by), request.args.get("who") == TOGETHER)


def state_now(here: Sitting) -> State:
    """Where it stands; held for the rest of a request that may change it."""
    held = request.method not in SAFE
    return record.as_agreed(db(), here.interview_id, now(), held=held)


def may_write(state: State) -> bool:
    """Whether words of theirs may be written down and shown."""
    return state.speaking_allowed and state.stage is not Stage.DECLINED


def written_on(here: Sitting, state: State) -> Account:
    """What was said, as whoever writes may read it; after a no, nothing."""
    if not may_write(state):
        return Account(here.interview_id, state.language, ())
    return account_to_write_on(db(), here.interview_id, current_staff().id, now())


def start_address(case_id: UUID, participant_id: UUID) -> str:
    """Where a conversation with somebody begins."""
    return url_for("call_pad.start", case_id=case_id, participant_id=participant_id)


def show(template: str, status: int | None = None, /, **context: object) -> Response:
    """A page of the call pad's, with the words for channels, steps and so on."""
    return render(
        f"staff/call_pad/{template}",
        status,
        **LABELS,
        WAYS=WAY_NAMES,
        MANNERS=_manners(context.get("here")),
        SPEAKERS=notes.SPEAKERS,
        **context,
    )


def _manners(here: object) -> Mapping[Manner, object]:
    """Whose words a note may be in."""
    if isinstance(here, Sitting) and is_professional(here.talk.person.facts.relationship):
        return notes.PROFESSIONAL
    if isinstance(here, Sitting) and here.talk.person.facts.relationship == ADVOCATE:
        return notes.ADVOCATES
    return notes.MANNERS
