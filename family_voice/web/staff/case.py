"""One case: who could speak, what was tried, how long it took, and taking it out of the sample."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import ValidationError

from family_voice.cases import looking, reaching, standing_down
from family_voice.cases.candidates import told_by
from family_voice.cases.deadlines import LONDON, age, london_date
from family_voice.cases.finality import IsFinal
from family_voice.cases.ledger import (
    AGREED_TRIES,
    AGREED_WAYS,
    Outcome,
    StoodDown,
    Talk,
    agreed_attempts_made,
)
from family_voice.cases.reaching import MOST_MINUTES, Channel, Step
from family_voice.cases.reading import CaseView, case_view
from family_voice.cases.sittings import who_was_there
from family_voice.interviews.words import Speaker
from family_voice.language.formats import time_of_day
from family_voice.language.texts import _, lazy, ngettext
from family_voice.messages import thread
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Day, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.account_calls import press_words
from family_voice.web.staff.desk import blueprint, case_seen, language_name, page
from family_voice.web.staff.invited import how_far
from family_voice.web.staff.labels import CHANNELS, OUTCOMES, STEPS, STOOD_DOWN

# Longer than any number of minutes, however many noughts it begins with.
LONGEST_NUMBER = 6
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?")


class Minutes(Line):
    """A number of minutes; `minutes` is 0 where nothing was put."""

    @property
    def minutes(self) -> int:
        return int(self.data) if self.data else 0

    def pre_validate(self, form: object) -> None:
        typed = self.data or ""
        if typed and not (
            typed.isascii()
            and typed.isdigit()
            and len(typed) <= LONGEST_NUMBER
            and 1 <= int(typed) <= MOST_MINUTES
        ):
            raise ValidationError(
                _("Put whole minutes as a number from 1 to %(most)d.", most=MOST_MINUTES)
            )


class AttemptForm(Form):
    """One try at reaching somebody."""

    whom = Choice(lazy("Whom did you try to reach?"))
    channel = Choice(
        lazy("How?"),
        [Option(each.value, words) for each, words in CHANNELS.items()],
        [Needed(lazy("Choose how you tried."))],
    )
    outcome = Choice(
        lazy("What came of it?"),
        [Option(each.value, words) for each, words in OUTCOMES.items()],
        [Needed(lazy("Choose what came of it."))],
    )
    day = Day(lazy("On which day?"), [Needed(lazy("Put the day."))])
    time = Line(lazy("At what time?"), [Needed(lazy("Put the time, such as 14:30."))])
    took = Minutes(lazy("How many minutes did it take?"))

    def at(self) -> datetime | None:
        """When it was, or None with the error set where that is no time."""
        found = _TIME.fullmatch((self.time.data or "").strip())
        if found is None or self.day.data is None:
            self.time.errors = [_("Put the time as hours and minutes, such as 14:30.")]
            return None
        clock = time(int(found[1]), int(found[2] or 0))
        return datetime.combine(self.day.data, clock, LONDON)


class MinutesForm(Form):
    """Minutes that one step took."""

    step = Choice(
        lazy("What took the time?"),
        [Option(each.value, words) for each, words in STEPS.items()],
        [Needed(lazy("Choose what took the time."))],
    )
    took = Minutes(lazy("How many minutes?"), [Needed(lazy("Put how many minutes it took."))])


class EnoughForm(Form):
    """That nobody is to be tried again, although fewer tries were made than are agreed."""

    sure = Choices(
        lazy("Stop before the agreed tries are made?"),
        [Option("yes", lazy("Yes. Nobody of this family is to be tried again."))],
    )


class StandDownForm(Form):
    """Why a case leaves the sample."""

    reason = Choice(
        lazy("Why?"),
        [Option(each.value, words) for each, words in STOOD_DOWN.items()],
        [Needed(lazy("Choose why."))],
    )


@blueprint.get("/cases/<uuid:case_id>")
def case(case_id: UUID) -> Response:
    """One case."""
    return _case_page(case_id)


@blueprint.post("/cases/<uuid:case_id>/attempts")
def add_attempt(case_id: UUID) -> ResponseReturnValue:
    """Write down one try."""
    form = _attempt_form(case_view(db(), case_id, now()), posted=True)
    at = form.at() if form.validate_on_submit() else None
    if at is None:
        return _case_page(case_id, attempt=form)
    try:
        reaching.record_attempt(
            db(),
            case_id,
            participant_id=UUID(form.whom.data) if form.whom.data else None,
            channel=Channel(form.channel.data),
            outcome=Outcome(form.outcome.data),
            at=at,
            by=actor(),
            now=now(),
            minutes=form.took.minutes,
        )
    except reaching.NotYet:
        form.day.errors = [_("This is still to come. Put when you tried.")]
        return _case_page(case_id, attempt=form)
    flash(_("We have written that down."))
    return _back(case_id, "tried")


@blueprint.post("/cases/<uuid:case_id>/attempts/<uuid:attempt_id>/take-back")
def take_back_attempt(case_id: UUID, attempt_id: UUID) -> ResponseReturnValue:
    """A try was written down by mistake, or what came of it holds no more."""
    if not Form().validate_on_submit():
        return _case_page(case_id, stale=True)
    try:
        reaching.take_back_attempt(db(), case_id, attempt_id, actor(), now())
    except reaching.Sent:
        return error_page(409)
    flash(_("Taken back. It is still shown, and counts no more."))
    return _back(case_id, "tried")


@blueprint.post("/cases/<uuid:case_id>/minutes")
def add_minutes(case_id: UUID) -> ResponseReturnValue:
    """Write down minutes."""
    form = MinutesForm(prefix="minutes")
    if not form.validate_on_submit():
        return _case_page(case_id, minutes=form)
    reaching.record_minutes(db(), case_id, Step(form.step.data), form.took.minutes, actor(), now())
    flash(_("We have added the minutes."))
    return _back(case_id, "minutes")


@blueprint.post("/cases/<uuid:case_id>/tried-enough/<any(yes, no):enough>")
def tried_enough(case_id: UUID, enough: str) -> ResponseReturnValue:
    """Say that all agreed attempts were made, or that they were not."""
    form = EnoughForm(prefix="enough")
    if not form.validate_on_submit():
        return _case_page(case_id, stale=True)
    if enough == "yes" and not form.sure.chosen("yes"):
        view, _of_round = case_seen(case_id)
        if not agreed_attempts_made(each.channel for each in view.attempts):
            form.sure.errors = [_("Tick the box if nobody is to be tried again, or go on trying.")]
            return _case_page(case_id, enough=form)
    reaching.say_tried_enough(db(), case_id, enough == "yes", actor(), now())
    flash(_("All agreed attempts are made.") if enough == "yes" else _("You go on trying."))
    return _back(case_id, "tried")


@blueprint.route("/cases/<uuid:case_id>/stand-down", methods=["GET", "POST"])
def stand_down(case_id: UUID) -> ResponseReturnValue:
    """Take a case out of the sample; the page says what that does."""
    form = StandDownForm()
    if form.validate_on_submit():
        try:
            done = standing_down.stand_down(
                db(), case_id, StoodDown(form.reason.data), actor(), now()
            )
        except standing_down.AlreadyStoodDown:
            form.form_errors.append(_("Somebody else has stood this case down already."))
        else:
            flash(_stood_down_sentence(done))
            return _back(case_id)
    view, of_round = case_seen(case_id)
    return page("stand_down.html", form=form, case=view, round=of_round)


@blueprint.post("/cases/<uuid:case_id>/put-back")
def put_back(case_id: UUID) -> ResponseReturnValue:
    """Standing down was a slip."""
    if not Form().validate_on_submit():
        return _case_page(case_id, stale=True)
    try:
        standing_down.put_back(db(), case_id, actor(), now())
    except IsFinal:
        flash(_("Level 3 of this round is final, so the case stays as it is. Open it again first."))
    except standing_down.Replaced:
        flash(_("Another case has its place in the sample by now, so this one stays stood down."))
    else:
        flash(_("The case is back. Nothing was sent."))
    return _back(case_id)


@blueprint.post("/cases/<uuid:case_id>/release")
def release(case_id: UUID) -> ResponseReturnValue:
    """Let the family be invited again."""
    if not Form().validate_on_submit():
        return _case_page(case_id, stale=True)
    standing_down.release_siblings(db(), case_id, actor(), now())
    flash(_("Invitations to this family are released. Nothing was sent."))
    return _back(case_id)


def _case_page(
    case_id: UUID,
    attempt: AttemptForm | None = None,
    minutes: MinutesForm | None = None,
    enough: EnoughForm | None = None,
    stale: bool = False,
) -> Response:
    view, of_round = case_seen(case_id)
    born = view.child.facts.date_of_birth
    came = [each.interview_id for each in view.came_uninvited]
    newcomers = {interview_id: told_by(db(), interview_id) for interview_id in came}
    for interview_id in newcomers:
        seen("interview", interview_id, ("name", "relationship", "phone"))
    whose = _whose(view, newcomers)
    form = Form(formdata=None)
    if stale:
        form.form_errors.append(_("This page had been open for a long time. Press it again."))
    return page(
        "case.html",
        form=form,
        enough=enough or EnoughForm(formdata=None, prefix="enough"),
        tried_as_agreed=agreed_attempts_made(each.channel for each in view.attempts),
        agreed_tries=AGREED_TRIES,
        agreed_ways=AGREED_WAYS,
        case=view,
        round=of_round,
        names=of_round.framework.names,
        accounts=[
            (each, whose.get(each.interview_id, ""))
            for each in view.accounts
            if each.talk in (Talk.BEGUN, Talk.FINISHED)
        ],
        newcomers=list(newcomers.items()),
        there=who_was_there(db(), [each.interview_id for each in view.accounts]),
        signs=_signs(view, whose),
        how_far=how_far(view),
        texted=thread.with_texts(db(), _conversations(view)),
        **press_words([*(call.interview_id for call in view.calls), *newcomers]),
        told_by={
            call.interview_id: told_by(db(), call.interview_id)
            for call in view.calls
            if call.person is None
        },
        age=age(born, london_date(now())) if born else None,
        language_name=language_name,
        attempt=attempt or _attempt_form(view),
        minutes=minutes or MinutesForm(formdata=None, prefix="minutes"),
        Step=Step,
        today=london_date(now()),
    )


def _conversations(view: CaseView) -> set[UUID]:
    own = {each.interview_id for each in view.people if each.interview_id is not None}
    return own | {each.interview_id for each in view.accounts}


def _whose(view: CaseView, newcomers: dict[UUID, Speaker]) -> dict[UUID, str]:
    """By account, the name of who spoke; one that nobody told us is missing."""
    known = {each.person.id: each.person.facts.name for each in view.people}
    found = {
        each.interview_id: known.get(each.participant_id, "") if each.participant_id else ""
        for each in view.accounts
    }
    return found | {each: who.name for each, who in newcomers.items()}


def _signs(view: CaseView, whose: dict[UUID, str]) -> list[tuple[UUID, str, looking.Signs]]:
    """What to look at in each account of the case, with whose it is."""
    found = [
        (
            each.interview_id,
            whose.get(each.interview_id, ""),
            looking.signs(db(), each.interview_id, now()),
        )
        for each in view.accounts
    ]
    return [each for each in found if each[2].any]


def _attempt_form(view: CaseView, posted: bool = False) -> AttemptForm:
    moment = now()
    given: dict[str, Any] = {} if posted else {"formdata": None}
    form = AttemptForm(
        prefix="attempt",
        data={"day": london_date(moment), "time": time_of_day(moment)},
        **given,
    )
    form.whom.options = [
        Option(str(each.person.id), each.person.facts.name) for each in view.people
    ]
    return form


def _stood_down_sentence(done: standing_down.StandingDown) -> str:
    texts = ngettext(
        "%(num)d text that was waiting was cancelled.",
        "%(num)d texts that were waiting were cancelled.",
        done.texts_cancelled,
    )
    held = ngettext(
        "Invitations for %(num)d sibling are held until you release them.",
        "Invitations for %(num)d siblings are held until you release them.",
        done.siblings_held,
    )
    parts = [_("The case is stood down."), texts]
    return " ".join([*parts, held] if done.siblings_held else parts)


def _back(case_id: UUID, anchor: str = "") -> ResponseReturnValue:
    return redirect(url_for("staff.case", case_id=case_id, _anchor=anchor or None))
