"""A project that was brought in with accounts of ours: what holds for those holds for it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.rounds import all_rounds
from family_voice.cases.seats import record_works_with
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Fragment, Sentence
from family_voice.people.access import Role
from family_voice.people.staff import find_staff
from family_voice.security.models import TrailRow
from family_voice.sharing.exchange import keeping
from family_voice.sharing.exchange.leaving import round_project
from family_voice.storage.base import new_id
from family_voice.themes.second_models import SecondCoding, SecondDraw
from tests.cases.households import NOW
from tests.conftest import Database
from tests.themes.suggesting import Suggesting, two_accounts
from tests.web.staff.conftest import Desk
from tests.web.staff.test_exchange_pages import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PROJECT = "/staff/files/projects/1"


@pytest.fixture
def two(lead: Desk, database: Database) -> Suggesting:
    """Amina's file of the round, codes and all, was brought in."""
    with database.sessions.begin() as session:
        found = two_accounts(session, on=False)
        (held,) = all_rounds(session)
        left = round_project(session, held.id, found.amina, NOW, names=True)
        keeping.keep(session, left.project, found.amina, NOW)
    return found


def lee(session: Session) -> UUID:
    found = find_staff(session, f"{Role.LEAD.value}@council.example")
    assert found
    return found.id


def is_shut(lead: Desk, why: str) -> None:
    before = lead.get("/staff/files")
    assert before.status_code == 200
    for page in (
        lead.get(PROJECT),
        lead.get(f"{PROJECT}/download?kind=csv"),
        lead.post("/staff/files", f"{PROJECT}/codings"),
        lead.post("/staff/files", f"{PROJECT}/codes", reason="To see them."),
    ):
        assert page.status_code == 302
        assert page.headers["Location"].endswith("/staff/files")
    assert why in words(lead.get("/staff/files"))


def test_it_is_shown_and_on_record_for_each_account(
    lead: Desk, database: Database, two: Suggesting
) -> None:
    assert lead.get(PROJECT).status_code == 200
    assert lead.get(f"{PROJECT}/download?kind=csv").status_code == 200
    with database.sessions() as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.resource == "interview")).all()
    for each in (two.coded, two.open):
        done = {row.action for row in rows if row.resource_id == each and "codes" in row.fields}
        assert done == {"view", "export"}


def test_whoever_codes_one_of_them_blind_learns_nothing_from_it(
    lead: Desk, database: Database, two: Suggesting
) -> None:
    with database.sessions.begin() as session:
        (held,) = all_rounds(session)
        draw = SecondDraw(id=new_id(), round_id=held.id, seed=1, percent=20, by=two.amina, at=NOW)
        session.add(draw)
        session.flush()
        second = SecondCoding(
            id=new_id(), interview_id=two.coded, draw_id=draw.id, drawn=True, coder=lee(session)
        )
        session.add(second)
    is_shut(lead, "account that you code without seeing them")
    with database.sessions.begin() as session:
        row = session.scalars(select(SecondCoding)).one()
        row.finished_at = NOW
    assert lead.get(PROJECT).status_code == 200


def test_a_no_to_talking_shuts_it_and_it_can_be_deleted(
    lead: Desk, database: Database, two: Suggesting
) -> None:
    with database.sessions.begin() as session:
        record.decide(
            session, two.open, Purpose.TALK, False, channel=Channel.WEB,
            now=NOW - timedelta(seconds=1),
        )  # fmt: skip
    is_shut(lead, "a family does not let you read now")
    assert lead.post("/staff/files", f"{PROJECT}/throw-away").status_code == 302
    with database.sessions() as session:
        assert keeping.every(session) == ()


def test_a_sentence_kept_from_those_who_work_with_them_shuts_it_for_those(
    lead: Desk, database: Database, two: Suggesting
) -> None:
    with database.sessions.begin() as session:
        case_id = case_of(session, two.coded)
        assert case_id
        record_works_with(session, lee(session), case_id, True)
        kept = session.scalars(
            select(Sentence).join(Fragment).where(Fragment.interview_id == two.coded)
        ).first()
        assert kept
    assert lead.get(PROJECT).status_code == 200
    with database.sessions.begin() as session:
        session.get_one(Sentence, kept.id).not_for_workers = True
    is_shut(lead, "a family does not let you read now")
