"""The page for when what was sent could not be saved: every word of it is on it, to send again.

It needs neither database nor session. Whatever failed (no room, a database that does not answer,
a mistake of ours), nothing of the request was kept, so sending it again is safe.
"""

from __future__ import annotations

import re
from typing import Final

from flask import Response, request

from family_voice.storage.engine import DATABASE_TROUBLE
from family_voice.web.shared.forms import CHANGES
from family_voice.web.shared.pages import render

#: Fields of these names are not written into a page: whoever presses again types them again.
SECRET: Final = re.compile(r"password|(^|[-_])code$|^(return_)?word$")
#: The parts of a page that stand for somebody's own words, however short.
OWN_WORDS: Final = re.compile(r"(^|[-._])words$")
#: What a page carries for itself: names of rows, versions, what it was made from, its buttons.
MACHINES: Final = re.compile(
    r"(^|[-._])(csrf_token|of|go|to|seen|was|version|known|standing|shown)$"
)


def unsaved_page(problem: BaseException) -> Response | None:
    """What was typed, shown again with an honest sentence and a button that sends it once more.

    Args:
        problem: what went wrong.

    Returns:
        The page; None if nobody had typed anything.
    """
    if request.method not in CHANGES or request.endpoint is None:
        return None
    pairs = [(n, v) for n, v in request.form.items(multi=True) if not SECRET.search(n)]
    typed = [(name, value) for name, value in pairs if is_typed(name, value)]
    if not typed:
        return None
    return render(
        "errors/unsaved.html",
        503 if isinstance(problem, DATABASE_TROUBLE) else 500,
        typed=typed,
        carried=[pair for pair in pairs if pair not in typed],
    )


def is_typed(name: str, value: str) -> bool:
    """Whether somebody typed this: their own words, or anything with a space or a foreign letter.

    What is not taken for typed is not lost: the page carries it unseen.
    """
    if not value.strip() or MACHINES.search(name):
        return False
    return bool(OWN_WORDS.search(name)) or " " in value.strip() or not value.isascii()
