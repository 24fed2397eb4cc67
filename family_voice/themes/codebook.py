"""The codebook: the codes for what families say, as versioned data, read from YAML and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

CODEBOOK = Path(__file__).parent / "codebook.yaml"
SCHEMA = Path(__file__).parent / "codebook.schema.json"


class CodebookInvalid(Exception):
    """A codebook file says something it may not say; the message names the file and the place."""


@dataclass(frozen=True)
class Code:
    """One theme. `headings` are those it usually meets, the most usual first."""

    id: str
    name: str
    definition: str
    use_when: str
    not_when: str
    examples: tuple[str, ...]
    headings: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class CodeGroup:
    """The upper level: codes that belong together."""

    id: str
    name: str
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Codebook:
    """All codes, in the order they are offered."""

    version: int
    groups: tuple[CodeGroup, ...]

    @cached_property
    def codes(self) -> dict[str, Code]:
        """Every code by id, in order."""
        return {code.id: code for group in self.groups for code in group.codes}

    def code(self, code_id: str) -> Code:
        """The code of that id. Raises `KeyError` if there is none."""
        return self.codes[code_id]

    def group_of(self, code_id: str) -> CodeGroup:
        """The group a code belongs to. Raises `KeyError` if there is no such code."""
        for group in self.groups:
            if any(code.id == code_id for code in group.codes):
                return group
        raise KeyError(code_id)

    def codes_for(self, heading_id: str, limit: int = 12) -> tuple[Code, ...]:
        """The codes to offer first under a heading: at most `limit`, those it meets most first."""
        meets = [code for code in self.codes.values() if heading_id in code.headings]
        return tuple(sorted(meets, key=lambda code: code.headings.index(heading_id))[:limit])


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """The codebook that comes with the program. Raises `CodebookInvalid` for a broken file."""
    return read_codebook(CODEBOOK)


def codes_for(heading_id: str, limit: int = 12) -> tuple[Code, ...]:
    """`Codebook.codes_for` of the codebook that comes with the program."""
    return load_codebook().codes_for(heading_id, limit)


def read_codebook(path: Path) -> Codebook:
    """Read and check one codebook file. Raises `CodebookInvalid` naming the file and the place."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as broken:
        raise CodebookInvalid(f"{path}: this is not YAML: {broken}") from broken
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error is not None:
        place = ".".join(str(part) for part in error.absolute_path) or "the top of the file"
        raise CodebookInvalid(f"{path}: {place}: {error.message}")
    book = _build(data)
    for kind in ("id", "name"):
        # Names too: other programs that read our codebook know a code by its name alone.
        found = [getattr(code, kind) for group in book.groups for code in group.codes]
        found += [getattr(group, kind) for group in book.groups]
        for twice in sorted({value for value in found if found.count(value) > 1}):
            raise CodebookInvalid(f"{path}: the {kind} {twice!r} is used twice.")
    return book


def _build(data: dict[str, Any]) -> Codebook:
    return Codebook(
        version=data["version"],
        groups=tuple(
            CodeGroup(group["id"], group["name"], tuple(_code(code) for code in group["codes"]))
            for group in data["groups"]
        ),
    )


def _code(data: dict[str, Any]) -> Code:
    lists = {name: tuple(data[name]) for name in ("examples", "headings")}
    return Code(**{**data, **lists})
