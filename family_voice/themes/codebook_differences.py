"""What is not the same in two versions of the codebook, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import touched
from family_voice.themes.codebook_wording import PARTS

GROUP, STANDING = "group", "standing"


@dataclass(frozen=True)
class PartChanged:
    """One part of a code: `was` and `now` hold a text a line; nothing for what was not there."""

    part: str
    was: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One code or group that changed, under the name that it has afterwards."""

    id: str
    name: str
    is_group: bool
    new: bool
    parts: tuple[PartChanged, ...]


def differences(before: Codebook, after: Codebook) -> tuple[Difference, ...]:
    """Every code and group that is not the same in both, in the order of the later."""
    return tuple(_difference(before, after, each) for each in touched(before, after))


def _difference(before: Codebook, after: Codebook, id: str) -> Difference:
    is_group = id not in after.codes
    was, now = (
        (_group(before, id), _group(after, id))
        if is_group
        else (_code(before, id), _code(after, id))
    )
    parts = [PartChanged(part, was.get(part, ()), now[part]) for part in now]
    return Difference(
        id=id,
        name=now["name"][0],
        is_group=is_group,
        new=not was,
        parts=tuple(each for each in parts if each.was != each.now),
    )


def _group(book: Codebook, id: str) -> dict[str, tuple[str, ...]]:
    name = next((group.name for group in book.groups if group.id == id), None)
    return {"name": (name,)} if name is not None else {}


def _code(book: Codebook, id: str) -> dict[str, tuple[str, ...]]:
    if id not in book.codes:
        return {}
    code = book.codes[id]
    written = {part: getattr(code, part) for part in PARTS}
    texts = {part: (text,) if isinstance(text, str) else text for part, text in written.items()}
    return texts | {GROUP: (book.group_of(id).name,), STANDING: _standing(book, code)}


def _standing(book: Codebook, code: Code) -> tuple[str, ...]:
    """Nothing while it is offered; else why it is not, and the names of what took its place."""
    if not code.retired:
        return ()
    if code.merged_into is not None:
        return ("merged", book.codes[code.merged_into].name)
    if code.split_into:
        return ("split", *(book.codes[each].name for each in code.split_into))
    return ("retired",)
