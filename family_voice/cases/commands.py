"""An operator's commands for rounds: `round open`, `round list` and `caseload import`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from family_voice.cases.at_the_command_line import FILE, Clock, Ready, fail, opened, say
from family_voice.cases.caseload_commands import caseload_commands
from family_voice.cases.deadlines import london_date
from family_voice.cases.importing import CaseloadRefused, import_cases
from family_voice.cases.rounds import (
    CannotOpen,
    RoundProblem,
    RoundView,
    all_rounds,
    current_round,
    open_round,
    round_view,
)
from family_voice.frameworks.loader import version_in_force
from family_voice.security.trail import OPERATOR, record
from family_voice.storage.engine import reading

WHAT_TO_DO = {
    RoundProblem.UNKNOWN_AUDIT: "The framework has no such --audit. `framework list` has them.",
    RoundProblem.TERM_MISSING: "Give --term a name, such as 'Autumn 2026'.",
    RoundProblem.TERM_TAKEN: "There is a round with this term. Give it another name.",
    RoundProblem.NO_THEME: "Give at least one --theme, such as transition_year=year_6.",
    RoundProblem.UNKNOWN_THEME: "Use only themes and values that the framework has.",
    RoundProblem.WRONG_NUMBER_OF_SESSIONS: "Give one --session for each of the audit's.",
    RoundProblem.NOT_IN_ORDER: "Give the sessions in the order of their days.",
    RoundProblem.NOT_A_WORKING_DAY: "A session is on a weekend or a bank holiday. Check the days.",
}


def round_commands(ready: Ready, clock: Clock) -> list[click.Command]:
    """The groups `round` and `caseload`.

    Args:
        ready: gives the sessions and settings of this installation, or stops with one line.
        clock: gives the present.
    """

    @click.group("round")
    def rounds() -> None:
        """Rounds of a term."""

    @rounds.command("open")
    @click.option("--audit", "audit_id", help="Its id; the one that hears families if left out.")
    @click.option("--term", required=True, help="Its name, such as 'Autumn 2026'.")
    @click.option(
        "--theme", "themes", multiple=True,
        help="As THEME=VALUE, such as transition_year=year_6; may be given more than once.",
    )  # fmt: skip
    @click.option(
        "--session", "held_on", multiple=True, required=True, type=click.DateTime(["%Y-%m-%d"]),
        help="The day of a Level 4 session, as YYYY-MM-DD; once for each.",
    )  # fmt: skip
    def open_(
        audit_id: str | None, term: str, themes: tuple[str, ...], held_on: tuple[datetime, ...]
    ) -> None:
        """Open a round of one of the framework's audits; then its cases are drawn or imported."""
        sessions, settings = ready()
        now = clock()
        with sessions.begin() as session:
            try:
                round_id = open_round(
                    session,
                    term=term,
                    themes=_by_theme(themes),
                    held_on=[day.date() for day in held_on],
                    framework=version_in_force(settings.framework, london_date(now)),
                    now=now,
                    audit_id=audit_id,
                )
            except CannotOpen as refused:
                fail(" ".join(WHAT_TO_DO[each] for each in refused.problems))
            record(session, OPERATOR, "open", "round", round_id, now)
            _say(round_view(session, round_id))

    @rounds.command("list")
    def list_() -> None:
        """Every round there is, the latest first."""
        with reading(ready()[0]) as session:
            for each in all_rounds(session):
                _say(each)

    @click.group()
    def caseload() -> None:
        """The whole caseload, and the cases of a round."""

    @caseload.command("import")
    @click.argument("file", type=FILE)
    @click.option("--round", "term", help="Its term; the round that goes on, if left out.")
    def import_(file: Path, term: str | None) -> None:
        """Bring the cases in FILE into a round: all of them, or none and what to put right."""
        sessions, _settings = ready()
        with opened(file) as found:
            data = found.read()
        now = clock()
        with sessions.begin() as session:
            into = round_meant(session, term, now)
            try:
                imported = import_cases(session, into.id, data, now)
            except CaseloadRefused as refused:
                say(refused.problems)
                fail("Nothing was imported. Put right what is listed above, then try again.")
            record(session, OPERATOR, "import", "round", into.id, now, ["cases"])
        for notice in imported.notices:
            click.echo(notice, err=True)
        click.echo(f"{len(imported.case_ids)} cases are in {into.term}.")

    for command in caseload_commands(ready, clock):
        caseload.add_command(command)
    return [rounds, caseload]


def round_meant(session: Session, term: str | None, now: datetime) -> RoundView:
    """The round of a term or, without one, the round that goes on; or stops with one line."""
    if term is None:
        found = current_round(session, london_date(now))
        if found is None or found.frozen(now):
            fail("No round is open. Open one with `family-voice round open`.")
        return found
    for each in all_rounds(session):
        if each.term.casefold() == term.casefold():
            return each
    fail("There is no round of this term. `family-voice round list` shows those there are.")


def _by_theme(given: tuple[str, ...]) -> dict[str, list[str]]:
    themes: dict[str, list[str]] = {}
    for each in given:
        theme, sign, value = each.partition("=")
        if not sign:
            fail("Write each --theme as THEME=VALUE, such as transition_year=year_6.")
        themes.setdefault(theme.strip(), []).append(value.strip())
    return themes


def _say(found: RoundView) -> None:
    click.echo(f"{found.term} ({found.audit.name}): {', '.join(found.theme_names) or 'no theme'}")
    for each in found.sessions:
        heard = f", heard by {each.heard_by}" if found.audit.hears_families else ""
        click.echo(f"  Session {each.number}: {each.held_on}{heard}")
    if found.audit.hears_families:
        click.echo(f"  Links work until {found.freezes_on}")
