"""What stands for one question as this sitting may see it, and how a page changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from family_voice.interviews import record
from family_voice.interviews.choosing import Chosen, choices_among
from family_voice.interviews.events import Finished, Manner, Reopened
from family_voice.interviews.guide import Guide, Kind, Prompt
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import BETWEEN, Account, Answer
from family_voice.web.family import seen as seeing
from family_voice.web.family import visit as visits
from family_voice.web.family.places import WEB, happen
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now


@dataclass(frozen=True)
class Standing:
    """What stands for one question.

    `everything` is all of it; `standing` and `seen` are the words, all and what this sitting may
    see, and `text` is how these read. `chosen` is what was pointed at, and `unseen` the part of it
    that this sitting may not see.
    """

    everything: tuple[UUID, ...]
    standing: tuple[UUID, ...] = ()
    seen: tuple[UUID, ...] = ()
    text: str = ""
    chosen: Mapping[UUID, Chosen | None] = field(default_factory=dict)
    unseen: Mapping[UUID, Chosen | None] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Words stand here that may not be shown."""
        return len(self.seen) < len(self.standing)

    def choice(self, statement: str = "") -> str:
        """What was chosen last, of this statement in a sort; empty if nothing that may be shown."""
        found = [c.choice for c in self.chosen.values() if c and c.statement == statement]
        return found[-1] if found else ""

    def pieces_of(self, statement: str = "") -> tuple[UUID, ...]:
        """The pieces that choosing anew takes the place of."""
        return tuple(
            fragment
            for fragment, chosen in self.chosen.items()
            if (chosen.statement == statement if chosen else not statement)
        )


def standing_for(state: State, guide: Guide, prompt: Prompt) -> Standing:
    """What stands for a question, and what of it this sitting may see."""
    visit = this_visit()
    everything = state.answers.get(prompt.id, ())
    shown = everything
    may_see = frozenset(each for each in everything if visit.may_see(each))
    if may_see != set(everything) or visit.known:
        shown = seeing.to_show(everything)
        may_see &= set(shown)
    if not everything or (prompt.kind is Kind.WORDS and not may_see):
        return Standing(everything, shown)
    account: Account = record.account(db(), visit.interview_id)
    pieces = (account.answer(prompt.id) or Answer(prompt.id, "", ())).pieces
    pointed = {} if prompt.kind is Kind.WORDS else choices_among(guide, prompt.id, pieces)
    standing = tuple(each for each in shown if each not in pointed)
    seen = tuple(each for each in standing if each in may_see)
    return Standing(
        everything,
        standing,
        seen,
        BETWEEN.join(piece.text for piece in pieces if piece.fragment_id in seen),
        {each: chosen for each, chosen in pointed.items() if each in may_see},
        {each: chosen for each, chosen in pointed.items() if each not in may_see},
    )


def keep(
    state: State,
    prompt_id: str,
    text: str,
    *,
    over: Sequence[UUID],
    before: Collection[UUID],
    fragment_id: UUID,
    manner: Manner = Manner.OWN_WORDS,
) -> State:
    """Let a piece of an answer read so. What was sent is opened for it and sent again at once.

    Args:
        state: where the conversation stands.
        prompt_id: which question.
        text: how it is to read; empty to take it away.
        over: what it takes the place of.
        before: everything that stood for the question until now.
        fragment_id: what the piece is to be known by.
        manner: typed or chosen.

    Returns:
        Where the conversation stands then.
    """
    if not text.strip() and not over:
        return state
    sent = state.stage is Stage.SENT
    if sent:
        happen(Reopened(WEB))
    outcome = record.write(
        db(),
        this_visit().interview_id,
        prompt_id,
        text,
        channel=WEB,
        now=now(),
        manner=manner,
        over=over,
        fragment_id=fragment_id,
    )
    state = outcome.state
    if not outcome.stored:
        return state
    new = set(state.answers.get(prompt_id, ())) - set(before)
    visits.wrote(new, state.fragments, now())
    return happen(Finished(WEB)).state if sent else state
