"""Finding, checking and loading frameworks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from family_voice.frameworks.checking import Check, schema_problems
from family_voice.frameworks.framework import (
    Agency,
    Deadlines,
    FamiliesRule,
    Framework,
    JudgementPoint,
    JudgementScale,
    KeyQuestion,
    Level,
    Named,
    PanelRole,
    Report,
    SampleRule,
    Theme,
)
from family_voice.frameworks.reading import Document, NotYaml, Problem, read_yaml

FOLDER = Path(__file__).parent


class UnknownFramework(LookupError):
    """There is no framework with this id and version; the message lists those there are."""


class FrameworkProblems(ValueError):
    """The file has mistakes. `problems` names each with file, line and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, order=True)
class Available:
    """A version of a framework that can be loaded."""

    id: str
    starts: date
    version: str
    name: str


def available(folder: Path = FOLDER) -> tuple[Available, ...]:
    """Every version of every framework in `folder`, by id and start.

    Raises FrameworkProblems when a file there has mistakes.
    """
    return tuple(
        sorted(
            Available(each.id, each.starts, each.version, each.name)
            for path in sorted(folder.glob("*.yaml"))
            for each in read_framework(path)
        )
    )


def load_framework(framework_id: str, version: str, folder: Path = FOLDER) -> Framework:
    """The framework that a round was opened with.

    Raises UnknownFramework when there is none such, FrameworkProblems when its file is wrong.
    """
    there = available(folder)
    if not any((each.id, each.version) == (framework_id, version) for each in there):
        known = ", ".join(f"{each.id} {each.version}" for each in there) or "none"
        raise UnknownFramework(
            f"There is no framework {framework_id} {version}. These can be used: {known}."
        )
    return next(
        each
        for path in sorted(folder.glob("*.yaml"))
        for each in read_framework(path)
        if (each.id, each.version) == (framework_id, version)
    )


def version_in_force(framework_id: str, on: date, folder: Path = FOLDER) -> Framework:
    """The version that a round opened on `on` gets: the latest that has started.

    Raises UnknownFramework when none had started by then.
    """
    started = [each for each in available(folder) if each.id == framework_id and each.starts <= on]
    if not started:
        raise UnknownFramework(f"No version of {framework_id} had started by {on.isoformat()}.")
    return load_framework(framework_id, started[-1].version, folder)


def check_file(path: Path) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Every mistake in a framework file, and every notice about what is not filled in yet."""
    try:
        frameworks = read_framework(path)
    except FrameworkProblems as error:
        return error.problems, ()
    return (), tuple(dict.fromkeys(notice for each in frameworks for notice in each.notices))


def read_framework(path: Path) -> tuple[Framework, ...]:
    """All versions in one file, oldest first. Raises FrameworkProblems."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise FrameworkProblems(
            [
                Problem(
                    path.name,
                    1,
                    "The file cannot be opened. Check that it is there and may be read.",
                )
            ]
        ) from None
    except UnicodeDecodeError:
        raise FrameworkProblems([Problem(path.name, 1, "Save the file as UTF-8 text.")]) from None
    return _read(text, path.name)


@cache
def _read(text: str, file: str) -> tuple[Framework, ...]:
    try:
        document = read_yaml(text, file)
    except NotYaml as error:
        raise FrameworkProblems(list(error.problems)) from None
    problems = schema_problems(document)
    if problems:
        raise FrameworkProblems(problems)
    frameworks = []
    for version, merged, places in _versions(document.content):
        check = Check(document, merged, places)
        problems += check.problems()
        frameworks.append((version, merged, check))
    problems += _version_problems(document)
    if problems:
        raise FrameworkProblems(problems)
    return tuple(_build(version, merged, check.notices()) for version, merged, check in frameworks)


def _versions(
    content: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], dict[str, Any], dict[str, tuple[str | int, ...]]]]:
    """Each version, oldest first, with its sections and where in the file each one stands."""
    sections = {key: value for key, value in content.items() if key != "versions"}
    places: dict[str, tuple[str | int, ...]] = {key: (key,) for key in sections}
    order = sorted(range(len(content["versions"])), key=lambda i: content["versions"][i]["starts"])
    for index in order:
        version = content["versions"][index]
        for key, value in version.get("replaces", {}).items():
            sections[key] = value
            places[key] = ("versions", index, "replaces", key)
        yield version, dict(sections), dict(places)


def _version_problems(document: Document) -> list[Problem]:
    problems: list[Problem] = []
    for field in ("version", "starts"):
        seen: set[str] = set()
        for index, version in enumerate(document.content["versions"]):
            if version[field] in seen:
                problems.append(
                    document.problem(
                        ("versions", index, field),
                        f"Another version has this “{field}”. Change it.",
                    )
                )
            seen.add(version[field])
    return problems


def _named(entries: list[dict[str, str]]) -> tuple[Named, ...]:
    return tuple(Named(**entry) for entry in entries)


def _build(
    version: Mapping[str, Any], merged: Mapping[str, Any], notices: tuple[str, ...]
) -> Framework:
    sample = merged["sample"]
    content = json.dumps([version["version"], merged], sort_keys=True, ensure_ascii=False)
    return Framework(
        id=merged["id"],
        version=version["version"],
        starts=date.fromisoformat(version["starts"]),
        name=merged["name"],
        source=merged["source"],
        plan_types=_named(merged["plan_types"]),
        levels=tuple(Level(**level) for level in merged["levels"]),
        sample=SampleRule(**{**sample, "mix_of": tuple(sample["mix_of"])}),
        families=FamiliesRule(**merged["families"]),
        themes=tuple(
            Theme(each["id"], each["name"], _named(each["values"])) for each in merged["themes"]
        ),
        key_questions=tuple(
            KeyQuestion(each["id"], each["text"], _named(each.get("parts", [])))
            for each in merged["key_questions"]
        ),
        agencies=tuple(Agency(**each) for each in merged["agencies"]),
        roles=tuple(PanelRole(**role) for role in merged["roles"]),
        judgement=JudgementScale(
            merged["judgement"]["id"],
            tuple(JudgementPoint(**point) for point in merged["judgement"]["points"]),
        ),
        reports=tuple(Report(**report) for report in merged["reports"]),
        deadlines=Deadlines(**merged["deadlines"]),
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        notices=notices,
    )
