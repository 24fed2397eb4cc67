"""Numbers and codes that carry their own check: UPN, NHS number, postcode, telephone. Pure.

Each reader gives the value in one form or raises Refused with a sentence that says what to do and
never repeats what was written.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from family_voice.cases.caseload_cells import Refused
from family_voice.language.texts import _

#: The letters of a UPN by their value; I, O and S are left out.
#: Source: Department for Education, Unique pupil numbers: guide for schools and local authorities.
UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]")
_NHS = re.compile(r"\d{10}")
#: Source: the form of postcodes in BS 7666 and Royal Mail's PAF: A9, A99, AA9, AA99, A9A, AA9A.
_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[ABD-HJLNP-UW-Z]{2})")
_PHONES = re.compile(r"[;,/\n]|\bor\b")
#: Ofcom's numbers for drama, which belong to nobody: examples use them.
_FICTIONAL: Final = range(7700900000, 7700901000)


def upn_letter(rest: str) -> str:
    """The check letter that a UPN begins with, from the twelve characters after it.

    Each character counts by its place (2 to 13), modulo 23; the last may be a letter (a temporary
    UPN).
    """
    values = (int(c) if c.isdecimal() else UPN_LETTERS.index(c) for c in rest)
    return UPN_LETTERS[sum(place * value for place, value in enumerate(values, 2)) % 23]


def upn(cell: str) -> str:
    """A unique pupil number whose letter fits, or nothing."""
    text = _close(cell)
    if not text:
        return ""
    if not _UPN.fullmatch(text):
        raise Refused(_("Write the UPN as a letter and 12 digits, or leave it empty."))
    if upn_letter(text[1:]) != text[0]:
        raise Refused(
            _("The UPN's first letter does not fit its digits, so there is a slip in it. Check it.")
        )
    return text


def nhs_digit(first_nine: str) -> int:
    """The check digit of an NHS number; 10 means that there is no number that begins like this.

    Source: NHS Data Dictionary, NHS NUMBER: weights 10 to 2, 11 less the remainder modulo 11.
    """
    total = sum(weight * int(c) for weight, c in zip(range(10, 1, -1), first_nine, strict=True))
    return (11 - total % 11) % 11


def nhs_number(cell: str) -> str:
    """An NHS number whose last digit fits, or nothing."""
    text = _close(cell).replace("-", "")
    if not text:
        return ""
    if not _NHS.fullmatch(text):
        raise Refused(_("Write the NHS number as 10 digits, or leave it empty."))
    if nhs_digit(text[:9]) != int(text[9]):
        raise Refused(
            _("The NHS number's last digit does not fit the others, so there is a slip. Check it.")
        )
    return text


def postcode(cell: str) -> str:
    """A postcode with one space in it, or nothing."""
    text = _close(cell)
    if not text:
        return ""
    found = _POSTCODE.fullmatch(text)
    if found is None:
        raise Refused(_("This is not a whole postcode, like BB1 7DY. Check it, or leave it empty."))
    return f"{found[1]} {found[2]}"


def outward(cell: str) -> str:
    """The first half of a postcode, which some thousand households share; or nothing."""
    return postcode(cell).partition(" ")[0]


def phones(cell: str) -> tuple[str, ...]:
    """Every telephone number of a cell in international form (E.164).

    Several may stand there, with a comma, semicolon, slash or "or" between them.
    """
    return tuple(_phone(each) for each in _PHONES.split(cell.casefold()) if each.strip())


def _phone(typed: str) -> str:
    try:
        found = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        found = None
    if found is None or not (
        found.national_number in _FICTIONAL or phonenumbers.is_valid_number(found)
    ):
        raise Refused(_("This is not a telephone number that exists. Check it for a slip."))
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def _close(cell: str) -> str:
    return "".join(cell.split()).upper()
