"""Every change that a member of staff makes is on the audit trail: watched in every test of a page.

Each statement that a request sends is looked at. A request that changed a table and answered well
must have written a line of the trail too, and a line that says more than "view". A request that
only reads is rolled back at its end: what it writes in its own transaction is lost, a line of the
trail too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import event

from family_voice.people.access import ROUTES, Door, Needs
from family_voice.web.services import SAFE

_WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.I)
# Not what somebody changes: the trail itself, counts of tries, and that a session is still used.
BESIDE = {"trail", "failed_attempt", "staff_session", "spent_challenge"}


@contextmanager
def watched(app: Flask) -> Iterator[None]:
    """Watch an application; at the end, fail for each page that changed something off the record.

    Raises:
        AssertionError: with the pages and the tables they changed, or wrote in vain.
    """
    off_record: set[tuple[str | None, tuple[str, ...]]] = set()
    in_vain: set[tuple[str | None, str]] = set()
    engine = app.extensions["family_voice"].sessions.kw["bind"]

    @event.listens_for(engine, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        found = _WRITES.match(statement)
        if found is None or not has_request_context():
            return
        table = found[1].lower()
        g.setdefault("written", set()).add(table)
        if request.method in SAFE and "session" in g:
            in_vain.add((request.endpoint, table))
        if table == "trail":
            told = values.values() if isinstance(values, dict) else values
            g.setdefault("told", []).append("view" not in list(told))

    @app.after_request
    def keep_status(response: Response) -> Response:
        g.answered = response.status_code
        return response

    @app.teardown_request
    def judge(_problem: BaseException | None) -> None:
        rule = ROUTES.get(request.endpoint or "")
        by_staff = isinstance(rule, Needs) or rule is Door.STAFF
        if not by_staff or request.method in SAFE or g.get("answered", 500) >= 400:
            return
        changed = g.get("written", set()) - BESIDE
        if changed and not any(g.get("told", [])):
            off_record.add((request.endpoint, tuple(sorted(changed))))

    yield
    event.remove(engine, "before_cursor_execute", look)
    assert not in_vain, f"written in a transaction that is rolled back: {sorted(in_vain)}"
    assert not off_record, f"changed without a line of the trail: {sorted(off_record)}"
