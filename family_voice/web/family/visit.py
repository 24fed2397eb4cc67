"""One sitting of a family at a browser: the family's part of the signed session cookie.

It says which conversation this is, which fragments this sitting wrote, and whether the return word
was given. Coming by link or code always begins a fresh sitting: on a shared telephone, whoever
opens the link next does not see what was said before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import g, session

FAMILY: Final = "family"
#: After this long without a page the sitting is over.
IDLE: Final = timedelta(hours=2)


@dataclass(frozen=True)
class Visit:
    """One sitting. `just_sent`: sent here, moments ago. `receipt`: of what was taken back here.

    `word` is the mark of the return word that was given, empty if none was: a new word closes what
    an earlier one had opened.
    """

    interview_id: UUID
    word: str = ""
    just_sent: bool = False
    mine: frozenset[UUID] = frozenset()
    receipt: str = ""

    @property
    def known(self) -> bool:
        """The return word was given."""
        return bool(self.word)

    @property
    def mark(self) -> str:
        """Names the conversation inside a form, so that no page posts into another one."""
        return hashlib.sha256(b"family page " + self.interview_id.bytes).hexdigest()[:12]

    def may_see(self, fragment_id: UUID) -> bool:
        """Whether words may be shown: written in this sitting, or the return word was given."""
        return self.known or fragment_id in self.mine

    def sees_all(self, fragments: Iterable[UUID]) -> bool:
        """Whether all of these may be shown."""
        return all(self.may_see(fragment) for fragment in fragments)


def this_visit() -> Visit:
    """The sitting of this request; only behind the gate (`gate.py`)."""
    visit: Visit = g.visit
    return visit


def find_visit(now: datetime) -> Visit | None:
    """The sitting that the cookie tells of, unless it is over. Keeps it going."""
    kept = session.get(FAMILY)
    if not isinstance(kept, dict):
        return None
    try:
        last = datetime.fromisoformat(kept["at"])
        visit = Visit(
            UUID(kept["of"]),
            str(kept["word"]),
            bool(kept["just_sent"]),
            frozenset(UUID(fragment) for fragment in kept["mine"]),
            str(kept.get("receipt", "")),
        )
    except (KeyError, TypeError, ValueError):
        return None
    if now - last >= IDLE:
        leave()
        return None
    _keep(visit, now)
    return visit


def enter(interview_id: UUID, now: datetime) -> Visit:
    """Begin a fresh sitting."""
    return _keep(Visit(interview_id), now)


def wrote(fragments: Iterable[UUID], standing: Iterable[UUID], now: datetime) -> Visit:
    """Remember what this sitting wrote, as far as it still stands."""
    visit = this_visit()
    return _keep(replace(visit, mine=(visit.mine | set(fragments)) & set(standing)), now)


def recognised(word: str, now: datetime) -> Visit:
    """The return word was given, of which this is the mark."""
    return _keep(replace(this_visit(), word=word), now)


def locked_again(visit: Visit, now: datetime) -> Visit:
    """The word that was given is the return word no more."""
    return _keep(replace(visit, word=""), now)


def sent(now: datetime) -> Visit:
    """Sent: nothing is played back any more without the return word."""
    return _keep(Visit(this_visit().interview_id, just_sent=True), now)


def took_back(number: str, now: datetime) -> Visit:
    """Something was taken back here: this sitting may see the receipt with this number."""
    return _keep(replace(this_visit(), receipt=number), now)


def leave() -> None:
    """Forget the sitting; anything else in the cookie stays."""
    session.pop(FAMILY, None)
    g.pop("visit", None)


def _keep(visit: Visit, now: datetime) -> Visit:
    session[FAMILY] = {
        "of": visit.interview_id.hex,
        "word": visit.word,
        "just_sent": visit.just_sent,
        "mine": sorted(fragment.hex for fragment in visit.mine),
        "receipt": visit.receipt,
        "at": now.isoformat(timespec="seconds"),
    }
    g.visit = visit
    return visit
