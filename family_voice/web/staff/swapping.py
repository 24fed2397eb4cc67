"""Names in words that are to leave: shown in their place, and what a person decides about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import request

from family_voice.language.texts import _, lazy
from family_voice.sharing import replacements
from family_voice.sharing.deidentifying import Span
from family_voice.sharing.recognising import NotAnswered, Question, WouldBeKnown
from family_voice.sharing.replacements import Cleared
from family_voice.web.access import actor
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Line, Option
from family_voice.web.shared.forms import Form

#: A button's name, and what it may say: `take`, or what to do and the words after a colon.
DO: Final = "do"
_WHOSE = (
    Option("child", lazy("The child")),
    Option("carers", lazy("Their family")),
    Option("school", lazy("Their school or nursery")),
    Option("professionals", lazy("Somebody who works with them")),
    Option("others", lazy("Somebody or something else that they know")),
)
_KNOWN = (Option("no", lazy("No")), Option("yes", lazy("Yes, or I am not sure")))


class NameForm(Form):
    """Something that the rules did not find."""

    name = Line(lazy("Is there something else that nobody should read?"))
    whose = Choice(lazy("Whose name is it?"), _WHOSE)


class KnownForm(Form):
    """Whether anybody would know who said it: a field for each of `recognising.Question`."""

    school = Choice(lazy("Would the school or nursery know who said this?"), _KNOWN)
    workers = Choice(lazy("Would anybody who works with them know?"), _KNOWN)
    families = Choice(lazy("Would another family know, or somebody in the forum?"), _KNOWN)
    rare = Choice(
        lazy("Is there anything in it that few families have?"),
        _KNOWN,
        description=lazy(
            "A rare condition, a place, a day, a number of children, a piece of news."
        ),
    )
    manner = Choice(
        lazy("Is it put in a way that gives them away?"),
        _KNOWN,
        description=lazy("A saying of theirs, a word of their own language, how they write."),
    )

    @property
    def questions(self) -> list[Choice]:
        """The fields, in order."""
        return [self[each.value] for each in Question]

    @property
    def answers(self) -> dict[Question, bool]:
        """What was answered so far: whether somebody would know."""
        return {each: self[each.value].data == "yes" for each in Question if self[each.value].data}

    def refuse(self, why: NotAnswered | WouldBeKnown) -> None:
        """Say at each question why the words do not leave so."""
        for each in why.questions:
            field = self[each.value]
            field.errors = [
                _("Say no or yes: %(question)s", question=field.label.text)
                if isinstance(why, NotAnswered)
                else _("Then it cannot leave like this. Put it another way, or leave it.")
            ]


@dataclass(frozen=True)
class Swap:
    """The same words, however often they are replaced in a text."""

    words: str
    instead: str
    times: int
    known: bool
    sure: bool


Pieces = tuple[tuple[str, Span | None], ...]


def in_place(text: str, spans: Iterable[Span]) -> Pieces:
    """A text in pieces: what stays, and what is replaced with what."""
    pieces: list[tuple[str, Span | None]] = []
    at = 0
    for span in spans:
        pieces += [(text[at : span.start], None), (text[span.start : span.end], span)]
        at = span.end
    return tuple(piece for piece in [*pieces, (text[at:], None)] if piece[0])


def swaps(texts: Iterable[tuple[str, Sequence[Span]]]) -> list[Swap]:
    """What is replaced in some texts, each once: what a person should look at first, then by words.

    Words that differ in capitals alone are decided about together, and so are one.
    """
    found: dict[str, Swap] = {}
    for text, spans in texts:
        for span in spans:
            words = text[span.start : span.end]
            was = found.get(words.casefold())
            found[words.casefold()] = Swap(
                words=was.words if was else words,
                instead=was.instead if was else span.placeholder,
                times=was.times + 1 if was else 1,
                known=span.known or (was is not None and was.known),
                sure=span.sure and (was is None or was.sure),
            )
    return sorted(found.values(), key=lambda each: (each.sure, each.words.casefold()))


def shown(words: str, cleared: Cleared) -> Mapping[str, object]:
    """What the template `staff/swaps.html` needs for one wording."""
    return {
        "pieces": in_place(words, cleared.spans),
        "swaps": swaps([(words, cleared.spans)]),
        "text": cleared.text,
    }


def deciding() -> bool:
    """Whether a button of `staff/swaps.html` was pressed."""
    return request.form.get(DO, "").partition(":")[0] in ("take", "leave", "rules")


def decided(interview_id: UUID, form: NameForm | None = None) -> bool:
    """Do what a button of `staff/swaps.html` says, and tell whether one was pressed.

    A name that cannot be kept is said at its field.
    """
    what, _colon, words = request.form.get(DO, "").partition(":")
    try:
        if what == "leave":
            replacements.leave(db(), interview_id, words, actor(), now())
        elif what == "rules":
            replacements.take_back(db(), interview_id, words, actor(), now())
        elif what == "take" and form is not None:
            replacements.take(
                db(), interview_id, str(form.name.data or ""), form.whose.data or "", actor(), now()
            )
            form.name.data, form.whose.data = "", None
        else:
            return False
    except replacements.NoWords:
        if form is not None:
            form.name.errors = [_("Write the name or the words as they stand there, no more.")]
    return True
