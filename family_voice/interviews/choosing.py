"""What is pointed at instead of said: a choice of three, and statements put into three zones. Pure.

What is kept of it is words, those that were on the screen: "In the middle", "I feel safe: Yes."
Never a number, and nothing that could be summed. Which card it was is read back from the words, in
whatever language they were chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from family_voice.interviews.events import Manner
from family_voice.interviews.guide import Card, Guide, Kind, Prompt, guide_languages, load_guide
from family_voice.interviews.words import Piece

#: Between a statement and the zone it was put in.
_PUT: Final = ": "
#: So that several read as sentences, one after another.
_ENDS: Final = {"ur": "۔"}


@dataclass(frozen=True)
class Chosen:
    """What one piece says: this choice or zone; and, in a sort, of this statement."""

    choice: str
    statement: str = ""


def options(guide: Guide, prompt: Prompt) -> tuple[Card, ...]:
    """The three that a prompt offers; none where it is answered in words only."""
    three = {Kind.CHOICE: guide.choices, Kind.SORT: guide.zones, Kind.WORDS: ()}
    return three[prompt.kind]


def words_of(guide: Guide, prompt: Prompt, chosen: Chosen) -> str:
    """The words that are kept of a choice.

    Args:
        guide: in the language that was on the screen.
        prompt: one of its prompts.
        chosen: what was pointed at.

    Returns:
        The words.

    Raises:
        KeyError: if nothing of the sort was on the screen.
    """
    said = {card.id: card.words for card in options(guide, prompt)}[chosen.choice]
    if prompt.kind is not Kind.SORT:
        return said
    statement = {card.id: card.words for card in prompt.statements}[chosen.statement]
    return f"{statement}{_PUT}{said}{_ENDS.get(guide.language, '.')}"


def chosen_of(guide: Guide, prompt_id: str, text: str) -> Chosen | None:
    """What was pointed at, from the words that were kept of it, whatever language they are in."""
    return _known(guide, prompt_id).get(_plain(text))


def choices_among(
    guide: Guide, prompt_id: str, pieces: Iterable[Piece]
) -> Mapping[UUID, Chosen | None]:
    """The pieces of an answer that were chosen and not said, and what each says, in their order.

    One that says nothing this guide knows (its wording was put right since) is None.
    """
    known = _known(guide, prompt_id)
    return {
        piece.fragment_id: known.get(_plain(piece.text))
        for piece in pieces
        if piece.manner is Manner.CHOSE
    }


def said_as_choice(guide: Guide, prompt: Prompt, text: str) -> str | None:
    """The choice that a typed answer is, word for word: "good", "In the middle."; else None."""
    if prompt.kind is not Kind.CHOICE:
        return None
    return next((card.words for card in guide.choices if _plain(card.words) == _plain(text)), None)


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(".!۔").casefold()


def _known(guide: Guide, prompt_id: str) -> dict[str, Chosen]:
    known: dict[str, Chosen] = {}
    for language in guide_languages(guide.audience, guide.version):
        there = load_guide(guide.audience, language, guide.version)
        prompt = there.prompt(prompt_id)
        for option in options(there, prompt):
            for statement in prompt.statements or (None,):
                chosen = Chosen(option.id, statement.id if statement else "")
                known.setdefault(_plain(words_of(there, prompt, chosen)), chosen)
    return known
