"""Which language a page is in, and the choice of another.

Families read in their own language. Staff, panel, forum and demo pages are in English.
A link with `?language=ur` chooses; the choice is kept in the session. Without one, the language
that the page's owner asked for (`remember_language`), then what the browser asks for, then English.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import LanguageAccept

from family_voice.language import fallback, formats, texts
from family_voice.language.catalogues import ENGLISH, Catalogues, Language
from family_voice.language.numbers_in_words import numbers_apart
from family_voice.language.team import team_named
from family_voice.sms.wordings import Offering
from family_voice.storage.engine import reading
from family_voice.web.services import now, services

CHOSEN = "language"
WITHOUT_DATABASE = frozenset({"static", "public.healthz", "public.readyz"})
#: Whose pages families read; an address that is nobody's may be theirs too.
FOR_FAMILIES = frozenset({"family", "public", None})


@dataclass(frozen=True)
class LanguageChoice:
    """One line of the list of languages on a page."""

    language: Language
    address: str
    current: bool


def remember_language(code: str) -> None:
    """Use a language from now on, such as the one a family told us or has begun in.

    What the person chose on a page themselves stays.
    """
    if CHOSEN not in session and texts.known(code):
        session[CHOSEN] = code
        texts.set_language(code, marking=True)


def language_choices() -> list[LanguageChoice]:
    """The languages of this page, each with its address in it; none if there is no choice."""
    languages, current = _languages(), texts.current_language()
    if len(languages) < 2:
        return []
    return [
        LanguageChoice(language, f"{request.path}?{CHOSEN}={language.code}", language == current)
        for language in languages
    ]


def _languages() -> list[Language]:
    """Those that this page may be chosen in."""
    theirs = request.blueprint in FOR_FAMILIES
    return [language for language in texts.languages() if theirs or language.staff_too]


def _of_form() -> str | None:
    """The language of the page that a family's form was sent from, for when its sitting is over."""
    theirs = request.blueprint == "family" and request.method == "POST"
    return request.form.get(CHOSEN) if theirs and CHOSEN not in session else None


def _from_browser(accepted: LanguageAccept, languages: list[Language]) -> str | None:
    return accepted.best_match([language.code for language in languages])


def _bring_up_to_date(offering: Offering) -> None:
    if not offering.is_stale(now()) or request.endpoint in WITHOUT_DATABASE:
        return
    # A database that does not answer is for the page itself to tell; what was known counts on.
    with offering.reading, suppress(SQLAlchemyError):
        if offering.is_stale(now()):
            with reading(services().sessions) as given:
                offering.read(given, now())


def init_language(
    app: Flask, translations: Path | None = None, offering: Offering | None = None
) -> None:
    """Offer the languages of a folder and speak the right one in every request.

    Args:
        app: the front door.
        translations: the folder of catalogues; None leaves whatever `texts.install` was given.
        offering: which of them families may choose; None for all.

    Raises:
        BadCatalogue: a folder there is not named for a language.
    """
    if translations is not None:
        texts.install(Catalogues(translations))
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext,
        texts.plural_form,
        newstyle=True,
    )
    environment.filters.update(formats.FILTERS, numbers_apart=numbers_apart, team_named=team_named)

    @app.before_request
    def choose_language() -> None:
        if offering is not None:
            _bring_up_to_date(offering)
            offering.use()
        languages = _languages()
        asked = texts.offered(request.args.get(CHOSEN) or _of_form())
        if asked in languages:
            session[CHOSEN] = asked.code
        chosen = texts.known(session.get(CHOSEN))
        if chosen and (request.blueprint in FOR_FAMILIES or chosen.staff_too):
            texts.set_language(chosen.code, marking=True)
        else:
            texts.set_language(_from_browser(request.accept_languages, languages), marking=True)

    @app.after_request
    def wrap_english(response: Response) -> Response:
        if response.mimetype == "text/html" and texts.current_language() is not ENGLISH:
            response.set_data(fallback.wrapped(response.get_data(as_text=True)))
        return response

    @app.context_processor
    def language_of_page() -> dict[str, object]:
        return {"language": texts.current_language(), "language_choices": language_choices}
