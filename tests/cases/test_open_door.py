"""The open door is a lane outside Level 4: nothing of it counts or shows there until a person
links it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case, Round
from family_voice.cases.reading import round_ledger
from family_voice.consent.statements import LATER, Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Manner, Opened, ReadBack
from family_voice.interviews.manners import Helper
from family_voice.interviews.voices import say_who_helped
from family_voice.interviews.words import Speaker
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.reports.case_pack import case_pack, with_account
from family_voice.reports.childs_voice import ChildsVoice
from family_voice.sharing import releases
from family_voice.storage.locking import fetch
from family_voice.themes.workbench import waiting
from tests.cases.households import NOW, a_full_round

WEB = Channel.WEB
LATER_ON = NOW + timedelta(hours=1)


@pytest.fixture
def round_id(session: Session) -> UUID:
    return a_full_round(session)


@pytest.fixture
def staff(session: Session) -> UUID:
    return add_staff(session, email="l@b.example", roles=[Role.LEAD], now=NOW).staff_id


def came_in(session: Session, audience: str, helper: Helper | None = None) -> UUID:
    interview_id = record.begin(
        session, audience=audience, language="en", now=NOW, speaker=Speaker(last_name="Example")
    )
    record.happen(session, interview_id, Opened(WEB), NOW)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview_id, purpose, True, channel=WEB, now=NOW)
    if helper is not None:
        say_who_helped(session, interview_id, helper)
    record.say(session, interview_id, "Late bus.", channel=WEB, prompt_id="important.open", now=NOW)
    for event in (ReadBack(WEB, right=True), Finished(WEB)):
        record.happen(session, interview_id, event, NOW)
    for purpose in LATER:
        record.decide(session, interview_id, purpose, True, channel=WEB, now=NOW)
    return interview_id


@pytest.mark.parametrize("audience", ["parent_carer", "young_person", "child", "advocate"])
def test_until_a_person_links_it_it_is_nowhere_in_level_4(
    session: Session, round_id: UUID, staff: UUID, audience: str
) -> None:
    interview_id = came_in(session, audience)
    cases = list(session.scalars(select(Case.id)))
    ledger = round_ledger(session, round_id, LATER_ON)
    assert ledger.heard.heard == 0
    assert not any(each.accounts for each in ledger.cases)
    assert waiting(session, ledger, LATER_ON) == []
    assert with_account(session, cases, staff, now=LATER_ON) == set()
    tables = releases._tables(session, [fetch(session, Round, round_id)], LATER_ON)
    assert not tables[releases.THEMES].families
    assert linking.unlinked(session) == [interview_id]
    link(session, interview_id, cases[0], LinkHow.PERSON, LATER_ON, by=staff)
    assert with_account(session, cases, staff, now=LATER_ON) == {cases[0]}
    assert round_ledger(session, round_id, LATER_ON).heard.heard == 1


@pytest.mark.parametrize(
    ("audience", "helper", "manner", "voice"),
    [
        ("child", Helper.PARENT, Manner.OWN_WORDS, ChildsVoice.OWN_WORDS),
        ("advocate", Helper.ADVOCATE, Manner.SPOKEN_FOR, ChildsVoice.THROUGH_OTHERS),
        ("advocate", Helper.INTERPRETER, Manner.OWN_WORDS, ChildsVoice.THROUGH_OTHERS),
        ("parent_carer", None, Manner.OWN_WORDS, ChildsVoice.THROUGH_OTHERS),
    ],
)
def test_who_helped_and_who_spoke_for_them_is_kept(
    session: Session,
    round_id: UUID,
    staff: UUID,
    audience: str,
    helper: Helper | None,
    manner: Manner,
    voice: ChildsVoice,
) -> None:
    interview_id = came_in(session, audience, helper)
    case_id = session.scalars(select(Case.id).order_by(Case.number)).first()
    assert case_id is not None
    link(session, interview_id, case_id, LinkHow.PERSON, LATER_ON, by=staff)
    pack = case_pack(session, case_id, staff, now=LATER_ON)
    [line] = [line for full in pack.accounts for answer in full.answers for line in answer.lines]
    assert (line.manner, line.helped_by, pack.voice) == (manner, helper, voice)
