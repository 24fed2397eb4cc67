"""The call pad's questions, other than the notes themselves."""

from __future__ import annotations

from uuid import UUID

from wtforms import HiddenField

from family_voice.cases.reaching import MOST_MINUTES, Step
from family_voice.consent.statements import FIRST, LATER
from family_voice.interviews.about import HearBack
from family_voice.interviews.events import Channel
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.security.tokens import RETURN_WORD_LONGEST, RETURN_WORD_SHORTEST
from family_voice.web.shared.fields import (
    Choice,
    Choices,
    Day,
    Line,
    Needed,
    Option,
    Words,
    YesNo,
)
from family_voice.web.shared.forms import Form, id_in

WAYS = {
    Channel.TELEPHONE: lazy("Telephone"),
    Channel.VIDEO: lazy("Video call"),
    Channel.FACE_TO_FACE: lazy("Face to face"),
    Channel.RELAY: lazy("Relay UK, one side typed"),
    Channel.SIGNED: lazy("British Sign Language, with an interpreter"),
}
HEAR_BACK = {
    HearBack.TEXT: lazy("By text"),
    HearBack.LETTER: lazy("By letter"),
    HearBack.EMAIL: lazy("By email"),
    HearBack.CALL: lazy("By a call"),
    HearBack.NOT_AT_ALL: lazy("Not at all"),
}
INTERPRETER, CHILD = "interpreter", "child"
ALONE, TOGETHER = "alone", "together"
STEPS = (Step.CALL, Step.TALK, Step.READ_BACK, Step.WRITE_UP)
FEWEST, MOST = 3, 5


class BeginForm(Form):
    """How one talks, before anything else."""

    way = Choice(
        lazy("How are you talking?"),
        [Option(way.value, name) for way, name in WAYS.items()],
        [Needed(lazy("Choose how you are talking."))],
    )
    who = Choice(
        lazy("Who is there?"),
        [
            Option(ALONE, lazy("This person alone")),
            Option(
                TOGETHER, lazy("Several people together"), lazy("You mark on each note who spoke.")
            ),
        ],
        [Needed(lazy("Choose who is there."))],
    )
    there = Choices(
        lazy("Who else is there?"),
        [
            Option(
                INTERPRETER,
                lazy("An interpreter"),
                lazy("One who was booked, never a child or a brother or sister."),
            ),
            Option(CHILD, lazy("The child or young person")),
        ],
    )
    came = Choices(
        lazy("Did they come to us?"),
        [Option("yes", lazy("They got in touch with us themselves"))],
    )


class PermissionForm(Form):
    """The two decisions before the first question, read out and written down."""

    talk = YesNo("")
    check = YesNo("")

    def said(self) -> dict[str, bool | None]:
        """What was answered, by purpose."""
        return {purpose.value: self[purpose.value].data for purpose in FIRST}


class ReturnWordForm(Form):
    """The word that opens what they told us on the web, said aloud by them."""

    word = Line(
        lazy("Return word: the word they choose, said aloud"),
        description=lazy(
            "They must choose it themselves. Not a child's name or a birthday. "
            "At least %(letters)d letters.",
            letters=RETURN_WORD_SHORTEST,
        ),
        longest=RETURN_WORD_LONGEST,
    )
    known = Choices(
        lazy("Do you know whom you are speaking with?"),
        [Option("yes", lazy("I know whom I am speaking with"))],
    )


class EndingForm(ReturnWordForm):
    """Reading back, what is decided at the end, and what it took."""

    sentences = Choices(lazy("Choose three to five and read them out"))
    right = Choice(
        lazy("Did they say it is right?"),
        [
            Option("yes", lazy("Yes, they say it is right")),
            Option("no", lazy("No, something must be put right")),
        ],
    )
    unread = Choices(
        lazy("Finish all the same?"), [Option("yes", lazy("Finish without reading back"))]
    )
    quote = YesNo("")
    count = YesNo("")
    contact = YesNo("")
    hear_back = Choice(
        lazy("How would they like to hear what happened?"),
        [Option(how.value, name) for how, name in HEAR_BACK.items()],
    )
    call = Line(lazy("Getting hold of them"), longest=4)
    talk = Line(lazy("The talk itself"), longest=4)
    read_back = Line(lazy("Reading back"), longest=4)
    write_up = Line(lazy("Writing up"), longest=4)
    do = HiddenField()
    #: Which page this is, so that it counts once however often it is sent.
    page = HiddenField()

    def page_id(self) -> UUID | None:
        """The page's name; None if it has none that can be read."""
        return id_in(self.page.data)

    def later(self) -> dict[str, bool | None]:
        """What was answered, by purpose."""
        return {purpose.value: self[purpose.value].data for purpose in LATER}

    def about_the_account(self) -> bool:
        """Whether anything was put besides the minutes."""
        said = (*self.later().values(), self.right.data, self.hear_back.data, self.word.data)
        return any(each not in (None, "") for each in said)

    def minutes(self) -> dict[Step, int]:
        """The minutes of each step. Steps that cannot be read get an error of their own."""
        found = {}
        for step in STEPS:
            field = self[step.value]
            text = (field.data or "").strip()
            if text and not (text.isdigit() and int(text) <= MOST_MINUTES):
                field.errors = [
                    _("Put whole minutes from 0 to %(most)d, such as 20.", most=MOST_MINUTES)
                ]
            elif text:
                found[step] = int(text)
        return found


class ToDoForm(Form):
    """Something that cannot wait."""

    words = Words(lazy("What needs doing?"), [Needed(lazy("Put what needs doing."))])
    worker = Line(lazy("Who should do it?"), [Needed(lazy("Put who should do it."))])
    manager = Line(lazy("Their manager"))
    due = Day(lazy("By when?"), [Needed(lazy("Put the day by which it should be done."))])
    agreed = Choices(
        lazy("Is the family happy with this?"),
        [Option("yes", lazy("They said yes to my passing this on"))],
    )


class ComplaintForm(Form):
    """A complaint goes its own way."""

    words = Words(
        lazy("What is the complaint about?"), [Needed(lazy("Put what the complaint is about."))]
    )
    pass_on = YesNo(
        lazy("Would they like you to pass it on for them?"),
        [Needed(lazy("Ask whether you should pass it on, and choose yes or no."))],
    )
    in_account = YesNo(
        lazy("Do they want it in their account as well?"),
        [Needed(lazy("Ask whether they want it in their account, and choose yes or no."))],
        yes=lazy("Yes, the small group may see it with the rest"),
        no=lazy("No, keep it apart"),
    )


class OwnerForm(Form):
    """Who sees to something, and by when."""

    worker = Line(
        lazy("Who sees to it?"),
        [Needed(lazy("Put the name of the person or the team that sees to it."))],
        longest=120,
    )
    manager = Line(lazy("Whose job is it to see that it happens?"), longest=120)
    due = Day(lazy("By when?"), [Needed(lazy("Put the day by which it should be done."))])
    version = HiddenField()


class ReplyForm(Form):
    """What came of something that needed doing."""

    words = Words(lazy("What came of it?"), [Needed(lazy("Put what came of it."))])
    version = HiddenField()
