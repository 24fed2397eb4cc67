"""Invitations and links by email: what they open, when they go, and what keeps them from going."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import carrying_on, missed_calls, reaching, standing_down
from family_voice.cases.inviting import (
    AlreadyInvited,
    CannotInvite,
    Invited,
    Refusal,
    Way,
    invite,
)
from family_voice.cases.ledger import Level3, Outcome, StoodDown
from family_voice.cases.next_steps import NextStep
from family_voice.consent.statements import Purpose
from family_voice.interviews import about, doors
from family_voice.interviews import record as interview
from family_voice.interviews.about import HearBack
from family_voice.interviews.events import Channel as Spoken
from family_voice.interviews.events import Finished
from family_voice.messages import emailing
from family_voice.messages.emailing import Claimed, Received
from family_voice.messages.mailer import Later, Refused
from family_voice.messages.models import OutboundEmail
from family_voice.operations import clearing, mailing, posting
from family_voice.operations.withdrawal import Asked, withdraw
from family_voice.operations.withdrawal import Way as TakenBack
from family_voice.people.facts import NOT_SAFE, Hours
from family_voice.settings import Settings
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker
from tests.conftest import Database
from tests.factories import on_the_rota

NADIA = "nadia@example.org"
PHONE = "+447700900101"


@dataclass
class Mailbox:
    """Stands where the mail server is: keeps what it is handed, or answers as it is told to."""

    answer: Exception | None = None
    handed: list[Claimed] = field(default_factory=list)

    def send(self, claimed: Claimed) -> None:
        self.handed.append(claimed)
        if self.answer is not None:
            raise self.answer


@dataclass
class Town:
    """A round whose first case is Aaliyah's, whose mother Nadia has an email address."""

    database: Database
    settings: Settings
    round_id: UUID
    case_id: UUID
    nadia: UUID
    now: datetime = NOW

    def invited(self, way: Way = Way.EMAIL, occasion: UUID | None = None) -> Invited:
        with self.database.sessions.begin() as session:
            return invite(
                session, self.case_id, self.nadia, way, settings=self.settings, by=SOMEBODY,
                now=self.now, occasion=occasion,
            )  # fmt: skip

    def post(self, mailer: Mailbox | None = None) -> mailing.Posted:
        return posting.post(self.database.sessions, mailer or Mailbox(), lambda: self.now)

    def box(self) -> list[Received]:
        with self.database.sessions() as session:
            return emailing.received(session, NADIA)

    def states(self) -> list[tuple[str, str | None]]:
        with self.database.sessions() as session:
            rows = session.scalars(select(OutboundEmail).order_by(OutboundEmail.queued_at))
            return [(row.state, row.error) for row in rows]

    def begun(self) -> UUID:
        """Nadia has said something on the telephone."""
        interview_id = self.invited(Way.LETTER).interview_id
        with self.database.sessions.begin() as session:
            for purpose in (Purpose.TALK, Purpose.CHECK):
                interview.decide(
                    session, interview_id, purpose, True, channel=Spoken.TELEPHONE, now=NOW
                )
            interview.say(
                session, interview_id, "Taxis come late.", channel=Spoken.TELEPHONE, now=NOW,
                prompt_id="important.open",
            )  # fmt: skip
        return interview_id


@pytest.fixture
def town(database: Database, settings: Settings) -> Town:
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
        view = case(session, round_id, "EX-001")
        on_the_rota(session, NOW)
        nadia = speaker(view, "Nadia").person
        english = replace(nadia.facts.contact, language="en")
        reaching.change_contact(session, nadia.id, nadia.version, english, SOMEBODY, NOW)
    return Town(database, replace(settings, phone="01632 960000"), round_id, view.case_id, nadia.id)


def test_an_invitation_by_email(town: Town) -> None:
    invited = town.invited()
    assert town.post() == mailing.Posted(sent=1)
    [came] = town.box()
    words = came.email.as_words()
    assert invited.secrets.code_word is not None
    assert invited.link in words
    assert invited.secrets.code_word in words
    for private in ("Aaliyah", "Nadia", "Year 6", "Hollybank", "EHCP", "SEND"):
        assert private not in words
    with town.database.sessions() as session:
        assert doors.by_token(session, invited.secrets.token, NOW) == invited.interview_id
        assert doors.code_word_is(session, invited.interview_id, invited.secrets.code_word)
        view = case(session, town.round_id, "EX-001")
        assert view.state is Level3.INVITED
        assert [(each.channel, each.outcome) for each in view.attempts] == [("email", Outcome.SENT)]


def test_an_email_after_a_letter_leaves_the_letter_good(town: Town) -> None:
    letter, email = town.invited(Way.LETTER), town.invited()
    with town.database.sessions() as session:
        for token in (letter.secrets.token, email.secrets.token):
            assert doors.by_token(session, token, NOW) == letter.interview_id
        assert doors.by_code(session, letter.secrets.code, NOW) == letter.interview_id
    assert (email.secrets.code, email.secrets.code_word) == ("", None)
    again = town.invited(Way.LETTER)
    assert town.states() == [("cancelled", "not_wanted")], "its link has stopped working"
    with town.database.sessions() as session, pytest.raises(doors.NoSuchDoor):
        doors.by_code(session, letter.secrets.code, NOW)
    assert again.interview_id == letter.interview_id


def test_pressing_twice_sends_one(town: Town) -> None:
    occasion = uuid4()
    town.invited(occasion=occasion)
    with pytest.raises(AlreadyInvited):
        town.invited(occasion=occasion)
    assert town.post().sent == 1


def test_nobody_is_invited_by_an_address_we_do_not_have(town: Town) -> None:
    with town.database.sessions.begin() as session:
        view = case(session, town.round_id, "EX-004")
        deb = speaker(view, "Deb").person.id
        with pytest.raises(CannotInvite) as why:
            invite(
                session, view.case_id, deb, Way.EMAIL, settings=town.settings, by=SOMEBODY, now=NOW
            )
    assert why.value.refusal is Refusal.NO_EMAIL


class Changes(TypedDict, total=False):
    """What a test changes of how Nadia may be reached."""

    email: str
    safe_to_contact: str
    safe_hours: Hours


def contact(session: Session, town: Town, **facts: Unpack[Changes]) -> None:
    who = speaker(case(session, town.round_id, "EX-001"), "Nadia").person
    new = replace(who.facts.contact, **facts)
    reaching.change_contact(session, who.id, who.version, new, SOMEBODY, NOW)


def down(session: Session, town: Town) -> None:
    standing_down.stand_down(session, town.case_id, StoodDown.MOVED, SOMEBODY, NOW)


def said_no(session: Session, town: Town) -> None:
    reaching.record_attempt(
        session, town.case_id, participant_id=town.nadia, channel=reaching.Channel.TELEPHONE,
        outcome=Outcome.DECLINED, at=NOW, by=SOMEBODY, now=NOW,
    )  # fmt: skip


def took_back(session: Session, town: Town) -> None:
    who = speaker(case(session, town.round_id, "EX-001"), "Nadia")
    assert who.interview_id is not None
    withdraw(session, who.interview_id, Asked(TakenBack.WEB, NOW.date()), NOW)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda session, town: contact(session, town, safe_to_contact=NOT_SAFE),
        lambda session, town: contact(session, town, email="other@example.org"),
        lambda session, town: contact(session, town, email=""),
        down,
        said_no,
        took_back,
    ],
)
def test_what_happens_meanwhile_keeps_an_email_from_going(
    town: Town, meanwhile: Callable[[Session, Town], None]
) -> None:
    town.invited()
    with town.database.sessions.begin() as session:
        meanwhile(session, town)
    mailer = Mailbox()
    assert town.post(mailer) == mailing.Posted()
    assert mailer.handed == []
    assert town.box() == []


def test_it_waits_for_a_safe_hour(town: Town) -> None:
    with town.database.sessions.begin() as session:
        at = datetime(2026, 11, 18, 16, tzinfo=UTC)
        contact(session, town, safe_hours=Hours(at.time(), at.replace(hour=18).time()))
    due_at = town.invited().due_at
    assert due_at == at
    assert town.post().sent == 0
    town.now = at
    assert town.post().sent == 1


def test_a_mailbox_that_does_not_take_it_is_in_the_ledger(town: Town) -> None:
    town.invited()
    town.now += timedelta(minutes=1)
    assert town.post(Mailbox(Refused("550"))) == mailing.Posted(not_sent=1)
    with town.database.sessions() as session:
        view = case(session, town.round_id, "EX-001")
        assert view.attempts[-1].outcome is Outcome.WRONG_CONTACT
        assert view.next_step is NextStep.FIND_CONTACT
    assert town.states() == [("failed", "550")]


def test_it_goes_once_the_mail_server_is_back(town: Town) -> None:
    town.invited()
    for _ in range(emailing.MOST_ATTEMPTS + 1):  # never given up for what is no fault of its own
        assert town.post(Mailbox(Later(about_us=True))).not_sent == 1
        assert town.post().sent == 0, "not at once"
        town.now += timedelta(minutes=5)
    mailer = Mailbox()
    assert town.post(mailer).sent == 1
    assert len(mailer.handed) == 1


def test_somebody_who_has_begun_gets_a_link_to_carry_on_once_a_day(town: Town) -> None:
    interview_id = town.begun()
    town.now = NOW.replace(hour=22)
    for _ in range(3):
        with town.database.sessions.begin() as session:
            assert carrying_on.send_link(session, interview_id, town.settings, town.now)
    assert town.post().sent == 1, "at any hour: they asked for it a moment ago"
    [came] = town.box()
    assert came.email.subject == "Your link to carry on"
    assert "Taxis" not in came.email.as_words()
    token = came.email.link.rpartition("/")[2]
    with town.database.sessions.begin() as session:
        assert doors.by_token(session, token, town.now) == interview_id
        doors.spend_links(session, interview_id, town.now)
        with pytest.raises(doors.NoSuchDoor):
            doors.by_token(session, token, town.now)
    town.now += timedelta(days=1)
    with town.database.sessions.begin() as session:
        assert carrying_on.send_link(session, interview_id, town.settings, town.now)
    assert town.post().sent == 1


def test_no_link_where_none_may_be_sent(town: Town) -> None:
    interview_id = town.begun()
    off = replace(town.settings, email="off")
    with town.database.sessions.begin() as session:
        assert not carrying_on.send_link(session, interview_id, off, NOW)
        contact(session, town, safe_to_contact=NOT_SAFE)
        assert not carrying_on.send_link(session, interview_id, town.settings, NOW)
    assert town.states() == []


@pytest.mark.parametrize("still_agreed", [True, False])
def test_word_that_something_is_ready(town: Town, still_agreed: bool) -> None:
    interview_id = town.begun()
    with town.database.sessions.begin() as session:
        interview.happen(session, interview_id, Finished(Spoken.TELEPHONE), NOW)
        assert not carrying_on.tell_ready(session, interview_id, "a", town.settings, NOW)
        about.choose_hear_back(session, interview_id, HearBack.EMAIL)
        for occasion in ("a", "a"):
            assert carrying_on.tell_ready(session, interview_id, occasion, town.settings, NOW)
        interview.decide(
            session, interview_id, Purpose.CONTACT, still_agreed, channel=Spoken.TELEPHONE, now=NOW
        )
    assert town.post().sent == still_agreed
    assert [each.email.subject for each in town.box()] == [
        "There is something for you to read"
    ] * still_agreed


def test_nothing_of_an_email_is_kept_once_everything_is_taken_back(town: Town) -> None:
    town.invited()
    town.post()
    with town.database.sessions.begin() as session:
        took_back(session, town)
    assert town.states() == []


def test_an_old_email_is_cleared_away_with_the_texts(town: Town) -> None:
    town.invited()
    with town.database.sessions.begin() as session:
        later = NOW + timedelta(days=60)
        assert clearing.old_texts(session, later) == [], "it has not gone yet"
    town.post()
    with town.database.sessions.begin() as session:
        [old] = clearing.old_texts(session, NOW + timedelta(days=60))
        assert not clearing.text_is_held(session, old)
        clearing.clear_text(session, old, NOW)
    assert town.states() == []


def test_a_missed_call_is_somebody_who_waits_to_be_rung(town: Town) -> None:
    with town.database.sessions() as session:
        assert missed_calls.callers(session, PHONE) == [], "nobody has been invited"
    invited = town.invited(Way.LETTER)
    with town.database.sessions.begin() as session:
        [caller] = missed_calls.callers(session, PHONE)
        assert (caller.name, caller.reference, caller.waits) == ("Nadia Example", "EX-001", False)
        assert missed_calls.note(session, caller.interview_id, SOMEBODY, NOW)
        assert not missed_calls.note(session, caller.interview_id, SOMEBODY, NOW)
        view = case(session, town.round_id, "EX-001")
        assert view.next_step is NextStep.RING_THEM
        assert [call.interview_id for call in view.calls] == [invited.interview_id]
        assert missed_calls.callers(session, PHONE)[0].waits
        assert missed_calls.callers(session, "+447700900999") == []


def test_what_came_of_it_is_told_after_the_round_too(town: Town) -> None:
    interview_id = town.begun()
    town.now = NOW + timedelta(days=100)
    with town.database.sessions.begin() as session:
        about.choose_hear_back(session, interview_id, HearBack.EMAIL)
        interview.decide(
            session, interview_id, Purpose.CONTACT, True, channel=Spoken.TELEPHONE, now=NOW
        )
        assert carrying_on.tell_ready(session, interview_id, "a", town.settings, town.now)
        assert not carrying_on.send_link(session, interview_id, town.settings, town.now)
    assert town.post().sent == 1
    [came] = town.box()
    assert "26 March 2027" in came.email.as_words()
    token = came.email.link.rpartition("/")[2]
    with town.database.sessions() as session:
        assert doors.by_token(session, token, town.now + timedelta(days=28)) == interview_id
        with pytest.raises(doors.NoSuchDoor):
            doors.by_token(session, token, town.now + timedelta(days=29))
