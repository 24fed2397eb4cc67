"""What a page carries so that pressing its button twice is pressing it once.

A second press comes with the cookie of the first page, before the first answer has arrived. So what
a page will make is named when the page is made, and signed into its form: whoever sends it again
finds it made already, and is known as its maker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from itsdangerous import BadSignature, URLSafeSerializer

from family_voice.interviews.state import Stage, State
from family_voice.security.tokens import new_printed_code
from family_voice.storage.base import new_id
from family_voice.web.family.visit import this_visit
from family_voice.web.services import settings

#: How long after a sending the same page may still be a second press of its button.
PRESSED_AGAIN: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class AnswerPage:
    """One page with an answer's box: what it `shows`, and the piece it will write `first`."""

    shows: frozenset[UUID]
    first: UUID

    def written(self, state: State) -> tuple[UUID | None, UUID]:
        """What this page wrote last, if it still stands, and what it is to write next.

        A page may be gone back to and sent again with other words. Each piece's name follows from
        the one before, so that such a correction pressed twice is one correction too.
        """
        last, following = None, self.first
        while following in state.removed or state.place_of(following) is not None:
            last, following = following, uuid5(following, "again")
        stands = last is not None and state.place_of(last) is not None
        return (last if stands else None), following


def sign_answer_page(prompt_id: str, shown: Iterable[UUID]) -> str:
    """What a fresh page with this question carries, having shown these pieces."""
    names = [fragment.hex for fragment in shown]
    return str(_signing(_answer(prompt_id)).dumps({"shows": names, "first": new_id().hex}))


def read_answer_page(prompt_id: str, signed: str) -> AnswerPage:
    """What a page that was sent carried. One without it, or of another question, showed nothing."""
    try:
        kept = _signing(_answer(prompt_id)).loads(signed)
        shows = frozenset(UUID(fragment) for fragment in kept["shows"])
        return AnswerPage(shows, UUID(kept["first"]))
    except (BadSignature, KeyError, TypeError, ValueError):
        return AnswerPage(frozenset(), new_id())


def sign_sending_page() -> str:
    """What the page carries from which a conversation is sent: made before it was sent."""
    return str(_signing(_sending()).dumps("unsent"))


def pressed_again(signed: str, state: State, now: datetime) -> bool:
    """Whether this is the button that sent the conversation, pressed once more."""
    if state.stage is not Stage.SENT or state.sent_at is None:
        return False
    if now - state.sent_at > PRESSED_AGAIN:
        return False
    try:
        return bool(_signing(_sending()).loads(signed) == "unsent")
    except BadSignature:
        return False


def sign_sure_page() -> str:
    """What the last page before taking back carries; it is shown only to whom may take back."""
    return str(_signing(_taking_back()).dumps("sure"))


def is_sure_page(signed: str) -> bool:
    """Whether this is that page's button, pressed once more after it was done."""
    try:
        return bool(_signing(_taking_back()).loads(signed) == "sure")
    except BadSignature:
        return False


def sign_open_door() -> str:
    """What the page of the open link carries: the conversation it may begin, and its code.

    The code is shown to this very browser on the next page. Nothing has it until then.
    """
    return str(_signing("share").dumps([new_id().hex, new_printed_code()]))


def read_open_door(signed: str) -> tuple[UUID, str]:
    """The conversation to begin and its code; fresh ones where the page carried none."""
    try:
        interview_id, code = _signing("share").loads(signed)
        return UUID(interview_id), str(code)
    except (BadSignature, TypeError, ValueError):
        return new_id(), new_printed_code()


def _answer(prompt_id: str) -> str:
    return f"answer/{this_visit().interview_id}/{prompt_id}"


def _sending() -> str:
    return f"send/{this_visit().interview_id}"


def _taking_back() -> str:
    return f"take-back/{this_visit().interview_id}"


def _signing(place: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=place)
