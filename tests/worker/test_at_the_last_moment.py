"""What is asked once more at the moment of sending: the day's first text, whose phone it is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from family_voice.cases.reaching import change_contact
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Next, Opened
from family_voice.messages.after_restoring import stop_what_waits
from family_voice.messages.models import OutboundMessage
from family_voice.messages.segments import count
from family_voice.people import facts, register
from family_voice.people.models import Participant
from family_voice.safeguarding.models import RotaShift
from family_voice.sms import inbox
from family_voice.sms.standing import Standing
from family_voice.storage.engine import reading
from tests.cases.households import SOMEBODY
from tests.sms.town import DEB, Town

EVENING = datetime(2026, 11, 18, 19, 55, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 9, 0, 1, tzinfo=UTC)


def not_safe_any_more(town: Town) -> None:
    """The lead hears that texts to Deb's phone are not safe."""
    with town.database.sessions.begin() as session:
        for participant_id in session.scalars(select(Participant.id)).all():
            seen = register.person(session, participant_id)
            assert seen is not None
            if seen.facts.contact.mobile == DEB:
                contact = replace(
                    seen.facts.contact,
                    safe_to_contact=facts.NOT_SAFE,
                    safe_confirmed_by="Her social worker",
                )
                change_contact(
                    session, participant_id, seen.version, contact, SOMEBODY, town.clock()
                )


def test_a_question_that_waited_for_the_morning_says_whom_to_ring_in_danger(town: Town) -> None:
    town.begin()
    town.clock.now = EVENING
    town.text("An answer in three parts", segments=3)
    town.clock.on(minutes=10, seconds=1)  # longer ago than an answer at any hour
    town.turn()
    assert town.new() == []
    town.clock.now = MORNING
    town.turn()
    [question] = town.new()
    assert "Ring 999" in question
    assert question.startswith("What")
    with reading(town.database.sessions) as session:
        newest = select(OutboundMessage).order_by(OutboundMessage.number.desc()).limit(1)
        assert session.scalars(newest).one().segments == count(question).parts
    assert "Ring 999" not in town.text("NEXT")[0]


def test_one_whose_first_text_of_the_day_was_taken_out_of_line_has_it_too(town: Town) -> None:
    town.begin()
    town.clock.on(days=1)
    town.deliver(town.twilio.text(DEB, "WEB"))
    town.deliver(town.twilio.text(DEB, "CALL"))
    with town.database.sessions.begin() as session:
        session.execute(
            update(OutboundMessage)
            .where(OutboundMessage.template == "web_link")
            .values(state="cancelled")
        )
    town.turn()
    [only] = town.new()
    assert "We will ring you" in only
    assert "Ring 999" in only


def test_what_may_have_gone_keeps_the_words_it_is_found_by(town: Town) -> None:
    town.begin()
    town.clock.now = datetime(2026, 11, 18, 23, 59, 30, tzinfo=UTC)
    before = len(town.twilio.outbound())
    town.twilio.moods = ["lost"]
    town.text("CALL")
    lost = town.twilio.outbound()[before]
    town.clock.on(minutes=5)
    town.turn()
    town.turn()
    assert town.twilio.outbound()[before:] == [lost]


def deleted(town: Town) -> list[str]:
    """Deb has taken everything back by text, and seven days are over; what she hears then."""
    invited = town.invite()
    for words in (invited.secrets.code_word or "", "AGREE", "AGREE", "An answer"):
        town.text(words)
    town.text(f"DELETE {invited.secrets.code_word}")
    return town.new()


def test_what_says_that_all_is_deleted_says_who_texts(town: Town) -> None:
    deleted(town)
    town.clock.on(days=7, hours=1)
    town.turn()
    [done] = town.new()
    assert "We have deleted" in done
    assert "This is the Family Voice team" in done


def test_nobody_hears_of_a_deletion_on_a_phone_that_is_not_safe_any_more(town: Town) -> None:
    deleted(town)
    not_safe_any_more(town)
    town.clock.on(days=7, hours=1)
    town.turn()
    assert town.new() == []


def test_nothing_answers_a_phone_that_is_not_safe(town: Town) -> None:
    invited = town.invite()
    not_safe_any_more(town)
    with town.database.sessions.begin() as session:
        row = session.get_one(OutboundMessage, session.scalars(select(OutboundMessage.id)).one())
        assert row.interview_id == invited.interview_id
    assert town.text("Hello?") == []


@pytest.mark.parametrize("known", ["+8821234567890", "Parcels"])
def test_a_number_from_abroad_gets_no_sorry_at_our_cost(town: Town, known: str) -> None:
    assert town.text("WRONG", known) == []


def test_nobody_reads_is_not_said_once_somebody_does(town: Town) -> None:
    town.begin()
    with town.database.sessions.begin() as session:
        session.execute(update(RotaShift).values(begins=time(9), ends=time(17)))
    town.clock.now = EVENING
    town.text("An answer in three parts", segments=3)
    town.clock.on(minutes=10, seconds=1)
    town.turn()
    assert town.new() == []
    town.clock.now = MORNING
    town.turn()
    town.turn()
    [question] = town.new()
    assert question.startswith("What")
    assert "Nobody reads" not in question


def test_a_question_answered_on_the_web_overnight_is_not_asked_again(town: Town) -> None:
    town.begin()
    town.clock.now = EVENING
    town.text("An answer in three parts", segments=3)
    town.clock.on(minutes=11)
    town.turn()
    waiting = town.state(town.interview_id).on_phone
    assert waiting is not None
    with town.database.sessions.begin() as session:
        now = town.clock()
        record.happen(session, town.interview_id, Opened(Channel.WEB), now)
        record.say(
            session, town.interview_id, "By the web", channel=Channel.WEB, now=now,
            prompt_id=waiting,
        )  # fmt: skip
        record.happen(session, town.interview_id, Next(Channel.WEB, waiting), now)
    town.clock.now = MORNING
    town.turn()
    assert town.new() == []


def test_who_told_the_carrier_stop_is_not_shown_as_being_asked(town: Town) -> None:
    town.begin()
    town.twilio.stopped.add(DEB)
    town.text("NEXT")
    with reading(town.database.sessions) as session:
        found = inbox.inbox(session, town.clock())
        [row] = found.over
        assert row.standing is Standing.STOPPED
        talk = inbox.conversation(session, row.interview_id, uuid4(), town.clock())
        assert talk.standing is Standing.STOPPED


def test_what_failed_before_a_backup_is_not_tried_anew_after_it(town: Town) -> None:
    town.invite()
    town.turn()
    town.report(town.twilio.outbound()[0], "undelivered", ErrorCode="30003")
    with town.database.sessions.begin() as session:
        stop_what_waits(session)
    town.clock.on(hours=1)
    town.turn()
    assert len(town.twilio.outbound()) == 1
