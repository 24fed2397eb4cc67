"""The pages for when something is wrong: one sentence on what happened, one on what to do.

They need neither database nor session, so that they still stand when those do not. They hold
nothing of the request, so nothing personal, but for words that could not be saved (`unsaved.py`).
"""

from __future__ import annotations

from types import TracebackType

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError

from family_voice.language.texts import gettext as _
from family_voice.web.shared.pages import render
from family_voice.web.shared.unsaved import unsaved_page

PAGES = (400, 403, 404, 413, 429, 500)


def _words(code: int) -> tuple[str, list[str]]:
    """The heading and the sentences for a status."""
    if code == 403:
        return _("You cannot see this page"), [
            _("Your sign-in does not open this page."),
            _("If you think it should, ask the person who runs Family Voice in your area."),
        ]
    if code == 404:
        return _("We cannot find that page"), [
            _("The link may be old, or a letter of the address may be missing."),
            _("If you have a letter or a text from us, use the link or the code in it."),
        ]
    if code == 413:
        return _("That is too much to send at once"), [
            _("Nothing was saved. Go back and send it in smaller parts."),
            _("If you are sending a file, choose a smaller one."),
        ]
    if code == 429:
        return _("Too many tries"), [
            _("Please wait a while and then try again."),
            _("If you need help now, ring the number on your letter."),
        ]
    if code == 500:
        return _("Something went wrong on our side"), [
            _("It is not your fault. What you sent just now may not be saved."),
            _("Please go back and try again in a few minutes."),
        ]
    return _("We could not read what was sent"), [
        _("Nothing was changed. Go back and try again."),
    ]


def error_page(code: int, headers: dict[str, str] | None = None) -> Response:
    """The page for a status; one that has no page of its own gets the page for 400 or 500.

    Args:
        code: the status of the answer.
        headers: further headers, such as `Retry-After`.
    """
    known = code if code in PAGES else (500 if code >= 500 else 400)
    heading, sentences = _words(known)
    response = render("errors/error.html", code, heading=heading, sentences=sentences)
    response.headers.update(headers or {})
    return response


def init_errors(app: Flask) -> None:
    """Show our own page for every error of an app, and log no more of it than where it was."""

    def log(problem: BaseException | None, trace: TracebackType | None) -> None:
        # The kind and the place only: an exception's text may quote what somebody wrote.
        place = ""
        while trace:
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
            trace = trace.tb_next
        app.logger.error("%s at %s", type(problem).__name__, place)

    # Flask's own, for what goes wrong after the view (at the commit), writes the whole text.
    app.log_exception = lambda exc_info: log(exc_info[1], exc_info[2])  # type: ignore[method-assign]

    @app.errorhandler(HTTPException)
    def known(problem: HTTPException) -> Response | HTTPException:
        code = problem.code or 500
        if code < 400:  # a redirect that werkzeug raises, such as for a missing slash
            return problem
        cause = problem.original_exception if isinstance(problem, InternalServerError) else None
        kept = {
            name: value
            for name, value in problem.get_headers()
            if name in ("Allow", "Retry-After", "WWW-Authenticate")
        }
        return (unsaved_page(cause) if cause else None) or error_page(code, kept)

    @app.errorhandler(Exception)
    def unknown(problem: Exception) -> Response:
        log(problem, problem.__traceback__)
        if app.config.get("PROPAGATE_EXCEPTIONS") or app.testing:
            raise problem
        return unsaved_page(problem) or error_page(500)
