"""The sealed trail: any single change of any row, any row taken out and any cut shows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, inspect, select, text, update
from sqlalchemy.orm import Session

from family_voice.security import anchors, chaining
from family_voice.security.chaining import Trouble, Verdict, restored, seal, tail, verify
from family_voice.security.keyring import Keyring
from family_voice.security.models import TrailRow
from family_voice.security.trail import WORKER, Actor, record
from family_voice.security.trail_wording import sentence
from family_voice.storage.base import new_id
from tests.conftest import KEYS, NOW, Database

SEALED, OPEN = 6, 2


def write(database: Database, now: datetime, times: int = 1) -> None:
    """Some more rows."""
    with database.sessions.begin() as session:
        for each in range(times):
            record(
                session, Actor("staff", new_id()), "view", "interview", new_id(),
                now + timedelta(seconds=each), ["answers"],
            )  # fmt: skip


def check(database: Database, folder: Path) -> Verdict:
    """Check it, reading only."""
    with database.sessions() as session:
        return verify(session, folder)


def kinds(found: Verdict) -> set[Trouble]:
    """What kinds of trouble there are; every one has its sentence."""
    assert all(sentence(problem) for problem in found.problems)
    return {problem.trouble for problem in found.problems}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Outside the database."""
    return tmp_path / "evidence"


@pytest.fixture
def trail(database: Database, folder: Path) -> Database:
    """Six rows sealed in two turns, and two that are not."""
    write(database, NOW, 3)
    assert seal(database.sessions, folder, NOW) == 3
    write(database, NOW + timedelta(minutes=1), 3)
    assert seal(database.sessions, folder, NOW) == 3
    write(database, NOW + timedelta(minutes=2), OPEN)
    return database


def test_an_untouched_trail_is_sound_and_its_tail_is_told(trail: Database, folder: Path) -> None:
    found = check(trail, folder)
    assert (found.sound, found.chained, found.unsealed) == (True, SEALED, OPEN)
    assert (found.anchored, found.anchored_at) == (SEALED, NOW)
    assert found.oldest_unsealed == NOW + timedelta(minutes=2)
    with trail.sessions() as session:
        there = tail(session)
    assert (there.unsealed, there.oldest) == (OPEN, found.oldest_unsealed)
    assert there.too_old(NOW + timedelta(minutes=13))
    assert not there.too_old(NOW + timedelta(minutes=11))


def test_nothing_new_writes_nothing(trail: Database, folder: Path) -> None:
    assert seal(trail.sessions, folder, NOW) == OPEN
    before = (folder / anchors.FILE).read_bytes()
    assert seal(trail.sessions, folder, NOW + timedelta(hours=1)) == 0
    assert (folder / anchors.FILE).read_bytes() == before
    assert (folder / anchors.FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


# Another value for each kind of column; chosen so that it never is the one that stands there.
OTHERS: dict[str, list[object]] = {
    "id": [new_id()],
    "at": [NOW - timedelta(days=1), NOW + timedelta(microseconds=1)],
    "actor_kind": ["family", ""],
    "actor_id": [None, new_id()],
    "action": ["change", ""],
    "resource": ["pack", ""],
    "resource_id": [None, new_id()],
    "fields": [[], ["answers", "names"], ["names"]],
    "key_version": [2, 7, 0],
    "mac": [b"", bytes(32)],
    "position": [None, 0, 77, -1],
    "chain": [None, b"", bytes(32)],
    "chain_version": [None, 2, 7],
}


def test_every_column_is_changed_in_turn() -> None:
    assert set(OTHERS) == {column.key for column in inspect(TrailRow).columns}


@pytest.mark.parametrize("column", OTHERS)
def test_any_change_of_any_row_is_found(trail: Database, folder: Path, column: str) -> None:
    with trail.sessions() as session:
        ids = session.scalars(select(TrailRow.id).order_by(TrailRow.at)).all()
    keyring = Keyring({**KEYS, 2: bytes(32)})
    for row_id in ids:
        for other in OTHERS[column]:
            with trail.sessions() as session:
                session.info = {"keyring": keyring}
                assert verify(session, folder).sound
                was = session.scalar(select(getattr(TrailRow, column)).where(TrailRow.id == row_id))
                if was == other:
                    continue
                session.execute(
                    update(TrailRow).where(TrailRow.id == row_id).values({column: other}),
                    execution_options={"synchronize_session": False},
                )
                found = verify(session, folder)
                assert not found.sound, (column, other)
                assert kinds(found)
                session.rollback()


def test_what_no_row_can_hold_is_found_too(trail: Database, folder: Path) -> None:
    with trail.sessions.begin() as session:
        nothing = "'null'" if trail.url.startswith("sqlite") else "'null'::json"
        session.execute(text(f"UPDATE trail SET fields = {nothing} WHERE position = 3"))
    found = check(trail, folder)
    assert kinds(found) == {Trouble.UNREADABLE}
    assert found.problems[0].first == 3


@pytest.mark.parametrize("gone", range(1, SEALED + 1))
def test_a_row_taken_out_is_found(trail: Database, folder: Path, gone: int) -> None:
    with trail.sessions.begin() as session:
        session.execute(delete(TrailRow).where(TrailRow.position == gone))
    found = check(trail, folder)
    assert kinds(found) == {Trouble.CUT if gone == SEALED else Trouble.MISSING}
    assert (found.problems[0].first, found.problems[0].last) == (gone, gone)


@pytest.mark.parametrize("left", range(SEALED))
def test_a_cut_tail_is_found_and_stays_found(trail: Database, folder: Path, left: int) -> None:
    with trail.sessions.begin() as session:
        session.execute(
            delete(TrailRow).where((TrailRow.position > left) | TrailRow.position.is_(None))
        )
    found = check(trail, folder)
    assert kinds(found) == {Trouble.CUT}
    assert (found.problems[0].first, found.problems[0].last) == (left + 1, SEALED)
    write(trail, NOW + timedelta(hours=1), 12)  # the worker goes on over it
    seal(trail.sessions, folder, NOW + timedelta(hours=1))
    assert Trouble.NOT_AS_ANCHORED in kinds(check(trail, folder))


def test_rows_closed_up_over_a_gap_are_found(trail: Database, folder: Path) -> None:
    with trail.sessions.begin() as session:
        session.execute(delete(TrailRow).where(TrailRow.position == 2))
        for position in range(3, SEALED + 1):
            session.execute(
                update(TrailRow).where(TrailRow.position == position).values(position=position - 1)
            )
    assert Trouble.BROKEN in kinds(check(trail, folder))


def test_two_rows_swapped_are_found(trail: Database, folder: Path) -> None:
    with trail.sessions.begin() as session:
        for was, becomes in ((2, 99), (3, 2), (99, 3)):
            session.execute(
                update(TrailRow).where(TrailRow.position == was).values(position=becomes)
            )
    assert Trouble.BROKEN in kinds(check(trail, folder))


def line_of(change: dict[str, object]) -> Callable[[list[bytes]], list[bytes]]:
    """Edit the first line."""
    return lambda lines: [json.dumps({**json.loads(lines[0]), **change}).encode() + b"\n", lines[1]]


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines[:1],
        lambda lines: lines[1:],
        lambda lines: [],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [*lines, lines[0]],
        lambda lines: [lines[0], b"nonsense\n", lines[1]],
        lambda lines: [lines[0], lines[1][:-1]],
        line_of({"position": 2}),
        line_of({"chain": "00" * 32}),
        line_of({"at": "2026-11-18T10:00:00.000001+00:00"}),
        line_of({"kind": "restored"}),
        line_of({"key_version": 9}),
        line_of({"mac": "00" * 32}),
        line_of({"more": 1}),
    ],
)
def test_a_changed_file_of_anchors_is_found(
    trail: Database, folder: Path, harm: Callable[[list[bytes]], list[bytes]]
) -> None:
    file = folder / anchors.FILE
    file.write_bytes(b"".join(harm(file.read_bytes().splitlines(keepends=True))))
    assert not check(trail, folder).sound


def test_an_anchor_torn_by_a_crash_is_written_again(trail: Database, folder: Path) -> None:
    file = folder / anchors.FILE
    file.write_bytes(file.read_bytes() + b'{"kind": "head", "posi')
    assert check(trail, folder).sound
    assert seal(trail.sessions, folder, NOW) == OPEN
    assert (check(trail, folder).anchored, check(trail, folder).sound) == (SEALED + OPEN, True)


def test_a_crash_between_sealing_and_anchoring_heals(trail: Database, folder: Path) -> None:
    with trail.sessions.begin() as session:
        chaining._chain(session)
    assert kinds(check(trail, folder)) == {Trouble.NOT_ANCHORED}
    assert seal(trail.sessions, folder, NOW) == 0
    assert check(trail, folder).sound


def test_only_what_is_committed_is_chained(database: Database, folder: Path) -> None:
    if database.url.startswith("sqlite"):  # one writer at a time: nothing can be half way
        write(database, NOW)
        assert seal(database.sessions, folder, NOW) == 1
        return
    with database.sessions() as early:
        record(early, WORKER, "change", "interview", None, NOW - timedelta(minutes=1))
        write(database, NOW, 2)
        assert seal(database.sessions, folder, NOW) == 2
        early.commit()  # older, and committed later
    assert seal(database.sessions, folder, NOW) == 1
    found = check(database, folder)
    assert (found.sound, found.chained) == (True, 3)


def test_many_workers_make_one_chain(
    database: Database, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chaining, "AT_ONCE", 3)
    write(database, NOW, 30)
    done: list[int] = []

    def work(place: Path) -> None:
        done.append(seal(database.sessions, place, NOW))

    # Two on this machine, two on another with a folder of its own.
    threads = [
        threading.Thread(target=work, args=[place])
        for place in (folder, folder, tmp_path / "other", tmp_path / "other")
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(done) == 30
    for place in (folder, tmp_path / "other"):
        seal(database.sessions, place, NOW)
        found = check(database, place)
        assert (found.sound, found.chained, found.anchored) == (True, 30, 30)


def with_keys(database: Database, keys: dict[int, bytes]) -> Callable[[], Session]:
    """Sessions of an installation with these master keys."""

    def make() -> Session:
        session = database.sessions()
        session.info = {"keyring": Keyring(keys)}
        return session

    return make


def test_the_chain_goes_on_over_a_new_master_key_and_a_lost_one_is_told(
    trail: Database, folder: Path
) -> None:
    both, only_new = {**KEYS, 2: bytes(32)}, {2: bytes(32)}
    with with_keys(trail, both)() as session:
        record(session, WORKER, "rotate", "keys", None, NOW + timedelta(minutes=5))
        session.commit()
    trail.sessions.configure(info={"keyring": Keyring(both)})
    assert seal(trail.sessions, folder, NOW) == OPEN + 1
    assert check(trail, folder).sound
    with with_keys(trail, only_new)() as session:
        found = verify(session, folder)
    assert [(each.trouble, each.first) for each in found.problems] == [(Trouble.NO_KEY, 1)]
    assert "master key 1" in sentence(found.problems[0])
    with trail.sessions.begin() as session:
        session.execute(delete(TrailRow).where(TrailRow.position == 2))
    with with_keys(trail, only_new)() as session:
        assert kinds(verify(session, folder)) == {Trouble.NO_KEY, Trouble.MISSING}


def test_a_backup_brought_back_is_known_and_is_no_door_for_a_cut(
    trail: Database, folder: Path
) -> None:
    with trail.sessions.begin() as session:  # the backup held four rows
        session.execute(
            delete(TrailRow).where((TrailRow.position > 4) | TrailRow.position.is_(None))
        )
        restored(session, folder, NOW + timedelta(hours=1))
    found = check(trail, folder)
    assert (found.sound, found.restored, found.anchored) == (True, 1, 4)
    write(trail, NOW + timedelta(hours=1), 5)
    seal(trail.sessions, folder, NOW + timedelta(hours=1))
    assert check(trail, folder).sound
    with trail.sessions.begin() as session:
        session.execute(delete(TrailRow).where(TrailRow.position > 7))
    assert kinds(check(trail, folder)) == {Trouble.CUT}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_single_harm_to_a_sealed_trail_is_found(
    trail: Database, folder: Path, data: st.DataObject
) -> None:
    seal(trail.sessions, folder, NOW)
    with trail.sessions() as session:
        rows = session.scalars(select(TrailRow).order_by(TrailRow.position)).all()
        row = data.draw(st.sampled_from(rows))
        harm = data.draw(st.sampled_from(["delete", "cut", *OTHERS]))
        if harm == "delete":
            session.execute(delete(TrailRow).where(TrailRow.id == row.id))
        elif harm == "cut":
            assert row.position is not None
            session.execute(delete(TrailRow).where(TrailRow.position >= row.position))
        else:
            value = data.draw(_value(getattr(row, harm)))
            session.execute(update(TrailRow).where(TrailRow.id == row.id).values({harm: value}))
        session.flush()
        session.expire_all()
        assert not verify(session, folder).sound
        session.rollback()
    assert check(trail, folder).sound


def _value(present: object) -> st.SearchStrategy[object]:
    """Another value of the same kind."""
    made: st.SearchStrategy[object]
    match present:
        case bytes():
            made = st.binary(max_size=40)
        case datetime():
            made = st.integers(-(10**12), 10**12).map(
                lambda each: present + timedelta(microseconds=each)
            )
        case UUID():
            made = st.uuids()
        case int():
            made = st.integers(-(2**31), 2**31 - 1)
        case list():
            made = st.lists(st.text(st.characters(codec="ascii", exclude_characters="\0")))
        case _:
            made = st.text(st.characters(codec="ascii", exclude_characters="\0"), max_size=16)
    return made.filter(lambda each: each != present)


def test_a_long_trail_is_sealed_in_batches(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chaining, "AT_ONCE", 4)
    write(database, NOW, 11)
    assert seal(database.sessions, folder, NOW) == 11
    with database.sessions() as session:
        assert session.scalar(select(func.max(TrailRow.position))) == 11
    assert len((folder / anchors.FILE).read_bytes().splitlines()) == 1
    assert check(database, folder).sound
