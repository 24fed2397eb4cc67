"""What family pages ask. Nothing is preselected unless it was said before."""

from __future__ import annotations

from typing import Any

from flask import g
from wtforms import HiddenField

from family_voice.interviews.about import HearBack
from family_voice.interviews.manners import Helper
from family_voice.language.texts import lazy
from family_voice.security.tokens import RETURN_WORD_LONGEST, RETURN_WORD_SHORTEST
from family_voice.web.shared.fields import (
    LONGEST_ANSWER,
    Choice,
    Choices,
    Day,
    Line,
    Needed,
    Option,
    Words,
    YesNo,
)
from family_voice.web.shared.forms import Form

LONGEST_CODE = 64


class FamilyForm(Form):
    """A form of a page behind the gate. `of` names the conversation, `go` the button pressed."""

    of = HiddenField()
    go = HiddenField()


class RingForm(FamilyForm):
    """Please ring me, and how. Left open, it is an ordinary call."""

    way = Choice(
        lazy("Is there a way that is better for you?"),
        [
            Option("relay", lazy("Relay UK: I type, and somebody reads it out")),
            Option("bsl", lazy("British Sign Language, with an interpreter")),
            Option("video", lazy("A video call")),
            Option(
                "interpreter",
                lazy("In my language, with an interpreter"),
                lazy("We book one. It is never a child, or a brother or sister."),
            ),
        ],
    )


class CodeForm(Form):
    """The code printed in a letter. It tells nothing about why a code does not open."""

    code = Line(
        lazy("Your code"),
        [Needed(lazy("Type the code that is in your letter or that we gave you."))],
        description=lazy("It has 12 letters and numbers, such as 7KQ2-M4XA-9RTB."),
        longest=LONGEST_CODE,
    )


class UnlockForm(Form):
    """The return word, to see what was said before."""

    return_word = Line(
        lazy("Your return word"),
        [Needed(lazy("Type your return word."))],
        longest=RETURN_WORD_LONGEST,
    )


class DecisionForm(FamilyForm):
    """One decision. Its question and answers come from the consent statement."""

    purpose = HiddenField()
    answer = YesNo("")


class AnswerForm(FamilyForm):
    """One answer. `seen` is signed (`once.py`): what the page showed, and what it will write.

    Where there is something to point at, `choose` is the choice or zone that was pressed, `card`
    the statement it is about; `then` says that this is the page with room for words, after it.
    """

    words = Words(lazy("Your words"), longest=LONGEST_ANSWER)
    seen = HiddenField()
    to = HiddenField()
    choose = HiddenField()
    card = HiddenField()
    then = HiddenField()


class QuoteForm(FamilyForm):
    """What they say to one short piece that we would like to use."""

    quote = HiddenField()
    words = Words(lazy("Your words"))


class HelperForm(FamilyForm):
    """Who helps. The view puts in the words: they depend on who is asked."""

    helper = Choice("", [Option(each.value, "") for each in Helper])


class CheckForm(FamilyForm):
    """Which sentences are kept from the people who work with the family, of the pieces `shown`."""

    marks = Choices("")
    shown = HiddenField()

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.marks.options = [Option(value, value) for value in self.marks.data or ()]


class ChooseWordForm(FamilyForm):
    """A return word of their own choice. `unsent` is signed: this page was made before sending."""

    unsent = HiddenField()
    word = Line(
        lazy("Choose a return word"),
        description=lazy(
            "Something you will remember and other people would not guess. "
            "Not a child's name or a birthday. At least %(letters)d letters.",
            letters=RETURN_WORD_SHORTEST,
        ),
        longest=RETURN_WORD_LONGEST,
    )


class SureForm(FamilyForm):
    """Taking everything back. `page` is signed: the page was shown to whom may do it."""

    page = HiddenField()


class HearBackForm(FamilyForm):
    """How they would like to hear what happened. The three decisions stand in forms of their own
    kind: `quote`, `count` and `contact`, worded by their consent statements.
    """

    quote = YesNo("")
    count = YesNo("")
    contact = YesNo("")
    hear_back = Choice(
        lazy("How would you like to hear what happened?"),
        [
            Option(HearBack.TEXT.value, lazy("By text")),
            Option(HearBack.LETTER.value, lazy("By letter")),
            Option(HearBack.EMAIL.value, lazy("By email")),
            Option(HearBack.CALL.value, lazy("By a phone call")),
            Option(HearBack.NOT_AT_ALL.value, lazy("I do not need to hear")),
        ],
    )


class ChoicesForm(HearBackForm):
    """Every decision, as it stands, to be changed."""

    talk = YesNo("")
    check = YesNo("")


class ShareForm(Form):
    """The open link: whose wording fits. `door` is signed: the conversation it may begin."""

    door = HiddenField()
    audience = Choice(
        lazy("Who are you?"),
        [
            Option("parent_carer", lazy("I am a parent or carer")),
            Option("young_person", lazy("I am a child or young person")),
            Option(
                "child",
                lazy("I am a child or young person, and I would like pictures"),
                lazy("Easy words, with somebody to help you."),
            ),
            Option(
                "advocate",
                lazy("I speak for somebody"),
                lazy("You are their advocate. Or you put their words in English."),
            ),
        ],
        [Needed(lazy("Choose one, so that we ask in the right words."))],
    )


class AboutForm(FamilyForm):
    """Who they are, where nobody invited them. Every part may stay empty."""

    first_name = Line(lazy("Your first name"))
    last_name = Line(lazy("Your last name"))
    phone = Line(lazy("Your phone number"), description=lazy("Only if it is safe to ring or text."))
    child_first_name = Line(lazy("Your child's first name"))
    child_last_name = Line(lazy("Your child's last name"))
    born = Day(
        lazy("Your child's date of birth"),
        description=lazy("Such as 27 3 2014."),
        example="27 3 2014",
    )
    school = Line(lazy("Your child's school or nursery"))
    postcode = Line(lazy("Your postcode"))


def posted(form_class: type[Form], **more: Any) -> tuple[Any, bool]:
    """The form of this request, and whether it was sent and is right.

    After a page that came in between (code, return word) the words come from what that page kept;
    its own token was checked by then.
    """
    kept = g.get("restored")
    if kept is None:
        form = form_class(**more)
        return form, bool(form.validate_on_submit())
    form = form_class(formdata=kept, meta={"csrf": False}, **more)
    return form, bool(form.validate())
