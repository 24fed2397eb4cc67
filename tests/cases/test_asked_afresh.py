"""From the end of compulsory school age a young person is asked afresh; doubts, and who speaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import who_decides
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.inviting import Refusal, Way, may_be_texted
from family_voice.cases.ledger import Level3
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import case_view
from family_voice.cases.talking import MayNotAsk, begin_talk
from family_voice.cases.who_decides import LOOKED_AFTER
from family_voice.consent import authority
from family_voice.consent.authority_models import Approach, NoContact
from family_voice.consent.decisions import Audience, permits, standing
from family_voice.consent.judging import NoResponsibility, NotWritten
from family_voice.consent.school_age import decides_from
from family_voice.consent.statements import Purpose
from family_voice.consent.who import Basis, Obstacle, Reason, Responsibility
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.state import Stage
from family_voice.people.models import Child
from family_voice.security.models import TrailRow
from family_voice.security.sealing import destroy_key
from family_voice.settings import Settings
from tests.cases.deciding import (
    TELEPHONE,
    WORKER,
    a_full_round_of,
    agree,
    asked,
    confirmed,
    judged,
    represented,
    tell,
    why_not,
)
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker

BIRTHDAY = "23/06/2011,10"  # 15 at NOW; at school until 25 June 2027
COMING = EXAMPLE.read_text().replace("23/07/2010,11", BIRTHDAY).encode()
THE_DAY = datetime(2027, 6, 25, 23, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_young_person_is_asked_afresh_from_that_day(session: Session, settings: Settings) -> None:
    view = case(session, a_full_round(session, COMING), "EX-003")
    judged(session, view)
    own = asked(session, settings, view, "Tomasz").interview_id
    mothers = asked(session, settings, view, "Ewa").interview_id
    for each in (own, mothers):
        agree(session, each, NOW)
        tell(session, each, "The bus comes late.", NOW)
    before = THE_DAY - SECOND
    assert permits(session, own, Purpose.CHECK, Audience.PANEL, before)
    assert not permits(session, own, Purpose.CHECK, Audience.PANEL, THE_DAY)
    assert not permits(session, own, Purpose.TALK, Audience.LEAD, THE_DAY)
    assert standing(session, own, THE_DAY) == {}
    # A parent's account of what they live through themselves stays.
    assert permits(session, mothers, Purpose.CHECK, Audience.PANEL, THE_DAY)
    # Every door asks the permission again, and what was told is still there once they agree.
    assert record.as_agreed(session, own, THE_DAY).stage is Stage.DECIDING
    agree(session, own, THE_DAY + SECOND)
    assert permits(session, own, Purpose.CHECK, Audience.PANEL, THE_DAY + SECOND)
    assert record.account(session, own).answers[0].text == "The bus comes late."


def test_a_no_of_before_that_day_is_no_no_after_it(session: Session, settings: Settings) -> None:
    view = case(session, a_full_round(session, COMING), "EX-003")
    judged(session, view)
    own = asked(session, settings, view, "Tomasz").interview_id
    record.decide(session, own, Purpose.TALK, False, channel=Channel.WEB, now=NOW)
    who_decides.say_own_no(session, view.case_id, SOMEBODY, NOW)
    assert authority.standing_since(session, [own], NOW) == {own: authority.NEVER}
    assert authority.standing_since(session, [own], THE_DAY) == {own: THE_DAY}


def test_what_a_parent_decided_for_them_ends_on_that_day(session: Session, staff: UUID) -> None:
    view = case(session, a_full_round(session, COMING), "EX-003")
    interview_id = represented(session, view)
    agree(session, interview_id, NOW, by=staff)
    assert authority.represented_by(session, interview_id, THE_DAY - SECOND) is None, "he is 16"
    assert not permits(session, interview_id, Purpose.TALK, Audience.LEAD, THE_DAY)
    agree(session, interview_id, THE_DAY)
    assert standing(session, interview_id, THE_DAY)[Purpose.TALK].on_behalf is None


def test_the_lead_is_told_ahead_and_on_the_day(session: Session, settings: Settings) -> None:
    # The round's meetings are in December 2026, so here the day lies before them.
    born = EXAMPLE.read_text().replace("23/07/2010,11", "23/05/2010,11").encode()
    round_id = a_full_round(session, born)
    day = decides_from(date(2010, 5, 23))
    view = case(session, round_id, "EX-003")
    before = day - timedelta(days=30)
    own = record.begin(
        session, audience="young_person", language="en", now=before,
        participant_id=speaker(view, "Tomasz").person.id, round_id=round_id,
    )  # fmt: skip
    link(session, own, view.case_id, LinkHow.INVITATION, before)
    agree(session, own, before)
    tell(session, own, "The bus comes late.", before)
    ahead = case_view(session, view.case_id, before)
    assert ahead.asked_soon == date(2026, 6, 26)
    assert ahead.next_step is not NextStep.ASK_AFRESH
    on_the_day = case_view(session, view.case_id, day)
    assert on_the_day.asked_soon is None
    assert on_the_day.next_step is NextStep.ASK_AFRESH
    # Who was heard was heard; only nobody may read it.
    assert on_the_day.state is Level3.HEARD
    assert not on_the_day.panel_may_read


def test_doubted_capacity_is_recorded_whole_and_for_one_case_only(session: Session) -> None:
    view = case(session, a_full_round(session), "EX-006")
    everything = {
        "able": False,
        "decision": "Whether to talk with us about college",
        "support": "Pictures, twice, with her support worker",
        "representative": "Huw Placeholder",
        "basis": Basis.PARENT,
    }
    for missing in ("decision", "support", "representative"):
        with pytest.raises(NotWritten) as what:
            judged(session, view, **{**everything, missing: ""})
        assert what.value.field == missing
    judged(session, view, **everything)
    assert why_not(session, view, "Ffion") is Refusal.REPRESENTED
    next_term = a_full_round_of(session, "Spring 2027")
    assert why_not(session, case(session, next_term, "EX-006"), "Ffion") is None


def test_a_looked_after_child_waits_for_the_social_worker(
    session: Session, settings: Settings
) -> None:
    round_id = a_full_round(session)
    view = case(session, round_id, "EX-005")
    assert view.care_status == LOOKED_AFTER
    # That contact is safe is not enough.
    assert why_not(session, view, "Grace") is Refusal.NEEDS_SOCIAL_WORKER
    assert view.next_step is NextStep.ASK_SOCIAL_WORKER
    with pytest.raises(NotWritten):
        confirmed(session, view, "Grace", social_worker=" ")
    confirmed(session, view)
    assert why_not(session, view, "Grace") is Refusal.NOT_TO_BE_APPROACHED
    confirmed(session, view, "Grace", responsibility=Responsibility.COUNCIL)
    assert why_not(session, view, "Grace") is None
    assert WORKER.encode() not in session.scalars(select(Approach)).all()[-1].social_worker
    invited = asked(session, settings, view, "Grace", Way.TEXT)
    assert may_be_texted(session, invited.interview_id, NOW)
    # Taken back before the text has gone.
    confirmed(session, view)
    assert not may_be_texted(session, invited.interview_id, NOW)


def test_only_a_child_under_a_care_order_has_the_council_decide(session: Session) -> None:
    text = EXAMPLE.read_text() + (
        'EX-005,EHCP,Harun,Model,09/01/2014,8,"Social, emotional and mental health",'
        "Special independent out of borough,Looked after child,Looked after,Riverside School,2,"
        "Lee Demo,Kim Model,Young person,no,Harun,Model,,,English,,yes,,Lee Demo,\n"
    )
    view = case(session, a_full_round(session, text.encode()), "EX-005")
    by_council = {"able": False, "representative": WORKER, "basis": Basis.CARE_ORDER}
    confirmed(session, view, "Harun")
    with pytest.raises(NoResponsibility):
        judged(session, view, **by_council)
    confirmed(session, view, "Harun", responsibility=Responsibility.COUNCIL)
    judged(session, view, **by_council)
    assert why_not(session, view, "Harun") is Refusal.REPRESENTED


def test_a_court_order_stops_inviting_sending_and_ringing(
    session: Session, settings: Settings
) -> None:
    view = case(session, a_full_round(session), "EX-001")
    invited = asked(session, settings, view, "Nadia", Way.TEXT)
    nadia = speaker(view, "Nadia").person.id
    detail = "Order of 3 November; until it is lifted. She must not learn the new address."
    who_decides.forbid_contact(
        session, view.case_id, nadia, Reason.COURT_ORDER, detail, SOMEBODY, NOW
    )
    assert why_not(session, view, "Nadia") is Refusal.COURT_ORDER
    assert not may_be_texted(session, invited.interview_id, NOW)
    with pytest.raises(MayNotAsk) as why:
        begin_talk(session, view.case_id, nadia, TELEPHONE, came_to_us=True, by=SOMEBODY, now=NOW)
    assert why.value.obstacle is Obstacle.COURT_ORDER
    (row,) = session.scalars(select(NoContact))
    assert b"address" not in row.detail
    assert not any("address" in str(line.fields) for line in session.scalars(select(TrailRow)))
    who_decides.allow_contact(session, view.case_id, nadia, SOMEBODY, NOW)
    assert why_not(session, view, "Nadia") is None


def test_a_social_worker_speaks_as_a_professional(session: Session, settings: Settings) -> None:
    text = EXAMPLE.read_text().replace(
        "Foster carer,no,Grace,Placeholder", "Social worker,no,Grace,Placeholder"
    )
    view = case(session, a_full_round(session, text.encode()), "EX-005")
    # They are asked as one: nobody has to say whether they may be approached.
    interview_id = asked(session, settings, view, "Grace").interview_id
    agree(session, interview_id, NOW)
    tell(session, interview_id, "The placement holds.", NOW)
    (answer,) = record.account(session, interview_id).answers
    assert [piece.manner for piece in answer.pieces] == [Manner.PROFESSIONAL]
    # Neither the child nor the family has been heard by it.
    after = case_view(session, view.case_id, NOW)
    assert after.state is not Level3.HEARD
    assert [each.professional for each in after.accounts] == [True]


def test_of_an_erased_birthday_nothing_is_taken_for_granted(session: Session) -> None:
    view = case(session, a_full_round(session), "EX-003")
    destroy_key(session, session.get_one(Child, view.child.id).key_id, NOW)
    session.expire_all()
    session.info.pop("opened_keys", None)
    assert authority.known(session, {view.case_id: view.child.id})
    assert why_not(session, view, "Tomasz") is Refusal.NOT_JUDGED
