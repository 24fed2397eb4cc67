"""The words for what the audit trail holds as names of actions, things and fields."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.operations.who_saw import How, Line

HOWS = {
    How.WORDS: lazy("Read the family’s words"),
    How.COPIES: lazy("Printed a copy or opened one"),
    How.DETAILS: lazy("Saw details, not words"),
    How.LISTS: lazy("Saw a list with the child’s name"),
    How.CHANGES: lazy("Changed something"),
    How.REFUSED: lazy("Was refused"),
    How.FAMILY: lazy("The family looked itself"),
    How.CHECKED: lazy("Looked at this record"),
}

#: Short, to stand beside the lanes of the drawing.
LANES = {
    How.WORDS.value: lazy("Words"),
    How.COPIES.value: lazy("Printed copies"),
    How.DETAILS.value: lazy("Details"),
    How.LISTS.value: lazy("Lists"),
    How.CHANGES.value: lazy("Changes"),
    How.REFUSED.value: lazy("Refused"),
}

THINGS = {
    "attempt": lazy("an attempt to reach somebody"),
    "audit plan": lazy("the plan of the year"),
    "case": lazy("the case"),
    "caseload": lazy("a file of the caseload"),
    "coding": lazy("the themes put on the account"),
    "concern": lazy("concerns about safety"),
    "door": lazy("a code from a letter"),
    "follow_up": lazy("something to be followed up"),
    "inbound_message": lazy("a text message"),
    "interview": lazy("the account"),
    "link": lazy("which case the account belongs to"),
    "numbered copy": lazy("a printed copy"),
    "outcome": lazy("what came of it"),
    "pack": lazy("the case pack"),
    "past judgements": lazy("judgements of past years"),
    "panel seat": lazy("who sits on the group"),
    "panel session": lazy("the list of a session"),
    "participant": lazy("how somebody can be reached"),
    "plan feed": lazy("the address of their calendar"),
    "plan reminders": lazy("their reminders"),
    "professional view": lazy("what professionals wrote"),
    "quote": lazy("a quote"),
    "release": lazy("a release of numbers"),
    "round": lazy("the list of the round"),
    "sign_in": lazy("signing in"),
    "staff": lazy("signing in"),
    "trail": lazy("this record"),
}

FIELDS = {
    "account": lazy("the whole account"),
    "account or none": lazy("whether there is an account"),
    "answers": lazy("answers"),
    "approved": lazy("that they said yes"),
    "attempt": lazy("an attempt"),
    "attempts": lazy("attempts"),
    "cannot": lazy("what cannot be done"),
    "call_wanted_at": lazy("a call they asked for"),
    "case": lazy("the case"),
    "cases": lazy("cases"),
    "child's name": lazy("the child’s name"),
    "code": lazy("the code"),
    "codes": lazy("themes"),
    "coding": lazy("themes"),
    "complaint": lazy("a complaint"),
    "conversation": lazy("that they began to talk"),
    "consensus": lazy("what a meeting decided about themes"),
    "contact": lazy("how to reach them"),
    "date_of_birth": lazy("date of birth"),
    "copies": lazy("which copies there are"),
    "decided": lazy("what was decided"),
    "decisions": lazy("what they agreed to"),
    "done": lazy("what was done"),
    "edited": lazy("that they put it in other words"),
    "ending": lazy("how the talk ended"),
    "follow_ups": lazy("what is to be followed up"),
    "letter": lazy("an invitation by letter"),
    "looked_at": lazy("that it names nobody"),
    "manager": lazy("manager"),
    "minutes": lazy("minutes"),
    "name": lazy("name"),
    "names": lazy("names"),
    "no account": lazy("that there is no account"),
    "none_of_these": lazy("that it is none of the cases"),
    "notes": lazy("notes of the talk"),
    "outcome": lazy("what came of it"),
    "participants": lazy("who could speak"),
    "password": lazy("the password"),
    "outcomes": lazy("what came of it"),
    "phone": lazy("telephone number"),
    "place": lazy("which question it answers"),
    "postcode": lazy("postcode"),
    "professional views": lazy("what professionals wrote"),
    "quotes": lazy("quotes"),
    "reference": lazy("reference"),
    "strata": lazy("what kind of cases they are"),
    "entries": lazy("who could be drawn"),
    "waiting": lazy("a checked file that waits"),
    "refused": lazy("that they said no"),
    "relationship": lazy("relationship"),
    "reply": lazy("the reply"),
    "return_word": lazy("the return word"),
    "school": lazy("school"),
    "second factor": lazy("the second factor"),
    "second coder": lazy("who codes it a second time"),
    "second coding": lazy("themes from a second person"),
    "sentences": lazy("sentences"),
    "siblings_held": lazy("brothers and sisters"),
    "speakers": lazy("who spoke"),
    "state": lazy("how far it is"),
    "stood_down": lazy("whether the case is in the check"),
    "text": lazy("an invitation by text"),
    "to_do": lazy("something to be done"),
    "too many": lazy("too many tries"),
    "tried_enough": lazy("that enough was tried"),
    "who saw": lazy("who saw it"),
    "words": lazy("words"),
    "worker": lazy("worker"),
    "works with": lazy("who works with whom"),
    "own_sign": lazy("how the child says no"),
    "visit": lazy("a visit"),
    "visits": lazy("visits"),
    "visit stopped": lazy("that the child said no on a visit"),
    "profile": lazy("the pupil profile"),
    "introduced": lazy("who introduced us to a family"),
    "sample": lazy("which cases were drawn"),
    "level_3_final": lazy("that the families’ part is final"),
    "level_3_open": lazy("that the families’ part is open again"),
    "family": lazy("who belongs to the family"),
    "part": lazy("a part of the account"),
    "parted": lazy("that it speaks of several children"),
    "whole": lazy("that it is one account again"),
    "not_this": lazy("that it is not this case"),
    "maybe": lazy("that it may be this case after all"),
    "first": lazy("that another person is to look as well"),
    "second": lazy("that another person says the same"),
    "differs": lazy("that another person says something else"),
    "took_back": lazy("that a choice was taken back"),
    "same": lazy("that it is the same account sent twice"),
    "not_same": lazy("that it is not the same account sent twice"),
    "unsaid": lazy("that it is open whether it was sent twice"),
    "open_again": lazy("that its case is open again"),
    "due_on": lazy("by when it is due"),
    "due": lazy("by when it is due"),
}


def thing(line: Line) -> str:
    """What kind of thing it was."""
    return str(THINGS.get(line.resource) or _("something else"))


def parts(line: Line) -> list[str]:
    """Which parts of it, each once; what has no words of its own is one “other parts”."""
    found = [
        str(FIELDS[each]) if each in FIELDS else "" for each in line.fields if not _is_apart(each)
    ]
    named = list(dict.fromkeys(each for each in found if each))
    return [*named, _("other parts")] if "" in found else named


def who(line: Line) -> str:
    """Who did it, by name where it is somebody."""
    if line.name:
        return line.name
    return {
        "family": _("The family"),
        "operator": _("An operator, at the server"),
        "worker": _("The program itself"),
        "nobody": _("Somebody not signed in"),
    }.get(line.actor_kind, _("Somebody whose account is gone"))


def words_of_sign_in(line: Line) -> str:
    """What happened at the door."""
    if line.action == "sign_in":
        return _("Signed in")
    if line.action == "sign_out":
        return _("Signed out")
    return _("Was refused")


def _is_apart(field: str) -> bool:
    """A copy's number has its own place on the page; ids of sentences say nothing to a reader."""
    if field.startswith("copy ") or field == "see":
        return True
    try:
        UUID(field)
    except ValueError:
        return False
    return True


def kinds() -> Iterable[tuple[str, object]]:
    """Every kind of doing and its words, for a list to choose from."""
    return [(each.value, words) for each, words in HOWS.items()]
