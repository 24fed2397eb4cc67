"""Tone is an aid to finding things: what it hears, and that it needs nothing from outside."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest
from textblob import TextBlob

from family_voice.themes.lexicon import lexicon_score
from family_voice.themes.tone import (
    MEASURED,
    WEIGHTS,
    Sounds,
    Spoken,
    Tone,
    aggregate,
    leanings,
    tone_model,
    written,
    written_hash,
)
from family_voice.themes.tone_learning import features, fitted, learn


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("tone may not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    "sentence",
    ["I am worried", "nothing has changed", "no support at all"],
)
def test_it_hears_worry_where_the_lexicon_alone_hears_nothing(sentence: str) -> None:
    assert lexicon_score(sentence)[0] == 0.0
    assert tone_model().likeliest([Spoken(sentence, "important")]) == [Tone.WORRY]


def test_the_heading_decides_what_nothing_means() -> None:
    asked = [Spoken("Nothing.", "worries"), Spoken("Nothing.", "working_well")]
    praise, worry = leanings(asked)
    assert praise > worry


def test_sums_are_kept_apart_by_heading_and_say_nothing_of_anybody() -> None:
    sums = aggregate(
        [
            Spoken("The new teacher is kind and patient with him.", "working_well"),
            Spoken("Nobody rings us back.", "worries"),
            Spoken("We are still waiting and nobody tells us why.", "worries"),
        ]
    )
    assert sums == {"working_well": Sounds(praise=1), "worries": Sounds(worry=2)}
    assert sums["worries"].sentences == 2


def test_no_sentences_are_no_sums() -> None:
    assert aggregate([]) == {}
    assert leanings([]) == []


def test_the_sentences_that_it_learns_from_are_marked_once_each() -> None:
    texts = [(spoken.text, spoken.heading) for spoken, _tone in written()]
    assert len(texts) == len(set(texts)) >= 250
    assert {tone for _spoken, tone in written()} == set(Tone)


def test_what_it_learned_is_of_the_sentences_as_they_are_now() -> None:
    """Else: python -m family_voice.themes.tone_learning."""
    assert json.loads(WEIGHTS.read_text("utf-8"))["learned_from"] == written_hash()
    texts = [spoken for spoken, _tone in written()]
    for kept, anew in zip(
        tone_model().chances(texts), learn(written()).chances(texts), strict=True
    ):
        assert kept == pytest.approx(anew, abs=1e-3)


UNSEEN = [
    Spoken("", "worries"),
    Spoken("Nobody, nobody at all, rings us back. We wait and wait.", "worries"),
    Spoken("I can’t fault it; he isn't \u201cnaughty\u201d any more :)", "difference"),
    Spoken("Szko\u0142a jest dobra \U0001f600 VERY good, e.g. very kind!!", "notes"),
]


def test_the_sums_are_scikit_learn_s_and_the_scores_textblob_s() -> None:
    words, line = fitted(written())
    texts = UNSEEN + [spoken for spoken, _tone in written()]
    theirs = line.predict_proba(features(words, texts))
    for ours, row in zip(learn(written()).chances(texts), theirs, strict=True):
        assert list(ours.values()) == pytest.approx(list(row), abs=1e-4)
    for each in texts:
        assert lexicon_score(each.text) == tuple(TextBlob(each.text).sentiment)


def test_no_page_waits_for_what_learns() -> None:
    code = (
        "import sys\n"
        "from family_voice.themes.tone import Spoken, leanings\n"
        "assert leanings([Spoken('A kind nurse.', 'working_well')])[0] > 0\n"
        "print([each for each in ('sklearn', 'scipy', 'numpy', 'nltk') if each in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_its_error_rate_is_known() -> None:
    assert 50 < MEASURED.right < 100
    assert MEASURED.worry_found > 25  # the lexicon alone finds a quarter
