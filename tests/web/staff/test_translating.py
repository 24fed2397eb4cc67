"""What was said in another language stays as it was said, and its English stands beside it."""

from __future__ import annotations

import html
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow
from family_voice.cases.translating import to_translate
from family_voice.consent.statements import Purpose
from family_voice.interviews import forgetting, record
from family_voice.interviews.events import Channel, Finished, ReadBack, Reopened
from family_voice.interviews.guide import load_guide
from family_voice.interviews.models import SentenceTranslation
from family_voice.interviews.translating import translate
from family_voice.interviews.words import Speaker
from family_voice.people.accounts import StaffMember
from family_voice.reports.case_pack import case_pack
from family_voice.storage.locking import Missing
from tests.cases.households import NOW, case
from tests.conftest import Database
from tests.web.staff.conftest import Desk

SAID = "Taksówka zawsze się spóźnia. Nikt nie oddzwania."
ENGLISH = "The taxi is always late."
BY = "Nadia Gaskell, interpreter"


def told(database: Database, round_id: UUID, language: str = "pl") -> tuple[UUID, UUID]:
    """An account by web in a language, on a case."""
    with database.sessions.begin() as session:
        who = Speaker(first_name="Nadia", last_name="Example", relationship="mother")
        interview_id = record.begin(
            session, audience="parent_carer", language=language, now=NOW, speaker=who
        )
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, interview_id, purpose, True, channel=Channel.WEB, now=NOW)
        record.write(session, interview_id, "important.open", SAID, channel=Channel.WEB, now=NOW)
        record.happen(session, interview_id, Finished(Channel.WEB), NOW)
        record.happen(session, interview_id, ReadBack(Channel.WEB, right=True), NOW)
        case_id = case(session, round_id, "EX-001").case_id
        linking.link(session, interview_id, case_id, LinkHow.INVITATION, NOW)
    return interview_id, case_id


def boxes(desk: Desk, page: str) -> list[str]:
    return re.findall(r'<textarea[^>]* name="(english_\w+)"', desk.get(page).text)


def test_the_english_stands_beside_the_words_with_its_translator(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, case_id = told(database, round_id)
    listed = lead.get("/staff/translations/").text
    assert "0 of 2" in listed
    assert "EX-001" in listed
    coding = f"/staff/accounts/{interview_id}/code"
    assert "Not translated yet" in lead.get(coding).text
    page = f"/staff/translations/{interview_id}"
    first, second = boxes(lead, page)
    assert lead.post(page, **{first: ENGLISH, second: "", "by": BY}).status_code == 302
    assert "1 of 2" in lead.get("/staff/translations/").text
    shown = lead.get(coding).text
    assert 'dir="auto" lang="pl">Taksówka zawsze się spóźnia.</span>' in shown
    assert f"In English, by {BY}:" in shown
    assert ENGLISH in shown
    with database.sessions() as session:
        staff = session.scalars(select(StaffMember.id)).one()
        pack = case_pack(session, case_id, staff, now=NOW)
        lines = [line for full in pack.accounts for a in full.answers for line in a.lines]
        assert [line.language for line in lines] == ["pl", "pl"]
        assert lines[0].text == "Taksówka zawsze się spóźnia."
        assert lines[0].translation is not None
        assert (lines[0].translation.text, lines[0].translation.by) == (ENGLISH, BY)
        assert lines[1].translation is None


def test_the_english_question_stands_beside_theirs_and_no_case_is_no_date(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    english, polish = (
        load_guide("parent_carer", code).prompts["important.open"].text for code in ("en", "pl")
    )
    page = html.unescape(lead.get(f"/staff/translations/{interview_id}").text)
    assert page.index(polish) < page.index(english)
    assert "No date until it is on a case" not in lead.get("/staff/translations/").text
    with database.sessions.begin() as session:
        staff = session.scalars(select(StaffMember.id)).one()
        linking.unlink(session, interview_id, NOW, staff)
    assert "No date until it is on a case" in lead.get("/staff/translations/").text


def filled(desk: Desk, page: str) -> dict[str, str]:
    """The hidden fields of the page, as a browser would send them."""
    return dict(re.findall(r'name="(was_\w+)" value="(\w+)"', desk.get(page).text))


def test_an_old_tab_takes_no_english_away_and_writes_over_none(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page = f"/staff/translations/{interview_id}"
    first, second = boxes(lead, page)
    old = filled(lead, page)
    lead.post(page, **{**old, first: ENGLISH, second: "", "by": BY})
    # The old tab knows the first box as empty, and fills the second.
    done = lead.post(page, **{**old, first: "", second: "Nobody rings back.", "by": "Sam Ali"})
    assert done.status_code == 302
    with database.sessions() as session:
        whole = record.account(session, interview_id)
        assert [s.translation.text for s in whole.sentences if s.translation] == [
            ENGLISH, "Nobody rings back."
        ]  # fmt: skip
    both = lead.post(page, **{**old, first: "The cab is late.", second: "", "by": "Sam Ali"})
    assert both.status_code == 422
    assert ENGLISH in both.text
    assert "The cab is late." in both.text
    again = dict(re.findall(r'name="(was_\w+)" value="(\w+)"', both.text))
    sure = {**again, first: "The cab is late.", second: "Nobody rings back.", "by": "Sam Ali"}
    assert lead.post(page, **sure).status_code == 302
    with database.sessions() as session:
        of_first = record.account(session, interview_id).sentences[0].translation
        assert of_first is not None
        assert of_first.text == "The cab is late."


def test_english_for_a_sentence_that_was_changed_meanwhile_is_not_lost(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page = f"/staff/translations/{interview_id}"
    first, second = boxes(lead, page)
    old = filled(lead, page)
    with database.sessions.begin() as session:
        before = [
            p.fragment_id for a in record.account(session, interview_id).answers for p in a.pieces
        ]
        record.happen(session, interview_id, Reopened(Channel.WEB), NOW)
        record.write(
            session, interview_id, "important.open", "Taksówka jest na czas.",
            channel=Channel.WEB, now=NOW, over=before,
        )  # fmt: skip
        record.happen(session, interview_id, Finished(Channel.WEB), NOW)
    answer = lead.post(page, **{**old, first: ENGLISH, second: "", "by": BY})
    assert answer.status_code != 302
    assert ENGLISH in answer.text
    assert boxes(lead, page) != [first, second]


def test_without_a_translator_nothing_is_kept(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page = f"/staff/translations/{interview_id}"
    answer = lead.post(page, **{boxes(lead, page)[0]: ENGLISH, "by": ""})
    assert answer.status_code == 422
    assert ENGLISH in answer.text
    with database.sessions() as session:
        assert session.scalars(select(SentenceTranslation)).all() == []


def test_what_is_said_in_english_needs_none(lead: Desk, database: Database, round_id: UUID) -> None:
    told(database, round_id, "en")
    assert "Nobody has told you anything in another language yet." in (
        lead.get("/staff/translations/").text
    )


def test_it_is_due_before_the_panels_date_and_is_late_after(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    told(database, round_id)
    with database.sessions() as session:
        staff = session.scalars(select(StaffMember.id)).one()
        (waiting,) = to_translate(session, staff, NOW)
        assert waiting.due is not None
        assert not waiting.late
        after = NOW.replace(year=waiting.due.year + 1)
        assert all(each.late for each in to_translate(session, staff, after))


def test_it_goes_with_the_words_and_belongs_to_its_own_account(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    with database.sessions.begin() as session:
        staff = session.scalars(select(StaffMember.id)).one()
        other = record.begin(
            session, audience="parent_carer", language="pl", now=NOW, speaker=Speaker()
        )
        account = record.account(session, interview_id)
        first = account.sentences[0].id
        with pytest.raises(Missing):
            translate(session, other, {first: "x"}, by=BY, recorded_by=staff, now=NOW)
        for text, changed in ((ENGLISH, 1), (ENGLISH, 0), ("Late again.", 1)):
            done = translate(
                session, interview_id, {first: text}, by=BY, recorded_by=staff, now=NOW
            )
            assert done == changed
        row = session.scalars(select(SentenceTranslation)).one()
        assert b"Late" not in row.words
        forgetting.forget_words(session, interview_id)
        assert session.scalars(select(SentenceTranslation)).all() == []
