"""What was destroyed is written down outside the database, once, and nobody can take it back."""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.security import erasures
from family_voice.security.erasures import FILE, LedgerBroken, read, write_down
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.security.sealing import Erased, KeyKind, Place, destroy_key, new_key, seal, unseal
from family_voice.storage.base import new_id
from tests.conftest import KEYS, NOW, Database

RING = Keyring(KEYS)
HERE = Place("fragment", "words", UUID(int=7))


def destroyed(database: Database, count: int) -> list[UUID]:
    with database.sessions.begin() as session:
        keys = [new_key(session, KeyKind.INTERVIEW, new_id(), NOW) for _ in range(count)]
        for key_id in keys:
            destroy_key(session, key_id, NOW)
    return keys


def written(database: Database, folder: Path) -> int:
    with database.sessions.begin() as session:
        return write_down(session, folder, NOW)


def test_a_destroyed_key_is_written_down_once(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "evidence"
    keys = destroyed(database, 3)
    with database.sessions.begin() as session:
        kept = new_key(session, KeyKind.PERSON, new_id(), NOW)
    assert written(database, folder) == 3
    assert written(database, folder) == 0
    entries = read(folder, RING)
    assert {each.key_id for each in entries} == set(keys)
    assert {(each.kind, each.destroyed_at) for each in entries} == {("interview", NOW)}
    assert str(kept) not in (folder / FILE).read_text()
    assert folder.stat().st_mode & 0o077 == (folder / FILE).stat().st_mode & 0o077 == 0


def test_nothing_destroyed_writes_no_file(database: Database, tmp_path: Path) -> None:
    assert written(database, tmp_path) == 0
    assert read(tmp_path, RING) == []
    assert not (tmp_path / FILE).exists()


def test_killed_after_the_file_and_before_the_mark(database: Database, tmp_path: Path) -> None:
    keys = destroyed(database, 2)
    with database.sessions() as session:
        write_down(session, tmp_path, NOW)
        session.rollback()
    keys += destroyed(database, 1)
    assert written(database, tmp_path) == 3
    assert [each.key_id for each in read(tmp_path, RING)] == sorted(keys[:2]) + keys[2:]


def test_killed_in_the_middle_of_a_line(database: Database, tmp_path: Path) -> None:
    destroyed(database, 2)
    written(database, tmp_path)
    ledger = tmp_path / FILE
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + whole[:40])
    assert len(read(tmp_path, RING)) == 2
    destroyed(database, 1)
    written(database, tmp_path)
    assert len(read(tmp_path, RING)) == 3
    assert ledger.read_bytes().startswith(whole)


def test_many_writers_write_each_key_once(database: Database, tmp_path: Path) -> None:
    keys = destroyed(database, 40)
    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: written(database, tmp_path), range(6)))
    assert sum(counts) == 40
    assert sorted(each.key_id for each in read(tmp_path, RING)) == sorted(keys)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow past `size` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_leaves_the_ledger_as_it_was(database: Database, tmp_path: Path) -> None:
    destroyed(database, 1)
    written(database, tmp_path)
    before = (tmp_path / FILE).read_bytes()
    with database.sessions() as session:
        for _ in range(2):
            destroy_key(session, new_key(session, KeyKind.PERSON, new_id(), NOW), NOW)
        with room_for(len(before) + 100), pytest.raises(OSError, match="large"):
            write_down(session, tmp_path, NOW)
    assert (tmp_path / FILE).read_bytes() == before


LINES = 6


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    lines: list[str] = []
    before = ""
    for number in range(LINES):
        lines.append(erasures._line(RING, before, UUID(int=number), "person", NOW))
        before = json.loads(lines[-1])["mac"]
    return [f"{line}\n".encode() for line in lines]


def reading(folder: Path, lines: list[bytes]) -> list[erasures.Erasure]:
    (folder / FILE).write_bytes(b"".join(lines))
    return read(folder, RING)


@given(data=st.data())
def test_no_line_can_be_changed_moved_or_taken_out(
    ledger: list[bytes], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    assert len(reading(folder, ledger)) == LINES
    forged = list(ledger)
    at = data.draw(st.integers(0, LINES - 2))
    match data.draw(st.sampled_from(["change", "remove", "swap", "repeat"])):
        case "change":
            said = json.loads(forged[at])
            field = data.draw(st.sampled_from(["key", "kind", "destroyed_at", "version", "mac"]))
            said[field] = {
                "key": str(new_id()), "version": 2, "destroyed_at": "2026-01-01T00:00:00+00:00",
            }.get(field, "x")  # fmt: skip
            forged[at] = json.dumps(said).encode() + b"\n"
        case "remove":
            del forged[at]
        case "swap":
            forged[at], forged[at + 1] = forged[at + 1], forged[at]
        case "repeat":
            forged.insert(at, forged[at])
    with pytest.raises(LedgerBroken):
        reading(folder, forged)


def test_a_broken_ledger_is_not_added_to(database: Database, tmp_path: Path) -> None:
    destroyed(database, 2)
    written(database, tmp_path)
    broken = (tmp_path / FILE).read_bytes().replace(b"interview", b"person", 1)
    (tmp_path / FILE).write_bytes(broken)
    destroyed(database, 1)
    with pytest.raises(LedgerBroken) as problem:
        written(database, tmp_path)
    assert problem.value.line == 1
    assert (tmp_path / FILE).read_bytes() == broken


def test_a_cut_tail_is_seen_from_the_database(database: Database, tmp_path: Path) -> None:
    keys = destroyed(database, 3)
    written(database, tmp_path)
    with database.sessions() as session:
        assert erasures.missing(session, read(tmp_path, RING)) == []
        lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
        assert erasures.missing(session, reading(tmp_path, lines[:-1])) == [max(keys)]


def test_replaying_destroys_what_came_back(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    with database.sessions.begin() as session:
        gone, kept = (new_key(session, KeyKind.INTERVIEW, new_id(), now) for _ in range(2))
        words = {key: seal(session, key, HERE, "words") for key in (gone, kept)}
        wrapped = session.get_one(DataKey, gone).wrapped
    with database.sessions.begin() as session:
        destroy_key(session, gone, now)
    written(database, tmp_path)
    with database.sessions.begin() as session:
        row = session.get_one(DataKey, gone)
        row.wrapped, row.destroyed_at, row.ledgered_at = wrapped, None, None
    with database.sessions.begin() as session:
        assert unseal(session, gone, HERE, words[gone]) == "words"
        entries = read(tmp_path, RING)
        assert erasures.replay(session, entries, now) == [gone]
        assert erasures.replay(session, entries, now) == []
    with database.sessions() as session:
        assert unseal(session, kept, HERE, words[kept]) == "words"
        with pytest.raises(Erased):
            unseal(session, gone, HERE, words[gone])
        assert session.get_one(DataKey, gone).destroyed_at == now
