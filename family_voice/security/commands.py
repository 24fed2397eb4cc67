"""An operator's command for the audit trail: `audit verify`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.security.chaining import TOO_OLD, Verdict, verify
from family_voice.security.trail import OPERATOR, record
from family_voice.security.trail_wording import sentence
from family_voice.settings import Settings
from family_voice.storage.engine import reading

Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]


def audit_commands(ready: Ready, clock: Clock) -> list[click.Command]:
    """The group `audit`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group()
    def audit() -> None:
        """The audit trail."""

    @audit.command("verify")
    def verify_() -> None:
        """Find any row that was edited, is missing or was cut off; say what is not sealed yet."""
        sessions, settings = ready()
        now = clock()
        with reading(sessions) as session:
            found = verify(session, settings.evidence_folder)
        with sessions.begin() as session:
            record(session, OPERATOR, "verify", "trail", None, now)
        for words in summary(found, now):
            click.echo(words)
        for problem in found.problems:
            click.echo(sentence(problem), err=True)
        if not found.sound:
            raise click.ClickException(
                f"The trail is not sound ({len(found.problems)}). Keep the database and the "
                "evidence folder as they are, and tell the data protection officer."
            )

    return [audit]


def summary(found: Verdict, now: datetime) -> list[str]:
    """How far the trail is sealed, in a few lines."""
    lines = [f"Rows sealed: {found.chained}."]
    if found.anchored_at is None:
        lines.append("Nothing is anchored yet.")
    else:
        at = found.anchored_at.isoformat(timespec="seconds")
        lines.append(f"Anchored up to row {found.anchored} at {at}.")
    if found.oldest_unsealed is None:
        lines.append("Unsealed tail: 0 rows.")
    else:
        age = now - found.oldest_unsealed
        lines.append(f"Unsealed tail: {found.unsealed} rows, the oldest {_in_words(age)} old.")
        if age > TOO_OLD:
            lines.append("No worker seems to run. Start `family-voice worker`.")
    if found.restored:
        lines.append(f"Brought back from a backup: {found.restored} times.")
    return lines


def _in_words(age: timedelta) -> str:
    seconds = max(0, int(age.total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds % 60} s"
