"""Anything secret that is typed may be guessed at only so often: codes, words, passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import request

from family_voice.security.throttling import allowed, count_failure, take_back
from family_voice.security.trail import Actor, record
from family_voice.web.services import after_settling, in_own_transaction, now


class TooManyTries(Exception):
    """Nobody may guess at this, or from there, for a while."""


#: How a wrong guess stands in the audit trail: at what kind of thing, and at which part of it.
#: What is only counted (a conversation begun uninvited) is not here.
ON_RECORD: Final = {
    "sign_in_by_account": ("staff", "password"),
    "second_factor": ("staff", "second factor"),
    "passkey_by_address": ("staff", "passkey"),
    "code_by_code": ("door", "code"),
    "return_word": ("interview", "return_word"),
}
NOBODY: Final = Actor("nobody")


@dataclass
class Guess:
    """One try under way; whoever judges it says whether it was right, and what it was at."""

    right: bool = False
    at: UUID | None = None


@contextmanager
def counted_guess(*kinds: tuple[str, str], at: UUID | None = None) -> Iterator[Guess]:
    """Count a try of each kind before it is judged, and take it back if it was right.

    Counted and committed first, so that a hundred guesses sent at once are still a hundred. A wrong
    one, and one too many, is a refusal in the audit trail.

    Args:
        kinds: what is guessed at or from, each a scope of `throttling.LIMITS` and its subject.
        at: the account or conversation that is guessed at, where it is known before.

    Raises:
        TooManyTries: before anything is judged, after too many wrong ones.
    """
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
        _refused(kinds[0][0], at, "too many")
        raise TooManyTries
    guess = Guess(at=at)
    try:
        yield guess
    finally:
        if guess.right:
            after_settling(lambda session: take_back(session, tries))
        else:
            _refused(kinds[0][0], guess.at)


def _refused(scope: str, at: UUID | None, *more: str) -> None:
    """Write the refusal down once the request is settled: judging must go on in its session."""
    if scope not in ON_RECORD:
        return
    resource, part = ON_RECORD[scope]
    moment = now()
    after_settling(
        lambda session: record(session, NOBODY, "refuse", resource, at, moment, [part, *more])
    )


def address() -> str:
    """Where the request came from, as one subject of guessing."""
    return request.remote_addr or "unknown"
