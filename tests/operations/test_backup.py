"""What was backed up comes back whole, what was erased stays erased, and half is never there."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session, sessionmaker

from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.state import Stage
from family_voice.messages.arriving import receive
from family_voice.messages.models import InboundMessage, OutboundMessage, SendState
from family_voice.messages.outbox import queue
from family_voice.messages.wording import Template
from family_voice.operations import manifests, restoring
from family_voice.operations.backup import SameFolder, take
from family_voice.operations.clearing import clear_account, clear_unknown_text
from family_voice.operations.manifests import KEPT, Manifest
from family_voice.operations.restoring import CannotRestore, Report, restore
from family_voice.operations.retention import ACCOUNTS_KEPT
from family_voice.operations.tables import METADATA
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.people.forgetting import forget_child
from family_voice.people.models import Child, Participant
from family_voice.security import chaining
from family_voice.security.erasures import FILE, write_down
from family_voice.security.keyring import Keyring
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import BrokenFile, opened
from family_voice.security.sealing import Erased, destroy_key, unseal
from family_voice.security.sealing import Place as Seal
from family_voice.security.trail import OPERATOR
from family_voice.security.trail import record as on_trail
from family_voice.storage.engine import make_sessions
from tests.conftest import KEYS, NOW, Database
from tests.factories import agreed, invited
from tests.operations.conftest import Empty

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


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(database, tmp_path)


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


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(bytes(whole))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def remove(path: Path) -> None:
    path.unlink()


def test_a_changed_backup_is_refused_before_anything_is_written(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    into = empty("sqlite")
    for path in (town.manifest(), town.tables(), town.key_copy()):
        whole = path.read_bytes()
        for harm in (flip, cut, remove):
            harm(path)
            with pytest.raises(CannotRestore, match=r"(was changed or is cut short|There is no)"):
                town.restore(into)
            path.write_bytes(whole)
    assert inspect(into).get_table_names() == []
    assert town.restore(into).tables > 30


def test_even_with_the_hashes_put_right_a_piece_cannot_be_changed(town: Town) -> None:
    town.family()
    town.back_up()
    for harm in (flip, cut):
        copy = shutil.copy(town.tables(), town.folder / "copy.tables")
        harm(Path(copy))
        with pytest.raises(BrokenFile):
            list(opened(Path(copy), RING))


def test_a_figure_changed_in_the_manifest_is_seen(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    said = json.loads(town.manifest().read_text())
    said["tables"]["interview"]["rows"] += 1
    town.manifest().write_text(json.dumps(said))
    with pytest.raises(CannotRestore, match="was changed"):
        town.restore(empty("sqlite"))


def test_a_ledger_that_is_missing_or_broken_stops_it(town: Town, empty: Empty) -> None:
    gone = town.family()
    town.takes_back(gone)
    town.back_up()
    into = empty("sqlite")
    ledger = town.evidence / FILE
    whole = ledger.read_bytes()
    ledger.write_bytes(whole.replace(b"interview", b"person"))
    with pytest.raises(CannotRestore, match="Bring the last whole copy"):
        town.restore(into)
    ledger.unlink()
    with pytest.raises(CannotRestore, match="lacks 1 erasures"):
        town.restore(into)
    with sessions_of(into)() as session:
        assert session.scalars(select(DataKey)).all() == []
    ledger.write_bytes(whole)
    assert town.restore(into).replayed == 0


def test_a_restore_that_was_not_finished_is_known(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    into = empty("sqlite")
    town.restore(into)
    with sessions_of(into).begin() as session:
        session.execute(text("UPDATE restoring SET finished_at = NULL"))
    with sessions_of(into)() as session:
        assert restoring.unfinished(session)


def test_the_trail_is_verified_after_it_lost_its_tail(town: Town, empty: Empty) -> None:
    town.family()
    chaining.seal(town.database.sessions, town.evidence, NOW)
    town.back_up()
    town.family()
    chaining.seal(town.database.sessions, town.evidence, LATER)
    report = town.restore(empty("sqlite"))
    assert report.trail.sound
    assert report.trail.restored == 1


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
