"""Anything secret that is typed may be guessed at only so often: codes, words, passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import request

from family_voice.security.throttling import allowed, count_failure, take_back
from family_voice.web.services import after_settling, in_own_transaction, now


class TooManyTries(Exception):
    """Nobody may guess at this, or from there, for a while."""


@dataclass
class Guess:
    """One try under way; whoever judges it says whether it was right."""

    right: bool = False


@contextmanager
def counted_guess(*kinds: tuple[str, str]) -> Iterator[Guess]:
    """Count a try of each kind before it is judged, and take it back if it was right.

    Counted and committed first, so that a hundred guesses sent at once are still a hundred.

    Args:
        kinds: what is guessed at or from, each a scope of `throttling.LIMITS` and its subject.

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
        raise TooManyTries
    guess = Guess()
    yield guess
    if guess.right:
        after_settling(lambda session: take_back(session, tries))


def address() -> str:
    """Where the request came from, as one subject of guessing."""
    return request.remote_addr or "unknown"
