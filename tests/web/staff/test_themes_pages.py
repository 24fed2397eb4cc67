"""What families spoke of: counted as far as it is coded and may be read, with the words behind."""

from __future__ import annotations

from uuid import UUID

from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from tests.cases.households import NOW
from tests.conftest import Database
from tests.web.staff.conftest import Desk
from tests.web.staff.test_coding_pages import WELL, bench, sentence_ids, told

LATE = "The taxi is always late."


def coded(lead: Desk, database: Database, round_id: UUID) -> UUID:
    """An account with a code on one answer, and another on a sentence of the other answer."""
    interview_id, _case = told(database, round_id)
    first = sentence_ids(database, interview_id)[0]
    lead.post(bench(interview_id), prompt="important.open", put="waiting")
    lead.post(bench(interview_id), prompt=WELL, sentence=first, put="listened_to")
    return interview_id


def test_themes_are_counted_and_lead_to_their_words(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id = coded(lead, database, round_id)
    page = lead.get("/staff/themes").text
    assert "Themes of 1 family" in page
    assert "1 of 1" in page
    for by in ("plan", "term", "channel", "heading", "nonsense"):
        assert "Listened to" in lead.get(f"/staff/themes?by={by}").text
    assert "By video" in lead.get("/staff/themes?by=channel").text
    words = lead.get("/staff/themes/listened_to").text
    assert "She loves the quiet room." in words
    assert "Miss Ward" not in words
    assert bench(interview_id) in words
    assert LATE in lead.get("/staff/themes/waiting").text
    assert lead.get("/staff/themes/nothing_such").status_code == 404


def test_after_a_no_nothing_is_counted_and_no_word_is_there(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id = coded(lead, database, round_id)
    with database.sessions.begin() as session:
        record.decide(session, interview_id, Purpose.TALK, False, channel=Channel.VIDEO, now=NOW)
    assert "No account here has a code yet." in lead.get("/staff/themes").text
    words = lead.get("/staff/themes/waiting").text
    assert LATE not in words
    assert "Nobody spoke of this" in words
