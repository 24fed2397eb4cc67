"""A child and a helper answer in pictures: choices, a sort of statements, words if they like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from family_voice.interviews.events import Manner
from family_voice.interviews.manners import Helper
from family_voice.interviews.models import Event, Fragment
from family_voice.interviews.state import Stage
from family_voice.interviews.words import Piece
from family_voice.settings import Settings
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household

SORT, CHOICE = "/question/working_well.open", "/question/difference.open"


@pytest.fixture
def child(invite: Callable[..., Household]) -> Household:
    return invite(audience="child")


def begun(child: Household) -> Browser:
    page = child.arrived().press("Start")
    page.press("Yes. I know when you must tell someone").press("Yes, they can read it")
    assert page.path == "/who-helps"
    return page.press("My mum, my dad or a carer")


def pieces(child: Household, prompt_id: str) -> tuple[Piece, ...]:
    answer = child.account.answer(prompt_id)
    return answer.pieces if answer else ()


def said(child: Household, prompt_id: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.manner.value) for piece in pieces(child, prompt_id)]


def test_from_the_link_to_the_end_by_pressing_pictures(
    child: Household, database: Database
) -> None:
    page = begun(child)
    page.press(words="I like dinosaurs.")
    for zone in ("Yes", "Sometimes", "No"):
        page.press(zone)
    assert page.path == f"{SORT}?card=listened"
    page.press("I don't know, or skip").press("Yes").press("Yes")
    assert "Your cards" in page.text
    page.press().press(words="School is loud.")
    page.press("Not good")
    assert "You chose: Not good" in page.text
    page.press()
    page.press("I don't know, or skip")
    page.press("Skip this question")
    assert page.path == "/check-answers"
    assert "I feel safe: No" in page.text
    page.press("This is right, go on").press("Send", word="green kettle")
    assert child.state.stage is Stage.SENT
    assert said(child, "working_well.open") == [
        ("I like the place where I learn: Yes.", "chose"),
        ("I have a friend: Sometimes.", "chose"),
        ("I feel safe: No.", "chose"),
        ("I get help when I need it: Yes.", "chose"),
        ("I do things that I like: Yes.", "chose"),
        ("School is loud.", "own_words"),
    ]
    assert said(child, "difference.open") == [("Not good", "chose")]
    assert said(child, "worries.open") == []
    assert {each.helped_by for each in pieces(child, "working_well.open")} == {Helper.PARENT}
    with database.sessions() as session:
        logged = str(session.scalars(select(Event.detail)).all())
        for told in ("not_good", "Not good", "safe", "sometimes"):
            assert told not in logged
        sealed = session.scalars(select(Fragment.words)).all()
        assert not any(b"Not good" in words for words in sealed)


def test_choosing_anew_takes_the_place_of_the_choice_and_leaves_the_words(
    child: Household,
) -> None:
    page = begun(child).open(CHOICE)
    page.press("Good").press(words="Miss Khan helps.")
    page.open(CHOICE)
    assert page.html.count("fv-tile--chosen") == 1
    page.press("In the middle")
    assert page.value("words") == "Miss Khan helps."
    assert said(child, "difference.open") == [
        ("In the middle", "chose"),
        ("Miss Khan helps.", "own_words"),
    ]
    page.open(CHOICE).press("I don't know, or skip")
    assert said(child, "difference.open") == [("Miss Khan helps.", "own_words")]


def test_a_card_is_moved_and_stays_in_its_place(child: Household) -> None:
    page = begun(child).open(SORT)
    for _ in range(6):
        page.press("Yes")
    page.follow("Move")
    assert page.path == f"{SORT}?card=learning"
    page.press("No")
    assert said(child, "working_well.open")[0] == ("I like the place where I learn: No.", "chose")
    assert len(said(child, "working_well.open")) == 6


def test_a_tile_pressed_twice_is_one_choice(child: Household) -> None:
    page = begun(child).open(CHOICE)
    twin = page.twin()
    page.press("Good")
    twin.press("Good")
    assert said(child, "difference.open") == [("Good", "chose")]
    twin.open(CHOICE)
    assert "fv-tile--chosen" in twin.html


def test_another_tile_before_the_first_answer_came_counts(child: Household) -> None:
    page = begun(child).open(CHOICE)
    twin = page.twin()
    page.press("Good")
    twin.press("Not good")
    assert said(child, "difference.open") == [("Not good", "chose")]


def test_which_picture_it_was_is_in_no_address_and_not_shown_without_the_return_word(
    child: Household,
) -> None:
    page = begun(child).open(CHOICE).press("Not good")
    assert "good" not in page.path
    page.open(SORT).press("No")
    later = child.arrived().press("Carry on where you stopped")
    assert later.path == "/who-helps"
    later.press("I don't know, or skip")
    later.open(CHOICE)
    assert "You chose something here before" in later.text
    assert "fv-tile--chosen" not in later.html
    later.press("Good")
    assert [text for text, _ in said(child, "difference.open")] == ["Not good", "Good"]
    later.open(SORT)
    assert "Card 2 of 6" in later.text
    assert "fv-tile__within" not in later.html
    later.open(f"{SORT}?card=every")
    assert "No cards here" in later.text


def test_what_is_not_on_the_page_changes_nothing(child: Household) -> None:
    page = begun(child).open(CHOICE)
    for sent in ({"choose": "splendid"}, {"choose": "good", "card": "safe"}, {"go": "next"}):
        fields = {name: page.value(name) for name in ("csrf_token", "of", "seen")} | sent
        page.post(CHOICE, fields)
        if sent.get("choose") == "good":
            continue
        assert page.status == 422
        assert "Choose one of the answers" in page.text
    page.open(SORT)
    fields = {name: page.value(name) for name in ("csrf_token", "of", "seen")}
    page.post(SORT, fields | {"choose": "yes", "card": "unicorns"})
    page.post(SORT, fields | {"choose": "good", "card": "safe"})
    assert said(child, "working_well.open") == []
    assert [text for text, _ in said(child, "difference.open")] == ["Good"]


def test_what_was_sent_is_chosen_anew_behind_the_return_word(child: Household) -> None:
    page = begun(child).open(CHOICE).press("Good").press()
    page.open("/check-answers").press("This is right, go on").press("Send", word="green kettle")
    later = child.arrived().open(f"{CHOICE}?to=words")
    later.press(return_word="green kettle").press("Not good").press("Save")
    assert child.state.stage is Stage.SENT
    assert said(child, "difference.open") == [("Not good", "chose")]


def test_back_leads_through_the_cards(child: Household) -> None:
    page = begun(child).press(words="Me").press("Yes").press("No")
    page.press("Back")
    assert page.path == f"{SORT}?card=friends"
    page.press("Back").press("Back")
    assert page.path == "/question/important.open"
    page.open(f"{SORT}?then=words").press("Back")
    assert page.path == f"{SORT}?card=every"
    page.press("Back")
    assert page.path == f"{SORT}?card=fun"


def test_the_open_door_has_words_for_a_child_with_a_helper(family: Household) -> None:
    page = family.browser().open("/share").press(audience="child").follow("Continue")
    assert "How are things for you?" in page.text
    page.press("Start").press("No, thank you")
    assert page.path == "/no-thanks"


def test_who_speaks_for_somebody_says_whose_words_they_are(
    family: Household, database: Database
) -> None:
    page = family.browser().open("/share").press(audience="advocate").follow("Continue")
    page.press("Start").press(answer="yes").press(answer="yes").press()
    assert "How do you speak for them?" in page.text
    page.press(helper="advocate")
    assert "the person you speak for" in page.text
    page.press(words="She signs more when it is quiet.")
    with database.sessions() as session:
        (kept,) = session.scalars(select(Fragment.manner)).all()
        assert kept == Manner.SPOKEN_FOR


def test_a_councils_own_picture_is_shown_and_kept_long(
    child: Household, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "handshake.png").write_bytes(b"\x89PNG")
    services = child.app.extensions["family_voice"]
    child.app.extensions["family_voice"] = replace(
        services, settings=replace(settings, pictures=str(folder))
    )
    page = begun(child).open(CHOICE)
    assert 'src="/pictures/handshake?v=' in page.html
    assert "built/pictures/thumbs-up.svg" in page.html
    sent = child.app.test_client().get("/pictures/handshake?v=1")
    assert (sent.status_code, sent.mimetype) == (200, "image/png")
    assert "immutable" in sent.headers["Cache-Control"]
    for nothing in ("ear", "../settings", "handshake.png"):
        assert child.app.test_client().get(f"/pictures/{nothing}").status_code == 404


def test_to_the_very_end_it_is_pictures_and_short_sentences(child: Household) -> None:
    page = begun(child)
    page.press(words="I like dinosaurs.").open("/return-word")
    pages = {"/return-word": page.html}
    page.press("Send", word="green kettle")
    assert page.path == "/sent"
    pages["/sent"] = page.html
    pages["/last-questions"] = page.open("/last-questions").html
    pages["/take-back"] = page.open("/take-back").press(return_word="green kettle").html
    for path, html in pages.items():
        beside = re.findall(r'<div class="fv-pair .*?</div></div>', html, re.DOTALL)
        assert len(beside) >= 4, path
        for each in beside:
            assert "<img" in each, path
            said = " ".join(re.findall(r'<p class="govuk-body"[^>]*>(.*?)</p>', each, re.DOTALL))
            for sentence in re.split(r"(?<=[.?])\s+", re.sub(r"<[^>]+>", "", said)):
                assert len(sentence.split()) <= 15, f"{path}: {sentence}"
    page.open("/last-questions").press("Save", quote="yes")
    assert child.state.decisions["quote"] is True


def test_the_long_list_of_the_small_group_is_behind_one_plain_line(child: Household) -> None:
    page = child.arrived().press("Start").press("Yes. I know when you must tell someone").html
    plain, folded = page.index("People who work with children:"), page.index("<details")
    assert plain < folded < page.index("In the group are:")


def test_after_the_cards_nobody_is_told_to_put_cards_in_boxes(child: Household) -> None:
    page = begun(child).open(f"{SORT}?then=words")
    assert "Tell us more, if you want" in page.text
    assert "Put each card in a box" not in page.text
    assert "What is going well" in page.text
