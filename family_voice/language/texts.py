"""Every sentence that a person reads comes through here, in the language of the moment.

The language is a context variable: the web sets it for a request, the worker for a message, and
whatever nobody set is English. With named values, `_("Hello %(name)s", name=…)`, a percent sign
in the sentence is written `%%`, as in templates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from babel.support import LazyProxy

from family_voice.language import fallback
from family_voice.language.catalogues import ENGLISH, Catalogues, Language
from family_voice.language.corrections import when_changed

_language: ContextVar[Language] = ContextVar("language", default=ENGLISH)
_marking: ContextVar[bool] = ContextVar("marking", default=False)
_catalogues = Catalogues()
_withheld: frozenset[str] = frozenset()


def install(catalogues: Catalogues) -> None:
    """Use these catalogues in this process: called once by each front door."""
    global _catalogues
    _catalogues = catalogues


def catalogue_file(code: str) -> Path | None:
    """The catalogue that a language's sentences come from; None for English."""
    return _catalogues.file(code)


def _read_again() -> None:
    _catalogues.read_again()


when_changed(_read_again)


def withhold(codes: Iterable[str]) -> None:
    """Let families choose any language but these, from now on; English is never withheld."""
    global _withheld
    _withheld = frozenset(codes) - {ENGLISH.code}


def worded() -> tuple[Language, ...]:
    """Every language that has any wording, on offer or not, English first."""
    return _catalogues.languages


def known(code: str | None) -> Language | None:
    """The language of a code, or None if it has no wording.

    What was begun in a language is carried on in it, whether or not it is still on offer.
    """
    return _catalogues.language(code) if code else None


def languages() -> tuple[Language, ...]:
    """Every language that a family may choose, English first."""
    return tuple(each for each in worded() if each.code not in _withheld)


def offered(code: str | None) -> Language | None:
    """The language of a code, or None if families may not choose it."""
    return known(code) if code not in _withheld else None


def to_begin_in(code: str | None) -> str:
    """The code of the language to begin something new in: theirs if it is on offer, else English.

    What was begun is carried on in its own language: see `known`.
    """
    return (offered(code) or ENGLISH).code


def current_language() -> Language:
    """The language of the moment."""
    return _language.get()


def set_language(code: str | None, *, marking: bool = False) -> Language:
    """Speak a language from here on in this context; English if it has no wording.

    With `marking`, English that stands in for a missing translation is marked: see `fallback`.
    """
    language = known(code) or ENGLISH
    _language.set(language)
    _marking.set(marking and language is not ENGLISH)
    return language


@contextmanager
def speaking(code: str | None, *, marking: bool = False) -> Iterator[Language]:
    """Speak a language inside a `with`: one family's message, one printed letter.

    With `marking`, English that stands in for a missing translation is marked: for what becomes
    part of a page.
    """
    before, marked_before = _language.get(), _marking.get()
    try:
        yield set_language(code, marking=marking)
    finally:
        _language.set(before)
        _marking.set(marked_before)


def gettext(message: str, **values: object) -> str:
    """A sentence in the language of the moment, with its named values filled in."""
    found = _catalogues.translations(_language.get().code).gettext(message)
    text = _values_apart(found)
    text = text % values if values else text
    return fallback.marked(text) if _marking.get() and found == message else text


def plural_form(singular: str, plural: str, number: int) -> str:
    """The form of a sentence that its number asks for, values not yet filled in."""
    found = _catalogues.translations(_language.get().code).ngettext(singular, plural, number)
    text = _values_apart(found)
    return fallback.marked(text) if _marking.get() and found in (singular, plural) else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """A sentence in the form that its number asks for; `%(num)d` stands for the number."""
    return plural_form(singular, plural, number) % {"num": number, **values}


def in_english(text: str) -> str:
    """Something that is English in every language, such as a council's own name for a job."""
    return fallback.marked(text) if _marking.get() else text


def apart(value: str) -> str:
    """A value that is put into a sentence other than by gettext."""
    return fallback.apart(value) if _keeps_apart() else value


def _values_apart(sentence: str) -> str:
    return fallback.with_values_apart(sentence) if _keeps_apart() else sentence


def _keeps_apart() -> bool:
    return _marking.get() and _language.get().direction == "rtl"


def lazy(message: str, **values: object) -> LazyProxy:
    """A sentence that is put into the language of the moment when it is shown.

    For labels and tables that are made once, when the module is loaded.
    """
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext
