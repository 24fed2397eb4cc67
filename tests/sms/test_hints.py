"""The words on a pretend phone are those that the newest text offers, in its language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from family_voice.settings import asset_folder
from family_voice.sms.hints import hints
from family_voice.sms.simulator import CODE_WORD, play
from family_voice.sms.trial import Move, Texted, Trial, Waited
from tests.sms.test_simulator import SETTINGS, TEN

QUIET = timedelta(minutes=4, seconds=1)
TO_THE_END = [CODE_WORD, "AGREE", "AGREE", *["SKIP"] * 4, "a key worker", "NEXT"]


@pytest.fixture(autouse=True)
def every_language() -> Iterator[None]:
    texts.install(Catalogues(asset_folder("translations")))
    yield
    texts.install(Catalogues())


def words(script: Sequence[str | timedelta], language: str = "en") -> tuple[list[str], Trial]:
    moves: list[Move] = [
        Texted(each) if isinstance(each, str) else Waited(each) for each in ("hello", *script)
    ]
    trial = play("parent_carer", language, moves, SETTINGS, TEN, CODE_WORD)
    ours = [line.body for line in trial.lines if line.ours]
    return [each.word for each in hints(trial.state, trial.guide, CODE_WORD, ours)], trial


@pytest.mark.parametrize(
    ("script", "offered"),
    [
        ([], [CODE_WORD, "CALL"]),
        ([CODE_WORD], ["AGREE", "NO"]),
        (TO_THE_END, ["RIGHT", "CALL", "WEB"]),
        ([*TO_THE_END, "NO"], ["CALL", "WEB"]),
        ([*TO_THE_END, "RIGHT"], ["AGREE", "NO"]),
        ([*TO_THE_END, "RIGHT", "NO", "NO", "NO"], ["CALL"]),
        ([CODE_WORD, "STOP"], ["START"]),
    ],
)
def test_the_words_are_those_of_the_newest_text(
    script: Sequence[str | timedelta], offered: list[str]
) -> None:
    found, trial = words(script)
    assert found == offered
    newest = trial.lines[-1]
    assert "STOP" in script or all(each in newest.body for each in found if each != CODE_WORD)


def test_next_is_not_offered_where_silence_has_just_brought_the_question() -> None:
    asked = [CODE_WORD, "AGREE", "AGREE"]
    assert words(asked)[0] == ["NEXT", "SKIP", "PAUSE", "BACK", "CALL", "WEB", "STOP"]
    assert "SKIP" not in words([*asked, "she is funny"])[0]
    found, _trial = words([*asked, "she is funny", QUIET])
    assert found == ["SKIP", "MORE", "BACK", "CALL", "WEB", "STOP"]
    read = timedelta(minutes=2)
    assert words([*asked, "she is funny", QUIET, read, "her TA"])[0][0] == "NEXT"


@pytest.mark.parametrize("language", ["ur", "ar", "pl"])
def test_the_words_are_in_the_language_of_the_texts(language: str) -> None:
    for script in ([CODE_WORD], TO_THE_END, [*TO_THE_END, "RIGHT"]):
        found, trial = words(script, language)
        assert len(found) >= 2
        assert all(each in trial.lines[-1].body for each in found), (found, trial.lines[-1].body)
