"""Follow-ups: with the family's yes, sealed with their conversation, answered once at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.following_up import (
    Kind,
    NotAgreed,
    NothingSaid,
    Replied,
    complaint,
    needs_doing,
    of_case,
    of_cases,
    one,
    open_ones,
    reply,
)
from family_voice.cases.models import FollowUp
from family_voice.cases.owners import NoOwner, assign
from family_voice.cases.reading import CaseView
from family_voice.cases.talking import begin_talk
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import NOTES, Channel, Withdrawn
from family_voice.interviews.models import Interview
from family_voice.security.sealing import destroy_key
from family_voice.storage.base import new_id
from family_voice.storage.locking import Missing, fetch
from tests.cases.households import NOW, SOMEBODY, a_full_round, case

#: Somebody of ours who does not work with the child.
READER = UUID(int=9)


@pytest.fixture
def one_case(session: Session) -> CaseView:
    return case(session, a_full_round(session), "EX-001")


@pytest.fixture
def interview(session: Session, one_case: CaseView) -> UUID:
    found = begin_talk(
        session, one_case.case_id, one_case.people[0].person.id, Channel.TELEPHONE,
        came_to_us=True, by=SOMEBODY, now=NOW,
    )  # fmt: skip
    record.decide(session, found, Purpose.TALK, True, channel=Channel.TELEPHONE, now=NOW)
    return found


def to_do(
    session: Session,
    case_id: UUID,
    interview: UUID | None,
    words: str = "Boiler",
    due: date = date(2026, 11, 20),
    agreed: bool = True,
) -> UUID:
    return needs_doing(
        session, case_id, interview, words=words, worker="Pat Day", manager="", due_on=due,
        family_agreed=agreed, by=SOMEBODY, now=NOW,
    )  # fmt: skip


def test_nothing_is_stored_without_their_yes_or_words(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    with pytest.raises(NotAgreed):
        to_do(session, one_case.case_id, interview, agreed=False)
    with pytest.raises(NothingSaid):
        to_do(session, one_case.case_id, interview, words=" \n")
    with pytest.raises(Missing):
        to_do(session, UUID(int=3), interview)
    assert of_case(session, one_case.case_id, READER, NOW) == []


def test_it_is_sealed_and_erased_with_the_conversation(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    with_talk = to_do(session, one_case.case_id, interview)
    without = to_do(session, one_case.case_id, None)
    for row in session.scalars(select(FollowUp)):
        assert b"Boiler" not in row.words
        assert row.worker is not None
        assert b"Pat" not in row.worker
    destroy_key(session, fetch(session, Interview, interview).key_id, NOW)
    assert one(session, with_talk, READER, NOW).words == ""
    assert one(session, without, READER, NOW).words == "Boiler"


def test_words_are_not_shown_once_they_took_them_back(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    with_talk = to_do(session, one_case.case_id, interview)
    without = to_do(session, one_case.case_id, None)
    reply(
        session,
        with_talk,
        one(session, with_talk, READER, NOW).version,
        "Mended.",
        SOMEBODY,
        NOW,
    )
    record.decide(session, interview, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    for found in (
        one(session, with_talk, READER, NOW),
        *of_case(session, one_case.case_id, READER, NOW),
    ):
        if found.id == with_talk:
            assert (found.words, found.taken_back) == ("", True)
            assert (found.worker, found.due_on, found.reply) == (
                "Pat Day", date(2026, 11, 20), "Mended.",
            )  # fmt: skip
        else:
            assert (found.id, found.words, found.taken_back) == (without, "Boiler", False)
    record.decide(session, interview, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
    assert one(session, with_talk, READER, NOW).words == "Boiler"


def test_open_ones_of_somebody_who_took_their_words_back_stay_without_words(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    with_talk = to_do(session, one_case.case_id, interview)
    record.decide(session, interview, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    (found,) = open_ones(session, READER, NOW)
    assert (found.id, found.words, found.worker) == (with_talk, "", "Pat Day")


def test_the_most_pressing_first_until_there_is_a_reply(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    later = to_do(session, one_case.case_id, interview, due=date(2026, 12, 1))
    sooner = to_do(session, one_case.case_id, None)
    assert [each.id for each in open_ones(session, READER, NOW)] == [sooner, later]
    assert open_ones(session, READER, NOW)[0].reference == "EX-001"
    assert one(session, sooner, READER, NOW).overdue(date(2026, 11, 21))
    assert not one(session, sooner, READER, NOW).overdue(date(2026, 11, 20))
    version = one(session, sooner, READER, NOW).version
    with pytest.raises(NothingSaid):
        reply(session, sooner, version, "", SOMEBODY, NOW)
    reply(session, sooner, version, "Mended.", SOMEBODY, NOW + timedelta(days=1))
    assert [each.id for each in open_ones(session, READER, NOW)] == [later]
    with pytest.raises(Replied) as meanwhile:
        reply(session, sooner, version, "Not mended.", SOMEBODY, NOW)
    assert meanwhile.value.stored.reply == "Mended."


def test_a_complaint_is_apart_unless_they_want_it_in(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    for words, wish in (("Apart.", False), ("In.", True)):
        complaint(
            session, one_case.case_id, interview, words=words, pass_on=False, in_account=wish,
            channel=Channel.TELEPHONE, by=SOMEBODY, now=NOW,
        )  # fmt: skip
    notes = record.account(session, interview).answer(NOTES)
    assert notes is not None
    assert notes.text == "In."
    found = {each.words: each for each in of_case(session, one_case.case_id, READER, NOW)}
    assert not found["Apart."].in_account
    assert found["In."].in_account
    assert {each.kind for each in found.values()} == {Kind.COMPLAINT}
    assert open_ones(session, READER, NOW) == []  # nobody of ours owes the answer


def test_what_was_taken_back_is_there_for_nobody(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    """Also while a legal hold keeps the row: that there is one shows to nobody."""
    row = to_do(session, one_case.case_id, interview)
    record.happen(session, interview, Withdrawn(Channel.TELEPHONE), NOW)
    assert fetch(session, FollowUp, row).words
    assert of_case(session, one_case.case_id, new_id(), NOW) == []
    assert open_ones(session, new_id(), NOW) == []
    with pytest.raises(Missing):
        one(session, row, None, NOW)


def test_a_complaint_that_we_pass_on_waits_for_an_owner_until_there_is_a_reply(
    session: Session, one_case: CaseView, interview: UUID
) -> None:
    row = complaint(
        session, one_case.case_id, interview, words="The bus.", pass_on=True, in_account=False,
        channel=Channel.TELEPHONE, by=SOMEBODY, now=NOW,
    )  # fmt: skip
    to_do(session, one_case.case_id, interview, due=date(2026, 12, 20))
    found = open_ones(session, READER, NOW)
    assert [(each.kind, each.worker, each.due_on) for each in found] == [
        (Kind.COMPLAINT, "", date(2026, 12, 2)),  # ten working days
        (Kind.TO_DO, "Pat Day", date(2026, 12, 20)),
    ]
    named: dict[str, Any] = {
        "manager": "Ana Chief",
        "due_on": date(2026, 11, 27),
        "by": SOMEBODY,
        "now": NOW,
    }
    version = found[0].version
    with pytest.raises(NoOwner):
        assign(session, row, version, worker="  ", **named)
    assign(session, row, version, worker=" Complaints team ", **named)
    with pytest.raises(Replied) as meanwhile:
        assign(session, row, version, worker="Somebody else", **named)
    assert meanwhile.value.stored.worker == "Complaints team"
    stored = fetch(session, FollowUp, row)
    assert b"Complaints" not in (stored.worker or b"")
    reply(session, row, stored.version, "A new route.", SOMEBODY, NOW)
    assert [each.kind for each in open_ones(session, READER, NOW)] == [Kind.TO_DO]
    of_both = of_cases(session, [one_case.case_id], READER, NOW)
    assert [each.open for each in of_both] == [True, False]
    assert of_cases(session, [], READER, NOW) == []
