"""A button pressed twice does once what it says: the second press comes with the first's cookie."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import func, select

from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Event, Interview
from family_voice.interviews.state import Stage
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household

Presses = Callable[[Browser, Callable[[Browser], Browser]], tuple[Browser, Browser]]
QUESTION = "/question/important.open"


def one_after_the_other(
    page: Browser, press: Callable[[Browser], Browser]
) -> tuple[Browser, Browser]:
    second = page.twin()
    return press(page), press(second)


def at_once(page: Browser, press: Callable[[Browser], Browser]) -> tuple[Browser, Browser]:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(press, (page, page.twin()))
    return first, second


@pytest.fixture(params=[one_after_the_other, at_once])
def twice(request: pytest.FixtureRequest) -> Presses:
    """Press a button twice."""
    presses: Presses = request.param
    return presses


def test_an_answer_sent_twice_stands_once_and_its_writer_sees_it(
    family: Household, twice: Presses
) -> None:
    pages = twice(family.asked(), lambda page: page.press(words="Once"))
    assert family.words("important.open") == "Once"
    for page in pages:
        assert page.path == "/question/working_well.open"
        assert page.open(QUESTION).value("words") == "Once"
        assert "told us something here before" not in page.text
        assert "Choose a return word" in page.open("/return-word").text


def test_a_correction_sent_twice_stands_once(family: Household, twice: Presses) -> None:
    page = family.asked().press(words="First thought").open(QUESTION)
    pages = twice(page, lambda each: each.press(words="Second thought"))
    assert family.words("important.open") == "Second thought"
    for each in pages:
        assert each.open(QUESTION).value("words") == "Second thought"


def test_a_page_gone_back_to_is_put_right_and_pressing_twice_is_still_once(
    family: Household, twice: Presses
) -> None:
    page = family.asked()
    form = {name: page.value(name) for name in ("of", "seen", "csrf_token")} | {"go": "next"}
    page.post(QUESTION, form | {"words": "One"})
    for better in ("One and two", "One, two and three"):
        pages = twice(page, partial(Browser.post, path=QUESTION, values=form | {"words": better}))
        assert family.words("important.open") == better
        for page in pages:
            assert page.open(QUESTION).value("words") == better


def test_the_last_answer_sent_twice_goes_on_to_check(family: Household, twice: Presses) -> None:
    page = family.asked()
    for _ in range(4):
        page.press("Skip this question")
    for each in twice(page, lambda page: page.press(words="A rest")):
        assert each.path == "/check-answers"
        assert "A rest" in each.text
    assert family.words("next.open") == "A rest"


def test_both_versions_kept_twice_are_kept_once(family: Household, twice: Presses) -> None:
    page = family.asked().open(QUESTION)
    late = {name: page.value(name) for name in ("of", "seen", "csrf_token")}
    page.open(QUESTION).press(words="From one tab")
    page.post(QUESTION, late | {"words": "From the other", "go": "next"})
    for each in twice(page, lambda page: page.press("Keep both")):
        assert each.open(QUESTION).value("words") == "From one tab\nFrom the other"
    assert family.words("important.open") == "From one tab\nFrom the other"


def test_whoever_does_not_know_the_words_is_not_shown_them_by_an_old_page(
    family: Household,
) -> None:
    page = family.asked()
    form = {name: page.value(name) for name in ("of", "seen", "csrf_token")} | {"go": "next"}
    page.press(words="My secret worry")
    other = page.open(family.link)
    other.post(QUESTION, form | {"words": "", "go": "next"})
    assert "secret" not in other.open(QUESTION).html
    assert "secret" not in other.open("/check-answers").html


def test_sending_twice_is_sending_once_and_the_last_questions_come(
    family: Household, database: Database, twice: Presses
) -> None:
    page = family.asked().press(words="All is well.").open("/return-word")
    for each in twice(page, lambda page: page.press("Send", word="purple tin")):
        assert each.path == "/sent"
        assert each.follow("Four last questions").path == "/last-questions"
        assert each.open(QUESTION).status == 200
        assert "All is well" not in each.html
    with database.sessions() as session:
        finished = select(func.count()).select_from(Event).where(Event.kind == "finished")
        assert session.scalar(finished) == 1


def test_a_link_alone_does_not_press_send_again(family: Household) -> None:
    family.asked().press(words="All is well.").open("/return-word").press("Send", word="purple tin")
    other = family.arrived()
    form = {"csrf_token": other.value("csrf_token"), "word": "", "go": "send"}
    other.post("/return-word", form | {"unsent": "made up"})
    assert "Four last questions" not in other.text
    assert "Type your return word" in other.open("/last-questions").text


def test_the_last_questions_answered_twice_are_decided_once(
    family: Household, database: Database, twice: Presses, now: datetime
) -> None:
    page = family.asked().press(words="All is well.").open("/return-word")
    page.press("Send", word="purple tin").follow("Four last questions")
    for each in twice(page, lambda page: page.press("Save", count="yes", quote="no")):
        assert each.path == "/sent"
        assert "saved too" in each.text
    with database.sessions() as session:
        agreed = select(func.count()).select_from(Event).where(Event.kind == "agreed")
        assert session.scalar(agreed) == 4
        decided = standing(session, family.invitation.interview_id, now)
        assert decided[Purpose.COUNT].yes
        assert not decided[Purpose.QUOTE].yes


def test_the_open_link_pressed_twice_begins_one_conversation_with_one_code(
    family: Household, database: Database, twice: Presses
) -> None:
    page = family.browser().open("/share")
    pages = twice(page, lambda each: each.press(audience="parent_carer"))
    codes = {page.html.split('class="fv-code"')[1].split(">")[1].split("<")[0] for page in pages}
    assert len(codes) == 1
    with database.sessions() as session:
        uninvited = select(func.count()).where(Interview.participant_id.is_(None))
        assert session.scalar(uninvited) == 1
    assert family.browser().open("/code").press(code=codes.pop()).path == "/welcome"


def test_a_page_of_the_open_link_that_was_gone_on_from_begins_another(
    family: Household, database: Database
) -> None:
    page = family.browser().open("/share")
    kept = page.twin()
    page.press(audience="parent_carer").follow("Continue").press("Start")
    kept.press(audience="parent_carer").follow("Continue")
    assert "begun already" not in kept.text
    with database.sessions() as session:
        uninvited = select(func.count()).where(Interview.participant_id.is_(None))
        assert session.scalar(uninvited) == 2


def test_a_decision_made_twice_is_made_once(
    family: Household, database: Database, twice: Presses
) -> None:
    page = family.arrived()
    for each in twice(page, lambda page: page.press("Start")):
        assert each.path == "/permission"
    page = family.arrived().open("/permission")
    for each in twice(page, lambda page: page.press(answer="yes")):
        assert "Decision 2 of 2" in each.text
    with database.sessions() as session:
        agreed = select(func.count()).select_from(Event).where(Event.kind == "agreed")
        assert session.scalar(agreed) == 1
    assert family.state.stage is Stage.DECIDING
