"""What follows when a text fails, and how doubt ends: on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.messages import attention, failing, sending, settling
from family_voice.messages.attention import Need
from family_voice.messages.failing import try_again
from family_voice.messages.gateway import Listed
from family_voice.messages.models import DeliveryReport, OutboundMessage, SendState
from family_voice.messages.provider_errors import WAITS
from family_voice.messages.sending import LIST_LAG, Claimed
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.messages.queueing import an_interview, anything, asked_about, put


def a_lead(session: Session, now: datetime) -> UUID:
    email = f"{uuid4().hex}@council.example"
    return add_staff(session, email=email, roles=[Role.LEAD], name="Lee", now=now).staff_id


def claim(session: Session, now: datetime) -> Claimed:
    claimed = sending.claim(session, now, anything)
    assert claimed is not None
    return claimed


def sent(session: Session, interview_id: UUID, now: datetime, provider_id: str = "SM1") -> UUID:
    message = put(session, interview_id, now, key="q", prompt_id="important.open")
    assert claim(session, now).id == message
    sending.sent(session, message, provider_id, now)
    return message


def row_of(session: Session, message_id: UUID) -> OutboundMessage:
    session.expire_all()
    return session.get_one(OutboundMessage, message_id)


def needs(session: Session) -> list[Need]:
    return [each.need for each in attention.open_needs(session)]


def test_a_phone_that_is_off_is_tried_anew_twice_and_then_a_person_hears(
    session: Session, now: datetime
) -> None:
    message = sent(session, an_interview(session, now), now)
    for number, wait in enumerate(WAITS, start=1):
        settling.apply_status(session, f"SM{number}", "undelivered", now, error="30003")
        assert failing.due_again(session, now) == []
        now += wait
        assert sending.anything_to_do(session, now)
        assert failing.due_again(session, now) == [message]
        anew = try_again(session, message, now)
        assert try_again(session, message, now) is None
        assert anew is not None
        message = anew
        assert claim(session, now).body == "Hello"
        sending.sent(session, message, f"SM{number + 1}", now)
        found = row_of(session, message)
        assert (found.prompt_id, found.attempt, found.retries) == (
            "important.open", number + 1, number,
        )  # fmt: skip
    assert needs(session) == []
    settling.apply_status(session, f"SM{len(WAITS) + 1}", "undelivered", now, error="30003")
    assert needs(session) == [Need.GIVEN_UP]
    assert failing.due_again(session, now + timedelta(days=1)) == []
    keys = session.scalars(select(OutboundMessage.dedupe_key).order_by(OutboundMessage.retries))
    assert list(keys) == ["q", "q:again1", "q:again2"]


def test_what_was_said_since_stands_for_itself(session: Session, now: datetime) -> None:
    interview = an_interview(session, now)
    message = sent(session, interview, now)
    settling.apply_status(session, "SM1", "undelivered", now, error="30003")
    put(session, interview, now, "later")
    now += WAITS[0]
    assert try_again(session, message, now) is None
    assert failing.due_again(session, now) == []
    assert claim(session, now).body == "later"


def test_nothing_is_tried_anew_once_the_words_are_gone(session: Session, now: datetime) -> None:
    message = sent(session, an_interview(session, now), now)
    settling.apply_status(session, "SM1", "undelivered", now, error="30003")
    row_of(session, message).body = b""
    assert try_again(session, message, now + WAITS[0]) is None


def test_it_was_delivered_after_all(session: Session, now: datetime) -> None:
    message = sent(session, an_interview(session, now), now)
    settling.apply_status(session, "SM1", "undelivered", now, error="30003")
    anew = try_again(session, message, now + WAITS[0])
    assert anew is not None
    settling.apply_status(session, "SM1", "delivered", now)
    assert row_of(session, message).state == SendState.DELIVERED
    assert row_of(session, anew).state == SendState.CANCELLED
    assert sending.claim(session, now + timedelta(days=1), anything) is None


@pytest.mark.parametrize(
    ("code", "need"),
    [
        ("30005", Need.NUMBER_DEAD),
        ("30006", Need.LANDLINE),
        ("30007", Need.FILTERED),
        ("21408", Need.NOT_ALLOWED_THERE),
        ("12345", Need.GIVEN_UP),
    ],
)
def test_a_person_hears_and_a_phone_of_no_use_is_left_alone(
    session: Session, now: datetime, code: str, need: Need
) -> None:
    interview = an_interview(session, now)
    message = put(session, interview, now)
    claim(session, now)
    sending.refused(session, message, code, now)
    assert needs(session) == [need]
    next_one = put(session, interview, now, "the next")
    claimed = sending.claim(session, now, anything)
    if need not in failing.NO_USE:
        assert claimed is not None
        return
    assert claimed is None
    assert row_of(session, next_one).error == need.value
    [open_one] = attention.open_needs(session)
    attention.settle_need(session, open_one.id, None, now)
    put(session, interview, now, "now")
    assert claim(session, now).body == "now"


def test_every_order_of_reports_ends_alike(session: Session, now: datetime) -> None:
    """Reports that contradict each other, each twice; `soak` has more of them."""
    reports = [("sent", None), ("undelivered", "30003"), ("failed", "30005"), ("delivered", None)]
    for some in (reports, reports[:3]):
        ends = set()
        for number, order in enumerate(permutations(some)):
            with session.begin_nested() as undone:
                message = sent(session, an_interview(session, now), now, f"SM{number}")
                for status, error in (*order, *order):
                    settling.apply_status(session, f"SM{number}", status, now, error=error)
                row = row_of(session, message)
                ends.add((row.state, row.error, row.again_at, tuple(needs(session))))
                stored = select(func.count()).select_from(DeliveryReport)
                assert session.scalar(stored) == len(some)
                undone.rollback()
        assert len(ends) == 1, ends


def test_a_landline_is_refused_at_the_moment_of_sending(session: Session, now: datetime) -> None:
    message = put(session, an_interview(session, now), now, phone="+441614960000")
    assert sending.claim(session, now, anything) is None
    assert row_of(session, message).error == "landline"
    assert needs(session) == [Need.LANDLINE]


def in_doubt(session: Session, now: datetime, interview_id: UUID, body: str = "Hello") -> UUID:
    message = put(session, interview_id, now, body)
    assert claim(session, now).id == message
    sending.in_doubt(session, message)
    return message


def test_two_like_texts_at_the_provider_are_for_a_person(session: Session, now: datetime) -> None:
    message = in_doubt(session, now, an_interview(session, now))
    listed = [Listed(f"SM{each}", "Hello", now) for each in "12"]
    later = now + LIST_LAG
    assert (
        settling.reconcile(session, asked_about(session, message), listed, later)
        is SendState.UNKNOWN
    )
    assert needs(session) == [Need.IN_DOUBT]
    assert settling.doubtful(session, later) == []
    assert len(settling.doubtful(session, later + settling.ASK_SELDOM)) == 1


def test_our_own_id_settles_what_the_words_cannot(session: Session, now: datetime) -> None:
    message = in_doubt(session, now, an_interview(session, now))
    listed = [
        Listed("N1", "", now, reference=str(uuid4())),
        Listed("N2", "", now, reference=str(message)),
    ]
    assert (
        settling.reconcile(session, asked_about(session, message), listed[:1], now + LIST_LAG)
        is SendState.QUEUED
    )
    assert claim(session, now + LIST_LAG).id == message
    sending.in_doubt(session, message)
    assert (
        settling.reconcile(session, asked_about(session, message), listed, now + LIST_LAG)
        is SendState.SENT
    )
    assert row_of(session, message).provider_id == "N2"


def test_a_list_older_than_the_last_try_says_nothing_of_it(session: Session, now: datetime) -> None:
    """Two workers ask about one doubt; one sends again, into doubt, before the other hears."""
    message = in_doubt(session, now, an_interview(session, now))
    slow, later = asked_about(session, message), now + LIST_LAG
    assert settling.reconcile(session, slow, [], later) is SendState.QUEUED
    assert claim(session, later).id == message
    sending.in_doubt(session, message)
    assert settling.reconcile(session, slow, [], later) is SendState.UNKNOWN
    assert sending.claim(session, later, anything) is None
    listed = [Listed("SM1", "Hello", later)]
    again = asked_about(session, message)
    assert settling.reconcile(session, again, listed, later + LIST_LAG) is SendState.SENT


def test_a_provider_that_cannot_say_is_asked_less_often_and_then_a_person_is(
    session: Session, now: datetime
) -> None:
    message = in_doubt(session, now, an_interview(session, now))
    start, asked = now, 0
    while now - start < timedelta(hours=3):
        for _doubt in settling.doubtful(session, now):
            settling.could_not_tell(session, message, now)
            asked += 1
        if now - start < settling.PATIENCE:
            assert needs(session) == []
        now += timedelta(seconds=20)
    assert needs(session) == [Need.IN_DOUBT]
    assert asked < 80
    settling.reconcile(session, asked_about(session, message), [Listed("SM1", "Hello", start)], now)
    assert needs(session) == []
    assert row_of(session, message).state == SendState.SENT


@pytest.mark.parametrize("went", [True, False])
def test_a_person_says_what_became_of_it(session: Session, now: datetime, went: bool) -> None:
    interview = an_interview(session, now)
    message = in_doubt(session, now, interview)
    put(session, interview, now, "the next")
    settling.could_not_tell(session, message, now + settling.PATIENCE)
    later = now + timedelta(hours=2)
    settling.person_says(session, message, went, a_lead(session, now), later)
    assert needs(session) == []
    words = []
    while (claimed := sending.claim(session, later, anything)) is not None:
        words.append(claimed.body)
        assert claimed.id != message
        sending.sent(session, claimed.id, f"SM{claimed.id.hex}", later)
    assert words == (["the next"] if went else ["Hello", "the next"])
    with pytest.raises(settling.NotInDoubt):
        settling.person_says(session, message, went, a_lead(session, now), later)


def test_what_a_person_settled_is_not_taken_for_the_next_like_text(
    session: Session, now: datetime
) -> None:
    interview = an_interview(session, now)
    first = in_doubt(session, now, interview)
    settling.person_says(session, first, True, a_lead(session, now), now)
    second = in_doubt(session, now + timedelta(minutes=5), interview)
    listed = [Listed("SM1", "Hello", now)]
    state = settling.reconcile(
        session, asked_about(session, second), listed, now + timedelta(minutes=9)
    )
    assert state is SendState.UNKNOWN
    assert needs(session) == [Need.IN_DOUBT]


def test_what_was_not_there_is_tried_later_each_time(session: Session, now: datetime) -> None:
    message = in_doubt(session, now, an_interview(session, now))
    tried = now
    for attempt in range(1, sending.MOST_ATTEMPTS):
        at = tried + LIST_LAG
        assert (
            settling.reconcile(session, asked_about(session, message), [], at) is SendState.QUEUED
        )
        soonest = tried + min(sending.LONGEST_WAIT, LIST_LAG * 2 ** (attempt - 1))
        if soonest > at:
            assert sending.claim(session, soonest - timedelta(seconds=1), anything) is None
        assert claim(session, soonest).id == message
        sending.in_doubt(session, message)
        tried = soonest
    assert (
        settling.reconcile(session, asked_about(session, message), [], tried + LIST_LAG)
        is SendState.FAILED
    )
    assert needs(session) == [Need.GIVEN_UP]


def test_trouble_with_our_account_is_never_a_texts_fault(session: Session, now: datetime) -> None:
    message = put(session, an_interview(session, now), now)
    for _ in range(3 * sending.MOST_ATTEMPTS):
        assert claim(session, now).id == message
        sending.again(session, message, timedelta(seconds=7), now, about_us=True)
        assert sending.claim(session, now + timedelta(seconds=6), anything) is None
        now += timedelta(seconds=7)
    assert row_of(session, message).attempts == 0


def test_a_question_is_counted_by_how_often_it_is_put(session: Session, now: datetime) -> None:
    interview, other = an_interview(session, now), an_interview(session, now)
    asked = [
        put(session, each, now, prompt_id="help.open") for each in (interview, interview, other)
    ]
    assert [row_of(session, each).attempt for each in asked] == [1, 2, 1]
