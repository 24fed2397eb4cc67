"""Master keys, backups and restoring at the command line."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import KEYS, NOW, Database
from tests.factories import invited
from tests.operations.conftest import Empty, empty
from tests.test_cli import environment, refused, run

__all__ = ["empty", "environment"]

Environment = dict[str, str]


def as_setting(*versions: int) -> str:
    keys = {1: KEYS[1], 2: bytes(32), 3: bytes(range(32, 64))}
    return ",".join(f"{each}:{base64.b64encode(keys[each]).decode()}" for each in versions)


@pytest.fixture
def installed(environment: Environment, database: Database, tmp_path: Path) -> Environment:
    """An installation with one family and folders of its own."""
    with database.sessions.begin() as session:
        invited(session, NOW)
    return environment | {
        "FAMILY_VOICE_EVIDENCE_FOLDER": str(tmp_path / "evidence"),
        "FAMILY_VOICE_BACKUP_FOLDER": str(tmp_path / "backups"),
        "FAMILY_VOICE_BACKUP_KEYS_FOLDER": str(tmp_path / "backup-keys"),
    }


def test_rotating_and_what_is_said_of_each_key(installed: Environment) -> None:
    two = installed | {"FAMILY_VOICE_MASTER_KEYS": as_setting(1, 2)}
    before = run(two, "keys", "status").stdout
    assert "Master key 1: wraps 3 data keys. `family-voice keys rotate` moves them" in before
    done = run(two, "keys", "rotate")
    assert (done.exit_code, done.stdout) == (0, "Wrapped anew: 3 data keys, 0 second factors.\n")
    assert "3 of 3 data keys" in done.stderr
    one, newest = run(two, "keys", "status").stdout.splitlines()
    assert one.startswith("Master key 1: wraps 0 data keys. Still needed: links, codes and")
    assert newest.startswith("Master key 2: wraps 3 data keys. It is the newest")


@pytest.mark.parametrize("command", [["serve"], ["worker", "--once"], ["backup"]])
def test_nothing_starts_without_a_master_key_that_is_needed(
    installed: Environment, command: list[str]
) -> None:
    run(installed, "keys", "status")
    line = refused(run(installed | {"FAMILY_VOICE_MASTER_KEYS": as_setting(3)}, *command))
    assert line.startswith("Some words are sealed under master key 1, which is not in")


def test_another_key_under_the_same_number_is_named(installed: Environment) -> None:
    run(installed, "keys", "status")
    other = "1:" + base64.b64encode(bytes(32)).decode()
    line = refused(run(installed | {"FAMILY_VOICE_MASTER_KEYS": other}, "keys", "rotate"))
    assert "is not the one this database was used with" in line


def test_a_backup_is_made_and_brought_back(
    installed: Environment, empty: Empty, tmp_path: Path
) -> None:
    made = run(installed, "backup")
    assert made.exit_code == 0
    assert made.stdout.startswith("Backed up: ")
    url = empty("sqlite").url.render_as_string(hide_password=False)
    elsewhere = installed | {"FAMILY_VOICE_DATABASE_URL": url}
    folders = ["--from", str(tmp_path / "backups"), "--keys-from", str(tmp_path / "backup-keys")]
    back = run(elsewhere, "restore", *folders)
    assert back.exit_code == 0, back.output
    assert "Integrity: every row is as it was backed up." in back.stdout
    assert "Erasures: 0 in the ledger, 0 done again" in back.stdout
    assert "Audit trail: verified" in back.stdout
    assert run(elsewhere, "keys", "status").exit_code == 0
    assert "is not empty" in refused_in_the_end(run(elsewhere, "restore", *folders).stderr)


def test_a_drill_leaves_the_evidence_alone_and_nothing_to_serve(
    installed: Environment, empty: Empty, tmp_path: Path
) -> None:
    run(installed, "backup")
    url = empty("sqlite").url.render_as_string(hide_password=False)
    elsewhere = installed | {"FAMILY_VOICE_DATABASE_URL": url}
    folders = ["--from", str(tmp_path / "backups"), "--keys-from", str(tmp_path / "backup-keys")]
    back = run(elsewhere, "restore", "--drill", *folders)
    assert "Integrity: every row is as it was backed up." in back.stdout
    assert not (tmp_path / "evidence").exists()
    assert "was not finished" in refused(run(elsewhere, "serve"))


def refused_in_the_end(stderr: str) -> str:
    return stderr.strip().splitlines()[-1]


def test_nothing_starts_on_a_database_that_is_half_restored(
    installed: Environment, database: Database
) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO restoring (id, began_at, backup_made_at) VALUES (:id, :at, :at)"),
            {"id": "0" * 32, "at": "2026-11-18 10:00:00+00:00"},
        )
    assert "was not finished" in refused(run(installed, "serve"))


def test_the_keys_must_lie_apart(installed: Environment, tmp_path: Path) -> None:
    same = str(tmp_path / "backups")
    assert "must lie apart" in refused(run(installed, "backup", "--keys-to", same))


def test_pruning_says_what_it_did(installed: Environment) -> None:
    run(installed, "backup")
    done = run(installed, "backup", "prune")
    assert done.stdout == "No copy of the key table is older than 30 days.\n"


def test_there_must_be_a_backup(installed: Environment, tmp_path: Path) -> None:
    folders = ["--from", str(tmp_path), "--keys-from", str(tmp_path)]
    assert "There is no backup in" in refused(run(installed, "restore", *folders))
