"""Making a round's release: the lead looks at what will show, and confirms."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.rounds import RoundView, round_view
from family_voice.language.formats import long_date
from family_voice.language.texts import _
from family_voice.security.trail import record
from family_voice.sharing.releases import (
    AlreadyReleased,
    LaterRoundReleased,
    NotFrozen,
    make_release,
    preview,
)
from family_voice.storage.locking import Missing
from family_voice.web.access import actor
from family_voice.web.forum.pages import numbers
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

blueprint = Blueprint("releases", __name__, url_prefix="/staff/rounds")

REFUSED = (NotFrozen, AlreadyReleased, LaterRoundReleased)


@blueprint.errorhandler(Missing)
def not_there(_missing: Missing) -> Response:
    """A round that is not there."""
    return error_page(404)


@blueprint.route("/<uuid:round_id>/release", methods=["GET", "POST"])
def release(round_id: UUID) -> ResponseReturnValue:
    """What a release of this round would show, and making it."""
    round_ = round_view(db(), round_id)
    form = Form()
    try:
        if form.validate_on_submit():
            made = make_release(db(), round_id, now())
            fields = [f"release {made.number}"]
            record(db(), actor(), "export", "release", round_id, now(), fields)
            return redirect(url_for("forum.home"))
        would_show = preview(db(), round_id, now())
    except REFUSED as problem:
        status = 422 if form.is_submitted() else 200
        return render("forum/no_release.html", status, round=round_, sentence=_why(problem, round_))
    return render("forum/release.html", round=round_, form=form, **numbers(would_show))


def _why(problem: Exception, round_: RoundView) -> str:
    if isinstance(problem, NotFrozen):
        return _(
            "This round still takes accounts. It closes on %(day)s; make the release after that.",
            day=long_date(round_.freezes_on),
        )
    if isinstance(problem, AlreadyReleased):
        return _("This round has its release already. A release is never changed.")
    return _(
        "A later round has its release already, and what is shown never goes back in time. This "
        "round’s families are in that release."
    )
