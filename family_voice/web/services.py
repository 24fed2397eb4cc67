"""What every view may reach: the settings, the clock and the request's one session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from family_voice.settings import Settings
from family_voice.storage.engine import holds_what_it_reads, reads_only

EXTENSION = "family_voice"
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Services:
    """One application's settings, database and clock."""

    settings: Settings
    sessions: sessionmaker[Session]
    clock: Callable[[], datetime]
    is_demo: bool


def init_services(app: Flask, services: Services) -> None:
    """Give the application its services, and each request one transaction.

    A request that answers below 400 commits; any other is rolled back, so that bad input changes
    nothing. Reading requests hold no write lock.
    """
    app.extensions[EXTENSION] = services
    app.after_request(_settle)
    app.teardown_request(_close)


def services() -> Services:
    """The running application's services."""
    return cast(Services, current_app.extensions[EXTENSION])


def settings() -> Settings:
    """The running application's settings."""
    return services().settings


def now() -> datetime:
    """The present moment, in UTC."""
    return services().clock()


def utc_now() -> datetime:
    """The clock outside tests."""
    return datetime.now(UTC)


def db() -> Session:
    """The request's session, opened when first asked for."""
    if "session" not in g:
        g.session = services().sessions()
        if request.method in SAFE:
            reads_only(g.session)
            holds_what_it_reads(g.session)
    return cast(Session, g.session)


def in_own_transaction(work: Callable[[Session], object]) -> None:
    """Do and commit something apart from the request's own transaction.

    For what must stand whatever becomes of the request: rows of the audit trail about a view,
    refusals and throttle counts. The request's session is let go first, since SQLite has only one
    writer.
    """
    _close()
    with services().sessions.begin() as session:
        work(session)


def after_settling(work: Callable[[Session], object]) -> None:
    """Do something in a transaction of its own once the request's own is settled.

    It is done before any byte of the answer leaves; if it fails, the answer is an error page.
    """
    g.setdefault("after_settling", []).append(work)


def _settle(response: Response) -> Response:
    # Taken first: if the commit fails, none of it is done, and the answer is an error page.
    later: list[Callable[[Session], object]] = g.pop("after_settling", [])
    if "session" in g:
        refused = g.get("form_refused") and not g.get("form_checked")
        if request.method not in SAFE and response.status_code < 400 and not refused:
            g.session.commit()
        else:
            g.session.rollback()
    if later:
        in_own_transaction(lambda session: [work(session) for work in later])
    return response


def _close(_error: BaseException | None = None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()
