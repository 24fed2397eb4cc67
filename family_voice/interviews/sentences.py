"""Where the sentences of what was said begin and end, in Unicode code points.

The splitting itself is `sentencex`, which knows abbreviations and the marks of many languages.
Every line break a person typed also ends a sentence: lists on a phone rarely carry full stops.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import sentencex

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# The library counts every white-space character as one byte and stops dead on wider ones, and on
# half of a surrogate pair. Each is swapped, one for one, for a plain character before it looks.
_WIDE = re.compile(r"[^\S \t]|[\ud800-\udfff]")


class Span(NamedTuple):
    """Half-open: `text[start:end]` is the sentence, without blanks around it."""

    start: int
    end: int


def sentences(text: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of `text`, in order and never overlapping; they cover all that is not blank.

    Arguments: `language` is a tag such as `en`, `ur`, `ar`, `pl`; an unknown one is split by
    general rules. Never raises for any text: a line the library cannot read is one sentence.
    """
    code = language.split("-")[0]
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        plain = _WIDE.sub(" ", line.group())
        for start, end in _boundaries(plain, code):
            piece = text[line.start() + start : line.start() + end]
            stripped = piece.lstrip()
            if stripped:
                first = line.start() + start + len(piece) - len(stripped)
                spans.append(Span(first, first + len(stripped.rstrip())))
    return tuple(spans)


def _boundaries(line: str, language: str) -> list[tuple[int, int]]:
    whole = [(0, len(line))]
    try:
        found = sentencex.get_sentence_boundaries(language, line)
    except BaseException as trouble:
        # A panic of the library's own is no `Exception`; anything else that is none must go on.
        if isinstance(trouble, Exception) or type(trouble).__name__ == "PanicException":
            return whole
        raise
    bounds = [(int(item["start_index"]), int(item["end_index"])) for item in found]
    # Words must not fall between two sentences, whatever a later version of the library does.
    joined = [start for start, _ in bounds[1:]] == [end for _, end in bounds[:-1]]
    fits = bool(bounds) and bounds[0][0] == 0 and bounds[-1][1] == len(line)
    return bounds if fits and joined else whole
