"""Which words are ordinary English, and which are names, by lists that packages carry. Pure.

Nothing is copied into this program: words and their kinds are read from LemmInflect (MIT; the NIH's
SPECIALIST lexicon, so "paediatrician" is one) and TextBlob (MIT; Brill's lexicon), names of people
from Faker (MIT; some seventy countries) and zxcvbn (MIT; the United States census). They are read
when first needed, from the packages' own files where that spares importing the package.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import yaml
from babel import Locale

from family_voice.cases.spelling import letters

_EVERYDAY: Final = "everyday.yaml"
#: Only these words are thought of when a strange word may be a slip: the commonest in speech.
COMMON: Final = 6000
#: Times that a word stands in the books that TextBlob counted, to be called common.
OFTEN: Final = 25
_PROPER: Final = frozenset(("NNP", "NNPS", "FW"))


@dataclass(frozen=True)
class Everyday:
    """This program's own lists, from everyday.yaml."""

    short_forms: frozenset[str]
    text_speak: frozenset[str]
    things: frozenset[str]
    phrases: frozenset[tuple[str, ...]]
    capitals: frozenset[str]
    places_of_a_kind: dict[str, str]
    place_endings: tuple[str, ...]
    word_towns: frozenset[str]
    roles: frozenset[str]
    calling: frozenset[str]
    platforms: frozenset[str]
    titles: frozenset[str]
    towns: frozenset[tuple[str, ...]]
    names_that_are_words: frozenset[str]
    kin_titles: frozenset[str]


@cache
def everyday() -> Everyday:
    """The lists of everyday.yaml."""
    text = resources.files("family_voice.sharing").joinpath(_EVERYDAY).read_text("utf-8")
    lists = yaml.safe_load(text)
    every = {key: value.split() for key, value in lists.items() if isinstance(value, str)}
    phrases = {
        tuple(each.replace("'", "").split("_"))
        for key in ("things", "short_forms", "calling")
        for each in every[key]
        if "_" in each
    }
    kinds = {
        word.replace("_", " "): placeholder
        for placeholder, words in reversed(lists["places_of_a_kind"].items())
        for word in words.split()
    }

    def of(key: str) -> frozenset[str]:
        return frozenset(every[key])

    return Everyday(
        short_forms=of("short_forms"),
        text_speak=of("text_speak"),
        things=of("things"),
        phrases=frozenset(phrases),
        capitals=of("capitals"),
        places_of_a_kind=kinds,
        place_endings=tuple(every["place_endings"]),
        word_towns=of("word_towns"),
        roles=of("roles"),
        calling=of("calling"),
        platforms=of("platforms"),
        titles=of("titles"),
        towns=frozenset(tuple(re.split("[_-]", each)) for each in every["towns"]),
        kin_titles=of("kin_titles"),
        names_that_are_words=of("names_that_are_words"),
    )


def is_nobodys(word: str) -> bool:
    """Whether a word in small letters is on one of this program's lists of what names nobody."""
    lists = everyday()
    return any(
        word in each for each in (lists.text_speak, lists.short_forms, lists.things, lists.capitals)
    )


def ordinary(word: str) -> bool:
    """Whether a word in small letters is an ordinary one, or a common slip or short form of one."""
    return word in _kinds() or is_nobodys(word) or (_kin(word) and not first_name(letters(word)))


def kinds(word: str) -> frozenset[str]:
    """What kinds of word it may be: noun, verb, adj, adv, aux, and "finite" for "goes", "went"."""
    return _kinds().get(word, frozenset())


def first_name(word: str) -> bool:
    """Whether people somewhere are called so, by `letters`."""
    return word in _names()[0]


def last_name(word: str) -> bool:
    """Whether families somewhere are called so, by `letters`."""
    return word in _names()[1]


@cache
def common() -> tuple[str, ...]:
    """The commonest ordinary words, of four letters and more."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = [
        # zxcvbn keeps a word in one list only, and people take common words for passwords.
        *FREQUENCY_LISTS["passwords"][: 2 * COMMON],
        *FREQUENCY_LISTS["us_tv_and_film"][:COMMON],
        *FREQUENCY_LISTS["english_wikipedia"][:COMMON],
    ]
    return tuple(
        dict.fromkeys(
            word for word in listed if len(word) > 3 and word.isalpha() and word in _kinds()
        )
    )


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = (FREQUENCY_LISTS[each][:COMMON] for each in ("us_tv_and_film", "english_wikipedia"))
    # zxcvbn lists "grace" and "hall" among names only; TextBlob has counts, of old books.
    pairs = (line.split() for line in _lines("textblob", "en/en-spelling.txt"))
    counted = (
        pair[0] for pair in pairs if len(pair) == 2 and pair[1].isdigit() and int(pair[1]) >= OFTEN
    )
    return frozenset(word for each in (*listed, counted) for word in each if word in _kinds())


def is_common(word: str) -> bool:
    """Whether it is among the commonest ordinary words."""
    return word in _common()


def _kin(word: str) -> bool:
    """Whether taking off a usual ending or beginning leaves an ordinary word: "unhelped"."""
    known = _kinds()
    for ending in ("s", "ed", "ing", "ly", "er", "ers", "ness", "less", "ful", "ish", "able"):
        if word.endswith(ending) and len(stem := word.removesuffix(ending)) > 3:
            if stem in known and (ending not in ("er", "ers") or len(stem) > 4):
                return True
            if stem + "e" in known and ending in ("ed", "ing", "able"):
                return True
    return any(
        word.startswith(begin) and len(rest := word.removeprefix(begin)) > 3 and rest in known
        for begin in (
            "un",
            "non",
            "re",
            "pre",
            "over",
            "under",
            "mis",
            "dis",
            "anti",
            "inter",
            "multi",
        )
    )


@cache
def _kinds() -> dict[str, frozenset[str]]:
    words: dict[str, frozenset[str]] = {}
    nothing: frozenset[str] = frozenset()
    for line in _lines("lemminflect", "resources/lemma_lu.csv.gz"):
        word, kind, _ = line.split(",", 2)
        if word.islower():
            words[word] = _with(words.get(word, nothing), kind)
            if kind == "verb" and word.endswith(("s", "ed")):
                words[word] = _with(words[word], "finite")
    for line in _lines("textblob", "en/en-lexicon.txt"):
        word, _, tag = line.partition(" ")
        tag = tag.split("|")[0].split(" ")[0]
        if word.islower() and word.isascii() and tag not in _PROPER and word[0].isalpha():
            kind = _KIND_OF.get(tag, "other")
            words[word] = _with(words.get(word, nothing), kind)
            if tag in ("VBZ", "VBD", "MD"):
                words[word] = _with(words[word], "finite")
    return words


@cache
def _with(kinds: frozenset[str], kind: str) -> frozenset[str]:
    """The same few sets for all words: a hundred thousand of them take a second to make."""
    return kinds | {kind}


_KIND_OF: Final = {
    "NN": "noun", "NNS": "noun", "JJ": "adj", "JJR": "adj", "JJS": "adj", "RB": "adv", "RBR": "adv",
    "VB": "verb", "VBP": "verb", "VBZ": "verb", "VBD": "verb", "VBN": "verb", "VBG": "verb",
    "MD": "aux",
}  # fmt: skip


def _lines(package: str, file: str) -> list[str]:
    """The lines of a file that an installed package carries; the package is not imported."""
    found = importlib.util.find_spec(package)
    assert found is not None, f"{package} is not installed"
    assert found.origin is not None
    content = (Path(found.origin).parent / file).read_bytes()
    if file.endswith(".gz"):
        content = gzip.decompress(content)
    return [line for line in content.decode("utf-8").splitlines() if line and line[0] != ";"]


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """The short forms of each name, both by `letters`; from the package nicknames (Apache-2.0)."""
    from nicknames import NickNamer

    return {name: frozenset(short) for name, short in NickNamer().nickname_lookup.items()}


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    from faker.providers import person
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    first = {each for pair in nicknames().items() for each in (pair[0], *pair[1])}
    first |= set(FREQUENCY_LISTS["female_names"]) | set(FREQUENCY_LISTS["male_names"])
    last = set(FREQUENCY_LISTS["surnames"])
    for place in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{place.name}").Provider
        for attribute in dir(provider):
            of = first if attribute.startswith("first_name") else last
            if attribute.startswith(("first_name", "last_name")):
                listed = getattr(provider, attribute)
                if isinstance(listed, list | tuple | dict):
                    of.update(letters(each) for each in listed if isinstance(each, str))
    return (
        frozenset(each for each in first if len(each) > 1 and " " not in each),
        frozenset(each for each in last if len(each) > 1 and " " not in each),
    )


@cache
def language_names() -> frozenset[str]:
    """The languages that people speak, by Babel (BSD; the CLDR's list), in small letters."""
    names = (each.lower() for each in Locale("en").languages.values())
    return frozenset(each for each in names if each.isalpha() and len(each) > 4)


@cache
def _british() -> frozenset[str]:
    from faker.providers.person import en_GB, en_IE

    found: set[str] = set()
    for provider in (en_GB.Provider, en_IE.Provider):
        for attribute in dir(provider):
            if attribute.startswith("first_name"):
                listed = getattr(provider, attribute)
                if isinstance(listed, list | tuple | dict):
                    found.update(letters(each) for each in listed if isinstance(each, str))
    return frozenset(found)


def british_first_name(word: str) -> bool:
    """Whether it is among the usual first names of Britain and Ireland, by `letters`."""
    return word in _british() or word in everyday().names_that_are_words
