"""Matching: what is proposed and why, what is never called certain, and files in and out."""

from __future__ import annotations

import csv
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.cases.match_files import BadMatchingFile, match_files
from family_voice.cases.matching import (
    Candidate,
    Decision,
    Matcher,
    Person,
    compare,
    reason_text,
)
from family_voice.cases.weights import STATED

SARA = Person(
    "case 1",
    reference="BW-1041",
    first_name="Sara",
    last_name="Hussain",
    date_of_birth=date(2014, 3, 9),
    postcode="BB1 7QT",
    school="St Mary's CE Primary School",
    phones=("+447700900111",),
    emails=("nadia@example.org",),
)
OTHERS = [
    Person("case 2", "BW-1042", "Callum", "Whittle", date(2012, 11, 2), school="Bridge Centre"),
    Person("case 3", "BW-1043", "Tomasz", "Nowak", date(2010, 7, 23), school="Oakdene School"),
    Person("case 4", "BW-1044", "Maisie", "Holt", date(2019, 8, 30), school="Hollybank Primary"),
]
ROUND = [SARA, *OTHERS]


def told(**what: Any) -> Person:
    return replace(Person("account"), **what)


def match(account: Person, cases: list[Person]) -> list[Candidate]:
    return Matcher(cases).candidates(account)


def best(account: Person, cases: list[Person] = ROUND) -> tuple[object, Decision, list[str]]:
    first = match(account, cases)[0]
    return first.case_id, first.decision, [reason_text(code) for code in first.reasons]


def test_it_says_why_in_words() -> None:
    case, decision, reasons = best(
        told(last_name="Hussain", birth_month=(2014, 3), school="Saint Marys C of E")
    )
    assert (case, decision) == ("case 1", Decision.PROPOSE)
    assert reasons == ["same birth month", "same surname", "same school"]
    _case, _decision, reasons = best(
        told(last_name="Hussain", birth_month=(2014, 3), school="Saint Maries")
    )
    assert reasons == ["same birth month", "same surname", "school spelled differently"]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ({"first_name": "Sarah"}, "first name spelled differently"),
        ({"first_name": "Sata"}, "first name spelled differently"),
        ({"last_name": "Husain"}, "surname in another form"),
        ({"last_name": "Hussein-Ali"}, "part of the surname"),
        ({"last_name": "Hussair"}, "surname spelled differently"),
        ({"first_name": "Hussain", "last_name": "Sara"}, "first name and surname swapped"),
        ({"date_of_birth": date(2014, 9, 3)}, "day and month of birth swapped"),
        ({"date_of_birth": date(2015, 3, 9)}, "date of birth with one slip"),
        ({"date_of_birth": date(2014, 3, 28)}, "same birth month, another day"),
        ({"postcode": "bb17qt"}, "same postcode"),
        ({"postcode": "BB1 7QS"}, "postcode nearby"),
        ({"postcode": "BB2 7QT"}, "postcode with one slip"),
        ({"phones": ("07700 900111",)}, "same phone number"),
        ({"emails": ("Nadia@Example.org ",)}, "same email address"),
        ({"reference": "bw1041"}, "same case reference"),
        ({"reference": "BW-1014"}, "case reference with one slip"),
        ({"phones": ("07700 900999",)}, "another phone number"),
    ],
)
def test_each_kind_of_difference_has_its_reason(what: dict[str, Any], reason: str) -> None:
    account = replace(
        told(first_name="Sara", last_name="Hussain", date_of_birth=date(2014, 3, 9)), **what
    )
    case, _decision, reasons = best(account)
    assert case == "case 1"
    assert reason in reasons


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Mohammed", "Muhammad"),
        ("Katarzyna", "Kasia"),
        ("Zoë", "Zoe"),
        ("O'Neil", "ONeil"),
        ("Łukasz", "Lukasz"),
        ("Smith-Jones", "Smith Jones"),
        ("Yusuf", "Yousef"),
        ("Beth", "Lizzie"),
    ],
)
def test_names_that_are_one_name(mine: str, theirs: str) -> None:
    _score, reasons = compare(Person(1, first_name=mine), Person(2, first_name=theirs))
    assert reasons[0] in {"first_name_same", "first_name_other_form"}


@pytest.mark.parametrize(
    "more",
    [{"date_of_birth": date(2015, 6, 2)}, {"school": "Bridge Centre"}, {"birth_month": (2015, 6)}],
)
def test_a_slip_in_both_of_two_short_names_is_proposed_and_never_certain(
    more: dict[str, Any],
) -> None:
    rosie = Person("r", "BW-9", "Rosie", "Riley", date(2015, 6, 2), school="Bridge Centre")
    found = match(told(first_name="Rosy", last_name="Reilly", **more), [*ROUND, rosie])
    assert [each.case_id for each in found] == ["r"]
    assert found[0].decision is Decision.PROPOSE
    assert {"first_name_similar", "last_name_similar"} <= set(found[0].reasons)


def test_two_consonants_alone_make_no_names_alike() -> None:
    _score, reasons = compare(Person(1, first_name="Ruby"), Person(2, first_name="Robbie"))
    assert reasons == ("first_name_different",)


def test_a_double_name_agrees_in_part() -> None:
    _score, reasons = compare(Person(1, last_name="Smith-Okafor"), Person(2, last_name="Okafor"))
    assert reasons == ("last_name_part",)


def test_everything_agreeing_is_called_certain() -> None:
    assert best(replace(SARA, id="account"))[1] is Decision.CERTAIN


def test_a_stranger_has_no_candidates() -> None:
    matcher = Matcher(ROUND)
    ewan = told(first_name="Ewan", last_name="Price", date_of_birth=date(2016, 1, 5))
    assert matcher.candidates(ewan) == matcher.candidates(told()) == []


def test_a_phone_number_alone_is_proposed_and_no_more() -> None:
    case, decision, reasons = best(told(phones=("07700900111",)))
    assert (case, decision, reasons) == ("case 1", Decision.PROPOSE, ["same phone number"])


def test_a_sibling_on_the_same_phone_is_never_certain() -> None:
    brother = replace(
        SARA, id="account", reference="", first_name="Adam", date_of_birth=date(2016, 5, 1)
    )
    found = match(brother, ROUND)
    assert [each.decision for each in found] == [Decision.PROPOSE]
    assert "first_name_different" in found[0].reasons


def test_twins_with_names_alike_are_left_to_a_person() -> None:
    twin = replace(SARA, id="case 9", reference="BW-1050", first_name="Zara")
    account = replace(SARA, id="account", reference="", first_name="Zara")
    found = match(account, [*ROUND, twin])
    assert found[0].case_id == "case 9"
    namesake = match(replace(SARA, id="a", reference=""), [SARA, replace(SARA, id="again")])
    assert {each.decision for each in namesake} == {Decision.PROPOSE}


def test_another_reference_is_never_certain() -> None:
    found = match(replace(SARA, id="account", reference="ZZ-9999"), ROUND)
    assert found[0].decision is Decision.PROPOSE


PEOPLE = st.builds(
    Person,
    st.just("x"),
    st.sampled_from(["", "BW-1041", "BW-1042"]),
    st.text(max_size=12),
    st.text(max_size=12),
    st.none() | st.dates(date(2000, 1, 1), date(2026, 1, 1)),
    st.none() | st.tuples(st.integers(2000, 2026), st.integers(1, 12)),
    st.text(max_size=8),
    st.text(max_size=20),
    st.text(max_size=20),
    st.lists(st.text(max_size=12), max_size=2).map(tuple),
    st.lists(st.text(max_size=12), max_size=2).map(tuple),
)


@given(PEOPLE, PEOPLE)
def test_the_side_asked_from_makes_no_difference_and_ids_are_not_compared(
    one: Person, other: Person
) -> None:
    score, reasons = compare(one, other)
    turned, turned_reasons = compare(other, replace(one, id="something else"))
    assert score == turned
    assert set(reasons) == set(turned_reasons)
    assert all(reason_text(code) != reason_text("unknown") for code in reasons)


@given(PEOPLE)
def test_at_most_one_case_is_certain_and_the_best_comes_first(account: Person) -> None:
    found = match(account, [*ROUND, replace(account, id="case 8")])
    assert sum(each.decision is Decision.CERTAIN for each in found) <= 1
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_weights_are_probabilities_and_agreement_weighs_more_than_disagreement() -> None:
    for field, levels in STATED.items():
        assert all(0 < m < 1 and 0 < u < 1 for m, u in levels.values())
        if field != "both_names":
            assert sum(m for m, _ in levels.values()) == pytest.approx(1, abs=0.02)
            assert sum(u for _, u in levels.values()) == pytest.approx(1, abs=0.02)


def test_a_large_caseload_finds_the_same_child_through_its_blocks() -> None:
    """6,000 cases: slips in the account must not lose the case, and none may be wrong and sure."""
    chance = random.Random(7)
    syllables = ["ba", "ro", "mi", "ka", "len", "tos", "vi", "na", "dra", "sul", "pe", "chi"]

    def name() -> str:
        return "".join(chance.choice(syllables) for _ in range(3)).title()

    cases = [
        Person(
            n,
            f"R{n:06}",
            name(),
            name(),
            date.fromordinal(chance.randint(733000, 739000)),
            postcode=f"BB{chance.randint(1, 12)} {chance.randint(1, 9)}"
            f"{chance.choice('ABDEFGH')}{chance.choice('JLNPQRS')}",
            school=f"{name()} School",
        )
        for n in range(6_000)
    ]
    matcher = Matcher(cases)
    hit = 0
    for place in chance.sample(range(6_000), 200):
        case = cases[place]
        born = case.date_of_birth
        assert born is not None
        slips: list[dict[str, Any]] = [
            {"first_name": case.first_name[:-1]},
            {"last_name": case.last_name[0] + case.last_name[2:]},
            {"date_of_birth": None, "birth_month": (born.year, born.month)},
            {"first_name": case.last_name, "last_name": case.first_name},
            {"postcode": ""},
        ]
        account = replace(case, id="a", reference="", **chance.choice(slips))
        found = matcher.candidates(account)
        hit += bool(found) and found[0].case_id == place
        assert all(each.case_id == place for each in found if each.decision is Decision.CERTAIN)
    assert hit >= 195


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_files_in_and_out(tmp_path: Path) -> None:
    cases = write(
        tmp_path / "a.csv",
        "id,reference,first_name,last_name,date_of_birth,postcode,school,phone,email",
        "c1,BW-1041,Sara,Hussain,2014-03-09,BB1 7QT,St Mary's,07700900111,",
        "c2,BW-1042,Callum,Whittle,2012-11-02,,Bridge Centre,,",
    )
    accounts = write(
        tmp_path / "b.csv",
        "\ufeffID,First name,Last name,Date of birth,Phone",
        "x1,Sara,Hussain,09/03/2014,+44 7700 900111",
        "x2,Nobody,Here,2014-99-99,",
    )
    out = tmp_path / "c.csv"
    done = match_files(cases, accounts, out)
    assert (done.cases, done.accounts, done.pairs, done.certain) == (2, 2, 1, 1)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["case", "account", "score", "decision", "reasons"]
    assert (rows[0]["case"], rows[0]["account"], rows[0]["decision"]) == ("c1", "x1", "certain")
    assert "same surname" in rows[0]["reasons"].split("; ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "c.csv"]


@pytest.mark.parametrize(
    ("content", "say"),
    [
        (b"", "no column"),
        (b"name\nSara\n", "no column"),
        (b"id,first_name\n,Sara\n", "row 2"),
        (b"id\nx\nx\n", "another row has this id"),
        (b"id\n\xff\xfe\n", "not UTF-8"),
        (b'id\n"x\n', "not a CSV"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes, say: str
) -> None:
    good = write(tmp_path / "a.csv", "id", "c1")
    bad = tmp_path / "b.csv"
    bad.write_bytes(content)
    for one, other in ((good, bad), (bad, good)):
        with pytest.raises(BadMatchingFile, match=say) as caught:
            match_files(one, other, tmp_path / "c.csv")
        assert "b.csv" in str(caught.value)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMatchingFile, match="cannot be opened"):
        match_files(tmp_path / "no.csv", tmp_path / "no.csv", tmp_path / "c.csv")
