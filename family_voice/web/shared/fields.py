"""The kinds of question a page can ask. Nothing is ever preselected unless it was said before.

Labels and messages are `lazy` texts. Each field renders with the macro of the same meaning in
templates/shared/forms.html.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import StopValidation

from family_voice.language.texts import gettext as _

LONGEST_WORDS = 20_000
#: What a family says: about 35,000 words. Longer comes back with the page, to be sent in parts.
LONGEST_ANSWER = 200_000
LONGEST_LINE = 200
_BOOLEANS = {"yes": True, "no": False}


def tidy(text: str) -> str:
    """Text as it is kept: line ends as LF, and no control characters but tabs and line ends.

    A browser sends CR LF, and PostgreSQL cannot hold a NUL. Nothing that can be seen changes.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or (c >= " " and not "\x7f" <= c <= "\x9f"))


class Needed:
    """This question cannot be left out. The message says what to put."""

    def __init__(self, message: object) -> None:
        self.message = message

    def __call__(self, form: object, field: Field) -> None:
        data = field.data
        if data is None or data == [] or (isinstance(data, str) and not data.strip()):
            if field.errors:  # already told what is wrong with it
                raise StopValidation()
            raise StopValidation(str(self.message))


class Line(StringField):
    """One line of text, its ends trimmed."""

    def __init__(
        self, label: Any, validators: Any = None, *, longest: int = LONGEST_LINE, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.longest = longest

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = " ".join(tidy(str(valuelist[0])).split())

    def pre_validate(self, form: object) -> None:
        _check_length(self.data, self.longest)


class Words(TextAreaField):
    """What somebody wants to say, kept exactly as typed."""

    def __init__(
        self, label: Any, validators: Any = None, *, longest: int = LONGEST_WORDS, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.longest = longest

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            self.data = tidy(str(valuelist[0]))

    def pre_validate(self, form: object) -> None:
        _check_length(self.data, self.longest)

    @property
    def shown(self) -> str:
        """The words for a textarea. Browsers drop a line end that comes first: add one for it."""
        words = str(self.data or "")
        return "\n" + words if words.startswith("\n") else words


def _check_length(text: str | None, longest: int) -> None:
    if text and len(text) > longest:
        raise StopValidation(
            _(
                "That is too long to send in one go: it has %(length)d letters and there is room "
                "for %(longest)d. Please make it shorter. Nothing is lost.",
                length=len(text),
                longest=longest,
            )
        )


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: what is sent, what is read, and a line under it."""

    value: str
    label: Any
    hint: Any = ""


Options = Iterable[Option] | Callable[[], Iterable[Option]]


class Choice(Field):
    """One of several (radios or a list). `data` is its value, or None if nothing was chosen."""

    def __init__(
        self, label: Any, options: Options = (), validators: Any = None, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self._options = options

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen. A view may put in its own."""
        return tuple(self._options() if callable(self._options) else self._options)

    @options.setter
    def options(self, options: Options) -> None:
        self._options = options

    def chosen(self, value: str) -> bool:
        """Whether an option is the one that was said."""
        return self.data is not None and str(self.data) == value

    def items(self) -> list[dict[str, object]]:
        """The options as GOV.UK's macros take them."""
        return [
            {
                "value": option.value,
                "text": str(option.label),
                "hint": {"text": str(option.hint)} if option.hint else None,
                "checked": self.chosen(option.value),
            }
            for option in self.options
        ]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist and valuelist[0] != "" else None

    def pre_validate(self, form: object) -> None:
        allowed = {option.value for option in self.options}
        if self.data is not None and str(self.data) not in allowed:
            raise StopValidation(_("Choose one of the answers in the list."))


class YesNo(Choice):
    """Yes or no. `data` is True, False, or None if nobody has said."""

    def __init__(
        self,
        label: Any,
        validators: Any = None,
        *,
        yes: object = "",
        no: object = "",
        **more: Any,
    ) -> None:
        super().__init__(label, (), validators, **more)
        self.options = lambda: (
            Option("yes", yes or _("Yes")),
            Option("no", no or _("No")),
        )

    def chosen(self, value: str) -> bool:
        return self.data is not None and self.data is _BOOLEANS.get(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = _BOOLEANS.get(str(valuelist[0])) if valuelist else None

    def pre_validate(self, form: object) -> None:
        pass  # anything but yes or no is nothing said


class Choices(Choice):
    """Any number of several (checkboxes). `data` is a list of values."""

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value or ()]

    def chosen(self, value: str) -> bool:
        return value in (self.data or ())

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = [str(one) for one in valuelist]

    def pre_validate(self, form: object) -> None:
        allowed = {option.value for option in self.options}
        if not set(self.data or ()) <= allowed:
            raise StopValidation(_("Choose from the answers in the list."))


class Day(Field):
    """A date in three boxes: day, month and year. `data` is a date or None.

    `example` stands in the error for what is no date: a likely answer to this very question.
    """

    PARTS = ("day", "month", "year")

    def __init__(
        self, label: Any, validators: Any = None, *, example: str = "27 3 2026", **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.parts = ("", "", "")
        self.example = example

    @property
    def first_id(self) -> str:
        """Where the list of errors links to."""
        return f"{self.id}-day"

    def items(self) -> list[dict[str, object]]:
        """The boxes as GOV.UK's macro takes them."""
        labels = (_("Day"), _("Month"), _("Year"))
        wrong = " govuk-input--error" if self.errors else ""
        return [
            {
                "id": f"{self.id}-{part}",
                "name": f"{self.name}-{part}",
                "label": label,
                "value": value,
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}{wrong}",
            }
            for part, label, value in zip(self.PARTS, labels, self.parts, strict=True)
        ]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.object_data = data if isinstance(data, date) else self.default
        self.data: date | None = self.object_data
        if self.data:
            self.parts = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is None:
            return
        sent = [str(formdata.get(f"{self.name}-{part}", "")).strip() for part in self.PARTS]
        self.raw_data = sent
        self.parts = (sent[0], sent[1], sent[2])
        self.data = None
        if any(sent):
            try:
                if len(sent[2]) != 4:
                    raise ValueError("a year has four figures")
                self.data = date(int(sent[2]), int(sent[1]), int(sent[0]))
            except ValueError:
                self.process_errors.append(
                    _(
                        "Put a real date with a day, a month and a year, such as %(example)s.",
                        example=self.example,
                    )
                )
