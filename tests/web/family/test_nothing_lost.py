"""Whatever goes wrong with a page, the words on it are still there and get where they belong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from family_voice.web.shared.fields import LONGEST_ANSWER
from tests.conftest import Clock
from tests.web.family.conftest import Household

HARD = [
    "😀👩‍👧‍👦 Sam 🚂",
    "ابني لا ينام. \u202bכן\u202c نعم",
    "<script>alert(1)</script> & 'quotes' \"here\"",
    "\n\n  begins with lines\n\tand tabs  \n",
    "=1+1",
]


@pytest.mark.parametrize("words", HARD)
def test_any_letters_come_back_as_typed(family: Household, words: str) -> None:
    page = family.asked().press(words=words)
    assert page.path == "/question/working_well.open"
    assert family.words("important.open") == words
    page.open("/question/important.open")
    assert page.value("words") == words


def test_nul_bytes_are_left_out_and_the_rest_is_kept(family: Household) -> None:
    page = family.asked().press(words="before\x00after\x07\r\nnext")
    assert page.path == "/question/working_well.open"
    assert family.words("important.open") == "beforeafter\nnext"


def test_a_very_long_answer_is_kept_whole(family: Household) -> None:
    words = ("Er schläft nicht. " * LONGEST_ANSWER)[: LONGEST_ANSWER - 1] + "😀"
    page = family.asked().press(words=words)
    assert page.path == "/question/working_well.open"
    assert family.words("important.open") == words
    assert page.open("/check-answers").status == 200


def test_a_longer_one_comes_back_with_the_page(family: Household) -> None:
    words = "ض" * (LONGEST_ANSWER + 1)
    page = family.asked().press(words=words)
    assert page.status == 422
    assert "too long" in page.text
    assert page.value("words") == words
    page.press(words=words[:10])
    assert family.words("important.open") == words[:10]


def test_beyond_what_a_page_can_carry_there_is_a_clear_page(family: Household) -> None:
    page = family.asked()
    page.post("/question/important.open", {"words": "x" * (25 * 1024 * 1024)})
    assert page.status == 413
    assert "smaller parts" in page.text


def test_a_stale_token_shows_the_page_again_with_the_words(family: Household) -> None:
    page = family.asked()
    page.press(words="My words", csrf_token="stale")
    assert page.status == 422
    assert page.path == "/question/important.open"
    assert page.value("words") == "My words"
    assert family.words("important.open") == ""
    page.press()
    assert family.words("important.open") == "My words"


def test_a_lost_session_keeps_the_words_and_a_code_sends_them_on(family: Household) -> None:
    page = family.asked().forget()
    page.press(words="Written for an hour.\nStill here.")
    assert page.status == 422
    assert "Type your code to carry on" in page.text
    assert page.value("kept-words") == "Written for an hour.\nStill here."
    page.press(code="AAAA-BBBB-CCCC")
    assert page.status == 422
    assert page.value("kept-words") == "Written for an hour.\nStill here."
    assert family.words("important.open") == ""
    page.press(code=family.code.lower())
    assert page.path == "/question/working_well.open"
    assert family.words("important.open") == "Written for an hour.\nStill here."


def test_a_sitting_ends_by_itself_and_loses_nothing(family: Household, clock: Clock) -> None:
    page = family.asked()
    clock.present += timedelta(hours=1, minutes=59)
    page.press(words="In time")
    clock.present += timedelta(hours=2)
    page.press(words="Too late")
    assert "Type your code to carry on" in page.text
    page.press(code=family.code)
    assert family.words("working_well.open") == "Too late"


def test_a_correction_after_a_lost_session_replaces_what_the_page_showed(
    family: Household,
) -> None:
    page = family.asked().press(words="First version").open("/question/important.open").forget()
    page.press(words="Second version").press(code=family.code)
    assert family.words("important.open") == "Second version"


def test_opening_the_link_again_in_another_tab_is_a_way_on_too(family: Household) -> None:
    page = family.asked().forget()
    page.press(words="Kept")
    names = ("kept-words", "kept-of", "kept-seen", "kept-go", "csrf_token")
    form = {name: page.value(name) for name in names} | {"code": ""}
    page.open(family.link)
    page.post("/question/important.open", form | {"csrf_token": "stale"})
    assert page.value("kept-words") == "Kept"
    page.press()
    assert page.path == "/question/working_well.open"
    assert family.words("important.open") == "Kept"


def test_a_page_of_one_child_never_posts_into_anothers(
    invite: Callable[..., Household],
) -> None:
    first, second = invite(), invite()
    page = first.asked()
    seen, mark, token = page.value("seen"), page.value("of"), page.value("csrf_token")
    page.open(second.link).press("Start").press(answer="yes").press(answer="yes")
    page.post(
        "/question/important.open",
        {"words": "About the first", "of": mark, "seen": seen, "csrf_token": token, "go": "next"},
    )
    assert "different link or code" in page.text
    assert second.words("important.open") == ""
    page.press(code=second.code)
    assert "different conversation" in page.text
    page.press(code=first.code)
    assert first.words("important.open") == "About the first"
    assert second.words("important.open") == ""


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("Keep both", "From the first tab\nFrom the second tab"),
        ("Keep only this page's", "From the second tab"),
        ("Keep only the other page's", "From the first tab"),
    ],
)
def test_two_tabs_show_both_versions(family: Household, button: str, kept: str) -> None:
    page = family.asked().open("/question/important.open")
    late = {name: page.value(name) for name in ("of", "seen", "csrf_token")}
    late |= {"words": "From the second tab", "go": "next"}
    page.open("/question/important.open").press(words="From the first tab")
    page.post("/question/important.open", late)
    assert page.status == 409
    assert "From the first tab" in page.text
    assert page.value("words") == "From the second tab"
    assert family.words("important.open") == "From the first tab"
    page.press(button)
    assert family.words("important.open") == kept


def test_an_empty_late_page_does_not_take_an_answer_away(family: Household) -> None:
    page = family.asked()
    form = {name: page.value(name) for name in ("of", "seen", "csrf_token")}
    page.press(words="Written")
    page.post("/question/important.open", form | {"words": "", "go": "next"})
    assert family.words("important.open") == "Written"


def test_words_of_a_page_left_open_while_another_sent_it(family: Household) -> None:
    page = family.asked().press(words="First")
    late = {name: page.value(name) for name in ("of", "seen", "csrf_token")}
    page.open("/return-word").press("Send", word="purple tin")
    page.post("/question/working_well.open", late | {"words": "One more thing", "go": "next"})
    assert "Type your return word" in page.text
    assert "One more thing" in page.text
    page.press(return_word="wrong word")
    assert "One more thing" in page.text
    page.press(return_word="purple tin")
    assert page.path == "/your-words"
    assert family.words("working_well.open") == "One more thing"


def test_words_of_a_page_that_the_conversation_has_moved_on_from(family: Household) -> None:
    page = family.asked().open("/return-word").press("Finish")
    form = {name: page.open("/last-questions").value(name) for name in ("of", "csrf_token")}
    form |= {"quote": "yes", "words": "\n<b>Hours</b> of words"}
    page.post("/last-questions", form)
    assert page.status == 409
    assert page.value("words") == "\n<b>Hours</b> of words"
    assert page.value("quote") == "yes"
    page.press("Save my words")
    assert page.status == 409
    assert page.value("words") == "\n<b>Hours</b> of words"
    page.follow("Go to where you are now")
    assert page.path == "/sent"


def test_a_page_without_words_that_the_conversation_has_moved_on_from(family: Household) -> None:
    page = family.asked().open("/return-word").press("Finish").open("/last-questions")
    page.press("Save", quote="yes")
    assert page.status == 409
    assert "copy your words" not in page.text
    assert page.follow("Go to where you are now").path == "/sent"


def test_an_unknown_question_is_not_found(family: Household) -> None:
    page = family.asked().open("/question/nothing.open")
    assert page.status == 404
