"""The wording in a data file: which of its texts are words for families, each under a key.

A key names things by their ids, so that a file may be put in another order: `headings.important.
prompts.important.open.text`. What only builds the file (ids, versions, kinds) is not wording.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Texts = tuple[str, ...]

_BUILDS: Final = frozenset(
    {
        "audience",
        "audiences",
        "core",
        "easy_read",
        "framework_prompt",
        "id",
        "kind",
        "language",
        "picture",
        "purpose",
        "reviewed_by",
        "version",
    }
)


def texts_in(data: Any) -> dict[str, Texts]:
    """Every text of a file by its key; a list of words is one text of several lines."""
    return {key: _texts(holder[slot]) for key, holder, slot in _leaves(data)}


def put_into(data: Any, texts: Mapping[str, Texts]) -> Any:
    """The same data with other texts under their keys; keys that it has not are left out."""
    for key, holder, slot in _leaves(data) if texts else ():
        if key in texts:
            several = isinstance(holder[slot], list)
            holder[slot] = list(texts[key]) if several else texts[key][0]
    return data


def lists_in(data: Any) -> set[str]:
    """The keys of the texts that are lists."""
    return {key for key, holder, slot in _leaves(data) if isinstance(holder[slot], list)}


def _texts(value: str | list[str]) -> Texts:
    return tuple(text.strip() for text in ([value] if isinstance(value, str) else value))


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in _BUILDS:
                continue
            here = f"{path}.{name}" if path else str(name)
            if isinstance(value, str) or _all_texts(value):
                yield here, node, name
            else:
                yield from _leaves(value, here)
    elif isinstance(node, list):
        for item in _newest(node):
            yield from _leaves(item, f"{path}.{_label(item)}")


def _all_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _label(item: Mapping[str, Any]) -> str:
    version = f"/{item['version']}" if "version" in item else ""
    audiences = f"/{'+'.join(sorted(item['audiences']))}" if "audiences" in item else ""
    return f"{item['id']}{version}{audiences}"


def _newest(items: list[Any]) -> list[Any]:
    """Those that are in use: of statements with versions, the newest for each audience."""
    newest: dict[tuple[str, str], int] = {}
    for item in items:
        for audience in item.get("audiences", ()):
            key = (item["id"], audience)
            newest[key] = max(newest.get(key, 0), item["version"])
    return [
        item
        for item in items
        if "audiences" not in item
        or any(newest[item["id"], audience] == item["version"] for audience in item["audiences"])
    ]
