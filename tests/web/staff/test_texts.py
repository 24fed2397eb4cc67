"""The lead's inbox of text conversations: who sees which words, and that each look is on record."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases.account_calls import note
from family_voice.cases.seats import record_works_with
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.messages import outbox
from family_voice.messages.attention import Need, open_needs, raise_need
from family_voice.messages.models import OutboundMessage, SendState
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.people.access import Role
from family_voice.people.models import Participant
from family_voice.people.staff import find_staff
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from family_voice.sms.inbox import how_many_wait, inbox
from tests.cases.households import SOMEBODY
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk
from tests.web.staff.texting import DEB, GOOD, INBOX, WORRY, Talk


@pytest.fixture
def talk(database: Database, settings: Settings, clock: Clock, lead: Desk, round_id: UUID) -> Talk:
    return Talk(database, settings, clock, lead, round_id)


def need(talk: Talk, what: Need, message_id: UUID | None = None) -> UUID:
    with talk.database.sessions.begin() as session:
        raise_need(
            session, what, talk.clock(), interview_id=talk.interview_id, message_id=message_id
        )
        found = open_needs(session, talk.interview_id)
        return next(each.id for each in found if each.need is what)


def test_the_inbox_says_where_each_stands_and_shows_no_words(talk: Talk) -> None:
    talk.begin()
    page = talk.desk.get(INBOX).text
    for said in ("Deb Specimen", "EX-004", "Answering now", "Nothing waits for you here."):
        assert said in page
    assert GOOD not in page
    assert [row.fields for row in talk.trail("view")] == [["name"]]
    need(talk, Need.OVER_BUDGET)
    page = talk.desk.get(INBOX).text
    assert "This conversation has cost more than was meant for it." in page
    assert "Nothing waits for you here." not in page


def test_who_rings_sees_when_they_asked_to_be_rung(talk: Talk) -> None:
    talk.begin()
    talk.text("CALL", "after 5 please")
    page = talk.desk.get(f"/staff/cases/{talk.case_id}").text
    assert "They texted after asking:" in page
    assert '<q dir="auto">after 5 please</q>' in page
    assert GOOD not in page
    assert ["account"] in [row.fields for row in talk.trail("view")]
    quoted = '<q dir="auto">after 5 please</q>'
    plan = talk.desk.get("/staff/contact-plan").text
    assert quoted in plan
    assert "<option selected>17:00</option>" in plan, "offered, with their words beside it"
    assert GOOD not in plan
    goes_first = re.findall(r"/staff/case/[^/]+/talk/[^/\"?#]+", plan)[0]
    assert quoted in talk.desk.get(goes_first).text
    found = talk.press("/staff/missed-call", "/staff/missed-call", number=DEB).text
    assert '<q dir="auto">after 5 please</q>' in found
    with talk.database.sessions.begin() as session:
        note(session, talk.interview_id, None, last=0, by=SOMEBODY, now=talk.clock())
    assert "after 5 please" not in talk.desk.get(f"/staff/cases/{talk.case_id}").text


def test_a_thread_shows_both_sides_with_how_far_each_text_got(talk: Talk) -> None:
    talk.begin()
    page = talk.desk.get(talk.page).text
    for said in (GOOD, WORRY, "What is most important for us to know?", "Sent", "1 part"):
        assert said in page
    assert talk.code_word not in page
    assert [row.fields for row in talk.trail("view")] == [["answers"]]
    with talk.database.sessions() as session:
        cost = outbox.segments_of(session, talk.interview_id)
    assert f"{cost} of {talk.settings.segment_budget} parts" in page


def test_links_that_open_a_family_page_are_not_shown(talk: Talk) -> None:
    talk.begin()
    talk.text("WEB")
    carried = [line.body for line in talk.lines() if "/i/" in line.body]
    assert len(carried) == 2  # the invitation and the one to carry on by
    page = talk.desk.get(talk.page).text
    for body in carried:
        token = body.partition("/i/")[2].split()[0]
        assert token not in page
    assert "http://localhost/i/…" in page


def test_delivery_says_what_became_of_a_text_and_why(talk: Talk) -> None:
    talk.begin()
    with talk.database.sessions.begin() as session:
        rows = session.scalars(
            select(OutboundMessage)
            .where(OutboundMessage.interview_id == talk.interview_id)
            .order_by(OutboundMessage.number)
        ).all()
        rows[0].state = SendState.DELIVERED.value
        rows[1].state, rows[1].error = SendState.FAILED.value, "30003"
        rows[2].state, rows[2].due_at = "queued", talk.clock() + timedelta(hours=20)
        rows[3].state, rows[3].error = SendState.CANCELLED.value, "something_new"
    page = talk.desk.get(talk.page).text
    for said in (
        "Arrived",
        "Did not arrive: the phone is off or out of reach",
        "Waits until 19 November 2026",
        "Never sent: reason something_new",
    ):
        assert said in page


def test_before_they_agree_and_after_a_no_nobody_reads_words(talk: Talk) -> None:
    talk.text("Who is this please", talk.code_word)
    page = talk.desk.get(talk.page).text
    assert "Nobody may read what they wrote." in page
    assert "Who is this please" not in page
    talk.text("AGREE", "AGREE", GOOD)
    assert GOOD in talk.desk.get(talk.page).text
    with talk.database.sessions.begin() as session:
        session_, purpose = session, Purpose.TALK
        record.decide(
            session_, talk.interview_id, purpose, False,
            channel=Channel.TELEPHONE, now=talk.clock(),
        )  # fmt: skip
    for page in (talk.page, f"{talk.page}/log", INBOX):
        assert GOOD not in talk.desk.get(page).text
    assert "Said no" in talk.desk.get(talk.page).text
    assert talk.trail("view")[-1].fields == ["name"]


def test_what_was_taken_back_shows_no_words_of_either_side(talk: Talk) -> None:
    talk.begin()
    with talk.database.sessions.begin() as session:
        asked = Asked(Way.TELEPHONE, talk.clock().date())
        withdraw(session, talk.interview_id, asked, talk.clock())
    for page in (talk.page, f"{talk.page}/log", INBOX):
        answer = talk.desk.get(page)
        assert answer.status_code == 200
        assert GOOD not in answer.text
        assert "You do not have to answer." not in answer.text
        assert "Took it all back" in answer.text


def test_whoever_works_with_the_child_does_not_see_what_is_kept_from_them(talk: Talk) -> None:
    talk.begin()
    with talk.database.sessions.begin() as session:
        marked = {
            sentence.id
            for sentence in record.account(session, talk.interview_id).sentences
            if sentence.text == WORRY
        }
        assert marked
        record.mark_for_workers(session, talk.interview_id, marked)
    assert WORRY in talk.desk.get(talk.page).text
    with talk.database.sessions.begin() as session:
        staff = find_staff(session, f"{Role.LEAD.value}@council.example")
        assert staff is not None
        record_works_with(session, staff.id, talk.case_id, True)
    for page in (talk.page, f"{talk.page}/log"):
        text = talk.desk.get(page).text
        assert GOOD in text
        assert WORRY not in text


def test_words_they_have_put_right_since_are_not_shown(talk: Talk) -> None:
    talk.begin()
    with talk.database.sessions.begin() as session:
        place = talk.state().place_of(talk.state().fragments[0])
        assert place is not None
        record.write(
            session, talk.interview_id, place, "She likes the garden",
            channel=Channel.WEB, now=talk.clock(),
        )  # fmt: skip
    page = talk.desk.get(talk.page).text
    assert GOOD not in page
    assert "they have put this right or taken it out since" in page
    assert WORRY in page


def test_a_text_is_moved_to_the_question_it_answers(talk: Talk) -> None:
    talk.begin()
    piece = talk.state().fragments[0]
    page = f"{talk.page}/pieces/{piece}"
    assert page in talk.desk.get(talk.page).text
    assert GOOD in talk.desk.get(page).text
    field = f"p{piece.hex}-place"
    assert "Choose what this answers." in talk.desk.post(page, **_prefixed(talk, page, {})).text
    talk.desk.post(page, **_prefixed(talk, page, {field: "worries.open"}))
    assert talk.state().place_of(piece) == "worries.open"
    assert talk.desk.get(f"{talk.page}/pieces/{talk.interview_id}").status_code == 404


def _prefixed(talk: Talk, page: str, fields: dict[str, str]) -> dict[str, str]:
    """The fields with the page's token under the name that its form gives it."""
    text = talk.desk.get(page).text
    name = text.partition('name="p')[2].partition('-csrf_token" value="')
    return {f"p{name[0]}-csrf_token": name[2].partition('"')[0], **fields}


def test_the_log_tells_every_step(talk: Talk) -> None:
    talk.begin()
    talk.text("CALL", "STOP")
    page = talk.desk.get(f"{talk.page}/log").text
    steps = (
        "They gave the code word or return word", "They said yes: Talking with us",
        "They said yes: The small group may read it", "What is most important for us to know?",
        "They said something", GOOD, "They were done with this question", WORRY,
        "They asked us to ring", "Put on your list of calls", "They asked for no more texts",
        "Stopped texts",
    )  # fmt: skip
    at = 0
    for said in steps:
        at = page.index(said, at)
    assert talk.trail("view")[-1].fields == ["answers"]


def test_the_log_tells_nothing_that_was_not_sent(talk: Talk) -> None:
    talk.text(talk.code_word, "AGREE")
    said = talk.desk.get(f"{talk.page}/log").text.count("Asked for a decision")
    assert said == 2
    with talk.database.sessions.begin() as session:
        asked = session.scalars(
            select(OutboundMessage)
            .where(
                OutboundMessage.interview_id == talk.interview_id,
                OutboundMessage.template == "decision",
            )
            .order_by(OutboundMessage.number.desc())
        ).first()
        assert asked is not None
        asked.state = SendState.CANCELLED.value
    assert talk.desk.get(f"{talk.page}/log").text.count("Asked for a decision") == 1


def test_a_person_took_over_only_where_one_did(talk: Talk) -> None:
    talk.text(*["I am driving and will answer later"] * 3)
    page = talk.desk.get(f"{talk.page}/log").text
    assert "The program fell silent by itself and asked for a person" in page
    assert "A person took over" not in page
    assert "Waits for a person" in talk.desk.get(INBOX).text
    assert "Waits for a person" in talk.desk.get(talk.page).text
    talk.press("give-back")
    talk.press("take-over")
    assert "A person took over" in talk.desk.get(f"{talk.page}/log").text
    assert "With a person" in talk.desk.get(INBOX).text


def test_the_ledger_counts_what_the_inbox_lists(talk: Talk) -> None:
    def said() -> list[str]:
        page = talk.desk.get(f"/staff/rounds/{talk.round_id}").text
        return re.findall(r"(\d+) text conversations? or numbers? needs? a person", page)

    talk.begin()
    assert said() == []
    need(talk, Need.OVER_BUDGET)
    need(talk, Need.FILTERED)
    assert said() == ["1"]
    stranger = "+447700900888"
    with talk.database.sessions.begin() as session:
        take_in(session, talk.settings, Incoming("s1", stranger, "Hello?"), talk.clock())
    with talk.database.sessions.begin() as session:
        index = outbox.phone_index(session, stranger)
        raise_need(session, Need.EXPIRED_TEXT, talk.clock(), phone_index=index)
    page = talk.desk.get(INBOX).text
    assert "1 number we do not know" in page
    with talk.database.sessions() as session:
        assert inbox(session, talk.clock()).waits == how_many_wait(session, talk.clock()) == 2
    # The same number is there once.
    assert re.findall(r"(\d+) text conversations or numbers need a person",
                      talk.desk.get(f"/staff/rounds/{talk.round_id}").text) == ["2"]  # fmt: skip


def test_a_thread_leads_to_its_newest_text_and_to_answering(talk: Talk) -> None:
    talk.begin()
    page = talk.desk.get(talk.page).text
    top = page[: page.index('id="thread"')]
    for place in ("newest", "by-hand"):
        assert f'href="#{place}"' in top
        assert re.search(rf'id="{place}"[^>]* tabindex="-1"', page)


def test_what_needs_a_person_is_settled_once(talk: Talk) -> None:
    talk.begin()
    which = need(talk, Need.OVER_BUDGET)
    talk.press(f"needs/{which}")
    page = talk.desk.get(talk.page).text
    assert "Kept: you have seen to it." in page
    assert "has cost more" not in page
    other = need(talk, Need.FILTERED)
    token = {"csrf_token": page.partition('name="csrf_token" value="')[2].partition('"')[0]}
    again = talk.desk.client.post(f"{talk.page}/needs/{which}", data=token)
    assert again.status_code == 422
    assert "Somebody has seen to this already." in again.text
    with talk.database.sessions() as session:
        assert [each.id for each in open_needs(session, talk.interview_id)] == [other]


@pytest.mark.parametrize(("it", "state", "copies"), [("went", "sent", 0), ("again", "failed", 1)])
def test_a_person_settles_what_is_in_doubt(talk: Talk, it: str, state: str, copies: int) -> None:
    talk.begin()
    with talk.database.sessions.begin() as session:
        row = session.scalars(
            select(OutboundMessage)
            .where(OutboundMessage.interview_id == talk.interview_id)
            .order_by(OutboundMessage.number.desc())
        ).first()
        assert row is not None
        row.state, row.tried_at, message_id = "unknown", talk.clock(), row.id
    before = len(talk.lines())
    need(talk, Need.IN_DOUBT, message_id)
    assert "Nobody can find out whether this went." in talk.desk.get(talk.page).text
    talk.press(f"doubt/{message_id}", it=it)
    lines = talk.lines()
    assert len(lines) == before + copies
    assert next(line.state for line in lines if line.id == message_id) == state
    with talk.database.sessions() as session:
        assert open_needs(session, talk.interview_id) == []
    assert "Nobody can find out" not in talk.desk.get(talk.page).text


def test_a_number_in_no_conversation_is_seen_to_in_the_inbox(talk: Talk) -> None:
    with talk.database.sessions.begin() as session:
        index = outbox.phone_index(session, "+447700900888")
        raise_need(session, Need.EXPIRED_TEXT, talk.clock(), phone_index=index)
        which = open_needs(session)[0].id
    assert "A text came after the conversation had ended." in talk.desk.get(INBOX).text
    talk.press(f"{INBOX}/needs/{which}", page=INBOX)
    assert "A text came after" not in talk.desk.get(INBOX).text


def test_the_invitation_is_shown_with_what_it_costs_before_it_goes(talk: Talk, lead: Desk) -> None:
    sent = next(line for line in talk.lines() if line.template == "invitation")
    with talk.database.sessions() as session:
        found = session.scalars(select(Participant.id)).all()
    pages = [lead.get(f"/staff/cases/{talk.case_id}/people/{each}/invite") for each in found]
    page = next(each.text for each in pages if each.status_code == 200 and "Deb" in each.text)
    assert f"<strong>{sent.parts} parts</strong>" in page
    before, _, after = sent.body.partition("/i/")
    assert before[:40] in page
    assert DEB not in page
    assert after.split()[0] not in page
