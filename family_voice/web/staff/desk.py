"""The coproduction lead's blueprint, and what its pages share."""

from __future__ import annotations

from uuid import UUID

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, request

from family_voice.cases.permission import NotForUs
from family_voice.cases.reading import CaseView, case_view, round_id_of
from family_voice.cases.rounds import RoundView, round_view
from family_voice.frameworks.framework import Framework
from family_voice.language.texts import current_language
from family_voice.storage.locking import Missing
from family_voice.web.access import refused, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.pages import render
from family_voice.web.staff.labels import LABELS
from family_voice.web.staff.next_pages import call_page, next_page

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

CASE_FIELDS = ("reference", "name", "date_of_birth", "participants", "attempts", "minutes")


def page(template: str, status: int | None = None, /, **context: object) -> Response:
    """A page of the lead's, with the words for states, channels and so on."""
    return render(
        f"staff/{template}",
        status,
        next_page=next_page,
        call_page=call_page,
        **LABELS,
        **context,
    )


def case_seen(case_id: UUID) -> tuple[CaseView, RoundView]:
    """A case and its round, and a line in the audit trail that it was looked at."""
    view = case_view(db(), case_id, now())
    seen("case", case_id, CASE_FIELDS)
    return view, round_view(db(), round_id_of(db(), case_id))


def closed(_not_for_us: NotForUs) -> Response:
    """What a lead gets for an account that its family does not let them read; on record."""
    refused("interview", (request.view_args or {}).get("interview_id"))
    return page("coding/closed.html", 403)


def names_of(framework: Framework) -> dict[str, str]:
    """The framework's names of plan types and theme values, by their ids."""
    found = {each.id: each.name for each in framework.plan_types}
    for theme in framework.themes:
        found |= {each.id: each.name for each in theme.values}
    return found


def language_name(code: str) -> str:
    """A language's name in the language of the page."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name(current_language().locale))
    except (UnknownLocaleError, ValueError):
        return code
