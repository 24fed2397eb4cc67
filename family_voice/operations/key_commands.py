"""An operator's commands for the master keys: `keys rotate` and `keys status`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.operations import rotation
from family_voice.operations.rotation import MasterUse
from family_voice.security.erasures import LedgerBroken
from family_voice.security.trail import OPERATOR, record
from family_voice.settings import Settings
from family_voice.storage.engine import reading

Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]


def key_commands(ready: Ready, clock: Clock) -> click.Group:
    """The group `keys`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group()
    def keys() -> None:
        """The master keys, under which every data key is wrapped."""

    @keys.command("rotate")
    def rotate() -> None:
        """Wrap every data key under the newest master key.

        First add the new key to FAMILY_VOICE_MASTER_KEYS under the next number, beside the old
        ones, and start every process anew. Stop this at any moment; run again, it does the rest.
        """
        sessions, _ = ready()
        try:
            done = rotation.rotate(sessions, _progress)
        except rotation.CannotRotate as problem:
            raise click.ClickException(str(problem)) from problem
        with sessions.begin() as session:
            record(session, OPERATOR, "change", "master_keys", None, clock(), ["wrapped"])
        click.echo(f"Wrapped anew: {done.data_keys} data keys, {done.factors} second factors.")
        if done.unreadable:
            raise click.ClickException(
                f"{len(done.unreadable)} data keys did not open under the master key they name, "
                "and were left as they are. Restore them from a backup. The first: "
                f"{done.unreadable[0]}."
            )

    @keys.command("status")
    def status() -> None:
        """Say what each master key is needed for, and whether it may be taken out."""
        sessions, settings = ready()
        try:
            with reading(sessions) as session:
                for use in rotation.status(session, settings.evidence_folder):
                    click.echo(f"Master key {use.version}: {' '.join(_sentences(use))}")
        except LedgerBroken as problem:
            raise click.ClickException(f"{problem} Bring back the last whole copy of it.") from None

    return keys


def _progress(done: int, total: int) -> None:
    click.echo(f"{done} of {total} data keys", err=True)


def _sentences(use: MasterUse) -> Iterator[str]:
    yield f"wraps {use.data_keys} data keys."
    if use.current:
        yield "It is the newest and wraps new ones."
    elif use.data_keys or use.factors:
        yield "`family-voice keys rotate` moves them to the newest."
    needed = [
        f"{count} {what}"
        for count, what in (
            (use.factors, "second factors are sealed with it"),
            (use.trail_lines, "lines of the audit trail are proved by it"),
            (use.erasures, "lines of the erasure ledger are proved by it"),
        )
        if count
    ]
    if use.first:
        needed.insert(0, "links, codes and telephone numbers are found by it, for good")
    if needed:
        yield f"Still needed: {'; '.join(needed)}."
    if use.may_go:
        yield (
            "It may be taken out, once no backup from its time is to be restored."
            if use.given
            else "It was taken out, and nothing needs it."
        )
