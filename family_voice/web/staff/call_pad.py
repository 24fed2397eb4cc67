"""The call pad: one page for one conversation, from permission to the last note.

Everything on it works by one button; a script saves while typing, through the same use case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.ledger import Outcome
from family_voice.cases.permission import account_to_write_on
from family_voice.cases.reading import CaseView, case_view
from family_voice.cases.talking import (
    UNLESS_THEY_CAME,
    WAYS,
    MayNotAsk,
    NotSafe,
    StoodDown,
    Talk,
    begin_talk,
    close_sitting,
    talk_of,
)
from family_voice.consent.decisions import standing
from family_voice.consent.statements import FIRST, Purpose
from family_voice.interviews import record
from family_voice.interviews.errors import EngineError, NotTheirs
from family_voice.interviews.events import NOTES, Channel, Manner, Reopened
from family_voice.interviews.noting import MayNotKeep, Newer, Sent
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Account
from family_voice.language.formats import time_of_day
from family_voice.language.texts import gettext as _
from family_voice.people.facts import is_professional
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, changed, current_staff, seen
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import LONGEST_ANSWER
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render
from family_voice.web.staff import call_pad_notes as notes
from family_voice.web.staff.call_pad_forms import TOGETHER, BeginForm, PermissionForm
from family_voice.web.staff.call_pad_forms import WAYS as WAY_NAMES
from family_voice.web.staff.call_pad_wording import read_out
from family_voice.web.staff.desk import language_name
from family_voice.web.staff.labels import LABELS, OBSTACLES
from family_voice.web.staff.withdrawals import no_longer

blueprint = Blueprint("call_pad", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
# The last resort: each page holds the conversation, and shows what was typed if it has moved on.
blueprint.register_error_handler(EngineError, lambda _problem: error_page(409))

TALK = "/case/<uuid:case_id>/talk/<uuid:participant_id>"
#: A whole pad of long notes; what is too long for one comes back with the page and is not lost.
LARGEST_PAD = 24 * 1024 * 1024
ASIDES = {
    "needs_doing": "call_pad.needs_doing",
    "complaint": "call_pad.complaint",
    "ending": "call_pad.ending",
    "permission": "call_pad.permission",
}


@dataclass(frozen=True)
class Sitting:
    """One conversation as it is being held: with whom, how, and whether several are there."""

    talk: Talk
    channel: Channel
    together: bool

    @property
    def interview_id(self) -> UUID:
        """The conversation; it has begun."""
        if self.talk.interview_id is None:
            raise Missing("interview")
        return self.talk.interview_id

    def address(self, endpoint: str, **more: Any) -> str:
        """Where a page of this sitting is."""
        return url_for(
            endpoint,
            case_id=self.talk.case_id,
            participant_id=self.talk.person.id,
            by=self.channel.value,
            who=TOGETHER if self.together else None,
            **more,
        )


def sitting(case_id: UUID, participant_id: UUID) -> Sitting | None:
    """The sitting that the address names; None if nobody has said yet how they talk."""
    talk = talk_of(db(), case_id, participant_id, now())
    by = request.args.get("by", "")
    if talk.interview_id is None or by not in WAYS:
        return None
    return Sitting(talk, Channel(by), request.args.get("who") == TOGETHER)


def state_now(here: Sitting) -> State:
    """Where it stands; held for the rest of a request that may change it."""
    held = request.method not in SAFE
    return record.as_agreed(db(), here.interview_id, now(), held=held)


def may_write(state: State) -> bool:
    """Whether words of theirs may be written down and shown."""
    return state.speaking_allowed and state.stage is not Stage.DECLINED


def written_on(here: Sitting, state: State) -> Account:
    """What was said, as whoever writes may read it; after a no, nothing."""
    if not may_write(state):
        return Account(here.interview_id, state.language, ())
    return account_to_write_on(db(), here.interview_id, current_staff().id, now())


@blueprint.before_request
def _room_for_words() -> None:
    if request.endpoint in {"call_pad.pad", "call_pad.keep_note"}:
        request.max_content_length = request.max_form_memory_size = LARGEST_PAD


def start_address(case_id: UUID, participant_id: UUID) -> str:
    """Where a conversation with somebody begins."""
    return url_for("call_pad.start", case_id=case_id, participant_id=participant_id)


def show(template: str, status: int | None = None, /, **context: object) -> Response:
    """A page of the call pad's, with the words for channels, steps and so on."""
    return render(
        f"staff/call_pad/{template}",
        status,
        **LABELS,
        WAYS=WAY_NAMES,
        MANNERS=_manners(context.get("here")),
        SPEAKERS=notes.SPEAKERS,
        **context,
    )


def _manners(here: object) -> Mapping[Manner, object]:
    """Whose words a note may be in."""
    if isinstance(here, Sitting) and is_professional(here.talk.person.facts.relationship):
        return notes.PROFESSIONAL
    return notes.MANNERS


@blueprint.route(TALK, methods=["GET", "POST"])
def start(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Whom to ring and how; then how one is talking, and who is there."""
    form = BeginForm()
    talk = talk_of(db(), case_id, participant_id, now())
    if form.validate_on_submit():
        channel = Channel(form.way.data)
        try:
            begin_talk(
                db(),
                case_id,
                participant_id,
                channel,
                came_to_us=bool(form.came.data),
                by=actor(),
                now=now(),
            )
        except NotSafe:
            form.came.errors = [
                _(
                    "Nobody has confirmed that contact is safe. Do not ring. Go on only if they "
                    "got in touch themselves, and say so."
                )
            ]
        except MayNotAsk as why:
            form.form_errors = [str(OBSTACLES[why.obstacle])]
        except StoodDown:
            form.form_errors = [_("This case was stood down, so nobody is asked.")]
        except EngineError:
            form.form_errors = [
                _("They took everything back. A new conversation needs a new invitation.")
            ]
        else:
            now_talking = Sitting(
                talk_of(db(), case_id, participant_id, now()), channel, form.who.data == TOGETHER
            )
            changed("interview", now_talking.interview_id, ["conversation"])
            return redirect(now_talking.address("call_pad.pad"))
    seen("participant", participant_id, ["names", "contact"])
    state = record.as_agreed(db(), talk.interview_id, now()) if talk.interview_id else None
    return show(
        "start.html",
        form=form,
        talk=talk,
        case=case_view(db(), case_id, now()),
        person=talk.person.facts,
        state=state,
        unless_they_came=talk.ask.obstacle in UNLESS_THEY_CAME,
        answered=len([p for p in state.answers if p != NOTES]) if state and may_write(state) else 0,
        language_name=language_name,
    )


@blueprint.route(TALK + "/permission", methods=["GET", "POST"])
def permission(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Permission, read out from the statement's own version, and what they said."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    form = PermissionForm()
    state = state_now(here)
    if form.validate_on_submit():
        if state.stage is Stage.WITHDRAWN:
            form.form_errors = [
                _("They took everything back. A new conversation needs a new invitation.")
            ]
        elif form.talk.data is None and not state.speaking_allowed:
            form.talk.errors = [_("Ask whether they are happy to talk, and choose yes or no.")]
        else:
            try:
                return _decide(here, form, state)
            except NotTheirs:
                form.form_errors = [_("They themselves have said no. That goes before this yes.")]
    seen("interview", here.interview_id, ["decisions"])
    return show(
        "permission.html",
        form=form,
        here=here,
        state=state,
        questions=[(purpose, read_out(here, purpose)) for purpose in FIRST],
        decided=standing(db(), here.interview_id, now()),
    )


def _decide(here: Sitting, form: PermissionForm, state: State) -> ResponseReturnValue:
    changed("interview", here.interview_id, ["decisions"])
    for purpose in FIRST:
        said, was = form[purpose.value].data, state.decisions.get(purpose.value)
        if said is None or was is said:
            continue
        record.decide(
            db(),
            here.interview_id,
            purpose,
            said,
            channel=here.channel,
            now=now(),
            recorded_by=current_staff().id,
        )
        if was and purpose is not Purpose.TALK:
            no_longer(here.interview_id, purpose, here.channel)
        if purpose is Purpose.TALK and not said:
            _spoke(here, Outcome.DECLINED)
            return redirect(here.address("call_pad.done"))
    return redirect(here.address("call_pad.pad"))


def _spoke(here: Sitting, outcome: Outcome) -> None:
    close_sitting(
        db(),
        here.talk.case_id,
        here.talk.person.id,
        here.channel,
        outcome,
        {},
        by=actor(),
        now=now(),
    )


@blueprint.route(TALK + "/pad", methods=["GET", "POST"])
def pad(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """The pad itself. One button keeps the whole page; others keep it first, then go on."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    form = Form()
    state = state_now(here)
    guide = record.guide_of(db(), here.interview_id)
    slots = notes.posted(request.form, guide)
    if not form.validate_on_submit():
        if request.method in SAFE and not may_write(state):
            return redirect(here.address("call_pad.permission"))
        return _pad(here, form, [slot for slot in slots if slot.text.strip()])
    wanted = request.form.get("do", "")
    if wanted == "reopen" and state.stage is Stage.SENT:
        record.happen(
            db(), here.interview_id, Reopened(here.channel), now(), recorded_by=current_staff().id
        )
    changed("interview", here.interview_id, ["notes"])
    kept = notes.keep(here.interview_id, slots, here.channel)
    if not kept.well:
        # What could be kept is kept; only the rest is asked about.
        return _pad(here, form, kept.slots, kept)
    if wanted.partition(":")[0] == "concern":
        back = here.address("call_pad.pad")
        piece = notes.piece_of(wanted.partition(":")[2], slots, state_now(here))
        return redirect(
            url_for("concerns.raise_one", interview=here.interview_id, fragment=piece, back=back)
        )
    if wanted in ASIDES:
        return redirect(here.address(ASIDES[wanted]))
    return redirect(here.address("call_pad.pad", saved=1))


@blueprint.post(TALK + "/pad/note")
def keep_note(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """One note, saved while it is typed."""
    here = sitting(case_id, participant_id)
    if here is None or not Form().validate_on_submit():
        return _problem(_("Not saved yet. Press “Save all”: nothing is lost."))
    slots = notes.posted(request.form, record.guide_of(db(), here.interview_id))
    if len(slots) != 1:
        abort(400)
    slot = slots[0]
    if len(slot.text) > LONGEST_ANSWER:
        return _problem(
            _(
                "Too long to save: there is room for %(longest)d letters in one note. Move some of "
                "it into another note and press “Save all”. Nothing is lost.",
                longest=LONGEST_ANSWER,
            )
        )
    try:
        taken = notes.keep_one(here.interview_id, slot, here.channel)
    except Newer:
        return _problem(
            _("This was changed somewhere else. Press “Save all” to see both."), "newer"
        )
    except Sent:
        return _problem(_("The account was sent meanwhile. Press “Save all” to go on."), "sent")
    except MayNotKeep:
        return _problem(_("They have said no meanwhile, so this is not stored."), "refused")
    changed("interview", here.interview_id, ["notes"])
    return jsonify(
        id=taken.fragment_id.hex if taken.fragment_id else None,
        done=record.state_of(db(), here.interview_id).answered(slot.prompt_id),
        said=_("Saved %(time)s", time=time_of_day(now())),
    )


def _problem(said: str, why: str = "form") -> ResponseReturnValue:
    return jsonify(problem=why, said=said), 409


def _pad(
    here: Sitting, form: Form, slots: list[notes.Slot], kept: notes.Kept | None = None
) -> Response:
    interview_id = here.interview_id
    guide = record.guide_of(db(), interview_id)
    state = record.as_agreed(db(), interview_id, now())
    # After a no, nothing but what was typed into this very page.
    account = written_on(here, state)
    seen("interview", interview_id, ["account", "decisions"])
    view: CaseView = case_view(db(), here.talk.case_id, now())
    return show(
        "pad.html",
        409 if kept and kept.refused else None,
        form=form,
        here=here,
        case=view,
        person=here.talk.person.facts,
        state=state,
        guide=guide,
        notes=notes.asked(NOTES, guide, account, state, slots),
        headings=[
            (
                heading,
                [notes.asked(p.id, guide, account, state, slots) for p in heading.prompts],
            )
            for heading in guide.headings
        ],
        decided=standing(db(), interview_id, now()),
        kept=kept,
        saved=request.method == "GET" and "saved" in request.args,
        time=now(),
        language_name=language_name,
    )
