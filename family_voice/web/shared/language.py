"""Which language a page is in, and the choice of another.

A link with `?language=ur` chooses; the choice is kept in the session. Without one, the language
that the page's owner asked for (`remember_language`), then what the browser asks for, then English.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, request, session
from werkzeug.datastructures import LanguageAccept

from family_voice.language import formats, texts
from family_voice.language.catalogues import Catalogues, Language

CHOSEN = "language"


@dataclass(frozen=True)
class LanguageChoice:
    """One line of the list of languages on a page."""

    language: Language
    address: str
    current: bool


def remember_language(code: str) -> None:
    """Use a language from now on, such as the one a family told us, if it is on offer.

    What the person chose on a page themselves stays.
    """
    if CHOSEN not in session and texts.offered(code):
        session[CHOSEN] = code
        texts.set_language(code)


def language_choices() -> list[LanguageChoice]:
    """The languages on offer, each with the address of this page in it; none if only English is."""
    languages = texts.languages()
    if len(languages) < 2:
        return []
    current = texts.current_language()
    return [
        LanguageChoice(language, f"{request.path}?{CHOSEN}={language.code}", language == current)
        for language in languages
    ]


def _from_browser(accepted: LanguageAccept) -> str | None:
    return accepted.best_match([language.code for language in texts.languages()])


def init_language(app: Flask, translations: Path | None = None) -> None:
    """Offer the languages of a folder and speak the right one in every request.

    Args:
        app: the front door.
        translations: the folder of catalogues; None leaves whatever `texts.install` was given.

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
    environment.filters.update(formats.FILTERS)

    @app.before_request
    def choose_language() -> None:
        asked = request.args.get(CHOSEN)
        if texts.offered(asked):
            session[CHOSEN] = asked
        texts.set_language(session.get(CHOSEN) or _from_browser(request.accept_languages))

    @app.context_processor
    def language_of_page() -> dict[str, object]:
        return {"language": texts.current_language(), "language_choices": language_choices}
