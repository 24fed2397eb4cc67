"""A round's sample: drawn by the rule, filled where a case was stood down, or picked by hand."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import drawing
from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import IsFinal, final_of
from family_voice.cases.ledger import StoodDown
from family_voice.cases.sample_file import file_to_fill_in
from family_voice.cases.sampled import SampleView, Why, place_in, sample_of
from family_voice.cases.sampling import Lacking, NoRoom, NotEnough
from family_voice.cases.standing_down import AlreadyStoodDown
from family_voice.language.texts import _, lazy, ngettext
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, exported, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.case import StandDownForm
from family_voice.web.staff.desk import page
from family_voice.web.staff.sample_words import (
    HOW,
    LEFT_OUT,
    WHY,
    bar,
    rule_of,
    themes_unknown,
)

blueprint = Blueprint("sample", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

SAMPLE_FIELDS = ("reference", "plan_type", "year_group", "area_of_need", "placement")
REFUSED: dict[type[Exception], object] = {
    drawing.NoCaseload: lazy("There is no caseload to draw from. Bring it in first."),
    drawing.NothingToDraw: lazy(
        "Every place of this sample is taken. Only a case that is stood down leaves one."
    ),
    drawing.RoundIsOver: lazy("This round is closed. Its sample stays as it is."),
    drawing.NotInCaseload: lazy("No child in the caseload has this reference. Check it."),
    drawing.InSampleAlready: lazy("This child is in the sample, or was and has been stood down."),
    drawing.HasItsCase: lazy("The names of this case are in. Stand it down on its own page."),
    AlreadyStoodDown: lazy("Somebody has stood this case down meanwhile."),
    IsFinal: lazy("Level 3 of this round is final. Open it again first."),
    NoRoom: lazy(
        "The rule has no place left for a case of this kind: the places that are left are kept for "
        "others."
    ),
}
REFUSALS = tuple(REFUSED)


class DrawForm(Form):
    """Draw; `short` takes what there is where there is too little."""

    short = HiddenField()


class PickForm(Form):
    """One case, and why it is not left to the draw."""

    reference = Line(
        lazy("Case reference"),
        [Needed(lazy("Put the case reference."))],
        longest=40,
        description=lazy("As it is in the caseload."),
    )
    why = Choice(
        lazy("Why is it not left to the draw?"),
        [Option(each.value, words) for each, words in WHY.items() if each is not Why.WITH_FILE],
        [Needed(lazy("Choose why."))],
    )


@blueprint.get("/rounds/<uuid:round_id>/sample")
def sample(round_id: UUID) -> Response:
    """The sample as it stands and what to do next."""
    return _page(sample_of(db(), round_id))


@blueprint.post("/rounds/<uuid:round_id>/sample")
def draw(round_id: UUID) -> ResponseReturnValue:
    """Draw it, or whoever comes next."""
    form = DrawForm()
    if not form.validate_on_submit():
        return _page(sample_of(db(), round_id), form)
    try:
        drawn = drawing.draw_sample(
            db(), round_id, current_staff().id, now(), short=bool(form.short.data)
        )
    except NotEnough as lacked:
        return _page(sample_of(db(), round_id), form, lacked.lacking)
    except REFUSALS as refused:
        flash(str(REFUSED[type(refused)]))
    else:
        record(db(), actor(), "draw", "round", round_id, now(), ["sample"])
        flash(
            ngettext(
                "Drawn. %(num)d case waits for names.",
                "Drawn. %(num)d cases wait for names.",
                len(drawn.waiting),
            )
            if drawn.round.audit.hears_families
            else _("Drawn.")
        )
    return redirect(url_for("sample.sample", round_id=round_id))


@blueprint.route("/rounds/<uuid:round_id>/sample/pick", methods=["GET", "POST"])
def pick(round_id: UUID) -> ResponseReturnValue:
    """Put one case in by hand."""
    form = PickForm()
    if form.validate_on_submit():
        try:
            line = drawing.pick_by_hand(
                db(), round_id, form.reference.data or "", Why(form.why.data),
                current_staff().id, now(),
            )  # fmt: skip
        except REFUSALS as refused:
            form.reference.errors = [str(REFUSED[type(refused)])]
        else:
            record(db(), actor(), "pick", "round", round_id, now(), ["sample"])
            flash(
                _("Picked by hand, against the rule, and recorded as that.")
                if line.left_out
                else _("Picked by hand, and recorded as that.")
            )
            return redirect(url_for("sample.sample", round_id=round_id))
    return page("sample/pick.html", form=form, sample=sample_of(db(), round_id))


@blueprint.route("/sampled/<uuid:place_id>/stand-down", methods=["GET", "POST"])
def stand_down(place_id: UUID) -> ResponseReturnValue:
    """Take out a case whose names have not come in."""
    round_id, line = place_in(db(), place_id)
    form = StandDownForm()
    if form.validate_on_submit():
        try:
            drawing.stand_down_place(db(), place_id, StoodDown(form.reason.data), now())
        except REFUSALS as refused:
            flash(str(REFUSED[type(refused)]))
        else:
            record(db(), actor(), "change", "round", round_id, now(), ["sample", "stood_down"])
            flash(_("Stood down. Its place is free: draw who comes next."))
        return redirect(url_for("sample.sample", round_id=round_id))
    seen("round", round_id, SAMPLE_FIELDS)
    return page("sample/stand_down.html", form=form, line=line, round_id=round_id)


@blueprint.get("/rounds/<uuid:round_id>/sample-to-fill-in.csv")
def to_fill_in(round_id: UUID) -> Response:
    """The file that names and contacts are put into."""
    found = sample_of(db(), round_id)
    exported("round", round_id, SAMPLE_FIELDS)
    return Response(
        file_to_fill_in(found),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="sample-to-fill-in.csv"'},
    )


def _page(
    found: SampleView, form: DrawForm | None = None, lacking: tuple[Lacking, ...] = ()
) -> Response:
    round_id, audit = found.round.id, found.round.audit
    on = found.draw.drawn_on if found.draw else london_date(now())
    frozen = found.round.frozen(now())
    ahead, no_room = None, False
    if found.draw is None and found.empty and not frozen:
        try:
            ahead = drawing.outlook(db(), round_id, now())
        except NoRoom:
            no_room = True
    pool = found.draw or ahead
    strata = {each.id: each.name for each in audit.strata}
    seen("round", round_id, SAMPLE_FIELDS)
    return page(
        "sample/sample.html",
        form=form or DrawForm(),
        sample=found,
        round=found.round,
        audit=audit,
        ahead=ahead,
        no_room=no_room,
        frozen=frozen,
        final=final_of(db(), round_id) is not None,
        lacking=[(strata.get(each.stratum, ""), each.count) for each in lacking],
        rule=rule_of(found.round, on),
        unknown=themes_unknown(found.round),
        pool=pool,
        pieces=bar(pool.may_be_drawn, pool.left_out) if pool and pool.in_caseload else [],
        strata=strata,
        names=found.round.framework.names,
        by=names_of_staff(db(), {found.draw.by} if found.draw and found.draw.by else set()),
        HOW=HOW,
        WHY=WHY,
        LEFT_OUT=LEFT_OUT,
    )
