"""What makes a password: long enough, and hard to guess for somebody who knows the person.

The check is offline: zxcvbn's lists of common passwords, names and words come with the program.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from zxcvbn import zxcvbn

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
# zxcvbn's scale from 0 to 4; 3 means "safely unguessable" to an online attacker.
HARD_TO_GUESS = 3
GUESSED_FROM = 72
OURS = ("family voice", "familyvoice", "family", "voice", "council", "send")


class WeakPassword(ValueError):
    """The password is too short or easily guessed."""


def normal_password(typed: str) -> str:
    """A password as compared: the same letters typed on different keyboards are the same."""
    return unicodedata.normalize("NFKD", typed)


def insist_on_a_good_one(password: str, about: Iterable[str]) -> None:
    """Refuse a password that is short or easily guessed.

    Args:
        password: as `normal_password` gives it.
        about: what somebody would try first: the person's name, email address, job and council.

    Raises:
        WeakPassword: then.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword
    known = [*OURS, *_words(about)]
    guessed = password[:GUESSED_FROM]
    if zxcvbn(guessed, user_inputs=known)["score"] < HARD_TO_GUESS:
        raise WeakPassword
    # Several such words one after another would each count as a word; nothing else may be left.
    rest = guessed.casefold()
    for word in sorted(known, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    if len(re.sub(r"[\W\d_]", "", rest)) < 4 and len(rest) < SHORTEST_PASSWORD:
        raise WeakPassword


def _words(about: Iterable[str]) -> list[str]:
    found: list[str] = []
    for text in about:
        parts = [part for part in re.split(r"[^\w]+", text) if len(part) >= 3]
        found += [text, "".join(parts), *parts]
    return [word for word in found if len(word) >= 3]
