"""A person answers in a text conversation: only ready sentences, seen exactly before they go."""

from __future__ import annotations

import html
import re
import typing
from uuid import UUID, uuid4

import pytest

from family_voice.interviews.effects import Ending, Notice, Remark
from family_voice.interviews.events import (
    Agreed,
    ChangedChannel,
    ChangedLanguage,
    Channel,
    Event,
    ReadBack,
    Replaced,
)
from family_voice.messages import phone_lines, segments
from family_voice.messages.attention import Need, open_needs
from family_voice.messages.models import SendState
from family_voice.messages.provider_errors import CODES
from family_voice.messages.templates import READY, Template
from family_voice.settings import Settings
from family_voice.sms.shown_texts import Hidden
from family_voice.sms.standing import Standing
from family_voice.web.staff import texts_log, texts_wording
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk
from tests.web.staff.texting import DEB, INBOX, Talk

TAKEN = "You answer here. The program asks nothing."


@pytest.fixture
def talk(database: Database, settings: Settings, clock: Clock, lead: Desk, round_id: UUID) -> Talk:
    found = Talk(database, settings, clock, lead, round_id)
    found.begin()
    return found


def shown(talk: Talk, template: Template) -> dict[str, str]:
    """A ready sentence's form as the page has it, with the words and segments beside it."""
    page = talk.desk.get(talk.page).text
    form = next(
        each
        for each in re.findall(r'<form class="fv-ready".*?</form>', page, re.DOTALL)
        if f'value="{template.value}"' in each
    )
    fields = dict(re.findall(r'name="(template|mark|occasion)" value="([^"]+)"', form))
    words = re.search(r"<p dir[^>]*>(.*?)</p>", form, re.DOTALL)
    cost = re.search(r"<strong>(\d+) parts?</strong>", form)
    assert words
    assert cost
    return fields | {"words": html.unescape(words[1]), "cost": cost[1]}


def send(talk: Talk, found: dict[str, str]) -> int:
    fields = {name: found[name] for name in ("template", "mark", "occasion")}
    return talk.press("send", **fields).status_code


def test_exactly_what_was_shown_goes_out_and_once(talk: Talk) -> None:
    assert "fv-ready" not in talk.desk.get(talk.page).text
    talk.press("take-over")
    assert TAKEN in talk.desk.get(talk.page).text
    before = len(talk.lines())
    found = shown(talk, Template.PERSON_HERE)
    assert send(talk, found) == 302
    assert send(talk, found) == 302  # pressed twice
    talk.turn()
    new = talk.lines()[before:]
    assert [(line.template, line.body, line.state) for line in new] == [
        ("person_here", found["words"], "sent")
    ]
    assert new[0].parts == segments.count(found["words"]).parts == int(found["cost"])
    assert "By a person" in talk.desk.get(talk.page).text
    assert sorted(row.fields for row in talk.trail("change")) == [["text"], ["with_person"]]


def test_the_program_is_silent_until_it_is_given_back_and_then_asks_again(talk: Talk) -> None:
    talk.press("take-over")
    asked = [line.template for line in talk.lines() if line.ours]
    talk.text("Can I talk with somebody", "NEXT")
    assert [line.template for line in talk.lines() if line.ours] == asked
    assert "Waits for your answer" in talk.desk.get(INBOX).text
    talk.press("give-back")
    talk.turn()
    assert TAKEN not in talk.desk.get(talk.page).text
    assert [line.template for line in talk.lines() if line.ours][len(asked) :] == ["open_question"]
    assert not talk.state().with_person


def test_words_that_have_changed_since_are_shown_again_and_not_sent(talk: Talk) -> None:
    talk.press("take-over")
    found = shown(talk, Template.PERSON_RINGS)
    before = len(talk.lines())
    assert send(talk, found | {"mark": "0" * 64}) == 422
    assert send(talk, found | {"template": "question"}) == 422
    assert send(talk, found | {"occasion": "x"}) == 422
    assert len(talk.lines()) == before
    talk.press("give-back")
    late = talk.desk.client.post(
        f"{talk.page}/send", data={"csrf_token": _token(talk), **found, "occasion": str(uuid4())}
    )
    assert "Nothing was sent. Take the conversation over first" in late.text


def test_after_stop_nobody_texts_by_hand_either(talk: Talk) -> None:
    talk.press("take-over")
    found = shown(talk, Template.PERSON_THANKS)
    talk.text("STOP")
    page = talk.desk.get(talk.page).text
    assert "fv-ready" not in page
    assert "No text can go to them" in page
    assert "Only their own START lets texts go again." in page
    assert "Ring them from their case" in page
    assert "Waits for your answer" not in talk.desk.get(INBOX).text
    talk.press("give-back")
    assert "take-over" not in talk.desk.get(talk.page).text
    late = talk.desk.client.post(f"{talk.page}/take-over", data={"csrf_token": _token(talk)})
    assert late.status_code == 422
    assert not talk.state().with_person
    before = len(talk.lines())
    late = talk.desk.client.post(f"{talk.page}/send", data={"csrf_token": _token(talk), **found})
    assert late.status_code == 422
    assert len(talk.lines()) == before


def test_where_it_fell_silent_by_itself_a_person_lets_it_answer_again(talk: Talk) -> None:
    talk.text(*["I am driving and will answer later"] * 3)
    with talk.database.sessions() as session:
        assert phone_lines.is_muted(session, talk.interview_id)
    assert "The program fell silent here" in talk.desk.get(INBOX).text
    page = talk.desk.get(talk.page).text
    assert "The same words came three times in an hour." in page
    assert "Let it answer again" in page
    talk.press("give-back")
    with talk.database.sessions() as session:
        assert not phone_lines.is_muted(session, talk.interview_id)
        assert open_needs(session, talk.interview_id) == []
    before = len(talk.lines())
    talk.text("NEXT")
    assert any(line.ours for line in talk.lines()[before:])


def test_a_number_that_is_somebody_elses_hears_nothing_by_hand(talk: Talk) -> None:
    talk.press("take-over")
    talk.text("WRONG")
    page = talk.desk.get(talk.page).text
    assert "fv-ready" not in page
    assert DEB not in page


def test_everything_that_can_happen_has_words() -> None:
    depends = {Agreed, Replaced, ChangedLanguage, ChangedChannel, ReadBack}
    assert set(typing.get_args(Event)) == set(texts_log.HAPPENED) | depends
    assert set(texts_log.SAID) == set(Remark)
    assert set(texts_log.TOLD) <= set(Notice)
    assert set(texts_log.ENDED) == set(Ending)
    assert set(texts_log.CHANNELS) == set(Channel)
    assert set(texts_wording.STANDINGS) == set(texts_wording.COLOURS) == set(Standing)
    assert set(texts_wording.NEEDS) == set(Need)
    assert set(texts_wording.HIDDEN) == set(Hidden)
    assert set(texts_wording.READY) == set(READY)
    assert set(texts_wording.STATES) == {each.value for each in SendState}
    assert set(CODES) <= set(texts_wording.WHY_NOT)


def _token(talk: Talk) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', talk.desk.get(talk.page).text)
    assert found
    return found[1]
