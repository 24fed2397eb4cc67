"""Where in the pages a conversation stands, and how to get there."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from family_voice.interviews import record
from family_voice.interviews.effects import Ask
from family_voice.interviews.events import Channel
from family_voice.interviews.events import Event as Happening
from family_voice.interviews.guide import Guide
from family_voice.interviews.record import Outcome
from family_voice.interviews.state import Stage, State
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now

WEB = Channel.WEB


def go(endpoint: str, **values: object) -> Response:
    """Answer a form with the next page."""
    return redirect(url_for(f"family.{endpoint}", **values), 303)  # type: ignore[arg-type]


def held() -> State:
    """Where this conversation stands, held until the request is over. For requests that change."""
    return record.as_agreed(db(), this_visit().interview_id, now(), held=True)


def state_now() -> State:
    """Where this conversation stands."""
    return record.as_agreed(db(), this_visit().interview_id, now())


def guide_now() -> Guide:
    """This conversation's questions."""
    return record.guide_of(db(), this_visit().interview_id)


def happen(event: Happening) -> Outcome:
    """Let something happen to this conversation."""
    return record.happen(db(), this_visit().interview_id, event, now())


def asked(outcome: Outcome) -> str | None:
    """The question that is to be put now, if there is one."""
    return next((e.prompt_id for e in outcome.effects if isinstance(e, Ask)), None)


def go_on(state: State, guide: Guide) -> Response:
    """To the page where this conversation is to be carried on."""
    match state.stage:
        case Stage.INVITED:
            return go("welcome")
        case Stage.DECIDING:
            return go("permission")
        case Stage.ASKING:
            following = state.following(guide, None)
            return go("question", prompt_id=following) if following else go("check_answers")
        case Stage.READING_BACK:
            return go("check_answers")
        case Stage.SENT:
            return go("sent")
        case _:
            return go("no_thanks")
