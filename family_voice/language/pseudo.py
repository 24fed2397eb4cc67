"""Mirrored English: every sentence accented and written right to left, for tests.

It shows what a translation would meet before there is one: a sentence that did not come through
gettext stands out unaccented, words grow by a third, and the page runs from right to left. It is
made from the English as it is asked for, has no catalogue, and is never on offer unless a test
adds it with `add_to`.
"""

from __future__ import annotations

import re
from gettext import NullTranslations

from family_voice.language.catalogues import Catalogues, Language

MIRRORED = Language("en-x-mirror", "[Mirrored]", "rtl", "en_GB", staff_too=True)

_PLAIN = "AEIOUYaeiouyCNScnsz"
_ACCENTED = "ÀÉÎÖÛÝàéîöûýÇÑŠçñšž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_KEPT = re.compile(
    r"%\([a-z_]+\)[a-z]"  # a named value
    r"|%%"
    r"|\{[^{}]*\}"  # a value in braces
    r"|<[^<>]+>"  # markup
    r"|&[a-z]+;|&#\d+;"
    r"|https?://\S+"
)
_START, _END = "\u2067", "\u2069"  # right-to-left isolate, and its end


def mirrored(text: str) -> str:
    """The text accented, a third longer, inside right-to-left marks; values and markup kept."""
    if not text.strip():
        return text
    parts, last = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[last : kept.start()].translate(_ACCENTS), kept.group()]
        last = kept.end()
    parts.append(text[last:].translate(_ACCENTS))
    return f"{_START}[{''.join(parts)}{'~' * (len(text) // 3)}]{_END}"


class MirroredTranslations(NullTranslations):
    """Translations that mirror whatever English they are asked for."""

    def gettext(self, message: str) -> str:
        return mirrored(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mirrored(msgid1 if n == 1 else msgid2)


def add_to(catalogues: Catalogues) -> Catalogues:
    """Offer mirrored English beside the rest. For tests only.

    Returns:
        The same catalogues.
    """
    catalogues.add(MIRRORED, MirroredTranslations())
    return catalogues
