"""Every key moves to the newest master key, nothing becomes unreadable, and nothing needed goes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from passlib.totp import TOTP
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from family_voice.operations.rotation import BATCH, CannotRotate, Rotated, rotate, status
from family_voice.people import factor_keys, staff
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember, totp_secrets
from family_voice.security import masters
from family_voice.security.erasures import write_down
from family_voice.security.keyring import Keyring, MasterMissing
from family_voice.security.models import DataKey
from family_voice.security.sealing import (
    BrokenSeal,
    KeyKind,
    Place,
    destroy_key,
    new_key,
    seal,
    unseal,
)
from family_voice.security.trail import OPERATOR, record
from family_voice.storage.base import new_id
from family_voice.storage.engine import make_sessions
from tests.conftest import KEYS, NOW, Database

HERE = Place("fragment", "words", UUID(int=7))
NEWER = {**KEYS, 2: bytes(range(32, 64))}
NEWEST = {**NEWER, 3: bytes(range(64, 96))}
SECRET = "JBSWY3DPEHPK3PXP"


def quiet(_done: int, _total: int) -> None:
    pass


def with_keys(database: Database, keys: dict[int, bytes]) -> sessionmaker[Session]:
    return make_sessions(database.engine, keyring=Keyring(keys))


def words_of(database: Database, count: int) -> dict[UUID, bytes]:
    with database.sessions.begin() as session:
        keys = [new_key(session, KeyKind.INTERVIEW, new_id(), NOW) for _ in range(count)]
        return {key: seal(session, key, HERE, f"words of {key}") for key in keys}


def unreadable(sessions: sessionmaker[Session], words: dict[UUID, bytes]) -> list[UUID]:
    with sessions() as session:
        return [k for k, w in words.items() if unseal(session, k, HERE, w) != f"words of {k}"]


def versions(database: Database) -> set[int]:
    with database.sessions() as session:
        return set(session.scalars(select(DataKey.master_version)))


def test_every_key_moves_and_every_word_opens(database: Database) -> None:
    words = words_of(database, BATCH + 7)
    told: list[tuple[int, int]] = []
    done = rotate(with_keys(database, NEWER), lambda *far: told.append(far))
    assert done == Rotated(BATCH + 7, 0, ())
    assert told == [(BATCH, BATCH + 7), (BATCH + 7, BATCH + 7), (BATCH + 7, BATCH + 7)]
    assert versions(database) == {2}
    assert unreadable(with_keys(database, NEWER), words) == []
    assert unreadable(with_keys(database, {2: NEWER[2]}), words) == []
    with database.sessions() as old, pytest.raises(MasterMissing):
        unseal(old, next(iter(words)), HERE, next(iter(words.values())))


def test_a_second_time_there_is_nothing_to_do(database: Database) -> None:
    words_of(database, 3)
    rotate(with_keys(database, NEWER), quiet)
    assert rotate(with_keys(database, NEWER), quiet) == Rotated(0, 0, ())


def test_several_at_once_share_the_work(database: Database) -> None:
    words = words_of(database, BATCH * 4)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: rotate(with_keys(database, NEWER), quiet), range(4)))
    assert sum(each.data_keys for each in done) == BATCH * 4
    assert unreadable(with_keys(database, NEWER), words) == []


def test_requests_that_began_before_go_on_and_new_keys_are_made(database: Database) -> None:
    words = words_of(database, 4)
    running = with_keys(database, NEWER)
    (key, sealed), *_ = words.items()
    with running() as session:
        assert unseal(session, key, HERE, sealed) == f"words of {key}"
        session.commit()
        rotate(with_keys(database, NEWER), quiet)
        assert unseal(session, key, HERE, sealed) == f"words of {key}"
        made = new_key(session, KeyKind.PERSON, new_id(), NOW)
        words[made] = seal(session, made, HERE, f"words of {made}")
        session.commit()
    assert unreadable(running, words) == []


def test_a_destroyed_key_stays_destroyed(database: Database) -> None:
    words = words_of(database, 2)
    gone = next(iter(words))
    with database.sessions.begin() as session:
        destroy_key(session, gone, NOW)
    assert rotate(with_keys(database, NEWER), quiet).data_keys == 1
    with database.sessions() as session:
        row = session.get_one(DataKey, gone)
        assert (row.wrapped, row.master_version) == (None, 1)


def test_a_key_that_does_not_open_is_named_and_left(database: Database) -> None:
    words = words_of(database, 3)
    broken = next(iter(words))
    with database.sessions.begin() as session:
        session.get_one(DataKey, broken).wrapped = bytes(60)
    done = rotate(with_keys(database, NEWER), quiet)
    assert (done.data_keys, done.unreadable) == (2, (broken,))
    with database.sessions() as session:
        assert session.get_one(DataKey, broken).wrapped == bytes(60)


@pytest.mark.parametrize("change", ["another row", "another version", "another kind"])
def test_a_wrapped_key_opens_in_its_own_row_only(database: Database, change: str) -> None:
    words = words_of(database, 2)
    first, second = words
    sessions = with_keys(database, NEWER)
    with sessions.begin() as session:
        one, other = session.get_one(DataKey, first), session.get_one(DataKey, second)
        if change == "another row":
            one.wrapped, other.wrapped = other.wrapped, one.wrapped
        elif change == "another version":
            one.master_version = 2
        else:
            one.kind = KeyKind.SAFEGUARDING.value
    with sessions() as session, pytest.raises(BrokenSeal):
        unseal(session, first, HERE, words[first])


def test_the_same_master_key_under_two_numbers_is_still_told_apart(database: Database) -> None:
    words = words_of(database, 1)
    sessions = with_keys(database, {1: KEYS[1], 2: KEYS[1]})
    with sessions.begin() as session:
        session.execute(update(DataKey).values(master_version=2))
    with sessions() as session, pytest.raises(BrokenSeal):
        unseal(session, *next((key, HERE, sealed) for key, sealed in words.items()))


def test_second_factors_move_too_and_still_let_people_in(database: Database) -> None:
    with database.sessions.begin() as session:
        staff.add_staff(
            session, email="lead@council.example", roles=[Role.LEAD], now=NOW,
            totp_secret=SECRET,
        )  # fmt: skip
    newer = with_keys(database, NEWER)
    assert rotate(newer, quiet).factors == 1
    with newer() as session:
        assert factor_keys.by_version(session) == {2: 1}
        stored = session.scalars(select(StaffMember.tf_totp_secret)).one()
    assert stored is not None
    secrets = totp_secrets(Keyring({2: NEWER[2]}))
    assert TOTP.using(secrets=secrets).from_source(stored).base32_key == SECRET


@contextmanager
def noted(database: Database, keys: dict[int, bytes]) -> Iterator[None]:
    with with_keys(database, keys).begin() as session:
        assert masters.problems(session) == []
        masters.note(session, NOW)
    yield


def problems(database: Database, keys: dict[int, bytes]) -> str:
    with with_keys(database, keys)() as session:
        return " ".join(masters.problems(session))


def test_a_master_key_that_something_needs_cannot_be_taken_out(database: Database) -> None:
    words_of(database, 2)
    with noted(database, KEYS), noted(database, NEWER):
        assert "sealed under master key 1" in problems(database, {2: NEWER[2]})
        rotate(with_keys(database, NEWER), quiet)
        assert "are found by master key 1" in problems(database, {2: NEWER[2]})
        with noted(database, NEWEST):
            rotate(with_keys(database, NEWEST), quiet)
        assert problems(database, {1: KEYS[1], 3: NEWEST[3]}) == ""


def test_a_wrong_or_lower_master_key_is_named(database: Database) -> None:
    with noted(database, NEWER):
        assert "Master key 2" in problems(database, {1: KEYS[1], 2: bytes(32)})
        assert "Call the new key 3." in problems(database, {0: bytes(32), **NEWER})
        with pytest.raises(CannotRotate):
            rotate(with_keys(database, {1: bytes(32), 2: NEWER[2]}), quiet)


def test_noting_twice_notes_once(database: Database) -> None:
    with noted(database, NEWER), with_keys(database, NEWER).begin() as session:
        assert masters.all_noted(session)
        assert masters.note(session, NOW) == 0


def test_what_each_master_key_is_needed_for(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    words = words_of(database, 3)
    with with_keys(database, NEWER).begin() as session:
        masters.note(session, now)
        record(session, OPERATOR, "change", "round", None, now)
        destroy_key(session, next(iter(words)), now)
        write_down(session, tmp_path, now)
    with with_keys(database, NEWEST)() as session:
        one, two, three = status(session, tmp_path)
    assert (one.data_keys, one.first, one.may_go) == (2, True, False)
    assert (two.data_keys, two.trail_lines, two.erasures, two.may_go) == (0, 1, 1, False)
    assert (three.current, three.may_go) == (True, False)


def test_a_master_key_that_nothing_needs_may_go(database: Database, tmp_path: Path) -> None:
    words_of(database, 2)
    with noted(database, KEYS), noted(database, NEWER), noted(database, NEWEST):
        rotate(with_keys(database, NEWER), quiet)
        rotate(with_keys(database, NEWEST), quiet)
        with with_keys(database, NEWEST)() as session:
            assert [use.may_go for use in status(session, tmp_path)] == [False, True, False]
