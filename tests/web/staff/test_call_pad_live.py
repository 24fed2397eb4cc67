"""A family texts while the lead has the call pad open: it is there, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select

from family_voice.interviews.events import Channel
from family_voice.people.sign_in_models import StaffSession
from family_voice.settings import Settings
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import OPEN, WELL, Pad, begin, somebody
from tests.web.staff.conftest import Desk
from tests.web.staff.texting import GOOD, WORRY, Talk

# Which texts there are is read by rooms that have tests of their own on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def talk(database: Database, settings: Settings, clock: Clock, lead: Desk, round_id: UUID) -> Talk:
    return Talk(database, settings, clock, lead, round_id)


def the_pad(talk: Talk) -> Pad:
    """The pad of a telephone call with her, begun from her case."""
    page = talk.desk.get(f"/staff/cases/{talk.case_id}").text
    [start] = set(re.findall(r'href="(/staff/case/[^"]+/talk/[^"?#]+)"', page))
    answer = talk.desk.post(start, way=Channel.TELEPHONE.value, who="alone")
    assert answer.status_code == 302, answer.text
    return Pad(talk.desk, answer.headers["Location"])


def whats_new(pad: Pad) -> tuple[int, str]:
    """What the script gets that asks whether anything is new."""
    address = re.search(r'data-new-address="([^"]+)"', pad.text)
    mark = re.search(r'data-mark="([^"]+)"', pad.text)
    assert address
    assert mark
    answer = pad.desk.get(f"{address[1].replace('&amp;', '&')}&mark={mark[1]}")
    return answer.status_code, answer.text


def test_what_she_texts_meanwhile_comes_onto_the_pad(talk: Talk) -> None:
    talk.begin()
    pad = the_pad(talk)
    assert WORRY in pad.text[pad.text.index("data-live") :]
    assert whats_new(pad) == (204, "")
    talk.text("NEXT", "She reads now")
    status, fresh = whats_new(pad)
    assert status == 200
    assert fresh.count("She reads now") == 2  # among the texts, and under its question
    assert GOOD in fresh


def test_without_a_script_a_button_saves_and_shows_what_is_new(talk: Talk) -> None:
    talk.begin()
    pad = the_pad(talk)
    pad.write(WELL, "Her words on the telephone")
    talk.text("NEXT", "She reads now")
    answer = pad.send("look")
    assert answer.headers["Location"].endswith("#live")
    again = Pad(talk.desk, answer.headers["Location"].partition("#")[0])
    assert "She reads now" in again.text
    assert "Her words on the telephone" in again.words(WELL)


def test_the_pad_opens_with_few_questions_to_the_database(talk: Talk, app: Flask) -> None:
    talk.begin()
    pad = the_pad(talk)
    sent: list[str] = []

    @event.listens_for(app.extensions["family_voice"].sessions.kw["bind"], "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    def asked() -> int:
        sent.clear()
        assert Pad(talk.desk, pad.address).words(WELL)
        return sum(each.startswith("SELECT") for each in sent)

    pad.write(OPEN, "She is well.")
    pad = pad.save()
    talk.text("NEXT", "She reads now")
    at_first = asked()
    assert at_first <= 101
    for prompt in ("difference.open", "worries.open", "next.open"):
        pad.write(prompt, "One. Two.")
    pad.save()
    talk.text("NEXT", "She swims", "NEXT", "She sings")
    assert asked() == at_first


def test_a_pad_left_open_keeps_nobody_signed_in(talk: Talk, database: Database) -> None:
    talk.begin()
    pad = the_pad(talk)

    def seen_at() -> object:
        with database.sessions() as session:
            return session.scalars(select(StaffSession.seen_at)).one()

    before = seen_at()
    talk.clock.present += timedelta(minutes=5)
    assert whats_new(pad)[0] == 204
    assert seen_at() == before
    talk.desk.get("/staff/texts")
    assert seen_at() != before


def test_where_nobody_texts_the_pad_has_no_texts(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    assert "data-live" not in begin(lead, somebody(database, round_id)).text
