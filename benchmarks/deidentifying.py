"""How much of what people marked is found, as written and in small letters, and what is not.

python -m benchmarks.deidentifying CASES.json TEXTS.jsonl [CASES.json TEXTS.jsonl …] [--leaks]
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from time import process_time

import click

from family_voice.sharing.deidentified_files import Done, deidentify_file


def lowered(source: Path, to: Path) -> Path:
    """The same texts in small letters; a text that changes its length so is left out."""
    lines = (json.loads(line) for line in source.read_text("utf-8").splitlines() if line.strip())
    small = [{**line, "text": line["text"].lower()} for line in lines]
    kept = [each for each in small if len(each["text"]) == len(each["text"].upper().lower())]
    to.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in kept), "utf-8")
    return to


def row(name: str, done: Done, seconds: float) -> str:
    """One line of the table."""
    figures = (done.recall_known, done.recall, done.precision)
    shown = ["–" if each is None else f"{each:.3f}" for each in figures]
    shown = [name, str(done.texts), str(done.marked), *shown, f"{done.texts / seconds:.0f}"]
    return f"| {' | '.join(shown)} |"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--leaks", is_flag=True, help="List what was missed, by id and place.")
def main(files: tuple[Path, ...], leaks: bool) -> None:
    """Print the table for pairs of files: the names of the cases, and the texts."""
    click.echo(
        "| texts | n | marked | known names found | all found | right of replaced | texts a s |"
    )
    click.echo("|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for cases, texts in zip(files[::2], files[1::2], strict=True):
            small = lowered(texts, Path(folder) / "small.jsonl")
            for name, source in ((texts.stem, texts), (f"{texts.stem}, small letters", small)):
                began = process_time()
                done = deidentify_file(cases, source, Path(folder) / "out.jsonl")
                click.echo(row(name, done, process_time() - began))
                for leak in done.leaks if leaks else ():
                    click.echo(f"  {leak.id} [{leak.start}, {leak.end}) {leak.type}")


if __name__ == "__main__":
    main()
