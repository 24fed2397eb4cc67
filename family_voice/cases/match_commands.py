"""An operator's command for matching two files: `cases match`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from family_voice.cases.at_the_command_line import FILE
from family_voice.cases.match_files import BadMatchingFile, match_files

LONG_WORK = 50_000  # rows


@click.group()
def cases() -> None:
    """Cases of a round."""


@cases.command("match")
@click.option("--caseload", type=FILE, required=True, help="The cases, a CSV file.")
@click.option("--accounts", type=FILE, required=True, help="The accounts, a CSV file.")
@click.option("--out", type=FILE, required=True, help="Where the proposed pairs go, a CSV file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def match(caseload: Path, accounts: Path, out: Path, as_json: bool) -> None:
    """Propose which case each account may belong to, with reasons. Links nothing.

    Both files name their columns in the first line: id, and any of reference, first_name,
    last_name, date_of_birth, postcode, address, school, phone, email. The id is the row's own and
    is never compared. What comes out has the columns case, account, score, decision (certain or
    propose) and reasons.
    """
    try:
        done = match_files(caseload, accounts, out, progress=_every_tenth)
    except BadMatchingFile as problem:
        raise click.ClickException(str(problem)) from None
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    click.echo(
        f"Accounts: {done.accounts}. Cases: {done.cases}. Pairs to look at: {done.pairs}, of them "
        f"certain: {done.certain}. A person decides."
    )


def _every_tenth(done: int, before: int, of: int) -> None:
    """Say, beside what the command prints, how far long work has come."""
    if of >= LONG_WORK and done * 10 // of > before * 10 // of:
        click.echo(f"{done:,} of {of:,} rows compared", err=True)
