"""What the pages of text conversations call things: where one stands, what it needs, deliveries."""

from __future__ import annotations

from typing import Any, Final

from family_voice.language.formats import date_time
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.messages.attention import Need
from family_voice.messages.models import SendState
from family_voice.messages.templates import Template
from family_voice.messages.thread import Line
from family_voice.sms.lines import MUTES
from family_voice.sms.shown_texts import Hidden
from family_voice.sms.standing import Standing
from family_voice.web.services import now

STANDINGS: Final = {
    Standing.INVITED: lazy("Invited"),
    Standing.IDENTITY_CHECK: lazy("Asked for the code word"),
    Standing.CONSENT: lazy("Asked for permission"),
    Standing.ASKING: lazy("A question is out"),
    Standing.COLLECTING: lazy("Answering now"),
    Standing.READ_BACK: lazy("Reading back"),
    Standing.CLOSING: lazy("Last questions"),
    Standing.DONE: lazy("Finished"),
    Standing.PAUSED: lazy("Paused by them"),
    Standing.EXPIRED: lazy("Ended with the round"),
    Standing.STOPPED: lazy("Stopped texts"),
    Standing.WITH_PERSON: lazy("With a person"),
    Standing.MOVED_TO_WEB: lazy("Carries on elsewhere"),
    Standing.WRONG_NUMBER: lazy("Wrong number"),
    Standing.DECLINED: lazy("Said no"),
    Standing.WITHDRAWN: lazy("Took it all back"),
}
#: The colour of each, beside its word: what moves, what is done, what a person should see to.
COLOURS: Final = {
    **dict.fromkeys(Standing, "grey"),
    Standing.ASKING: "blue",
    Standing.COLLECTING: "blue",
    Standing.CONSENT: "blue",
    Standing.IDENTITY_CHECK: "blue",
    Standing.READ_BACK: "blue",
    Standing.CLOSING: "blue",
    Standing.DONE: "green",
    Standing.WITH_PERSON: "yellow",
    Standing.WRONG_NUMBER: "red",
    Standing.STOPPED: "red",
}
#: What happened, and what a person does about it.
NEEDS: Final = {
    Need.SAME_AGAIN: (
        lazy("The same words came three times in an hour."),
        lazy("A phone may be answering by itself, so the program fell silent."),
    ),
    Need.GOING_ROUND: (
        lazy("Six texts of ours moved nothing on."),
        lazy("They may be stuck, so the program fell silent. A call may help."),
    ),
    Need.OVER_BUDGET: (
        lazy("This conversation has cost more than was meant for it."),
        lazy("It goes on. A call may serve them better."),
    ),
    Need.FAR_OVER_BUDGET: (
        lazy("This conversation has cost twice what was meant for it."),
        lazy("The program fell silent. A call may serve them better."),
    ),
    Need.WRONG_NUMBER: (
        lazy("Whoever holds this phone says that it is not them."),
        lazy("No more texts go there. Find the right number and put it on the case."),
    ),
    Need.NUMBER_DEAD: (
        lazy("There is no such number any more."),
        lazy("Find the right number and put it on the case."),
    ),
    Need.LANDLINE: (
        lazy("This number cannot take texts."),
        lazy("Find a mobile number, or ring or write."),
    ),
    Need.FILTERED: (
        lazy("A telephone company took our text for spam."),
        lazy("Reach them another way, and tell whoever looks after the text account."),
    ),
    Need.NOT_ALLOWED_THERE: (
        lazy("Our account may not text that country."),
        lazy("Reach them another way."),
    ),
    Need.ACCOUNT: (
        lazy("The company that carries our texts does not take them at the moment."),
        lazy("Tell whoever looks after the text account. They go by themselves once it is right."),
    ),
    Need.NO_SAFE_TIME: (
        lazy("There is no hour when a text is safe for everybody who has this number."),
        lazy("No text goes there. Look at their safe hours, or reach them another way."),
    ),
    Need.GIVEN_UP: (
        lazy("A text was tried many times and did not go."),
        lazy("Reach them another way, and tell whoever looks after the text account."),
    ),
    Need.IN_DOUBT: (
        lazy("Nobody can find out whether a text went."),
        lazy("Look at the provider's own list, or ask the family. Then say below what happened."),
    ),
    Need.EXPIRED_TEXT: (
        lazy("A text came after the conversation had ended."),
        lazy("Read it, and ring them if they have more to say."),
    ),
}
#: Needs that another button than "seen to" settles.
BY_OTHER_BUTTONS: Final = MUTES | {Need.IN_DOUBT}
HIDDEN: Final = {
    Hidden.NOT_AGREED: lazy("(not shown: they have not agreed to talk with us)"),
    Hidden.CHANGED: lazy("(they have put this right or taken it out since)"),
    Hidden.KEPT_BACK: lazy("(not shown to you)"),
    Hidden.NOT_KEPT: lazy("(not kept: a code word, or words from before they agreed)"),
    Hidden.GONE: lazy("(cleared away)"),
}
WHY_NOT: Final = {
    "stopped": lazy("they asked for no more texts"),
    "not_to_be_texted": lazy("they may not be texted"),
    "other_number": lazy("it is not their number any more"),
    "no_contact": lazy("they may not be contacted"),
    "with_person": lazy("a person has taken over"),
    "withdrawn": lazy("they took everything back"),
    "over": lazy("it was no longer wanted"),
    "not_agreed": lazy("they have not agreed to it"),
    "paused": lazy("they asked us to wait"),
    "moved_on": lazy("the conversation has moved on"),
    "no_safe_time": lazy("there is no hour when it is safe"),
    "went_before": lazy("it had gone before"),
    "in_doubt": lazy("somebody said that it did not go"),
    "given_up": lazy("it was tried too often"),
    "restored": lazy("a backup was put back"),
    "erased": lazy("it was erased"),
    "landline": lazy("it is no mobile number"),
    "21610": lazy("they told their telephone company STOP"),
    "30003": lazy("the phone is off or out of reach"),
    "30008": lazy("their telephone company does not say why"),
    "30410": lazy("their telephone company did not answer"),
    "30005": lazy("there is no such number"),
    "21211": lazy("it is no telephone number"),
    "30006": lazy("it is a landline"),
    "21614": lazy("it is no mobile number"),
    "21612": lazy("our number cannot text theirs"),
    "30007": lazy("a telephone company took it for spam"),
    "temporary-failure": lazy("the phone is off or out of reach"),
    "technical-failure": lazy("GOV.UK Notify could not hand it over"),
    "permanent-failure": lazy("there is no such number, or it takes no texts"),
    "ValidationError": lazy("it is no number that takes texts"),
    "21408": lazy("our account may not text that country"),
}
STATES: Final[dict[str, tuple[Any, str]]] = {
    SendState.QUEUED.value: (lazy("Waits to go"), "waits"),
    SendState.SENDING.value: (lazy("On its way"), "waits"),
    SendState.UNKNOWN.value: (lazy("In doubt"), "doubt"),
    SendState.SENT.value: (lazy("Sent"), "went"),
    SendState.DELIVERED.value: (lazy("Arrived"), "there"),
    SendState.FAILED.value: (lazy("Did not arrive"), "wrong"),
    SendState.CANCELLED.value: (lazy("Never sent"), "wrong"),
}
#: What each ready sentence is for.
READY: Final = {
    Template.PERSON_HERE: lazy("Say that a person is here"),
    Template.PERSON_RINGS: lazy("Say that you will ring"),
    Template.PERSON_THANKS: lazy("Thank them"),
}


def standing_words(standing: Standing, muted: bool) -> str:
    """Where a conversation stands; nobody has taken one over where the program fell silent."""
    if muted and standing is Standing.WITH_PERSON:
        return _("Waits for a person")
    return str(STANDINGS[standing])


def delivery(line: Line) -> tuple[str, str]:
    """How far a text of ours got: the word, and how it is drawn."""
    words, doing = STATES.get(line.state, ("", ""))
    said = str(words)
    if line.state == SendState.QUEUED.value and line.due_at is not None and line.due_at > now():
        said = _("Waits until %(when)s", when=date_time(line.due_at))
    why = WHY_NOT.get(line.error)
    if doing == "wrong" and line.error:
        said = _("%(state)s: %(why)s", state=said, why=why or _("reason %(code)s", code=line.error))
    return said, doing


LABELS: Final[dict[str, object]] = {
    "STANDINGS": STANDINGS,
    "standing_words": standing_words,
    "COLOURS": COLOURS,
    "NEEDS": NEEDS,
    "READY_FOR": READY,
}
