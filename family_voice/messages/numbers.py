"""Which telephone numbers can get a text, by their shape. Pure.

Numbering plans and types come from Google's libphonenumber; what a number is today only its
provider knows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType


class Odd(StrEnum):
    """Why something is no number that can get a text."""

    NO_NUMBER = "no_number"
    NOT_THERE = "not_there"
    LANDLINE = "landline"


class OddNumber(ValueError):
    """Something that was typed is no number that can get a text; `why` says what is wrong."""

    def __init__(self, why: Odd) -> None:
        super().__init__(why.value)
        self.why = why


#: Answers to any number in the world can be made to cost a fortune.
HOME: Final = "+44"
#: Ofcom sets 07700 900000 to 900999 aside for drama; examples and the demo use them.
_EXAMPLES: Final = range(7700900000, 7700901000)
_MOBILE: Final = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
#: What surely gets no texts. A personal number (070) or one of no known type may.
_NEVER: Final = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


def mobile(typed: str) -> str:
    """A mobile number in international form (E.164).

    Args:
        typed: as somebody wrote it; without a country it is British.

    Raises:
        OddNumber: if no text could reach it.
    """
    found = _read(typed)
    if found is None:
        raise OddNumber(Odd.NO_NUMBER)
    if not (found.country_code == 44 and found.national_number in _EXAMPLES):
        if not phonenumbers.is_valid_number(found):
            raise OddNumber(Odd.NOT_THERE)
        if phonenumbers.number_type(found) not in _MOBILE:
            raise OddNumber(Odd.LANDLINE)
    return str(phonenumbers.format_number(found, PhoneNumberFormat.E164))


def never_gets_texts(phone: str) -> bool:
    """Whether a number, in E.164 form, is of a kind that no text ever reaches."""
    found = _read(phone)
    return found is not None and phonenumbers.number_type(found) in _NEVER


def national(phone: str) -> str:
    """A telephone number as people in this country dial it."""
    found = _read(phone)
    if found is None:
        return phone
    return str(phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL))


def _read(typed: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
