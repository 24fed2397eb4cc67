"""The next step of a case counts every account that stands on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.cases.linking import LinkHow, link, unlink
from family_voice.cases.next_steps import NextStep, Spent, is_coded
from family_voice.cases.reaching import Step, record_minutes
from family_voice.cases.reading import CaseView, case_view
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, ReadBack
from family_voice.interviews.words import Speaker
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.cases.households import NOW, SOMEBODY, a_full_round, case
from tests.cases.test_finality import told

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

BEFORE, LATER = NOW - timedelta(hours=2), NOW + timedelta(hours=2)


def came_and_told(session: Session) -> UUID:
    """Zoya came by the open link and sent what she had to say, before anything was coded."""
    came = record.begin(
        session, audience="parent_carer", language="en", now=BEFORE,
        speaker=Speaker(first_name="Zoya", last_name="Example"),
    )  # fmt: skip
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, came, purpose, True, channel=Channel.WEB, now=BEFORE)
    record.say(session, came, "The bus is late.", channel=Channel.WEB, now=BEFORE)
    record.happen(session, came, Finished(Channel.WEB), BEFORE)
    return came


def view(session: Session, case_id: UUID) -> CaseView:
    return case_view(session, case_id, LATER)


@on_sqlite
@pytest.mark.parametrize("of_account", [True, False])
def test_an_account_linked_after_the_first_was_coded_waits_to_be_coded(
    session: Session, of_account: bool
) -> None:
    case_id = case(session, round_id := a_full_round(session), "EX-001").case_id
    first = told(session, round_id, "EX-001", BEFORE)
    record.happen(session, first, ReadBack(Channel.TELEPHONE, right=True), BEFORE)
    spent = {"interview_id": first} if of_account else {}
    record_minutes(session, case_id, Step.CODE, 9, SOMEBODY, NOW, **spent)
    assert view(session, case_id).next_step is NextStep.CHOOSE
    came = came_and_told(session)
    by = add_staff(
        session, email="a@council.example", roles=[Role.LEAD], now=NOW, password="x" * 12
    )
    link(session, came, case_id, LinkHow.PERSON, LATER, by=by.staff_id)
    found = view(session, case_id)
    assert found.next_step is NextStep.CODE
    assert [each.interview_id for each in found.accounts if each.to_code] == [came]
    assert [each.interview_id for each in found.came_uninvited] == [came]
    record_minutes(session, case_id, Step.CODE, 4, SOMEBODY, LATER, interview_id=came)
    assert view(session, case_id).next_step is NextStep.CHOOSE
    unlink(session, came, LATER, by.staff_id)
    assert view(session, case_id).came_uninvited == ()


@on_sqlite
def test_minutes_of_one_account_code_no_other(session: Session) -> None:
    case_id = case(session, round_id := a_full_round(session), "EX-001").case_id
    first = told(session, round_id, "EX-001", BEFORE)
    came = came_and_told(session)
    link(session, came, case_id, LinkHow.PERSON, BEFORE)
    record_minutes(session, case_id, Step.CODE, 4, SOMEBODY, NOW, interview_id=came)
    waiting = [each.interview_id for each in view(session, case_id).accounts if each.to_code]
    assert waiting == [first]


@on_sqlite
def test_nobody_is_asked_to_code_what_nobody_may_read(session: Session) -> None:
    case_id = case(session, round_id := a_full_round(session), "EX-001").case_id
    told(session, round_id, "EX-001", BEFORE)
    came = came_and_told(session)
    link(session, came, case_id, LinkHow.PERSON, BEFORE)
    record.decide(session, came, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    found = view(session, case_id)
    assert came not in [each.interview_id for each in found.accounts if each.to_code]
    assert found.came_uninvited == ()


MOMENTS = st.integers(0, 9).map(lambda hours: NOW + timedelta(hours=hours))


@given(
    st.lists(st.builds(Spent, st.sampled_from(["mum", "dad", None]), MOMENTS)),
    MOMENTS,
)
def test_minutes_count_for_their_account_and_those_of_none_for_who_was_there(
    spent: list[Spent], since: datetime
) -> None:
    own = any(each.account == "mum" for each in spent)
    of_none = [each.at for each in spent if each.account is None]
    for_all = bool(of_none) and max(of_none) >= since
    assert is_coded("mum", since, spent) is (own or for_all)
