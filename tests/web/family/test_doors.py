"""Links, codes and return words: what they open, to whom, and how often one may guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from family_voice.interviews import doors
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.interviews.words import speaker_of
from family_voice.security.tokens import new_printed_code, new_token
from tests.conftest import Clock, Database
from tests.factories import agreed
from tests.web.family.conftest import Household

HERE = {"REMOTE_ADDR": "192.0.2.7"}


def test_every_link_that_does_not_open_gets_the_same_kind_page(
    invite: Callable[..., Household], database: Database, clock: Clock
) -> None:
    replaced, expired = invite(), invite()
    with database.sessions.begin() as session:
        doors.open_doors(
            session, replaced.invitation.interview_id, clock() + timedelta(days=9), clock()
        )
        doors.open_doors(session, expired.invitation.interview_id, clock(), clock())
    pages = [
        replaced.browser().open(link).html
        for link in (replaced.link, expired.link, f"/i/{new_token()}", "/i/x", "/i/" + "é" * 900)
    ]
    assert len(set(pages)) == 1
    assert "Ring 01632\N{NO-BREAK SPACE}960000" in pages[0]


def test_a_link_stops_working_when_its_time_is_over(family: Household, clock: Clock) -> None:
    clock.present += timedelta(weeks=5)
    assert family.browser().open(family.link).status == 404
    page = family.browser().open("/code").press(code=family.code)
    assert "does not open anything" in page.text


def test_a_sitting_ends_with_the_last_door_and_keeps_what_was_typed(
    family: Household, database: Database, clock: Clock
) -> None:
    page = family.asked()
    with database.sessions.begin() as session:
        doors.open_doors(session, family.invitation.interview_id, clock(), clock())
    page.press(words="Said too late")
    assert page.status == 422
    assert "Said too late" in page.html
    assert page.open("/welcome").path.startswith("/code")
    assert not family.state.heard


def test_a_code_opens_however_it_is_typed(family: Household) -> None:
    page = family.browser().open("/code").press(code=f" {family.code.lower().replace('-', ' ')} ")
    assert page.path == "/welcome"
    assert family.state.stage is Stage.INVITED


@pytest.mark.parametrize("typed", ["", "abc", "\x00", "𝟘" * 12, "x" * 500])
def test_what_is_no_code_gets_a_clear_sentence(family: Household, typed: str) -> None:
    page = family.browser().open("/code").press(code=typed)
    assert page.status == 422
    assert "Something needs your help" in page.text


def test_one_code_can_be_tried_five_times_an_hour(family: Household, clock: Clock) -> None:
    wrong = new_printed_code()
    answers = []
    for number in range(7):
        page = family.browser(REMOTE_ADDR=f"192.0.2.{number}").open("/code").press(code=wrong)
        answers.append(page.status)
    assert answers == [422] * 5 + [429] * 2
    clock.present += timedelta(hours=1, minutes=1)
    page = family.browser(**HERE).open("/code").press(code=wrong)
    assert page.status == 422


def test_an_address_is_slowed_down_for_right_codes_too(family: Household) -> None:
    page = family.browser(**HERE).open("/code")
    for _ in range(20):
        assert page.press(code=new_printed_code()).status == 422
    right = page.press(code=family.code)
    assert right.status == 429
    wrong = family.browser(**HERE).open("/code").press(code=new_printed_code())
    assert wrong.text == right.text
    assert (
        family.browser(REMOTE_ADDR="192.0.2.8").open("/code").press(code=family.code).path
        == "/welcome"
    )


def test_right_codes_are_not_counted(family: Household) -> None:
    for _ in range(25):
        page = family.browser(**HERE).open("/code").press(code=family.code)
        assert page.path == "/welcome"


def test_a_fresh_visit_carries_on_and_shows_nothing_said_before(family: Household) -> None:
    family.asked().press(words="My secret worry").press(words="Another one")
    page = family.arrived()
    assert "begun already" in page.text
    page.press("Carry on where you stopped")
    assert page.path == "/question/difference.open"
    for path in ("/question/important.open", "/check-answers", "/stop", "/your-words", "/sent"):
        assert "secret" not in page.open(path).html
    page.open("/question/important.open")
    assert "told us something here before" in page.text
    page.press(words="And this, added")
    assert family.words("important.open") == "My secret worry\nAnd this, added"
    page.open("/question/important.open")
    assert page.value("words") == "And this, added"
    page.press(words="And this, put better")
    assert family.words("important.open") == "My secret worry\nAnd this, put better"


def test_with_the_return_word_everything_shows(family: Household) -> None:
    page = family.asked().press("Stop and carry on later", words="My secret worry")
    assert page.path == "/stop"
    page.press("Save this word", word="yellow boat")
    assert "saved" in page.text
    page = family.arrived().press("Carry on where you stopped").open("/check-answers")
    page.follow("Type your return word to see it").press(return_word="wrong one")
    assert page.status == 422
    assert "secret" not in page.html
    page.press(return_word=" Yellow  BOAT ")
    assert "My secret worry" in page.text
    page.press("Forget me on this device")
    assert page.open("/check-answers").path == "/code?away=1"


def test_who_only_has_the_link_cannot_choose_the_word_for_others_words(
    family: Household,
) -> None:
    family.asked().press(words="My secret worry")
    page = family.arrived().press("Carry on where you stopped").press(words="From somebody else")
    for path in ("/stop", "/return-word"):
        assert "Choose a return word" not in page.open(path).text
    token, mark = page.value("csrf_token"), page.value("of")
    page.post("/stop", {"csrf_token": token, "of": mark, "word": "stolen word"})
    page.post("/return-word", {"csrf_token": token, "of": mark, "word": "stolen word"})
    page.open("/your-words")
    assert "locked" in page.text
    assert "secret" not in page.html
    assert family.state.read_back_at is None


def test_who_only_has_the_link_cannot_change_what_was_decided(family: Household) -> None:
    family.asked().press(words="My secret worry")
    page = family.arrived()
    token = page.value("csrf_token")
    page.post("/permission", {"csrf_token": token, "purpose": "talk", "answer": "no"})
    assert "locked" in page.text
    assert family.state.speaking_allowed
    page.open("/your-choices")
    assert "locked" in page.text


def test_return_words_are_guessed_five_times_an_hour(
    family: Household, database: Database, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        agreed(session, family.invitation.interview_id, clock())
        doors.choose_return_word(session, family.invitation.interview_id, "yellow boat")
    page = family.arrived().open("/your-words")
    for _ in range(5):
        assert page.press(return_word="red boat").status == 422
    assert page.press(return_word="yellow boat").status == 429
    other = family.browser(**HERE).open(family.link).open("/your-words")
    assert other.press(return_word="yellow boat").status == 429
    clock.present += timedelta(hours=1, minutes=1)
    page = family.arrived().open("/your-words").press(return_word="yellow boat")
    assert page.path == "/your-words"
    assert "Is this right?" not in page.text


def test_a_page_without_a_sitting_leads_to_the_code(family: Household) -> None:
    for path in ("/welcome", "/permission", "/question/important.open", "/your-words"):
        page = family.browser().open(path)
        assert page.path == "/code?away=1"
        assert "Everything you saved is safe" in page.text


def test_leaving_forgets_this_device(family: Household) -> None:
    page = family.asked().press("Forget me on this device")
    assert page.status == 200
    assert page.open("/question/important.open").path == "/code?away=1"


def test_the_open_link_gives_a_code_and_asks_who_they_are_after_a_yes(
    family: Household, database: Database
) -> None:
    page = family.browser().open("/share").press()
    assert page.status == 422
    page.press(audience="parent_carer")
    code = page.html.split('class="fv-code"')[1].split(">")[1].split("<")[0]
    page.follow("Continue").press("Start").press(answer="yes").press(answer="no")
    assert page.path == "/about-you"
    page.press(
        **{"first_name": "Alex", "child_last_name": "Möller", "born-day": "31"},
        **{"born-month": "2", "born-year": "2014"},
    )
    assert page.status == 422
    assert page.value("first_name") == "Alex"
    assert "such as 27 3 2014." in page.text, "a day on which a child may have been born"
    page.press(**{"born-day": "28", "phone": "07700 900123"})
    assert page.path == "/question/important.open"
    page.press(words="We were never asked before.")
    with database.sessions() as session:
        interview = session.scalars(
            select(Interview).where(Interview.participant_id.is_(None))
        ).one()
        speaker = speaker_of(session, interview)
        assert (speaker.first_name, speaker.child_last_name) == ("Alex", "Möller")
        assert speaker.child_date_of_birth == "2014-02-28"
    again = family.browser().open("/code").press(code=code)
    assert "begun already" in again.text
    assert again.open("/about-you").path == "/question/working_well.open"


def test_the_open_link_keeps_nothing_about_who_says_no(
    family: Household, database: Database
) -> None:
    page = family.browser().open("/share").press(audience="young_person").follow("Continue")
    page.press("Start").press(answer="no")
    assert page.path == "/no-thanks"
    with database.sessions() as session:
        kept = select(func.count()).select_from(Interview).where(Interview.speaker.is_not(None))
        assert session.scalar(kept) == 0
