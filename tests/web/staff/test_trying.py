"""The page on which a lead tries a guide: what a browser without scripts sees and sends."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from family_voice.interviews.guide import guide_audiences, guide_languages
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.sms.simulator import CODE_WORD
from family_voice.web.staff.trying import MOST_MOVES
from tests.conftest import Database
from tests.web.staff.conftest import Desk

# Nothing of it comes near the database.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ADDRESS = "/staff/texts/try"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Phone:
    """The pretend phone, as its one form has it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.page, self.status = desk.get(ADDRESS).text, 200

    def send(self, **pressed: str) -> str:
        """Send its form as the browser would; the newest text on the screen."""
        start = self.page.index('id="phone"')
        form = self.page[start : self.page.index("</form>", start)]
        fields = MultiDict((name, unescape(value)) for name, value in HIDDEN.findall(form))
        for name, value in {"body": "", **pressed}.items():
            fields[name] = value
        answer = self.desk.client.post(ADDRESS, data=fields)
        self.page, self.status = answer.text, answer.status_code
        return self.bubbles()[-1]

    def text(self, *bodies: str) -> str:
        """Type texts."""
        return [self.send(body=body) for body in bodies][-1]

    def bubbles(self) -> list[str]:
        said = re.findall(r'<div class="fv-bubble__said">.*?<p[^>]*>(.*?)</p>', self.page, re.S)
        return [unescape(each) for each in said]


def test_a_conversation_is_tried_and_nothing_is_kept(lead: Desk, database: Database) -> None:
    with database.sessions() as session:
        before = [session.scalar(select(func.count()).select_from(t)) for t in TABLES]
    phone = Phone(lead)
    assert "code word" in phone.bubbles()[0]
    assert "AGREE" in phone.text("hello", CODE_WORD)
    assert phone.text("AGREE", "AGREE").startswith("What is most important")
    phone.text('She says "hi" & waves <3\r\nto all')
    assert phone.bubbles()[-1] == 'She says "hi" & waves <3\nto all'
    following = phone.send(**{"pass": "quiet"})
    assert following.startswith("What, if anything, is working well")
    assert "4 quiet minutes</li>" in phone.page
    assert re.search(r"Our texts</dt><dd>\d+ parts", phone.page)
    assert '<blockquote class="fv-words" dir="auto">She says' in phone.page
    with database.sessions() as session:
        assert before == [session.scalar(select(func.count()).select_from(t)) for t in TABLES]


TABLES = (InboundMessage, OutboundMessage)


def test_what_stands_in_the_box_goes_before_the_word_that_is_pressed(lead: Desk) -> None:
    phone = Phone(lead)
    phone.text(CODE_WORD, "AGREE", "AGREE")
    assert phone.send(body="She is funny", say="NEXT").startswith("What, if anything, is working")
    assert "She is funny" in phone.bubbles()


def test_every_guide_is_on_offer_and_begins_again(lead: Desk) -> None:
    phone = Phone(lead)
    offered = re.findall(r'<option value="([^"]+)"', phone.page)
    every = [f"{who}/{tongue}" for who in guide_audiences() for tongue in guide_languages(who)]
    assert sorted(offered) == sorted(every)
    assert offered[0] == "parent_carer/en"
    phone.text("hello")
    for each in offered:
        phone.send(guide=each, begin="yes")
        assert len(phone.bubbles()) == 1
        assert f'<option value="{each}" selected>' in phone.page


def test_after_a_month_the_code_word_is_asked_for_again(lead: Desk) -> None:
    phone = Phone(lead)
    phone.text(CODE_WORD, "AGREE", "AGREE")
    phone.send(**{"pass": "month"})
    assert "30 quiet days" in phone.page
    assert "code word" in phone.text("She is funny")


def test_bad_input_gets_a_sentence_and_changes_nothing(lead: Desk) -> None:
    phone = Phone(lead)
    phone.send(body="  ")
    assert (phone.status, "Write something first." in phone.page) == (422, True)
    assert len(phone.bubbles()) == 1
    phone.send(guide="nobody/xx", move="w" + "9" * 400, body="hello")
    assert phone.status == 200
    answer = lead.client.post(ADDRESS, data={"body": "kept in the box", "move": "thello"})
    assert answer.status_code == 422
    assert "kept in the box" in answer.text


def test_a_trial_has_an_end(lead: Desk) -> None:
    page = lead.get(ADDRESS).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    fields = MultiDict([("csrf_token", token[1]), ("body", "more")])
    fields.setlist("move", ["thello"] * (MOST_MOVES + 50))
    answer = lead.client.post(ADDRESS, data=fields)
    assert answer.status_code == 422
    assert "Begin again." in answer.text
