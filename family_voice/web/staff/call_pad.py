"""The call pad's beginning: how one talks, and permission before the first note."""

from __future__ import annotations

from uuid import UUID

from flask import redirect
from flask.typing import ResponseReturnValue

from family_voice.cases.ledger import Outcome
from family_voice.cases.reading import case_view
from family_voice.cases.sittings import Presence
from family_voice.cases.talking import (
    UNLESS_THEY_CAME,
    MayNotAsk,
    NotSafe,
    StoodDown,
    begin_talk,
    close_sitting,
    talk_of,
)
from family_voice.consent.decisions import standing
from family_voice.consent.statements import FIRST, Purpose
from family_voice.interviews import record
from family_voice.interviews.errors import EngineError, NotTheirs
from family_voice.interviews.events import NOTES, Channel
from family_voice.interviews.state import Stage, State
from family_voice.language.texts import gettext as _
from family_voice.web.access import actor, changed, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.staff.call_pad_forms import (
    CHILD,
    INTERPRETER,
    TOGETHER,
    BeginForm,
    PermissionForm,
)
from family_voice.web.staff.call_pad_sitting import (
    TALK,
    Sitting,
    blueprint,
    may_write,
    show,
    sitting,
    start_address,
    state_now,
)
from family_voice.web.staff.call_pad_wording import read_out
from family_voice.web.staff.desk import language_name
from family_voice.web.staff.labels import OBSTACLES
from family_voice.web.staff.missed_calls import said_with_call
from family_voice.web.staff.withdrawals import no_longer


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
                presence=Presence(
                    INTERPRETER in (form.there.data or ()), CHILD in (form.there.data or ())
                ),
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
        with_call=said_with_call([talk.interview_id] if talk.interview_id else []),
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
