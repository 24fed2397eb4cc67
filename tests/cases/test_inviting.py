"""Inviting, standing down, trying: what goes out, what is held, and what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from family_voice.cases import reaching, standing_down
from family_voice.cases.deadlines import end_of
from family_voice.cases.inviting import (
    CannotInvite,
    Invited,
    Refusal,
    Way,
    invite,
    may_be_texted,
)
from family_voice.cases.ledger import Level3, Outcome, PublicState, StoodDown
from family_voice.cases.linking import unlink
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reaching import Channel, Step
from family_voice.cases.reading import CaseView, case_view, round_ledger
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors
from family_voice.interviews import record as interview
from family_voice.interviews.events import Channel as Spoken
from family_voice.interviews.events import Finished, ReadBack, Withdrawn
from family_voice.messages.models import OutboundMessage
from family_voice.messages.outbox import body_of, stop
from family_voice.people.access import Role
from family_voice.people.register import Changed, NobodyConfirmed, person
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker, with_sibling
from tests.conftest import Database

SECOND = timedelta(seconds=1)


def asked(
    session: Session,
    settings: Settings,
    round_id: UUID,
    reference: str,
    name: str,
    way: Way = Way.TEXT,
) -> Invited:
    """Somebody invited by first name."""
    view = case(session, round_id, reference)
    who = speaker(view, name).person.id
    return invite(session, view.case_id, who, way, settings=settings, by=SOMEBODY, now=NOW)


def refused(
    session: Session,
    settings: Settings,
    round_id: UUID,
    reference: str,
    name: str,
    way: Way = Way.TEXT,
) -> Refusal:
    """Why somebody may not be invited."""
    with pytest.raises(CannotInvite) as why:
        asked(session, settings, round_id, reference, name, way)
    return why.value.refusal


def waiting(session: Session) -> list[OutboundMessage]:
    """The texts in line."""
    return list(session.scalars(select(OutboundMessage).where(OutboundMessage.state == "queued")))


def speak(session: Session, interview_id: UUID, *, check: bool = True, send: bool = True) -> None:
    """An account by telephone."""
    for purpose, yes in ((Purpose.TALK, True), (Purpose.CHECK, check)):
        interview.decide(session, interview_id, purpose, yes, channel=Spoken.TELEPHONE, now=NOW)
    interview.say(
        session, interview_id, "Taxis come late.", channel=Spoken.TELEPHONE, now=NOW,
        prompt_id="important.open",
    )  # fmt: skip
    if send:
        interview.happen(session, interview_id, Finished(Spoken.TELEPHONE), NOW)


def test_a_text_invitation(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    invited = asked(session, settings, round_id, "EX-001", "Nadia")
    [text] = waiting(session)
    body = body_of(session, text)
    assert invited.link in body
    assert invited.secrets.code_word is not None
    for private in (invited.secrets.code_word, invited.secrets.code, "Aaliyah", "Year 6"):
        assert private not in body
    assert doors.by_token(session, invited.secrets.token, NOW) == invited.interview_id
    assert doors.by_phone(session, "+447700900101", NOW) == [invited.interview_id]
    view = case(session, round_id, "EX-001")
    assert view.state is Level3.INVITED
    assert [(each.channel, each.outcome, each.person_name) for each in view.attempts] == [
        ("text", Outcome.SENT, "Nadia Example")
    ]
    assert speaker(view, "Nadia").interview_id == invited.interview_id
    assert doors.by_token(session, invited.secrets.token, end_of(invited.last_day) - SECOND)
    with pytest.raises(doors.NoSuchDoor):
        doors.by_token(session, invited.secrets.token, end_of(invited.last_day))


def test_a_second_invitation_replaces_the_first(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    first = asked(session, settings, round_id, "EX-001", "Nadia")
    letter = asked(session, settings, round_id, "EX-001", "Nadia", Way.LETTER)
    assert letter.interview_id == first.interview_id
    assert not waiting(session), "its link has stopped working"
    with pytest.raises(doors.NoSuchDoor):
        doors.by_code(session, first.secrets.code, NOW)
    assert doors.by_code(session, letter.secrets.code, NOW) == first.interview_id


def test_a_text_after_a_letter_leaves_the_letter_good(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    letter = asked(session, settings, round_id, "EX-001", "Nadia", Way.LETTER)
    text = asked(session, settings, round_id, "EX-001", "Nadia", Way.TEXT)
    again = asked(session, settings, round_id, "EX-001", "Nadia", Way.TEXT)
    assert (text.secrets.code, text.secrets.code_word) == ("", None)
    assert letter.secrets.code_word is not None
    assert doors.code_word_is(session, letter.interview_id, letter.secrets.code_word)
    for token in (letter.secrets.token, text.secrets.token, again.secrets.token):
        assert doors.by_token(session, token, NOW) == letter.interview_id
    assert len(waiting(session)) == 1, "the second text takes the place of the first"


def test_who_may_not_be_invited(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    assert refused(session, settings, round_id, "EX-006", "Huw") is Refusal.NOT_SAFE
    assert refused(session, settings, round_id, "EX-001", "Imran") is Refusal.NOT_CONFIRMED
    assert refused(session, settings, round_id, "EX-002", "Moira") is Refusal.NO_MOBILE
    assert asked(session, settings, round_id, "EX-002", "Moira", Way.LETTER)
    stop(session, "+447700900101", NOW)
    assert refused(session, settings, round_id, "EX-001", "Nadia") is Refusal.STOPPED_TEXTS
    assert asked(session, settings, round_id, "EX-001", "Nadia", Way.LETTER)
    assert not waiting(session)


def test_a_looked_after_child_needs_the_social_worker(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    grace = speaker(case(session, round_id, "EX-005"), "Grace").person
    unconfirmed = replace(
        grace.facts.contact, safe_to_contact="not_confirmed", safe_confirmed_by=""
    )
    reaching.change_contact(session, grace.id, grace.version, unconfirmed, SOMEBODY, NOW)
    assert refused(session, settings, round_id, "EX-005", "Grace") is Refusal.NEEDS_SOCIAL_WORKER


def test_a_no_is_not_asked_again(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    invited = asked(session, settings, round_id, "EX-004", "Deb")
    interview.decide(
        session, invited.interview_id, Purpose.TALK, False, channel=Spoken.WEB, now=NOW
    )
    assert case(session, round_id, "EX-004").state is Level3.DECLINED
    assert refused(session, settings, round_id, "EX-004", "Deb") is Refusal.SAID_NO


def test_the_ledger_from_invited_to_heard(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    assert case(session, round_id, "EX-003").next_step is NextStep.INVITE
    invited = asked(session, settings, round_id, "EX-003", "Ewa")
    view = case(session, round_id, "EX-003")
    assert view.next_step is NextStep.WAIT, "it has only just gone out"
    for days, step in ((5, NextStep.WAIT), (6, NextStep.TRY_AGAIN)):
        later = case_view(session, view.case_id, NOW + timedelta(days=days) - SECOND)
        assert later.next_step is step
    speak(session, invited.interview_id, send=False)
    assert case(session, round_id, "EX-003").state is Level3.IN_PROGRESS
    interview.happen(session, invited.interview_id, Finished(Spoken.TELEPHONE), NOW)
    view = case(session, round_id, "EX-003")
    assert (view.state, view.next_step) == (Level3.HEARD, NextStep.READ_BACK)
    assert view.public_state is PublicState.ACCOUNT
    ledger = round_ledger(session, round_id, NOW)
    assert (ledger.heard.heard, ledger.heard.of) == (1, 6)
    interview.happen(session, invited.interview_id, ReadBack(Spoken.TELEPHONE, True), NOW)
    assert case(session, round_id, "EX-003").next_step is NextStep.CODE
    lead = add_staff(session, email="lead@council.example", roles=[Role.LEAD], now=NOW)
    unlink(session, invited.interview_id, NOW, lead.staff_id)
    assert case(session, round_id, "EX-003").state is not Level3.HEARD


def test_heard_but_not_for_the_panel(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    speak(session, asked(session, settings, round_id, "EX-003", "Ewa").interview_id, check=False)
    view = case(session, round_id, "EX-003")
    assert view.state is Level3.HEARD
    assert view.public_state is PublicState.NO_ACCOUNT


def test_taken_back_is_heard_no_more(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    invited = asked(session, settings, round_id, "EX-004", "Deb")
    speak(session, invited.interview_id)
    interview.happen(session, invited.interview_id, Withdrawn(Spoken.TELEPHONE), NOW)
    view = case(session, round_id, "EX-004")
    assert view.state is Level3.DECLINED
    assert view.public_state is PublicState.NO_ACCOUNT


def test_standing_down_stops_everything(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session, with_sibling())
    own = asked(session, settings, round_id, "EX-001", "Nadia")
    sibling = asked(session, settings, round_id, "EX-004", "Nadia")
    other = asked(session, settings, round_id, "EX-003", "Ewa")
    view = case(session, round_id, "EX-001")
    done = standing_down.stand_down(session, view.case_id, StoodDown.DIED, SOMEBODY, NOW)
    assert (done.texts_cancelled, done.siblings_held) == (2, 1)
    assert [each.interview_id for each in waiting(session)] == [other.interview_id]
    assert not may_be_texted(session, own.interview_id, NOW)
    assert may_be_texted(session, other.interview_id, NOW)
    assert case(session, round_id, "EX-001").state is Level3.STOOD_DOWN
    held = case(session, round_id, "EX-004")
    assert (held.held, held.next_step) == (True, NextStep.RELEASE)
    for way in Way:
        assert refused(session, settings, round_id, "EX-004", "Nadia", way) is (
            Refusal.SIBLING_HELD
        )
        assert refused(session, settings, round_id, "EX-001", "Nadia", way) is Refusal.STOOD_DOWN
    ledger = round_ledger(session, round_id, NOW)
    assert (ledger.heard.of, ledger.families_heard.of, ledger.stood_down) == (5, 5, 1)
    with pytest.raises(standing_down.AlreadyStoodDown):
        standing_down.stand_down(session, view.case_id, StoodDown.MOVED, SOMEBODY, NOW)
    standing_down.release_siblings(session, held.case_id, SOMEBODY, NOW)
    again = asked(session, settings, round_id, "EX-004", "Nadia")
    assert again.interview_id == sibling.interview_id


def test_a_slip_can_be_put_right(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session, with_sibling())
    view = case(session, round_id, "EX-001")
    standing_down.stand_down(session, view.case_id, StoodDown.DRAWN_IN_ERROR, SOMEBODY, NOW)
    standing_down.put_back(session, view.case_id, SOMEBODY, NOW)
    assert case(session, round_id, "EX-001").state is Level3.NOT_STARTED
    assert not case(session, round_id, "EX-004").held


def test_attempts_minutes_and_giving_up(session: Session) -> None:
    round_id = a_full_round(session)
    view = case(session, round_id, "EX-003")
    ewa = speaker(view, "Ewa").person.id

    def tried(outcome: Outcome, minutes: int = 0) -> None:
        reaching.record_attempt(
            session, view.case_id, participant_id=ewa, channel=Channel.TELEPHONE,
            outcome=outcome, at=NOW - timedelta(hours=1), by=SOMEBODY, now=NOW, minutes=minutes,
        )  # fmt: skip

    tried(Outcome.CALL_BACK, minutes=4)
    assert case(session, round_id, "EX-003").next_step is NextStep.CALL_BACK
    tried(Outcome.WRONG_CONTACT)
    assert case(session, round_id, "EX-003").next_step is NextStep.FIND_CONTACT
    tried(Outcome.NO_ANSWER)
    assert case(session, round_id, "EX-003").next_step is NextStep.ANOTHER_WAY
    reaching.record_minutes(session, view.case_id, Step.TALK, 30, SOMEBODY, NOW)
    reaching.say_tried_enough(session, view.case_id, True, SOMEBODY, NOW)
    now = case(session, round_id, "EX-003")
    assert now.state is Level3.NOT_REACHED
    assert (now.line.minutes_talking, now.line.minutes_other) == (30, 4)
    assert now.minutes_by_step == {"call": 4, "talk": 30}
    with pytest.raises(reaching.NotYet):
        reaching.record_attempt(
            session, view.case_id, participant_id=None, channel=Channel.LETTER,
            outcome=Outcome.SENT, at=NOW + timedelta(minutes=1), by=SOMEBODY, now=NOW,
        )  # fmt: skip
    with pytest.raises(reaching.OddMinutes):
        reaching.record_minutes(session, view.case_id, Step.TALK, 0, SOMEBODY, NOW)


def test_no_longer_safe_stops_texts(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    invited = asked(session, settings, round_id, "EX-001", "Nadia")
    nadia = speaker(case(session, round_id, "EX-001"), "Nadia").person
    contact = replace(nadia.facts.contact, safe_to_contact="no", safe_confirmed_by="")
    with pytest.raises(NobodyConfirmed):
        reaching.change_contact(session, nadia.id, nadia.version, contact, SOMEBODY, NOW)
    assert waiting(session)
    contact = replace(contact, safe_confirmed_by="Her health visitor")
    reaching.change_contact(session, nadia.id, nadia.version, contact, SOMEBODY, NOW)
    assert not waiting(session)
    assert not may_be_texted(session, invited.interview_id, NOW)
    row = session.scalars(select(TrailRow).where(TrailRow.resource == "participant")).one()
    assert row.fields == ["safe_to_contact", "safe_confirmed_by"]


def test_eight_editors_lose_nothing(database: Database) -> None:
    """Each looks, adds a word and saves; whoever comes second sees the other's and adds to it."""
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
        who = speaker(case(session, round_id, "EX-001"), "Nadia").person.id

    def edit(number: int) -> int:
        with reading(database.sessions) as session:
            seen = person(session, who)
            assert seen is not None
        conflicts = 0
        while True:
            how = f"{seen.facts.contact.safe_how} [{number}]"
            try:
                with database.sessions.begin() as session:
                    contact = replace(seen.facts.contact, safe_how=how)
                    reaching.change_contact(session, who, seen.version, contact, SOMEBODY, NOW)
                return conflicts
            except Changed as other:
                seen, conflicts = other.stored, conflicts + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(edit, range(8)))
    with reading(database.sessions) as session:
        stored = person(session, who)
    assert stored is not None
    assert all(f"[{number}]" in stored.facts.contact.safe_how for number in range(8))


def test_an_invitation_and_a_standing_down_at_once(database: Database, settings: Settings) -> None:
    """Whichever is first, no text is left in line to a family whose case was stood down."""
    with database.sessions.begin() as session:
        round_id = a_full_round(session, with_sibling())
        first, sibling = (case(session, round_id, each) for each in ("EX-001", "EX-004"))

    def invite_one(view: CaseView) -> None:
        with database.sessions.begin() as session, suppress(CannotInvite):
            # The page has been looked at in the same transaction, as on the web.
            assert case(session, round_id, view.reference)
            nadia = speaker(view, "Nadia").person.id
            invite(session, view.case_id, nadia, Way.TEXT, settings=settings, by=SOMEBODY, now=NOW)

    def stand_down(view: CaseView) -> None:
        with database.sessions.begin() as session:
            standing_down.stand_down(session, view.case_id, StoodDown.DIED, SOMEBODY, NOW)

    with ThreadPoolExecutor(3) as pool:
        for done in [
            pool.submit(invite_one, first),
            pool.submit(stand_down, first),
            pool.submit(invite_one, sibling),
        ]:
            done.result()
    with reading(database.sessions) as session:
        assert waiting(session) == []


def test_the_ledger_asks_a_fixed_number_of_questions(session: Session, settings: Settings) -> None:
    round_id = a_full_round(session)
    session.expunge_all()
    with counted(session) as few:
        round_ledger(session, round_id, NOW)
    for reference, name in (("EX-001", "Nadia"), ("EX-003", "Ewa"), ("EX-004", "Deb")):
        speak(session, asked(session, settings, round_id, reference, name).interview_id)
    session.expunge_all()
    session.info["opened_keys"].clear()
    with counted(session) as many:
        round_ledger(session, round_id, NOW)
    assert len(many) <= 29
    assert len(many) - len(few) <= 2, "the keys, which the first look had open already"


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
