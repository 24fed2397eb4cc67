"""Taking back reaches every room, once, with a receipt; and nothing readable is left anywhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.candidates import told_by
from family_voice.cases.models import AccountLink, Case, FollowUp, PackSentence
from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.improvement.outcome_models import Outcome
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Fragment, Interview, Invitation, Sentence
from family_voice.interviews.state import Stage
from family_voice.interviews.words import Speaker
from family_voice.messages import outbox
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.operations import holds, receipts, waiting
from family_voice.operations.models import Withdrawal
from family_voice.operations.withdrawal import (
    Asked,
    NothingToTakeBack,
    Way,
    finish_held,
    to_finish,
    withdraw,
    withdraw_purposes,
)
from family_voice.reports.case_pack import case_pack
from family_voice.security.trail import Actor
from family_voice.sharing import copies
from family_voice.sharing.models import Quote, Replacement
from family_voice.sharing.quotes import approved
from family_voice.themes.models import CodingCommand
from tests.cases.households import NOW
from tests.operations.taking_back import (
    ASKED,
    LATER,
    PHONE,
    a_heard_round,
    key_of,
    rows,
    shown,
    told_back,
)
from tests.reports.panel_round import PanelRound


@pytest.fixture
def panel(session: Session) -> PanelRound:
    return a_heard_round(session)


def test_everything_that_came_from_the_account_goes(session: Session, panel: PanelRound) -> None:
    mother = panel.mother
    told_back(session, mother)
    children = {each.id for each in record.account(session, panel.child).sentences}
    found = withdraw(session, mother, ASKED, LATER)
    session.commit()

    assert record.state_of(session, mother).stage is Stage.WITHDRAWN
    assert record.account(session, mother).answers == ()
    theirs: tuple[type[Any], ...] = (
        Fragment, Invitation, CodingCommand, FollowUp, AccountLink, Quote, Replacement, Outcome,
    )  # fmt: skip
    for model in theirs:
        assert rows(session, model, model.interview_id == mother) == 0, model
    assert set(session.scalars(select(Sentence.id))) == children
    assert set(session.scalars(select(PackSentence.sentence_id))) <= children
    interview = session.get_one(Interview, mother)
    assert interview.speaker is None
    assert interview.return_word is None
    assert key_of(session, mother).wrapped is None
    texts: list[InboundMessage | OutboundMessage] = [
        session.scalars(select(InboundMessage).filter_by(interview_id=mother)).one(),
        session.scalars(select(OutboundMessage).filter_by(interview_id=mother)).one(),
    ]
    for text in texts:
        assert (text.phone, text.body) == (b"", b"")
        assert text.phone_index != outbox.phone_index(session, PHONE)
    for purpose in Purpose:
        for audience in Audience:
            assert not permits(session, mother, purpose, audience, LATER)
    assert found.removed == {
        "answers": 2, "texts": 1, "waited": 1, "codes": 1, "chosen": 3, "to_pass_on": 1,
        "quotes": 1, "outcomes": 1, "replacements": 1,
    }  # fmt: skip
    assert found.copies == (1,)
    assert [each.number for each in copies.recalled(session, panel.member)] == [1]


def test_a_no_to_quotes_takes_them_and_nothing_else(session: Session, panel: PanelRound) -> None:
    told_back(session, panel.mother)
    after_the_round = NOW + timedelta(days=60)
    assert approved(session, Audience.FORUM, after_the_round) == ["marker quote"]
    found = withdraw_purposes(session, panel.mother, [Purpose.QUOTE], ASKED, after_the_round)
    assert approved(session, Audience.FORUM, after_the_round) == []
    assert rows(session, Quote) == 0
    assert rows(session, Outcome) == 1
    assert receipts.removed_lines(found) == [
        "1 short piece of your words that we had asked you about.",
        "We use no short pieces of your words any more.",
    ]
    [line] = receipts.remains_lines(found)
    assert line.startswith("Other people could read short pieces that you had said yes to.")


def test_the_others_words_stay(session: Session, panel: PanelRound) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    [answer] = record.account(session, panel.child).answers
    assert answer.text == "I like the quiet room."
    assert rows(session, PackSentence) == 1


def test_the_pack_is_silent_when_nobody_is_left(session: Session, panel: PanelRound) -> None:
    for each in (panel.mother, panel.child):
        withdraw(session, each, ASKED, LATER)
    gone = case_pack(session, panel.case, panel.member, now=LATER)
    never = case_pack(session, panel.silent, panel.member, now=LATER)
    assert not gone.has_account
    assert not never.has_account


def test_a_second_time_changes_nothing(session: Session, panel: PanelRound) -> None:
    first = withdraw(session, panel.mother, ASKED, LATER)
    again = withdraw(session, panel.mother, Asked(Way.TELEPHONE, NOW.date()), LATER)
    assert again == first
    assert rows(session, Withdrawal) == 1


def test_words_after_taking_back_are_not_stored(session: Session, panel: PanelRound) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    said = record.say(session, panel.mother, "marker again", channel=Channel.WEB, now=LATER)
    assert not said.stored
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 0


@pytest.mark.parametrize("of", ["child", "interview"])
def test_a_hold_keeps_the_key_and_shows_nowhere(
    session: Session, panel: PanelRound, of: str
) -> None:
    target = (
        {"child_id": session.get_one(Case, panel.case).child_id}
        if of == "child"
        else {"interview_id": panel.mother}
    )
    hold = holds.set_hold(session, reason="Court order", by=panel.lead, now=NOW, **target)
    session.commit()
    held = withdraw(session, panel.mother, ASKED, LATER)
    session.commit()

    assert key_of(session, panel.mother).wrapped is not None
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 2
    assert not permits(session, panel.mother, Purpose.TALK, Audience.LEAD, LATER)
    assert record.state_of(session, panel.mother).stage is Stage.WITHDRAWN
    assert doors.by_phone(session, PHONE, LATER) == []
    [waiting_text] = session.scalars(select(OutboundMessage.state))
    assert waiting_text == "cancelled"
    assert not finish_held(session, panel.mother, LATER)

    holds.lift(session, hold, panel.lead, LATER)
    assert to_finish(session) == [panel.mother]
    assert finish_held(session, panel.mother, LATER)
    session.commit()
    assert key_of(session, panel.mother).wrapped is None
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 0
    assert to_finish(session) == []
    assert shown(held)[0] == "What you told us: 2 answers."


def test_only_the_small_group_may_not_read_it(session: Session, panel: PanelRound) -> None:
    found = withdraw_purposes(session, panel.mother, {Purpose.CHECK}, ASKED, LATER)
    assert permits(session, panel.mother, Purpose.TALK, Audience.LEAD, LATER)
    assert not permits(session, panel.mother, Purpose.CHECK, Audience.PANEL, LATER)
    assert rows(session, PackSentence) == 1
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 2
    assert receipts.removed_lines(found) == [
        "3 sentences we had chosen for the small group to read.",
        "The small group cannot read what you told us any more.",
    ]
    assert found.copies == (1,)
    assert receipts.remains_lines(found) == []


def test_no_contact_takes_what_waits_out_of_line(session: Session, panel: PanelRound) -> None:
    record.decide(session, panel.mother, Purpose.CONTACT, True, channel=Channel.WEB, now=NOW)
    found = withdraw_purposes(session, panel.mother, {Purpose.CONTACT}, ASKED, LATER)
    assert found.removed == {"waited": 1}
    assert session.scalars(select(OutboundMessage.state)).all() == ["cancelled"]


def test_what_was_never_allowed_cannot_be_taken_back(session: Session, panel: PanelRound) -> None:
    with pytest.raises(NothingToTakeBack):
        withdraw_purposes(session, panel.mother, {Purpose.QUOTE}, ASKED, LATER)


def test_the_wait_can_be_called_off_and_goes_with_the_account(
    session: Session, panel: PanelRound
) -> None:
    first = waiting.begin(session, panel.mother, PHONE, NOW)
    assert waiting.begin(session, panel.mother, PHONE, LATER) == first
    assert waiting.due(session, NOW + timedelta(days=6, hours=23)) == []
    assert waiting.due(session, NOW + timedelta(days=7)) == [panel.mother]
    assert waiting.call_off(session, panel.mother, Actor("family"), LATER)
    assert not waiting.call_off(session, panel.mother, Actor("family"), LATER)
    waiting.begin(session, panel.mother, PHONE, NOW)
    withdraw(session, panel.mother, ASKED, LATER)
    assert waiting.of_interview(session, panel.mother) is None


def test_nothing_readable_lies_in_the_file(
    session: Session, panel: PanelRound, database: object, tmp_path: Path
) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    session.commit()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for words in (
                b"friend now",
                b"Miss Grey",
                b"marker words",
                b"Marker ramp",
                b"7700900555",
            ):
                assert words not in content, path


def test_what_is_taken_back_is_nobodys_to_link_or_name(session: Session, panel: PanelRound) -> None:
    holds.set_hold(session, reason="Court", by=panel.lead, now=NOW, interview_id=panel.mother)
    assert told_by(session, panel.mother).relationship == "mother"
    withdraw(session, panel.mother, ASKED, LATER)
    assert told_by(session, panel.mother) == Speaker()
    assert panel.mother not in linking.unlinked(session)
    # A link that a person made is gone without a hold, so it counts for nobody while one stands.
    assert linking.case_of(session, panel.mother) is None
    assert linking.interviews_of(session, [panel.case]) == {panel.case: [panel.child]}
    assert linking.linked_by_people(session) == [(panel.child, panel.case)]
