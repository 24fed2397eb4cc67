"""A framework as people would read it: the one in force, or the version that a round pinned."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from family_voice.cases.deadlines import london_date
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import UnknownFramework, load_framework, version_in_force
from family_voice.language.texts import _
from family_voice.web.services import now, settings
from family_voice.web.shared.pages import render
from family_voice.web.staff import audit_words
from family_voice.web.staff.framework_drawing import BAR, SIDE, cases_of, weeks_of

blueprint = Blueprint("framework", __name__, url_prefix="/staff/framework")


@blueprint.get("")
def in_force() -> Response:
    """The framework that a round opened today would follow."""
    return _page(version_in_force(settings().framework, london_date(now())))


@blueprint.get("/<framework_id>/<version>")
def version(framework_id: str, version: str) -> Response:
    """One version of a framework, such as a round has pinned."""
    try:
        return _page(load_framework(framework_id, version))
    except UnknownFramework:
        abort(404)


def _page(framework: Framework) -> Response:
    today = london_date(now())
    current = version_in_force(settings().framework, today)
    agencies = {each.id: each for each in framework.agencies}
    return render(
        "staff/framework.html",
        framework=framework,
        current=current,
        is_current=framework == current,
        drawings={
            each.id: (cases_of(each, _("Anybody else who may be drawn")), weeks_of(each))
            for each in framework.audits
        },
        roles={each.id: each.name for each in framework.roles},
        by_agency=[
            (agencies[agency], [role for role in framework.roles if role.agency == agency])
            for agency in agencies
        ],
        labels={each.value: each.label for each in framework.judgement.points},
        often=audit_words.OFTEN,
        side=SIDE,
        bar=BAR,
        **audit_words.LABELS,
    )
