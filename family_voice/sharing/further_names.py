"""Names that a model of the council's own finds besides the rules: an extra, `spacy`.

The model is a spaCy pipeline in a folder that the council supplies; nothing is ever downloaded. It
adds replacements and takes none away, and each is marked as not sure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from family_voice.language.texts import _

#: Start, end and label of what a model found.
Finder = Callable[[str], list[tuple[int, int, str]]]
#: The labels of the models in use, English and multilingual, as our kinds.
LABELS: Final = {
    "PERSON": "PERSON", "PER": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC",
}  # fmt: skip
_chosen: list[Path] = []


class NoSuchModel(Exception):
    """The model cannot be used; the message says what to do."""


def use(folder: Path) -> None:
    """Ask this model as well from now on, in this process.

    Raises:
        NoSuchModel: if spaCy is not installed or the folder holds no pipeline.
    """
    finder(folder)
    _chosen[:] = [folder]


def chosen() -> Finder | None:
    """The model to ask besides, if one was chosen."""
    return finder(_chosen[0]) if _chosen else None


@cache
def finder(folder: Path) -> Finder:
    """What a spaCy pipeline in this folder finds.

    Raises:
        NoSuchModel: if spaCy is not installed or the folder holds no pipeline.
    """
    if not (folder / "config.cfg").is_file():
        raise NoSuchModel(
            _("There is no spaCy model in that folder. Give the folder that has its config.cfg.")
        )
    try:
        import spacy
    except ImportError:
        raise NoSuchModel(
            _("spaCy is not installed. Run `pip install family-voice[spacy]`.")
        ) from None
    try:
        pipeline = spacy.load(folder)
    except (OSError, ValueError, ImportError):
        raise NoSuchModel(
            _("The spaCy model cannot be loaded. Is it made for the spaCy that is installed?")
        ) from None

    def found(text: str) -> list[tuple[int, int, str]]:
        return [
            (each.start_char, each.end_char, LABELS[each.label_])
            for each in pipeline(text).ents
            if each.label_ in LABELS
        ]

    return found
