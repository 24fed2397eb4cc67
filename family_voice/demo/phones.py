"""The pretend telephones: whose they are, what stands on them, and what one might text next."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State
from family_voice.language.texts import _
from family_voice.messages import arriving, outbox
from family_voice.messages.models import SendState
from family_voice.messages.thread import Line, by_phone
from family_voice.sms.conversation import decision_asked, to_read_back

MOBILE = "+447"


@dataclass(frozen=True)
class Phone:
    """One telephone. `number` is in E.164 form; `door` is None where nobody knows it."""

    position: int
    number: str
    door: FamilyDoor | None = None


def can_text(door: FamilyDoor) -> bool:
    """Whether a family can text with us: a mobile, and a code word that goes with it."""
    return bool(door.phone and door.phone.startswith(MOBILE) and door.code_word)


def every(handout: Handout) -> list[Phone]:
    """Every telephone of the current round, the one that has not begun first, strangers last."""
    known = [door for door in reversed(handout.newest) if can_text(door)]
    found = [Phone(n, door.phone or "", door) for n, door in enumerate(known, start=1)]
    strangers = enumerate(reversed(handout.strangers), start=len(found) + 1)
    return [*found, *(Phone(n, number) for n, number in strangers)]


def numbered(handout: Handout, position: int) -> Phone | None:
    """The telephone at a position, or None."""
    return next((each for each in every(handout) if each.position == position), None)


def lines(session: Session, phone: Phone) -> list[Line]:
    """What stands on its screen: what they sent, and what has reached them."""
    reached = {SendState.SENT.value, SendState.DELIVERED.value}
    return [
        line for line in by_phone(session, phone.number) if not line.ours or line.state in reached
    ]


def stopped(session: Session, phone: Phone) -> bool:
    """Whether it said STOP, so that no text reaches it."""
    return outbox.is_stopped(session, phone.number)


def hints(session: Session, phone: Phone) -> list[tuple[str, str]]:
    """What one might text now: the words, and what they do."""
    if stopped(session, phone):
        return [("START", _("texts may come again"))]
    interview_id = arriving.last_conversation(session, phone.number)
    if interview_id is None and phone.door is None:
        if not by_phone(session, phone.number):
            return [(_("Hello, is this Family Voice?"), _("a number that nobody knows"))]
        return [("AGREE", _("to talk with us")), ("NO", _("to be left alone"))]
    if interview_id is None and phone.door is not None:
        return [(phone.door.code_word or "", _("the code word from their letter"))]
    if interview_id is None:
        return []
    state, guide = record.state_of(session, interview_id), record.guide_of(session, interview_id)
    if Channel.TEXT not in state.recognised and phone.door is not None:
        return [(phone.door.code_word or "", _("the code word from their letter"))]
    return _in_conversation(state, guide)


def readable(number: str) -> str:
    """A number as people in England write it."""
    local = number.replace("+44", "0", 1)
    return f"{local[:5]} {local[5:]}"


def _in_conversation(state: State, guide: Guide) -> list[tuple[str, str]]:
    stop = ("STOP", _("no more texts"))
    if decision_asked(state) is not None:
        return [("AGREE", _("say yes")), ("NO", _("say no")), stop]
    if to_read_back(state):
        return [("RIGHT", _("it is right")), ("NO", _("something is not right"))]
    if state.stage is not Stage.ASKING or state.on_phone is None:
        return []
    following = ("NEXT", _("when the answer is done"))
    skip = [] if state.answered(state.on_phone) else [("SKIP", _("rather not answer"))]
    heading = guide.heading_of(state.on_phone)
    more = [("MORE", _("more questions about this"))] if heading.further else []
    around = [("BACK", _("the question before")), ("CALL", _("please ring me"))]
    return [following, *skip, *more, *around, ("WEB", _("carry on by the web")), stop]
