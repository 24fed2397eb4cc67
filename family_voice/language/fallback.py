"""What is not the page's own language inside a page, marked so that the page can wrap it.

English that stands in for a missing translation would be read out as nonsense by a screen reader in
Urdu, and on a page from right to left its full stops would jump to the wrong end. So would the two
halves of a telephone number that is put into an Arabic sentence. The marks are characters that
Unicode keeps for a program's own use; on a page they become elements: one with its own `lang` and
`dir`, or one that keeps a value's direction to itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

STARTS: Final = "\ufdd0"
ENDS: Final = "\ufdd1"
VALUE_STARTS: Final = "\ufdd2"
VALUE_ENDS: Final = "\ufdd3"
_MARK: Final = re.compile("([\ufdd0-\ufdd3])")
_OPENS: Final = {STARTS: '<span lang="en" dir="ltr">', VALUE_STARTS: "<bdi>"}
_CLOSES: Final = {ENDS: (STARTS, "</span>"), VALUE_ENDS: (VALUE_STARTS, "</bdi>")}
_VALUE: Final = re.compile(r"%\(\w+\)s")
#: Where no element may stand: inside a tag, and in what holds only text.
_TOKEN: Final = re.compile(
    r"<(title|option|textarea|script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|[^<]+|<", re.S | re.I
)


def marked(text: str) -> str:
    """English text between the marks."""
    return f"{STARTS}{text}{ENDS}"


@lru_cache(maxsize=2048)
def with_values_apart(sentence: str) -> str:
    """A sentence with marks around each text that will be put into it."""
    return _VALUE.sub(f"{VALUE_STARTS}\\g<0>{VALUE_ENDS}", sentence)


def apart(value: str) -> str:
    """A value between marks that keep its direction to itself."""
    return f"{VALUE_STARTS}{value}{VALUE_ENDS}"


def plain(text: str) -> str:
    """Text without the marks."""
    return _MARK.sub("", text)


def wrapped(html: str) -> str:
    """A page whose marked English stands in elements that say so."""
    if not _MARK.search(html):
        return html
    parts: list[str] = []
    open_ones: list[str] = []
    for token in _TOKEN.finditer(html):
        text = token.group()
        if text.startswith("<"):
            parts.append(plain(text))
            continue
        for piece in _MARK.split(text):
            if piece in _OPENS:
                parts.append(_OPENS[piece])
                open_ones.append(piece)
            elif piece in _CLOSES:
                opened, closing = _CLOSES[piece]
                # One that nothing opened is somebody's own text: it is left out.
                if open_ones[-1:] == [opened]:
                    open_ones.pop()
                    parts.append(closing)
            else:
                parts.append(piece)
    closing_of = dict(_CLOSES.values())
    return "".join([*parts, *(closing_of[each] for each in reversed(open_ones))])
