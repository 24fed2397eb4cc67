"""Codes and return words may be guessed at only so often.

Every try is counted and committed before it is judged, so that many at once gain nothing; one that
turns out right is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import request

from family_voice.interviews.doors import by_code, return_word_is
from family_voice.security.throttling import allowed, count_failure, take_back
from family_voice.security.tokens import read_printed_code
from family_voice.web.services import after_settling, db, in_own_transaction, now

LONGEST = 64


class TooManyTries(Exception):
    """Nobody may guess at this, or from there, for a while."""


@dataclass
class _Try:
    right: bool = False


def open_by_code(typed: str) -> UUID:
    """The conversation a printed code opens.

    Raises:
        NoSuchDoor: if it opens none: unknown, out of date or replaced.
        TooManyTries: before looking, after too many wrong ones.
    """
    subject = read_printed_code(typed) or typed.casefold()[:LONGEST]
    with _guess(
        ("code_by_code", subject), ("code_by_address", _address()), ("code_overall", "all")
    ) as guess:
        interview_id = by_code(db(), typed, now())
        guess.right = True
    return interview_id


def is_return_word(interview_id: UUID, typed: str) -> bool:
    """Whether this is the return word of a conversation.

    Raises:
        TooManyTries: before looking, after too many wrong ones.
    """
    with _guess(
        ("return_word", f"interview {interview_id}"), ("return_word", f"address {_address()}")
    ) as guess:
        guess.right = return_word_is(db(), interview_id, typed[:LONGEST])
    return guess.right


def may_begin_uninvited() -> bool:
    """Whether one more conversation may be begun from this address; it is counted."""
    try:
        with _guess(("share_by_address", _address())):
            return True
    except TooManyTries:
        return False


def _address() -> str:
    return request.remote_addr or "unknown"


@contextmanager
def _guess(*kinds: tuple[str, str]) -> Iterator[_Try]:
    moment = now()
    tries: list[UUID] = []
    within: list[bool] = []
    in_own_transaction(
        lambda session: tries.extend(count_failure(session, *kind, moment) for kind in kinds)
    )
    in_own_transaction(
        lambda session: within.extend(
            allowed(session, *kind, moment, counted=True) for kind in kinds
        )
    )
    if not all(within):
        in_own_transaction(lambda session: take_back(session, tries))
        raise TooManyTries
    guess = _Try()
    yield guess
    if guess.right:
        after_settling(lambda session: take_back(session, tries))
