"""The demo as these tests serve it: made in a folder, from one seed, at the tests' own time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import Flask
from playwright.sync_api import FilePayload
from sqlalchemy.orm import Session, sessionmaker

from family_voice.app import create_app, open_sessions
from family_voice.cases.account_facts import AccountFacts
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.demo import instance
from family_voice.demo.handout import Handout
from family_voice.settings import Settings
from family_voice.sharing.exchange import keeping
from family_voice.sharing.quotes import to_choose_from
from tests.cases.caseloads import a_place
from tests.conftest import NOW
from tests.sharing.exchange.projects import project

SEED = 7


@dataclass
class Made:
    """A demo, and its pages without those that hand it out."""

    app: Flask
    settings: Settings
    sessions: sessionmaker[Session]
    handout: Handout


def make_demo(folder: Path, address: str, families: int, clock: Callable[[], datetime]) -> Made:
    """Make the demo's database in a folder and the application that will stand at an address."""
    kept = instance.Kept(folder / "demo.json", "a test's secret key, long enough", bytes(range(32)))
    environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
    settings = instance.settings_for(environ, kept, address, SEED)
    sessions = open_sessions(settings)
    handout = instance.refresh(
        sessions, settings, kept, seed=SEED, families=families, now=NOW,
        progress=lambda words: None,
    )  # fmt: skip
    app = create_app(settings, demo=True, clock=clock)
    app.testing = True
    return Made(app, settings, sessions, handout)


def a_quote_to_ask(app: Flask, now: datetime) -> str:
    """The call pad's page about a quote, of somebody who may be asked about one."""
    with app.extensions["family_voice"].sessions() as session:
        for case_id, facts in _accounts(session, now):
            if facts.participant_id and to_choose_from(session, facts.interview_id, now):
                return f"/staff/case/{case_id}/talk/{facts.participant_id}/quote?by=telephone"
    raise LookupError("nobody in the demo may be asked about a quote")


def a_place_in_a_sample(app: Flask) -> str:
    """The page that stands a case down whose names have not come in, of a place made for it."""
    with app.extensions["family_voice"].sessions.begin() as session:
        place = a_place(session, all_rounds(session)[0].id)
        return f"/staff/sampled/{place}/stand-down"


def a_project(app: Flask) -> str:
    """The page of a project of another program, brought in for it."""
    texts = {"We wait and wait. Nobody rings back.": [(0, 17, "b"), (18, 36, "a")]}
    with app.extensions["family_voice"].sessions.begin() as session:
        return f"/staff/files/projects/{keeping.keep(session, project(texts), None, NOW)}"


def a_caseload_file() -> FilePayload:
    """Two lines of an export, with our own column names."""
    rows = (
        "Case reference,Plan type,Date of birth,Year group,Area of need,Placement,"
        "Vulnerable groups,Language,Area,Plan finalised on,Review finalised on,Last audited on",
        "100901,EHCP,2015-03-04,,Cognition and learning,,,Polish,,2026-05-11,,",
        "100902,SEN Support,2012-10-30,,Sensory and/or physical,,,,,,,",
    )
    return {"name": "export.csv", "mimeType": "text/csv", "buffer": "\r\n".join(rows).encode()}


def _accounts(session: Session, now: datetime) -> Iterator[tuple[UUID, AccountFacts]]:
    for each in all_rounds(session):
        for case in round_ledger(session, each.id, now).cases:
            for facts in reversed(case.accounts):
                yield case.case_id, facts
