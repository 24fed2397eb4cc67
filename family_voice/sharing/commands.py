"""An operator's command for taking names out of a file of texts: `deidentify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from family_voice.cases.at_the_command_line import FILE, fail
from family_voice.sharing.deidentified_files import BadFile, deidentify_file
from family_voice.sharing.further_names import NoSuchModel, finder

EVERY = 5_000  # lines, between two signs of life


@click.command()
@click.option("--cases", type=FILE, required=True, help="The names known of each case, JSON.")
@click.option("--in", "source", type=FILE, required=True, help="The texts, JSON lines.")
@click.option("--out", type=FILE, required=True, help="Where they go, without names, JSON lines.")
@click.option(
    "--model",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="FAMILY_VOICE_SPACY_MODEL",
    help="A folder with a spaCy model to ask besides; none unless you give one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def deidentify(cases: Path, source: Path, out: Path, model: Path | None, as_json: bool) -> None:
    """Put placeholders where a text names somebody. A person has to look at what comes out.

    The file of cases is one JSON object: each case with child, carers, school, professionals and
    others, lists of names. Each line of texts is a JSON object with id, case and text. What comes
    out has redacted and spans as well. Where a line has entities that people marked, what was
    missed is counted, and listed as leaks by id and place.
    """
    try:
        also = finder(model) if model else None
        done = deidentify_file(cases, source, out, also=also, progress=_now_and_then)
    except (BadFile, NoSuchModel) as problem:
        fail(str(problem))
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    click.echo(
        f"Texts: {done.texts}. Replaced: {done.spans}, of them not sure: {done.unsure}. "
        "Nothing is anonymous because a program said so: look at every text before it leaves."
    )
    if done.recall is not None:
        known = "none marked" if done.recall_known is None else f"{done.recall_known:.3f}"
        click.echo(
            f"Marked: {done.marked}. Found: {done.recall:.3f}; of known names: {known}; right "
            f"of what was replaced: {done.precision or 0:.3f}. Leaks: {len(done.leaks)}."
        )
    for leak in done.leaks:
        click.echo(f"  {leak.id} [{leak.start}, {leak.end}) {leak.type}")


def _now_and_then(done: int) -> None:
    """Say, beside what the command prints, how far long work has come."""
    if done % EVERY == 0:
        click.echo(f"{done:,} texts", err=True)
