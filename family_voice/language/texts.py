"""Every sentence that a person reads comes through here, in the language of the moment.

The language is a context variable: the web sets it for a request, the worker for a message, and
whatever nobody set is English. With named values, `_("Hello %(name)s", name=…)`, a percent sign
in the sentence is written `%%`, as in templates.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel.support import LazyProxy

from family_voice.language.catalogues import ENGLISH, Catalogues, Language

_language: ContextVar[Language] = ContextVar("language", default=ENGLISH)
_catalogues = Catalogues()


def install(catalogues: Catalogues) -> None:
    """Use these catalogues in this process: called once by each front door."""
    global _catalogues
    _catalogues = catalogues


def languages() -> tuple[Language, ...]:
    """Every language on offer, English first."""
    return _catalogues.languages


def offered(code: str | None) -> Language | None:
    """The language of a code, or None if it is not on offer."""
    return _catalogues.language(code) if code else None


def current_language() -> Language:
    """The language of the moment."""
    return _language.get()


def set_language(code: str | None) -> Language:
    """Speak a language from here on in this context; English if it is not on offer."""
    language = offered(code) or ENGLISH
    _language.set(language)
    return language


@contextmanager
def speaking(code: str | None) -> Iterator[Language]:
    """Speak a language inside a `with`: one family's message, one printed letter."""
    before = _language.set(offered(code) or ENGLISH)
    try:
        yield _language.get()
    finally:
        _language.reset(before)


def gettext(message: str, **values: object) -> str:
    """A sentence in the language of the moment, with its named values filled in."""
    text = _catalogues.translations(_language.get().code).gettext(message)
    return text % values if values else text


def plural_form(singular: str, plural: str, number: int) -> str:
    """The form of a sentence that its number asks for, values not yet filled in."""
    return _catalogues.translations(_language.get().code).ngettext(singular, plural, number)


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """A sentence in the form that its number asks for; `%(num)d` stands for the number."""
    return plural_form(singular, plural, number) % {"num": number, **values}


def lazy(message: str, **values: object) -> LazyProxy:
    """A sentence that is put into the language of the moment when it is shown.

    For labels and tables that are made once, when the module is loaded.
    """
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext
