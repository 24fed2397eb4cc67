"""The planted sentences are marked right: a wrong span would judge the rules by a wrong measure."""

import json
from pathlib import Path
from typing import Any

import pytest

from family_voice.cases.caseload_identifiers import nhs_number, upn

PLANTED = Path(__file__).parent / "planted"


def named(file: str) -> dict[str, dict[str, list[str]]]:
    cases: dict[str, dict[str, list[str]]] = json.loads((PLANTED / file).read_text("utf-8"))
    return cases


def lines(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (PLANTED / file).read_text("utf-8").splitlines()]


CASES, SENTENCES = named("cases.json"), lines("planted.jsonl")
LATER_CASES, LATER = named("later_cases.json"), lines("later.jsonl")


def marked(kind: str, sentences: list[dict[str, Any]]) -> list[str]:
    return [e["text"] for s in sentences for e in s["entities"] if e["type"] == kind]


def test_every_span_selects_the_words_that_it_says() -> None:
    for sentence in SENTENCES + LATER + lines("last.jsonl"):
        end = 0
        for entity in sentence["entities"]:
            assert sentence["text"][entity["start"] : entity["end"]] == entity["text"], sentence
            assert entity["start"] >= end, sentence
            end = entity["end"]


def test_there_are_enough_of_every_sort_and_none_twice() -> None:
    assert len({sentence["text"] for sentence in SENTENCES}) == len(SENTENCES) >= 500
    assert {sentence["case"] for sentence in SENTENCES} == set(CASES)
    assert sum(sentence["split"] == "texted" for sentence in SENTENCES) >= 100
    assert sum(not sentence["entities"] for sentence in SENTENCES) >= 200
    known = [e["known"] for sentence in SENTENCES for e in sentence["entities"]]
    assert sum(known) >= 300
    assert len(known) - sum(known) >= 150


def test_the_later_ones_are_others_of_other_people() -> None:
    assert len({sentence["text"] for sentence in SENTENCES + LATER}) == len(SENTENCES) + 300
    assert {sentence["case"] for sentence in LATER} == set(LATER_CASES)
    assert sum(sentence["split"] == "texted" for sentence in LATER) >= 100
    assert sum(not sentence["entities"] for sentence in LATER) == 100
    known = [e["known"] for sentence in LATER for e in sentence["entities"]]
    assert sum(known) >= 150
    assert len(known) - sum(known) >= 70
    people = [
        {name for each in cases.values() for group in PEOPLE for name in each[group]}
        for cases in (CASES, LATER_CASES)
    ]
    words = [{word for name in names for word in name.split()} for names in people]
    assert words[0] & words[1] <= {"Dr"}


PEOPLE = ("child", "carers", "professionals")


@pytest.mark.parametrize("sentences", [SENTENCES, LATER], ids=["planted", "later"])
@pytest.mark.parametrize(("kind", "read"), [("NHS", nhs_number), ("UPN", upn)])
def test_the_numbers_that_carry_a_check_digit_carry_the_right_one(
    kind: str, read: Any, sentences: list[dict[str, Any]]
) -> None:
    assert marked(kind, sentences)
    for number in marked(kind, sentences):
        assert read(number)
