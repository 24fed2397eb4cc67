"""A backup is taken while families go on sending answers; it is brought back and looked through."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from psycopg.errors import DatabaseError as DriversError
from sqlalchemy.exc import DatabaseError

from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.operations.backup import take
from family_voice.operations.manifests import KEYS, MANIFEST, name_of
from family_voice.operations.restoring import CannotRestore, Report, restore
from family_voice.security.keyring import Keyring
from family_voice.storage.engine import make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import agreed, invited
from tests.proofs.elsewhere import elsewhere
from tests.proofs.proof import Place, Tell
from tests.proofs.whole import half_there, prompts, unsound, words

WRITERS = 3
#: Answers that each writer must have sent before and must send during a backup.
AT_LEAST = 3


def prove(place: Place, times: int, tell: Tell) -> int:
    """Back up under load, restore elsewhere, look; so many times.

    Lost is an answer that was acknowledged before the backup began and is not in it, and whatever
    is half there: a gap in a log, words without their event, a reference that leads nowhere.
    """
    lost = 0
    with writing(place) as writers:
        for number in range(times):
            _each(writers, Writer.goes_on)
            _each(writers, Writer.hear)
            before = [dict(each.acknowledged) for each in writers]
            made_at = NOW + timedelta(minutes=number)
            keyring = Keyring(place.settings.master_keys)
            take(
                place.sessions.kw["bind"], keyring, place.folder / "backups",
                place.folder / "backup-keys", made_at, lambda _: None,
            )  # fmt: skip
            # All of them first: one that waits may hold the file.
            _each(writers, Writer.hear)
            _each(writers, Writer.waits)
            with elsewhere(place) as other:
                try:
                    brought_back(other, place.folder, made_at)
                except (CannotRestore, DatabaseError, DriversError):
                    lost += 1
                    continue
                lost += half_there(other, [each.interview_id for each in writers])
                lost += unsound(other)
                for each, sent in zip(writers, before, strict=True):
                    lost += sum(
                        _number(words(other, each.interview_id, prompt_id)) < number
                        for prompt_id, number in sent.items()
                    )
            tell(number + 1)
    return lost


def brought_back(other: Place, folder: Path, made_at: datetime) -> Report:
    """Restore the backup of that moment into an empty database."""
    name = name_of(made_at)
    return restore(
        other.sessions.kw["bind"], Keyring(other.settings.master_keys),
        folder / "backups" / f"{name}{MANIFEST}", folder / "backup-keys" / f"{name}{KEYS}",
        other.settings.evidence_folder, made_at, lambda _: None,
    )  # fmt: skip


@dataclass
class Writer:
    """A process that sends one answer after another; what it tells us is committed."""

    interview_id: UUID
    process: int
    told: Iterator[str]
    acknowledged: dict[str, int] = field(default_factory=dict)

    def waits(self) -> None:
        """Leave the machine to the others for a while."""
        os.kill(self.process, signal.SIGSTOP)

    def goes_on(self) -> None:
        """Write again."""
        os.kill(self.process, signal.SIGCONT)

    def hear(self) -> None:
        """Take in its next acknowledgements."""
        for _ in range(AT_LEAST):
            prompt_id, number = next(self.told).split()
            self.acknowledged[prompt_id] = int(number)


def _each(writers: list[Writer], does: Callable[[Writer], None]) -> None:
    for writer in writers:
        does(writer)


@contextmanager
def writing(place: Place) -> Iterator[list[Writer]]:
    """So many processes that write until the end."""
    families = []
    with place.sessions.begin() as session:
        for _ in range(WRITERS):
            family = invited(session, NOW)
            agreed(session, family.interview_id, NOW)
            families.append(family.interview_id)
    asked = {each: prompts(place, each) for each in families}
    # No open database may be carried into a process.
    place.sessions.kw["bind"].dispose()
    writers = []
    try:
        for interview_id in families:
            reading, telling = os.pipe()
            process = os.fork()
            if process == 0:
                _write(place, interview_id, asked[interview_id], telling)
            os.close(telling)
            writers.append(Writer(interview_id, process, iter(os.fdopen(reading))))
        yield writers
    finally:
        for each in writers:
            os.kill(each.process, signal.SIGKILL)
            os.waitpid(each.process, 0)


def _write(place: Place, interview_id: UUID, asked: list[str], telling: int) -> None:
    try:
        engine = make_engine(place.settings.database_url)
        sessions = make_sessions(engine, keyring=Keyring(place.settings.master_keys))
        luck = random.Random(interview_id.int)
        number = 0
        while True:
            number += 1
            prompt_id = luck.choice(asked)
            with sessions.begin() as session:
                text = f"{number} is what I say now. {'It goes on. ' * (number % 30)}"
                record.write(session, interview_id, prompt_id, text, channel=Channel.WEB, now=NOW)
            os.write(telling, f"{prompt_id} {number}\n".encode())
            # A moment in which the others reach the file.
            time.sleep(luck.uniform(0.0, 0.01))
    finally:
        os._exit(1)


def _number(text: str) -> int:
    return int(text.split()[0]) if text else 0
