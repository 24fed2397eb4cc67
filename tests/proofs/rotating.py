"""Master keys are rotated and the rotating processes killed: every word still opens."""

from __future__ import annotations

import os
import random
import signal
import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from family_voice.operations.rotation import BATCH, rotate
from family_voice.security import masters
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.security.sealing import BrokenSeal, KeyKind, Place, new_key, seal, unseal
from family_voice.storage.base import new_id
from family_voice.storage.engine import make_engine, make_sessions
from tests.conftest import KEYS, NOW
from tests.proofs.proof import Place as Where
from tests.proofs.proof import Tell

FAMILIES = 6 * BATCH
Words = dict[UUID, bytes]


def prove(place: Where, times: int, tell: Tell) -> int:
    """Rotate to a new master key, kill it at a random moment, look; finish, look again.

    Every third time two processes rotate at once and both are killed. Meanwhile this process, which
    has both keys, reads and makes keys as a web process would. Lost is a word that does not open,
    at any moment, and a key that the finished rotation left behind.
    """
    luck = random.Random(times)
    words = _words(place.sessions, FAMILIES)
    took, lost, cut, master_keys = 0.1, 0, 0, dict(KEYS)
    for number in range(times):
        master_keys[number + 2] = luck.randbytes(32)
        running = make_sessions(place.sessions.kw["bind"], keyring=Keyring(master_keys))
        with running.begin() as session:
            masters.note(session, NOW)
        began = time.monotonic()
        killed = [_rotating(place, master_keys) for _ in range(1 + (number % 3 == 2))]
        words |= _words(running, 1)
        lost += _unreadable(running, dict(luck.sample(sorted(words.items()), 5)))
        time.sleep(max(0.0, began + luck.uniform(0.0, 1.2 * took) - time.monotonic()))
        for process in killed:
            os.kill(process, signal.SIGKILL)
        for process in killed:
            os.waitpid(process, 0)
        halfway = _left(running, number + 2)
        cut += 0 < halfway < len(words)
        took *= 1.1 if halfway else 0.9
        lost += _unreadable(running, words)
        rotate(running, lambda _done, _total: None)
        lost += _left(running, number + 2) + _unreadable(running, words)
        tell(number + 1)
    if times >= 20 and not cut:
        raise AssertionError("no kill came in the middle of a rotation")
    return lost


def _rotating(place: Where, master_keys: dict[int, bytes]) -> int:
    """A process of its own that rotates. No open database may be carried into it."""
    place.sessions.kw["bind"].dispose()
    child = os.fork()
    if child:
        return child
    try:
        engine = make_engine(place.settings.database_url)
        rotate(make_sessions(engine, keyring=Keyring(master_keys)), lambda _done, _total: None)
    finally:
        os._exit(0)


def _words(sessions: sessionmaker[Session], count: int) -> Words:
    with sessions.begin() as session:
        keys = [new_key(session, KeyKind.INTERVIEW, new_id(), NOW) for _ in range(count)]
        return {key: seal(session, key, _place(key), f"The words of {key}.") for key in keys}


def _unreadable(sessions: sessionmaker[Session], words: Words) -> int:
    lost = 0
    with sessions() as session:
        for key, sealed in words.items():
            try:
                lost += unseal(session, key, _place(key), sealed) != f"The words of {key}."
            except (BrokenSeal, LookupError):
                lost += 1
    return lost


def _left(sessions: sessionmaker[Session], version: int) -> int:
    with sessions() as session:
        stored = session.scalars(select(DataKey.master_version)).all()
    return sum(each != version for each in stored)


def _place(key: UUID) -> Place:
    return Place("fragment", "words", key)
