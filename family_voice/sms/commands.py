"""The words that do something when they are the whole text. Pure; the words themselves are data.

The carrier's own words keep the carrier's meaning: what it treats as a stop is one here too, and
YES is never taken as agreement, because to a carrier it means "send me texts again".
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import yaml
from babel import Locale

from family_voice.language import corrections
from family_voice.language.wording_files import Texts, put_into
from family_voice.language.wordings import Part

_log = logging.getLogger(__name__)
FOLDER: Final = Path(__file__).with_name("command_words")


class Command(StrEnum):
    """What a text that is only a command asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"
    AGREE = "agree"
    NO = "no"
    RIGHT = "right"
    NOT_RIGHT = "not_right"
    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    MORE = "more"
    PAUSE = "pause"
    CALL = "call"
    WEB = "web"
    LANG = "lang"
    WRONG = "wrong"
    DELETE = "delete"
    KEEP = "keep"


class BadWords(ValueError):
    """A file of command words that cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class CommandWords:
    """Every language's words: the command each stands for, the polite ones, what is only a courtesy
    where it is the whole text, and how LANG names a language."""

    commands: Mapping[str, Command]
    polite: frozenset[str]
    courtesies: frozenset[str]
    languages: Mapping[str, str]


#: Languages we may not have, so that who asks for one hears so, and "lang delay" stays an answer.
_OF_THE_WORLD: Final = {
    name.casefold(): code for code, name in Locale("en").languages.items() if name.isalpha()
}
#: A code word has two words; after more than that somebody is talking.
_AFTER_DELETE: Final = 4
#: Drawings that say thanks in any language, and the colours a hand may have.
_SIGNS: Final = frozenset("👍🙏👌🙂😊😀❤")
_SKINS: Final = frozenset("🏻🏼🏽🏾🏿")
#: No command is longer, so a long text need not be looked at whole.
_LONGEST: Final = 60


def plain(body: str) -> str:
    """A text as compared with words: folded, only letters, figures and single spaces left."""
    folded = unicodedata.normalize("NFKC", body).casefold().replace("'", "").replace("’", "")
    kept: list[str] = []
    for c in folded:
        # Vowel signs are part of a word; what follows an emoji is not.
        sign = unicodedata.category(c).startswith("M") and kept[-1:] not in ([], [" "])
        kept.append(c if sign or c.isalnum() else " ")
    return " ".join("".join(kept).split())


def load(
    folder: Path = FOLDER, instead: Mapping[str, Mapping[str, Texts]] | None = None
) -> CommandWords:
    """Read the command words of every language in a folder.

    Args:
        folder: the files.
        instead: other words under some keys of a language, to see whether they could be used.

    Raises:
        BadWords: if a file names an unknown command, or two commands or languages share a word.
    """
    commands: dict[str, Command] = {}
    languages: dict[str, str] = {}
    polite: set[str] = set()
    courtesies: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content = corrections.corrected(Part.COMMANDS, content["language"], content)
        content = put_into(content, (instead or {}).get(content["language"], {}))
        polite.update(plain(word) for word in content["polite"])
        courtesies.update(plain(word) for word in content.get("courtesies", ()))
        for name, words in content["words"].items():
            if name not in set(Command):
                raise BadWords(f"{path}: there is no command {name!r}.")
            for word in map(plain, words):
                if commands.setdefault(word, Command(name)) is not Command(name):
                    raise BadWords(f"{path}: {word!r} is {commands[word]} already. Choose another.")
        for word in map(plain, content["called"]):
            if languages.setdefault(word, content["language"]) != content["language"]:
                raise BadWords(f"{path}: {word!r} is {languages[word]} already. Choose another.")
    return CommandWords(commands, frozenset(polite), frozenset(courtesies), languages)


WORDS = load()


def _read_again() -> None:
    global WORDS
    try:
        WORDS = load()
    except BadWords:
        # Nobody's texts stop being understood because two corrections do not fit together.
        _log.error("Corrections of commands are left out: two are spelt alike.")


corrections.when_changed(_read_again)


def read(body: str, words: CommandWords | None = None) -> Command | None:
    """The command a text is, if the whole of it is one.

    Case, outer punctuation, odd spaces and a "please" do not count. LANG may be followed by the
    name of a language. `words` are those of every language, where not our own files'.
    """
    words = words or WORDS
    command = words.commands.get(" ".join(_kept(body, words)))
    if command is None and language_wanted(body, words) is not None:
        return Command.LANG
    return command


def language_wanted(body: str, words: CommandWords | None = None) -> str | None:
    """The language that follows LANG, ours or any other of the world; None for other words."""
    words = words or WORDS
    first, *rest = _kept(body, words) or [""]
    if words.commands.get(first) is not Command.LANG:
        return None
    name = " ".join(rest)
    return words.languages.get(name) or _OF_THE_WORLD.get(name)


def after_delete(body: str, words: CommandWords | None = None) -> str | None:
    """What follows DELETE, such as a code word; empty for DELETE alone, None for anything else."""
    words = words or WORDS
    first, *rest = _kept(body, words) or [""]
    if words.commands.get(first) is not Command.DELETE or len(rest) > _AFTER_DELETE:
        return None
    return " ".join(rest)


def is_courtesy(body: str, words: CommandWords | None = None) -> bool:
    """Whether a text is only thanks, or a thumbs up, and no word besides."""
    words = words or WORDS
    drawn = [c for c in body if unicodedata.category(c).startswith("S") and c not in _SKINS]
    left = plain(body).split()
    if len(body) > _LONGEST or not set(drawn) <= _SIGNS or not (drawn or left):
        return False
    while left:
        # The longest first: "thank you very much" is one of them, "very much" is none.
        most = next(
            (n for n in range(len(left), 0, -1) if " ".join(left[:n]) in words.courtesies), 0
        )
        if most == 0:
            return False
        left = left[most:]
    return True


def _kept(body: str, words: CommandWords) -> list[str]:
    if len(body) > _LONGEST:
        return []
    return [word for word in plain(body).split() if word not in words.polite]
