"""What reviewers corrected, laid over the wording in the files while the program runs.

Rooms that keep wording in memory say so with `when_changed`, and read their files through
`corrected`; so a correction is seen in every channel without starting anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from family_voice.language.wording_files import Texts, put_into
from family_voice.language.wordings import Part


@dataclass(frozen=True)
class Correction:
    """A text that counts instead of the file's from a moment on."""

    language: str
    part: Part
    key: str
    texts: Texts
    since: datetime


_laid: tuple[Correction, ...] = ()
_forget: list[Callable[[], object]] = []


def when_changed(forget: Callable[[], object]) -> None:
    """Have something called whenever other corrections are laid."""
    _forget.append(forget)


def lay(corrections: Iterable[Correction]) -> None:
    """Use these corrections and no others from now on, a key's oldest first."""
    global _laid
    wanted = tuple(sorted(corrections, key=lambda each: each.since))
    if wanted == _laid:
        return
    _laid = wanted
    for forget in _forget:
        forget()


def laid(part: Part, language: str, at: datetime | None = None) -> Mapping[str, Texts]:
    """The corrections of one part of a language by key: today's, or those of a moment."""
    return {
        each.key: each.texts
        for each in _laid
        if each.part is part and each.language == language and (at is None or each.since <= at)
    }


def corrected(
    part: Part, language: str, data: Any, *, file: str = "", at: datetime | None = None
) -> Any:
    """A data file's content with its corrections.

    Args:
        part: which.
        language: of the file.
        data: its content, as read; changed in place.
        file: what its keys begin with, where a language has several files.
        at: the moment whose wording is wanted; None for today's.

    Returns:
        The content.
    """
    texts = laid(part, language, at)
    start = f"{file}:" if file else ""
    own = {key.removeprefix(start): value for key, value in texts.items() if key.startswith(start)}
    return put_into(data, own)
