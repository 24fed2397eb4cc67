"""Take back what I told you: two clear steps, the receipt once, and nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Fragment
from family_voice.interviews.state import Stage
from family_voice.operations import waiting
from family_voice.operations.models import Withdrawal
from family_voice.security import erasures
from family_voice.security.keyring import Keyring
from family_voice.settings import Settings
from tests.conftest import KEYS, Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household

WORD = "yellow boat"


@pytest.fixture
def told(family: Household) -> Browser:
    """They have told us something, chosen a return word, sent it, and opened their words again."""
    page = family.asked()
    page.press("Continue", words="Marker: nobody listens to us.")
    page.open("/check-answers").press("This is right, go on")
    page.press("Send", word=WORD)
    page.open("/your-words").press("Continue", return_word=WORD)
    assert "Marker" in page.text
    return page


def receipts(database: Database) -> list[Withdrawal]:
    with database.sessions() as session:
        return list(session.scalars(select(Withdrawal)))


def test_the_return_word_opens_the_page_that_says_what_will_happen(
    told: Browser, family: Household
) -> None:
    page = family.arrived().open("/take-back")
    assert "What stays, and why" not in page.text
    assert page.press(return_word=WORD).path == "/take-back"
    assert "What stays, and why" in page.text


def test_two_steps_and_the_receipt(
    told: Browser, family: Household, database: Database, settings: Settings
) -> None:
    page = told.follow("Take back what I told you")
    assert "What we delete" in page.text
    assert "The law may require us to keep some records." in page.text
    page.follow("Go on")
    assert page.text.count("Delete it all now?") >= 1
    assert family.state.stage is Stage.SENT
    page.press("Yes, delete what I told you")

    assert page.path == "/taken-back"
    [stored] = receipts(database)
    assert stored.number in page.text
    assert "What you told us: 1 answer." in page.text
    assert "The law may require us to keep some records." in page.text
    assert "Marker" not in page.html
    with database.sessions() as session:
        assert session.scalars(select(Fragment)).all() == []
        key_ids = {each.key_id for each in erasures.read(settings.evidence_folder, Keyring(KEYS))}
    assert len(key_ids) == 1

    page.press("Leave this page")
    assert page.open("/taken-back").path.startswith("/code")
    assert "does not work" in page.open(family.link).text or page.status == 404


def test_the_last_button_pressed_twice_is_one_receipt(told: Browser, database: Database) -> None:
    told.open("/take-back/sure")
    twin = told.twin()
    told.press("Yes, delete what I told you")
    twin.press("Yes, delete what I told you")
    [stored] = receipts(database)
    assert stored.number in told.text
    assert stored.number in twin.text


def test_only_with_the_return_word(told: Browser, family: Household) -> None:
    other = family.arrived()
    for path in ("/take-back", "/take-back/sure"):
        assert "return word" in other.open(path).text
        assert "What we delete" not in other.text
        assert "Yes, delete" not in other.html
    token = other.value("csrf_token")
    other.post("/take-back/sure", {"csrf_token": token, "page": ""})
    assert family.state.stage is Stage.SENT
    other.post("/keep", {"csrf_token": token})
    assert "return word" in other.text


def test_the_receipt_is_for_this_sitting_only(told: Browser, family: Household) -> None:
    other = family.arrived()
    told.open("/take-back/sure").press("Yes, delete what I told you")
    assert "Your receipt" not in other.open("/taken-back").text


def test_a_page_left_open_keeps_nothing_more(
    told: Browser, family: Household, database: Database
) -> None:
    late = told.twin().open("/question/important.open?to=words")
    told.open("/take-back/sure").press("Yes, delete what I told you")
    late.press("Save", words="Marker after all")
    with database.sessions() as session:
        assert session.scalars(select(Fragment)).all() == []
    assert family.state.stage is Stage.WITHDRAWN


def test_nothing_said_needs_no_word(family: Household) -> None:
    page = family.asked().open("/take-back").follow("Go on").press("Yes, delete what I told you")
    assert "What you told us. There was nothing written down." in page.text


def test_before_anything_there_is_nothing_to_take_back(family: Household) -> None:
    assert family.arrived().open("/take-back").path == "/welcome"


def test_one_choice_taken_back_has_a_receipt_too(
    told: Browser, family: Household, database: Database
) -> None:
    page = told.open("/your-choices").press("Save my choices", check="no")
    assert page.path == "/taken-back"
    assert "The small group cannot read what you told us any more." in page.text
    assert "Back to your choices" in page.text
    [stored] = receipts(database)
    assert stored.purposes == ["check"]
    interview = family.invitation.interview_id
    with database.sessions() as session:
        assert permits(session, interview, Purpose.TALK, Audience.LEAD, stored.at)
        assert not permits(session, interview, Purpose.CHECK, Audience.PANEL, stored.at)


def test_saving_without_a_change_gives_no_receipt(told: Browser, database: Database) -> None:
    page = told.open("/your-choices").press("Save my choices")
    assert page.path.startswith("/your-choices")
    assert receipts(database) == []


def test_a_deletion_asked_for_by_text_is_called_off_here(
    told: Browser, family: Household, database: Database, now: datetime
) -> None:
    interview = family.invitation.interview_id
    with database.sessions.begin() as session:
        waiting.begin(session, interview, "+447700900123", now)
    page = told.open("/take-back")
    assert "Somebody asked by text to delete what you told us." in page.text
    assert "Wednesday, 25 November 2026" in page.text or "Wednesday 25 November 2026" in page.text
    page.open("/your-words").press("Keep what I told you")
    assert "We delete nothing." in page.text
    with database.sessions() as session:
        assert waiting.of_interview(session, interview) is None
    assert "Somebody asked by text" not in page.open("/your-words").text


def test_after_a_no_to_talking_the_words_can_be_deleted_at_once(
    told: Browser, family: Household, database: Database
) -> None:
    page = told.open("/your-choices").press("Save my choices", talk="no")
    assert page.path == "/no-thanks"
    assert "We delete it after 28 days" in page.text
    page.follow("Delete it now").follow("Go on").press("Yes, delete what I told you")
    assert page.path == "/taken-back"
    assert family.state.stage is Stage.WITHDRAWN


def test_said_while_it_is_taken_back_is_gone_or_refused(
    invite: Callable[..., Household], database: Database, now: datetime
) -> None:
    """Two at once: whichever comes first, no word is left standing."""
    import threading

    from family_voice.operations.withdrawal import Asked, Way, withdraw

    for number in range(6):
        interview = invite().invitation.interview_id
        with database.sessions.begin() as session:
            from tests.factories import agreed

            agreed(session, interview, now)
        begin = threading.Barrier(2)

        def speak(which: UUID = interview, turn: threading.Barrier = begin) -> None:
            turn.wait()
            with database.sessions.begin() as session:
                record.say(
                    session, which, "Marker", channel=Channel.WEB, now=now,
                    prompt_id="important.open",
                )  # fmt: skip

        thread = threading.Thread(target=speak)
        thread.start()
        begin.wait()
        with database.sessions.begin() as session:
            withdraw(session, interview, Asked(Way.WEB, now.date()), now)
        thread.join()
        with database.sessions() as session:
            left = session.scalars(select(Fragment).where(Fragment.interview_id == interview)).all()
            assert left == [], number
            assert not doors.has_return_word(session, interview)
