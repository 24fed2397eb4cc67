"""Where a member of staff can go: worked out from the access table and the routes there are."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, url_for

from family_voice.language.texts import lazy
from family_voice.people.access import ROUTES, Action, Needs, Resource, Role, may

# In the order of a day's work: the first that somebody may see is the page they start from.
PAGES = (
    (Resource.TRAIL, lazy("Who saw what")),
    (Resource.RETENTION, lazy("What is kept")),
    (Resource.LEDGER, lazy("This term")),
    (Resource.CALLS, lazy("Whom to ring")),
    (Resource.TEXT, lazy("Texts")),
    (Resource.INTERVIEW, lazy("Needs doing")),
    (Resource.CODING, lazy("Coding")),
    (Resource.LINK, lazy("Linking")),
    (Resource.TRANSLATION, lazy("To translate")),
    (Resource.PACK, lazy("Case packs")),
    (Resource.CONCERN, lazy("Concerns")),
    (Resource.PLAN, lazy("Plan of the year")),
    (Resource.FORUM_PAGE, lazy("For the forum")),
    (Resource.BOARD_PAGE, lazy("For the board")),
    (Resource.AGREEMENT, lazy("Agreements")),
    (Resource.LANGUAGE, lazy("Languages")),
    (Resource.STAFF, lazy("Staff accounts")),
)

#: Whose pages are reached from the main page of something else.
_UNDER = {Resource.CODING: Resource.CODING, Resource.CODEBOOK: Resource.CODING}

#: Where shorter addresses belong to pages that are reached from the main one.
_MAIN = {Resource.CODING: "coding.to_code", Resource.INTERVIEW: "call_pad.follow_ups"}


def pages_for(roles: Iterable[Role]) -> list[tuple[str, str]]:
    """The words and address of each main page that these roles may see, the starting page first.

    The main page of a kind of thing is the shortest address that shows it and names no one row,
    unless it is named here.
    """
    roles = tuple(roles)
    found = []
    for resource, words in PAGES:
        endpoint = _main_page(resource) if may(roles, Action.SEE, resource) else None
        if endpoint:
            found.append((str(words), url_for(endpoint)))
    return found


def main_page_of(endpoint: str | None) -> str | None:
    """The address of the main page under which a page stands that has another address, if any."""
    needs = ROUTES.get(endpoint or "")
    under = _UNDER.get(needs.resource) if isinstance(needs, Needs) else None
    main = _main_page(under) if under else None
    return url_for(main) if main else None


def _main_page(resource: Resource) -> str | None:
    if resource in _MAIN:
        return _MAIN[resource]
    rules = [
        rule
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and ROUTES.get(rule.endpoint) == Needs(Action.SEE, resource)
    ]
    return min(rules, key=lambda rule: (len(rule.rule), rule.rule)).endpoint if rules else None
