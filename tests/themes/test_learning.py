"""The theme model: what it learns, how sure it is, which words it names, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.themes import ridge
from family_voice.themes.learning import (
    Embed,
    Example,
    Model,
    ModelUnusable,
    NothingToLearnFrom,
    learn,
    parts_apart,
)
from family_voice.themes.prior import CodeNote
from family_voice.themes.views import Singles
from tests.themes.learned_from import HEARD, NOTES, TRANSPORT, WAITING, examples

ASKED = "The taxi never came and we waited an hour"


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(examples(2), NOTES, codebook_version=3)


def test_it_finds_what_people_would_put(model: Model) -> None:
    told = model.suggest([(ASKED, "worries"), ("Nobody hears us", "worries")])
    assert model.chosen(told[0])[0] == TRANSPORT
    assert min(told[0][TRANSPORT], told[0][WAITING]) > told[0][HEARD]
    assert model.chosen(told[1]) == [HEARD]


def test_no_words_of_a_family_stand_in_a_trace(model: Model) -> None:
    assert "taxi" not in repr(model) + repr(examples()[7]) + repr(model.eyes.words)


def test_the_codebook_alone_is_enough_to_begin_with() -> None:
    model = learn([], NOTES)
    for text, code in (("Where is the bus", TRANSPORT), ("The list is long, a delay", WAITING)):
        (scores,) = model.suggest([(text, "")])
        assert max(scores, key=lambda each: scores[each]) == code


def test_a_code_that_only_the_codebook_knows_is_found_beside_learned_ones() -> None:
    money = CodeNote("money", "Money", "Costs, fees, funding, what families pay.", ())
    model = learn(examples(2), [*NOTES, money])
    (scores,) = model.suggest([("All these fees and costs", "worries")])
    assert max(scores, key=lambda each: scores[each]) == "money"


def test_a_code_that_no_note_speaks_of_is_learned_by_its_examples() -> None:
    model = learn(examples(), [])
    assert set(model.codes) == {WAITING, TRANSPORT, HEARD}
    (scores,) = model.suggest([("The taxi driver", "worries")])
    assert max(scores, key=lambda each: scores[each]) == TRANSPORT


def test_with_neither_it_says_so() -> None:
    with pytest.raises(NothingToLearnFrom, match="codebook"):
        learn([Example("No code applies", "worries", frozenset())], [])


def test_the_same_texts_give_the_same_model_in_any_order(model: Model) -> None:
    again = learn(examples(2)[::-1], NOTES, codebook_version=3)
    assert again.data_hash == model.data_hash
    for one, two in zip(
        model.probabilities([(ASKED, "")])[0], again.probabilities([(ASKED, "")])[0], strict=True
    ):
        assert one == pytest.approx(two, abs=1e-3)
    assert learn(examples(2)[:-1], NOTES).data_hash != model.data_hash


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60), st.text(max_size=5))
def test_any_text_has_probabilities_and_spans_of_its_own(text: str, question: str) -> None:
    model = SMALL
    (scores,) = model.suggest([(text, question)])
    assert set(scores) == set(model.codes)
    assert all(0 <= each <= 1 for each in scores.values())
    assert text.strip() or not model.chosen(scores)
    for code in model.codes:
        spans = model.words(text, question, code)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


SMALL = learn(examples(), NOTES)


def test_the_words_that_caused_it_are_named_by_code_points(model: Model) -> None:
    text = "🙂 é The taxi never came and we waited an hour"
    said = {
        code: " ".join(text[start:end] for start, end in model.words(text, "worries", code))
        for code in (TRANSPORT, WAITING)
    }
    assert "taxi" in said[TRANSPORT]
    assert "waited" not in said[TRANSPORT]
    assert "waited" in said[WAITING]


def test_words_of_a_code_it_does_not_know(model: Model) -> None:
    with pytest.raises(KeyError):
        model.words(ASKED, "worries", "no_such_code")


@pytest.mark.parametrize(
    "few",
    [
        [Example("", "", frozenset({"a"}))],
        [Example("One text", "q", frozenset({"a"}))],
        [Example("One text", "q", frozenset({"a"})), Example("Another", "q", frozenset({"a"}))],
        [Example("Same", "q", frozenset({"a"})), Example("Same", "q", frozenset({"b"}))],
        [Example(f"Text {n}", "", frozenset({"a"})) for n in range(40)],
        [Example("日本語の文", "質問", frozenset({"コード"})), Example("\ud800", "", frozenset())],
    ],
)
def test_little_or_odd_learning_material(few: Sequence[Example]) -> None:
    kept = Model.from_bytes(learn(few, []).to_bytes())
    (scores,) = kept.suggest([("One more text", "never asked")])
    assert all(0 <= each <= 1 for each in scores.values())


def test_a_kept_model_says_the_same(model: Model) -> None:
    kept = Model.from_bytes(model.to_bytes(), codebook_version=3)
    asked = [(ASKED, "worries"), ("", ""), ("Anything else", "never asked")]
    assert kept.suggest(asked) == model.suggest(asked)
    assert kept.words(ASKED, "worries", WAITING) == model.words(ASKED, "worries", WAITING)
    assert (kept.codebook_version, kept.data_hash, kept.version, kept.thresholds) == (
        3, model.data_hash, model.version, model.thresholds,
    )  # fmt: skip


def test_a_model_of_another_codebook_is_refused(model: Model) -> None:
    with pytest.raises(ModelUnusable, match="version 3 of the codebook, and version 4"):
        Model.from_bytes(model.to_bytes(), codebook_version=4)


def test_a_model_learned_in_an_earlier_way_is_refused(model: Model) -> None:
    with pytest.raises(ModelUnusable, match="earlier way"):
        Model.from_bytes(replace(model, version="an earlier").to_bytes())


@pytest.mark.parametrize(
    "spoil", [lambda kept: kept[:-1], lambda kept: b"", lambda kept: b"x" * 99]
)
def test_a_broken_model_is_refused(model: Model, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(ModelUnusable, match="broken"):
        Model.from_bytes(spoil(model.to_bytes()))


def test_a_model_with_embeddings_needs_them() -> None:
    def by_first_letters(texts: Sequence[str]) -> Singles:
        rows = np.zeros((len(texts), 8), np.float32)
        for at, text in enumerate(texts):
            rows[at, ord(text[:1] or " ") % 8] = 1
        return rows

    embed = Embed("first letters", by_first_letters)
    model = learn(examples(2), NOTES, embed=embed)
    asked = [(ASKED, "worries")]
    kept = model.to_bytes()
    assert Model.from_bytes(kept, embed=embed).suggest(asked) == model.suggest(asked)
    assert TRANSPORT in model.chosen(model.suggest(asked)[0])
    assert model.words(ASKED, "worries", WAITING)
    with pytest.raises(ModelUnusable, match="first letters"):
        Model.from_bytes(kept)


def test_what_belongs_together_is_never_parted() -> None:
    grouped = [
        Example(text, "", frozenset(), group)
        for text, group in (("a", "1"), ("b", "1"), ("Same  words", ""), ("same words", ""))
    ] + [Example(f"text {n}", "", frozenset()) for n in range(20)]
    parts = parts_apart(grouped, 3)
    assert sorted(at for _rest, part in parts for at in part) == list(range(24))
    for _rest, part in parts:
        assert (0 in part) == (1 in part)
        assert (2 in part) == (3 in part)


@pytest.mark.parametrize("groups", ["abcdefgh", "aabbcdee"])
def test_leaving_one_group_out_is_what_learning_without_it_gives(groups: str) -> None:
    drawn = np.random.default_rng(5)
    rows = drawn.normal(size=(8, 4)).astype(np.float32)
    truth = drawn.integers(0, 2, (8, 3)).astype(np.float32)
    alike = rows @ rows.T + 1
    found = ridge.fit(alike, truth, list(groups)).left_out
    for group in set(groups):
        out = np.array([each == group for each in groups])
        rest = ridge.fit(alike[np.ix_(~out, ~out)], truth[~out], ["x"] * int((~out).sum()))
        assert found[out] == pytest.approx(alike[np.ix_(out, ~out)] @ rest.weights, abs=1e-4)


def test_many_texts_are_learned_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ridge, "AT_ONCE", 20)
    model = learn(examples(2), NOTES)
    assert TRANSPORT in model.chosen(model.suggest([(ASKED, "worries")])[0])
