"""The coproduction lead's blueprint, and what its pages share."""

from __future__ import annotations

from uuid import UUID

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, request

from family_voice.cases.permission import NotForUs
from family_voice.cases.reading import CaseView, case_view, round_id_of
from family_voice.cases.rounds import RoundView, round_view
from family_voice.language.texts import current_language, ngettext
from family_voice.storage.locking import Missing
from family_voice.web.access import refused, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.pages import render
from family_voice.web.staff.labels import LABELS
from family_voice.web.staff.next_pages import call_page, is_done_somewhere, next_page, next_words

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

CASE_FIELDS = ("reference", "name", "date_of_birth", "participants", "attempts", "minutes")


def page(template: str, status: int | None = None, /, **context: object) -> Response:
    """A page of the lead's, with the words for states, channels and so on."""
    return render(
        f"staff/{template}",
        status,
        next_page=next_page,
        next_words=next_words,
        is_done_somewhere=is_done_somewhere,
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


def problem_sentence(count: int) -> str:
    """What stands above the list of what is wrong with a file."""
    return ngettext(
        "Nothing was taken in. There is %(num)d thing to put right in the file: see the list. Then "
        "choose the file again.",
        "Nothing was taken in. There are %(num)d things to put right in the file: see the list. "
        "Then choose the file again.",
        count,
    )


def language_name(code: str) -> str:
    """A language's name in the language of the page."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name(current_language().locale))
    except (UnknownLocaleError, ValueError):
        return code
