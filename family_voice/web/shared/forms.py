"""Forms: the page's own token, and fields that give back exactly what was typed.

Every page that changes something posts a `Form` of its own and asks `form.validate_on_submit()`.
A token that does not fit is one more message at the top of the same page, with the words still in
the fields and a fresh token: Flask-WTF's `CSRFProtect` would answer with an error page instead and
throw the words away. So `CSRFProtect` is not used; `init_forms` makes sure that no page forgets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF, generate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import Field, ValidationError

from family_voice.language import texts
from family_voice.language.texts import gettext as _

CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT = "kept-"


class UncheckedPost(Exception):
    """A page changed something without asking any form: a mistake in our code."""


class _OwnToken(_FlaskFormCSRF):  # type: ignore[misc]
    """Flask-WTF's token with a sentence that a person can act on."""

    def validate_csrf_token(self, form: FlaskForm, field: Any) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as problem:
            g.form_refused = True  # whatever the page answers, nothing of this request is kept
            raise ValidationError(
                _(
                    "This page had been open for a long time. Your words are still here. "
                    "Press the button again."
                )
            ) from problem
        g.form_checked = True


class _Messages:
    """WTForms' own messages, should one ever show, in the language of the moment."""

    def gettext(self, message: str) -> str:
        return texts.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return texts.plural_form(singular, plural, number)


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form. By itself it is a page with a button and no fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = _OwnToken
        csrf_time_limit = None  # the token lives as long as the session

        def get_translations(self, form: FlaskForm) -> _Messages:
            return _Messages()


def id_in(text: str | None) -> UUID | None:
    """The id that a hidden field or an address holds; None if it holds none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def number_in(text: str | None) -> int | None:
    """The number that a hidden field or an address holds; None if it holds none of ours.

    Only plain digits, and few: Python refuses thousands of them, and no database keeps twenty.
    """
    digits = text or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def error_list(*forms: FlaskForm) -> list[dict[str, str]]:
    """What is wrong, in the order of the fields, each with a link to where it can be put right.

    Args:
        forms: the forms of one page.

    Returns:
        `text` and, unless it is about the whole page, `href`: what GOV.UK's summary takes.
    """
    found: list[dict[str, str]] = []
    for form in forms:
        if not form.errors:
            continue
        token = form.meta.csrf_field_name
        found += [{"text": str(text)} for text in form.errors.get(token, ())]
        found += [{"text": str(text)} for text in form.form_errors]
        for field in form:
            if field.short_name != token and field.errors:
                place = getattr(field, "first_id", field.id)
                found.append({"text": str(field.errors[0]), "href": f"#{place}"})
    return found


def label_of(field: Field, heading: str = "") -> dict[str, object]:
    """A field's label as GOV.UK's macros take it; `heading` is page, l, m, s or nothing."""
    size = "l" if heading == "page" else heading
    return {
        "text": str(field.label.text),
        "classes": f"govuk-label--{size}" if size else "",
        "isPageHeading": heading == "page",
    }


def legend_of(field: Field, heading: str = "") -> dict[str, object]:
    """The same for a question with several boxes."""
    size = "l" if heading == "page" else heading
    return label_of(field, heading) | {"classes": f"govuk-fieldset__legend--{size}" if size else ""}


def hint_of(field: Field, hint: object = "") -> dict[str, str] | None:
    """The line under a label: the one given, else the field's description."""
    text = str(hint or field.description or "")
    return {"text": text} if text else None


def error_of(field: Field) -> dict[str, str] | None:
    """The first thing that is wrong with a field."""
    if not field.errors:
        return None
    return {"text": str(field.errors[0]), "visuallyHiddenText": _("Error")}


def words_to_keep() -> list[tuple[str, str]]:
    """What this request posted, for a page that must come in between (the code or sign-in page).

    The page puts the pairs into its own form with the macro `kept_words`; when that form comes
    back, `words_kept` gives them again, however many tries it took.
    """
    if any(name.startswith(KEPT) for name in request.form):
        return [pair for pair in request.form.items(multi=True) if pair[0].startswith(KEPT)]
    return [
        (KEPT + name, value)
        for name, value in request.form.items(multi=True)
        if not name.endswith("csrf_token")
    ]


def words_kept() -> MultiDict[str, str]:
    """The fields that an earlier page kept through this one; empty if there were none.

    Show them in their form with `TheForm(formdata=words_kept())`.
    """
    return MultiDict(
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    )


def init_forms(app: Flask, unchecked: Iterable[str] = ()) -> None:
    """Keep nothing of a request whose form's token was not checked, or did not fit.

    A page may lead on before it looks at its form, when there is nothing to fill in there any more;
    what it touched is rolled back. A page that shows itself without having looked is a mistake.
    Call it after the database is wired, so that it runs before the commit.

    Args:
        app: the front door.
        unchecked: blueprints that check their callers in another way (signed webhooks).

    Raises:
        UncheckedPost: during such a request.
    """
    exempt = frozenset(unchecked)
    app.jinja_env.globals.update(
        error_list=error_list,
        error_of=error_of,
        fresh_token=generate_csrf,
        hint_of=hint_of,
        label_of=label_of,
        legend_of=legend_of,
    )

    @app.after_request
    def insist(response: Response) -> Response:
        looked = g.get("form_checked") or g.get("form_refused")
        if request.method in CHANGES and request.blueprint not in exempt and not looked:
            g.form_refused = True
            if response.status_code < 300:
                raise UncheckedPost(f"{request.endpoint} must validate a Form before it answers")
        return response
