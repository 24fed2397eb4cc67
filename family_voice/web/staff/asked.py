"""What one person was asked and what they agreed to: the evidence, for the lead and the DPO."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from family_voice.cases.candidates import cases_named, told_by
from family_voice.cases.linking import case_of
from family_voice.cases.reading import round_id_of
from family_voice.cases.rounds import round_view
from family_voice.consent.decisions import How
from family_voice.consent.evidence import Asked, asked
from family_voice.consent.lawful_basis import lawful_basis
from family_voice.consent.statements import Purpose
from family_voice.frameworks.loader import version_in_force
from family_voice.language.formats import in_words
from family_voice.language.team import team_named
from family_voice.language.texts import lazy as _
from family_voice.people.access import Role
from family_voice.people.staff import names_of_staff
from family_voice.storage.locking import Missing
from family_voice.web.access import current_roles, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.staff.desk import language_name, page

blueprint = Blueprint("asked", __name__, url_prefix="/staff/accounts")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

PURPOSES = {
    Purpose.TALK: _("Talking with us"),
    Purpose.CHECK: _("The small group may read it"),
    Purpose.QUOTE: _("Short pieces may be quoted"),
    Purpose.COUNT: _("It may be counted"),
    Purpose.CONTACT: _("We may contact them again"),
}
HOWS = {
    How.WEB: _("Read on the web, by themselves"),
    How.READ_OUT: _("Read out to them"),
    How.TEXT: _("By text message"),
    How.FORM: _("On paper or another form, in the same words"),
}
AUDIENCES = {
    "parent_carer": _("for parents and carers"),
    "young_person": _("for young people"),
    "child": _("Easy Read, for a child with a helper"),
    "advocate": _("for somebody who speaks for them"),
}


@blueprint.get("/<uuid:interview_id>/asked")
def evidence(interview_id: UUID) -> Response:
    """Every question of consent, in the words that were put to them, and every answer."""
    who, case_id = told_by(db(), interview_id), case_of(db(), interview_id)
    found = asked(db(), interview_id, now())
    names = _filled_in(case_id)
    seen("interview", interview_id, ["decisions", "name"])
    return page(
        "asked.html",
        who=who,
        case=cases_named(db(), [case_id])[case_id] if case_id else None,
        is_lead=Role.LEAD in current_roles(),
        found=[(each, [words.format_map(names) for words in each.words]) for each in found],
        people=names_of_staff(db(), {each.recorded_by for each in found if each.recorded_by}),
        lawful_basis=lawful_basis(settings()),
        language_name=language_name,
        PURPOSES=PURPOSES,
        HOWS=HOWS,
        AUDIENCES=AUDIENCES,
        NOW_STANDING=_standing(found),
    )


def _standing(found: list[Asked]) -> dict[Purpose, bool]:
    """What stands now, question by question."""
    return {each.statement.purpose: each.yes for each in found if each.stands}


def _filled_in(case_id: UUID | None) -> dict[str, str]:
    """The names that every statement leaves open, as they are now."""
    chosen = settings()
    if case_id:
        panel = round_view(db(), round_id_of(db(), case_id)).panel
    else:
        framework = version_in_force(chosen.framework, now().date())
        panel = framework.panel(framework.main_audit)
    return {
        "area": chosen.area_name,
        "team": team_named(chosen.team_name),
        "phone": chosen.phone,
        "emergency_phone": chosen.emergency_phone,
        "roles": in_words([role.name for role in panel]),
    }
