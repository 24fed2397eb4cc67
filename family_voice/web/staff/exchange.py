"""Files for other programs: a round to take along, and what comes in from elsewhere."""

from __future__ import annotations

import re
from collections import Counter

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, ValidationError

from family_voice.cases.deadlines import london_date
from family_voice.cases.rounds import RoundView, all_rounds, current_round
from family_voice.language.texts import _, lazy, ngettext
from family_voice.people.access import Action, Resource, may
from family_voice.people.staff import names_of_staff
from family_voice.sharing.exchange import bringing, codebook_in, coming_back, keeping
from family_voice.sharing.exchange.codes import words_of
from family_voice.sharing.exchange.files import Form as FileForm
from family_voice.sharing.exchange.files import written
from family_voice.sharing.exchange.keeping import Withheld
from family_voice.sharing.exchange.leaving import codebook_project, round_project
from family_voice.sharing.exchange.opening import LARGEST_FILE, ExchangeRefused
from family_voice.sharing.exchange.project import Project
from family_voice.storage.locking import Missing
from family_voice.themes.codebook_changing import MovedOn, ReasonMissing
from family_voice.themes.second_coding import blind_to
from family_voice.web.access import changed, current_roles, current_staff, exported, refused, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Line, Needed, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page

blueprint = Blueprint("exchange", __name__, url_prefix="/staff/files")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))


@blueprint.errorhandler(Withheld)
def _withheld(problem: Withheld) -> ResponseReturnValue:
    refused("imported project", problem.project_id)
    flash(
        _(
            "This project has the codes of an account that you code without seeing them. It opens "
            "for you when you are done."
        )
        if problem.blind
        else _(
            "This project holds something that a family does not let you read now. You can only "
            "delete it."
        )
    )
    return redirect(url_for("exchange.every"))


KINDS = (
    Option(
        FileForm.PROJECT.value,
        lazy("The accounts with their codes (.qdpx)"),
        lazy("For NVivo, MAXQDA, ATLAS.ti and QualCoder."),
    ),
    Option(
        FileForm.WORKBOOK.value,
        lazy("A table of the codes (.xlsx)"),
        lazy("A line for each code on each answer or sentence, for Excel."),
    ),
    Option(FileForm.TABLE.value, lazy("The same table as CSV (.csv)")),
    Option(
        FileForm.CODEBOOK.value,
        lazy("The codebook alone (.qdc)"),
        lazy("No words of anybody are in it."),
    ),
    Option(FileForm.CODEBOOK_TABLE.value, lazy("The codebook as a table (.csv)")),
)
NAMES = "with"
WITHOUT = Option(
    "without", lazy("Without names"), lazy("Names, places, numbers and addresses are replaced.")
)
WITH = Option(
    NAMES,
    lazy("With names"),
    lazy("For work inside the council. It is on record that you took it."),
)
#: What a project of another program may hold that is not kept.
NOT_KEPT = {
    "PictureSource": lazy("pictures"),
    "AudioSource": lazy("sound recordings"),
    "VideoSource": lazy("films"),
    "PDFSelection": lazy("places marked on pages of PDF files"),
    "Link": lazy("links"),
    "Set": lazy("sets"),
    "Graph": lazy("drawings"),
}


class DownloadForm(Form):
    """What to take along."""

    round = Choice(lazy("Round"))
    kind = Choice(lazy("What do you need?"), KINDS, [Needed(lazy("Choose a kind of file."))])
    names = Choice(lazy("Names"))


class BringForm(Form):
    """A file of another program."""

    file = FileField(lazy("The file (.qdpx, .qdc or .csv)"))  # type: ignore[arg-type]
    reason = Line(lazy("If it is a codebook: why do its codes come in?"))

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file."))


class ReasonForm(Form):
    """Why codes come into our codebook."""

    reason = Line(
        lazy("Why do they come in?"),
        [Needed(lazy("Say why: it stands in the codebook's history."))],
    )


@blueprint.before_request
def _room_for_a_project() -> None:
    if request.endpoint == "exchange.bring":
        request.max_content_length = LARGEST_FILE + 100_000


@blueprint.get("")
def every() -> Response:
    """What can be taken along, and what was brought in."""
    return _home()


@blueprint.get("/download")
def download() -> ResponseReturnValue:
    """A round as a file."""
    form = _download_form()
    if form.kind.data is None:
        form.kind.data = FileForm.PROJECT.value
    wanted = _rounds().get(form.round.data or "")
    if not form.validate() or wanted is None:
        return _home(form)
    kind, named = FileForm(form.kind.data), form.names.data == NAMES
    if named and not _may_see_names():
        refused("round", wanted.id, ["names"])
        return error_page(403)
    if kind.of_codebook:
        exported("codebook", None, [kind.value, "names" if named else "without names"])
        return _file(codebook_project(db(), names=named), kind, "codebook")
    left = round_project(db(), wanted.id, current_staff().id, now(), names=named)
    for interview_id in left.accounts:
        exported("interview", interview_id, ["answers", "codes", *(["names"] if named else [])])
    exported("round", wanted.id, [kind.value, "names" if named else "without names"])
    what = f"accounts {wanted.term} with names" if named else f"accounts {wanted.term}"
    return _file(left.project, kind, what)


@blueprint.post("")
def bring() -> ResponseReturnValue:
    """A file comes in: all of it, or nothing."""
    form = BringForm()
    if form.validate_on_submit():
        try:
            came = bringing.bring(
                db(), form.file.data.read(), current_staff().id, now(),
                reason=str(form.reason.data or ""),
            )  # fmt: skip
        except ExchangeRefused as problem:
            form.file.errors = [str(problem)]
        except ReasonMissing:
            form.reason.errors = [
                _("This is a codebook. Say why its codes come in, and choose the file again.")
            ]
        except MovedOn:
            form.form_errors = [_moved_on()]
        else:
            if came.number is not None:
                flash(_in(came))
                return redirect(url_for("exchange.project", project_number=came.number))
            flash(_came(came.codes) if came.codes else "")
            return redirect(url_for("codebook.every"))
    return _home(bring_form=form)


@blueprint.get("/projects/<int(max=999999999):project_number>")
def project(project_number: int) -> Response:
    """One project that was brought in, and what can be done with it."""
    return _project(project_number)


@blueprint.get("/projects/<int(max=999999999):project_number>/download")
def download_project(project_number: int) -> ResponseReturnValue:
    """It as a file again."""
    form = _download_form()
    kind = form.kind.data or FileForm.PROJECT.value
    if kind not in {each.value for each in FileForm}:
        return _project(project_number)
    found, ours = keeping.shown(db(), project_number, current_staff().id, now())
    for interview_id in ours if not FileForm(kind).of_codebook else ():
        exported("interview", interview_id, ["answers", "codes"])
    exported("imported project", keeping.id_of(db(), project_number), [kind])
    return _file(found, FileForm(kind), f"project {project_number}")


@blueprint.post("/projects/<int(max=999999999):project_number>/codes")
def take_codes(project_number: int) -> ResponseReturnValue:
    """Its codes come into our codebook."""
    found, _ours = keeping.shown(db(), project_number, current_staff().id, now())
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            came = bringing.bring_codes(
                db(), found, str(form.reason.data), current_staff().id, now()
            )
        except ExchangeRefused as problem:
            form.form_errors = [str(problem)]
        except MovedOn:
            form.form_errors = [_moved_on()]
        else:
            flash(_came(came))
            return redirect(url_for("exchange.project", project_number=project_number))
    return _project(project_number, form)


@blueprint.post("/projects/<int(max=999999999):project_number>/codings")
def take_codings(project_number: int) -> ResponseReturnValue:
    """What it has on our accounts is put on them."""
    found, _ours = keeping.shown(db(), project_number, current_staff().id, now())
    form = Form()
    if not form.validate_on_submit():
        return _project(project_number, form)
    put = bringing.bring_codings(db(), found, current_staff().id, now())
    flash(ngettext("%(num)d code was put on.", "%(num)d codes were put on.", len(put.new)))
    return redirect(url_for("exchange.project", project_number=project_number))


@blueprint.post("/projects/<int(max=999999999):project_number>/throw-away")
def throw_away(project_number: int) -> ResponseReturnValue:
    """It is deleted; what was put on our accounts stays."""
    row_id, form = keeping.id_of(db(), project_number), Form()
    if not form.validate_on_submit():
        return _project(project_number, form)
    keeping.take_away(db(), project_number, now())
    changed("imported project", row_id, ["deleted"])
    flash(_("It is deleted."))
    return redirect(url_for("exchange.every"))


def _home(form: DownloadForm | None = None, bring_form: BringForm | None = None) -> Response:
    projects = keeping.every(db())
    return page(
        "exchange/home.html",
        form=form or _download_form(fresh=True),
        bring=bring_form or BringForm(formdata=None),
        rounds=_rounds(),
        projects=projects,
        names=names_of_staff(db(), {each.by for each in projects if each.by}),
        blind=len(blind_to(db(), current_staff().id)),
    )


def _project(project_number: int, sent: Form | None = None) -> Response:
    found, ours = keeping.shown(db(), project_number, current_staff().id, now())
    seen("imported project", keeping.id_of(db(), project_number), ["codes", "texts"])
    for interview_id in ours:
        seen("interview", interview_id, ["answers", "codes"])
    used = Counter(
        put.code
        for source in found.sources
        for puts in (source.codings, *(each.codings for each in source.passages))
        for put in puts
    )
    come: codebook_in.Came | None = None
    refused_with = ""
    try:
        come = codebook_in.look(db(), words_of(found.codes))
    except ExchangeRefused as problem:
        refused_with = str(problem)
    return page(
        "exchange/project.html",
        number=project_number,
        project=found,
        used=used,
        groups={part.id: top.name for top in found.codes for part in top.parts},
        NOT_KEPT=NOT_KEPT,
        back=coming_back.look(db(), found, current_staff().id, now()),
        come=come,
        refused_with=refused_with,
        download=_download_form(fresh=True),
        codes_form=sent if isinstance(sent, ReasonForm) else ReasonForm(formdata=None),
        press=sent
        if sent is not None and not isinstance(sent, ReasonForm)
        else Form(formdata=None),
    )


def _rounds() -> dict[str, RoundView]:
    return {str(each.id): each for each in all_rounds(db())}


def _download_form(*, fresh: bool = False) -> DownloadForm:
    form = DownloadForm(None if fresh else request.args, meta={"csrf": False})
    form.round.options = [Option(key, each.term) for key, each in _rounds().items()]
    form.names.options = [WITHOUT, WITH] if _may_see_names() else [WITHOUT]
    held = current_round(db(), london_date(now()))
    form.round.data = form.round.data or (str(held.id) if held else None)
    form.names.data = form.names.data or WITHOUT.value
    if fresh:
        form.kind.data = FileForm.PROJECT.value
    return form


def _may_see_names() -> bool:
    return may(current_roles(), Action.EXPORT, Resource.INTERVIEW)


def _file(found: Project, kind: FileForm, what: str) -> Response:
    """A file to keep, named by what is in it, so that one does not take another's place."""
    name = re.sub(r"[^a-z0-9]+", "-", f"family voice {what}".lower()).strip("-")
    return Response(
        written(found, kind),
        mimetype=kind.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind.ending}"'},
    )


def _in(came: bringing.Brought) -> str:
    said = _("It is in, apart from what families told us.")
    if not came.known_again:
        return said
    return f"{said} " + ngettext(
        "%(num)d of its texts has another name (GUID) than ours, and was known by its words.",
        "%(num)d of its texts have other names (GUIDs) than ours, and were known by their words.",
        came.known_again,
    )


def _came(came: codebook_in.Came) -> str:
    if not came.new and not came.reworded:
        return _("Every code is in our codebook already. Nothing was changed.")
    new = ngettext("%(num)d new code came in.", "%(num)d new codes came in.", len(came.new))
    if not came.drafts:
        return new
    return f"{new} " + ngettext(
        "%(num)d of them is still to be written: when to use it, when not, examples.",
        "%(num)d of them are still to be written: when to use them, when not, examples.",
        came.drafts,
    )


def _moved_on() -> str:
    return _("Somebody changed the codebook at the same moment. Press the button again.")
