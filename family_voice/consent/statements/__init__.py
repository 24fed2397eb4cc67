"""The statements families are asked to agree to, as versioned data, one file a language.

A statement is found by purpose, audience and language; what was shown is named by id and version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import yaml

from family_voice.language import corrections
from family_voice.language.wording_files import Texts, put_into
from family_voice.language.wordings import Part

FOLDER = Path(__file__).resolve().parent


class Purpose(StrEnum):
    """One thing consent is asked for."""

    TALK = "talk"
    CHECK = "check"
    QUOTE = "quote"
    COUNT = "count"
    CONTACT = "contact"


FIRST = (Purpose.TALK, Purpose.CHECK)
LATER = (Purpose.QUOTE, Purpose.COUNT, Purpose.CONTACT)


class NoStatement(LookupError):
    """There is no statement for that purpose, audience and language."""


@dataclass(frozen=True)
class Statement:
    """What is shown, read out or texted to ask for one purpose.

    `limits` is a line that stands by itself on a page: what saying yes says that one knows.
    `audience` is the one of its `audiences` it was looked up for.
    """

    id: str
    version: int
    purpose: Purpose
    audiences: tuple[str, ...]
    language: str
    reviewed_by: str | None
    question: str
    explain: tuple[str, ...]
    agree: str
    refuse: str
    read_out: str
    text_message: str
    limits: str = ""
    audience: str = ""


def statement(purpose: Purpose, audience: str, language: str) -> Statement:
    """The newest statement for a purpose, in English where the language has none.

    Args:
        purpose: what is asked for.
        audience: whose guide they are asked with.
        language: the interview's language.

    Returns:
        The statement, whose `language` says which one it is really in.

    Raises:
        NoStatement: if even English has none.
    """
    for tongue in dict.fromkeys((language, "en")):
        found = [
            candidate
            for candidate in _in_language(tongue)
            if candidate.purpose is purpose and audience in candidate.audiences
        ]
        if found:
            newest = max(found, key=lambda candidate: candidate.version)
            return replace(newest, audience=audience)
    raise NoStatement(f"{purpose}/{audience}/{language}")


def as_shown(
    statement_id: str, version: int, audience: str, language: str, at: datetime | None = None
) -> Statement:
    """The very statement that was put to somebody once, whatever is newest now.

    `at` is when: a reviewer may have put a better wording since.

    Raises:
        NoStatement: if no file has it.
    """
    for candidate in _in_language(language, at):
        same = (candidate.id, candidate.version) == (statement_id, version)
        if same and audience in candidate.audiences:
            return replace(candidate, audience=audience)
    raise NoStatement(f"{statement_id}/{version}/{audience}/{language}")


def _in_language(language: str, at: datetime | None = None) -> tuple[Statement, ...]:
    corrected = corrections.laid(Part.STATEMENT, language, at)
    return _read(language, tuple(sorted(corrected.items())))


@lru_cache(maxsize=64)
def _read(language: str, corrected: tuple[tuple[str, Texts], ...]) -> tuple[Statement, ...]:
    path = FOLDER / f"{language}.yaml"
    if not path.is_file():
        return ()
    content = put_into(yaml.safe_load(path.read_text(encoding="utf-8")), dict(corrected))
    return tuple(
        Statement(
            id=item["id"],
            version=item["version"],
            purpose=Purpose(item["purpose"]),
            audiences=tuple(item["audiences"]),
            language=content["language"],
            reviewed_by=content.get("reviewed_by"),
            question=item["question"],
            explain=tuple(item["explain"]),
            agree=item["agree"],
            refuse=item["refuse"],
            read_out=item["read_out"].strip(),
            text_message=item["text_message"].strip(),
            limits=item.get("limits", ""),
        )
        for item in content["statements"]
    )
