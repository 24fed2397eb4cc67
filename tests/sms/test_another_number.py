"""A number that is put right: nothing goes to the old one, and the new one says who it is first."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases import linking
from family_voice.cases.importing import import_cases
from family_voice.cases.inviting import Way, invite
from family_voice.cases.reaching import change_contact
from family_voice.interviews.events import NOTES
from family_voice.interviews.models import Interview
from family_voice.messages import settling
from family_voice.messages.models import OutboundMessage
from family_voice.people import register
from family_voice.people.facts import SAFE
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.cases.households import SOMEBODY, a_round
from tests.sms.town import DEB, MAISIE, Town, only

NEW = "+447700900555"


def put_right(town: Town, interview_id: UUID, mobile: str = NEW) -> None:
    """The lead writes down another number of Deb's, and that it is safe."""
    with town.database.sessions.begin() as session:
        who = fetch(session, Interview, interview_id).participant_id
        assert who is not None
        seen = register.person(session, who)
        assert seen is not None
        contact = replace(
            seen.facts.contact, mobile=mobile, safe_to_contact=SAFE, safe_confirmed_by="Her sister"
        )
        change_contact(session, who, seen.version, contact, SOMEBODY, town.clock())


def invited_again(town: Town, interview_id: UUID) -> str:
    """The lead texts another invitation; its code word."""
    with town.database.sessions.begin() as session:
        case_id = linking.case_of(session, interview_id)
        who = fetch(session, Interview, interview_id).participant_id
        assert case_id is not None
        assert who is not None
        invited = invite(
            session, case_id, who, Way.TEXT,
            settings=town.settings, by=SOMEBODY, now=town.clock(),
        )  # fmt: skip
    town.turn()
    return invited.secrets.code_word or ""


def sent_to(town: Town, phone: str) -> list[str]:
    return [each.body for each in town.twilio.outbound(phone)]


def test_what_failed_is_not_tried_anew_on_the_old_number(town: Town) -> None:
    invited = town.invite()
    town.turn()
    [first] = town.twilio.outbound()
    town.report(first, "undelivered", ErrorCode="30003")
    put_right(town, invited.interview_id)
    town.clock.on(hours=1)
    town.turn()
    assert len(town.twilio.outbound()) == 1


def test_what_was_in_doubt_is_not_sent_again_to_the_old_number(town: Town) -> None:
    invited = town.invite()
    town.twilio.moods = ["unreachable"]
    town.turn()
    put_right(town, invited.interview_id)
    town.clock.on(minutes=5)
    town.turn()
    town.turn()
    assert town.twilio.outbound() == []
    with reading(town.database.sessions) as session:
        assert session.scalars(select(OutboundMessage.error)).all() == ["other_number"]


def test_a_person_cannot_send_again_to_the_old_number_either(town: Town) -> None:
    invited = town.invite()
    town.twilio.moods = ["lost"]
    town.turn()
    with town.database.sessions.begin() as session:
        message = session.scalars(select(OutboundMessage)).one()
        assert message.state == "unknown"
        settling.person_says(session, message.id, False, SOMEBODY.id or message.id, town.clock())
    put_right(town, invited.interview_id)
    town.turn()
    assert len(town.twilio.outbound()) == 1


def test_nobody_is_known_on_the_new_number_before_the_code_word_came(town: Town) -> None:
    invited = town.invite()
    for words in (invited.secrets.code_word or "", "AGREE", "AGREE", "What she said herself"):
        town.text(words)
    town.interview_id = invited.interview_id
    put_right(town, town.interview_id)
    [asked] = town.text("Who is this?", NEW)
    assert "code word" in asked
    assert [answer.text for answer in town.account(town.interview_id).answers] == [
        "What she said herself"
    ]
    question = town.text(invited.secrets.code_word or "", NEW)[-1]
    assert question.startswith("What")
    town.text("And more", NEW)
    assert "And more" in [answer.text for answer in town.account(town.interview_id).answers]


def test_the_old_number_is_a_strangers(town: Town) -> None:
    town.begin()
    put_right(town, town.interview_id)
    [neutral] = town.text("NEXT")
    assert "We do not know this number" in neutral
    assert town.state(town.interview_id).on_phone is None
    assert town.text("AGREE") != []  # an account of their own
    assert town.state(town.interview_id).answers.get(NOTES) is None


def test_a_number_that_a_caseload_file_brings_is_followed_too(town: Town) -> None:
    invited = town.invite()
    for words in (invited.secrets.code_word or "", "AGREE", "AGREE"):
        town.text(words)
    file = only(MAISIE).decode().replace("07700 900104", "07700 900555")
    assert "07700 900555" in file
    with town.database.sessions.begin() as session:
        import_cases(session, a_round(session, "Spring 2027"), file.encode(), town.clock())
    assert "We do not know this number" in town.text("NEXT")[0]
    assert "code word" in town.text("Hello", NEW)[-1]
    assert town.text(invited.secrets.code_word or "", NEW)[-1].startswith("What")


@pytest.mark.parametrize("number", [NEW, DEB])
def test_after_wrong_an_invitation_goes_once_a_person_put_it_right(town: Town, number: str) -> None:
    town.begin()
    town.text("WRONG")
    put_right(town, town.interview_id, number)
    before = len(town.twilio.outbound(number))
    code_word = invited_again(town, town.interview_id)
    assert len(town.twilio.outbound(number)) == before + 1
    assert town.text(code_word, number)[-1].startswith("What")


def test_an_invitation_by_a_person_goes_although_the_program_is_silent(town: Town) -> None:
    town.begin()
    for _ in range(3):
        town.text("I am driving")
    assert town.state(town.interview_id).with_person
    before = len(town.twilio.outbound())
    invited_again(town, town.interview_id)
    assert len(town.twilio.outbound()) == before + 1
