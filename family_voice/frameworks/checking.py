"""What is wrong with a framework file, in sentences a person can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema

from family_voice.frameworks.reading import Document, Problem

SCHEMA = Path(__file__).parent / "schema.json"


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
    elif rule == "const":
        message = f"{here} must be {str(wanted).lower()}."
    elif rule == "uniqueItems":
        message = f"{here} lists something twice. Keep one."
    elif rule in {"minLength", "pattern", "minProperties"}:
        message = f"{here} must not be empty and must be written as in the example files."
    else:
        message = f"{here} is not right: check it against one of the files that come with this."
    return document.problem(path, message)


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
        return [*self._repeated(), *self._levels(), *self._sample(), *self._roles()]

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
            (section, (), "id", self._merged[section])
            for section in ("plan_types", "themes", "key_questions", "agencies", "roles", "reports")
        ]
        groups.append(("levels", (), "number", self._merged["levels"]))
        groups.append(("judgement", ("points",), "value", self._merged["judgement"]["points"]))
        for section, inner in (("themes", "values"), ("key_questions", "parts")):
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

    def _levels(self) -> Iterator[Problem]:
        numbers = {level["number"] for level in self._merged["levels"]}
        for section, field in (
            ("sample", "level"),
            ("families", "level"),
            ("families", "follows_level"),
        ):
            if self._merged[section][field] not in numbers:
                yield self._at(
                    section,
                    field,
                    say=(
                        "There is no level with this number. Use one of: "
                        f"{', '.join(map(str, sorted(numbers)))}."
                    ),
                )
        if self._merged["families"]["follows_level"] != self._merged["sample"]["level"]:
            yield self._at(
                "families",
                "follows_level",
                say=(
                    "Families are heard about the cases of the sample: write its level, "
                    f"{self._merged['sample']['level']}."
                ),
            )

    def _sample(self) -> Iterator[Problem]:
        sample = self._merged["sample"]
        room = sample["sessions"] * sample["cases_per_session"]
        if sample["cases"] != room:
            yield self._at(
                "sample",
                "cases",
                say=(
                    f"{sample['sessions']} sessions of {sample['cases_per_session']} make {room} "
                    f"cases, not {sample['cases']}. Change one of the three."
                ),
            )
        plans = [plan["id"] for plan in self._merged["plan_types"]]
        for index, plan in enumerate(sample["mix_of"]):
            if plan not in plans:
                yield self._at(
                    "sample",
                    "mix_of",
                    index,
                    say=(f"Use the id of a plan type: {', '.join(plans)}."),
                )

    def _roles(self) -> Iterator[Problem]:
        agencies = [agency["id"] for agency in self._merged["agencies"]]
        for index, role in enumerate(self._merged["roles"]):
            if role["agency"] not in agencies:
                yield self._at(
                    "roles",
                    index,
                    "agency",
                    say=(f"Use the id of an agency: {', '.join(agencies)}."),
                )
