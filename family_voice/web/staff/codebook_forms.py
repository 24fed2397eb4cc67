"""The forms that change the codebook. Each asks for a reason and remembers what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField

from family_voice.language.texts import lazy
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebook_changes import Add, Change, Merge, Move, NameGroup, Reword, Split
from family_voice.themes.codebook_notes import LONGEST_NOTE
from family_voice.themes.codebook_requests import LONGEST_ANSWER, Outcome
from family_voice.themes.codebook_wording import (
    LONGEST_NAME,
    LONGEST_SENTENCE,
    LONGEST_SOURCE,
    BadChange,
    Wording,
)
from family_voice.web.shared.fields import Choice, Choices, Line, Needed, Option, Words
from family_voice.web.shared.forms import Form
from family_voice.web.staff.codebook_words import PROBLEMS, headings

LONGEST_REASON = 1_000
_NEW_GROUP = lazy("Or the name of a new group")
_OWN_EXAMPLES = lazy("Make it up. Never write what a real family said.")


class ReasonForm(Form):
    """A change that needs nothing but its reason."""

    seen = HiddenField()
    reason = Words(
        lazy("Why?"),
        [Needed(lazy("Say why, for whoever looks back at this change."))],
        longest=LONGEST_REASON,
        description=lazy("Kept with the change for good. Name no family."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked last on every page, so its mistakes are told last.
        self._fields["reason"] = self._fields.pop("reason")

    def turned_down(self, bad: BadChange) -> None:
        """Say what is wrong where it can be put right."""
        words = str(PROBLEMS[bad.problem])
        field = _FIELDS.get(bad.part, bad.part)
        if field in self._fields:
            self._fields[field].errors = [words]
        else:
            self.form_errors.append(words)


_FIELDS = {
    "examples": "first_example",
    "group": "new_group",
    **{
        f"{number}.{part}": f"{which}_{part}"
        for number, which in enumerate(("one", "two"))
        for part in ("name", "definition", "use_when", "not_when")
    },
    "0.examples": "one_first_example",
    "1.examples": "two_first_example",
}


class WordingForm(ReasonForm):
    """All that is written of one code."""

    name = Line(lazy("Name"), [Needed(lazy("Give it a name."))], longest=LONGEST_NAME)
    definition = Words(
        lazy("What it means"),
        [Needed(lazy("Say what it means, in a sentence."))],
        longest=LONGEST_SENTENCE,
    )
    use_when = Words(
        lazy("Use it when"),
        [Needed(lazy("Say when it is used."))],
        longest=LONGEST_SENTENCE,
    )
    not_when = Words(
        lazy("Not when"),
        [Needed(lazy("Say when it is not used, and which code is used instead."))],
        longest=LONGEST_SENTENCE,
        description=lazy('Put another code\'s name in straight quotes: Use "Waiting".'),
    )
    first_example = Line(
        lazy("An example"),
        [Needed(lazy("Write an example."))],
        longest=LONGEST_SENTENCE,
        description=_OWN_EXAMPLES,
    )
    second_example = Line(
        lazy("Another example, for instance of the opposite"),
        [Needed(lazy("Write a second example."))],
        longest=LONGEST_SENTENCE,
    )
    headings = Choices(
        lazy("Under which questions is it usually met?"),
        lambda: [Option(id, title) for id, title in headings().items()],
        [Needed(lazy("Choose at least one question under which it is usually met."))],
    )
    source = Line(
        lazy("Where it comes from"),
        [Needed(lazy("Say where it comes from."))],
        longest=LONGEST_SOURCE,
        description=lazy("A framework, a meeting, what families kept saying: and when."),
    )

    def wording(self, old: Code | None = None) -> Wording:
        """What was written. Questions that were chosen before keep their order."""
        chosen = self.headings.data or []
        before = [each for each in old.headings if each in chosen] if old else []
        return Wording(
            name=self.name.data or "",
            definition=one_line(self.definition.data),
            use_when=one_line(self.use_when.data),
            not_when=one_line(self.not_when.data),
            examples=(self.first_example.data or "", self.second_example.data or ""),
            headings=(*before, *(each for each in chosen if each not in before)),
            source=self.source.data or "",
        )


class AddForm(WordingForm):
    """A new code."""

    group = Choice(lazy("In which group?"))
    new_group = Line(_NEW_GROUP, longest=LONGEST_NAME)

    def change(self) -> Change:
        """What is asked for."""
        return Add(self.wording(), group_of(self))


class RewordForm(WordingForm):
    """Other words for a code."""

    def change(self, code: Code) -> Change:
        """What is asked for."""
        return Reword(code.id, self.wording(code))


class MoveForm(ReasonForm):
    """Another group for a code."""

    group = Choice(lazy("To which group?"))
    new_group = Line(_NEW_GROUP, longest=LONGEST_NAME)

    def change(self, code: Code) -> Change:
        """What is asked for."""
        return Move(code.id, group_of(self))


class MergeForm(ReasonForm):
    """Another code that this one becomes part of."""

    into = Choice(
        lazy("Which code counts in its place?"), validators=[Needed(lazy("Choose a code."))]
    )

    def change(self, code: Code) -> Change:
        """What is asked for."""
        return Merge(code.id, self.into.data or "")


class SplitForm(ReasonForm):
    """Two codes in the place of one. The questions and the source are those of the old one."""

    def change(self, code: Code) -> Change:
        """What is asked for."""
        return Split(code.id, tuple(self._part(which, code) for which in ("one", "two")))

    def _part(self, which: str, code: Code) -> Wording:
        def written(part: str) -> str:
            return one_line(self._fields[f"{which}_{part}"].data)

        return Wording(
            name=written("name"),
            definition=written("definition"),
            use_when=written("use_when"),
            not_when=written("not_when"),
            examples=(written("first_example"), written("second_example")),
            headings=code.headings,
            source=code.source,
        )


for _which in ("one", "two"):
    for _part in ("name", "definition", "use_when", "not_when", "first_example", "second_example"):
        _like = getattr(WordingForm, _part)
        setattr(SplitForm, f"{_which}_{_part}", _like.field_class(*_like.args, **_like.kwargs))


class NameGroupForm(ReasonForm):
    """Another name for a group."""

    name = Line(lazy("Name"), [Needed(lazy("Give it a name."))], longest=LONGEST_NAME)

    def change(self, group_id: str) -> Change:
        """What is asked for."""
        return NameGroup(group_id, self.name.data or "")


class NoteForm(Form):
    """A note of a code."""

    text = Words(
        lazy("Write a note"), [Needed(lazy("Write something first."))], longest=LONGEST_NOTE,
        description=lazy("For everyone who codes: how you read this code. Name no family."),
    )  # fmt: skip


class AnswerForm(Form):
    """The answer to a request of the forum."""

    outcome = Choice(
        lazy("What came of it?"),
        [
            Option(Outcome.CHANGED, lazy("The codebook was changed")),
            Option(Outcome.NOT_CHANGED, lazy("The codebook stays as it is")),
        ],
        [Needed(lazy("Choose whether the codebook was changed."))],
    )
    version = Choice(lazy("Which change?"))
    text = Words(
        lazy("Your answer"),
        [Needed(lazy("Write an answer: what was done, or why not."))],
        longest=LONGEST_ANSWER,
        description=lazy("The forum member reads this."),
    )


def one_line(text: str | None) -> str:
    """Words without line ends: a codebook goes into tables and other programs."""
    return " ".join((text or "").split())


def group_of(form: Any) -> str:
    """The group that was chosen, or the name of a new one, which wins."""
    return str(form.new_group.data or form.group.data or "")


def group_options(book: Codebook) -> Iterable[Option]:
    """Every group, for a list to choose from."""
    return [Option(group.id, group.name) for group in book.groups]
