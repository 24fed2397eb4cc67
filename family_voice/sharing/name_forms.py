"""The forms in which people write a name that is known: nicknames, slips, parts, initials. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from family_voice.cases.spelling import forms_of_one_name, letters, skeleton
from family_voice.sharing.vocabulary import everyday, nicknames, ordinary
from family_voice.sharing.words_in import listed

#: Parts of names that name nobody by themselves.
_PARTICLES: Final = listed(
    """al el bin bint ibn abu de da do dos del della di du la le van von der den ap ab ferch mac mc
    st saint the of and y e ter"""
)
_SPLIT: Final = re.compile(r"[\s\-‐‑–,/]+")
_PET_ENDINGS: Final = (
    "y",
    "ie",
    "i",
    "ey",
    "o",
    "a",
    "s",
    "z",
    "za",
    "zza",
    "zzy",
    "sy",
    "sie",
    "bo",
    "boy",
    "ster",
    "ly",
    "kins",
    "bear",
    "bug",
    "dog",
    "k",
    "x",
    "ee",
)
EXACT, FORM, SLIP = 3, 2, 1


@dataclass(frozen=True)
class Person:
    """Somebody known: who they are to the case, and the parts of their name, by `letters`."""

    group: str
    placeholder: str
    first: tuple[str, ...]  # given names, hyphen parts apart
    last: tuple[str, ...]
    whole: tuple[str, ...]  # hyphenated names written as one: "marylou"
    particles: frozenset[str] = frozenset()  # "al", "o", "van"

    @property
    def initials(self) -> str:
        """The first letters of the first and last names."""
        return (self.first[0][0] if self.first else "") + (self.last[0][0] if self.last else "")

    @property
    def all_initials(self) -> frozenset[str]:
        """Two letters and more that may stand for them: "jo", "ar" for Ayo-Rhys, "arc"."""
        first = "".join(each[0] for each in self.first)
        last = "".join(each[0] for each in self.last)
        both = {self.initials, first, first + last, first + last[-1:]}
        return frozenset(each for each in both if len(each) > 1)

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part that names them by itself."""
        return (*self.first, *self.last)


def person(name: str, group: str, placeholder: str) -> Person | None:
    """Somebody by their full name as it is kept; nothing if there is no name in it."""
    words = [each for each in re.split(r"[\s,/]+", re.sub(r"[()\"“”]", " ", name)) if each]
    while words and letters(words[0]).rstrip(".") in everyday().titles:
        words = words[1:]
    words = [each for each in words if letters(each)]
    if not words:
        return None
    titled = letters(name).split()[0] in everyday().titles
    given, family = words[:-1], words[-1:]
    if len(words) == 1:
        given, family = ([], words) if titled else (words, [])
    while len(given) > 1 and letters(given[-1]) in _PARTICLES:
        family.insert(0, given.pop())

    def parts(of: list[str]) -> tuple[str, ...]:
        split = (letters(piece) for each in of for piece in _SPLIT.split(each))
        return tuple(each for each in split if len(each) > 1 and each not in _PARTICLES)

    whole = (letters(each).replace(" ", "") for each in words if _SPLIT.search(each))
    return Person(
        group,
        placeholder,
        parts(given),
        parts(family),
        (*whole, "".join(letters(each).replace(" ", "") for each in words)),
        frozenset(
            piece
            for each in words
            for piece in letters(each).split()
            if piece in _PARTICLES or len(piece) == 1 or each in family[:-1]
        ),
    )


@lru_cache(maxsize=1 << 15)
def form(word: str, part: str, *, given: bool) -> int:
    """How surely a word is a form of one part of a name, both by `letters`.

    Args:
        word: what was written.
        part: the part of the name.
        given: whether it is a first name; only those have nicknames.

    Returns:
        EXACT, FORM (a nickname, another transliteration), SLIP (a misspelling), or 0.
    """
    if word == part:
        return EXACT
    if len(word) < 2:
        return 0
    if given and (_nickname(word, part) or _short_for(word, part)):
        return FORM
    if ordinary(word):
        return 0
    if not given and len(part) > 7 and len(word) > 3 and part.startswith(word):
        return FORM
    if len(part) > 3 and len(word) > 3 and forms_of_one_name(word, part) and _near(word, part, 3):
        return FORM
    return SLIP if _slip(word, part) else 0


def written_out(word: str, part: str) -> bool:
    """Whether a script that leaves short vowels out, as Urdu's, may write a name so.

    It writes "sh", and a vowel at the end of a name only where one is heard: its word for a teacher
    ("astani") has the consonants of Ashton and is not his name.
    """
    if "sh" in part and not ("sh" in word or "ch" in word):
        return False
    return word[-1] not in _AT_AN_END or part[-1] in _AT_AN_END


#: What a vowel at the end of a name is written with, in Roman letters.
_AT_AN_END: Final = "aeiouyhw"


def joined_with(word: str, part: str) -> bool:
    """Whether a name stands at the beginning of words run together: "jaydensmum"."""
    rest = word.removeprefix(part)
    return len(part) > 3 and rest != word and _WITH_A_NAME.fullmatch(rest) is not None


_WITH_A_NAME: Final = re.compile(
    r"s?(?:mum|mummy|mam|mom|dad|daddy|nan|nana|gran|mama|world|law|story|journey|family|sister"
    r"|brother)\w*"
)


def _near(word: str, part: str, most: int) -> bool:
    return DamerauLevenshtein.distance(word, part, score_cutoff=most) <= most


def _slip(word: str, part: str) -> bool:
    """One wrong, missing, doubled or swapped letter in a name of four; two in a longer one."""
    if len(part) < 4 or len(word) < 3:
        return False
    far = 1 if len(part) < 6 else 2 if len(part) < 10 else 3
    if not _near(word, part, far):
        return False
    distance = DamerauLevenshtein.distance(word, part)
    if distance == 1:
        # Another first letter makes another name: "Kaden", "Jaden".
        return (
            word[0] == part[0]
            or len(part) > 5
            or word[1:] == part
            or skeleton(word) == skeleton(part)
        )
    return word[0] == part[0] and (
        skeleton(word)[:2] == skeleton(part)[:2] or distance * 4 <= len(part)
    )


def _nickname(word: str, part: str) -> bool:
    known = nicknames()
    if word in known.get(part, ()) or part in known.get(word, ()):
        return True
    return forms_of_one_name(word, part) and skeleton(word) != skeleton(part)


def _short_for(word: str, part: str) -> bool:
    """A first or last piece of the name, perhaps with a pet ending: "Seun", "Ezzy", "Shaz"."""
    if len(part) < 4 or word == part:
        return False
    if len(word) > 2 and (part.startswith(word) or (len(word) > 3 and part.endswith(word))):
        return True
    if len(word) > 3 and len(part) > 6 and word in part:
        return True
    for ending in _PET_ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        for cut in {stem, stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem}:
            if len(cut) > 2 and part.startswith(cut) and len(cut) < len(part):
                return True
        if (
            len(stem) == 2
            and ending in ("z", "za", "zza", "zzy", "ggy", "jay")
            and part.startswith(stem)
        ):
            return True
    return word.endswith("jay") and word[0] == part[0] and len(word) == 4
