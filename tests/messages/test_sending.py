"""The outbox on both databases: order, one at a time, doubt, and reports in any order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.messages import outbox, sending, settling
from family_voice.messages.gateway import Listed
from family_voice.messages.models import OutboundMessage, SendState
from family_voice.messages.sending import LEASE, LIST_LAG, Claimed, Go, Never, Verdict, Wait
from family_voice.messages.templates import Template
from tests.conftest import Database
from tests.messages.queueing import ONE, TWO, an_interview, anything, asked_about, put


def bodies(session: Session, now: datetime, settle: bool = True) -> list[str]:
    """Claim until nothing is left."""
    found = []
    while (claimed := sending.claim(session, now, anything)) is not None:
        found.append(claimed.body)
        if settle:
            sending.sent(session, claimed.id, f"SM{claimed.id.hex}", now)
    return found


def state(session: Session, message_id: UUID) -> SendState:
    session.expire_all()
    return SendState(session.get_one(OutboundMessage, message_id).state)


def test_one_occasion_is_queued_once(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    ids = {
        outbox.queue(
            session, interview, ONE, Template.QUESTION, "Hello", "the same", now, False, now
        )
        for _ in range(3)
    }
    assert len(ids) == 1
    assert bodies(session, now) == ["Hello"]


def test_only_templates_on_the_list(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="free words"):
        outbox.queue(
            session, an_interview(session, now), ONE, "free words", "Hi", "k", now, False, now
        )


def test_words_are_sealed(session: Session, now: datetime) -> None:
    put(session, an_interview(session, now), now, "Call 01632 960000")
    row = session.scalars(select(OutboundMessage)).one()
    assert b"01632" not in row.body
    assert b"7700900101" not in row.phone


def test_a_phones_texts_keep_their_order_and_phones_do_not_wait_for_each_other(
    session: Session, now: datetime
) -> None:
    interview = an_interview(session, now)
    for body in ("first", "second"):
        put(session, interview, now, body)
    put(session, interview, now, "other phone", TWO)
    assert sorted(bodies(session, now, settle=False)) == ["first", "other phone"]


@pytest.mark.parametrize("trouble", ["in doubt", "later", "on its way"])
def test_nothing_overtakes(session: Session, now: datetime, trouble: str) -> None:
    interview = an_interview(session, now)
    first = put(session, interview, now, "first")
    put(session, interview, now, "second")
    assert sending.claim(session, now, anything) is not None
    match trouble:
        case "in doubt":
            sending.in_doubt(session, first)
        case "later":
            sending.again(session, first, timedelta(minutes=1), now)
    assert sending.claim(session, now, anything) is None
    if trouble == "later":
        assert bodies(session, now + timedelta(minutes=2)) == ["first", "second"]


def test_an_answer_now_brings_forward_what_waited_for_the_morning(
    session: Session, now: datetime
) -> None:
    interview = an_interview(session, now)
    put(session, interview, now, "asked late", due=timedelta(hours=9), is_reply=True)
    assert bodies(session, now) == []
    put(session, interview, now, "answer", is_reply=True)
    assert bodies(session, now) == ["asked late", "answer"]


def test_of_two_answers_the_one_that_waits_for_the_morning_goes_first_once_both_may(
    session: Session, now: datetime
) -> None:
    """The worker died between looking at the first and at the second; then they texted again."""
    interview = an_interview(session, now)
    first = put(session, interview, now, "first", is_reply=True)
    put(session, interview, now, "second", is_reply=True)
    row = session.get(OutboundMessage, first)
    assert row is not None
    row.due_at = now + timedelta(hours=9)
    session.flush()
    assert bodies(session, now + timedelta(minutes=1)) == ["first", "second"]


def test_what_has_to_wait_lets_a_later_answer_pass(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    first = put(session, interview, now, "first", is_reply=True)
    put(session, interview, now, "second", is_reply=True)

    def rule(_session: Session, message: OutboundMessage, at: datetime) -> Verdict:
        return Wait(at + timedelta(hours=9)) if message.id == first else Go()

    claimed = sending.claim(session, now, rule)
    assert claimed is not None
    assert claimed.body == "second"


def test_what_may_not_go_waits_or_never_goes(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    waits, never = put(session, interview, now, "waits"), put(session, interview, now, "no", TWO)
    morning = now + timedelta(hours=12)

    def rule(_session: Session, message: OutboundMessage, at: datetime) -> Verdict:
        if message.id == never:
            return Never("stood_down")
        return Wait(morning) if at < morning else Go()

    assert sending.claim(session, now, rule) is None
    assert state(session, never) is SendState.CANCELLED
    claimed = sending.claim(session, morning, rule)
    assert claimed is not None
    assert claimed.id == waits


def test_stop_takes_out_and_keeps_out(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    put(session, interview, now, "before")
    outbox.stop(session, ONE, now)
    outbox.stop(session, ONE, now)
    put(session, interview, now, "after")
    assert bodies(session, now) == []
    outbox.start_again(session, ONE)
    put(session, interview, now, "again")
    assert bodies(session, now) == ["again"]


def test_cancelling_counts_what_had_not_gone(session: Session, now: datetime) -> None:
    interview, other = an_interview(session, now), an_interview(session, now)
    put(session, interview, now, "going")
    sending.claim(session, now, anything)
    put(session, interview, now, "waiting")
    put(session, other, now, "not theirs", TWO)
    outbox.schedule_turn(session, interview, now)
    assert outbox.cancel_queued(session, [interview]) == 1
    assert outbox.due_turns(session, now) == []
    assert bodies(session, now) == ["not theirs"]


def test_a_lease_that_ran_out_is_doubt_and_is_looked_for_before_it_goes_again(
    session: Session, now: datetime
) -> None:
    interview = an_interview(session, now)
    message = put(session, interview, now, "Hello")
    sending.claim(session, now, anything)
    assert settling.doubtful(session, now + LEASE - timedelta(seconds=1)) == []
    later = now + LEASE + LIST_LAG
    [doubt] = settling.doubtful(session, later)
    assert (doubt.phone, doubt.body) == (ONE, "Hello")
    assert state(session, message) is SendState.UNKNOWN
    listed = [Listed("SM1", "Hello", now + timedelta(seconds=2))]
    assert (
        settling.reconcile(session, asked_about(session, message), listed, later) is SendState.SENT
    )
    assert bodies(session, later) == []


@pytest.mark.parametrize(
    ("body", "seconds", "already"),
    [("Other words", 2, False), ("Hello", -26 * 60 * 60, False), ("Hello", 2, True)],
    ids=["other words", "long before", "another of ours"],
)
def test_what_is_not_listed_goes_again(
    session: Session, now: datetime, body: str, seconds: int, already: bool
) -> None:
    interview = an_interview(session, now)
    if already:
        put(session, interview, now, "Hello")
        claimed = sending.claim(session, now, anything)
        assert claimed is not None
        sending.sent(session, claimed.id, "SM1", now)
    message = put(session, interview, now, "Hello")
    sending.claim(session, now, anything)
    sending.in_doubt(session, message)
    later = now + LIST_LAG
    listed = [Listed("SM1", body, now + timedelta(seconds=seconds))]
    assert (
        settling.reconcile(session, asked_about(session, message), listed, later)
        is SendState.QUEUED
    )
    assert bodies(session, later) == ["Hello"]


def test_it_is_given_up_in_the_end(session: Session, now: datetime) -> None:
    message = put(session, an_interview(session, now), now, "Hello")
    for _ in range(sending.MOST_ATTEMPTS):
        assert sending.claim(session, now, anything) is not None
        sending.again(session, message, timedelta(seconds=30), now)
        now += timedelta(hours=2)
    assert sending.claim(session, now, anything) is None
    assert state(session, message) is SendState.FAILED


def reports() -> list[Sequence[str]]:
    return list(permutations(("queued", "sent", "delivered", "failed")))


def test_reports_in_any_order_end_alike(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    ends = set()
    for number, order in enumerate(reports()):
        message = put(session, interview, now, "Hello", f"+4477009{number:05}")
        claimed = sending.claim(session, now, anything)
        assert claimed is not None
        sending.sent(session, message, f"SM{number}", now)
        for status in (*order, *order):
            assert settling.apply_status(session, f"SM{number}", status, now)
        ends.add(state(session, message))
    assert ends == {SendState.DELIVERED}


def test_a_report_that_is_faster_than_the_answer_settles_it(
    session: Session, now: datetime
) -> None:
    message = put(session, an_interview(session, now), now, "Hello")
    sending.claim(session, now, anything)
    assert settling.apply_status(session, "SM7", "delivered", now, reference=message)
    sending.sent(session, message, "SM7", now)
    assert state(session, message) is SendState.DELIVERED
    assert not settling.apply_status(session, "SM8", "failed", now, reference=message)
    assert not settling.apply_status(session, "SM9", "delivered", now)
    assert state(session, message) is SendState.DELIVERED


def test_a_stop_at_the_carrier_is_a_stop_here(session: Session, now: datetime) -> None:
    message = put(session, an_interview(session, now), now, "Hello")
    sending.claim(session, now, anything)
    sending.refused(session, message, "21610", now)
    assert outbox.is_stopped(session, ONE)


def test_eight_workers_send_everything_once_and_in_order(database: Database, now: datetime) -> None:
    phones = [f"+4477009001{number:02}" for number in range(6)]
    with database.sessions.begin() as session:
        interview = an_interview(session, now)
        for number in range(5):
            for phone in phones:
                put(session, interview, now, str(number), phone)
    sent: list[Claimed] = []

    def work(_: int) -> None:
        idle = 0
        while idle < 20:
            with database.sessions.begin() as session:
                claimed = sending.claim(session, now, anything)
            if claimed is None:
                idle += 1
                continue
            idle = 0
            sent.append(claimed)
            with database.sessions.begin() as session:
                sending.sent(session, claimed.id, f"SM{claimed.id.hex}", now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(sent) == len({claimed.id for claimed in sent}) == 30
    for phone in phones:
        assert [claimed.body for claimed in sent if claimed.phone == phone] == list("01234")


def test_what_somebody_else_holds_is_not_waited_for(database: Database, now: datetime) -> None:
    """A text of theirs that is taken in just now may hold the earlier answer and want the later."""
    with database.sessions.begin() as session:
        interview = an_interview(session, now)
        put(session, interview, now, "Waits for the morning.", is_reply=True)
        later = put(session, interview, now, "Came after it.", is_reply=True)
        session.execute(
            update(OutboundMessage)
            .where(OutboundMessage.id != later)
            .values(due_at=now + timedelta(hours=9))
        )
    if database.engine.dialect.name == "postgresql":
        with database.sessions.begin() as taking_in, database.sessions.begin() as worker:
            taking_in.execute(
                update(OutboundMessage).where(OutboundMessage.id != later).values(due_at=now)
            )
            worker.execute(text("SET LOCAL lock_timeout = '5s'"))
            assert sending.claim(worker, now, anything) is None
    with database.sessions.begin() as session:
        assert bodies(session, now) == ["Waits for the morning.", "Came after it."]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_text_is_taken_and_reworded_while_somebody_holds_its_interview(
    database: Database, now: datetime
) -> None:
    """Else a family's "take it back" and the worker wait for each other, and one of them is ended.

    PostgreSQL asks a row's foreign keys again when one transaction writes it a second time.
    """
    with database.sessions.begin() as session:
        interview = an_interview(session, now)
        put(session, interview, now, "Hello")
    with database.sessions.begin() as family, database.sessions.begin() as worker:
        record.hold(family, interview)
        worker.execute(text("SET LOCAL lock_timeout = '2s'"))
        claimed = sending.claim(worker, now, anything, lambda *_: "Good morning. Hello")
        assert claimed is not None
        assert claimed.body == "Good morning. Hello"
