"""Which languages the pages can be read in, and their catalogues.

Catalogues are read from their .po files straight into memory, on first use. There is no compiled
file that could be older than its source: a stale or missing .mo silently serves English under
another language's name.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from gettext import NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from family_voice.language.catalogue_wordings import with_corrections
from family_voice.language.corrections import laid
from family_voice.language.wordings import Part


class BadCatalogue(Exception):
    """A catalogue that cannot be read; the message names the file and says what to do."""


@dataclass(frozen=True)
class Language:
    """A language that pages can be shown in.

    `code` goes into the page's `lang`; `name` is what its own speakers call it; `locale` is
    whose dates and numbers it uses; `staff_too` is whether the office's own pages speak it.
    """

    code: str
    name: str
    direction: str
    locale: str
    staff_too: bool = False


ENGLISH = Language("en", "English", "ltr", "en_GB", staff_too=True)


def described(code: str) -> Language:
    """The language that a code such as `ur` or `pa_Guru` names.

    Raises:
        BadCatalogue: no such language is known.
    """
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as problem:
        raise BadCatalogue(
            f"translations/{code} is not the name of a language. Use a code such as ur or pl."
        ) from problem
    name = locale.get_display_name(locale) or code
    tag = str(locale).replace("_", "-")
    return Language(tag, name[:1].upper() + name[1:], locale.text_direction, str(locale))


def read_file(file: Path) -> Catalog:
    """A .po file as it lies in the folder.

    Raises:
        BadCatalogue: it is not a catalogue.
    """
    try:
        with file.open("rb") as opened:
            return read_po(opened, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as problem:
        raise BadCatalogue(f"{file} cannot be read as a gettext catalogue: {problem}") from problem


def read_catalogue(file: Path, code: str) -> NullTranslations:
    """The translations in a .po file, with what was corrected in them. Entries marked fuzzy count
    as not translated.

    Raises:
        BadCatalogue: it is not a catalogue.
    """
    catalogue = with_corrections(read_file(file), laid(Part.CATALOGUE, code))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Catalogues:
    """English, and every language with a catalogue under a folder.

    The folder holds `<code>/LC_MESSAGES/family.po`; without one there is only English.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._languages = {ENGLISH.code: ENGLISH}
        self._files: dict[str, Path] = {}
        self._read: dict[str, NullTranslations] = {ENGLISH.code: NullTranslations()}
        for file in sorted(folder.glob("*/LC_MESSAGES/family.po")) if folder else ():
            language = described(file.parent.parent.name)
            self._languages[language.code] = language
            self._files[language.code] = file

    def file(self, code: str) -> Path | None:
        """The catalogue of a language; None for English and for what was only added."""
        return self._files.get(code)

    def read_again(self) -> None:
        """Read the files anew when they are next asked for: other corrections were laid."""
        for code in self._files:
            self._read.pop(code, None)

    def add(self, language: Language, translations: NullTranslations) -> None:
        """Offer a language that is not in the folder (the tests' mirrored English)."""
        self._languages[language.code] = language
        self._read[language.code] = translations

    @property
    def languages(self) -> tuple[Language, ...]:
        """Every language with wording, English first."""
        return tuple(self._languages.values())

    def language(self, code: str) -> Language | None:
        """The language of a code, or None if it has no wording."""
        return self._languages.get(code)

    def translations(self, code: str) -> NullTranslations:
        """The translations of a language; English for one without wording."""
        if code not in self._read:
            file = self._files.get(code)
            self._read[code] = read_catalogue(file, code) if file else self._read[ENGLISH.code]
        return self._read[code]
