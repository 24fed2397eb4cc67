"""Finding, checking and loading frameworks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from family_voice.frameworks.checking import Check, schema_problems
from family_voice.frameworks.framework import (
    Agency,
    Audit,
    Deadlines,
    Escalation,
    Framework,
    JudgementPoint,
    JudgementScale,
    KeyQuestion,
    Level,
    Named,
    PanelRole,
    Recipient,
    Report,
    Step,
    Stratum,
    Theme,
)
from family_voice.frameworks.reading import Document, NotYaml, Problem, read_yaml

FOLDER = Path(__file__).parent
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_own: list[Path] = []


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


def also_from(folder: Path) -> None:
    """From now on, load a council's own files too; one there stands in for ours of the same id.

    Called once, when a process starts, with what the installation set.
    """
    _own[:] = [folder]


def available(folder: Path | None = None) -> tuple[Available, ...]:
    """Every version of every framework, by id and start; of `folder` only, if it is given.

    Raises FrameworkProblems when a file there has mistakes.
    """
    paths = {path.stem: path for each in reversed(_folders(folder)) for path in each.glob("*.yaml")}
    return tuple(
        sorted(
            Available(each.id, each.starts, each.version, each.name)
            for path in paths.values()
            for each in read_framework(path)
        )
    )


def load_framework(framework_id: str, version: str, folder: Path | None = None) -> Framework:
    """The framework that a round was opened with.

    Raises UnknownFramework when there is none such, FrameworkProblems when its file is wrong.
    """
    for each in _versions_of(framework_id, folder):
        if each.version == version:
            return each
    known = ", ".join(f"{each.id} {each.version}" for each in available(folder)) or "none"
    raise UnknownFramework(
        f"There is no framework {framework_id} {version}. These can be used: {known}."
    )


def version_in_force(framework_id: str, on: date, folder: Path | None = None) -> Framework:
    """The version that a round opened on `on` gets: the latest that has started.

    Raises UnknownFramework when none had started by then.
    """
    started = [each for each in _versions_of(framework_id, folder) if each.starts <= on]
    if not started:
        raise UnknownFramework(f"No version of {framework_id} had started by {on.isoformat()}.")
    return started[-1]


def _folders(folder: Path | None) -> list[Path]:
    return [*_own, FOLDER] if folder is None else [folder]


def _versions_of(framework_id: str, folder: Path | None) -> tuple[Framework, ...]:
    """All versions of one framework, oldest first; a file is found by its framework's id."""
    for each in _folders(folder):
        path = each / f"{framework_id}.yaml"
        if ID.fullmatch(framework_id) and path.is_file():
            return read_framework(path)
    return ()


def check_file(path: Path) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Every mistake in a framework file, and every notice about what is not filled in yet."""
    try:
        frameworks = read_framework(path)
    except FrameworkProblems as error:
        return error.problems, ()
    notices = [notice for each in frameworks for notice in each.notices]
    framework_id = frameworks[0].id
    if path.stem != framework_id:
        notices.append(
            f"{path.name}: a framework is found by its id. Save this file as {framework_id}.yaml."
        )
    return (), tuple(dict.fromkeys(notices))


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


def _audit(audit: Mapping[str, Any], plan_types: list[dict[str, str]]) -> Audit:
    """One audit; what its section leaves out stands as in the class, and `plan_types` as all."""
    parts: dict[str, Any] = {
        "strata": tuple(
            Stratum(
                each["id"],
                each["name"],
                each["at_least"],
                tuple(each.get("plan_types", ())),
                tuple(each.get("phases", ())),
            )
            for each in audit.get("strata", ())
        ),
        "plan_types": tuple(audit.get("plan_types", [plan["id"] for plan in plan_types])),
        "not_drawn_by": tuple(audit.get("not_drawn_by", ())),
        "auditors": tuple(audit.get("auditors", ())),
        "steps": tuple(
            Step(
                each["id"],
                each["name"],
                each.get("week"),
                each.get("working_days"),
                each.get("by", ""),
            )
            for each in audit.get("steps", ())
        ),
        "pack_contents": _named(audit.get("pack_contents", [])),
        "distribution": tuple(Recipient(**each) for each in audit.get("distribution", ())),
    }
    return Audit(**{"level": None, **audit, **parts})


def _build(
    version: Mapping[str, Any], merged: Mapping[str, Any], notices: tuple[str, ...]
) -> Framework:
    content = json.dumps([version["version"], merged], sort_keys=True, ensure_ascii=False)
    return Framework(
        id=merged["id"],
        version=version["version"],
        starts=date.fromisoformat(version["starts"]),
        name=merged["name"],
        source=merged["source"],
        plan_types=_named(merged["plan_types"]),
        levels=tuple(Level(**level) for level in merged["levels"]),
        audits=tuple(_audit(each, merged["plan_types"]) for each in merged["audits"]),
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
        kinds_of_action=_named(merged.get("kinds_of_action", [])),
        escalation=Escalation(**merged["escalation"]) if "escalation" in merged else None,
        forum_feedback=merged.get("forum_feedback", ""),
        compliments_inform_themes=merged.get("compliments_inform_themes", False),
        improvement_cycle=_named(merged.get("improvement_cycle", [])),
        filled_in=tuple(merged.get("filled_in", ())),
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        notices=notices,
    )
