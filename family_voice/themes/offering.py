"""Which codes an answer offers, in which places, and in which order the others are found: pure.

Twelve are on offer. The first ten places stay the same for a question all through an account, so
that hands can learn them: what this coder puts there most on other accounts, then what the codebook
says the heading usually meets. The last two are what they put last on other answers of this one.
Nothing here looks at the words, or at what anybody else put.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from family_voice.themes.codebook import Code, Codebook

PLACES = 12
LATELY = 2
# A code used once for the very question outweighs the codebook's own order; once under the same
# heading moves it up. Tried on the demo's 60 coded accounts, each against the 59 others: 4 in 5
# codes that a person put are among the twelve, where the codebook's own order has 3 in 5.
_OWN_QUESTION, _OWN_HEADING, _BOOK = 2.0, 1.0, 3.0


@dataclass(frozen=True)
class Habit:
    """What a coder does: how often on other accounts, and lately on this one.

    Both are prompts and codes; `lately` is newest first.
    """

    before: Mapping[tuple[str, str], int] = field(default_factory=dict)
    lately: tuple[tuple[str, str], ...] = ()


def in_order(book: Codebook, heading: str, prompt_id: str, habit: Habit) -> tuple[Code, ...]:
    """Every code that may be put, for an answer: the first `PLACES` are on offer, in their places.

    Args:
        book: the codebook; retired codes are left out.
        heading: the heading of the question.
        prompt_id: the question.
        habit: what this coder put elsewhere, and here.
    """
    ranked = _ranked(book, heading, prompt_id, habit.before)
    first = ranked[: PLACES - LATELY]
    # Not what was put on this very answer, and in the book's order: no place changes under a
    # finger. What was put here is shown anyway.
    elsewhere = (code for prompt, code in habit.lately if prompt != prompt_id)
    newest = [code for code in _known(book, elsewhere) if code not in first][:LATELY]
    late = [code for code in book.codes if code in newest]
    rest = [code for code in ranked[PLACES - LATELY :] if code not in late]
    return tuple(book.codes[code] for code in [*first, *late, *rest])


def _ranked(
    book: Codebook, heading: str, prompt_id: str, before: Mapping[tuple[str, str], int]
) -> list[str]:
    score = dict.fromkeys(book.offered, 0.0)
    for place, code in enumerate(book.codes_for(heading, len(book.codes))):
        score[code.id] = _BOOK / (2 + place)
    for (prompt, each), times in before.items():
        if _heading(prompt) == _heading(prompt_id):
            for known in _known(book, [each]):
                score[known] += times * (_OWN_HEADING + _OWN_QUESTION * (prompt == prompt_id))
    # `sorted` leaves codes that score alike in the book's order.
    return sorted(score, key=lambda code: -score[code])


def _known(book: Codebook, codes: Iterable[str]) -> list[str]:
    """The codes that count for these today and are offered, each once."""
    now = (book.now(code).id for code in codes if code in book.codes)
    return [code for code in dict.fromkeys(now) if code in book.offered]


def _heading(prompt_id: str) -> str:
    return prompt_id.partition(".")[0]
