"""Every place of an answer is right as it leaves, whatever was said and replaced."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.sentences import sentences
from family_voice.interviews.translating import Translation
from family_voice.interviews.words import Answer, Piece, SentenceView
from family_voice.sharing.deidentifying import Span
from family_voice.sharing.exchange.answers import laid_out_of
from family_voice.storage.base import new_id
from family_voice.themes.coding import Unit
from tests.conftest import NOW
from tests.sharing.exchange.projects import WORDS


def told(pieces: Sequence[str], kept_back: set[int]) -> Answer:
    """An answer of these pieces as they would be kept, some sentences kept from workers."""
    number = 0
    made = []
    for text in pieces:
        views = []
        for span in sentences(text):
            views.append(
                SentenceView(
                    new_id(), span.start, span.end, text[span.start : span.end],
                    number in kept_back,
                )
            )  # fmt: skip
            number += 1
        made.append(
            Piece(new_id(), text, Channel.WEB, Manner.OWN_WORDS, "", None, NOW, tuple(views))
        )
    return Answer("important.open", "important", tuple(made))


def plain(words: str) -> str:
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip("\ufeff")


@given(st.lists(WORDS, min_size=1, max_size=4), st.sets(st.integers(0, 8)))
@settings(max_examples=200)
def test_every_unit_selects_exactly_its_words(pieces: list[str], kept_back: set[int]) -> None:
    answer = told(pieces, kept_back)
    laid = laid_out_of(answer, None)
    every = [each for piece in answer.pieces for each in piece.sentences]
    leaves = [each for each in every if not each.not_for_workers]
    if laid is None:
        assert not leaves
        return
    assert laid.places[Unit(answer.prompt_id)] == (0, len(laid.text))
    for each in leaves:
        start, end = laid.places[Unit(answer.prompt_id, each.id)]
        assert laid.text[start:end].strip("\ufeff") == plain(each.text)
    assert len(laid.places) == len(leaves) + 1
    assert unicodedata.is_normalized("NFC", laid.text)
    assert "\r" not in laid.text


@given(st.lists(WORDS, min_size=1, max_size=3, unique=True), st.data())
def test_what_is_replaced_moves_the_places_after_it(pieces: list[str], data: st.DataObject) -> None:
    answer = told(pieces, set())
    before = laid_out_of(answer, None)
    assert before is not None
    assume(before.text == "\n".join(pieces))
    first = pieces[0]
    ends = sorted(data.draw(st.sets(st.integers(0, len(first)), max_size=6)))
    spans = [
        Span(a, b, "PERSON", "[name]", True, True)
        for a, b in zip(ends[::2], ends[1::2], strict=False)
    ]
    after = laid_out_of(answer, lambda text: spans if text == first else ())
    assert after is not None
    for unit, (start, end) in before.places.items():
        expected, at = "", start
        for each in (one for one in spans if one.start < end and one.end > start):
            expected += before.text[at : max(each.start, at)] + each.placeholder
            at = each.end
        expected += before.text[at:end]
        begins, until = after.places[unit]
        assert plain(after.text[begins:until]) == plain(expected if start < end else "")


def test_the_english_leaves_beside_the_words_through_the_same_door() -> None:
    answer = told(["Ala jest tu. Ona czeka.", "Ala ma kota."], {2})
    [first, second] = answer.pieces
    english = Translation("Ala is here.", "Nadia Gaskell", NOW)
    views = (replace(first.sentences[0], translation=english), first.sentences[1])
    pieces = tuple(replace(each, language="pl") for each in (first, second))
    pieces = (replace(pieces[0], sentences=views), pieces[1])
    laid = laid_out_of(
        replace(answer, pieces=pieces),
        lambda text: [Span(0, 3, "PERSON", "[child]", True, True)] if text[:3] == "Ala" else (),
    )
    assert laid is not None
    assert laid.text == "[child] jest tu. Ona czeka."
    unit = Unit(answer.prompt_id)
    assert laid.english == {
        unit: "[child] is here. [not translated yet]",
        Unit(answer.prompt_id, views[0].id): "[child] is here.",
    }
