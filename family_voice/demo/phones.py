"""The pretend telephones: whose they are, what stands on them, and what one might text next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from family_voice.demo.handout import FamilyDoor, Handout
from family_voice.interviews import record
from family_voice.interviews.asking import QUIET_WINDOW
from family_voice.language.texts import _, lazy
from family_voice.messages import arriving, outbox, phone_lines
from family_voice.messages.attention import Need
from family_voice.messages.models import SendState
from family_voice.messages.thread import by_phone
from family_voice.sms.hints import Hint
from family_voice.sms.hints import hints as in_conversation
from family_voice.web.shared.phone import Bubble

MOBILE = "+447"
#: What to try on the phones of the last family, each of which is still to begin.
TO_TRY = (
    lazy("Try this one to finish a conversation"),
    lazy("Try this one to stop: text STOP, then START"),
    lazy("Try this one to go on by the web: text WEB"),
    lazy("Try this one to ask for a call: text CALL"),
)
#: What else one may find on a phone, by how the demo left its conversation.
LEFT_AS = {
    "heard": lazy("Has finished already"),
    "in_progress": lazy("Has begun; carry on"),
    "invited": lazy("Invited, and not begun"),
    "declined": lazy("Has said no"),
}


@dataclass(frozen=True)
class Phone:
    """One telephone. `number` is in E.164 form; `door` is None where nobody knows it;
    `good_for` says what to try on it."""

    position: int
    number: str
    door: FamilyDoor | None = None
    good_for: object = ""


def can_text(door: FamilyDoor) -> bool:
    """Whether a family can text with us: a mobile, and a code word that goes with it."""
    return bool(door.phone and door.phone.startswith(MOBILE) and door.code_word)


def every(handout: Handout) -> list[Phone]:
    """Every telephone of the current round, those that have not begun first, strangers last."""
    last, *others = reversed(handout.newest)
    known = [door for door in (last, *handout.relatives, *others) if can_text(door)]
    unbegun = dict(zip((last, *handout.relatives), TO_TRY, strict=False))
    found = [
        Phone(n, door.phone or "", door, unbegun.get(door) or LEFT_AS.get(door.outcome, ""))
        for n, door in enumerate(known, start=1)
    ]
    strangers = enumerate(reversed(handout.strangers), start=len(found) + 1)
    return [*found, *(Phone(n, number) for n, number in strangers)]


def numbered(handout: Handout, position: int) -> Phone | None:
    """The telephone at a position, or None."""
    return next((each for each in every(handout) if each.position == position), None)


def bubbles(session: Session, phone: Phone) -> list[Bubble]:
    """What stands on its screen: what they sent, and what has reached them."""
    reached = {SendState.SENT.value, SendState.DELIVERED.value}
    return [
        Bubble(line.ours, line.body, line.at, line.parts)
        for line in by_phone(session, phone.number)
        if not line.ours or line.state in reached
    ]


def _ours(session: Session, phone: Phone) -> list[str]:
    return [each.body for each in bubbles(session, phone) if each.ours]


def waits_until(session: Session, phone: Phone, now: datetime) -> datetime | None:
    """When the next text of ours may go, where one waits for its hour."""
    return next(
        (
            line.due_at
            for line in by_phone(session, phone.number)
            if line.state == SendState.QUEUED.value and line.due_at and line.due_at > now
        ),
        None,
    )


def quiet(session: Session, phone: Phone, now: datetime) -> timedelta:
    """How long nothing has to be said until the conversation goes on by itself."""
    interview_id = arriving.last_conversation(session, phone.number)
    due = outbox.turn_of(session, interview_id) if interview_id else None
    return max(due - now, QUIET_WINDOW) if due else QUIET_WINDOW


def stopped(session: Session, phone: Phone) -> bool:
    """Whether it said STOP, so that no text reaches it."""
    return outbox.is_stopped(session, phone.number)


def is_wrong_number(session: Session, phone: Phone) -> bool:
    """Whether it said that it is not them, so that nothing more goes there."""
    index = outbox.phone_index(session, phone.number)
    return phone_lines.why_muted(session, index) == Need.WRONG_NUMBER


def waits_for_a_person(session: Session, phone: Phone) -> bool:
    """Whether the program says nothing there until a person has answered or lets it go on."""
    if phone_lines.why_muted(session, outbox.phone_index(session, phone.number)):
        return True
    if stopped(session, phone):
        return False
    interview_id = arriving.last_conversation(session, phone.number)
    return interview_id is not None and record.state_of(session, interview_id).with_person


def hints(session: Session, phone: Phone) -> list[Hint]:
    """What one might text now: the words, and what they do."""
    if waits_for_a_person(session, phone):
        return []
    if stopped(session, phone):
        return [Hint("START", _("texts may come again"))]
    interview_id = arriving.last_conversation(session, phone.number)
    code_word = phone.door.code_word or "" if phone.door else ""
    if interview_id is not None:
        state, guide = (
            record.state_of(session, interview_id),
            record.guide_of(session, interview_id),
        )
        return in_conversation(state, guide, code_word, _ours(session, phone))
    if phone.door is not None:
        return [Hint(code_word, _("the code word from their letter"))]
    if not by_phone(session, phone.number):
        return [Hint(_("Hello, is this Family Voice?"), _("a number that nobody knows"))]
    return [Hint("AGREE", _("to talk with us")), Hint("NO", _("to be left alone"))]


def readable(number: str) -> str:
    """A number as people in England write it."""
    local = number.replace("+44", "0", 1)
    return f"{local[:5]} {local[5:]}"
