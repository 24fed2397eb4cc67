"""What families text and when, at random: mostly answers, and every word that does something."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from tests.proofs.onlooker import LONDON, Kind, Line, Text

BEGINS = datetime(2026, 11, 18, 10, 0, tzinfo=LONDON)
#: When texts are safe for some families; some of these are never hours at which we text.
SAFE = ((time(10), time(14)), (time(18), time(22)), (time(21), time(23)))
#: How likely a text is delivered once more, and a process dies in one piece of work.
TWICE, DIES = 0.3, 0.05
#: How far the clock moves between two rounds of texts, and how often.
GAPS: tuple[tuple[int, Callable[[random.Random], timedelta]], ...] = (
    (50, lambda luck: timedelta(seconds=luck.randint(5, 90))),
    (28, lambda luck: timedelta(minutes=luck.randint(4, 15))),
    (12, lambda luck: timedelta(hours=luck.randint(1, 5))),
    (7, lambda luck: timedelta(hours=luck.randint(9, 16))),
    (3, lambda luck: timedelta(hours=luck.randint(50, 66))),
)
OFTEN = [often for often, _ in GAPS]

Said = tuple[Kind, str]
DOES: tuple[tuple[int, Said], ...] = (
    (40, (Kind.OTHER, "NEXT")),
    (8, (Kind.OTHER, "skip")),
    (8, (Kind.BACK, "Back.")),
    (8, (Kind.OTHER, "MORE")),
    (5, (Kind.OTHER, "RIGHT")),
    (4, (Kind.AGREE, "Agree")),
    (4, (Kind.NO, "no")),
    (3, (Kind.YES, "yes")),
    (5, (Kind.PAUSE, "PAUSE")),
    (4, (Kind.STOP, "STOP")),
    (2, (Kind.STOP, "Stop please")),
    (2, (Kind.START, "START")),
    (3, (Kind.LANG, "LANG")),
    (2, (Kind.OTHER, "HELP")),
    (3, (Kind.OTHER, "WEB")),
    (3, (Kind.OTHER, "call me")),
    (1, (Kind.OTHER, "")),
    (1, (Kind.WRONG, "WRONG")),
    (1, (Kind.DELETE, "DELETE")),
    (1, (Kind.KEEP, "KEEP")),
)
WEIGHTS = [weight for weight, _ in DOES]
THINGS = [thing for _, thing in DOES]
#: With the mark more than four words: at the door fewer would count as tries at the code word.
PIECES = (
    "the bus is late again",
    "he likes the new teacher",
    "nobody ever rings us back",
    "no not really, not yet",
    "it’s fine so far 👍",
)


@dataclass
class Chatter:
    """Somebody at a telephone who texts whatever comes to mind. `luck` decides everything."""

    luck: random.Random
    number: itertools.count[int] = field(default_factory=itertools.count)

    def safe_hours(self) -> tuple[time, time] | None:
        """When it is safe to text them; for most at any hour."""
        return self.luck.choice(SAFE) if self.luck.random() < 0.1 else None

    def text(self, line: Line) -> Text:
        """Their next text."""
        luck, n = self.luck, next(self.number)
        which = luck.randrange(len(line.talks)) if luck.random() < 0.3 else line.live
        kind, body = self._says(line, which)
        mark = ""
        if kind is Kind.WORDS:
            mark = f"m{n}m"
            body = f"{luck.choice(PIECES)} {mark}"
        return Text(
            sid=f"SM{n:032x}",
            phone=line.phone,
            body=body,
            kind=kind,
            mark=mark,
            talk=which,
            segments=3 if luck.random() < 0.1 else 1,
            pictures=0 if body else 1,
        )

    def _says(self, line: Line, which: int) -> Said:
        luck, talk = self.luck, line.talk
        chance = luck.random()
        code = (Kind.CODE, line.talks[which].code_word)
        if line.stopped and chance < 0.3:
            return luck.choice(((Kind.START, "START"), (Kind.YES, "YES"), (Kind.START, "unstop")))
        if not talk.known and not talk.gone and chance < 0.75:
            return code
        if (not talk.agreed or talk.agree_again) and chance < 0.7:
            return Kind.AGREE, "AGREE"
        if len(line.talks) > 1 and chance < 0.15:
            return luck.choice((code, (Kind.OTHER, f"my {('eldest', 'youngest')[which]}")))
        if chance < 0.85 and luck.random() < 0.55:
            return Kind.WORDS, ""
        kind, body = luck.choices(THINGS, WEIGHTS)[0]
        if kind is Kind.DELETE:
            return kind, f"DELETE {line.talks[which].code_word}"
        return kind, body


def gap(luck: random.Random) -> timedelta:
    """How far the clock moves now."""
    (found,) = luck.choices([each for _, each in GAPS], OFTEN)
    return found(luck)
