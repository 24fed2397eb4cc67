"""What one might text next, where a conversation stands: for the pretend phones. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from family_voice.interviews.guide import Guide
from family_voice.interviews.state import Stage, State
from family_voice.language.gsm7 import simpler
from family_voice.language.texts import _, lazy
from family_voice.sms import commands
from family_voice.sms.commands import Command
from family_voice.sms.conversation import TEXT, decision_asked

#: How a text of ours sets apart a word to text: in capitals, or in quotation marks where a script
#: has none.
_SET_APART: Final = re.compile(r'"([^"]+)"|\b([^\W\da-z_]{2,})\b')
#: These do nothing by themselves, or say what can be texted.
_NOT_ALONE: Final = frozenset({Command.LANG, Command.DELETE, Command.HELP})
#: What always works while a question is open, as HELP says.
_STANDING: Final = (Command.BACK, Command.CALL, Command.WEB, Command.STOP)
_YES_NO: Final = (Command.AGREE, Command.NO)
_DOES: Final[dict[Command, Any]] = {
    Command.AGREE: lazy("say yes"),
    Command.NO: lazy("say no"),
    Command.RIGHT: lazy("it is right"),
    Command.NEXT: lazy("when the answer is done"),
    Command.SKIP: lazy("rather not answer"),
    Command.MORE: lazy("more questions about this"),
    Command.BACK: lazy("the question before"),
    Command.PAUSE: lazy("wait for me"),
    Command.CALL: lazy("please ring me"),
    Command.WEB: lazy("carry on by the web"),
    Command.STOP: lazy("no more texts"),
    Command.START: lazy("texts may come again"),
    Command.KEEP: lazy("delete nothing"),
    Command.WRONG: lazy("it is not me"),
}


class Hint(NamedTuple):
    """Words to text, and what they do."""

    word: str
    does: str


def hints(state: State, guide: Guide, code_word: str = "", texts: Sequence[str] = ()) -> list[Hint]:
    """The words that do something now: those that the newest text offers, in its own language.

    While a question is open, those that always work as well.

    Args:
        state: where the conversation stands.
        guide: the one that is asked.
        code_word: what their letter says, where they were given one.
        texts: what we have texted, oldest first.
    """
    told: dict[Command, str] = {}
    for body in texts:
        told |= offered(body)
    if state.texts_stopped:
        return _said([Command.START], told)
    nothing: dict[Command, str] = {}
    newest = next((found for body in reversed(texts) if (found := offered(body))), nothing)
    if TEXT not in state.recognised:
        if not code_word:
            return []
        return [Hint(code_word, _("the code word from their letter")), *_said(newest, told)]
    if decision_asked(state) is not None:
        # Its own words may stand unmarked: "Reply AGREE or NO" in a script without capitals.
        last = {each: _word(body, each) for body in texts[-1:] for each in _YES_NO}
        return _said(_YES_NO, told | {each: word for each, word in last.items() if word})
    if state.stage is not Stage.ASKING or state.on_phone is None:
        return _said(newest, told)
    answered = state.answered(state.on_phone)
    put = simpler(guide.prompt(state.on_phone).wording("text"))
    asked = next((offered(body) for body in reversed(texts) if put in body), nothing)
    # Where silence has just closed the answer before, NEXT is taken to have crossed with this.
    wanted = [Command.NEXT] if answered or state.late is None else []
    wanted += [] if answered else [Command.SKIP]
    wanted += [each for each in asked if each not in (Command.NEXT, Command.SKIP)]
    return _said(list(dict.fromkeys((*wanted, *_STANDING))), told)


def offered(body: str) -> dict[Command, str]:
    """The words that a text of ours says one can text, in its order."""
    found: dict[Command, str] = {}
    for match in _SET_APART.finditer(body):
        word = match[1] or match[2]
        command = commands.read(word) if match[1] or word.isupper() else None
        if command is not None and command not in _NOT_ALONE:
            found.setdefault(command, word)
    return found


def _word(body: str, wanted: Command) -> str:
    """The word for a command as a text has it; empty where it has none."""
    set_apart = offered(body).get(wanted)
    return set_apart or next(
        (word for word in re.findall(r"\w+", body) if commands.read(word) is wanted), ""
    )


def _said(
    wanted: Sequence[Command] | Mapping[Command, str], told: Mapping[Command, str]
) -> list[Hint]:
    return [Hint(told.get(each, each.upper()), str(_DOES.get(each, ""))) for each in wanted]
