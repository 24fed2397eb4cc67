"""A small app with one page of each kind, for the tests of the frame, the forms and the look."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, redirect
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, DictLoader
from wtforms import FileField

from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from family_voice.language.texts import lazy
from family_voice.web.shared.errors import init_errors
from family_voice.web.shared.fields import (
    Choice,
    Choices,
    Day,
    Line,
    Needed,
    Option,
    Words,
    YesNo,
)
from family_voice.web.shared.forms import Form, init_forms, words_kept, words_to_keep
from family_voice.web.shared.headers import init_headers
from family_voice.web.shared.language import init_language
from family_voice.web.shared.pages import init_pages, render

ROOT = Path(__file__).resolve().parents[2]

FAMILY = """
{% extends "layout/family.html" %}
{% from "shared/forms.html" import button, checkboxes, choose, day, form_errors, line,
  plain_button, radios, token, words with context %}
{% from "shared/pieces.html" import back, done, inset, more, said %}
{% block title %}{{ _("A page") }}{% endblock %}
{% block before %}{{ back("/") }}{% endblock %}
{% block content %}
{{ form_errors(form) }}
<h1 class="govuk-heading-l">{{ _("A page") }}</h1>
{{ done(_("Saved")) }}{{ inset(_("To know")) }}{{ said("He loves it.") }}
<form method="post" novalidate>
{{ token(form) }}
{{ words(form.answer) }}{{ radios(form.talk) }}{{ checkboxes(form.hidden_from) }}
{{ day(form.born) }}{{ line(form.name, autocomplete="given-name") }}{{ choose(form.how) }}
<div class="govuk-button-group">{{ button(_("Send")) }}
{{ plain_button(_("Skip"), "skip", "1") }}</div>
</form>
{% call more(_("Who reads this?")) %}<p class="govuk-body">{{ _("Few.") }}</p>{% endcall %}
{% endblock %}
"""

STAFF = """
{% extends "layout/staff.html" %}
{% from "shared/pieces.html" import wide %}
{% from "shared/forms.html" import button, file, token %}
{% block title %}{{ _("Cases") }}{% endblock %}
{% block content %}
<h1 class="govuk-heading-l">{{ _("Cases") }}</h1>
{% call wide(_("Cases")) %}<table class="govuk-table"><thead class="govuk-table__head"><tr
class="govuk-table__row"><th scope="col" class="govuk-table__header">{{ _("Case") }}</th><th
scope="col" class="govuk-table__header">{{ _("State") }}</th></tr></thead><tbody><tr><th scope="row"
class="govuk-table__header"><a class="govuk-link" href="/">101</a></th><td
class="govuk-table__cell"><strong class="govuk-tag govuk-tag--green">{{ _("Heard") }}</strong>
</td></tr></tbody></table>
{% endcall %}
<form method="post" enctype="multipart/form-data" novalidate>{{ token(form) }}
{{ file(form.caseload, accept=".csv") }}{{ button(_("Send")) }}</form>
<script nonce="{{ csp_nonce() }}">document.title</script>
{% endblock %}
"""

DOOR = """
{% extends "layout/family.html" %}
{% from "shared/forms.html" import button, kept_words, token %}
{% block title %}{{ _("Your code") }}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">{{ _("Your code") }}</h1>
<form method="post" novalidate>{{ token(form) }}{{ kept_words(kept) }}
{{ button(_("Go on")) }}</form>
{% endblock %}
"""


class Everything(Form):
    """One field of every kind."""

    answer = Words(lazy("What matters?"), [Needed(lazy("Write something."))], longest=1000)
    talk = YesNo(lazy("May we talk?"), [Needed(lazy("Choose yes or no."))])
    hidden_from = Choices(
        lazy("Who should not see it?"), [Option("work", lazy("Workers"), lazy("Those you know"))]
    )
    born = Day(lazy("When?"), description=lazy("For example, 27 3 2016"))
    name = Line(lazy("First name"))
    how = Choice(lazy("How?"), [Option("text", lazy("Text")), Option("letter", lazy("Letter"))])


class Upload(Form):
    """A file."""

    caseload = FileField(lazy("The caseload"))  # type: ignore[arg-type]  # stubs know no lazy label


def make_app(*, secure: bool = False, demo: bool = True) -> Flask:
    """The app, with English and mirrored English on offer."""
    app = Flask(
        "sample", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.update(SECRET_KEY="for tests only" * 3, TESTING=True)
    texts.install(pseudo.add_to(Catalogues()))
    init_pages(app, demo=demo)
    init_language(app)
    init_forms(app, unchecked=("hooks",))
    init_headers(app, secure=secure)
    init_errors(app)
    own = DictLoader({"family.html": FAMILY, "staff.html": STAFF, "door.html": DOOR})
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([own, app.jinja_loader])

    @app.context_processor
    def staff() -> dict[str, object]:
        return {
            "navigation": [("Cases", "/staff"), ("Rounds", "/rounds")],
            "signed_in_as": "Amina",
            "sign_out_address": "/out",
        }

    @app.route("/family", methods=["GET", "POST"])
    def family() -> ResponseReturnValue:
        form = Everything()
        if form.validate_on_submit():
            return redirect("/family")
        return render("family.html", form=form)

    @app.route("/staff")
    def staff_page() -> Response:
        return render("staff.html", form=Upload())

    @app.route("/door", methods=["GET", "POST"])
    def door() -> Response:
        return render("door.html", 422, form=Form(), kept=words_to_keep())

    @app.route("/opened", methods=["POST"])
    def opened() -> Response:
        return render("family.html", 422, form=Everything(formdata=words_kept()))

    @app.route("/forgetful", methods=["POST"])
    def forgetful() -> str:
        return "changed"

    # Where the footer of every staff page leads.
    app.add_url_rule("/concern", "concerns.raise_one", lambda: "")

    @app.route("/broken")
    def broken() -> str:
        raise ZeroDivisionError("words that somebody wrote")

    return app
