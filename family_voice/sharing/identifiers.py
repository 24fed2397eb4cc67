"""Numbers and addresses that lead to somebody: what they look like, and their check digits. Pure.

A number whose check digit is right is certainly one; a number of the right length beside its name
("NHS number") is taken too, because people miscopy them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

# The letters of a unique pupil number; DfE, "Unique pupil numbers (UPNs)": remainder of 23.
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Identifier:
    """Where one stands, what it is, and whether nothing else looks so."""

    start: int
    end: int
    kind: str
    sure: bool = True


def nhs_number(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last is 11 less the weighted sum's remainder.

    Source: NHS Data Dictionary, "NHS NUMBER", modulus 11.
    """
    if len(digits) != 10 or not digits.isdecimal():
        return False
    check = 11 - sum(int(each) * (10 - at) for at, each in enumerate(digits[:9])) % 11
    return check != 10 and check % 11 == int(digits[9])


def upn(number: str) -> bool:
    """Whether thirteen characters are a unique pupil number, a temporary one too.

    Source: Department for Education, "Unique pupil numbers (UPNs)", the check letter.
    """
    number = number.upper()
    if not re.fullmatch(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]", number):
        return False
    last = number[12]
    body = [int(each) for each in number[1:12]]
    body.append(int(last) if last.isdigit() else _UPN_LETTERS.index(last))
    total = sum(value * weight for weight, value in enumerate(body, start=2))
    return _UPN_LETTERS[total % 23] == number[0]


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary|uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
_DATES = re.compile(
    rf"(?<![\d/.-])(?:"
    rf"(?:the\s+)?(?P<day>{_DAY}(?:\s*of)?[\s-]*{_MONTH}(?:,?[\s-]*(?:(?:19|20)\d\d|['’]\d\d|\d\d(?!\d|\s?(?:am|pm|st|nd|rd|th|%|[a-z]))))?)"
    rf"|(?P<month>{_MONTH}\s+(?:the\s+)?{_DAY}(?!\d|\s?(?:am|pm|%)|:\d|\s(?:hours?|times|years?|of|or|children|days?|weeks?)\b)(?:,?\s+(?:19|20)\d\d)?)"
    rf"|(?P<figures>\d{{1,2}}\s?([/.-])\s?\d{{1,2}}\s?\4\s?(?:19|20)?\d\d)"
    rf"|(?P<iso>(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01]))"
    rf")(?![\d/])",
    re.I,
)
_BIRTH = re.compile(
    r"\b(?:born|birth|d\.?\s?o\.?\s?b\.?|birth\s?date|birthday|b'?day)\b[^.!?\n]{0,25}$", re.I
)
_BIRTH_AFTER = re.compile(
    r"^[\s,)]*(?:is|was)?\s*(?:\w+\s){0,2}(?:birthday|b'?day|birth|born)\b", re.I
)
_BIRTH_PART = re.compile(
    rf"\b(?:born|birth|dob|birthday)\b(?:\s+(?:is|was|in|on|back|early|late|mid|:))*[\s:]*(?P<it>{_MONTH}\s+(?:of\s+)?(?:(?:19|20)\d\d|['’]\d\d)|\d{{1,2}}[/.]\d{{1,2}}(?![\d/]|\.\d))",
    re.I,
)

_EMAIL = re.compile(
    r"(?<![\w.+'-])['.-]{0,3}[\w.+'-]{0,63}[\w+]\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.[a-z]{2,20}\b",
    re.I,
)
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s{1,3}(?:at|\(at\)|\[at\])\s+(?:gmail|hotmail|outlook|yahoo|icloud|live|aol|btinternet|sky|example|[\w-]+)"
    r"\s*(?:\s(?:dot|\(dot\))\s|\.)\s*(?:com|net|org|co|ac|gov|sch)(?:\s*(?:\s(?:dot|\(dot\))\s|\.)\s*uk)?\b",
    re.I,
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'”’)]*[^\s<>\"'”’).,;:!?]"
    r"|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|co\.uk|org\.uk|sch\.uk|gov\.uk|ac\.uk|nhs\.uk|uk|info|me|io|ly|gd|eu|app|blog)\b"
    r"(?:/[^\s<>\"'”’)]*[^\s<>\"'”’).,;:!?])?",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w.@])@\s?[a-z_][\w.]*\w", re.I)
_HASHTAG = re.compile(r"(?<!\w)#[^\W\d]\w{3,}")
_ON_A_PLATFORM = re.compile(
    r"\b(?:facebook|fb|insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|twitter|youtube|whatsapp|discord|twitch"
    r"|messenger|xbox|roblox|psn|gamertag|handle|username|user\s?name)\b"
    r"(?:\s+(?:name|user|handle|account|page|tag|id))?(?:\s+(?:is|as|at|under|called))?\s*[:=-]?\s*(?P<it>[a-z][\w.-]*\w)",
    re.I,
)
_PHONE = re.compile(
    r"(?<![\w/.+-])(?:\(?(?:\+|00)\s?44\)?[\s.-]*(?:\(0\))?[\s.-]*|\(?[0oO](?=[\s.)-]*[1-9]))"
    r"(?:[\s().-]{0,2}[\doO]){8,10}(?![\w])"
)
_FOREIGN_PHONE = re.compile(r"(?<![\w+])\+\s?[1-9](?:[\s().-]{0,2}\d){7,14}(?!\w)")
_LOCAL_PHONE = re.compile(
    r"\b(?:ring|call|phone|text|txt|mobile|mob|tel|telephone|number|num|no|fone|fax|whatsapp)\b[^.!?\n\d]{0,30}?"
    r"(?P<it>(?<!\d)\d(?:[\s-]?\d){5,10})(?![\d%])",
    re.I,
)
_POSTCODE = re.compile(
    r"(?<!\w)(?:GIR\s?0AA|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRV-Y]))"
    r"\s?\d[ABD-HJLNP-UW-Z]{2}(?!\w)",
    re.I,
)
# Half a postcode, when it is said to be where somebody is.
_AREAS: Final = (
    "AB|AL|B|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|"
    "EN|EX|FK|FY|G|GL|GU|HA|HD|HG|HP|HR|HS|HU|HX|IG|IP|IV|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|"
    "ML|N|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|"
    "SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE"
)
_HALF_POSTCODE = re.compile(
    rf"\b(?:(?:live|lives|living|moved?|moving|based|house|flat|home|area|post\s?code)\s+(?:\w+\s+)?(?:in|to|from|near|is)|post\s?code\s*(?:is|:)?|from|in|near)\s+"
    rf"(?P<it>(?:{_AREAS})\d[\dA-Z]?)(?!\w)",
    re.I,
)
_TEN = re.compile(r"(?<![\w+])\d{3}[\s.-]?\d{3}[\s.-]?\d{4}(?![\w])|(?<![\w+])\d{5}\s\d{5}(?!\w)")
_NHS_CUE = re.compile(r"\bnhs\b(?:\s*(?:no|num)\.)?[^.!?\n]{0,30}$", re.I)
_NHS_LOOSE = re.compile(
    r"\bnhs\s*(?:(?:no|num|number|nmbr)\b\.?|#)?[^.!?\n\d]{0,20}(?P<it>\d(?:[\s.-]{0,2}\d){7,10})(?!\w)",
    re.I,
)
_UPN = re.compile(r"(?<!\w)[A-Z]\s?(?:\d[\s-]?){11}[\dA-Z](?!\w)", re.I)
_UPN_CUE = re.compile(r"\bupn\b[^.!?\n]{0,20}?(?P<it>\b[A-Z]?\d[\dA-Z]{9,12})(?!\w)", re.I)
_INSURANCE = re.compile(r"(?<!\w)[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?!\w)", re.I)
_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|case|hospital|patient|pupil|student|account|claim|ehcp?|plan|policy|registration|reg|passport|id)"
    r"(?:\s+(?:no|num|number|ref|reference|id|code))?\.?\s*(?:is|was|:|=|-|#)?\s*"
    r"(?P<it>(?=[\w/-]*\d[\w/-]*\d[\w/-]*\d[\w/-]*\d)[A-Z]{0,4}[/-]?\w*\d[\w/-]*\w)(?!\w)",
    re.I,
)
_PLATE = re.compile(r"(?<!\w)[A-HJ-PR-Y][A-HJ-PR-Y]\d\d\s?[A-HJ-PR-Z]{3}(?!\w)")
_STREETS = (
    r"(?:road|rd|street|st|avenue|ave|lane|ln|close|cl|drive|dr|crescent|cres|terrace|grove|mews|walk|rise|row|parade|"
    r"way|square|gardens|gdns|court|place|view|bank|fold|croft|brow|hill|green|park|house|villas?|cottages?)"
)
_ADDRESS = re.compile(
    rf"(?<![\w/.])(?:(?:flat|apartment|apt|unit|room)\s+\d{{1,4}}[a-z]?,?\s+)?\d{{1,4}}[a-z]?,?\s+"
    rf"(?!(?:o'?clock|hours?|days?|weeks?|months?|years?|miles?|children|kids|pupils|people|minutes?|times)\b)"
    rf"(?:(?!(?:the|a|an|in|at|on|of|to|for|from|and|or|with|is|was|we|our|my|his|her|their|different|other|more)\b)[^\W\d_][\w'’-]*\s+){{1,3}}{_STREETS}\b",
    re.I,
)
_FLAT = re.compile(r"\b(?:flat|apartment)\s+\d{1,4}[a-z]?\b", re.I)

_NAMED: Final[tuple[tuple[re.Pattern[str], str, bool], ...]] = (
    (_EMAIL, "EMAIL", True),
    (_SPOKEN_EMAIL, "EMAIL", True),
    (_URL, "URL", True),
    (_HANDLE, "USER", True),
    (_NHS_LOOSE, "NHS", True),
    (_UPN_CUE, "UPN", True),
    (_INSURANCE, "ID", True),
    (_POSTCODE, "POSTCODE", True),
    (_HALF_POSTCODE, "POSTCODE", False),
    (_PHONE, "PHONE", True),
    (_FOREIGN_PHONE, "PHONE", True),
    (_REFERENCE, "ID", False),
    (_PLATE, "ID", True),
    (_LOCAL_PHONE, "PHONE", False),
    (_ADDRESS, "LOC", True),
    (_FLAT, "LOC", False),
)


def identifiers(text: str, is_word: Callable[[str], bool]) -> list[Identifier]:
    """Every number, address and date in these words that leads to somebody.

    Args:
        text: the words.
        is_word: whether a word in small letters is an ordinary one, and so no handle.
    """
    found: list[Identifier] = []

    def add(one: Identifier) -> None:
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)

    for one in _numbers_with_checks(text):
        add(one)
    for pattern, kind, sure in _NAMED:
        for match in pattern.finditer(text):
            start, end = match.span("it" if "it" in pattern.groupindex else 0)
            if not _too_short(kind, text[start:end]):
                add(Identifier(start, end, kind, sure))
    for match in _ON_A_PLATFORM.finditer(text):
        if _looks_like_a_handle(match["it"], is_word):
            add(Identifier(*match.span("it"), "USER"))
    for one in _dates(text):
        add(one)
    return sorted(found, key=lambda one: one.start)


def hashtags(text: str) -> list[tuple[int, int]]:
    """Where words with # before them stand; somebody's name may be run into one."""
    return [match.span() for match in _HASHTAG.finditer(text)]


def _numbers_with_checks(text: str) -> Iterator[Identifier]:
    for match in _UPN.finditer(text):
        number = re.sub(r"[\s-]", "", match[0])
        yield Identifier(*match.span(), "UPN", upn(number))
    for match in _TEN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        named = _NHS_CUE.search(text[: match.start()]) is not None
        if named or (nhs_number(digits) and digits[0] != "0"):
            yield Identifier(*match.span(), "NHS", nhs_number(digits))


def _too_short(kind: str, words: str) -> bool:
    if kind != "PHONE":
        return False
    digits = sum(each.isdigit() or each in "oO" for each in words)
    return digits < 6 or not any(each.isdigit() for each in words)


def _looks_like_a_handle(word: str, is_word: Callable[[str], bool]) -> bool:
    if re.search(r"[_\d]|\w\.\w", word):
        return True
    return len(word) > 4 and word.isascii() and not is_word(word.lower()) and word.islower()


def _dates(text: str) -> Iterator[Identifier]:
    for match in _BIRTH_PART.finditer(text):
        yield Identifier(*match.span("it"), "DOB")
    for match in _DATES.finditer(text):
        start, end = next(
            match.span(name) for name in ("day", "month", "figures", "iso") if match[name]
        )
        end -= len(text[start:end]) - len(text[start:end].rstrip(" ,-."))
        if match["month"] and not _a_month(text[start:end]):
            continue
        birth = _BIRTH.search(text[max(0, start - 60) : start]) or _BIRTH_AFTER.search(
            text[end : end + 30]
        )
        yield Identifier(start, end, "DOB" if birth else "DATE")


def _a_month(words: str) -> bool:
    """ "may 3" in "he may 3 times" is none: such a word needs a capital or a year."""
    first = words.split()[0].rstrip(".")
    return (
        first.lower() not in ("may", "mar", "march") or first[0].isupper() or len(words.split()) > 2
    )
