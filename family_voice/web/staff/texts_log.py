"""A conversation told from its log: what happened at each step, and what the program did then."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response

from family_voice.consent.statements import Purpose
from family_voice.interviews import effects as do
from family_voice.interviews import events as did
from family_voice.interviews.effects import Effect, Ending, Notice, Remark
from family_voice.interviews.events import NOTES, Channel, Event
from family_voice.interviews.guide import Guide
from family_voice.interviews.record import guide_of
from family_voice.language.formats import date_time
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.staff import names_of_staff
from family_voice.sms import inbox, step_by_step
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.staff.asked import PURPOSES
from family_voice.web.staff.desk import language_name, page
from family_voice.web.staff.texts import blueprint
from family_voice.web.staff.texts_wording import LABELS

CHANNELS: Final = {
    Channel.TEXT: lazy("By text"),
    Channel.WEB: lazy("On the web"),
    Channel.TELEPHONE: lazy("By telephone"),
    Channel.VIDEO: lazy("By video"),
    Channel.FACE_TO_FACE: lazy("Face to face"),
    Channel.RELAY: lazy("By Relay UK"),
    Channel.SIGNED: lazy("In British Sign Language"),
    Channel.FORM: lazy("On a form"),
}


@blueprint.get("/<uuid:interview_id>/log")
def log(interview_id: UUID) -> Response:
    """Every step of a conversation, replayed, with what came of it."""
    seen("interview", interview_id, ["answers"])
    talk = inbox.conversation(db(), interview_id, current_staff().id, now())
    steps = step_by_step.told(db(), interview_id, current_staff().id, now())
    guide = guide_of(db(), interview_id)
    return page(
        "texts/log.html",
        talk=talk,
        steps=steps,
        happened=happened,
        question_of=lambda thing: question_of(thing, guide),
        came_of_it=came_of_it,
        BY=CHANNELS,
        people=names_of_staff(
            db(), {each.step.recorded_by for each in steps if each.step.recorded_by}
        ),
        **LABELS,
    )


HAPPENED: Final[dict[type, Any]] = {
    did.Opened: lazy("They came in, or came back"),
    did.Recognised: lazy("They gave the code word or return word"),
    did.WentBack: lazy("They went back a question"),
    did.MoreWanted: lazy("They asked for more questions about this"),
    did.AskedForCall: lazy("They asked us to ring"),
    did.Rung: lazy("Somebody of the team spoke with them"),
    did.DecisionPut: lazy("They answered a question we had not asked last, so it was put again"),
    did.Rung: lazy("They were rung"),
    did.NotReached: lazy("They were rung, and still wait"),
    did.CallTakenBack: lazy("What was written down of a call was a slip"),
    did.DecisionPut: lazy("Their answer was to something that was not asked last"),
    did.Stopped: lazy("They asked for no more texts"),
    did.Resumed: lazy("They asked to carry on"),
    did.TimedOut: lazy("Nothing more came for a while"),
    did.HandedToPerson: lazy("A person took over"),
    did.GivenBack: lazy("The program was given the conversation back"),
    did.Finished: lazy("They sent it"),
    did.Reopened: lazy("They opened it again, to add or change something"),
    did.Withdrawn: lazy("They took it all back"),
    did.Next: lazy("They were done with this question"),
    did.Skipped: lazy("They left this question out"),
    did.Said: lazy("They said something"),
    did.Restarted: lazy("They asked for texts again after a stop"),
    did.Paused: lazy("They asked us to wait"),
    did.Rested: lazy("Nobody was there to read, so the next question waits"),
    did.WrongNumber: lazy("Whoever holds the phone said that it is not them"),
    did.NumberChanged: lazy("Their number was changed, so the code word comes first again"),
    did.Moved: lazy("Words were put with another question"),
}


def happened(event: Event, by_itself: bool = False) -> str:
    """What happened, in a sentence without anybody's words. `by_itself`: nobody wrote it down."""
    match event:
        case did.HandedToPerson() if by_itself:
            return _("The program fell silent by itself and asked for a person")
        case did.Agreed(purpose=purpose, yes=yes):
            what = str(PURPOSES[Purpose(purpose)])
            return (
                _("They said yes: %(what)s", what=what)
                if yes
                else _("They said no: %(what)s", what=what)
            )
        case did.Replaced(new=None):
            return _("They took words out")
        case did.Replaced():
            return _("They put words right")
        case did.ChangedLanguage(language=language):
            return _("They chose another language: %(name)s", name=language_name(language))
        case did.ChangedChannel(to=to):
            return _("They moved: %(channel)s", channel=str(CHANNELS[to]).lower())
        case did.ReadBack(right=True):
            return _("They said that what stands is right")
        case did.ReadBack():
            return _("They said that something is not right")
    words = HAPPENED.get(type(event))
    return str(words) if words is not None else did.kind_of(event).replace("_", " ").capitalize()


SAID: Final[dict[Remark, Any]] = {
    Remark.CODE_WORD: lazy("Asked for the code word"),
    Remark.DECLINED: lazy("Said that nothing is kept after a no"),
    Remark.MORE_ADDED: lazy("Said that more questions follow this one"),
    Remark.NO_MORE: lazy("Said that there are no more questions here"),
    Remark.AT_START: lazy("Said that this is the first question"),
    Remark.CARRY_ON: lazy("Gave the way to carry on"),
    Remark.CALL_COMING: lazy("Said that we will ring"),
    Remark.READ_BACK: lazy("Asked whether what stands is right"),
    Remark.CORRECT_IT: lazy("Said how to put it right"),
    Remark.READY_TO_SEND: lazy("Asked whether to send it"),
    Remark.ALREADY_SENT: lazy("Said that we have it already"),
    Remark.THANKS: lazy("Said thank you"),
    Remark.PAUSED: lazy("Said that we wait"),
    Remark.WRONG_NUMBER: lazy("Said sorry, and that no more texts come"),
    Remark.ADDED: lazy("Said that the words were added"),
}
TOLD: Final[dict[Notice, Any]] = {
    Notice.LATE_WORDS: lazy("Marked for you: it came after the next question had gone"),
    Notice.UNPLACED_WORDS: lazy("Marked for you: no question was being asked"),
    Notice.CALL_WANTED: lazy("Put on your list of calls"),
}
ENDED: Final[dict[Ending, Any]] = {
    Ending.SENT: lazy("The conversation was sent"),
    Ending.DECLINED: lazy("The conversation ended with a no"),
    Ending.WITHDRAWN: lazy("The conversation was taken back"),
}


def came_of_it(effect: Effect) -> str:
    """What the program did then, in a sentence; empty for what nobody needs to read."""
    match effect:
        case do.Ask(again=again):
            return _("Asked again:") if again else _("Asked:")
        case do.AskDecision(purpose=purpose):
            return _("Asked for a decision: %(what)s", what=str(PURPOSES[Purpose(purpose)]))
        case do.Say(key=key):
            return str(SAID.get(key) or key.value.replace("_", " ").capitalize())
        case do.Alert(kind=kind):
            return str(TOLD.get(kind, ""))
        case do.Schedule(due_at=due_at):
            return _("Waits for more until %(when)s", when=date_time(due_at))
        case do.Close(how=how):
            return str(ENDED[how])
        case do.Discard():
            return _("Kept no words")
    return ""


def question_of(thing: Event | Effect, guide: Guide) -> str:
    """The question of the guide that a step or what came of it is about; empty if it is none."""
    prompt_id = getattr(thing, "prompt_id", None)
    return place_name(prompt_id, guide) if prompt_id and prompt_id != NOTES else ""


def place_name(prompt_id: str, guide: Guide) -> str:
    """A question's own words."""
    prompt = guide.prompts.get(prompt_id)
    return prompt.text if prompt is not None else ""
