"""Codes and return words may be guessed at only so often."""

from __future__ import annotations

from uuid import UUID

from family_voice.interviews.doors import by_code, return_word_is
from family_voice.security.tokens import read_printed_code
from family_voice.web.services import db, now
from family_voice.web.shared.guessing import TooManyTries, address, counted_guess

LONGEST = 64


def open_by_code(typed: str) -> UUID:
    """The conversation a printed code opens.

    Raises:
        NoSuchDoor: if it opens none: unknown, out of date or replaced.
        TooManyTries: before looking, after too many wrong ones.
    """
    subject = read_printed_code(typed) or typed.casefold()[:LONGEST]
    with counted_guess(
        ("code_by_code", subject), ("code_by_address", address()), ("code_overall", "all")
    ) as guess:
        interview_id = by_code(db(), typed, now())
        guess.right = True
    return interview_id


def is_return_word(interview_id: UUID, typed: str) -> bool:
    """Whether this is the return word of a conversation.

    Raises:
        TooManyTries: before looking, after too many wrong ones.
    """
    with counted_guess(
        ("return_word", f"interview {interview_id}"),
        ("return_word", f"address {address()}"),
        at=interview_id,
    ) as guess:
        guess.right = return_word_is(db(), interview_id, typed[:LONGEST])
    return guess.right


def may_begin_uninvited() -> bool:
    """Whether one more conversation may be begun from this address; it is counted."""
    try:
        with counted_guess(("share_by_address", address())):
            return True
    except TooManyTries:
        return False
