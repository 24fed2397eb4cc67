"""The wording of a catalogue: every sentence families read on pages, in letters and in texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from gettext import c2py

from babel.messages.catalog import Catalog, Message

from family_voice.language.wording_files import Texts
from family_voice.language.wordings import Part, Shape, Wording, fingerprint


def in_catalogue(catalogue: Catalog) -> list[Wording]:
    """Every sentence of a catalogue, in its order."""
    return [_wording(message) for message in catalogue if message.id]


def key_of(message: Message) -> str:
    """The key of a sentence: what its English is."""
    return fingerprint(_texts(message.id))


def with_corrections(catalogue: Catalog, corrections: Mapping[str, Texts]) -> Catalog:
    """A catalogue with other translations under some keys; changed in place."""
    for message in catalogue if corrections else ():
        texts = corrections.get(key_of(message)) if message.id else None
        if texts:
            message.string = texts if message.pluralizable else texts[0]
            message.flags.discard("fuzzy")
    return catalogue


def plural_form(catalogue: Catalog) -> Callable[[int], int]:
    """Which form of a plural a number takes in a catalogue's language."""
    form: Callable[[int], int] = c2py(str(catalogue.plural_expr))
    return form


def _wording(message: Message) -> Wording:
    own = () if message.fuzzy else _texts(message.string)
    return Wording(
        part=Part.CATALOGUE,
        key=key_of(message),
        shape=Shape.PLURAL if message.pluralizable else Shape.SENTENCE,
        english=_texts(message.id),
        own=own if any(own) else (),
        places=tuple(dict.fromkeys(place for place, _line in message.locations)),
        notes=tuple(message.auto_comments),
    )


def _texts(value: str | Sequence[str] | None) -> Texts:
    return (value,) if isinstance(value, str) else tuple(value or ())
