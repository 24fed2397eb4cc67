"""The family does something on the web while the lead has a page open: what was typed stays."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from family_voice.cases.following_up import of_case
from family_voice.cases.reading import case_view
from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Withdrawn
from family_voice.storage.base import new_id
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import (
    OPEN,
    WELL,
    Pad,
    Someone,
    account_of,
    begin,
    fragments,
    interview_of,
    somebody,
)
from tests.web.staff.conftest import Desk

SAID = "One is here. Two is here. Three is here."
IN_FULL = {"right": "yes", "quote": "yes", "hear_back": "letter", "call": "4", "talk": "18"}


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


@pytest.fixture
def pad(lead: Desk, someone: Someone) -> Pad:
    """A pad on which something is written down already."""
    pad = begin(lead, someone)
    pad.write(OPEN, SAID)
    return pad.save()


class Ending:
    """The last page as it was opened, before the family did anything."""

    def __init__(self, pad: Pad) -> None:
        self.desk, self.address = pad.desk, pad.send("ending").headers["Location"]
        page = self.desk.get(self.address).text
        self.ids = re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', page)
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)

    def post(self, **fields: object) -> tuple[int, str]:
        assert self.token
        answer = self.desk.client.post(self.address, data={"csrf_token": self.token[1], **fields})
        return answer.status_code, answer.text


def on_the_web(database: Database, someone: Someone, clock: Clock, yes: bool) -> None:
    interview_id = interview_of(database, someone)
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.TALK, yes, channel=Channel.WEB, now=clock())


def test_they_say_no_while_it_is_read_back(
    pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending = Ending(pad)
    on_the_web(database, someone, clock, yes=False)
    status, page = ending.post(sentences=ending.ids, do="finish", **IN_FULL)
    assert status == 422
    assert "They have said no meanwhile, so only the minutes can be kept." in page
    assert "Two is here." not in page
    assert 'value="18"' in page
    with reading(database.sessions) as session:
        assert case_view(session, someone.case_id, clock()).minutes_by_step == {}
    assert ending.post(do="stop", call="4", talk="18")[0] == 302
    with reading(database.sessions) as session:
        view = case_view(session, someone.case_id, clock())
        assert view.minutes_by_step == {"call": 4, "talk": 18}
        assert Purpose.QUOTE not in standing(session, interview_of(database, someone), clock())


def test_they_take_everything_back_while_it_is_read_back(
    pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending = Ending(pad)
    with database.sessions.begin() as session:
        record.happen(session, interview_of(database, someone), Withdrawn(Channel.WEB), clock())
    status, page = ending.post(sentences=ending.ids, do="finish", **IN_FULL)
    assert status == 422
    assert "only the minutes can be kept" in page
    permission = pad.desk.post(someone.page("permission"), check="yes", talk="yes")
    assert permission.status_code == 422
    assert "They took everything back." in permission.text


def test_they_change_a_sentence_while_it_is_read_back(
    pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending = Ending(pad)
    with database.sessions.begin() as session:
        record.write(
            session, interview_of(database, someone), OPEN, "It is different now.",
            channel=Channel.WEB, now=clock(),
        )  # fmt: skip
    status, page = ending.post(sentences=ending.ids, do="finish", **IN_FULL)
    assert status == 422
    assert "Something you had ticked was changed meanwhile." in page
    assert "It is different now." in page
    assert 'value="18"' in page
    assert re.search(r'name="quote"[^>]*value="yes"[^>]*checked', page)


def test_they_empty_it_while_it_is_read_back(
    pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending = Ending(pad)
    with database.sessions.begin() as session:
        record.write(
            session, interview_of(database, someone), OPEN, "", channel=Channel.WEB, now=clock()
        )
    status, page = ending.post(sentences=ending.ids, do="stop", **IN_FULL)
    assert status == 422
    assert "was taken away meanwhile" in page
    assert 'value="18"' in page
    with reading(database.sessions) as session:
        assert Purpose.QUOTE not in standing(session, interview_of(database, someone), clock())


def test_they_send_it_while_it_is_read_back(
    pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending = Ending(pad)
    with database.sessions.begin() as session:
        record.happen(session, interview_of(database, someone), Finished(Channel.WEB), clock())
    assert ending.post(sentences=ending.ids, do="finish", **IN_FULL)[0] == 302
    with reading(database.sessions) as session:
        view = case_view(session, someone.case_id, clock())
        assert view.accounts[0].read_back_at is not None
        assert view.minutes_by_step == {"call": 4, "talk": 18}
        assert standing(session, interview_of(database, someone), clock())[Purpose.QUOTE].yes


def test_they_say_no_while_notes_are_typed(
    lead: Desk, pad: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    pad.write(WELL, "Typed and not saved.")
    on_the_web(database, someone, clock, yes=False)
    before = fragments(database)
    page = pad.save()
    assert "They have said no meanwhile" in page.text
    assert page.words(WELL)[0] == "Typed and not saved."
    assert "Two is here." not in page.text  # theirs is nobody's to read now
    assert fragments(database) == before
    assert page.save().words(WELL)[0] == "Typed and not saved."
    lead.post(someone.page("permission"), talk="yes")
    assert "Everything is saved." in page.save().text
    answer = account_of(database, someone).answer(WELL)
    assert answer is not None
    assert answer.text == "Typed and not saved."


@pytest.mark.parametrize("aside", ["needs-doing", "complaint"])
def test_they_say_no_while_something_else_is_written_down(
    lead: Desk, pad: Pad, someone: Someone, database: Database, clock: Clock, aside: str
) -> None:
    form = lead.get(someone.page(aside)).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    on_the_web(database, someone, clock, yes=False)
    page = lead.client.post(
        someone.page(aside),
        data={
            "csrf_token": token[1], "words": "The boiler is broken.", "worker": "Pat Day",
            "due-day": "20", "due-month": "11", "due-year": "2026", "agreed": "yes",
            "pass_on": "yes", "in_account": "no",
        },
    )  # fmt: skip
    assert page.status_code == 422
    assert "They have said no meanwhile" in page.text
    assert "The boiler is broken." in page.text
    with reading(database.sessions) as session:
        assert of_case(session, someone.case_id, new_id(), clock()) == []
