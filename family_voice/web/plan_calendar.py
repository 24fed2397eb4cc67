"""The plan as a calendar program reads it: a secret address, without signing in.

It says what falls due in which audit, in the framework's own words. No child, no family and no
theme is in it, because nobody knows who else reads somebody's calendar.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response

from family_voice.cases.audit_year import year
from family_voice.cases.calendar_file import Day, calendar
from family_voice.cases.deadlines import london_date
from family_voice.cases.plan_feed import reader_of
from family_voice.cases.plan_words import in_one_line, whose
from family_voice.cases.school_years import school_year
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import _, speaking
from family_voice.security.throttling import allowed, count_failure
from family_voice.web.services import db, in_own_transaction, now, settings
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.guessing import TooManyTries, address, counted_guess

blueprint = Blueprint("plan_feed", __name__)
#: A calendar program that asks more often is told to wait so many seconds.
WAIT = 3600


@blueprint.get("/calendar/<token>.ics")
def calendar_file(token: str) -> Response:
    """The plan of this school year and the next."""
    try:
        with counted_guess(("calendar_by_address", address())) as guess:
            reader = reader_of(db(), token)
            guess.right = reader is not None
    except TooManyTries:
        return error_page(429, {"Retry-After": str(WAIT)})
    if reader is None:
        return error_page(404)
    within: list[bool] = []
    moment, scope, subject = now(), "calendar_reads", str(reader)
    in_own_transaction(lambda session: count_failure(session, scope, subject, moment))
    in_own_transaction(
        lambda session: within.append(allowed(session, scope, subject, moment, counted=True))
    )
    if not all(within):
        return error_page(429, {"Retry-After": str(WAIT)})
    with speaking("en"):
        text = calendar(_("Plan of audits"), _days(), moment)
    return Response(text, content_type="text/calendar; charset=utf-8")


def _days() -> list[Day]:
    today = london_date(now())
    framework = version_in_force(settings().framework, today)
    host = urlsplit(settings().public_url).hostname
    found = {}
    for first_year in (school_year(today), school_year(today) + 1):
        for entry in year(db(), framework, first_year, today):
            for each in entry.deadlines:
                uid = f"{entry.key(each)}@{host}"
                line = in_one_line(entry, each)
                found[uid] = Day(uid, each.day, line, whose(entry, each))
    return sorted(found.values(), key=lambda each: each.day)
