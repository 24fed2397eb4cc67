"""What is wrong with a framework file, in sentences a person can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema

from family_voice.frameworks.reading import Document, Problem

SCHEMA = Path(__file__).parent / "schema.json"
#: Of its cases in 100: the ledger wants a final state for the family of every case, or of none.
HEARS = (0, 100)
NEEDED_THEMES = ("vulnerable_group", "area_of_need", "placement")
SECTIONS_WITH_IDS = (
    "plan_types", "audits", "themes", "key_questions", "agencies", "roles", "reports",
    "kinds_of_action", "improvement_cycle",
)  # fmt: skip
LISTS_WITHIN = (
    ("themes", "values"),
    ("key_questions", "parts"),
    ("audits", "strata"),
    ("audits", "steps"),
    ("audits", "pack_contents"),
    ("audits", "distribution"),
)


def schema_problems(document: Document) -> list[Problem]:
    """Everything in the document that the schema does not allow."""
    return [_explained(document, error) for error in _checker().iter_errors(document.content)]


@cache
def _checker() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def _explained(document: Document, error: jsonschema.ValidationError) -> Problem:
    """The schema's finding in words that tell a person what to write."""
    path = list(error.absolute_path)
    here = f"“{path[-1]}”" if path and isinstance(path[-1], str) else "This entry"
    rule = error.validator
    wanted: Any = error.validator_value
    found: Any = error.instance
    schema = cast(dict[str, Any], error.schema)
    if rule == "required":
        missing = ", ".join(f"“{key}”" for key in wanted if key not in found)
        message = f"Add {missing} here."
    elif rule == "additionalProperties":
        known = schema.get("properties", {})
        extra = [key for key in found if key not in known]
        path = [*path, extra[0]]
        message = f"“{extra[0]}” is not known here. Use one of: {', '.join(known)}; or remove it."
    elif rule == "type":
        kinds = {
            "object": "names with values",
            "array": "a list (each line begins with -)",
            "string": "text",
            "integer": "a whole number",
            "boolean": "true or false",
        }
        message = f"{here} must be {kinds.get(str(wanted), str(wanted))}."
    elif rule in {"minimum", "maximum"}:
        message = f"{here} must be {'at least' if rule == 'minimum' else 'at most'} {wanted}."
    elif rule == "minItems":
        message = f"{here} needs at least {wanted} entries."
    elif rule == "format" or (path and path[-1] == "starts"):
        message = f"{here} must be a real date, written like 2025-01-31."
    elif path and path[-1] == "id":
        message = "An id is small letters, digits and _, and begins with a letter."
    elif rule == "enum":
        message = f"{here} must be one of: {', '.join(map(str, wanted))}."
    elif rule == "const":
        message = f"{here} must be {str(wanted).lower()}."
    elif rule == "uniqueItems":
        message = f"{here} lists something twice. Keep one."
    elif rule in {"minLength", "pattern", "minProperties"}:
        message = f"{here} must not be empty and must be written as in the example files."
    else:
        message = f"{here} is not right: check it against one of the files that come with this."
    return document.problem(path, message)


def _use_one(field: str, what: str, known: Sequence[str]) -> str:
    if not known:
        return f"There is no {what.split(' ', 1)[1]} in this file to name here. Remove this line."
    return f"Use the {field} of {what}: {', '.join(known)}."


class Check:
    """What a schema cannot say: that the parts of a framework fit each other."""

    def __init__(
        self,
        document: Document,
        merged: Mapping[str, Any],
        places: Mapping[str, tuple[str | int, ...]],
    ) -> None:
        self._document, self._merged, self._places = document, merged, places

    def _at(self, section: str, *path: str | int, say: str) -> Problem:
        return self._document.problem((*self._places[section], *path), say)

    def problems(self) -> list[Problem]:
        """Every contradiction between the sections of this version."""
        return [
            *self._repeated(),
            *self._audits(),
            *self._themes(),
            *self._roles(),
            *self._escalation(),
        ]

    def notices(self) -> tuple[str, ...]:
        """A sentence for each point of the scale that the area has still to word."""
        return tuple(
            str(
                self._at(
                    "judgement",
                    "points",
                    index,
                    say=(
                        f"point {point['value']} of the judgement scale has no wording yet. "
                        "Ask the area for it and write it here."
                    ),
                )
            )
            for index, point in enumerate(self._merged["judgement"]["points"])
            if not point["label"].strip()
        )

    def _repeated(self) -> Iterator[Problem]:
        groups: list[tuple[str, tuple[str | int, ...], str, Any]] = [
            (section, (), "id", self._merged.get(section, [])) for section in SECTIONS_WITH_IDS
        ]
        groups.append(("levels", (), "number", self._merged["levels"]))
        groups.append(("judgement", ("points",), "value", self._merged["judgement"]["points"]))
        for section, inner in LISTS_WITHIN:
            for index, entry in enumerate(self._merged[section]):
                groups.append((section, (index, inner), "id", entry.get(inner, [])))
        for section, path, field, entries in groups:
            seen: set[object] = set()
            for index, entry in enumerate(entries):
                if entry[field] in seen:
                    yield self._at(
                        section,
                        *path,
                        index,
                        field,
                        say=(f"Another entry has the same {field}. Give each its own."),
                    )
                seen.add(entry[field])

    def _audits(self) -> Iterator[Problem]:
        audits = self._merged["audits"]
        if not any(audit.get("hears_families") for audit in audits):
            yield self._at(
                "audits",
                0,
                "hears_families",
                say="No audit hears families. Write “hears_families: 100” in one of them.",
            )
        for index, audit in enumerate(audits):
            if audit.get("hears_families", 0) not in HEARS:
                yield self._at(
                    "audits",
                    index,
                    "hears_families",
                    say=(
                        "Write 100 to hear the family of every case, or 0 for a look at papers. "
                        "Only some of them cannot be asked for: the ledger counts every case."
                    ),
                )
            yield from self._sizes(index, audit)
            yield from self._known(index, audit)

    def _sizes(self, index: int, audit: Mapping[str, Any]) -> Iterator[Problem]:
        cases, sessions, each = audit["cases"], audit["sessions"], audit["cases_per_session"]
        if not (sessions - 1) * each < cases <= sessions * each:
            yield self._at(
                "audits",
                index,
                "cases",
                say=(
                    f"{sessions} sessions of {each} make {sessions * each} cases, not {cases}. "
                    "Change one of the three."
                ),
            )
        asked = sum(stratum["at_least"] for stratum in audit.get("strata", ()))
        if asked > cases:
            yield self._at(
                "audits",
                index,
                "strata",
                len(audit["strata"]) - 1,
                "at_least",
                say=(
                    f"The strata of this audit ask for {asked} cases together and it has {cases}. "
                    "Lower an “at_least”, or raise “cases”."
                ),
            )
        if audit.get("period", "any") != "any" and audit.get("event", "any") == "any":
            yield self._at(
                "audits",
                index,
                "period",
                say="Say what has to lie in this period: add an “event” that is not any.",
            )

    def _known(self, index: int, audit: Mapping[str, Any]) -> Iterator[Problem]:
        """Every id and number that an audit borrows from another section."""
        ids = {
            section: [each["id"] for each in self._merged[section]]
            for section in ("plan_types", "roles", "audits")
        }
        others = [each for each in ids["audits"] if each != audit["id"]]
        strata = audit.get("strata", [])
        lists: list[tuple[tuple[str | int, ...], list[str], list[str], str]] = [
            (("plan_types",), audit.get("plan_types", []), ids["plan_types"], "a plan type"),
            (("auditors",), audit.get("auditors", []), ids["roles"], "a role"),
            (("not_drawn_by",), audit.get("not_drawn_by", []), others, "another audit"),
        ]
        may_be_drawn = audit.get("plan_types", ids["plan_types"])
        for place, stratum in enumerate(strata):
            lists.append(
                (
                    ("strata", place, "plan_types"),
                    stratum.get("plan_types", []),
                    may_be_drawn,
                    "a plan type that this audit may draw",
                )
            )
        for path, found, allowed, what in lists:
            for place, each in enumerate(found):
                if each not in allowed:
                    yield self._at("audits", index, *path, place, say=_use_one("id", what, allowed))
        for place, step in enumerate(audit.get("steps", [])):
            if step.get("by", "") not in ("", *ids["roles"]):
                yield self._at(
                    "audits", index, "steps", place, "by",
                    say=_use_one("id", "a role", ids["roles"]),
                )  # fmt: skip
        numbers = [str(level["number"]) for level in self._merged["levels"]]
        for field in ("level", "families_level"):
            if field in audit and str(audit[field]) not in numbers:
                yield self._at("audits", index, field, say=_use_one("number", "a level", numbers))

    def _escalation(self) -> Iterator[Problem]:
        if "escalation" not in self._merged:
            return
        escalation = self._merged["escalation"]
        points = [str(point["value"]) for point in self._merged["judgement"]["points"]]
        if str(escalation["at"]) not in points:
            yield self._at(
                "escalation", "at", say=_use_one("value", "a point of the judgement scale", points)
            )
        roles = [role["id"] for role in self._merged["roles"]]
        if escalation["to"] not in roles:
            yield self._at("escalation", "to", say=_use_one("id", "a role", roles))

    def _themes(self) -> Iterator[Problem]:
        """The file of cases has a column for each of these; see `cases/caseload.py`."""
        themes = {theme["id"] for theme in self._merged["themes"]}
        for needed in NEEDED_THEMES:
            if needed not in themes:
                yield self._at(
                    "themes",
                    say=(
                        f"Add a theme with the id “{needed}”: the file of cases has a column for "
                        "it. Its values are yours."
                    ),
                )

    def _roles(self) -> Iterator[Problem]:
        agencies = [agency["id"] for agency in self._merged["agencies"]]
        spoken_for = {role["agency"] for role in self._merged["roles"]}
        for index, agency in enumerate(agencies):
            if agency not in spoken_for:
                yield self._at(
                    "agencies", index,
                    say="No role speaks for this agency. Add one under “roles”, or remove it.",
                )  # fmt: skip
        for index, role in enumerate(self._merged["roles"]):
            if role["agency"] not in agencies:
                yield self._at(
                    "roles",
                    index,
                    "agency",
                    say=(f"Use the id of an agency: {', '.join(agencies)}."),
                )
