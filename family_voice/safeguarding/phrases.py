"""Finding the phrases that ask for a person to look. It reads the lists; otherwise pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from family_voice.interviews.sentences import sentences

_GAP = r"(?:\S+ ){0,3}"
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Phrase:
    """One kind of thing to look for: why, what finds it, and what in the same breath does not."""

    id: str
    reason: str
    any: re.Pattern[str]
    unless: re.Pattern[str]
    finds: tuple[str, ...]
    leaves: tuple[str, ...]

    def is_in(self, sentence: str) -> bool:
        """Whether a sentence holds it, once what is not meant so is taken out."""
        return self.any.search(self.unless.sub("… ", _plain(sentence))) is not None


@dataclass(frozen=True)
class Found:
    """A sentence to look at, and the ids of the phrases that found it."""

    sentence: str
    phrases: tuple[str, ...]


def find(text: str, language: str) -> list[Found]:
    """The sentences of a text that hold a phrase of its language's list, or of the English one.

    Args:
        text: what somebody said.
        language: the conversation's; people mix languages, so English is looked for as well.
    """
    whole = _plain(text)
    # Most answers hold none of them: one look at the whole spares looking at every sentence.
    wanted = [phrase for phrase in lists(language) if phrase.any.search(whole)]
    found: list[Found] = []
    if not wanted:
        return found
    for start, end in sentences(text, language):
        sentence = text[start:end]
        ids = tuple(phrase.id for phrase in wanted if phrase.is_in(sentence))
        if ids:
            found.append(Found(sentence, ids))
    return found


def reason(phrase_id: str) -> str:
    """Why a phrase is on a list; its id if it is on none any more."""
    known = (phrase for each in _available() for phrase in lists(each) if phrase.id == phrase_id)
    return next((phrase.reason for phrase in known), phrase_id)


def lists(language: str) -> tuple[Phrase, ...]:
    """The phrases looked for in a conversation in this language."""
    tongues = dict.fromkeys((language.split("-")[0], "en"))
    return tuple(phrase for tongue in tongues for phrase in _of(tongue))


def _available() -> Iterator[str]:
    for each in files("family_voice.safeguarding.phrase_lists").iterdir():
        if each.name.endswith(".yaml"):
            yield each.name.removesuffix(".yaml")


@cache
def _of(language: str) -> tuple[Phrase, ...]:
    if language not in set(_available()):
        return ()
    source = files("family_voice.safeguarding.phrase_lists") / f"{language}.yaml"
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    return tuple(
        Phrase(
            id=item["id"],
            reason=item["reason"],
            any=_pattern(item["any"]),
            unless=_pattern(item.get("unless", ())),
            finds=tuple(item["finds"]),
            leaves=tuple(item["leaves"]),
        )
        for item in content["phrases"]
    )


def _pattern(written: Iterable[str]) -> re.Pattern[str]:
    """One pattern for several; for none, one that is nowhere."""
    each = ("".join(map(_word, one.split())) for one in written)
    return re.compile(rf"(?<!\S)(?:{'|'.join(each) or '(?!)'})")


def _word(written: str) -> str:
    if written == "..":
        return _GAP
    return f"(?:{'|'.join(map(_one, written.split('|')))}) "


def _one(word: str) -> str:
    plain = re.escape(_plain(word.removesuffix("*")).strip())
    return plain + (r"\S*" if word.endswith("*") else "")


def _plain(text: str) -> str:
    """Words in small letters, each with a blank after it; `don't` and `dont` are one word."""
    together = text.casefold().replace("'", "").replace("’", "").replace("ʼ", "")
    return _NOT_A_WORD.sub(" ", together).strip() + " "
