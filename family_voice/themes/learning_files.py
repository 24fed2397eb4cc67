"""The files that the theme commands read and write: texts, one JSON object a line; a codebook, CSV.

A text: `{"id", "text", "question", "codes": [...]}`; only the text is needed to be told its codes.
A suggestion: `{"id", "codes": [...], "scores": {code: probability}}`. A codebook has a first line
with `name`, and any of `id`, `description`, `examples`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from family_voice.themes.learning import Example
from family_voice.themes.prior import CodeNote

MODEL = "themes.model"  # the file in the folder that `--model` names
APART = re.compile(r"\s*[\n|;]\s*")  # what stands between the examples in one field


class BadThemeFile(Exception):
    """A file cannot be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Line:
    """One text as the file has it."""

    id: Any  # whatever it is, it goes out again as it came
    text: str
    question: str
    codes: tuple[str, ...]
    group: str


def read_texts(path: Path) -> list[Line]:
    """The texts of a file. Raises `BadThemeFile`."""
    return list(_lines(path, _bytes(path)))


def _lines(path: Path, content: bytes) -> Iterator[Line]:
    # Not splitlines: a text may hold any of the other marks that Unicode ends a line with.
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            raise BadThemeFile(
                f"{where}: this is not JSON. Each line has to be one JSON object, in UTF-8."
            ) from None
        if not isinstance(data, dict):
            raise BadThemeFile(f'{where}: this is no object. Write it as {{"id": …, "text": …}}.')
        yield _line(where, number, data)


def _line(where: str, number: int, data: dict[str, Any]) -> Line:
    codes = data.get("codes") or []
    if not isinstance(codes, list) or not all(isinstance(each, str) for each in codes):
        raise BadThemeFile(f"{where}: codes has to be a list of names, or be left out.")
    words = {}
    for name in ("text", "question", "group"):
        value = data.get(name)
        if not isinstance(value, str | None):
            raise BadThemeFile(f"{where}: {name} has to be words in quotes, or be left out.")
        words[name] = value or ""
    named = tuple(dict.fromkeys(each.strip() for each in codes if each.strip()))
    return Line(data.get("id", number), words["text"], words["question"], named, words["group"])


def read_codebook(path: Path) -> list[CodeNote]:
    """The codes of a codebook file. Raises `BadThemeFile`."""
    try:
        content = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadThemeFile(f"{path.name}: this is not UTF-8. Save it as CSV UTF-8.") from None
    try:
        rows = list(csv.reader(io.StringIO(content, newline="")))
    except csv.Error:
        raise BadThemeFile(f"{path.name}: this is not CSV. Save it as CSV UTF-8.") from None
    heads = [each.strip().casefold() for each in rows[0]] if rows else []
    if "name" not in heads:
        raise BadThemeFile(
            f"{path.name}, line 1: there is no column called name. "
            "The first line has to be: name,description,examples"
        )
    notes: dict[str, CodeNote] = {}
    for row in rows[1:]:
        told = dict(zip(heads, (each.strip() for each in row), strict=False))
        name = told.get("name") or told.get("id", "")
        if not name:
            continue
        code = told.get("id") or name
        if code in notes:
            raise BadThemeFile(f"{path.name}: the code {code!r} is there twice. Keep one of them.")
        examples = tuple(each for each in APART.split(told.get("examples", "")) if each)
        notes[code] = CodeNote(code, name, told.get("description", ""), examples)
    return list(notes.values())


def as_examples(lines: Sequence[Line], notes: Sequence[CodeNote]) -> list[Example]:
    """The coded texts, each code by the id that the codebook gives it, also if it was named."""
    ids = {_plain(each.name): each.id for each in notes} | {each.id: each.id for each in notes}
    return [
        Example(
            each.text,
            each.question,
            frozenset(ids.get(code) or ids.get(_plain(code)) or code for code in each.codes),
            each.group,
        )
        for each in lines
    ]


def written(line: Line, codes: Sequence[str], scores: dict[str, float]) -> str:
    """One line of suggestions. Everything beyond ASCII is escaped, so any reader reads it."""
    rounded = {code: round(score, 6) for code, score in scores.items()}
    return json.dumps({"id": line.id, "codes": list(codes), "scores": rounded}) + "\n"


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise BadThemeFile(
            f"{path.name}: this file cannot be opened. Check that it is there and may be read."
        ) from None
