"""What changes do to a codebook: nothing that was ever coded loses its name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.themes.codebook import (
    Codebook,
    CodeGroup,
    as_plain,
    checked,
    load_codebook,
)
from family_voice.themes.codebook_changes import (
    Add,
    BringBack,
    Change,
    Merge,
    Move,
    NameGroup,
    Retire,
    Reword,
    Split,
    Undo,
    naming,
    touched,
)
from family_voice.themes.codebook_wording import BadChange, Problem, Wording

BOOK = load_codebook()


def wording(name: str) -> Wording:
    return Wording(
        name=name,
        definition=f"Whether {name} comes up at all.",
        use_when=f"They speak of {name} in some way.",
        not_when=f"They do not speak of {name}.",
        examples=(f"We had {name} all summer.", f"Nobody knew about {name}."),
        headings=("worries",),
        source="Our own, autumn 2026",
    )


def content(book: Codebook) -> Codebook:
    return replace(book, version=0)


def test_a_new_code_stands_last_in_its_group_and_a_new_group_last_of_all() -> None:
    book = Add(wording("Getting there by bus"), "life_now").apply(BOOK)
    assert book.version == BOOK.version + 1
    assert book.group_of("getting_there_by_bus").codes[-1].name == "Getting there by bus"
    assert touched(BOOK, book) == ("getting_there_by_bus",)
    book = Add(wording("Ramps"), "Getting about").apply(book)
    assert [group.id for group in book.groups][-1] == "getting_about"
    assert len(book.codes) == len(BOOK.codes) + 2


def test_an_id_is_made_from_the_name_and_is_never_one_that_is_taken() -> None:
    book = Add(wording("Being in school?"), "life_now").apply(BOOK)
    book = Add(wording("Being in school!"), "life_now").apply(book)
    assert list(book.group_of("being_in_school").codes)[-2:] == [
        book.code("being_in_school"),
        book.code("being_in_school_2"),
    ]
    assert "a" * 36 in Add(wording("A" * 60), "life_now").apply(book).codes
    assert "code_i" in Add(wording("I"), "life_now").apply(book).codes


def test_a_new_name_goes_into_the_notes_that_send_people_to_it() -> None:
    before = naming(BOOK, "Waiting")
    assert before
    book = Reword("waiting", replace(Wording.of(BOOK.code("waiting")), name="Time waited")).apply(
        BOOK
    )
    assert naming(book, "Waiting") == ()
    assert {code.id for code in naming(book, "Time waited")} == {code.id for code in before}
    assert set(touched(BOOK, book)) == {"waiting", *(code.id for code in before)}


def test_a_merged_code_counts_as_the_other_however_often_that_is_merged_again() -> None:
    book = Merge("answers", "told_support").apply(BOOK)
    book = Merge("told_support", "listened_to").apply(book)
    assert book.now("answers") == book.now("told_support") == book.code("listened_to")
    assert book.merged == {"answers": "listened_to", "told_support": "listened_to"}
    assert "answers" in book.codes
    assert "answers" not in book.offered
    assert all(code.id != "answers" for code in book.codes_for("worries", limit=99))
    back = BringBack("told_support").apply(book)
    assert back.merged == {"answers": "told_support"}


def test_a_split_code_is_offered_no_more_and_its_parts_take_its_place() -> None:
    parts = (wording("Waiting for a place"), wording("Waiting for a name"))
    book = Split("waiting", parts).apply(BOOK)
    assert book.version == BOOK.version + 1
    assert book.code("waiting").retired
    assert book.code("waiting").split_into == ("waiting_for_a_place", "waiting_for_a_name")
    assert book.now("waiting").id == "waiting"
    assert [code.id for code in book.group_of("waiting").codes][-2:] == list(
        book.code("waiting").split_into
    )
    with pytest.raises(BadChange) as told:
        Split("waiting", parts[:1]).apply(BOOK)
    assert told.value.problem is Problem.PARTS
    with pytest.raises(BadChange) as told:
        Split("waiting", (parts[0], wording("Friends and joining in"))).apply(BOOK)
    assert (told.value.problem, told.value.part) == (Problem.NAME_TAKEN, "1.name")


def test_a_group_without_codes_is_gone_and_comes_back_with_its_name() -> None:
    small = Codebook(
        1,
        (
            CodeGroup("one", "One", (BOOK.code("waiting"),)),
            CodeGroup("two", "Two", (BOOK.code("friends"), BOOK.code("hopes"))),
        ),
    )
    moved = Move("waiting", "two").apply(small)
    assert [group.id for group in moved.groups] == ["two"]
    again = Undo(small, moved).apply(moved)
    assert {group.id: group.name for group in again.groups} == {"one": "One", "two": "Two"}
    assert again.group_of("waiting").id == "one"
    named = NameGroup("one", "First of all").apply(small)
    assert touched(small, named) == ("one",)
    assert content(Undo(small, named).apply(named)) == content(small)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (Add(wording("waiting"), "life_now"), Problem.NAME),
        (Add(wording("WAITING"), "life_now"), Problem.NAME_TAKEN),
        (Add(wording("Life now"), "life_now"), Problem.NAME_TAKEN),
        (Add(wording("Buses"), ""), Problem.NO_GROUP),
        (Add(wording("Buses"), "Waiting"), Problem.NAME_TAKEN),
        (Add(replace(wording("Buses"), definition="  Short.    "), "life_now"), Problem.TOO_SHORT),
        (Add(replace(wording("Buses"), not_when="x" * 401), "life_now"), Problem.TOO_LONG),
        (Add(replace(wording("Buses"), headings=()), "life_now"), Problem.HEADINGS),
        (
            Add(replace(wording("Buses"), examples=("One is not two.",)), "life_now"),
            Problem.EXAMPLES,
        ),
        (Reword("waiting", Wording.of(BOOK.code("waiting"))), Problem.NOTHING),
        (Reword("nothing", wording("Nothing")), Problem.NO_SUCH_CODE),
        (Move("waiting", "right_support"), Problem.NOTHING),
        (Merge("waiting", "waiting"), Problem.ITSELF),
        (Merge("waiting", "nothing"), Problem.NO_SUCH_CODE),
        (BringBack("waiting"), Problem.STILL_OFFERED),
        (NameGroup("life_now", "Being heard"), Problem.NAME_TAKEN),
        (NameGroup("nothing", "Something"), Problem.NO_GROUP),
    ],
)
def test_what_cannot_be_done_is_told_by_its_reason(change: Change, problem: Problem) -> None:
    with pytest.raises(BadChange) as told:
        change.apply(BOOK)
    assert told.value.problem is problem


def test_a_code_that_is_not_offered_is_not_merged_split_or_retired() -> None:
    book = Retire("waiting").apply(BOOK)
    for change in (Merge("waiting", "hopes"), Merge("hopes", "waiting"), Retire("waiting")):
        with pytest.raises(BadChange) as told:
            change.apply(book)
        assert told.value.problem is Problem.NOT_OFFERED
    one = Codebook(1, (CodeGroup("one", "One", (BOOK.code("hopes"),)),))
    with pytest.raises(BadChange) as told:
        Retire("hopes").apply(one)
    assert told.value.problem is Problem.LAST


def test_undo_refuses_what_was_changed_since_and_what_would_go_round_in_circles() -> None:
    merged = Merge("friends", "hopes").apply(BOOK)
    back = BringBack("friends").apply(merged)
    other_way = Merge("hopes", "friends").apply(back)
    with pytest.raises(BadChange) as told:
        Undo(merged, back).apply(other_way)
    assert told.value.problem is Problem.SINCE_CHANGED
    retired = Retire("waiting").apply(BOOK)
    renamed = Reword("waiting", wording("Time waited")).apply(retired)
    with pytest.raises(BadChange) as told:
        Undo(BOOK, retired).apply(renamed)
    assert told.value.problem is Problem.SINCE_CHANGED
    freed = Reword("waiting", wording("Time waited")).apply(BOOK)
    taken = Add(wording("Waiting"), "life_now").apply(freed)
    with pytest.raises(BadChange) as told:
        Undo(BOOK, freed).apply(taken)
    assert told.value.problem is Problem.SINCE_CHANGED


NAMES = st.sampled_from(["Buses", "Ramps", "Waiting", "Time waited", "Sleep", "Hopes and dreams"])
IDS = st.sampled_from(["waiting", "hopes", "friends", "buses", "ramps", "waiting_2", "sleep"])
GROUPS = st.sampled_from(["life_now", "being_heard", "right_support", "Getting about", "Elsewhere"])
SMALL = Codebook(
    1,
    tuple(
        replace(
            group, codes=tuple(c for c in group.codes if c.id in {"waiting", "hopes", "friends"})
        )
        for group in BOOK.groups
        if {code.id for code in group.codes} & {"waiting", "hopes", "friends"}
    ),
)
CHANGES = st.one_of(
    st.builds(Add, st.builds(wording, NAMES), GROUPS),
    st.builds(Reword, IDS, st.builds(wording, NAMES)),
    st.builds(Move, IDS, GROUPS),
    st.builds(Merge, IDS, IDS),
    st.builds(Split, IDS, st.tuples(st.builds(wording, NAMES), st.builds(wording, NAMES))),
    st.builds(Retire, IDS),
    st.builds(BringBack, IDS),
    st.builds(NameGroup, GROUPS, NAMES),
    st.integers(min_value=0, max_value=11),
)


@given(st.lists(CHANGES, max_size=12))
@settings(max_examples=60)
def test_whatever_is_done_every_code_stays_and_every_version_is_right(
    changes: list[Change | int],
) -> None:
    versions = [SMALL]
    for change in changes:
        book = versions[-1]
        if isinstance(change, int):
            if change + 1 >= len(versions):
                continue
            change = Undo(versions[change], versions[change + 1])
        try:
            new = change.apply(book)
        except BadChange:
            continue
        assert new.version == book.version + 1
        assert set(new.codes) >= set(book.codes)
        assert new.offered
        assert all(new.now(code).merged_into is None for code in new.codes)
        assert checked(as_plain(new)) == new
        again = Undo(book, new).apply(new)
        added: set[str] = set(new.codes) - set(book.codes)
        for group in book.groups:
            stood = again.group_of(group.codes[0].id)
            assert tuple(code for code in stood.codes if code.id not in added) == group.codes
            assert (stood.id, stood.name) == (group.id, group.name)
        assert all(again.code(code).retired for code in added)
        versions.append(new)
