"""Judgements of past years: what was brought in, drawn scale by scale, and bringing in a table."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, ValidationError

from family_voice.cases.caseload_file import LARGEST_FILE
from family_voice.cases.caseload_findings import Together, together
from family_voice.improvement import past_judgements
from family_voice.improvement.past_judgements import AlreadyIn, PastRefused
from family_voice.improvement.past_table import ScaleTable
from family_voice.language.texts import _, lazy, ngettext
from family_voice.web.access import actor
from family_voice.web.services import db, now, settings
from family_voice.web.shared.fields import Line, Needed
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page
from family_voice.web.staff.heard_drawing import draw_meetings

blueprint = Blueprint("past", __name__, url_prefix="/staff/past-judgements")


class TableForm(Form):
    """A table of past judgements."""

    name = Line(
        lazy("What is this table called?"),
        [Needed(lazy("Give the table a name, such as Judgements until December 2024."))],
        longest=past_judgements.LONGEST_NAME,
    )
    table = FileField(lazy("The file with the table (CSV)"))  # type: ignore[arg-type]

    def validate_table(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose the file with the table."))


@blueprint.route("", methods=["GET", "POST"])
def every() -> ResponseReturnValue:
    """Every table that was brought in, as it stood; and one more."""
    form = TableForm()
    problems: list[Together] = []
    if form.validate_on_submit():
        try:
            table = past_judgements.bring_in(
                db(),
                form.table.data.read(LARGEST_FILE + 1),
                form.name.data or "",
                settings().framework,
                actor(),
                now(),
            )
        except PastRefused as refused:
            problems = together(refused.problems)
            form.table.errors = [
                ngettext(
                    "Nothing was brought in. There is %(num)d thing to put right: see the list.",
                    "Nothing was brought in. There are %(num)d things to put right: see the list.",
                    len(problems),
                )
            ]
        except AlreadyIn as there:
            flash(_("This file was brought in before, as “%(name)s”.", name=there.table.name))
            return redirect(url_for("past.every"))
        else:
            for notice in table.notices:
                flash(notice)
            flash(_("The table is here, as it stood in the file."))
            return redirect(url_for("past.every", _anchor=f"table-{table.number}"))
    return page(
        "heard/past.html",
        form=form,
        judged=judged,
        scale_in_words=scale_in_words,
        problems=problems,
        tables=[
            (table, [(part, draw_meetings(part)) for part in table.parts])
            for table in past_judgements.every(db())
        ],
    )


@blueprint.get("/example.csv")
def example() -> Response:
    """A file that works, to start from. With a byte order mark, so that Excel reads its letters."""
    return Response(
        b"\xef\xbb\xbf" + past_judgements.EXAMPLE.read_bytes(),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="past-judgements-example.csv"'},
    )


def judged(part: ScaleTable, value: int) -> str:
    """A point of a scale as people say it: its number, and its words where anybody knows them."""
    words = next((point.words for point in part.points if point.value == value), "")
    return f"{value} (“{words}”)" if words else str(value)


def scale_in_words(part: ScaleTable) -> str:
    """What a scale is, for the heading of its table."""
    name = part.scale.replace("_", " ")
    if not all(point.words for point in part.points):
        return ngettext(
            "Judged on the scale that the file calls “%(name)s”: %(num)d possible judgement. "
            "Nobody has written down yet what each number means.",
            "Judged on the scale that the file calls “%(name)s”: %(num)d possible judgements. "
            "Nobody has written down yet what each number means.",
            len(part.points),
            name=name,
        )
    return ngettext(
        "Judged on a scale of %(num)d possible judgement: %(first)s is the best, %(last)s the "
        "worst. The file calls it “%(name)s”.",
        "Judged on a scale of %(num)d possible judgements: %(first)s is the best, %(last)s the "
        "worst. The file calls it “%(name)s”.",
        len(part.points),
        first=judged(part, part.points[0].value),
        last=judged(part, part.points[-1].value),
        name=name,
    )
