"""When we would have to tell someone else is said and known before the first prompt."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from family_voice.cases.inviting import Way
from family_voice.consent.decisions import How, standing
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.effects import Ask
from family_voice.interviews.engine import step
from family_voice.interviews.errors import EngineError
from family_voice.interviews.events import (
    Channel,
    Event,
    MoreWanted,
    Next,
    Opened,
    Recognised,
    Resumed,
    Skipped,
    TimedOut,
)
from family_voice.interviews.guide import load_guide
from family_voice.interviews.state import State
from family_voice.storage.engine import reading
from tests.conftest import NOW, Database
from tests.factories import invited
from tests.sms.town import Town

AUDIENCES = ("parent_carer", "young_person")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_wording_says_it_and_a_yes_says_that_one_knows(audience: str) -> None:
    shown = statement(Purpose.TALK, audience, "en")
    assert shown.version == 2
    for words in (shown.limits, shown.read_out, shown.text_message):
        assert re.search(r"have to tell someone else", words)
        assert "danger" in words
    assert "I know when you would have to tell someone else" in shown.agree
    assert "Now that you know this" in shown.read_out
    assert "AGREE also says that you know this" in shown.text_message


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("channel", list(Channel))
def test_no_prompt_comes_before_the_yes(audience: str, channel: Channel) -> None:
    guide, now = load_guide(audience, "en"), NOW
    state = State()
    happenings: list[Event] = [
        Recognised(Channel.TEXT), Opened(channel), Next(channel), Skipped(channel),
        MoreWanted(channel), Resumed(channel), TimedOut(channel),
    ]  # fmt: skip
    for event in happenings:
        now += timedelta(minutes=1)
        try:
            state, effects = step(state, event, guide, now)
        except EngineError:
            continue
        assert not any(isinstance(effect, Ask) for effect in effects), event
    assert not state.speaking_allowed


def test_on_the_web(app: Flask, database: Database) -> None:
    with database.sessions.begin() as session:
        made = invited(session, NOW)
    client = app.test_client()
    page = client.get(f"/i/{made.secrets.token}", follow_redirects=True).text
    assert "When we would have to tell someone" in page
    question = client.get("/question/important.open", follow_redirects=True).text
    assert "Is somebody in danger now? Ring 999." in page
    assert "important" not in re.findall(r"<textarea[^>]*", question)
    assert "<textarea" not in question
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    of = re.search(r'name="of" value="([^"]+)"', page)
    assert token
    assert of
    asked = client.post(
        "/welcome", data={"csrf_token": token[1], "of": of[1]}, follow_redirects=True
    ).text
    assert statement(Purpose.TALK, "parent_carer", "en").limits in asked
    client.post(
        "/permission",
        data={"csrf_token": token[1], "of": of[1], "purpose": "talk", "answer": "yes"},
    )
    kept(database, made.interview_id, How.WEB)


def test_by_text(town: Town) -> None:
    invited_by_text = town.invite(Way.LETTER)
    first = load_guide("parent_carer", "en").prompt("important.open").wording("text")
    asked = town.text(invited_by_text.secrets.code_word or "")
    assert any("have to tell someone else" in each for each in asked)
    assert not any(first in each for each in asked)
    town.text("AGREE")
    kept(town.database, invited_by_text.interview_id, How.TEXT)


def kept(database: Database, interview_id: UUID, how: How) -> None:
    """The evidence names the very version that was put to them."""
    with reading(database.sessions) as session:
        decided = standing(session, interview_id, NOW)[Purpose.TALK]
    assert (decided.statement_version, decided.how) == (2, how)


def test_read_out(database: Database) -> None:
    with database.sessions.begin() as session:
        made = invited(session, NOW)
        record.happen(session, made.interview_id, Opened(Channel.TELEPHONE), NOW)
        record.decide(
            session, made.interview_id, Purpose.TALK, True, channel=Channel.TELEPHONE, now=NOW
        )
    kept(database, made.interview_id, How.READ_OUT)
