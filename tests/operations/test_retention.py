"""Each class of data goes when its time is over, and not a day before; holds keep it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.cases.who_decides import say_own_no
from family_voice.consent.authority_models import Judgement
from family_voice.consent.decisions import How
from family_voice.consent.decisions import decide as write_decision
from family_voice.consent.models import Decision
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Reopened
from family_voice.interviews.models import Fragment, Interview, Invitation
from family_voice.messages import arriving
from family_voice.messages.models import InboundMessage
from family_voice.operations import holds, retention
from family_voice.operations.reconcile import search
from family_voice.people.access import Role
from family_voice.people.models import Child, Participant
from family_voice.people.staff import add_staff
from family_voice.reports.case_pack import case_pack
from family_voice.security import throttling
from family_voice.security.models import DataKey, FailedAttempt
from family_voice.security.trail import Actor
from family_voice.settings import RETENTION_CLASSES
from family_voice.themes.coding import coded
from tests.cases.deciding import AT_SCHOOL, agree, represented
from tests.cases.households import NOW, a_full_round, case
from tests.conftest import Database
from tests.reports.panel_round import PanelRound, a_panel_round

# The last session is on 16 December 2026, and the round freezes ten working days later.
FROZE = datetime(2027, 1, 4, 12, tzinfo=NOW.tzinfo)
PHONE = "+447700900556"


@pytest.fixture
def panel(database: Database) -> PanelRound:
    with database.sessions.begin() as session:
        made = a_panel_round(session, NOW)
        doors.open_doors(session, made.mother, FROZE, NOW, phone=PHONE)
        arriving.receive(session, "SM1", PHONE, "marker by text", 1, NOW, made.mother)
        arriving.receive(session, "SM2", "+447700900999", "from nobody", 1, NOW)
        throttling.count_failure(session, "code_word", PHONE, NOW)
        return made


def run(database: Database, days: float, **periods: int) -> dict[str, int]:
    return retention.run(database.sessions, periods, FROZE + timedelta(days=days))


def due(session: Session, name: str, now: datetime) -> retention.Due:
    return next(
        each for each in retention.preview(session, {}, now) if each.data_class.name == name
    )


def test_the_classes_a_council_may_set_are_those_with_days() -> None:
    assert {c.name for c in retention.CLASSES if c.days is not None} == set(RETENTION_CLASSES)


def test_nothing_goes_while_it_is_new(database: Database, panel: PanelRound) -> None:
    assert retention.run(database.sessions, {}, NOW + timedelta(days=1)) == {}


def test_accounts_go_two_years_after_the_round_and_the_figures_stay(
    database: Database, panel: PanelRound
) -> None:
    assert "accounts" not in run(database, 725)
    assert run(database, 740)["accounts"] == 2
    with database.sessions() as session:
        for interview_id in (panel.mother, panel.child):
            interview = session.get_one(Interview, interview_id)
            assert session.get_one(DataKey, interview.key_id).wrapped is None
            assert interview.speaker is None
            assert record.account(session, interview_id).answers == ()
        assert set(session.scalars(select(Fragment.words))) == {b""}
        # Which codes were put on it is no word of theirs; past figures are made of them.
        assert coded(session, panel.mother).codes == {"friends"}
        pack = case_pack(session, panel.case, panel.member, now=FROZE + timedelta(days=741))
        assert "friend now" not in repr(pack)
        assert search(session, now=FROZE).found == ()
    assert run(database, 741).get("accounts") is None


def test_a_council_may_keep_accounts_for_less(database: Database, panel: PanelRound) -> None:
    assert run(database, 40, accounts=30)["accounts"] == 2


@pytest.mark.parametrize("on", ["child", "interview"])
def test_a_hold_keeps_what_is_over(database: Database, panel: PanelRound, on: str) -> None:
    with database.sessions.begin() as session:
        child_id = session.get_one(Case, panel.case).child_id
        which = {"child_id": child_id} if on == "child" else {"interview_id": panel.mother}
        hold = holds.set_hold(session, reason="Court", by=panel.lead, now=NOW, **which)
    with database.sessions() as session:
        found = due(session, "accounts", FROZE + timedelta(days=740))
        assert found.held == (2 if on == "child" else 1)
    run(database, 740)
    with database.sessions.begin() as session:
        key_id = session.get_one(Interview, panel.mother).key_id
        assert session.get_one(DataKey, key_id).wrapped is not None
        holds.lift(session, hold, panel.lead, FROZE)
    run(database, 741)
    with database.sessions() as session:
        assert session.get_one(DataKey, key_id).wrapped is None


def test_words_of_somebody_who_said_no_go_after_four_weeks(
    database: Database, panel: PanelRound
) -> None:
    with database.sessions.begin() as session:
        record.decide(session, panel.mother, Purpose.TALK, False, channel=Channel.WEB, now=FROZE)
    assert "said_no" not in run(database, 27.9)
    assert run(database, 28.1)["said_no"] == 1
    later = FROZE + timedelta(days=29)
    with database.sessions.begin() as session:
        assert record.account(session, panel.mother).answers == ()
        assert record.account(session, panel.child).answers != ()
        # They may still change their mind, and begin anew.
        record.decide(session, panel.mother, Purpose.TALK, True, channel=Channel.WEB, now=later)
        record.happen(session, panel.mother, Reopened(Channel.WEB), later)
        record.write(
            session, panel.mother, "worries.open", "New words", channel=Channel.WEB, now=later
        )
        [answer] = record.account(session, panel.mother).answers
        assert answer.text == "New words"
    assert "said_no" not in run(database, 60)


def test_words_of_a_child_that_told_somebody_no_go_after_four_weeks(
    database: Database, panel: PanelRound
) -> None:
    with database.sessions.begin() as session:
        say_own_no(session, panel.case, Actor("operator"), FROZE)
    assert "said_no" not in run(database, 27.9)
    assert run(database, 28.1)["said_no"] == 1
    with database.sessions() as session:
        assert record.account(session, panel.child).answers == ()
        assert record.account(session, panel.mother).answers != ()


def test_names_go_three_years_after_a_childs_last_round(
    database: Database, panel: PanelRound
) -> None:
    assert "identifiers" not in run(database, 1090)
    assert run(database, 1100)["identifiers"] == 6
    with database.sessions() as session:
        for child in session.scalars(select(Child)):
            assert child.first_name == child.reference == b""
        for person in session.scalars(select(Participant)):
            assert (person.mobile_index, person.last_name) == (None, b"")
        assert search(session, now=FROZE).found == ()


def test_small_things_go_soon(database: Database, panel: PanelRound) -> None:
    cleared = run(database, 60)
    assert cleared["texts"] == 1
    assert cleared["unknown_texts"] == 1
    assert cleared["invitations"] == 1
    assert cleared["failed_attempts"] == 1
    with database.sessions() as session:
        assert session.scalars(select(FailedAttempt)).all() == []
        assert set(session.scalars(select(InboundMessage.body))) == {b""}
        [invitation] = session.scalars(select(Invitation))
        assert (invitation.phone_index, invitation.code_word_index) == (None, None)
        # What was said in the text stands with the account.
        assert record.account(session, panel.mother).answers != ()
    assert run(database, 61) == {}


def test_it_is_noted_that_it_ran(database: Database, panel: PanelRound) -> None:
    run(database, 0)
    with database.sessions() as session:
        assert retention.ran_on(session, FROZE.date())
        assert not retention.ran_on(session, NOW.date())


def test_names_go_where_somebody_decided_for_the_child(database: Database) -> None:
    with database.sessions.begin() as session:
        lead = add_staff(session, email="l@c.example", roles=[Role.LEAD], now=NOW).staff_id
        view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
        interview_id = represented(session, view)
        agree(session, interview_id, NOW, by=lead)
    assert run(database, 1100)["identifiers"] == 6
    with database.sessions() as session:
        # The decision still names what it rested on; whose words and reasons those were is gone.
        [judgement] = session.scalars(select(Judgement))
        assert set(session.scalars(select(Decision.on_behalf))) == {judgement.id}
        assert (judgement.judged_by, judgement.why, judgement.representative) == (b"", b"", None)


def test_a_no_that_is_said_again_lengthens_nothing(database: Database, panel: PanelRound) -> None:
    said = statement(Purpose.TALK, "parent_carer", "en")
    with database.sessions.begin() as session:
        record.decide(session, panel.mother, Purpose.TALK, False, channel=Channel.WEB, now=FROZE)
        write_decision(
            session, panel.mother, said, False, How.TEXT, None, FROZE + timedelta(days=20)
        )
    assert "said_no" not in run(database, 27.9)
    assert run(database, 28.1)["said_no"] == 1
