"""The end of a conversation: reading back, what is decided now, what it took."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import redirect, request
from flask.typing import ResponseReturnValue

from family_voice.cases.ledger import Outcome
from family_voice.cases.reaching import Step
from family_voice.cases.sittings import to_come_back_to
from family_voice.cases.talking import close_sitting, has_minutes
from family_voice.consent.decisions import standing
from family_voice.consent.statements import LATER
from family_voice.interviews import about, doors, record
from family_voice.interviews.about import HearBack
from family_voice.interviews.events import Finished, ReadBack
from family_voice.interviews.noting import begun_at
from family_voice.interviews.state import State
from family_voice.interviews.words import Account
from family_voice.language.texts import gettext as _
from family_voice.security.trail import record as on_trail
from family_voice.sharing import quotes
from family_voice.web.access import actor, changed, current_staff, seen
from family_voice.web.services import SAFE, db, now
from family_voice.web.shared.fields import Option
from family_voice.web.staff.call_pad_forms import (
    FEWEST,
    HEAR_BACK,
    MOST,
    STEPS,
    EndingForm,
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
    written_on,
)
from family_voice.web.staff.call_pad_wording import read_out
from family_voice.web.staff.return_words import keep_word
from family_voice.web.staff.withdrawals import no_longer

# A pad left open for longer measures no talk.
LONGEST_TALK = 180


@blueprint.route(TALK + "/ending", methods=["GET", "POST"])
def ending(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """Read back, ask what can be judged only now, and finish or stop for today."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    state = state_now(here)
    allowed = may_write(state)
    if request.method in SAFE and not allowed:
        return redirect(here.address("call_pad.permission"))
    account = written_on(here, state)
    form = EndingForm()
    # What is no longer there may have been ticked: `_check` says so better than the field would.
    form.sentences.options = [Option(each, "") for each in form.sentences.data or ()]
    if form.validate_on_submit():
        finishing = allowed and form.do.data == "finish"
        minutes = form.minutes()
        _check(form, state, account, finishing)
        # The word last: it is kept only if everything else can be.
        if not form.errors and keep_word(form, here.interview_id):
            _write(here, form, state, minutes, finishing)
            return redirect(_next(here, form))
    elif not form.is_submitted():
        form.talk.data = _measured(here)
    if form.page_id() is None:
        form.page.data = uuid4().hex
    seen("interview", here.interview_id, ["account", "decisions"])
    guide = record.guide_of(db(), here.interview_id)
    return show(
        "ending.html",
        form=form,
        here=here,
        person=here.talk.person.facts,
        state=state,
        allowed=allowed,
        account=account,
        has_word=doors.has_return_word(db(), here.interview_id),
        headings={heading.id: heading.title for heading in guide.headings},
        questions=[(purpose, read_out(here, purpose)) for purpose in LATER],
        decided=standing(db(), here.interview_id, now()),
        come_back=[
            each
            for each in guide.prompts.values()
            if each.id in to_come_back_to(db(), here.interview_id)
        ],
        hear_back=about.hear_back(db(), here.interview_id),
        HEAR_BACK=HEAR_BACK,
        steps=STEPS,
    )


@blueprint.get(TALK + "/done")
def done(case_id: UUID, participant_id: UUID) -> ResponseReturnValue:
    """What is on record now, and where to go on."""
    here = sitting(case_id, participant_id)
    if here is None:
        return redirect(start_address(case_id, participant_id))
    seen("interview", here.interview_id, ["decisions"])
    return show(
        "done.html",
        here=here,
        person=here.talk.person.facts,
        state=record.as_agreed(db(), here.interview_id, now()),
        decided=standing(db(), here.interview_id, now()),
    )


def _next(here: Sitting, form: EndingForm) -> str:
    """A quote while they are still there to be asked, if they may be; otherwise the last page."""
    if quotes.to_choose_from(db(), here.interview_id, now()) and not quotes.of_account(
        db(), here.interview_id, now()
    ):
        return here.address("call_pad.quote", sentence=form.sentences.data or None)
    return here.address("call_pad.done")


def _measured(here: Sitting) -> str:
    """The minutes since this sitting began, unless its talk is written down already.

    Nothing else is measured, so nothing else is put in: an empty box counts no minutes.
    """
    staff_id = current_staff().id
    begun = begun_at(db(), here.interview_id, staff_id)
    if begun is None or has_minutes(db(), here.talk.case_id, Step.TALK, staff_id, begun):
        return ""
    spent = -(-int((now() - begun).total_seconds()) // 60)
    return str(spent) if 0 < spent <= LONGEST_TALK else ""


def _check(form: EndingForm, state: State, account: Account, finishing: bool) -> None:
    if not may_write(state):
        if form.about_the_account():
            form.form_errors = [
                _(
                    "They have said no meanwhile, so only the minutes can be kept. They are "
                    "still here: press “Stop here for today” to keep them."
                )
            ]
        return
    if finishing and not state.heard:
        form.form_errors = [
            _("Nothing is written down yet. Go back to the notes, or stop here for today.")
        ]
    elif not state.heard and form.about_the_account():
        form.form_errors = [
            _(
                "What they told us was taken away meanwhile, so there is nothing to read back or "
                "to decide about. Your minutes are still here."
            )
        ]
    # Finishing closes the account: a press too soon must not do that unnoticed.
    said_right = form.right.data or state.read_back_at or form.unread.data
    if finishing and state.heard and not said_right:
        form.unread.errors = [
            _(
                "They have not said yet whether it is right. Read it back to them and ask, "
                "or tick “Finish without reading back”."
            )
        ]
    if not state.heard or form.right.data != "yes":
        return
    known, ticked = {s.id.hex for s in account.sentences}, set(form.sentences.data or ())
    if ticked - known:
        form.sentences.errors = [
            _(
                "Something you had ticked was changed meanwhile. The page shows what they say "
                "now: read it out, and tick it if it is right."
            )
        ]
        return
    if not min(FEWEST, len(known)) <= len(ticked) <= MOST:
        form.sentences.errors = [_("Tick the three to five sentences that you read out to them.")]


def _write(
    here: Sitting, form: EndingForm, state: State, minutes: dict[Step, int], finishing: bool
) -> None:
    interview_id, by, moment = here.interview_id, current_staff().id, now()
    changed("interview", interview_id, ["ending", "decisions"])
    if form.right.data:
        right = form.right.data == "yes"
        happening = ReadBack(here.channel, right=right)
        record.happen(db(), interview_id, happening, moment, recorded_by=by)
        # Which sentences they heard is evidence; their ids say it without the words.
        ids = [f"sentence {each}" for each in form.sentences.data or ()]
        on_trail(db(), actor(), "read_back", "interview", interview_id, moment, ids)
    for purpose in LATER:
        said = form[purpose.value].data
        was = state.decisions.get(purpose.value)
        if said is None or was is said:
            continue
        state = record.decide(
            db(), interview_id, purpose, said, channel=here.channel, now=moment, recorded_by=by
        ).state
        if was:
            no_longer(interview_id, purpose, here.channel)
    if form.hear_back.data:
        about.choose_hear_back(db(), interview_id, HearBack(form.hear_back.data))
    if finishing:
        record.happen(db(), interview_id, Finished(here.channel), moment, recorded_by=by)
    close_sitting(
        db(),
        here.talk.case_id,
        here.talk.person.id,
        here.channel,
        Outcome.SPOKE,
        minutes,
        by=actor(),
        now=moment,
        page=form.page_id(),
    )
