"""The one line that stands in every letter and email in every language of which there is wording.

Whoever opens it may read none of the others. An interpreter is one of ours, so that no child and no
brother or sister has to be.
"""

from __future__ import annotations

from dataclasses import dataclass

from family_voice.language import texts
from family_voice.language.catalogues import ENGLISH
from family_voice.language.texts import _


@dataclass(frozen=True)
class InLanguage:
    """One line in a language of its own, which may not be the page's."""

    language: str
    direction: str
    words: str


def offer_of_interpreter(phone: str) -> tuple[InLanguage, ...]:
    """The line in each language there is, English first; none in one that has no words for it yet.

    Args:
        phone: the number to ring.
    """
    found: list[InLanguage] = []
    for language in texts.worded():
        with texts.speaking(language.code):
            words = _(
                "Ring us on %(phone)s. We will book an interpreter. Your child need not do it.",
                phone=phone,
            )
        if language == ENGLISH or words != found[0].words:
            found.append(InLanguage(language.code, language.direction, words))
    return tuple(found)
