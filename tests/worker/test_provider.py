"""The worker and a provider that is busy, keeps words, or knows what kind of line a number is."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from family_voice.cases.reaching import change_contact
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Next
from family_voice.messages import attention
from family_voice.messages.attention import Need
from family_voice.messages.hours import LONDON
from family_voice.messages.models import OutboundMessage
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.operations import delivering
from family_voice.people import register
from family_voice.people.facts import ChildFacts, ContactFacts, Hours, PersonFacts
from family_voice.people.models import Participant
from family_voice.storage.engine import reading
from tests.cases.households import SOMEBODY
from tests.sms.town import DEB, Town


def states(town: Town) -> list[str]:
    with reading(town.database.sessions) as session:
        ordered = (OutboundMessage.number, OutboundMessage.retries)
        return list(session.scalars(select(OutboundMessage.state).order_by(*ordered)))


def needs(town: Town) -> list[Need]:
    with reading(town.database.sessions) as session:
        return [each.need for each in attention.open_needs(session)]


def choose(town: Town, *, twilio_redact: bool = False, twilio_lookup: bool = False) -> None:
    town.settings = replace(town.settings, twilio_redact=twilio_redact, twilio_lookup=twilio_lookup)
    town.gateway = TwilioGateway(town.settings)


@pytest.mark.parametrize("moods", [1, 12])
def test_a_busy_provider_is_left_alone_for_as_long_as_it_asks(town: Town, moods: int) -> None:
    town.invite()
    town.twilio.moods, town.twilio.retry_after = ["429"] * moods, 600
    for number in range(moods):
        town.turn()
        assert town.twilio.came["429"] == number + 1
        town.clock.on(seconds=599)
        town.turn()
        assert town.twilio.came["429"] == number + 1
        town.clock.on(seconds=1)
    town.turn()
    assert states(town) == ["sent"]


def test_a_phone_that_was_off_gets_the_invitation_later(town: Town) -> None:
    town.invite()
    town.turn()
    [first] = town.twilio.outbound()
    town.report(first, "undelivered", ErrorCode="30003")
    town.turn()
    assert len(town.new()) == 1
    town.clock.on(minutes=31)
    town.turn()
    assert town.new() == [first.body]
    assert states(town) == ["failed", "sent"]


def test_a_question_they_have_answered_elsewhere_is_not_sent_anew(town: Town) -> None:
    town.begin()
    question = town.twilio.outbound()[-1]
    town.report(question, "undelivered", ErrorCode="30003")
    with town.database.sessions.begin() as session:
        where, web, now = town.interview_id, Channel.WEB, town.clock()
        at = "important.open"
        record.say(session, where, "By the web", channel=web, now=now, prompt_id=at)
        record.happen(session, where, Next(web, at), now)
    town.clock.on(minutes=31)
    town.turn()
    assert town.new() == []
    with reading(town.database.sessions) as session:
        anew = select(OutboundMessage.error).where(OutboundMessage.retries == 1)
        assert list(session.scalars(anew)) == ["moved_on"]


def test_words_go_at_twilio_once_they_are_here_and_done(town: Town) -> None:
    town.begin()
    town.text("Words that only we shall keep")
    assert (
        delivering.empty_at_provider(
            town.database.sessions, town.settings, town.gateway, town.clock
        )
        == 0
    )  # the setting is off
    choose(town, twilio_redact=True)
    on_its_way = town.twilio.outbound()[-1]
    for each in town.twilio.outbound()[:-1]:
        town.report(each, "delivered")
    for _ in range(2):
        delivering.empty_at_provider(
            town.database.sessions, town.settings, town.gateway, town.clock
        )
    left = [each for each in town.twilio.held if each.body]
    assert left == [on_its_way]
    assert town.poll() == 0  # what is listed without words is not taken in anew
    town.clock.on(days=1)
    delivering.empty_at_provider(town.database.sessions, town.settings, town.gateway, town.clock)
    assert not any(each.body for each in town.twilio.held)
    [answer] = town.account(town.interview_id).answers
    assert answer.text == "Words that only we shall keep"


@pytest.mark.parametrize("kind", ["landline", "mobile", "nonFixedVoip"])
def test_lookup_keeps_an_invitation_from_a_landline(town: Town, kind: str) -> None:
    town.twilio.lines[DEB] = kind
    choose(town, twilio_lookup=True)
    town.invite()
    town.turn()
    refused = kind == "landline"
    assert states(town) == ["failed" if refused else "sent"]
    assert needs(town) == ([Need.LANDLINE] if refused else [])


def test_lookup_that_cannot_say_keeps_nobody_from_being_asked(town: Town) -> None:
    choose(town, twilio_lookup=True)
    town.gateway._client.lookups.base_url = "http://127.0.0.1:9"
    town.invite()
    town.turn()
    assert states(town) == ["sent"]


def test_a_familys_hours_win_over_an_answer_at_once(town: Town) -> None:
    town.begin()
    local = town.clock().astimezone(LONDON)
    with town.database.sessions.begin() as session:
        deb = session.scalars(
            select(Participant).where(Participant.mobile_index.is_not(None))
        ).first()
        assert deb is not None
        seen = register.person(session, deb.id)
        assert seen is not None
        later = Hours(time(local.hour + 2), time(local.hour + 4))
        contact = replace(seen.facts.contact, safe_hours=later)
        change_contact(session, deb.id, seen.version, contact, SOMEBODY, town.clock())
    assert town.text("NEXT") == []
    town.clock.on(hours=1, minutes=59 - local.minute)
    town.turn()
    assert town.new() == []
    town.clock.on(minutes=2)
    town.turn()
    [question] = town.new()
    assert question.startswith("What")


def test_where_no_hour_is_safe_for_all_who_share_the_phone_a_person_is_told(town: Town) -> None:
    town.begin()
    with town.database.sessions.begin() as session:
        deb = session.scalars(select(Participant)).one()
        deb.safe_from, deb.safe_until = time(9), time(11)
        child = ChildFacts("EX-900", "Robin", "Testcase", None, "A School")
        others = ContactFacts(mobile=DEB, safe_hours=Hours(time(16), time(18)))
        grandmother = PersonFacts("grandmother", False, "Nan", "Testcase", others)
        register.keep_child(session, child, [grandmother], town.clock())
    assert town.text("NEXT") == []
    assert states(town)[-1] == "cancelled"
    assert needs(town) == [Need.NO_SAFE_TIME]
