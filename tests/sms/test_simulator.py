"""The simulator says what a family would hear: both are played and compared."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import guide_audiences, guide_languages, load_guide
from family_voice.interviews.state import Stage
from family_voice.messages.segments import count
from family_voice.messages.templates import SEGMENT_LIMITS, Template, parts_over
from family_voice.settings import Settings
from family_voice.sms.simulator import BETWEEN_TEXTS, CODE_WORD, PRETEND_LINK, play
from family_voice.sms.trial import Move, Silent, Texted, Trial, Waited
from tests.sms.town import Town

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LINK = re.compile(r"/i/[\w-]{43}")
TEN = datetime(2026, 11, 16, 10, tzinfo=UTC)
QUIET, LONG, CLOSING = (timedelta(minutes=each) for each in (4, 10, 61))
MONTH = timedelta(days=30, hours=2)
WHOLE: list[str | timedelta] = [
    "AGREE", "agree", "She is funny", "And brave", "NEXT", "Her TA", "more", QUIET, "They ask me",
    "next", "skip", "skip", "Nothing much", "Next", "yes", "next", "A key worker", "next",
    "no", "one more thing", "RIGHT", "AGREE", "no", "agree", "thanks!",
]  # fmt: skip
SCRIPTS: dict[str, list[str | timedelta]] = {
    "from the first to the last": WHOLE,
    "late words and a change of mind": [
        "AGREE", "AGREE", "She is", QUIET, "funny", "BACK", "back", "well", "PAUSE", "still here",
        "WEB", "CALL", "help", "lang", "lang polish",
    ],
    "stopped and begun again": [
        "AGREE", "AGREE", "She is funny", "stop please", "hello?", "YES", "AGREE", "Her TA", "STOP",
        "START", "hm", "NO", "hello", "start", "agree", "next",
    ],
    "a no, and a yes": ["NO", "hello", "AGREE", "AGREE", "words", "NEXT"],
    "silence at the end": ["AGREE", "AGREE", *["SKIP"] * 4, "Only this", QUIET, CLOSING, "AGREE"],
    "a long text": ["AGREE", "AGREE", "x" * 200, QUIET, LONG],
    "thirty quiet days": ["AGREE", "AGREE", "She is funny", MONTH, "and brave", "<code word>"],
    "to take it back": [
        "AGREE", "AGREE", "words", "DELETE", "delete nothing much", "DELETE <code word>", "KEEP",
        "keep", "next",
    ],
    "only thanks": [
        "AGREE", "AGREE", "She is", "CALL", "ok thanks", *["SKIP"] * 4, "Only this", "NEXT",
        "Thank you!", "RIGHT", "👍", "NO", "NO", "NO", "thanks", "thanks, but not Mondays",
    ],
    "to be rung": ["AGREE", "AGREE", "CALL", "after 5 please", "or Tuesday", LONG, "well", "NEXT"],
    "not for them": ["AGREE", "WRONG", "hello?", "hello?"],
    "the code word twice, and added in many texts": [
        "AGREE", "AGREE", "<code word>", "well", *["NEXT"] * 5, "one", "two", "RIGHT", "hm",
    ],
    "next crosses": ["AGREE", "AGREE", "She is", QUIET, "NEXT", "Her TA", "next", "RIGHT"],
    "a machine": ["AGREE", "AGREE", *["I am driving"] * 4, "NEXT", "well"],
    "going round": ["AGREE", "AGREE", *["NEXT please", "BACK"] * 5, "HELP", "HELP", "HELP", "HELP"],
}  # fmt: skip
SETTINGS = Settings(
    database_url="sqlite://",
    secret_key="a test's secret key, long enough for anybody",
    master_keys={1: bytes(32)},
    public_url="https://voice.example.gov.uk",
    phone="01632 960000",
    emergency_phone="01632 960999",
)
#: What random families text.
CHATTER = (
    "AGREE", "NO", "NEXT", "SKIP", "BACK", "MORE", "PAUSE", "CALL", "WEB", "HELP", "RIGHT", "YES",
    "STOP", "START", "KEEP", "LANG", "she is funny", "yes she is", "", "ok 👍", "no idea",
)  # fmt: skip


def moves_of(script: Sequence[str | timedelta], code_word: str) -> list[Move]:
    """A script as moves, after the code word."""
    said: list[Move] = [Texted("hi"), Texted(code_word)]
    for each in script:
        if isinstance(each, timedelta):
            said.append(Waited(each))
        else:
            said.append(Texted(each.replace("<code word>", code_word)))
    return said


def played(town: Town, script: Sequence[str | timedelta]) -> tuple[list[str], list[str]]:
    """What the simulator says, and what really goes out."""
    invited = town.invite()
    word = invited.secrets.code_word or ""
    moves = moves_of(script, word)
    began = town.clock()
    town.turn()
    for move in moves:
        if isinstance(move, Waited):
            until = town.clock() + move.how_long
            for step in (LONG, CLOSING):
                town.clock.now = min(town.clock() + step, until)
                town.turn()
            town.clock.now = until
        else:
            town.clock.now += BETWEEN_TEXTS
            town.turn()
            town.deliver(town.twilio.text("+447700900104", move.body, count(move.body).parts))
        town.turn()
    # Last, because the application says which languages are on offer.
    trial = play("parent_carer", "en", moves, town.settings, began, word)
    said = [LINK.sub("/i/…", line.body) for line in trial.lines if line.ours]
    heard = [LINK.sub("/i/…", body) for body in town.new()]
    return said, heard


@pytest.mark.parametrize("name", SCRIPTS)
@on_sqlite
def test_it_says_what_a_family_hears(town: Town, name: str) -> None:
    said, heard = played(town, SCRIPTS[name])
    assert said == heard
    assert len(said) > 4


@on_sqlite
@pytest.mark.parametrize("seed", range(3))
def test_it_says_what_any_family_hears(town: Town, seed: int) -> None:
    by_chance = random.Random(seed)
    script: list[str | timedelta] = ["AGREE", "AGREE"]
    for _ in range(18):
        script.append(QUIET if by_chance.random() < 0.15 else by_chance.choice(CHATTER))
    said, heard = played(town, script)
    assert said == heard, script


def trial(
    *script: str | timedelta,
    audience: str = "parent_carer",
    language: str = "en",
) -> Trial:
    return play(audience, language, moves_of(script, CODE_WORD), SETTINGS, TEN)


def templates(found: Trial) -> list[Template | None]:
    return [line.template for line in found.lines if line.ours]


def test_the_same_moves_give_the_same_screen() -> None:
    assert trial(*WHOLE) == trial(*WHOLE)


def test_what_would_stand_is_shown_under_its_question() -> None:
    found = trial("AGREE", "AGREE", "She is", QUIET, "funny")
    assert found.words("important.open") == ["She is", "funny"]
    assert len(found.state.flagged) == 1
    ended = trial(*WHOLE)
    assert ended.state.stage is Stage.SENT
    assert ended.words(NOTES) == ["one more thing"]  # and not the thanks at the end


def test_words_before_they_agree_stand_nowhere() -> None:
    found = trial("my son is Ali", "NO", "leave me alone")
    assert not any(line.fragment for line in found.lines)


@pytest.mark.parametrize("audience", guide_audiences())
def test_every_guide_can_be_tried_to_its_end(audience: str) -> None:
    for language in guide_languages(audience):
        core = [heading.core.id for heading in load_guide(audience, language).headings]
        answers = [each for prompt in core for each in (f"about {prompt}", "NEXT")]
        decisions = ["AGREE", "AGREE", "AGREE"]
        found = trial(
            "AGREE", "AGREE", *answers, "RIGHT", *decisions,
            audience=audience, language=language,
        )  # fmt: skip
        assert found.state.stage is Stage.SENT
        assert found.state.later_undecided is None
        assert templates(found)[-1] is Template.THANKS
        assert [found.words(prompt) for prompt in core] == [[f"about {prompt}"] for prompt in core]
        for line in found.lines:
            assert line.cost == count(line.body)
            if line.template and line is not found.lines[0]:
                assert parts_over(line.cost, SEGMENT_LIMITS[line.template]) == 0


def test_it_falls_silent_as_it_would() -> None:
    assert trial(*SCRIPTS["a machine"]).silent is Silent.SAME_AGAIN
    assert trial(*SCRIPTS["not for them"]).silent is Silent.WRONG_NUMBER
    assert trial(*WHOLE).silent is None


def test_a_pretend_link_costs_what_a_real_one_does() -> None:
    assert LINK.fullmatch(PRETEND_LINK)
