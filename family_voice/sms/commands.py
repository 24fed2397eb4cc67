"""The words that do something when they are the whole text. Pure.

The carrier's own words keep the carrier's meaning: what it treats as a stop is one here too, and
YES is never taken as agreement, because to a carrier it means "send me texts again".
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Final


class Command(StrEnum):
    """What a text that is only a command asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"
    AGREE = "agree"
    NO = "no"
    RIGHT = "right"
    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    MORE = "more"
    CALL = "call"
    WEB = "web"
    DELETE = "delete"
    KEEP = "keep"


#: Twilio's default opt-out, opt-in and help keywords, then our own.
WORDS: Final = {
    **dict.fromkeys(
        ("stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "stop all"),
        Command.STOP,
    ),
    **dict.fromkeys(("start", "unstop"), Command.START),
    **dict.fromkeys(("help", "info"), Command.HELP),
    "yes": Command.YES,
    **dict.fromkeys(("agree", "i agree"), Command.AGREE),
    **dict.fromkeys(("no", "no thanks", "no thank you"), Command.NO),
    **dict.fromkeys(("right", "it is right", "thats right"), Command.RIGHT),
    "next": Command.NEXT,
    "skip": Command.SKIP,
    "back": Command.BACK,
    "more": Command.MORE,
    **dict.fromkeys(("call", "call me"), Command.CALL),
    **dict.fromkeys(("web", "link"), Command.WEB),
    "delete": Command.DELETE,
    "keep": Command.KEEP,
}
_POLITE: Final = "please"
#: A code word has two words; after more than that somebody is talking.
_AFTER_DELETE: Final = 4
#: No command is longer, so a long text need not be looked at whole.
_LONGEST: Final = 60


def read(body: str) -> Command | None:
    """The command a text is, if the whole of it is one.

    Case, outer punctuation, odd spaces and a "please" do not count.
    """
    if len(body) > _LONGEST:
        return None
    words = plain(body).split()
    kept = [word for word in words if word != _POLITE]
    return WORDS.get(" ".join(kept))


def after_delete(body: str) -> str | None:
    """What follows DELETE, such as a code word; empty for DELETE alone, None for anything else."""
    if len(body) > _LONGEST:
        return None
    first, *rest = plain(body).split() or [""]
    rest = [word for word in rest if word != _POLITE]
    return " ".join(rest) if first == "delete" and len(rest) <= _AFTER_DELETE else None


def plain(body: str) -> str:
    """A text as compared with words: folded, only letters, figures and single spaces left."""
    folded = unicodedata.normalize("NFKC", body).casefold().replace("'", "").replace("’", "")
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
