"""The families and accounts written by hand in `accounts/`, read and checked. No names yet.

One file a round, newest first. A file has `title`, `theme` (a list of `kind` and `value`, ids of
the framework's themes) and six `families`, each with
  `child`      pronoun (she, he or they: the accounts rely on it), year, names (a pool of names),
               and age where the account tells it; teacher: he, where it says "he" of a teacher
  `plan`, `need`, `placement`, `groups`, `care`   the case, in the framework's ids
  `people`     key: relationship, language, access, phone, parental_responsibility, safe_to_contact
  `outcome`    heard, in_progress, invited, declined, not_reached, not_safe, stood_down; `reason`
  `accounts`   what was said, in which `language`, `translated_by` whom; `agrees` lists the
               decisions answered yes, `unanswered` those left, all others were answered no. An
               answer is one text, a list of texts as they arrived, or a list of
               `{text, speaker, manner, english}`, where `english` is that of its first sentences
`codings.yaml` has the codes somebody put on the answers.
{child}, {school} and the like are filled in by `families`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

CHILD = "child"
PURPOSES = ("talk", "check", "quote", "count", "contact")


@dataclass(frozen=True)
class WrittenFragment:
    """One piece of what was said. `speaker` is a key of the family's people, or `child`."""

    text: str
    speaker: str
    manner: str
    english: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrittenAccount:
    """One account, its placeholders still in it."""

    id: str
    by: str
    others: tuple[str, ...]
    agreed_by: str
    channel: str
    language: str
    translated_by: str
    answers: tuple[tuple[str, tuple[WrittenFragment, ...]], ...]
    skipped: tuple[str, ...]
    not_for_workers: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    decisions: Mapping[str, bool | None]
    read_back: bool
    asked_for_call: bool


@dataclass(frozen=True)
class WrittenPerson:
    """Somebody who may speak about the child."""

    key: str
    relationship: str
    language: str
    access: tuple[str, ...]
    phone: str
    parental_responsibility: bool
    safe_to_contact: bool


@dataclass(frozen=True)
class WrittenFamily:
    """One family and its case."""

    key: str
    pronoun: str
    names: str
    year: int
    age: int | None
    teacher: str
    plan: str
    need: str
    placement: str
    groups: tuple[str, ...]
    care: str
    people: tuple[WrittenPerson, ...]
    outcome: str
    reason: str
    accounts: tuple[WrittenAccount, ...]


@dataclass(frozen=True)
class WrittenRound:
    """One file."""

    title: str
    themes: Mapping[str, tuple[str, ...]]
    families: tuple[WrittenFamily, ...]


@cache
def written_rounds() -> tuple[WrittenRound, ...]:
    """Every round that is written, the current one first."""
    folder = resources.files(__package__) / "accounts"
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".yaml"))
    found = [_read((folder / name).read_text(encoding="utf-8")) for name in files]
    return tuple(_round(data) for data in found)


@cache
def views() -> Mapping[str, Mapping[str, list[str]]]:
    """Made-up lines of professionals: agency, then key question, then lines to choose from."""
    return _by_two_keys("views.yaml")


@cache
def _codings() -> Mapping[str, Mapping[str, list[str]]]:
    return _by_two_keys("codings.yaml")


def _by_two_keys(name: str) -> Mapping[str, Mapping[str, list[str]]]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    lists: Mapping[str, Mapping[str, list[str]]] = _read(text)
    return lists


def _read(text: str) -> Any:
    # The same safe loader, written in C where PyYAML was built with it: ten times as fast.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _round(data: Mapping[str, Any]) -> WrittenRound:
    themes: dict[str, tuple[str, ...]] = {}
    for theme in data["theme"]:
        themes[theme["kind"]] = (*themes.get(theme["kind"], ()), theme["value"])
    return WrittenRound(data["title"], themes, tuple(_family(f) for f in data["families"]))


def _family(data: Mapping[str, Any]) -> WrittenFamily:
    child = data["child"]
    accounts = tuple(_account(account) for account in data.get("accounts", ()))
    people = tuple(_person(key, values) for key, values in data["people"].items())
    speaks = any(CHILD in (account.by, *account.others) for account in accounts)
    if CHILD not in data["people"] and (speaks or not people):
        people = (*people, _person(CHILD, {}))
    return WrittenFamily(
        key=data["family"],
        pronoun=child["pronoun"],
        names=child["names"],
        year=child["year"],
        age=child.get("age"),
        teacher=child.get("teacher", "she"),
        plan=data["plan"],
        need=data["need"],
        placement=data["placement"],
        groups=tuple(data.get("groups", ())),
        care=data.get("care", "none"),
        people=people,
        outcome=data["outcome"],
        reason=data.get("reason", ""),
        accounts=accounts,
    )


def _person(key: str, data: Mapping[str, Any]) -> WrittenPerson:
    return WrittenPerson(
        key=key,
        relationship="young_person" if key == CHILD else data["relationship"],
        language=data.get("language", "en"),
        access=tuple(data.get("access", ())),
        phone=data.get("phone", "mobile"),
        parental_responsibility=data.get("parental_responsibility", key != CHILD),
        safe_to_contact=data.get("safe_to_contact", True),
    )


def _account(data: Mapping[str, Any]) -> WrittenAccount:
    manner = data.get("manner", "own_words")
    unanswered = data.get("unanswered", ())
    return WrittenAccount(
        id=data["id"],
        by=data["by"],
        others=tuple(data.get("with", ())),
        agreed_by=data.get("agreed_by", data["by"]),
        channel=data["channel"],
        language=data.get("language", "en"),
        translated_by=data.get("translated_by", ""),
        answers=tuple(
            (prompt, _fragments(answer, data["by"], manner))
            for prompt, answer in data["answers"].items()
        ),
        skipped=tuple(data.get("skipped", ())),
        not_for_workers={p: tuple(s) for p, s in data.get("not_for_workers", {}).items()},
        codes={p: tuple(ids) for p, ids in _codings().get(data["id"], {}).items()},
        decisions={
            purpose: None if purpose in unanswered else purpose in data["agrees"]
            for purpose in PURPOSES
        },
        read_back=data["read_back"],
        asked_for_call=data.get("asked_for_call", False),
    )


def _fragments(answer: Any, speaker: str, manner: str) -> tuple[WrittenFragment, ...]:
    pieces = answer if isinstance(answer, list) else [answer]
    return tuple(
        WrittenFragment(piece, speaker, manner)
        if isinstance(piece, str)
        else WrittenFragment(
            piece["text"],
            piece.get("speaker", speaker),
            piece.get("manner", manner),
            tuple(piece.get("english", ())),
        )
        for piece in pieces
    )
