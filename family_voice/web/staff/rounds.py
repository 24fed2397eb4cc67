"""Opening a round, and taking caseload files into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, ValidationError

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.caseload_file import LARGEST_FILE, Problem
from family_voice.cases.deadlines import london_date
from family_voice.cases.importing import CaseloadRefused, Imported, import_cases
from family_voice.cases.ledger import Level3
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import CannotOpen, all_rounds, open_round, round_view
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import _, lazy, ngettext
from family_voice.security.trail import record
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choices, Day, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import blueprint, names_of, page
from family_voice.web.staff.labels import ROUND_PROBLEMS


class CasesForm(Form):
    """A caseload file."""

    cases = FileField(lazy("The file with the cases (CSV)"))  # type: ignore[arg-type]

    def validate_cases(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose the file with the cases."))


@dataclass
class _Question:
    """The form for a round and what it is made of; a framework decides how much it asks."""

    form: Form
    themes: list[Choices] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)


def _question(framework: Framework) -> _Question:
    class RoundForm(CasesForm):
        term = Line(
            lazy("Which term is this?"),
            [Needed(lazy("Give the term a name, such as Autumn 2026."))],
            longest=60,
        )

    for theme in framework.themes:
        options = [Option(value.id, value.name) for value in theme.values]
        setattr(RoundForm, f"theme_{theme.id}", Choices(theme.name, options))
    for number in range(1, framework.sample.sessions + 1):
        needed = Needed(_("Put the day of session %(number)d.", number=number))
        setattr(
            RoundForm,
            f"session_{number}",
            Day(lazy("Session %(number)d", number=number), [needed]),
        )
    form = RoundForm()
    return _Question(
        form,
        [form[f"theme_{theme.id}"] for theme in framework.themes],
        [form[f"session_{number}"] for number in range(1, framework.sample.sessions + 1)],
    )


@blueprint.get("/rounds")
def rounds() -> Response:
    """Every round there was."""
    return page("rounds.html", rounds=all_rounds(db()), now=now())


@blueprint.get("/caseload-example.csv")
def caseload_example() -> Response:
    """A file that works, to start from. With a byte order mark, so that Excel reads its letters."""
    return Response(
        b"\xef\xbb\xbf" + EXAMPLE.read_bytes(),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="caseload-example.csv"'},
    )


@blueprint.route("/rounds/new", methods=["GET", "POST"])
def new_round() -> ResponseReturnValue:
    """Name the term, choose themes and days, and hand in the cases: all in one go."""
    framework = version_in_force(settings().framework, london_date(now()))
    asked = _question(framework)
    problems: tuple[Problem, ...] = ()
    if asked.form.validate_on_submit():
        form = asked.form
        try:
            round_id = open_round(
                db(),
                term=form["term"].data,
                themes={
                    theme.id: one.data
                    for theme, one in zip(framework.themes, asked.themes, strict=True)
                },
                held_on=[day.data for day in asked.days if day.data],
                framework=framework,
                now=now(),
            )
            _take(round_id, form)
        except CannotOpen as refused:
            form.form_errors += [str(ROUND_PROBLEMS[each]) for each in refused.problems]
        except CaseloadRefused as refused:
            problems = refused.problems
            form["cases"].errors = [_problem_sentence(len(problems))]
        else:
            record(db(), actor(), "open", "round", round_id, now(), ["cases"])
            return redirect(url_for("staff.round_opened", round_id=round_id))
    return page(
        "new_round.html",
        form=asked.form,
        themes=asked.themes,
        days=asked.days,
        framework=framework,
        problems=problems,
    )


@blueprint.get("/rounds/<uuid:round_id>/opened")
def round_opened(round_id: UUID) -> Response:
    """What came in, before anybody is invited."""
    ledger = round_ledger(db(), round_id, now())
    seen("round", round_id, ["reference", "name", "participants"])
    return page(
        "round_opened.html",
        ledger=ledger,
        names=names_of(ledger.round.framework),
        nobody=[
            each
            for each in ledger.cases
            if not each.line.could_speak and each.state is not Level3.STOOD_DOWN
        ],
        siblings=sorted(
            {
                tuple(sorted((each.reference, *each.siblings)))
                for each in ledger.cases
                if each.siblings
            }
        ),
    )


@blueprint.route("/rounds/<uuid:round_id>/cases", methods=["GET", "POST"])
def add_cases(round_id: UUID) -> ResponseReturnValue:
    """Take further cases into a round: the rest of them, or one in place of another."""
    form = CasesForm()
    problems: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        try:
            _take(round_id, form)
        except CaseloadRefused as refused:
            problems = refused.problems
            form.cases.errors = [_problem_sentence(len(problems))]
        else:
            record(db(), actor(), "import", "round", round_id, now(), ["cases"])
            return redirect(url_for("staff.round_opened", round_id=round_id))
    return page("add_cases.html", form=form, problems=problems, round=round_view(db(), round_id))


def _take(round_id: UUID, form: Form) -> Imported:
    """The file of a form, taken in; what is worth a look is said on the next page."""
    imported = import_cases(db(), round_id, form["cases"].data.read(LARGEST_FILE + 1), now())
    for notice in imported.notices:
        flash(notice)
    return imported


def _problem_sentence(count: int) -> str:
    return ngettext(
        "Nothing was taken in. There is %(num)d thing to put right in the file: see the list. Then "
        "choose the file again.",
        "Nothing was taken in. There are %(num)d things to put right in the file: see the list. "
        "Then choose the file again.",
        count,
    )
