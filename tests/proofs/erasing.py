"""Families take everything back after a backup was made; the backup is brought back."""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import inspect, select

from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Interview
from family_voice.operations import restoring
from family_voice.operations.backup import take
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.erasures import write_down
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.storage.engine import make_engine
from tests.conftest import NOW
from tests.factories import agreed, invited
from tests.proofs.backing_up import brought_back
from tests.proofs.elsewhere import elsewhere
from tests.proofs.proof import Place, Tell
from tests.proofs.whole import unsound

FAMILIES = 6
SAID = "What we said, and nobody else."


def prove(place: Place, times: int, tell: Tell) -> int:
    """Back up, take some accounts back, restore; a first restoring is killed on its way.

    Lost is an account that was taken back and has a key, a word or a way in again; one that was
    not and cannot be read; and a database that a killed restoring left looking ready for use.
    """
    luck = random.Random(times)
    lost, took, standing = 0, 2.0, list[UUID]()
    for number in range(times):
        at = NOW + timedelta(hours=number)
        standing += _families(place, FAMILIES)
        take(
            place.sessions.kw["bind"], Keyring(place.settings.master_keys),
            place.folder / "backups", place.folder / "backup-keys", at, lambda _: None,
        )  # fmt: skip
        gone = luck.sample(standing, FAMILIES // 2)
        for each in gone:
            _take_back(place, each, luck)
        standing = [each for each in standing if each not in gone]
        with elsewhere(place) as other:
            lost += _killed(other, place, at, luck.uniform(0.1, took), gone)
        with elsewhere(place) as other:
            began = time.monotonic()
            report = brought_back(other, place.folder, at)
            took = time.monotonic() - began
            lost += len(gone) - report.replayed + (not report.trail.sound) + unsound(other)
            lost += sum(not _is_gone(other, each) for each in gone)
            lost += sum(_said(other, each) != [SAID] for each in standing)
        tell(number + 1)
    return lost


def _families(place: Place, count: int) -> list[UUID]:
    found = []
    with place.sessions.begin() as session:
        for _ in range(count):
            family = invited(session, NOW)
            agreed(session, family.interview_id, NOW)
            prompt_id = next(iter(record.guide_of(session, family.interview_id).prompts))
            record.write(
                session, family.interview_id, prompt_id, SAID, channel=Channel.WEB, now=NOW
            )
            found.append(family.interview_id)
    return found


def _take_back(place: Place, interview_id: UUID, luck: random.Random) -> None:
    """The ledger is written by the request, or by the worker's next turn: together with others."""
    with place.sessions.begin() as session:
        withdraw(session, interview_id, Asked(Way.WEB, NOW.date()), NOW)
    with place.sessions() as session:
        write_down(session, place.settings.evidence_folder, NOW)
        # Killed before the mark is committed, sometimes; the next turn does it again.
        if luck.random() < 0.7:
            session.commit()
    with place.sessions.begin() as session:
        write_down(session, place.settings.evidence_folder, NOW)


def _killed(other: Place, place: Place, at: datetime, after: float, gone: list[UUID]) -> int:
    """Kill a restoring on its way; how much of what was erased can be read in what it leaves."""
    other.sessions.kw["bind"].dispose()
    place.sessions.kw["bind"].dispose()
    child = os.fork()
    if child == 0:
        try:
            engine = make_engine(other.settings.database_url)
            here = Place(other.kind, other.settings, other.sessions, other.folder)
            here.sessions.configure(bind=engine)
            brought_back(here, place.folder, at)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if "data_key" not in inspect(other.sessions.kw["bind"]).get_table_names():
        return 0
    with other.sessions() as session:
        there = session.scalars(select(DataKey.id).limit(1)).first() is not None
        ready = there and not restoring.unfinished(session)
        keys = session.scalars(
            select(DataKey.wrapped).where(DataKey.owner_id.in_(gone), DataKey.kind == "interview")
        )
        lost = sum(key is not None for key in keys)
    return lost + sum(ready and not _is_gone(other, each) for each in gone)


def _is_gone(other: Place, interview_id: UUID) -> bool:
    with other.sessions() as session:
        key_id = session.get_one(Interview, interview_id).key_id
        erased = session.get_one(DataKey, key_id).wrapped is None
    return erased and _said(other, interview_id) == []


def _said(other: Place, interview_id: UUID) -> list[str]:
    with other.sessions() as session:
        return [answer.text for answer in record.account(session, interview_id).answers]
