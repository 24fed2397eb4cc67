"""What counts as a command, and what never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.interviews.state import Stage, State
from family_voice.sms.commands import WORDS, Command, read
from family_voice.sms.conversation import Decides, Hears, Speaks, meaning


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("STOP", Command.STOP),
        (" stop. ", Command.STOP),
        ("Stop please!", Command.STOP),
        ("please stop", Command.STOP),
        ("UNSUBSCRIBE", Command.STOP),
        ("Ｓｔｏｐ", Command.STOP),
        ("Unstop", Command.START),
        ("info", Command.HELP),
        ("next\n", Command.NEXT),
        ("\u200bNEXT", Command.NEXT),
        ("That’s right", Command.RIGHT),
        ("No, thank you.", Command.NO),
        ("Call me please", Command.CALL),
        ("stop calling my son lazy", None),
        ("I want him to go next door", None),
        ("please", None),
        ("", None),
        ("👍", None),
        ("next" * 100, None),
    ],
)
def test_commands(body: str, command: Command | None) -> None:
    assert read(body) is command


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["", " ", ".", "!", " 🙂", "\n"]))
def test_marks_around_a_command_do_not_count(word: str, mark: str) -> None:
    assert read(f"{mark}{word.upper()}{mark}") is WORDS[word]


@given(st.text())
def test_any_text_is_a_command_or_words(body: str) -> None:
    assert read(body) in {*Command, None}


ASKED = State(stage=Stage.DECIDING)
ASKING = State(stage=Stage.ASKING, decisions={"talk": True, "check": False})


def test_yes_belongs_to_the_carrier() -> None:
    assert isinstance(meaning(Command.YES, ASKED), Hears)
    assert meaning(Command.AGREE, ASKED) == Decides("talk", True)
    assert meaning(Command.NO, ASKED) == Decides("talk", False)


@pytest.mark.parametrize("command", [Command.YES, Command.NO, Command.AGREE, Command.RIGHT])
def test_short_answers_to_a_question_are_answers(command: Command) -> None:
    assert meaning(command, ASKING) == Speaks()
