"""What was backed up comes back whole, what was erased stays erased, and half is never there."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.state import Stage
from family_voice.messages.arriving import receive
from family_voice.messages.models import InboundMessage, OutboundMessage, SendState
from family_voice.messages.outbox import queue
from family_voice.messages.templates import Template
from family_voice.operations import manifests, restoring
from family_voice.operations.backup import SameFolder, take
from family_voice.operations.clearing import clear_account, clear_unknown_text
from family_voice.operations.manifests import KEPT
from family_voice.operations.restoring import CannotRestore
from family_voice.operations.retention import ACCOUNTS_KEPT
from family_voice.people.forgetting import forget_child
from family_voice.people.models import Child, Participant
from family_voice.security.erasures import write_down
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import opened
from family_voice.security.sealing import Erased, destroy_key, unseal
from family_voice.security.sealing import Place as Seal
from tests.conftest import NOW
from tests.operations.conftest import Empty
from tests.operations.towns import LATER, RING, WORDS, Town, everything, said, sessions_of


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_comes_back_into_either_kind(town: Town, empty: Empty, kind: str) -> None:
    families = [town.family() for _ in range(3)]
    manifest = town.back_up()
    into = empty(kind)
    report = town.restore(into)
    new = {"restoring", "trail"}
    assert everything(into, new) == everything(town.database.engine, new)
    assert (report.ledger, report.replayed, report.cleared) == (0, 0, 0)
    assert report.rows == sum(each.rows for each in manifest.tables.values()) > 20
    assert report.trail.sound
    assert [said(sessions_of(into), each) for each in families] == [[WORDS]] * 3
    with sessions_of(into)() as session:
        assert not restoring.unfinished(session)


def test_what_was_erased_since_stays_erased(town: Town, empty: Empty) -> None:
    kept, gone = town.family(), town.family()
    town.back_up()
    with town.database.sessions() as session:
        fragment = session.scalars(select(Fragment).where(Fragment.interview_id == gone)).one()
        sealed, key = fragment.words, session.get_one(Interview, gone).key_id
    town.takes_back(gone)
    into = empty("sqlite")
    report = town.restore(into)
    assert (report.ledger, report.replayed, report.cleared) == (1, 1, 1)
    sessions = sessions_of(into)
    assert said(sessions, kept) == [WORDS]
    assert said(sessions, gone) == []
    with sessions() as session:
        assert session.scalars(select(Fragment).where(Fragment.interview_id == gone)).all() == []
        assert not permits(session, gone, Purpose.TALK, Audience.LEAD, LATER)
        with pytest.raises(Erased):
            unseal(session, key, Seal("fragment", "words", fragment.id), sealed)


def test_an_erased_person_is_found_by_no_number(town: Town, empty: Empty) -> None:
    town.family()
    with town.database.sessions() as session:
        person = session.scalars(select(Participant)).one()
        assert person.mobile_index
    town.back_up()
    with town.database.sessions.begin() as session:
        destroy_key(session, person.key_id, LATER)
        write_down(session, town.evidence, LATER)
    into = empty("sqlite")
    assert town.restore(into).replayed == 1
    with sessions_of(into)() as session:
        assert session.get_one(Participant, person.id).mobile_index is None


def test_a_child_whose_time_was_over_is_forgotten_again(town: Town, empty: Empty) -> None:
    town.family()
    with town.database.sessions() as session:
        child = session.scalars(select(Child)).one()
    town.back_up()
    with town.database.sessions.begin() as session:
        forget_child(session, child.id, LATER)
        write_down(session, town.evidence, LATER)
    into = empty("sqlite")
    assert town.restore(into).replayed == 2
    with sessions_of(into)() as session:
        found = session.get_one(Child, child.id)
        assert found.first_name == b""
        assert found.reference_index != child.reference_index
        person = session.scalars(select(Participant)).one()
        assert person.mobile_index is person.mobile is None


def test_an_account_whose_time_was_over_is_emptied_and_still_counted(
    town: Town, empty: Empty
) -> None:
    old = town.family()
    with town.database.sessions.begin() as session:
        session.get_one(Interview, old).made_at = NOW - ACCOUNTS_KEPT
    town.back_up()
    with town.database.sessions.begin() as session:
        clear_account(session, old, LATER)
        write_down(session, town.evidence, LATER)
    into = empty("sqlite")
    assert town.restore(into).cleared == 1
    with sessions_of(into)() as session:
        assert session.scalars(select(Fragment.words)).all() == [b""]
        assert record.state_of(session, old).stage is not Stage.WITHDRAWN


def test_a_text_from_a_stranger_is_emptied_again(town: Town, empty: Empty) -> None:
    with town.database.sessions.begin() as session:
        message = receive(session, "SM1", "+447700900999", "Hello", 1, NOW)
    assert message
    town.back_up()
    with town.database.sessions.begin() as session:
        clear_unknown_text(session, message.id, LATER)
        write_down(session, town.evidence, LATER)
    into = empty("sqlite")
    assert town.restore(into).cleared == 1
    with sessions_of(into)() as session:
        found = session.get_one(InboundMessage, message.id)
        assert found.body == found.phone == b""
        assert found.phone_index != message.phone_index


def test_what_was_erased_before_the_backup_is_left_as_it_is(town: Town, empty: Empty) -> None:
    gone = town.family()
    town.takes_back(gone, NOW - timedelta(days=2))
    town.back_up()
    report = town.restore(empty("sqlite"))
    assert (report.ledger, report.replayed, report.cleared) == (1, 0, 0)


def test_texts_that_waited_do_not_go_by_themselves(town: Town, empty: Empty) -> None:
    interview_id = town.family()
    with town.database.sessions.begin() as session:
        waiting = queue(
            session,
            interview_id,
            "+447700900001",
            Template.INVITATION,
            "Hello",
            "once",
            NOW,
            False,
            NOW,
        )
    town.back_up()
    into = empty("sqlite")
    assert town.restore(into).unsent == 1
    with sessions_of(into)() as session:
        assert session.get_one(OutboundMessage, waiting).state == SendState.CANCELLED


def test_an_old_backup_opens_with_newer_keys_and_without_what_was_erased(
    town: Town, empty: Empty
) -> None:
    kept, gone = town.family(), town.family()
    town.back_up()
    town.takes_back(gone)
    town.back_up(LATER)
    town.key_copy().unlink()
    into = empty("sqlite")
    report = town.restore(into, keys_at=LATER)
    assert (report.replayed, report.keys_made_at) == (0, LATER)
    assert said(sessions_of(into), kept) == [WORDS]
    assert said(sessions_of(into), gone) == []


def test_older_keys_are_refused(town: Town, empty: Empty) -> None:
    town.back_up()
    town.family()
    town.back_up(LATER)
    with pytest.raises(CannotRestore, match="older than the backup"):
        town.restore(empty("sqlite"), made_at=LATER)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_with_anything_in_it_is_left_alone(town: Town, empty: Empty, kind: str) -> None:
    town.family()
    town.back_up()
    into = empty(kind)
    with into.begin() as connection:
        connection.execute(text("CREATE TABLE something (a integer)"))
    with pytest.raises(CannotRestore, match="not empty"):
        town.restore(into)
    assert inspect(into).get_table_names() == ["something"]
    before = everything(town.database.engine, set())
    with pytest.raises(CannotRestore, match="not empty"):
        town.restore(town.database.engine)
    assert everything(town.database.engine, set()) == before


def test_nothing_in_the_files_can_be_read_and_the_keys_lie_apart(town: Town) -> None:
    town.family()
    with town.database.sessions() as session:
        wrapped = session.scalars(select(DataKey.wrapped)).first()
    manifest = town.back_up()
    for path in (*town.backups.iterdir(), *town.keys.iterdir()):
        whole = path.read_bytes()
        assert b"waits by the door" not in whole
        assert b"mother" not in whole
        assert wrapped is None or wrapped not in whole
        assert path.stat().st_mode & 0o077 == 0
    assert {path.name for path in town.keys.iterdir()} == {manifest.keys_file.name}
    assert {path.name for path in town.backups.iterdir()} == {
        manifest.tables_file.name,
        town.manifest().name,
    }
    lines = list(opened(town.tables(), RING))
    assert not any(line.startswith(b'{"table": "data_key"') for line in lines)


@pytest.mark.parametrize("keys", ["backups", "backups/keys", "."])
def test_the_keys_never_lie_with_the_tables(town: Town, keys: str) -> None:
    with pytest.raises(SameFolder):
        take(town.database.engine, RING, town.backups, town.folder / keys, NOW, lambda _: None)
    assert not town.backups.exists()


def test_key_copies_go_after_thirty_days_and_the_rest_stays(town: Town) -> None:
    town.back_up()
    town.back_up(LATER)
    left_behind = town.keys / f"x{manifests.KEYS}.unfinished"
    left_behind.write_bytes(b"")
    os.utime(left_behind, times=((NOW + KEPT).timestamp(),) * 2)
    assert manifests.prune(town.keys, NOW + KEPT - timedelta(seconds=1)) == []
    gone = manifests.prune(town.keys, NOW + KEPT)
    assert gone == [town.key_copy().name]
    assert town.tables().exists()
    assert manifests.every(town.backups, RING)[0].keys_until == NOW + KEPT


def test_which_backups_hold_a_key(town: Town) -> None:
    manifest = town.back_up()
    before, after = NOW - timedelta(days=1), NOW + timedelta(days=1)
    assert manifest.holds_key(before, None)
    assert manifest.holds_key(before, after)
    assert not manifest.holds_key(before, before)
    assert not manifest.holds_key(after, None)


def test_a_failed_backup_leaves_nothing_behind(town: Town) -> None:
    town.family()

    def full(_words: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        take(town.database.engine, RING, town.backups, town.keys, NOW, full)
    assert list(town.backups.iterdir()) == list(town.keys.iterdir()) == []
