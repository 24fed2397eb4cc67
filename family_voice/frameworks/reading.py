"""YAML read together with the line each value stands on, so that a mistake can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: the file's name, the line, and a sentence that says what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class NotYaml(ValueError):
    """The text is no YAML, or YAML of a kind that is not allowed. Carries the problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class _Loader(yaml.SafeLoader):
    """Only text, whole numbers and true/false: 2023-12-01 stays text and `no` stays no word."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, expression)
        for tag, expression in resolvers
        if tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class Document:
    """What a file holds, and where: `lines` maps the path of a value to its line."""

    file: str
    content: Any
    lines: Mapping[Path, int]

    def problem(self, path: Iterable[str | int], message: str) -> Problem:
        """A problem at `path`, or at the nearest line above it that exists."""
        steps = tuple(path)
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return Problem(self.file, self.lines.get(steps, 1), message)


def read_yaml(text: str, file: str) -> Document:
    """Read `text`; `file` is the name that problems carry.

    Raises NotYaml for broken YAML, a key written twice (YAML would keep the last one in
    silence), or an anchor or alias (small files that unfold into enormous ones).
    """
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise NotYaml(
                    [Problem(file, line, "Write the values out instead of using & or *.")]
                )
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise NotYaml([Problem(file, 1, "The file is empty. Copy one that works.")])
            lines: dict[Path, int] = {}
            problems: list[Problem] = []
            _walk(node, (), lines, problems, file)
            if problems:
                raise NotYaml(problems)
            content = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        say = (
            f"This is not YAML that can be read: {error.problem}. "
            "Check the indentation, colons and quotation marks here."
        )
        raise NotYaml([Problem(file, line, say)]) from None
    except (yaml.YAMLError, RecursionError):
        raise NotYaml(
            [Problem(file, 1, "This is not YAML that can be read. Save it as plain text in UTF-8.")]
        ) from None
    return Document(file, content, lines)


def _walk(
    node: yaml.Node, path: Path, lines: dict[Path, int], problems: list[Problem], file: str
) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines, problems, file)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in seen:
                problems.append(Problem(file, line, f"“{name}” is written twice. Keep one."))
            seen.add(name)
            lines[(*path, name)] = line
            _walk(value, (*path, name), lines, problems, file)
