"""The demo goes in through the real doors and stands there as it was made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.app import open_sessions
from family_voice.cases import linking, rounds
from family_voice.cases.reading import round_ledger
from family_voice.demo.families import demo_rounds
from family_voice.demo.instance import Kept, refresh, settings_for
from family_voice.demo.loading import load
from family_voice.demo.shapes import DemoAccount
from family_voice.interviews import record
from family_voice.interviews.models import Interview
from family_voice.messages.models import OutboundMessage
from family_voice.people import register
from family_voice.people.staff import find_staff
from family_voice.safeguarding import concerns
from family_voice.safeguarding.ladder import Kind
from family_voice.settings import Settings
from family_voice.sharing.models import Release
from family_voice.themes.coding import coded
from tests.conftest import Database
from tests.demo.conftest import EVENING, FAMILIES, SEED, Demo, quiet

MADE = demo_rounds(SEED, EVENING.date(), FAMILIES)
NOW_MADE = MADE[-1]


def test_the_same_on_both_databases(session: Session, settings: Settings) -> None:
    loaded = load(session, settings, seed=SEED, families=6, now=EVENING)
    team, doors, strangers = loaded.team, loaded.families, loaded.strangers
    again = demo_rounds(SEED, EVENING.date(), 6)[-1]
    ledger = round_ledger(session, rounds.all_rounds(session)[0].id, EVENING)
    assert [case.state.value for case in ledger.cases] == [case.outcome for case in again.cases]
    assert [door.case for door in doors] == [case.reference for case in again.cases]
    assert len(team.ids) == len(team.sign_ins) == 12
    assert len(set(strangers)) == 2
    assert [bool(door.return_word) for door in loaded.pictures] == [True, False]


def test_an_earlier_demo_makes_way_for_the_next(database: Database, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "demo.json", "a demo's secret key, long enough for it", bytes(32))
    environ = {"FAMILY_VOICE_DATABASE_URL": database.url}
    chosen = settings_for(environ, kept, "http://127.0.0.1:8000", SEED)
    database.engine.dispose()
    sessions = open_sessions(chosen)
    for seed in (1, 2):
        handed = refresh(sessions, chosen, kept, seed=seed, families=1, now=EVENING, progress=quiet)
    with sessions() as session:
        (ledger,) = (round_ledger(session, r.id, EVENING) for r in rounds.all_rounds(session))
        (case,) = ledger.cases
        asked = {each.name for each in (handed.families[-1], *handed.relatives, *handed.pictures)}
        assert {each.person.facts.name for each in case.people} == asked
        assert find_staff(session, handed.staff[0].email)
    sessions.kw["bind"].dispose()


@pytest.fixture
def there(demo: Demo) -> Iterator[Session]:
    with demo.sessions() as session:
        yield session


def accounts() -> list[tuple[str, DemoAccount]]:
    return [(case.reference, account) for case in NOW_MADE.cases for account in case.accounts]


def said(session: Session, reference: str) -> list[dict[str, str]]:
    child = register.known_child(session, reference)
    assert child
    ledger = round_ledger(session, rounds.all_rounds(session)[0].id, EVENING)
    case_id = next(case.case_id for case in ledger.cases if case.reference == reference)
    return [
        {answer.prompt_id: answer.text for answer in record.account(session, each).answers}
        for each in linking.interviews_of(session, [case_id]).get(case_id, [])
    ]


@pytest.mark.parametrize(("reference", "account"), accounts(), ids=lambda each: str(each)[:24])
def test_every_word_stands_under_its_question(
    there: Session, reference: str, account: DemoAccount
) -> None:
    told = {answer.prompt: answer.text for answer in account.answers}
    assert told in said(there, reference)


def test_what_somebody_keeps_from_workers_is_marked(there: Session) -> None:
    marked = [
        sentence.text
        for interview_id in there.scalars(select(Interview.id))
        for sentence in record.account(there, interview_id).sentences
        if sentence.not_for_workers
    ]
    wanted = [
        part
        for made in MADE
        for case in made.cases
        for account in case.accounts
        for answer in account.answers
        for part in answer.not_for_workers
    ]
    assert wanted
    assert all(any(part in text for text in marked) for part in wanted)


def test_accounts_wait_to_be_linked(there: Session) -> None:
    """An aunt's, a stranger's by text, and four that came by another form."""
    assert len(linking.unlinked(there)) == 6


def test_earlier_rounds_are_coded_and_released(there: Session) -> None:
    assert there.scalar(select(func.count()).select_from(Release)) == len(MADE) - 1
    codes = {
        code
        for interview_id in there.scalars(select(Interview.id))
        for code in coded(there, interview_id).codes
    }
    assert len(codes) > 10


def test_a_worry_is_waiting(there: Session) -> None:
    worries = concerns.all_concerns(there)
    [raised] = [each for each in worries if each.kind is Kind.RAISED]
    assert raised.acknowledged_by
    assert raised.decision is None
    assert all(each.decision for each in worries if each.kind is Kind.PLEASE_LOOK)


def test_nothing_is_left_in_line_to_go_out(there: Session) -> None:
    assert set(there.scalars(select(OutboundMessage.state))) <= {"sent", "cancelled"}
