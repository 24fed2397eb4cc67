"""Where two coders differ, side by side; and the meetings that talk about it and decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.candidates import told_by
from family_voice.cases.permission import NotForUs
from family_voice.cases.rounds import all_rounds
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.people.access import Action, Resource, may
from family_voice.people.staff import everybody, names_of_staff, roles_of
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import consensus
from family_voice.themes.coding import NoSuchCode
from family_voice.themes.consensus import Decision, Meeting, Point, Verdict
from family_voice.themes.disagreements import Beside, Difference, Pair, beside, pairs
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Day, Line, Needed, Option, Words
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import closed, page
from family_voice.web.staff.second_coding import named
from family_voice.web.staff.second_coding_agreement import chosen_round, code_names

blueprint = Blueprint("consensus", __name__, url_prefix="/staff/coding")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))
blueprint.register_error_handler(NotForUs, closed)

# Each code's verdict is a field of its own: this and the code's id.
FIELD = "verdict-"


class ShowForm(Form):
    """Which differences to show."""

    round = Choice(lazy("Round"))
    code = Choice(lazy("Code"))


class DecideForm(Form):
    """What a meeting decided of one answer; the verdicts are fields of their own."""

    meeting = Line("")
    interview = Line("")
    prompt = Line("")
    why = Words(
        lazy("Why?"),
        [Needed(lazy("Put why you decided so. One sentence is enough."))],
        longest=2_000,
    )


class MeetingForm(Form):
    """A meeting that was held."""

    held_on = Day(lazy("When did you meet?"), [Needed(lazy("Put the day of the meeting."))])
    present = Choices(
        lazy("Who was there?"), validators=[Needed(lazy("Choose who was there: at least two."))]
    )


@dataclass(frozen=True)
class Compared:
    """One account that was coded twice, with the answers that are to be shown."""

    pair: Pair
    answers: tuple[tuple[Beside, tuple[Difference, ...]], ...]
    alike: int


@blueprint.get("/disagreements")
def differences() -> Response:
    """The accounts that were coded twice, where the two differ; with a meeting, to decide."""
    return _page(DecideForm(formdata=None), _meeting(request.args.get("meeting", "")))


@blueprint.post("/disagreements")
def decide() -> ResponseReturnValue:
    """Keep what a meeting decided of one answer."""
    form = DecideForm()
    meeting, interview_id = _meeting(form.meeting.data or ""), id_in(form.interview.data)
    if meeting is None or interview_id is None:
        raise Missing
    right, verdicts = form.validate_on_submit(), _verdicts()
    if not verdicts:
        form.form_errors.append(_("Choose for at least one code what it is to be."))
    if not right or not verdicts:
        return _page(form, meeting, verdicts)
    try:
        consensus.decide(
            db(), meeting.id, interview_id, form.prompt.data or "", verdicts,
            why=form.why.data or "", by=current_staff().id, now=now(),
        )  # fmt: skip
    except consensus.NotOpen:
        form.form_errors.append(
            _("The family has changed this answer since you opened the page. It is new below.")
        )
        return _page(form, meeting, verdicts)
    except NoSuchCode:
        form.form_errors.append(
            _("One of these codes is no longer in use. Choose another for it on the coding page.")
        )
        return _page(form, meeting, verdicts)
    record(db(), actor(), "change", "coding", interview_id, now(), ["consensus"])
    flash(_("Kept, and the codes are changed."))
    place = f"account-{interview_id}"
    return redirect(url_for("consensus.differences", meeting=meeting.id, _anchor=place))


@blueprint.get("/meetings")
def meetings() -> Response:
    """The meetings that were held."""
    return _meetings_page(_meeting_form(MeetingForm(formdata=None)))


@blueprint.post("/meetings")
def hold() -> ResponseReturnValue:
    """Write down that a meeting was held, and go on to what it decided."""
    form = _meeting_form(MeetingForm())
    if not form.validate_on_submit() or form.held_on.data is None:
        return _meetings_page(form)
    there = [UUID(each) for each in form.present.data or ()]
    try:
        made = consensus.hold(db(), form.held_on.data, there, current_staff().id, now())
    except consensus.NobodyThere:
        form.present.errors = [_("Choose at least two people: a meeting is no meeting with one.")]
        return _meetings_page(form)
    except consensus.NotYet:
        form.held_on.errors = [_("This day has not come yet. Put the day on which you met.")]
        return _meetings_page(form)
    record(db(), actor(), "add", "coding", None, now(), ["consensus"])
    return redirect(url_for("consensus.differences", meeting=made))


def _page(
    form: DecideForm, meeting: Meeting | None, tried: Mapping[str, Verdict] | None = None
) -> Response:
    wanted, names = chosen_round(), code_names()
    show = ShowForm(formdata=None, meta={"csrf": False})
    show.round.options = [Option(str(each.id), each.term) for each in all_rounds(db())]
    show.round.data = str(wanted.id) if wanted else None
    show.code.options = [Option(code, name) for code, name in names.items()]
    show.code.data = request.args.get("code") if request.args.get("code") in names else None
    found = pairs(db(), now(), wanted.id if wanted and meeting is None else None)
    decided = consensus.decisions(db(), [each.interview_id for each in found])
    compared = [_compared(each, decided, meeting, show.code.data) for each in found]
    compared = [each for each in compared if each.answers or (not meeting and not show.code.data)]
    for each in compared:
        seen("interview", each.pair.interview_id, ["answers", "codes", "second coding"])
    held = consensus.meetings(db(), now())
    people = {who for each in found for who in (*each.first_by, each.second_by)}
    people |= {who for each in held for who in each.present}
    return page(
        "second_coding/differences.html",
        form=form,
        show=show,
        round=wanted,
        meeting=meeting,
        compared=compared,
        any_pairs=bool(found),
        decided=decided,
        open=sum(
            (each.pair.interview_id, answer.prompt_id, difference.code.id) not in decided
            for each in compared
            for answer, differing in each.answers
            for difference in differing
        ),
        meetings={each.id: each for each in held},
        cases=named([each.interview_id for each in found]),
        told={each.pair.interview_id: told_by(db(), each.pair.interview_id) for each in compared},
        people=names_of_staff(db(), people | {each.by for each in decided.values()}),
        field=FIELD,
        tried=tried or {},
        verdicts=Verdict,
    )


def _compared(
    pair: Pair, decided: Mapping[Point, Decision], meeting: Meeting | None, code: str | None
) -> Compared:
    """At a meeting, what is still open and what it has decided itself; else everything."""
    answers, alike = [], 0
    for answer in beside(db(), pair, current_staff().id, now()):
        differing = []
        for each in answer.differences:
            done = decided.get((pair.interview_id, answer.prompt_id, each.code.id))
            of_meeting = meeting is None or done is None or done.meeting_id == meeting.id
            if of_meeting and code in (None, each.code.id):
                differing.append(each)
        alike += not answer.differences
        if differing:
            answers.append((answer, tuple(differing)))
    return Compared(pair, tuple(answers), alike)


def _verdicts() -> dict[str, Verdict]:
    return {
        name.removeprefix(FIELD): Verdict(value)
        for name, value in request.form.items()
        if name.startswith(FIELD) and value in set(Verdict)
    }


def _meeting(text: str) -> Meeting | None:
    wanted = id_in(text)
    return next((each for each in consensus.meetings(db(), now()) if each.id == wanted), None)


def _meeting_form(form: MeetingForm) -> MeetingForm:
    """Anybody of the staff who may read themes may have been there, the forum's members too."""
    form.present.options = [
        Option(str(each.id), each.name, each.job_title)
        for each in everybody(db())
        if each.active
        and any(
            may(roles_of(each), Action.SEE, resource)
            for resource in (Resource.CODING, Resource.PACK, Resource.FORUM_PAGE)
        )
    ]
    return form


def _meetings_page(form: MeetingForm) -> Response:
    held = consensus.meetings(db(), now())
    seen("coding", None, ["consensus"])
    return page(
        "second_coding/meetings.html",
        form=form,
        meetings=held,
        people=names_of_staff(db(), {who for each in held for who in each.present}),
    )
