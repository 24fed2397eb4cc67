"""The whole caseload: what there is of it, and bringing in an export of the case system."""

from __future__ import annotations

import io
from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, ValidationError

from family_voice.cases.caseload_changes import MOST, Changes, changes
from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_findings import Findings
from family_voice.cases.caseload_keeping import (
    FileRefused,
    FileView,
    ManyGone,
    Outdated,
    check,
    file_view,
    last_taken,
    take_in,
)
from family_voice.cases.caseload_mapping import (
    FOLDER,
    LARGEST,
    BadMapping,
    CaseloadMapping,
    known_mappings,
    read_mapping,
)
from family_voice.cases.caseload_reading import make_up, make_up_of, size
from family_voice.cases.caseload_sheets import LARGEST_EXPORT
from family_voice.cases.caseload_waiting import let_go, waiting_lines, waiting_remarks
from family_voice.cases.deadlines import london_date
from family_voice.cases.rounds import current_round
from family_voice.frameworks.framework import Framework
from family_voice.frameworks.loader import version_in_force
from family_voice.frameworks.reading import Problem
from family_voice.language.formats import in_words
from family_voice.language.texts import _, lazy
from family_voice.people.staff import names_of_staff
from family_voice.security.trail import record
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Choice, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.caseload_drawing import tables
from family_voice.web.staff.desk import language_name, page, problem_sentence

blueprint = Blueprint("caseload", __name__, url_prefix="/staff/caseload")

#: What a mapping may say that a column is.
FIELDS = {
    "reference": lazy("the case reference"),
    "plan_type": lazy("the kind of plan or support"),
    "year_group": lazy("the year group"),
    "area_of_need": lazy("the area of need"),
    "placement": lazy("the placement"),
    "vulnerable_groups": lazy("a group the child belongs to"),
    "language": lazy("the language at home"),
    "area": lazy("the area where they live"),
    "plan_finalised_on": lazy("the day the plan was made final"),
    "review_finalised_on": lazy("the day the review was made final"),
    "last_audited_on": lazy("the day of the last audit"),
    "date_of_birth": lazy("the date of birth"),
    "upn": lazy("the UPN"),
    "nhs_number": lazy("the NHS number"),
    "first_name": lazy("the first name"),
    "last_name": lazy("the last name"),
    "postcode": lazy("the postcode"),
    "phone": lazy("the telephone number"),
    "email": lazy("the email address"),
}
OWN = "own"
SHOWN_LINES = 5
EXAMPLE_LINES = 40


class ExportForm(Form):
    """An export, which column of it is what, and whether everybody is in it."""

    mapping = Choice(
        lazy("Which case system does it come from?"),
        validators=[Needed(lazy("Choose where the file comes from."))],
    )
    own = FileField(lazy("Your own mapping file (YAML)"))  # type: ignore[arg-type]
    whole = Choice(
        lazy("Who is in the file?"),
        [
            Option(
                "whole", lazy("Everybody who could be drawn"), lazy("Who is not in it has left.")
            ),
            Option("part", lazy("Only some of them"), lazy("The others stay as they are.")),
        ],
        [Needed(lazy("Say whether everybody is in the file."))],
    )
    export = FileField(lazy("The export (CSV or XLSX)"))  # type: ignore[arg-type]

    def validate_own(self, field: FileField) -> None:
        if self.mapping.data == OWN and not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose your mapping file."))

    def validate_export(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose the file that your case system exported."))


class SureForm(Form):
    """Taking in what was checked."""

    sure = Choice(
        lazy("Have they really left?"),
        [Option("yes", lazy("Yes, they have left the caseload"))],
    )


@blueprint.before_request
def _room_for_an_export() -> None:
    if request.endpoint == "caseload.new":
        request.max_content_length = LARGEST_EXPORT + LARGEST + 100_000


@blueprint.get("")
def home() -> Response:
    """How many there are, how they are made up, and when the last file came."""
    on = london_date(now())
    last = last_taken(db())
    differs = changes(db(), last.id) if last else Changes()
    if last and (differs.changed or differs.gone):
        seen("caseload", last.id, ["reference"])
    return page(
        "caseload/home.html",
        differs=differs,
        most=MOST,
        FIELDS=FIELDS,
        size=size(db()),
        last=last,
        by=names_of_staff(db(), [last.by]).get(last.by, "") if last and last.by else "",
        tables=tables([make_up(db(), on)], _names()),
        round=current_round(db(), on),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Hand in an export. It is checked; nothing is taken in before the next page is confirmed."""
    known = known_mappings()
    form = ExportForm()
    form.mapping.options = [
        *(Option(key, each.name, each.about) for key, each in known.items()),
        Option(OWN, lazy("Another, or ours is different"), lazy("Choose your mapping file below.")),
    ]
    findings = Findings()
    doubts: list[tuple[str, str]] = []
    bad: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        try:
            mapping = known.get(form.mapping.data) or _own_mapping(form.own)
            checked = check(
                db(),
                cast(BinaryIO, form.export.data.stream),
                mapping,
                _framework(),
                now(),
                whole=form.whole.data == "whole",
                by=current_staff().id,
            )
        except BadMapping as refused:
            bad = refused.problems
            form.own.errors = [_("Put right the mapping file: see the list. Then choose it again.")]
        except FileRefused as refused:
            findings = refused.findings
            doubts = _doubts(findings, mapping)
            form.export.errors = [_wrong(findings, [column for column, _what in doubts])]
        else:
            record(db(), actor(), "add", "caseload", checked.id, now(), ["waiting"])
            return redirect(url_for("caseload.checked", file_id=checked.id))
    return page(
        "caseload/new.html", form=form, known=known, findings=findings, doubts=doubts, bad=bad
    )


@blueprint.get("/files/<uuid:file_id>")
def checked(file_id: UUID) -> Response:
    """What a checked file would change, before anything is."""
    view = _there(file_id)
    if view.taken_at is not None:
        return cast(Response, redirect(url_for("caseload.home")))
    on = london_date(now())
    left_out, remarks = waiting_remarks(db(), file_id)
    lines = list(waiting_lines(db(), file_id))
    seen("caseload", file_id, ["reference", "strata"])
    return page(
        "caseload/checked.html",
        form=SureForm(),
        differs=changes(db(), file_id),
        most=MOST,
        FIELDS=FIELDS,
        view=view,
        left_out=left_out,
        remarks=remarks,
        first=lines[:SHOWN_LINES],
        rows=len(lines),
        names=_names(),
        language_name=language_name,
        tables=tables(
            [make_up(db(), on), make_up_of((each.strata for each in lines), on)], _names()
        ),
    )


@blueprint.post("/files/<uuid:file_id>/take")
def take(file_id: UUID) -> ResponseReturnValue:
    """Bring the caseload up to date with a checked file."""
    _there(file_id)
    form = SureForm()
    back = url_for("caseload.checked", file_id=file_id)
    if not form.validate_on_submit():
        return redirect(back)
    try:
        taken = take_in(db(), file_id, now(), sure=form.sure.data == "yes")
    except ManyGone:
        flash(_("Nothing was taken in. Say first whether so many have really left."))
        return redirect(back)
    except Outdated:
        flash(
            _("Another file was taken in meanwhile, or this one waited too long. Check it again.")
        )
        return redirect(url_for("caseload.new"))
    record(db(), actor(), "import", "caseload", file_id, now(), ["entries"])
    flash(
        _(
            "The caseload is up to date: %(new)d new, %(changed)d changed, %(gone)d left.",
            new=taken.new,
            changed=taken.changed,
            gone=taken.gone,
        )
    )
    return redirect(url_for("caseload.home"))


@blueprint.post("/files/<uuid:file_id>/throw-away")
def throw_away(file_id: UUID) -> ResponseReturnValue:
    """Think better of a checked file."""
    _there(file_id)
    if Form().validate_on_submit():
        let_go(db(), file_id, now())
        record(db(), actor(), "remove", "caseload", file_id, now(), ["waiting"])
        flash(_("The file was let go of. Nothing was changed."))
    return redirect(url_for("caseload.home"))


@blueprint.get("/mappings/<name>.yaml")
def mapping(name: str) -> Response:
    """A mapping, to be copied and edited."""
    if name not in known_mappings():
        abort(404)
    return _download((FOLDER / f"{name}.yaml").read_bytes(), "application/yaml", f"{name}.yaml")


@blueprint.get("/examples/<name>.xlsx")
def example(name: str) -> Response:
    """A workbook of a mapping's shape, with children that do not exist."""
    known = known_mappings()
    if name not in known:
        abort(404)
    out = io.BytesIO()
    rows = example_rows(known[name], _framework(), EXAMPLE_LINES, london_date(now()))
    write_example(out, rows, workbook=True, sheet=known[name].sheet)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(out.getvalue(), kind, f"{name}-example.xlsx")


def _there(file_id: UUID) -> FileView:
    view = file_view(db(), file_id)
    return view if view is not None else abort(404)


def _download(data: bytes, kind: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(data, mimetype=kind, headers={"Content-Disposition": disposition})


def _own_mapping(field: FileField) -> CaseloadMapping:
    data = field.data.read(LARGEST + 1)
    return read_mapping(data.decode("utf-8", "replace"), _("Your file"))


def _wrong(findings: Findings, in_doubt: list[str]) -> str:
    """What stands above the list: where the mapping does not fit, the file may well be good."""
    if in_doubt:
        return _(
            "Nothing was taken in. Most lines are wrong in %(columns)s: does the mapping take the "
            "wrong column? See the list.",
            columns=in_words([f"“{each}”" for each in in_doubt]),
        )
    if findings.unfit:
        return _(
            "Nothing was taken in. The file may be good, but the mapping does not fit it: see the "
            "list."
        )
    return problem_sentence(findings.count)


def _doubts(findings: Findings, mapping: CaseloadMapping) -> list[tuple[str, str]]:
    """Columns of the export that are mostly wrong, and what the mapping takes each for."""
    taken_for = {
        column.heading: name for name, columns in mapping.columns.items() for column in columns
    }
    return [
        (each, str(FIELDS[taken_for[each]]))
        for each in findings.columns_in_doubt()
        if each in taken_for
    ]


def _framework() -> Framework:
    return version_in_force(settings().framework, london_date(now()))


def _names() -> dict[str, str]:
    return _framework().names
