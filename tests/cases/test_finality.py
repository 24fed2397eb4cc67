"""Level 3 is final only when every case is, and stays as it was written then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import following_up, reaching
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.final_models import Level3Final
from family_voice.cases.finality import IsFinal, NotFinal, final_of, insist_final
from family_voice.cases.importing import CaseloadRefused, import_cases
from family_voice.cases.ledger import Lack, Level3, Outcome, StoodDown
from family_voice.cases.making_final import (
    NotConfirmed,
    StillMissing,
    make_final,
    open_again,
    standing,
)
from family_voice.cases.models import Round
from family_voice.cases.reaching import Channel, record_attempt
from family_voice.cases.standing_down import put_back, stand_down
from family_voice.cases.still_open import StillOpen
from family_voice.cases.talking import begin_talk
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import AskedForCall, Finished
from family_voice.interviews.events import Channel as Spoken
from family_voice.storage.locking import Missing
from tests.cases.households import NOW, SOMEBODY, a_full_round, a_round, case

#: After the heard-by days of both meetings.
AFTER = datetime(2026, 12, 10, 10, tzinfo=UTC)


def tried(session: Session, case_id: UUID, *ways: tuple[Channel, Outcome]) -> None:
    for channel, outcome in ways:
        record_attempt(
            session, case_id, participant_id=None, channel=channel, outcome=outcome, at=NOW,
            by=SOMEBODY, now=NOW,
        )  # fmt: skip


AGREED = (
    (Channel.TEXT, Outcome.SENT),
    (Channel.TELEPHONE, Outcome.NO_ANSWER),
    (Channel.TELEPHONE, Outcome.NO_ANSWER),
)


def everybody_tried(session: Session, round_id: UUID, but: str = "") -> None:
    for each in standing(session, round_id, NOW).ledger.cases:
        if each.reference != but:
            tried(session, each.case_id, *AGREED)


def told(session: Session, round_id: UUID, reference: str, at: datetime) -> UUID:
    view = case(session, round_id, reference)
    interview = begin_talk(
        session, view.case_id, view.people[0].person.id, Spoken.TELEPHONE, came_to_us=True,
        by=SOMEBODY, now=at,
    )  # fmt: skip
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview, purpose, True, channel=Spoken.TELEPHONE, now=at)
    record.say(session, interview, "She loves the bus.", channel=Spoken.TELEPHONE, now=at)
    record.happen(session, interview, Finished(Spoken.TELEPHONE), at)
    return interview


def test_who_never_agreed_to_talk_is_no_account_to_look_for(session: Session) -> None:
    round_id = a_full_round(session)
    session.get_one(Round, round_id).opened_at = NOW - timedelta(days=1)
    came = [record.begin(session, audience="parent_carer", language="en", now=NOW)
            for _ in range(2)]  # fmt: skip
    assert StillOpen.ON_NO_CASE not in standing(session, round_id, NOW).still_open
    record.decide(session, came[0], Purpose.TALK, True, channel=Spoken.WEB, now=NOW)
    assert standing(session, round_id, NOW).still_open == {StillOpen.ON_NO_CASE: 1}


def test_nothing_is_final_while_one_case_is_missing(session: Session) -> None:
    round_id = a_full_round(session)
    everybody_tried(session, round_id, but="EX-003")
    found = standing(session, round_id, AFTER)
    assert [(each.reference, lack) for each, lack in found.missing] == [
        ("EX-003", Lack.NOBODY_TRIED)
    ]
    assert not found.may_be_final
    with pytest.raises(StillMissing):
        make_final(session, round_id, SOMEBODY, AFTER)
    assert final_of(session, round_id) is None
    with pytest.raises(NotFinal):
        insist_final(session, round_id)


def test_what_each_case_lacks(session: Session) -> None:
    round_id = a_full_round(session)
    one_text = case(session, round_id, "EX-001")
    tried(session, one_text.case_id, (Channel.TEXT, Outcome.SENT))
    lacks = {each.reference: lack for each, lack in standing(session, round_id, NOW).missing}
    assert (lacks["EX-001"], lacks["EX-002"]) == (Lack.STILL_TIME, Lack.NOBODY_TRIED)
    lacks = {each.reference: lack for each, lack in standing(session, round_id, AFTER).missing}
    assert lacks["EX-001"] is Lack.MORE_TRIES
    reaching.say_tried_enough(session, one_text.case_id, True, SOMEBODY, AFTER)
    assert "EX-001" not in {
        each.reference for each, _lack in standing(session, round_id, AFTER).missing
    }


def test_a_round_without_cases_or_that_is_not_there(session: Session) -> None:
    with pytest.raises(StillMissing):
        make_final(session, a_round(session), SOMEBODY, AFTER)
    with pytest.raises(Missing):
        make_final(session, uuid4(), SOMEBODY, AFTER)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_still_open_is_counted_and_has_to_be_known(session: Session) -> None:
    round_id = a_full_round(session)
    everybody_tried(session, round_id)
    assert standing(session, round_id, AFTER).still_open == {}
    asked, owed = case(session, round_id, "EX-002"), case(session, round_id, "EX-001")
    nadia = owed.people[0].person.id
    for view, who in ((asked, None), (owed, nadia)):
        record_attempt(
            session, view.case_id, participant_id=who, channel=Channel.TELEPHONE,
            outcome=Outcome.CALL_BACK, at=NOW, by=SOMEBODY, now=NOW,
        )  # fmt: skip
    following_up.needs_doing(
        session, owed.case_id, None, words="The boiler is out.", worker="", manager="",
        due_on=NOW.date(), family_agreed=True, by=SOMEBODY, now=NOW,
    )  # fmt: skip
    wants_a_call = told(session, round_id, "EX-004", NOW)
    record.happen(session, wants_a_call, AskedForCall(Spoken.WEB), NOW + timedelta(hours=1))
    assert standing(session, round_id, AFTER).still_open == {
        StillOpen.CALLS_WANTED: 1, StillOpen.CALL_BACKS: 2, StillOpen.OWED: 1,
    }  # fmt: skip
    with pytest.raises(NotConfirmed):
        make_final(session, round_id, SOMEBODY, AFTER)
    assert final_of(session, round_id) is None
    told(session, round_id, "EX-001", AFTER)
    assert standing(session, round_id, AFTER).still_open[StillOpen.CALL_BACKS] == 1
    assert make_final(session, round_id, SOMEBODY, AFTER, though_open=True).number == 1


def test_what_was_final_stays_as_it_was(session: Session) -> None:
    round_id = a_full_round(session)
    told(session, round_id, "EX-001", NOW)
    everybody_tried(session, round_id)
    made = make_final(session, round_id, SOMEBODY, AFTER)
    by_reference = {
        each.reference: each for each in standing(session, round_id, AFTER).ledger.cases
    }
    assert made.states[by_reference["EX-001"].case_id] is Level3.HEARD
    assert made.states[by_reference["EX-002"].case_id] is Level3.NOT_REACHED
    assert len(made.states) == 6

    told(session, round_id, "EX-002", AFTER)
    found = standing(session, round_id, AFTER)
    assert [each.reference for each in found.since] == ["EX-002"]
    assert found.since[0].line.addendum_only
    assert insist_final(session, round_id).states == made.states
    with pytest.raises(IsFinal):
        make_final(session, round_id, SOMEBODY, AFTER)


def test_opened_again_it_stays_on_record_and_can_be_made_final_once_more(session: Session) -> None:
    round_id = a_full_round(session)
    everybody_tried(session, round_id)
    make_final(session, round_id, SOMEBODY, AFTER)
    open_again(session, round_id, SOMEBODY, AFTER)
    assert final_of(session, round_id) is None
    with pytest.raises(NotFinal):
        open_again(session, round_id, SOMEBODY, AFTER)
    told(session, round_id, "EX-002", AFTER)
    again = make_final(session, round_id, SOMEBODY, AFTER + timedelta(days=1))
    assert again.number == 2
    assert sorted(again.states.values()).count(Level3.HEARD) == 1
    assert len(session.scalars(select(Level3Final)).all()) == 2


def test_no_case_joins_a_round_that_is_final(session: Session) -> None:
    round_id = a_full_round(session)
    out = case(session, round_id, "EX-006")
    everybody_tried(session, round_id, but="EX-006")
    stand_down(session, out.case_id, StoodDown.MOVED, SOMEBODY, NOW)
    make_final(session, round_id, SOMEBODY, AFTER)
    with pytest.raises(IsFinal):
        put_back(session, out.case_id, SOMEBODY, AFTER)
    with pytest.raises(CaseloadRefused, match="1 problem"):
        import_cases(session, round_id, EXAMPLE.read_bytes(), NOW)
