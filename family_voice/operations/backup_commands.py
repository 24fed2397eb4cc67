"""An operator's commands for backups: `backup`, `backup prune` and `restore`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from family_voice.operations import manifests, restoring
from family_voice.operations.backup import SameFolder, take
from family_voice.security.keyring import Keyring, MasterMissing
from family_voice.security.trail import OPERATOR, record
from family_voice.settings import Settings
from family_voice.storage.engine import make_engine

Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]
FOLDER = click.Path(file_okay=False, path_type=Path)
PLACE = click.Path(exists=True, path_type=Path)


def backup_commands(
    ready: Ready, settings: Callable[[], Settings], clock: Clock
) -> list[click.Command]:
    """The group `backup` and the command `restore`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        settings: gives the settings alone, for a database that is still empty.
        clock: gives the present.
    """

    @click.group("backup", invoke_without_command=True)
    @click.option("--to", type=FOLDER, help="Where the tables go. Default: instance/backups.")
    @click.option(
        "--keys-to", type=FOLDER,
        help="Where the key table goes: another folder, best on another disk. "
        "Default: instance/backup-keys.",
    )  # fmt: skip
    @click.pass_context
    def backup(context: click.Context, to: Path | None, keys_to: Path | None) -> None:
        """Back up the database, sealed, while others go on working.

        The key table lies apart and is deleted after 30 days, by the next backup or by
        `backup prune`. Run this every day.
        """
        if context.invoked_subcommand:
            return
        sessions, chosen = ready()
        keys_folder = keys_to or chosen.backup_keys_folder
        engine: Engine = sessions.kw["bind"]
        now = clock()
        try:
            done = take(
                engine, Keyring(chosen.master_keys), to or chosen.backup_folder, keys_folder, now,
                _tell,
            )  # fmt: skip
            _prune(keys_folder, now)
        except SameFolder:
            raise click.ClickException(
                "The key table must lie apart. Give --keys-to a folder that is not --to, nor in it."
            ) from None
        except OSError as problem:
            raise click.ClickException(_no_room(problem)) from problem
        with sessions.begin() as session:
            record(session, OPERATOR, "export", "backup", None, now, ["everything"])
        click.echo(f"Backed up: {sum(each.rows for each in done.tables.values())} rows.")
        click.echo(f"Its key copy goes on {done.keys_until:%d %B %Y}.")

    @backup.command("prune")
    @click.option("--keys", type=FOLDER, help="Where they are. Default: instance/backup-keys.")
    def prune(keys: Path | None) -> None:
        """Delete copies of the key table that are older than 30 days."""
        try:
            _prune(keys or settings().backup_keys_folder, clock())
        except OSError as problem:
            raise click.ClickException(_no_room(problem)) from problem
        click.echo("No copy of the key table is older than 30 days.")

    @click.command("restore")
    @click.option("--from", "from_", type=PLACE, required=True, help="A backup, or their folder.")
    @click.option("--keys-from", type=PLACE, required=True, help="A key copy, or their folder.")
    @click.option("--drill", is_flag=True, help="Only try it: nothing can be served from it.")
    def restore(from_: Path, keys_from: Path, drill: bool) -> None:
        """Bring a backup back into an empty database, and say what came back.

        What was erased since the backup is erased again before anybody can sign in: have the newest
        erasure ledger in the evidence folder. Try --drill twice a year, and delete that database.
        """
        chosen = settings()
        keyring = Keyring(chosen.master_keys)
        manifest, keys = _found(from_, keys_from, keyring)
        engine = make_engine(chosen.database_url)
        try:
            with _evidence(chosen.evidence_folder, drill) as evidence:
                report = restoring.restore(
                    engine, keyring, manifest, keys, evidence, clock(), _tell, drill=drill
                )
        except (restoring.CannotRestore, MasterMissing) as problem:
            raise click.ClickException(str(problem)) from problem
        finally:
            engine.dispose()
        for line in _lines(report):
            click.echo(line)
        if not report.trail.sound:
            raise click.ClickException(
                "The audit trail does not hold together. `family-voice audit verify` says where."
            )

    return [backup, restore]


@contextmanager
def _evidence(folder: Path, drill: bool) -> Iterator[Path]:
    """The evidence folder, or for a drill a copy of it."""
    if not drill:
        yield folder
        return
    with TemporaryDirectory(prefix="family-voice-drill-") as copied:
        copy = Path(copied) / "evidence"
        if folder.is_dir():
            shutil.copytree(folder, copy)
        yield copy


def _tell(words: str) -> None:
    click.echo(words, err=True)


def _prune(keys_folder: Path, now: datetime) -> None:
    for name in manifests.prune(keys_folder, now):
        _tell(f"Deleted {name}: it was older than 30 days.")


def _found(from_: Path, keys_from: Path, keyring: Keyring) -> tuple[Path, Path]:
    """The newest backup of a folder, or the one that was named, and the key copy for it."""
    if from_.is_dir():
        there = manifests.paths(from_)
        if not there:
            raise click.ClickException(f"There is no backup in {from_}.")
        from_ = there[-1]
    if keys_from.is_dir():
        own = keys_from / f"{from_.name.removesuffix(manifests.MANIFEST)}{manifests.KEYS}"
        newer = sorted(keys_from.glob(f"*{manifests.KEYS}"))
        # When the backup's own copy is gone, a newer one opens what has not been erased since.
        keys_from = own if own.exists() or not newer else newer[-1]
    return from_, keys_from


def _lines(report: restoring.Report) -> Iterator[str]:
    yield f"Restored in {report.seconds:.1f} seconds: {report.rows} rows of {report.tables} tables."
    yield "Integrity: every row is as it was backed up."
    yield (
        f"The backup is from {report.backup_made_at:%d %B %Y %H:%M} UTC, its keys from "
        f"{report.keys_made_at:%d %B %Y %H:%M} UTC. What happened after it is not there."
    )
    yield (
        f"Erasures: {report.ledger} in the ledger, {report.replayed} done again; something else "
        f"of {report.cleared} accounts and people was removed with them."
    )
    yield f"Texts that waited and will not go by themselves: {report.unsent}."
    sound = "verified" if report.trail.sound else "NOT sound"
    yield f"Audit trail: {sound}, {report.trail.chained} lines in the chain."


def _no_room(problem: OSError) -> str:
    return (
        f"The backup could not be written ({problem.strerror or type(problem).__name__}). See that "
        "the folders can be written to and have room, and run it again."
    )
