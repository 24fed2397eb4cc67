"""How alike two names, dates, schools, postcodes and numbers are, one comparator a kind.

Each comparator gives a Level, or None where either side says nothing. String distances are
RapidFuzz's: Jaro-Winkler for names (Winkler 1990), Damerau-Levenshtein for slips of the keyboard.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler


class Level(StrEnum):
    """How far two values agree."""

    SAME = "same"
    OTHER_FORM = "other_form"  # a nickname, or the same name in another spelling
    SIMILAR = "similar"  # a slip
    PART = "part"  # one half of a double name; the neighbourhood of a postcode
    SWAPPED = "swapped"  # day and month, or first and last name
    MONTH = "month"  # the month of birth agrees, the day does not or is not known
    DIFFERENT = "different"


_NICKNAMES = [
    set(line.split())
    for line in """
abdul abdullah abdallah
abigail abi abby
alexander alex sandy xander sasha alexandra
amelia millie amy
andrew andy drew
anthony tony antony
benjamin ben benji
catherine katherine kathryn kate katie kathy cath cathy kat
charles charlie chas charlotte lottie
christopher chris kit christina chrissie tina
daniel dan danny danielle dani
david dave davey dai
deborah deb debbie
edward ed eddie ted teddy ned
eleanor ellie nell nellie
elizabeth liz lizzie beth betty eliza libby bess elsie elisabeth
emily em emmie
frances fran francesca frankie
francis frank
frederick fred freddie
gabriel gabe gabriella gabby
george georgie georgia
harrison harry harold henry hal
isabella bella izzy isabel isobel
jacob jake
james jim jimmy jamie
jennifer jen jenny
jessica jess jessie
john jack johnny jon jonathan
joseph joe joey yusuf yousef
joshua josh
katarzyna kasia
lucy lucia luce
malgorzata gosia
margaret maggie meg peggy
matthew matt mateusz
maximilian max
michael mike mick mikey michal
mohammed muhammad mohamed mohammad muhammed mohamad mo md
nathaniel nathan nate
nicholas nick nicky nicola
oliver ollie olivia liv
patrick pat paddy patricia trish
peter pete
philip phil phillip pip
rebecca becky becca bex
richard rick ricky dick
robert rob bob bobby robbie bert
samuel sam sammy samantha
stephen steve steven stevie
theodore theo
thomas tom tommy
timothy tim
victoria vicky tori
william will bill billy liam
yusra yousra
zachary zach zak zac
""".strip().splitlines()
]
_FORMS: dict[str, set[int]] = {}
for _number, _names in enumerate(_NICKNAMES):
    for _name in _names:
        _FORMS.setdefault(_name, set()).add(_number)
_SHARED_BY_SCHOOLS = """
the school primary infant infants junior juniors academy high secondary college community nursery
special ce rc cofe catholic church of england c e trust sch pri acad
"""
_SCHOOL_WORDS = frozenset(_SHARED_BY_SCHOOLS.split())


def letters(text: str) -> str:
    """Letters and digits only, without case and accents: "Zoë O'Neil" is "zoe oneil"."""
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L")).casefold()
    kept = "".join(
        letter if letter.isalnum() else " " if letter in "-‐‑– /,;" or letter.isspace() else ""
        for letter in plain
    )
    return " ".join(kept.split())


def skeleton(name: str) -> str:
    """What stays of a name across transliterations: its first letter and its consonants."""
    text = letters(name).replace(" ", "")
    for old, new in (
        ("ph", "f"),
        ("kh", "k"),
        ("gh", "g"),
        ("dh", "d"),
        ("th", "t"),
        ("sch", "s"),
        ("sh", "s"),
        ("cz", "c"),
        ("sz", "s"),
        ("ck", "k"),
        ("q", "k"),
        ("w", "v"),
        ("z", "s"),
        ("x", "ks"),
        ("y", "i"),
    ):
        text = text.replace(old, new)
    rest = re.sub(r"[aeiouh]", "", text[1:])
    return re.sub(r"(.)\1+", r"\1", text[:1].replace("c", "k") + rest)


def names(one: str, other: str) -> Level | None:
    """Compare names that `letters` has been applied to."""
    if not one or not other:
        return None
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return Level.SAME
    if _FORMS.get(one, set()) & _FORMS.get(other, set()):
        return Level.OTHER_FORM
    bones = skeleton(one)
    if len(bones) > 2 and bones == skeleton(other):
        return Level.OTHER_FORM
    slip = min(len(one), len(other)) > 3 and DamerauLevenshtein.distance(one, other) == 1
    if slip or JaroWinkler.similarity(one, other) >= 0.92:
        return Level.SIMILAR
    mine, theirs = one.split(), other.split()
    if len(mine) + len(theirs) > 2:
        pairs = ((a, b) for a in mine for b in theirs if len(a) > 2 and len(b) > 2)
        if any(names(a, b) in {Level.SAME, Level.OTHER_FORM} for a, b in pairs):
            return Level.PART
    return Level.DIFFERENT


def dates(one: date | None, other: date | None) -> Level | None:
    """Compare two whole dates of birth."""
    if one is None or other is None:
        return None
    if one == other:
        return Level.SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Level.SWAPPED
    if DamerauLevenshtein.distance(one.isoformat(), other.isoformat()) == 1:
        return Level.SIMILAR
    return months((one.year, one.month), (other.year, other.month))


def months(one: tuple[int, int] | None, other: tuple[int, int] | None) -> Level | None:
    """Compare years and months of birth, where that is all somebody said."""
    if one is None or other is None:
        return None
    return Level.MONTH if one == other else Level.DIFFERENT


def school_name(text: str) -> str:
    """A school's name without the words that schools share; "St" is spelled out."""
    words = ["saint" if word == "st" else word for word in letters(text).split()]
    return " ".join(word for word in words if word not in _SCHOOL_WORDS) or " ".join(words)


def schools(one: str, other: str) -> Level | None:
    """Compare names that `school_name` has been applied to."""
    if not one or not other:
        return None
    if one == other:
        return Level.SAME
    close = fuzz.token_sort_ratio(one, other) >= 84
    return (
        Level.SIMILAR
        if close or set(one.split()) < set(other.split()) or (set(other.split()) < set(one.split()))
        else Level.DIFFERENT
    )


def postcode(text: str) -> str:
    """A postcode in capitals without its space."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def postcodes(one: str, other: str) -> Level | None:
    """Compare postcodes that `postcode` has been applied to; PART is the same sector."""
    if not one or not other:
        return None
    if one == other:
        return Level.SAME
    if len(one) > 3 and one[:-2] == other[:-2]:
        return Level.PART
    return Level.SIMILAR if DamerauLevenshtein.distance(one, other) == 1 else Level.DIFFERENT


def addresses(one: str, other: str) -> Level | None:
    """Compare addresses that `letters` has been applied to."""
    if not one or not other:
        return None
    alike = fuzz.token_sort_ratio(one, other)
    return Level.SAME if alike >= 96 else Level.SIMILAR if alike >= 82 else Level.DIFFERENT


def phone(text: str) -> str:
    """The last ten digits, which do not depend on how the country was written."""
    digits = re.sub(r"\D", "", text)
    return digits[-10:] if len(digits) >= 9 else ""


def exact(one: frozenset[str], other: frozenset[str]) -> Level | None:
    """Whether two sets of numbers or addresses share one."""
    if not one or not other:
        return None
    return Level.SAME if one & other else Level.DIFFERENT


def references(one: str, other: str) -> Level | None:
    """Compare case references that `letters` has been applied to."""
    if not one or not other:
        return None
    if one == other:
        return Level.SAME
    slip = len(one) > 4 and DamerauLevenshtein.distance(one, other) == 1
    return Level.SIMILAR if slip else Level.DIFFERENT
