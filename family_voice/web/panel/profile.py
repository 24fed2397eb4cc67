"""The pupil profile: who reads the pack reads it; the session's chair types the agencies' part."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField

from family_voice.improvement.views import PROFILE, Overtaken, View, profile_of, write_view
from family_voice.language.texts import gettext as _
from family_voice.reports.case_pack import CasePack, case_pack
from family_voice.reports.pupil_profile import pupil_profile
from family_voice.security.trail import record
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.panel.door import blueprint, is_lead, refuse, seat_for
from family_voice.web.panel.labels import LABELS
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Words
from family_voice.web.shared.forms import Form
from family_voice.web.shared.pages import render

LONGEST = 2000


@blueprint.get("/cases/<uuid:case_id>/profile")
def profile(case_id: UUID) -> Response:
    """What is known of the child, each thing under how it is known."""
    seat = seat_for(case_id)
    found = pupil_profile(db(), case_id, current_staff().id, now=now())
    said = ("sentences", *map(str, found.words_of)) if found.words_of else ()
    seen("pack", case_id, ("profile", "own_sign", *said))
    return render(
        "panel/profile.html",
        profile=found,
        pack=found.pack,
        is_chair=seat is not None and seat.is_chair,
        may_look=is_lead(),
        **LABELS,
    )


@blueprint.route("/cases/<uuid:case_id>/profile/lines", methods=["GET", "POST"])
def profile_lines(case_id: UUID) -> ResponseReturnValue:
    """Write down how each agency knows the child; only the chair of the session does."""
    seat = seat_for(case_id)
    if seat is None or not seat.is_chair:
        refuse(case_id)
    pack = case_pack(db(), case_id, current_staff().id, now=now())
    form = _form_for(pack)(data=_standing(case_id, pack))
    overtaken: dict[str, View] = {}
    if form.validate_on_submit():
        overtaken = _write(case_id, pack, form)
        if not overtaken:
            return redirect(url_for("panel.profile", case_id=case_id))
    seen("professional view", case_id, ["profile"])
    return render("panel/profile_lines.html", pack=pack, form=form, overtaken=overtaken, **LABELS)


def _write(case_id: UUID, pack: CasePack, form: Form) -> dict[str, View]:
    """Write what was changed. What somebody else wrote meanwhile comes back, and is not lost."""
    overtaken, changed = {}, []
    me, moment = current_staff().id, now()
    for agency in pack.framework.agencies:
        words, was = form[agency.id].data or "", form[f"{agency.id}-was"].data or ""
        if words.strip() == was.strip():
            continue
        version = form[f"{agency.id}-version"].data or 0
        try:
            write_view(db(), case_id, PROFILE, agency.id, words, me, moment, version)
            changed.append(agency.id)
        except Overtaken as problem:
            if problem.standing.words == words.strip():
                continue
            overtaken[agency.id] = problem.standing
            form[agency.id].errors = [
                _("Somebody else wrote here while you were typing. Keep one of the two.")
            ]
            for part, value in (
                ("was", problem.standing.words),
                ("version", problem.standing.version),
            ):
                hidden = form[f"{agency.id}-{part}"]
                hidden.data, hidden.raw_data = value, None
    if changed:
        record(db(), actor(), "change", "professional view", case_id, moment, ["profile", *changed])
    return overtaken


def _form_for(pack: CasePack) -> type[Form]:
    fields: dict[str, object] = {}
    for agency in pack.framework.agencies:
        fields[agency.id] = Words(agency.name, longest=LONGEST)
        fields[f"{agency.id}-was"] = HiddenField()
        fields[f"{agency.id}-version"] = IntegerField()
    return type("ProfileForm", (Form,), fields)


def _standing(case_id: UUID, pack: CasePack) -> dict[str, object]:
    written = profile_of(db(), case_id)
    data: dict[str, object] = {}
    for agency in pack.framework.agencies:
        stands = written.get(agency.id)
        data[agency.id] = data[f"{agency.id}-was"] = stands.words if stands else ""
        data[f"{agency.id}-version"] = stands.version if stands else 0
    return data
