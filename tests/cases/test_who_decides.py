"""Who decides: nobody is asked before it is on record, a child's no goes before every yes, and a
young person is asked afresh from the day on which they decide for themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import who_decides
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.inviting import Refusal
from family_voice.cases.next_steps import NextStep
from family_voice.cases.talking import MayNotAsk, begin_talk
from family_voice.consent.authority_models import Judgement
from family_voice.consent.decisions import Audience, permits, standing
from family_voice.consent.judging import NoResponsibility, NotWritten, SomebodyElse
from family_voice.consent.statements import Purpose
from family_voice.consent.who import Basis, Decides, Obstacle
from family_voice.interviews import record
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.noting import MayNotKeep, Note, take_down
from family_voice.security.models import TrailRow
from family_voice.settings import Settings
from family_voice.storage.base import new_id
from tests.cases.deciding import (
    AT_SCHOOL,
    TELEPHONE,
    agree,
    asked,
    judged,
    represented,
    why_not,
)
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker


def test_under_sixteen_nobody_is_asked_before_somebody_judged(
    session: Session, settings: Settings
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    tomasz = speaker(view, "Tomasz")
    assert tomasz.ask.decides is Decides.NOT_JUDGED
    assert why_not(session, view, "Tomasz") is Refusal.NOT_JUDGED
    with pytest.raises(MayNotAsk) as why:
        begin_talk(
            session, view.case_id, tomasz.person.id, TELEPHONE,
            came_to_us=True, by=SOMEBODY, now=NOW,
        )  # fmt: skip
    assert why.value.obstacle is Obstacle.NOT_JUDGED
    # The mother is not held up by it.
    assert why_not(session, view, "Ewa") is None
    judged(session, view)
    assert why_not(session, view, "Tomasz") is None
    assert asked(session, settings, view, "Tomasz")


def test_only_the_child_of_a_case_left_makes_judging_the_next_step(session: Session) -> None:
    text = EXAMPLE.read_text().replace("17/05/2008,13", "17/05/2012,10")
    round_id = a_full_round(session, text.encode())
    assert case(session, round_id, "EX-006").next_step is NextStep.JUDGE
    judged(session, case(session, round_id, "EX-006"))
    assert case(session, round_id, "EX-006").next_step is NextStep.INVITE


def test_from_sixteen_nothing_has_to_be_judged(session: Session) -> None:
    view = case(session, a_full_round(session), "EX-003")
    assert speaker(view, "Tomasz").ask.decides is Decides.THEMSELVES
    assert why_not(session, view, "Tomasz") is None


@pytest.mark.parametrize("missing", ["judged_by", "why"])
def test_who_judged_and_why_has_to_be_written(session: Session, missing: str) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    with pytest.raises(NotWritten) as what:
        judged(session, view, **{missing: "  "})
    assert what.value.field == missing
    assert session.scalars(select(Judgement)).all() == []


def test_what_was_judged_is_sealed_and_on_the_trail(session: Session) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    judged(session, view, why="Drew the panel and crossed out his mother.")
    (row,) = session.scalars(select(Judgement))
    assert b"crossed" not in row.why
    assert b"tutor" not in row.judged_by
    (line,) = session.scalars(select(TrailRow).where(TrailRow.action == "change"))
    assert (line.resource, line.resource_id, line.fields) == (
        "case", view.case_id, ["understanding"],
    )  # fmt: skip


def test_who_does_not_understand_enough_needs_somebody_with_parental_responsibility(
    session: Session,
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    with pytest.raises(NoResponsibility):
        judged(session, view, able=False)
    with pytest.raises(NoResponsibility):
        judged(session, view, able=False, representative="Gran", basis=Basis.CARE_ORDER)
    with pytest.raises(NoResponsibility):
        judged(session, view, able=False, representative_id=speaker(view, "Tomasz").person.id)
    elsewhere = new_id()
    with pytest.raises(SomebodyElse):
        judged(session, view, able=False, representative_id=elsewhere)
    judged(session, view, able=False, representative_id=speaker(view, "Ewa").person.id)
    assert why_not(session, view, "Tomasz") is Refusal.REPRESENTED
    found = who_decides.who_decides(session, view.case_id, speaker(view, "Tomasz").person.id, NOW)
    assert found.judgement is not None
    assert found.judgement.representative == "Ewa Trial"
    assert found.judgement.basis is Basis.PARENTAL_RESPONSIBILITY


def test_what_somebody_else_decided_is_marked_as_theirs(session: Session, staff: UUID) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    interview_id = represented(session, view)
    # What the child presses themselves is no yes.
    with pytest.raises(NotTheirs):
        agree(session, interview_id, NOW)
    agree(session, interview_id, NOW, by=staff)
    (row,) = session.scalars(select(Judgement))
    assert standing(session, interview_id, NOW)[Purpose.TALK].on_behalf == row.id
    assert permits(session, interview_id, Purpose.CHECK, Audience.PANEL, NOW)


def test_a_childs_own_no_goes_before_a_parents_yes(session: Session, staff: UUID) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    interview_id = represented(session, view)
    agree(session, interview_id, NOW, by=staff)
    who_decides.say_own_no(session, view.case_id, SOMEBODY, NOW)
    for purpose, audience in (
        (Purpose.TALK, Audience.LEAD),
        (Purpose.TALK, Audience.FAMILY),
        (Purpose.CHECK, Audience.PANEL),
    ):
        assert not permits(session, interview_id, purpose, audience, NOW)
    with pytest.raises(NotTheirs):
        agree(session, interview_id, NOW, by=staff)
    assert why_not(session, view, "Tomasz") is Refusal.OWN_NO
    # The mother may still speak of what she lives through.
    assert why_not(session, view, "Ewa") is None
    who_decides.lift_own_no(session, view.case_id, SOMEBODY, NOW)
    assert permits(session, interview_id, Purpose.CHECK, Audience.PANEL, NOW)


def test_what_a_represented_child_presses_is_a_no_of_their_own(
    session: Session, staff: UUID
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    interview_id = represented(session, view)
    agree(session, interview_id, NOW, by=staff)
    record.decide(session, interview_id, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    assert why_not(session, view, "Tomasz") is Refusal.OWN_NO
    with pytest.raises(NotTheirs):
        agree(session, interview_id, NOW, by=staff)


def test_who_comes_back_themselves_after_a_no_is_heard(
    session: Session, settings: Settings
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    judged(session, view)
    interview_id = asked(session, settings, view, "Tomasz").interview_id
    who_decides.say_own_no(session, view.case_id, SOMEBODY, NOW)
    later = NOW + timedelta(days=1)
    agree(session, interview_id, later)
    assert permits(session, interview_id, Purpose.CHECK, Audience.PANEL, later)
    assert why_not(session, view, "Tomasz", later) is None


def test_a_childs_no_takes_their_words_out_of_a_talk_with_a_parent(
    session: Session, settings: Settings, staff: UUID
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    interview_id = asked(session, settings, view, "Ewa").interview_id
    agree(session, interview_id, NOW)
    for words, who in (("I am tired.", "self"), ("I hate the bus.", "child")):
        record.say(
            session, interview_id, words, channel=TELEPHONE, now=NOW,
            prompt_id="important.open", speaker=who, recorded_by=staff,
        )  # fmt: skip
    who_decides.say_own_no(session, view.case_id, SOMEBODY, NOW)
    (answer,) = record.account(session, interview_id).answers
    assert answer.text == "I am tired."

    def note(speaker: str) -> Note:
        return Note("worries.open", (new_id(),), "The bus again.", Manner.SUMMARY, speaker)

    with pytest.raises(MayNotKeep):
        take_down(session, interview_id, note("child"), channel=TELEPHONE, by=staff, now=NOW)
    assert take_down(
        session, interview_id, note("self"), channel=TELEPHONE, by=staff, now=NOW
    ).changed
    who_decides.lift_own_no(session, view.case_id, SOMEBODY, NOW)
    assert "bus" in record.account(session, interview_id).answers[0].text


def test_a_no_in_a_talk_of_their_own_does_so_too(
    session: Session, settings: Settings, staff: UUID
) -> None:
    view = case(session, a_full_round(session, AT_SCHOOL), "EX-003")
    judged(session, view)
    mothers = asked(session, settings, view, "Ewa").interview_id
    agree(session, mothers, NOW)
    record.say(
        session, mothers, "I hate the bus.", channel=TELEPHONE, now=NOW,
        prompt_id="important.open", speaker="child", recorded_by=staff,
    )  # fmt: skip
    own = asked(session, settings, view, "Tomasz").interview_id
    record.decide(session, own, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    assert record.account(session, mothers).answers == ()
