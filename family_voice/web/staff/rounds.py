"""Opening a round, and taking files of cases into one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, ValidationError

from family_voice.cases.agreements import lapses_ahead
from family_voice.cases.audit_plan import Planned, became
from family_voice.cases.audit_plan import planned as planned_round
from family_voice.cases.audit_year import to_open
from family_voice.cases.caseload_example import example_for
from family_voice.cases.caseload_file import LARGEST_FILE
from family_voice.cases.caseload_findings import Together, together
from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import final_of
from family_voice.cases.importing import CaseloadRefused, Imported, import_cases
from family_voice.cases.ledger import Level3
from family_voice.cases.periods import period_at
from family_voice.cases.plan_words import period_name
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import CannotOpen, all_rounds, open_round
from family_voice.cases.sampled import how_many_wait, sample_of
from family_voice.frameworks.framework import Audit, Framework
from family_voice.frameworks.loader import version_in_force
from family_voice.language.texts import _, lazy
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choices, Day, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff import audit_words
from family_voice.web.staff.desk import blueprint, page, problem_sentence
from family_voice.web.staff.labels import ROUND_PROBLEMS


class CasesForm(Form):
    """A caseload file."""

    cases = FileField(lazy("The file with the cases (CSV or XLSX)"))  # type: ignore[arg-type]

    def validate_cases(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose the file with the cases."))


@dataclass
class _Question:
    """The form for a round and what it is made of; a framework's audit decides what it asks."""

    form: Form
    themes: list[Choices] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)

    @property
    def has_file(self) -> bool:
        """Whether a file of cases was handed in with it; without one the sample is drawn next."""
        return bool("cases" in self.form and getattr(self.form["cases"].data, "filename", ""))


def _question(framework: Framework, audit: Audit, planned: Planned | None) -> _Question:
    class RoundForm(Form):
        term = Line(
            lazy("What is this round called?"),
            [Needed(lazy("Give the round a name, such as Autumn 2026."))],
            longest=60,
        )

    if audit.hears_families:
        file = FileField(lazy("The file with the cases (CSV or XLSX)"))  # type: ignore[arg-type]
        setattr(RoundForm, "cases", file)  # noqa: B010
    for theme in framework.themes:
        options = [Option(value.id, value.name) for value in theme.values]
        setattr(RoundForm, f"theme_{theme.id}", Choices(theme.name, options))
    for number in range(1, audit.sessions + 1):
        needed = Needed(_("Put the day of session %(number)d.", number=number))
        setattr(
            RoundForm,
            f"session_{number}",
            Day(lazy("Session %(number)d", number=number), [needed]),
        )
    form = RoundForm(data=_as_planned(framework, audit, planned) if planned else None)
    return _Question(
        form,
        [form[f"theme_{theme.id}"] for theme in framework.themes],
        [form[f"session_{number}"] for number in range(1, audit.sessions + 1)],
    )


def _as_planned(framework: Framework, audit: Audit, planned: Planned) -> dict[str, object]:
    """What the plan of the year says already of the round that is being opened."""
    name = period_name(period_at(audit.frequency, planned.begins))
    return {
        "term": name if len(framework.audits) == 1 else f"{audit.name}, {name}"[:60],
        **{f"theme_{theme}": values for theme, values in planned.themes.items()},
        **{f"session_{number}": day for number, day in enumerate(planned.held_on, 1)},
    }


@blueprint.get("/rounds")
def rounds() -> Response:
    """Every round there was."""
    today = london_date(now())
    framework = version_in_force(settings().framework, today)
    return page(
        "rounds.html",
        rounds=all_rounds(db()),
        now=now(),
        to_open=to_open(db(), framework, today),
        period_name=period_name,
    )


@blueprint.get("/caseload-example.csv")
def caseload_example() -> Response:
    """A file that works, to start from. With a byte order mark, so that Excel reads its letters."""
    framework = version_in_force(settings().framework, london_date(now()))
    audit = _audit(framework, None) or framework.main_audit
    return Response(
        b"\xef\xbb\xbf" + example_for(framework, audit),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="caseload-example.csv"'},
    )


@blueprint.route("/rounds/new", methods=["GET", "POST"])
def new_round() -> ResponseReturnValue:
    """Name the round, choose themes and days, and hand in the cases if they are known.

    `plan` in the address is a round of the plan of the year, and `audit` one of the framework's;
    with neither, and more than one audit, the first question is which.
    """
    framework = version_in_force(settings().framework, london_date(now()))
    planned = _planned()
    if planned and planned.round_id:
        flash(_("This round is open: its themes and days stand on its own page."))
        return redirect(url_for("staff.round_opened", round_id=planned.round_id))
    audit = _audit(framework, planned)
    if audit is None:
        return page("which_audit.html", framework=framework, **audit_words.LABELS)
    asked = _question(framework, audit, planned)
    problems: list[Together] = []
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
                audit_id=audit.id,
            )
            if asked.has_file:
                _take(round_id, form)
        except CannotOpen as refused:
            form.form_errors += [str(ROUND_PROBLEMS[each]) for each in refused.problems]
        except CaseloadRefused as refused:
            problems = together(refused.problems)
            form["cases"].errors = [problem_sentence(len(problems))]
        else:
            if planned:
                became(db(), planned.id, round_id)
            fields = ["cases"] if asked.has_file else []
            record(db(), actor(), "open", "round", round_id, now(), fields)
            return redirect(url_for("staff.round_opened", round_id=round_id))
    return page(
        "new_round.html",
        form=asked.form,
        # One that is not opened from its place in the plan may have one there.
        to_open=[
            each
            for each in to_open(db(), framework, london_date(now()))
            if planned is None and each.audit.id == audit.id
        ],
        period_name=period_name,
        themes=asked.themes,
        days=asked.days,
        framework=framework,
        audit=audit,
        problems=problems,
        **audit_words.LABELS,
    )


def _planned() -> Planned | None:
    """The round of the plan that is being opened. Raises Missing for one that is not there."""
    wanted = request.args.get("plan")
    if wanted is None:
        return None
    try:
        return planned_round(db(), UUID(wanted))
    except ValueError:
        raise Missing("plan") from None


def _audit(framework: Framework, planned: Planned | None) -> Audit | None:
    """Which audit is meant; None as long as nobody has said."""
    wanted = planned.audit if planned else request.args.get("audit")
    if wanted is None:
        return framework.audits[0] if len(framework.audits) == 1 else None
    try:
        return framework.audit(wanted)
    except KeyError:
        raise Missing("audit") from None


@blueprint.get("/rounds/<uuid:round_id>/opened")
def round_opened(round_id: UUID) -> Response:
    """What came in, before anybody is invited."""
    ledger = round_ledger(db(), round_id, now())
    seen("round", round_id, ["reference", "name", "participants"])
    return page(
        "round_opened.html",
        ledger=ledger,
        names_wait=how_many_wait(db(), ledger.round),
        # Where no family is heard there are no words of theirs that an agency could read.
        lapses=lapses_ahead(db(), ledger.round, london_date(now()))
        if ledger.round.audit.hears_families
        else [],
        agencies={each.id: each.name for each in ledger.round.framework.agencies},
        **audit_words.LABELS,
        names=ledger.round.framework.names,
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
    problems: list[Together] = []
    if form.validate_on_submit():
        try:
            _take(round_id, form)
        except CaseloadRefused as refused:
            problems = together(refused.problems)
            form.cases.errors = [problem_sentence(len(problems))]
        else:
            record(db(), actor(), "import", "round", round_id, now(), ["cases"])
            return redirect(url_for("staff.round_opened", round_id=round_id))
    sample = sample_of(db(), round_id)
    return page(
        "add_cases.html",
        form=form,
        problems=problems,
        round=sample.round,
        sample=sample,
        final=final_of(db(), round_id),
    )


def _take(round_id: UUID, form: Form) -> Imported:
    """The file of a form, taken in; what is worth a look is said on the next page."""
    imported = import_cases(db(), round_id, form["cases"].data.read(LARGEST_FILE + 1), now())
    for notice in imported.notices:
        flash(notice)
    return imported
