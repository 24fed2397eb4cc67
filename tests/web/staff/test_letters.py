"""Letters, emails and missed calls as a lead sees and makes them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from family_voice.cases import carrying_on
from family_voice.cases.reading import CaseView
from family_voice.consent.statements import Purpose
from family_voice.interviews import record as interview
from family_voice.interviews.events import Channel
from family_voice.language import texts
from family_voice.messages.models import OutboundEmail
from family_voice.storage.engine import reading
from tests.cases.households import NOW, case, speaker
from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.staff.conftest import Desk
from tests.web.staff.test_case import NEVER_IN_A_LETTER, letter_in, occasion_on

PHONE = "07700 900101"


@pytest.fixture
def view(database: Database, round_id: UUID) -> CaseView:
    with reading(database.sessions) as session:
        return case(session, round_id, "EX-001")


@pytest.fixture
def page(view: CaseView) -> str:
    """Where Nadia, who has an email address, is invited."""
    return f"/staff/cases/{view.case_id}/people/{speaker(view, 'Nadia').person.id}/invite"


def said_something(database: Database, round_id: UUID) -> UUID:
    """Nadia has begun, on the telephone."""
    with database.sessions.begin() as session:
        interview_id = speaker(case(session, round_id, "EX-001"), "Nadia").interview_id
        assert interview_id is not None
        for purpose in (Purpose.TALK, Purpose.CHECK):
            interview.decide(
                session, interview_id, purpose, True, channel=Channel.TELEPHONE, now=NOW
            )
        interview.say(
            session, interview_id, "Taxis come late.", channel=Channel.TELEPHONE, now=NOW,
            prompt_id="important.open",
        )  # fmt: skip
    return interview_id


@pytest.mark.parametrize("size", ["ordinary", "large", "easy"])
def test_every_letter_says_how_and_tells_nothing(lead: Desk, page: str, size: str) -> None:
    letter = letter_in(lead.post(page, way="letter", print_size=size).text)
    assert 'lang="ur" dir="rtl"' in letter or 'lang="en" dir="ltr"' in letter
    words = re.sub(r"<[^>]+>", " ", letter.replace("http://localhost", ""))
    assert "01632 960000" in words
    assert "<svg" in letter
    for never in NEVER_IN_A_LETTER:
        assert never.casefold() not in words.casefold(), never
    lines = re.findall(r'<li lang="([\w-]+)" dir="(ltr|rtl)">', letter)
    assert lines[0] == ("en", "ltr")
    assert {code for code, _direction in lines} <= {each.code for each in texts.worded()}


def test_the_letter_with_few_words_has_one_number_and_a_way_to_be_rung(
    lead: Desk, page: str
) -> None:
    shown = lead.post(page, way="letter", print_size="easy").text
    letter = letter_in(shown)
    assert letter.count("fv-letter__one-number") == 1
    assert letter.count("<li>") == 4
    assert "/staff/missed-call" in shown
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", letter, flags=re.S)
    assert len(words.partition("01632")[0].split()) < 15


def test_a_letter_to_somebody_who_has_begun_lets_them_carry_on(
    lead: Desk, page: str, database: Database, round_id: UUID
) -> None:
    first = letter_in(lead.post(page, way="letter", print_size="ordinary").text)
    said_something(database, round_id)
    assert "They have begun" in lead.get(page).text
    second = letter_in(lead.post(page, way="letter", print_size="ordinary").text)
    assert second.count("<h2>") == first.count("<h2>") == 1
    heading = re.compile(r"<h2>(.*?)</h2>")
    assert heading.findall(first) != heading.findall(second)
    assert "Taxis" not in second


def test_an_email_is_shown_before_it_is_sent_and_sent_once(
    lead: Desk, page: str, database: Database
) -> None:
    shown = lead.get(page).text
    assert "nadia@example.org" in shown
    assert 'class="fv-email' in shown
    occasion = occasion_on(shown)
    answer = lead.post(page, way="email", occasion=occasion)
    assert "The email is on its way" in answer.text
    again = lead.post(page, way="email", occasion=occasion)
    assert "nothing was sent again" in again.text
    assert "Press the button again" in lead.post(page, way="email").text
    with reading(database.sessions) as session:
        assert len(session.scalars(select(OutboundEmail)).all()) == 1


def test_a_missed_call_is_found_by_its_number_and_written_down(
    lead: Desk, page: str, view: CaseView
) -> None:
    address = "/staff/missed-call"
    for number, told in (
        ("", "Put the number"),
        ("abc", "as the phone shows it"),
        ("0161 496 0000", "mobile numbers only"),
        (PHONE, "Nobody whom we invited has this number"),
    ):
        assert told in lead.post(address, number=number).text
    lead.post(page, way="letter", print_size="easy")
    found = lead.post(address, number=PHONE)
    assert "Nadia Example" in found.text
    assert "7700" not in found.request.path
    to = re.search(rf'action="({address}/[\w-]+)"', found.text)
    assert to
    case_page = f"/staff/cases/{view.case_id}"
    assert lead.post(address, to[1]).headers["Location"] == case_page
    shown = lead.get(case_page).text
    assert "They wait to be rung" in shown
    assert "Asked us to ring" in shown
    assert "They wait to be rung already" in lead.post(address, number=PHONE).text


def test_who_stops_may_have_a_link_by_email(
    lead: Desk, page: str, app: Flask, database: Database, round_id: UUID
) -> None:
    letter = letter_in(lead.post(page, way="letter", print_size="ordinary").text)
    interview_id = said_something(database, round_id)
    token = re.search(r"/i/([\w-]+)", letter)
    assert token
    family = Browser(app).open(f"/i/{token[1]}").open("/stop?language=en")
    assert "07700 900000" not in family.text
    assert "nadia@example.org" not in family.text
    assert "questions are left" in family.text
    family.press("Email me a link")
    assert "We are sending a link" in family.text
    assert "nadia@example.org" not in family.text
    with database.sessions.begin() as session:
        [email] = session.scalars(select(OutboundEmail)).all()
        assert (email.kind, email.interview_id) == ("carry_on", interview_id)
        assert carrying_on.send_link(
            session, interview_id, app.extensions["family_voice"].settings, NOW
        )
        assert len(session.scalars(select(OutboundEmail)).all()) == 1, "once a day"
