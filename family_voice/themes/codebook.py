"""The codebook: the codes for what families say, as versioned data, read and checked.

A code that was ever in a codebook stays in it: codings, exports and frozen releases may name it.
One that is no longer offered is retired; one that was merged names the code used in its place.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

CODEBOOK = Path(__file__).parent / "starter" / "codebook.yaml"
SCHEMA = Path(__file__).parent / "codebook.schema.json"


class CodebookInvalid(Exception):
    """A codebook file says something it may not say; the message names the file and the place."""


@dataclass(frozen=True)
class Code:
    """One theme. `headings` are those it usually meets, the most usual first.

    A retired code is offered no more. `merged_into` is the code that it became part of, which
    counts for it; `split_into` are codes a person chooses from, coding by coding.
    """

    id: str
    name: str
    definition: str
    use_when: str
    not_when: str
    examples: tuple[str, ...]
    headings: tuple[str, ...]
    source: str
    retired: bool = False
    merged_into: str | None = None
    split_into: tuple[str, ...] = ()


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
        """Every code by id, in order, the retired ones too."""
        return {code.id: code for group in self.groups for code in group.codes}

    @cached_property
    def offered(self) -> dict[str, Code]:
        """The codes that may be put on something now, by id, in order."""
        return {code.id: code for code in self.codes.values() if not code.retired}

    @cached_property
    def in_use(self) -> tuple[CodeGroup, ...]:
        """The groups with the codes that are offered; a group without any is left out."""
        groups = (
            CodeGroup(group.id, group.name, tuple(c for c in group.codes if not c.retired))
            for group in self.groups
        )
        return tuple(group for group in groups if group.codes)

    @cached_property
    def merged(self) -> dict[str, str]:
        """What every merged code has become: its id, and the id that counts in its place."""
        return {code.id: self.now(code.id).id for code in self.codes.values() if code.merged_into}

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of every code and group by its id; no code has the id of a group."""
        groups = {group.id: group.name for group in self.groups}
        return groups | {code.id: code.name for code in self.codes.values()}

    def now(self, code_id: str) -> Code:
        """The code that counts for this one: itself, or what it was merged into, however often.

        Raises:
            KeyError: if there is no such code.
        """
        code = self.codes[code_id]
        while code.merged_into is not None:
            code = self.codes[code.merged_into]
        return code

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
        meets = [code for code in self.offered.values() if heading_id in code.headings]
        return tuple(sorted(meets, key=lambda code: code.headings.index(heading_id))[:limit])


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """The codebook that comes with the program. Raises `CodebookInvalid` for a broken file."""
    return read_codebook(CODEBOOK)


def codes_for(heading_id: str, limit: int = 12) -> tuple[Code, ...]:
    """`Codebook.codes_for` of the codebook that comes with the program."""
    return load_codebook().codes_for(heading_id, limit)


def read_codebook(path: Path) -> Codebook:
    """Read and check one codebook file. Raises `CodebookInvalid` naming the file and the place.

    A group that it only names stands in the file of that name beside it.
    """
    data = _plain_file(path)
    if isinstance(data, dict) and isinstance(data.get("groups"), list):
        data["groups"] = [
            _plain_file(path.with_name(f"{group}.yaml")) if isinstance(group, str) else group
            for group in data["groups"]
        ]
    try:
        return checked(data)
    except CodebookInvalid as invalid:
        raise CodebookInvalid(f"{path}: {invalid}") from invalid


def _plain_file(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise CodebookInvalid(f"{path}: there is no such file.") from missing
    except yaml.YAMLError as broken:
        raise CodebookInvalid(f"{path}: this is not YAML: {broken}") from broken


def checked(data: Any) -> Codebook:
    """A codebook from plain data that is not known to be right.

    Args:
        data: what a codebook file holds.

    Raises:
        CodebookInvalid: naming the place.
    """
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(data))
    if error is not None:
        place = ".".join(str(part) for part in error.absolute_path) or "the top of the file"
        raise CodebookInvalid(f"{place}: {error.message}")
    book = from_plain(data)
    for kind in ("id", "name"):
        # Names too: other programs that read our codebook know a code by its name alone.
        found = [getattr(code, kind) for group in book.groups for code in group.codes]
        found += [getattr(group, kind) for group in book.groups]
        for twice in sorted({value for value in found if found.count(value) > 1}):
            raise CodebookInvalid(f"the {kind} {twice!r} is used twice.")
    return book


def from_plain(data: dict[str, Any]) -> Codebook:
    """A codebook from data that `as_plain` gave, or that is known to be right."""
    return Codebook(
        version=data["version"],
        groups=tuple(
            CodeGroup(group["id"], group["name"], tuple(_code(code) for code in group["codes"]))
            for group in data["groups"]
        ),
    )


def as_plain(book: Codebook) -> dict[str, Any]:
    """A codebook as data that can be kept as JSON; what a code does not have is left out."""
    return {
        "version": book.version,
        "groups": [
            {"id": group.id, "name": group.name, "codes": [_plain(code) for code in group.codes]}
            for group in book.groups
        ],
    }


def _plain(code: Code) -> dict[str, Any]:
    kept = {name: list(v) if isinstance(v, tuple) else v for name, v in vars(code).items()}
    return {name: value for name, value in kept.items() if value or name in _ALWAYS}


def _code(data: dict[str, Any]) -> Code:
    lists = {name: tuple(data.get(name, ())) for name in ("examples", "headings", "split_into")}
    return Code(**{**data, **lists})


_ALWAYS = tuple(
    each.name
    for each in fields(Code)
    if each.default is MISSING and each.default_factory is MISSING
)
