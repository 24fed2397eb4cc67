"""What is pointed at, on the call pad: the choices and statements read out, a button for each.

Pressing one keeps it as their choice, in place of an earlier one; pressing it again takes it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from family_voice.interviews import record
from family_voice.interviews.choosing import Chosen, choices_among, options, words_of
from family_voice.interviews.events import Manner
from family_voice.interviews.guide import Card, Guide, Kind, Prompt
from family_voice.interviews.words import Account, Piece
from family_voice.web.access import current_staff
from family_voice.web.services import db, now
from family_voice.web.staff.call_pad_sitting import Sitting

#: How the button of a choice begins: `chose:<prompt>:<choice>` or `chose:<prompt>:<choice>:<card>`.
CHOSE: Final = "chose"


@dataclass(frozen=True)
class Row:
    """One row of buttons. `words` is the statement they are about; empty for the prompt itself."""

    statement: str
    words: str
    chosen: str
    options: tuple[Card, ...]


def rows(guide: Guide, account: Account) -> Mapping[str, tuple[Row, ...]]:
    """The rows of buttons of every prompt that has any."""
    return {
        prompt.id: tuple(
            Row(
                card.id if card else "",
                card.words if card else "",
                _chosen(guide, prompt, account, card.id if card else ""),
                options(guide, prompt),
            )
            for card in prompt.statements or (None,)
        )
        for prompt in guide.prompts.values()
        if prompt.kind is not Kind.WORDS
    }


def keep_choice(here: Sitting, guide: Guide, button: str) -> str:
    """Keep what a button of the page says. One that names nothing of this guide does nothing.

    Returns:
        Where on the page the prompt is.
    """
    _chose, prompt_id, choice, statement = (*button.split(":"), "", "", "")[:4]
    prompt = guide.prompts.get(prompt_id)
    if prompt is None:
        return "questions"
    try:
        words = words_of(guide, prompt, Chosen(choice, statement))
    except KeyError:
        return "questions"
    account = record.account(db(), here.interview_id)
    standing = {
        fragment: chosen
        for fragment, chosen in choices_among(guide, prompt_id, _pieces(account, prompt_id)).items()
        if chosen is not None and chosen.statement == statement
    }
    again = [chosen.choice for chosen in standing.values() if chosen] == [choice]
    record.write(
        db(),
        here.interview_id,
        prompt_id,
        "" if again else words,
        channel=here.channel,
        now=now(),
        manner=Manner.CHOSE,
        over=tuple(standing),
        recorded_by=current_staff().id,
    )
    return prompt_id.replace(".", "-")


def _chosen(guide: Guide, prompt: Prompt, account: Account, statement: str) -> str:
    among = choices_among(guide, prompt.id, _pieces(account, prompt.id)).values()
    found = [each.choice for each in among if each and each.statement == statement]
    return found[-1] if found else ""


def _pieces(account: Account, prompt_id: str) -> tuple[Piece, ...]:
    answer = account.answer(prompt_id)
    return answer.pieces if answer else ()
