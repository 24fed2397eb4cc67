"""The words of a text, each with where it stands and what its capitals may mean. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from family_voice.cases.spelling import letters

_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f])*(?:['’ʼ`][^\W\d_]+)*")
_ENDING: Final = re.compile(r"(?:['’ʼ`]s|(?<=s)['’ʼ`])$", re.I)
_SHORTENED: Final = frozenset(("mr", "mrs", "ms", "dr", "st", "prof", "rev"))
_STOPS: Final = re.compile(r"[.!?…:;\n\r\"“”•*|]|(?:^|\s)[-–—](?=\s)")
_BREAK: Final = re.compile(r"[.!?…:;,()\n\r\"“”•*|/]|(?:^|\s)[-–—](?=\s)")


def listed(words: str) -> frozenset[str]:
    """A list of words that is written as words between spaces."""
    return frozenset(words.split())


@dataclass(frozen=True)
class Word:
    """One word: `[start, end)` without a possessive ending, which `owns` says it has."""

    start: int
    end: int
    text: str
    small: str  # in small letters, with one kind of apostrophe
    plain: str  # as names are compared
    gap: str  # what stands between the word before and this
    first: bool  # begins a sentence, as far as marks tell
    owns: bool
    whole_end: int  # with that ending

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def all_capitals(self) -> bool:
        """Whether it is two letters or more and all of them capitals."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def caseless(self) -> bool:
        """Whether its script has no capitals."""
        return self.text.lower() == self.text.upper()

    @property
    def joined(self) -> bool:
        """Whether a hyphen ties it to the word before."""
        return self.gap in ("-", "‐", "‑", "–")

    @property
    def apart(self) -> bool:
        """Whether a mark parts it from the word before."""
        return bool(_BREAK.search(self.gap))


@dataclass(frozen=True)
class Reading:
    """The words of one text, and how far its capitals can be trusted."""

    text: str
    words: tuple[Word, ...]
    capitals: bool  # it uses capitals as people do in writing

    def __getitem__(self, at: int) -> Word | None:
        return self.words[at] if 0 <= at < len(self.words) else None

    def before(self, at: int, far: int = 1) -> str:
        """The word so many before, in small letters, if no mark parts them; or nothing."""
        if at - far < 0 or any(self.words[each].apart for each in range(at - far + 1, at + 1)):
            return ""
        return self.words[at - far].small

    def after(self, at: int, far: int = 1) -> str:
        """The word so many after, in small letters, if no mark parts them; or nothing."""
        if at + far >= len(self.words):
            return ""
        if any(self.words[each].apart for each in range(at + 1, at + far + 1)):
            return ""
        return self.words[at + far].small

    def named_by_capital(self, at: int) -> bool:
        """Whether this word has a capital that only a name, or emphasis, gives."""
        word = self.words[at]
        return self.capitals and word.capital and not word.first


def read(text: str) -> Reading:
    """The words of a text."""
    words: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        whole = match[0]
        own = _ENDING.search(whole)
        shown = whole[: own.start()] if own and own.start() else whole
        gap = text[at : match.start()]
        # "Dr. Lowe", "St. Mary", "A. Smith": that stop ends no sentence.
        short = (
            bool(words)
            and gap.strip() == "."
            and (
                words[-1].small in _SHORTENED
                or (len(words[-1].text) == 1 and words[-1].text not in "Ii")
            )
        )
        first = not words or (_STOPS.search(gap) is not None and not short)
        small = shown.lower().replace("’", "'").replace("ʼ", "'").replace("`", "'")
        words.append(
            Word(
                match.start(), match.start() + len(shown), shown, small, letters(shown),
                "" if short else gap, first, shown != whole, match.end(),
            )
        )  # fmt: skip
        at = match.end()
    return Reading(text, tuple(words), _capitals_tell(words))


def _capitals_tell(words: list[Word]) -> bool:
    """Whether capitals are used as in writing: neither left out nor everywhere."""
    told = [word for word in words if not word.caseless]
    if not told:
        return False
    high = sum(word.all_capitals for word in told)
    if len(told) > 2 and high * 2 > len(told):
        return False
    long = [word for word in told if len(word.text) > 1 and not word.all_capitals]
    titled = sum(word.capital for word in long)
    # Every Word Begins So: nothing is told by it.
    if len(long) > 4 and titled * 5 > len(long) * 4:
        return False
    return any(
        word.capital and word.small not in ("i", "i'm", "i've", "i'd", "i'll") for word in told
    )
