"""What commands that take a file have in common: opening it, and saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.caseload_file import Problem
from family_voice.settings import Settings

FILE = click.Path(dir_okay=False, path_type=Path)
Ready = Callable[[], tuple[sessionmaker[Session], Settings]]
Clock = Callable[[], datetime]


def opened(file: Path) -> BinaryIO:
    """A file that was named, to be read; or stops with one line."""
    try:
        return file.open("rb")
    except OSError:
        fail("The file cannot be opened. Check that it is there and may be read.")


def say(problems: Iterable[Problem]) -> None:
    """Name every problem by line and column, beside what the command prints."""
    for problem in problems:
        column = problem.column or "whole line"
        click.echo(f"Line {problem.line}, {column}: {problem.message}", err=True)


def fail(sentence: str) -> NoReturn:
    """Stop with one line that says what to do."""
    raise click.ClickException(sentence)
