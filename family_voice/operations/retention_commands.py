"""An operator's commands for what is kept how long: `retention preview`, `run`, `reconcile`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.operations import reconcile, retention
from family_voice.security import erasures
from family_voice.security.trail import OPERATOR, record
from family_voice.settings import Settings, instance_folder
from family_voice.storage.engine import reading

FOLDER = click.Path(file_okay=False, exists=True, path_type=Path)
Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]


def retention_commands(ready: Ready, clock: Clock) -> click.Group:
    """The group `retention`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group("retention")
    def group() -> None:
        """What is kept how long, and proof that what was taken back is gone."""

    @group.command("preview")
    def preview() -> None:
        """Say what would go if it were cleared away now; nothing is changed."""
        sessions, settings = ready()
        with reading(sessions) as session:
            for due in retention.preview(session, settings.retention, clock()):
                _say(due)

    @group.command("run")
    def run() -> None:
        """Clear away what is over. The worker does the same once a day."""
        sessions, settings = ready()
        now = clock()
        cleared = retention.run(
            sessions, settings.retention, now, OPERATOR,
            lambda name, count: click.echo(f"{name}: {count}", err=True),
        )  # fmt: skip
        with sessions.begin() as session:
            erasures.write_down(session, settings.evidence_folder, now)
        click.echo(f"Cleared away: {sum(cleared.values())}.")

    @group.command("reconcile")
    @click.option("--files", multiple=True, type=FOLDER, help="A folder to search as well.")
    @click.option("--backups", multiple=True, type=FOLDER, help="A folder with backups or keys.")
    def reconcile_(files: tuple[Path, ...], backups: tuple[Path, ...]) -> None:
        """Prove that nothing is left of what was taken back: every table, file, copy and backup."""
        sessions, settings = ready()
        now = clock()
        folders = [instance_folder(), *files]
        if settings.evidence_folder.is_dir():
            folders.append(settings.evidence_folder)
        usual = (settings.backup_folder, settings.backup_keys_folder)
        places = [*(each for each in usual if each.is_dir()), *backups]
        with reading(sessions) as session:
            done = reconcile.search(session, files=folders, backups=places, now=now)
        with sessions.begin() as session:
            record(session, OPERATOR, "reconcile", "retention", None, now)
        click.echo(
            f"Searched {done.rows} rows of {done.tables} tables, {done.files} files and "
            f"{done.backups} backups for {done.withdrawals} withdrawals and "
            f"{done.keys} destroyed keys."
        )
        for line in done.waiting:
            click.echo(f"Goes by itself: {line}")
        for each in done.found:
            click.echo(f"{each.where}: {each.what}", err=True)
        if done.found:
            raise click.ClickException(
                f"{len(done.found)} things are left. What to do stands above, one a line."
            )
        click.echo("Nothing is left.")

    return group


def _say(due: retention.Due) -> None:
    kept = f"{due.days} days" if due.days is not None else "not cleared by this program"
    click.echo(f"{due.data_class.name}: {due.data_class.words}")
    click.echo(f"  kept {kept} after: {due.data_class.since}. {due.data_class.source}")
    if due.days is not None:
        click.echo(f"  would go now: {len(due.goes)}; kept by a hold: {due.held}")
