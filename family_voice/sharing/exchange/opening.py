"""Opening what another program wrote: archives and XML that may be meant to do harm. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final
from uuid import UUID
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from family_voice.language.texts import _, ngettext

#: A year of accounts of a large area has about 5 MB of words.
LARGEST_FILE: Final = 30_000_000
LARGEST_UNPACKED: Final = 100_000_000
#: What describes a project takes many times its size while it is read.
LARGEST_XML: Final = 30_000_000
MOST_FILES: Final = 20_000
DEEPEST: Final = 60


class ExchangeRefused(ValueError):
    """The file cannot be brought in; the message says what to do. Nothing was changed."""


class Archive:
    """The files inside an archive, in any case; they are read into memory and never unpacked.

    Raises:
        ExchangeRefused: if it is no archive, or one larger than anything sensible.
    """

    def __init__(self, data: bytes) -> None:
        too_large(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = [each for each in self._zip.infolist() if not each.is_dir()]
        except (zipfile.BadZipFile, ValueError, OSError, EOFError) as broken:
            raise ExchangeRefused(
                _(
                    "This is no project file (.qdpx), or it is damaged. Export it again from the "
                    "program it comes from."
                )
            ) from broken
        if len(members) > MOST_FILES:
            raise ExchangeRefused(_("There are more files in this project than we take in."))
        if any(each.flag_bits & 1 for each in members):
            raise ExchangeRefused(_("This project has a password. Export it again without one."))
        self._members = {_key(each.filename): each for each in members}
        self._left = LARGEST_UNPACKED

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it, in lower case."""
        return tuple(self._members)

    def read(self, name: str) -> bytes | None:
        """One file, or None if there is none of that name.

        Raises:
            ExchangeRefused: if it is damaged, or if there is too much in the archive.
        """
        member = self._members.get(_key(name))
        if member is None:
            return None
        try:
            with self._zip.open(member) as file:
                content = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as broken:
            raise ExchangeRefused(
                _("A text in this project is damaged. Export it again.")
            ) from broken
        self._left -= len(content)
        if self._left < 0:
            raise ExchangeRefused(_("There is more in this project than we take in."))
        return content


def too_large(data: bytes) -> None:
    """Raises `ExchangeRefused` for a file that is larger than anything sensible."""
    if len(data) > LARGEST_FILE:
        raise ExchangeRefused(_("The file is larger than 30 MB. Export it without sound and film."))


def _key(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lstrip("/").lower()


def root_of(data: bytes, kinds: tuple[str, ...]) -> Element:
    """The root of an XML file of one of these kinds; all names come without their namespace.

    Raises:
        ExchangeRefused: if it is not XML, asks for things outside itself, or is another kind.
    """
    if len(data) > LARGEST_XML:
        raise ExchangeRefused(_("There is more in this project than we take in."))
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as harmful:
        raise ExchangeRefused(
            _("This file asks for things outside itself, which is not safe. Nothing was read.")
        ) from harmful
    except (ParseError, ValueError, LookupError) as broken:
        raise ExchangeRefused(
            _("The project's description is not sound XML. Export it again.")
        ) from broken
    if _deep(root) > DEEPEST:
        raise ExchangeRefused(_("Codes stand in more levels than we take in."))
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    if root.tag not in kinds:
        raise ExchangeRefused(
            _("This is no REFI-QDA file. Choose a project (.qdpx) or a codebook (.qdc).")
        )
    return root


def _deep(root: Element) -> int:
    level, deep = [root], 0
    while level and deep <= DEEPEST:
        level, deep = [child for each in level for child in each], deep + 1
    return deep


def guid_in(element: Element, name: str) -> UUID | None:
    """A GUID, in braces or not and in any case; None where there is none.

    Raises:
        ExchangeRefused: if it is no GUID.
    """
    text = element.get(name)
    if text is None:
        return None
    try:
        return UUID(text.strip().removeprefix("{").removesuffix("}"))
    except ValueError as wrong:
        raise ExchangeRefused(
            _("Something in this file has a name (GUID) that cannot be read. Export it again.")
        ) from wrong


def needed_guid(element: Element, name: str = "guid") -> UUID:
    """As `guid_in`, where there has to be one."""
    found = guid_in(element, name)
    if found is None:
        raise ExchangeRefused(_("Something in this file has no name (GUID). Export it again."))
    return found


def text_of(data: bytes) -> tuple[str, bool]:
    """A text file's text without its byte order mark, and whether it had one.

    Raises:
        ExchangeRefused: if it is not Unicode.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as wrong:
        raise ExchangeRefused(_("A text in this project is not UTF-8. Export it again.")) from wrong
    return (text.removeprefix("\ufeff"), wide or text.startswith("\ufeff"))


def misplaced(passages: int) -> ExchangeRefused:
    """What is said where passages are not where the file says they are."""
    return ExchangeRefused(
        ngettext(
            "The words of %(num)d passage are not where the file says. Nothing was brought in. "
            "Export the project again, and do not change its texts afterwards.",
            "The words of %(num)d passages are not where the file says. Nothing was brought in. "
            "Export the project again, and do not change its texts afterwards.",
            passages,
        )
    )
