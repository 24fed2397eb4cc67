"""Numbers inside somebody's own words, each kept in one piece and from left to right.

In words from right to left, the two halves of a telephone number change places. The words
themselves are never touched: they are only shown with an element around each number.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

#: Groups of digits that belong together: 07700 900123, +44 7700 900123, 12/03/2024, 9:30.
_NUMBER: Final = re.compile(r"\+?(?:\(\d+\)[ \u00a0-]?)?\d+(?:[ \u00a0./:,-]\(?\d+\)?)*")
#: These follow the letters around them even where the direction is kept apart.
_ARABIC_DIGIT: Final = re.compile("[\u0660-\u0669]")


def numbers_apart(words: object) -> Markup:
    """Words as they are shown on a page, each number in an element from left to right.

    Args:
        words: what somebody said; it is escaped here.

    Returns:
        The same letters, with an element around each number of more than one group.
    """
    text, shown, at = str(words), Markup(), 0
    for found in _NUMBER.finditer(text):
        number = found.group()
        if number.isdigit():
            continue  # one run of digits keeps together by itself
        tag = "bdo" if _ARABIC_DIGIT.search(number) else "bdi"
        shown += escape(text[at : found.start()])
        shown += Markup('<{0} dir="ltr">{1}</{0}>').format(tag, number)
        at = found.end()
    return shown + escape(text[at:])
