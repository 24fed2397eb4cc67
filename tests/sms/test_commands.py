"""What counts as a command, and what never does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from family_voice.interviews.events import (
    TALK,
    Channel,
    DecisionPut,
    Restarted,
    Resumed,
    WrongNumber,
)
from family_voice.interviews.guide import guide_audiences, guide_languages
from family_voice.interviews.state import Stage, State
from family_voice.sms.commands import (
    FOLDER,
    WORDS,
    BadWords,
    Command,
    after_delete,
    is_courtesy,
    language_wanted,
    load,
    plain,
    read,
)
from family_voice.sms.conversation import (
    Choices,
    Decides,
    Happens,
    Hears,
    Speaks,
    Stops,
    meaning,
    restarts,
)


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
        ("No more texts pls", Command.STOP),
        ("Wrong number!", Command.WRONG),
        ("LANG", Command.LANG),
        ("lang: Polish", Command.LANG),
        ("Pause 🙏", Command.PAUSE),
        ("next ❤️", Command.NEXT),
        ("Language delay", None),
        ("lang delay", None),
        ("LANG Klingon", Command.LANG),
        ("wrong diagnosis", None),
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


@given(st.sampled_from(sorted(WORDS.commands)), st.sampled_from(["", " ", ".", "!", " 🙂", "\n"]))
def test_marks_around_a_command_do_not_count(word: str, mark: str) -> None:
    assert read(f"{mark}{word.upper()}{mark}") is WORDS.commands[word]


@given(st.text())
def test_any_text_is_a_command_or_words(body: str) -> None:
    assert read(body) in {*Command, None}


ASKED = State(stage=Stage.DECIDING, put="talk")
ASKING = State(stage=Stage.ASKING, decisions={"talk": True, "check": False})


def test_yes_belongs_to_the_carrier() -> None:
    assert isinstance(meaning(Command.YES, ASKED), Hears)
    assert meaning(Command.AGREE, ASKED) == Decides("talk", True)
    assert meaning(Command.NO, ASKED) == Decides("talk", False)


@pytest.mark.parametrize("command", [Command.YES, Command.NO, Command.RIGHT])
def test_short_answers_to_a_question_are_answers(command: Command) -> None:
    assert meaning(command, ASKING) == Speaks()


def test_agree_tapped_twice_answers_no_question() -> None:
    assert meaning(Command.AGREE, ASKING) == Hears(None)
    answered = replace(ASKING, answers={"important.open": (UUID(int=1),)})
    assert meaning(Command.AGREE, answered) == Speaks()


@pytest.mark.parametrize("command", [Command.YES, Command.NO, Command.AGREE, Command.RIGHT])
def test_a_decision_that_was_not_put_last_is_put_and_not_answered(command: Command) -> None:
    unput = replace(ASKED, put=None)
    assert meaning(command, unput) == Happens(DecisionPut(Channel.TEXT, "talk"))
    assert meaning(command, replace(ASKED, with_person=True)) == Speaks()


@pytest.mark.parametrize(
    "body", ["yes thats right", "Yes that's right!", "yes its right", "Yes, right"]
)
def test_yes_it_is_right(body: str) -> None:
    assert read(body) is Command.RIGHT


def a_language(folder: Path, code: str, called: str, words: str) -> None:
    """A file of command words; none of them is really of that language."""
    content = f"language: {code}\ncalled: [{called}]\npolite: [prosze]\nwords:\n{words}"
    (folder / f"{code}.yaml").write_text(content, encoding="utf-8")


@pytest.fixture
def several(tmp_path: Path) -> Path:
    (tmp_path / "en.yaml").write_bytes((FOLDER / "en.yaml").read_bytes())
    words = '  next: [dalej, "अगला"]\n  stop: [dość]\n  lang: [język]\n'
    a_language(tmp_path, "xx", "xish, किताब", words)
    return tmp_path


def test_every_language_of_the_guides_has_its_words() -> None:
    languages = {each for audience in guide_audiences() for each in guide_languages(audience)}
    assert languages == set(WORDS.languages.values())
    for language in languages:
        content = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
        assert set(content["words"]) == set(Command)


def test_the_carriers_own_words_are_all_there() -> None:
    for word in ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"]:
        assert read(word) is Command.STOP
    assert [read(word) for word in ("START", "UNSTOP", "YES")] == [
        Command.START, Command.START, Command.YES
    ]  # fmt: skip
    assert [read(word) for word in ("HELP", "INFO")] == [Command.HELP] * 2


def test_the_words_of_every_language_work_in_every_conversation(several: Path) -> None:
    words = load(several)
    assert read("Dalej, prosze", words) is Command.NEXT
    assert read("अगला!", words) is Command.NEXT
    assert read("next please", words) is Command.NEXT
    assert read("DOŚĆ", words) is Command.STOP
    assert read("język किताब", words) is Command.LANG
    assert language_wanted("LANG xish", words) == language_wanted("język किताब", words) == "xx"
    assert language_wanted("LANG", words) is None
    assert language_wanted("LANG klingon", words) == "tlh"
    assert language_wanted("LANG delay", words) is None
    assert language_wanted("xish", words) is None


@pytest.mark.parametrize(
    ("called", "words"),
    [("other", "  skip: [Next!]"), ("English", "  skip: [hop]"), ("other", "  jump: [hop]")],
)
def test_no_word_may_mean_two_things(several: Path, called: str, words: str) -> None:
    a_language(several, "yy", called, words)
    with pytest.raises(BadWords, match=r"yy\.yaml"):
        load(several)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(body: str) -> None:
    assert plain(plain(body)) == plain(body)


def test_delete_takes_a_code_word_and_no_story() -> None:
    assert after_delete("Delete please copper kettle") == "copper kettle"
    assert after_delete("delete") == ""
    assert after_delete("delete all that he said about me") is None


STOPPED = replace(ASKING, texts_stopped=True, recognised=frozenset({Channel.TEXT}))


def test_start_means_more_after_a_stop() -> None:
    going = replace(STOPPED, texts_stopped=False)
    assert meaning(Command.START, STOPPED) == Happens(Restarted(Channel.TEXT))
    assert meaning(Command.START, going) == Happens(Resumed(Channel.TEXT))
    assert restarts(Command.YES, stopped=True)
    assert not restarts(Command.YES, stopped=False)
    assert not restarts(None, stopped=True)


def test_after_start_agree_agrees_and_no_stops() -> None:
    asked = replace(STOPPED, texts_stopped=False, agree_again=True, put=TALK)
    assert meaning(Command.AGREE, asked) == Decides(TALK, True)
    assert meaning(Command.NO, asked) == Stops()
    assert isinstance(meaning(Command.YES, asked), Hears)


def test_wrong_is_an_answer_to_is_it_right() -> None:
    answered = {"important.open": (UUID(int=1),)}
    reads_back = replace(ASKING, stage=Stage.READING_BACK, answers=answered)
    assert meaning(Command.WRONG, ASKING) == Happens(WrongNumber(Channel.TEXT))
    assert meaning(Command.WRONG, reads_back) == meaning(Command.NO, reads_back)


def test_a_carrier_that_answers_help_does_so_alone() -> None:
    assert meaning(Command.HELP, ASKING, Choices(help_is_ours=False)) == Hears(None)
    assert meaning(Command.HELP, ASKING) != Hears(None)


@pytest.mark.parametrize(
    "body",
    ["thanks", "Thank you!", "ok thanks", "OK, thank you very much. Bye", "👍", "👍🏿 🙏", "❤️",
     "thanks 😊", "Dziękuję bardzo", "شکریہ", "شكرًا"],
)  # fmt: skip
def test_only_a_courtesy(body: str) -> None:
    assert is_courtesy(body)
    assert read(body) is None


@pytest.mark.parametrize(
    "body",
    ["", "...", "thanks for nothing", "very much", "no thanks", "thanks 😭", "👎", "ok 5", "okish",
     "thank you for ringing", "👍👎", "thanks " * 20],
)  # fmt: skip
def test_no_courtesy_but_words(body: str) -> None:
    assert not is_courtesy(body)
