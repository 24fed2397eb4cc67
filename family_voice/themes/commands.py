"""An operator's commands for suggestions on files: `themes learn`, `suggest` and `evaluate`.

They need no database, and nothing leaves the machine.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from family_voice.themes.learning import Embed, Model

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
AT_ONCE = 2_000  # texts between two lines of progress


@click.command("learn")
@click.option("--in", "source", type=FILE, required=True, help="Coded texts, JSON lines.")
@click.option("--model", "folder", type=FOLDER, required=True, help="The folder for the model.")
@click.option("--codebook", type=FILE, help="CSV: name, description, examples.")
@click.option("--embeddings", is_flag=True, help="Use the embedding model too; it is an extra.")
def learn_command(source: Path, folder: Path, codebook: Path | None, embeddings: bool) -> None:
    """Learn from coded texts, and from the codebook if one is given.

    Each line is {"id", "text", "question", "codes": [...]}. The model holds words of the texts:
    keep it where they may be kept.
    """
    from family_voice.themes.learning import NothingToLearnFrom, learn
    from family_voice.themes.learning_files import (
        MODEL,
        BadThemeFile,
        as_examples,
        read_codebook,
        read_texts,
    )

    try:
        notes = read_codebook(codebook) if codebook else []
        examples = as_examples(read_texts(source), notes)
        model = learn(examples, notes, embed=_embed(embeddings), progress=_step)
    except (BadThemeFile, NothingToLearnFrom) as problem:
        _fail(str(problem))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        _fail("The folder for the model cannot be made. Name another one with --model.")
    _write(folder / MODEL, [model.to_bytes()])
    click.echo(f"Learned {len(model.codes)} codes from {len(examples)} texts.")


@click.command("suggest")
@click.option("--model", "folder", type=FOLDER, required=True, help="What `learn` made.")
@click.option("--in", "source", type=FILE, required=True, help="Texts, JSON lines.")
@click.option("--out", type=FILE, required=True, help="Where the suggestions go, JSON lines.")
def suggest_command(folder: Path, source: Path, out: Path) -> None:
    """Suggest codes for texts; a person decides.

    Each line that comes out is {"id", "codes": [...], "scores": {code: probability}}, in the order
    of the texts.
    """
    from family_voice.themes.learning_files import BadThemeFile, read_texts, written

    model = _model(folder)
    try:
        lines = read_texts(source)
    except BadThemeFile as problem:
        _fail(str(problem))

    def found() -> Iterable[bytes]:
        for begin in range(0, len(lines), AT_ONCE):
            some = lines[begin : begin + AT_ONCE]
            scores = model.suggest([(each.text, each.question) for each in some])
            for line, each in zip(some, scores, strict=True):
                yield written(line, model.chosen(each), each).encode()
            if len(lines) > AT_ONCE:
                click.echo(f"{begin + len(some):,} of {len(lines):,} texts read", err=True)

    _write(out, found())
    click.echo(f"Suggested codes for {len(lines)} texts. A person decides.")


@click.command("evaluate")
@click.option("--in", "source", type=FILE, required=True, help="Coded texts, JSON lines.")
@click.option("--model", "folder", type=FOLDER, help="Look at this model, on texts new to it.")
@click.option("--codebook", type=FILE, help="CSV: name, description, examples.")
@click.option("--embeddings", is_flag=True, help="Use the embedding model too; it is an extra.")
@click.option("--folds", default=5, show_default=True, type=click.IntRange(2, 20))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def evaluate_command(
    source: Path, folder: Path | None, codebook: Path | None, embeddings: bool, folds: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Print how good suggestions are, code by code, and how sure they may be.

    Without --model the texts are taken in turns: learned from all parts but one, looked at on that
    one. The same words never stand in both.
    """
    from family_voice.themes import evaluation
    from family_voice.themes.learning import NothingToLearnFrom
    from family_voice.themes.learning_files import (
        BadThemeFile,
        as_examples,
        read_codebook,
        read_texts,
    )

    try:
        notes = read_codebook(codebook) if codebook else []
        examples = as_examples(read_texts(source), notes)
        if not examples:
            _fail(f"{source.name}: there is no text in it to look at.")
        found = (
            evaluation.of_model(_model(folder), examples)
            if folder
            else evaluation.cross_validated(
                examples, notes, folds=folds, embed=_embed(embeddings), progress=_step
            )
        )
    except (BadThemeFile, NothingToLearnFrom) as problem:
        _fail(str(problem))
    click.echo(json.dumps(found.as_data()) if as_json else evaluation.as_text(found))


LEARNING = (learn_command, suggest_command, evaluate_command)


def _model(folder: Path) -> Model:
    from family_voice.themes.learning import Model, ModelUnusable
    from family_voice.themes.learning_files import MODEL

    try:
        kept = (folder / MODEL).read_bytes()
    except OSError:
        _fail(f"There is no model in {folder.name}. Make one: family-voice themes learn.")
    try:
        return Model.from_bytes(kept, embed=_embed_if_there())
    except ModelUnusable as problem:
        _fail(str(problem))


def _embed(wanted: bool) -> Embed | None:
    from family_voice.themes.embeddings import NotInstalled, installed

    if not wanted:
        return None
    try:
        return installed()
    except NotInstalled as problem:
        _fail(str(problem))


def _embed_if_there() -> Embed | None:
    from family_voice.themes.embeddings import NotInstalled, installed

    try:
        return installed()
    except NotInstalled:
        return None


def _step(done: int, of: int) -> None:
    click.echo(f"Step {done} of {of} done", err=True)


def _write(path: Path, parts: Iterable[bytes]) -> None:
    """All of a file or nothing: what was there stays until the new one is whole."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".themes-")
    except OSError:
        _fail(f"{path.name} cannot be written there. Name another place.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        _fail(f"{path.name} could not be written. Check the space and the rights there.")
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
