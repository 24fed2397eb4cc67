"""A town with families, to be backed up and brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.operations import manifests
from family_voice.operations.backup import take
from family_voice.operations.manifests import Manifest
from family_voice.operations.restoring import Report, restore
from family_voice.operations.tables import METADATA
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.erasures import write_down
from family_voice.security.keyring import Keyring
from family_voice.security.trail import OPERATOR
from family_voice.security.trail import record as on_trail
from family_voice.storage.engine import make_sessions
from tests.conftest import KEYS, NOW, Database
from tests.factories import agreed, invited

RING = Keyring(KEYS)
LATER = NOW + timedelta(days=1)
WORDS = "He waits by the door and nobody comes: “Käfer”, \\ \n and a second line."


@dataclass
class Town:
    """A database with a few families in it, and the folders beside it."""

    database: Database
    folder: Path

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    def family(self) -> UUID:
        """Somebody who agreed and said something."""
        with self.database.sessions.begin() as session:
            family = invited(session, NOW)
            agreed(session, family.interview_id, NOW)
            prompt = next(iter(record.guide_of(session, family.interview_id).prompts))
            record.write(session, family.interview_id, prompt, WORDS, channel=Channel.WEB, now=NOW)
            on_trail(session, OPERATOR, "view", "interview", family.interview_id, NOW, ["words"])
        return family.interview_id

    def takes_back(self, interview_id: UUID, now: datetime = LATER) -> None:
        with self.database.sessions.begin() as session:
            withdraw(session, interview_id, Asked(Way.WEB, now.date()), now)
        with self.database.sessions.begin() as session:
            write_down(session, self.evidence, now)

    def back_up(self, now: datetime = NOW) -> Manifest:
        return take(self.database.engine, RING, self.backups, self.keys, now, lambda _: None)

    def restore(self, into: Engine, made_at: datetime = NOW, keys_at: datetime = NOW) -> Report:
        return restore(
            into, RING, self.manifest(made_at), self.key_copy(keys_at), self.evidence, LATER,
            lambda _: None,
        )  # fmt: skip

    def manifest(self, made_at: datetime = NOW) -> Path:
        return self.backups / f"{manifests.name_of(made_at)}{manifests.MANIFEST}"

    def tables(self, made_at: datetime = NOW) -> Path:
        return self.backups / f"{manifests.name_of(made_at)}{manifests.TABLES}"

    def key_copy(self, made_at: datetime = NOW) -> Path:
        return self.keys / f"{manifests.name_of(made_at)}{manifests.KEYS}"


def sessions_of(engine: Engine) -> sessionmaker[Session]:
    return make_sessions(engine, keyring=RING)


def everything(engine: Engine, but: set[str]) -> dict[str, set[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            found.name: {tuple(map(repr, row)) for row in connection.execute(select(found))}
            for found in METADATA.sorted_tables
            if found.name not in but
        }


def said(sessions: sessionmaker[Session], interview_id: UUID) -> list[str]:
    with sessions() as session:
        return [answer.text for answer in record.account(session, interview_id).answers]
