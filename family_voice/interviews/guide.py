"""The guide: the questions of a conversation as versioned data, read from YAML and checked.

A guide is one version, in one language, for one audience. Files stand in `guides/<language>/`:
`parent_carer.yaml` is the newest; older versions stay beside it, as `parent_carer.v1.yaml` and so
on, because an interview pins the version it began with and must be readable years later.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from family_voice.language import corrections, gsm7
from family_voice.language.wordings import Part

_log = logging.getLogger(__name__)
GUIDES = Path(__file__).parent / "guides"
FALLBACK_LANGUAGE = "en"

#: Languages whose short wordings must stay inside GSM 7. Others have letters it lacks.
GSM_7_LANGUAGES = frozenset({"en"})


class GuideError(Exception):
    """A guide could not be used."""


class GuideNotFound(GuideError):
    """No guide for that audience or version."""


class GuideInvalid(GuideError):
    """A guide file says something a guide may not say; the message names the file and the place."""


class Kind(StrEnum):
    """How a question is answered. Words can always follow."""

    WORDS = "words"
    CHOICE = "choice"  # one of the guide's three choices
    SORT = "sort"  # each statement goes into one of the guide's three zones


@dataclass(frozen=True)
class Card:
    """Something to point at: words with a picture. What is kept of it is always the words."""

    id: str
    words: str
    picture: str


@dataclass(frozen=True)
class Prompt:
    """One question. `core` ones are always asked; the others only when the family wants more.

    `framework_prompt` names the part of the area's framework that it stands for; `picture` and
    `statements` are names of pictures and cards, for Easy Read.
    """

    id: str
    text: str
    framework_prompt: str
    core: bool = False
    hint: str = ""
    text_message: str = ""
    kind: Kind = Kind.WORDS
    picture: str = ""
    statements: tuple[Card, ...] = ()

    def wording(self, channel: str) -> str:
        """The question as it is put on this channel: a short form for `text`, else the full one."""
        return self.text_message if channel == "text" and self.text_message else self.text


@dataclass(frozen=True)
class Heading:
    """One of the parts of the conversation, with its open question first."""

    id: str
    title: str
    prompts: tuple[Prompt, ...]

    @property
    def core(self) -> Prompt:
        """The open question of this heading."""
        return self.prompts[0]

    @property
    def further(self) -> tuple[Prompt, ...]:
        """The questions asked only if the family would like more."""
        return self.prompts[1:]


@dataclass(frozen=True)
class Guide:
    """A whole conversation, in the order of its file. Each heading opens with its core prompt.

    An Easy Read one has pictures; `choices` and `zones` are three each, and `skip` says what else
    one may do.
    """

    id: str
    version: int
    language: str
    audience: str
    headings: tuple[Heading, ...]
    easy_read: bool = False
    choices: tuple[Card, ...] = ()
    zones: tuple[Card, ...] = ()
    skip: str = ""

    @cached_property
    def prompts(self) -> dict[str, Prompt]:
        """Every prompt by id, in order."""
        return {prompt.id: prompt for heading in self.headings for prompt in heading.prompts}

    @cached_property
    def _heading_of(self) -> dict[str, Heading]:
        return {prompt.id: heading for heading in self.headings for prompt in heading.prompts}

    def prompt(self, prompt_id: str) -> Prompt:
        """The prompt of that id. Raises `KeyError` if the guide has none."""
        return self.prompts[prompt_id]

    def heading(self, heading_id: str) -> Heading:
        """The heading of that id. Raises `KeyError` if the guide has none."""
        for heading in self.headings:
            if heading.id == heading_id:
                return heading
        raise KeyError(heading_id)

    def heading_of(self, prompt_id: str) -> Heading:
        """The heading a prompt stands under. Raises `KeyError` for an unknown prompt."""
        return self._heading_of[prompt_id]

    def path(self, opened: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """The prompt ids on the path: every core prompt, and all of each opened heading."""
        return tuple(
            prompt.id
            for heading in self.headings
            for prompt in heading.prompts
            if prompt.core or heading.id in opened
        )


def load_guide(audience: str, language: str, version: int | None = None) -> Guide:
    """The guide for an audience, in a language if there is one, else in English.

    Arguments: `audience` is one there is a guide for; `version` is the pinned one of an
    interview, or None for the newest. The guide's own `language` says what it is written in, so
    that a page can mark it. Raises `GuideNotFound`, or `GuideInvalid` for a broken file.
    """
    for wanted in dict.fromkeys((language, language.split("-")[0], FALLBACK_LANGUAGE)):
        versions = _versions(audience, wanted)
        number = version if version is not None else max(versions, default=0)
        if number in versions:
            return versions[number]
    raise GuideNotFound(
        f"There is no guide for {audience!r}" + (f", version {version}." if version else ".")
    )


def guide_audiences() -> tuple[str, ...]:
    """The audiences there are guides for, in alphabetical order."""
    return tuple(sorted({path.name.split(".")[0] for path in GUIDES.glob("*/*.yaml")}))


def guide_languages(audience: str, version: int | None = None) -> tuple[str, ...]:
    """The languages this audience's guide is written in, in alphabetical order."""
    found = []
    for folder in sorted(path for path in GUIDES.iterdir() if path.is_dir()):
        versions = _versions(audience, folder.name)
        if versions and (version is None or version in versions):
            found.append(folder.name)
    return tuple(found)


@lru_cache(maxsize=64)
def _versions(audience: str, language: str) -> dict[int, Guide]:
    folder = GUIDES / language
    known = {path.name: path for path in folder.glob("*.yaml")} if folder.is_dir() else {}
    versions: dict[int, Guide] = {}
    for name, path in sorted(known.items()):
        if name.split(".")[0] != audience:
            continue
        guide = read_guide(path)
        if guide.version in versions:
            raise GuideInvalid(f"{path}: version {guide.version} is already in another file.")
        if guide.language != language or guide.audience != audience:
            raise GuideInvalid(f"{path}: its language and audience must match where it stands.")
        versions[guide.version] = guide
    return versions


corrections.when_changed(_versions.cache_clear)


def read_guide(path: Path) -> Guide:
    """Read and check one guide file. Raises `GuideInvalid` naming the file and the place."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as broken:
        raise GuideInvalid(f"{path}: this is not YAML: {broken}") from broken
    as_in_file = copy.deepcopy(data)
    data = corrections.corrected(Part.GUIDE, path.parent.name, data, file=path.stem)
    try:
        return checked(path, data)
    except GuideInvalid:
        if data == as_in_file:
            raise
    # One odd correction must not take the questions away from every family.
    _log.error("%s: its corrections are left out, for they do not fit together.", path)
    return checked(path, as_in_file)


def checked(path: Path, data: Any) -> Guide:
    """A guide made of a file's content. Raises `GuideInvalid` naming the file and the place."""
    error = jsonschema.exceptions.best_match(_validator().iter_errors(data))
    if error is not None:
        raise GuideInvalid(f"{path}: {_place(error.absolute_path)}: {error.message}")
    guide = _build(data)
    for place, problem in _problems(guide):
        raise GuideInvalid(f"{path}: {place}: {problem}")
    return guide


def _problems(guide: Guide) -> list[tuple[str, str]]:
    """What a schema cannot see: ids used twice, cores out of place, letters a text cannot carry."""
    problems: list[tuple[str, str]] = []
    seen: set[str] = set()
    for heading in guide.headings:
        if [prompt.core for prompt in heading.prompts] != [True] + [False] * len(heading.further):
            problems.append((heading.id, "its first prompt, and only that one, must be core."))
        for prompt in heading.prompts:
            if prompt.id in seen:
                problems.append((prompt.id, "this id is used twice."))
            seen.add(prompt.id)
            if prompt.id.split(".")[0] != heading.id:
                problems.append((prompt.id, f"its id must begin with {heading.id!r}."))
            strange = sorted(set(prompt.text_message) - gsm7.ALPHABET)
            if strange and guide.language in GSM_7_LANGUAGES:
                problems.append((prompt.id, f"a text message cannot carry {''.join(strange)!r}."))
    ids = [heading.id for heading in guide.headings]
    problems += [(id_, "this heading is used twice.") for id_ in ids if ids.count(id_) > 1]
    return problems + _pointing_problems(guide)


def _pointing_problems(guide: Guide) -> list[tuple[str, str]]:
    """Where there is nothing to point at, or the same twice."""
    problems: list[tuple[str, str]] = []
    for prompt in guide.prompts.values():
        if guide.easy_read and not prompt.picture:
            problems.append((prompt.id, "an Easy Read question needs a picture."))
        if prompt.kind is Kind.CHOICE and not guide.choices:
            problems.append((prompt.id, "the guide has no choices to choose from."))
        if (prompt.kind is Kind.SORT) != bool(prompt.statements):
            problems.append((prompt.id, "a sort, and only a sort, has statements."))
        if prompt.statements and not guide.zones:
            problems.append((prompt.id, "the guide has no zones to sort into."))
    if (guide.choices or guide.zones) and not guide.skip:
        problems.append(("skip", "say what else one may do than choose."))
    places = [("choices", guide.choices), ("zones", guide.zones)]
    places += [(prompt.id, prompt.statements) for prompt in guide.prompts.values()]
    for place, cards in places:
        for told in ([card.id for card in cards], [card.words for card in cards]):
            if len(set(told)) < len(told):
                problems.append((place, "two cards have the same id or the same words."))
    return problems


def _build(data: dict[str, Any]) -> Guide:
    headings = tuple(
        Heading(
            id=heading["id"],
            title=heading["title"],
            prompts=tuple(_prompt(prompt) for prompt in heading["prompts"]),
        )
        for heading in data["headings"]
    )
    cards = {name: _cards(data.get(name, ())) for name in ("choices", "zones")}
    return Guide(**{**data, **cards, "headings": headings})


def _prompt(data: dict[str, Any]) -> Prompt:
    kind, statements = Kind(data.get("kind", Kind.WORDS)), _cards(data.get("statements", ()))
    return Prompt(**{**data, "kind": kind, "statements": statements})


def _cards(data: Iterable[dict[str, str]]) -> tuple[Card, ...]:
    return tuple(Card(**card) for card in data)


def _place(path: Any) -> str:
    return ".".join(str(part) for part in path) or "the top of the file"


@lru_cache(maxsize=1)
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((GUIDES / "schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)
