"""What was asked and agreed: the very words, who asked, how, and what stands."""

from __future__ import annotations

from html import unescape
from uuid import UUID

import pytest

from family_voice.consent.decisions import standing
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.people.access import Role
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import Someone, begin, interview_of, somebody
from tests.web.staff.conftest import Desk, SignIn


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


def read(desk: Desk, interview_id: UUID) -> str:
    answer = desk.get(f"/staff/accounts/{interview_id}/asked")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def test_the_very_words_that_were_read_out_and_by_whom(
    lead: Desk, someone: Someone, database: Database
) -> None:
    begin(lead, someone)
    interview_id = interview_of(database, someone)
    text = read(lead, interview_id)
    words = statement(Purpose.TALK, "parent_carer", "en").read_out.partition("{")[0]
    assert " ".join(words.split()) in text
    assert "Read out to them." in text
    assert "Asked and written down by Lee Marrowby." in text
    assert "for parents and carers, English" in text
    assert "{" not in text.partition("<main")[2]
    assert (
        f"/staff/accounts/{interview_id}/asked" in lead.get(f"/staff/cases/{someone.case_id}").text
    )


def test_a_later_answer_stands_over_an_earlier_one_and_both_are_shown(
    lead: Desk, someone: Someone, database: Database, clock: Clock, sign_in: SignIn
) -> None:
    begin(lead, someone)
    interview_id = interview_of(database, someone)
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.CHECK, False, channel=Channel.WEB, now=clock())
        assert not standing(session, interview_id, clock())[Purpose.CHECK].yes
    dpo = sign_in(Role.DPO)
    for text in (read(lead, interview_id), read(dpo, interview_id)):
        assert "The small group may read it: yes <span" in text
        assert text.count("counts no more") == 1
        assert "The small group may read it: no</h3>" in text
        assert statement(Purpose.CHECK, "parent_carer", "en").question in text
        assert "Read on the web, by themselves." in text
        assert "None is set here." in text


def test_nothing_asked_is_said_so(lead: Desk, database: Database, clock: Clock) -> None:
    with database.sessions.begin() as session:
        interview_id = record.begin(session, audience="young_person", language="en", now=clock())
    assert "Nothing was asked yet" in read(lead, interview_id)
    assert lead.get(f"/staff/accounts/{UUID(int=1)}/asked").status_code == 404
