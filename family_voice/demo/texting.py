"""A made-up family texts: the same way in as a real text, and our answers counted as sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from family_voice.demo.telling import Telling, keep_from_workers
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.state import Stage, State
from family_voice.messages import arriving, outbox, sending
from family_voice.messages.models import OutboundMessage
from family_voice.messages.sending import Go, Verdict
from family_voice.settings import Settings
from family_voice.sms.conversation import decision_asked, to_read_back
from family_voice.sms.handling import Incoming, quiet_passed, take_in

BETWEEN_TEXTS = timedelta(seconds=40)
SILENCE = timedelta(minutes=5)
MOST_TEXTS = 200


class Thumb:
    """Somebody's telephone in the hand: each text comes a little after the one before.

    Args:
        session: a writing session.
        settings: who we are.
        phone: their number.
        occasion: names this conversation, so that its texts count once.
        at: when the first text is sent.
    """

    def __init__(
        self, session: Session, settings: Settings, phone: str, occasion: str, at: datetime
    ) -> None:
        self._session, self._settings = session, settings
        self._phone, self._occasion, self._at = phone, occasion, at
        self._number = 0

    def send(self, body: str) -> None:
        """Send one text, and let what answers it go out."""
        self._number += 1
        incoming = Incoming(f"made-up-{self._occasion}-{self._number}", self._phone, body)
        take_in(self._session, self._settings, incoming, self._at)
        send_due(self._session, self._at)
        self._at += BETWEEN_TEXTS

    def fall_silent(self) -> None:
        """Send nothing for a while, so that what was said last is taken as the whole answer."""
        self._at += SILENCE
        for turn in outbox.due_turns(self._session, self._at):
            if arriving.phone_of(self._session, turn.interview_id) == self._phone:
                quiet_passed(self._session, self._settings, turn, self._at)
        send_due(self._session, self._at)
        self._at += BETWEEN_TEXTS


def text(
    session: Session, settings: Settings, telling: Telling, phone: str, code_word: str
) -> None:
    """Tell an account by text, from the code word to what it says in the end.

    Args:
        session: a writing session.
        settings: who we are.
        telling: the account.
        phone: the number it comes from.
        code_word: what their letter says.
    """
    thumb = Thumb(session, settings, phone, telling.account.id, telling.account.begun_at)
    words = {answer.prompt: answer.fragments for answer in telling.account.answers}
    said: set[str] = set()
    for _ in range(MOST_TEXTS):
        state = record.state_of(session, telling.interview_id)
        asked = decision_asked(state)
        if Channel.TEXT not in state.recognised:
            thumb.send(code_word)
        elif asked is not None:
            thumb.send("AGREE" if telling.account.decisions.get(asked) else "NO")
        elif to_read_back(state) and telling.account.read_back_at:
            thumb.send("RIGHT")
        elif state.stage is Stage.ASKING and state.on_phone not in said and state.on_phone:
            said.add(state.on_phone)
            for fragment in words.get(state.on_phone, ()):
                thumb.send(fragment.text)
            for command in _onward(state, state.on_phone, telling, bool(words.get(state.on_phone))):
                thumb.send(command)
        else:
            break
    keep_from_workers(session, telling)


def send_due(session: Session, now: datetime) -> None:
    """Count what is in line as sent, as the pretend provider does."""
    while (claimed := sending.claim(session, now, _at_once)) is not None:
        sending.sent(session, claimed.id, f"made-up-{claimed.id}", now)


def _onward(state: State, prompt: str, telling: Telling, answered: bool) -> Iterator[str]:
    """NEXT or SKIP; MORE first where the account goes on under the same heading."""
    heading = prompt.partition(".")[0]
    wanted = {answer.prompt for answer in telling.account.answers} | set(telling.account.skipped)
    further = {each for each in wanted if each.startswith(f"{heading}.") and each != prompt}
    if prompt.endswith(".open") and further and heading not in state.opened:
        yield "MORE"
    if answered:
        yield "NEXT"
    else:
        yield "SKIP"


def _at_once(_session: Session, _message: OutboundMessage, _now: datetime) -> Verdict:
    return Go()
