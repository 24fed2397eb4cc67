"""Accounts told elsewhere: a file of answers from another form, and a paper form typed in."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField

from family_voice.cases import gathered, gathered_file
from family_voice.cases.caseload_findings import Together, together
from family_voice.cases.deadlines import london_date
from family_voice.cases.gathered import Brought, GatheredRefused, NotAgreed, NothingSaid
from family_voice.cases.gathered_file import BadMapping, FormMapping, Told
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews.errors import AlreadyBegun
from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import Guide, load_guide
from family_voice.interviews.words import Speaker
from family_voice.language import texts
from family_voice.language.texts import _, lazy, ngettext
from family_voice.storage.base import new_id
from family_voice.web.access import actor
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Choices, Day, Line, Needed, Option, Words, YesNo
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import page
from family_voice.web.staff.labels import RELATIONSHIPS

blueprint = Blueprint("gathered", __name__, url_prefix="/staff/accounts")

AUDIENCES = {
    "parent_carer": lazy("A parent or carer"),
    "young_person": lazy("A young person"),
    "advocate": lazy("An advocate"),
}
WHAT_FOR = {
    Purpose.TALK: lazy("May we keep what they say?"),
    Purpose.CHECK: lazy("May the small group read it?"),
    Purpose.QUOTE: lazy("May we ask to quote them?"),
    Purpose.COUNT: lazy("May it be counted?"),
    Purpose.CONTACT: lazy("May we get in touch again?"),
}
PUT_TO_THEM = (
    Option("yes", lazy("The form put our permission statements to them, word for word")),
)
TICKED = Needed(lazy("Tick this only if it is so. Without it nothing may be kept."))


class FileForm(Form):
    """A file of answers, and how to read it."""

    mapping = Choice(
        lazy("Which form are the answers from?"), (), [Needed(lazy("Choose the form."))]
    )
    own = FileField(lazy("Your own mapping (YAML)"))  # type: ignore[arg-type]
    answers = FileField(lazy("The file with the answers (CSV)"))  # type: ignore[arg-type]
    asked = Choices(lazy("What the form asked"), PUT_TO_THEM, [TICKED])


@blueprint.route("/bring", methods=["GET", "POST"])
def bring() -> ResponseReturnValue:
    """Bring in a file: all of it, or nothing and what to put right."""
    form = FileForm()
    ours = gathered_file.mappings()
    form.mapping.options = [
        *(Option(each.id, each.name) for each in ours.values()),
        Option("own", lazy("Another form: I have my own mapping")),
    ]
    problems: list[Together] = []
    if form.validate_on_submit() and (mapping := _mapping(form, ours)) is not None:
        data = form.answers.data
        if not getattr(data, "filename", ""):
            form.answers.errors = [_("Choose the file with the answers.")]
        else:
            try:
                content = data.read(gathered_file.LARGEST_FILE + 1)
                brought = gathered.bring_in(db(), content, mapping, actor(), now())
            except GatheredRefused as refused:
                problems = together(refused.problems)
                form.answers.errors = [
                    _("Nothing was taken in. Put right what is in the list, then choose it again.")
                ]
            else:
                for sentence in _said(brought):
                    flash(sentence)
                return redirect(url_for("linking.unlinked"))
    return page("linking/bring.html", form=form, problems=problems, ours=ours.values())


@blueprint.get("/mapping/<name>")
def mapping(name: str) -> Response:
    """One of our mappings, to start an own one from."""
    if name not in gathered_file.mappings():
        return error_page(404)
    return Response(
        (gathered_file.FOLDER / f"{name}.yaml").read_bytes(),
        mimetype="text/plain",
        headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'},
    )


def _mapping(form: FileForm, ours: dict[str, FormMapping]) -> FormMapping | None:
    if form.mapping.data != "own":
        return ours[form.mapping.data]
    if not getattr(form.own.data, "filename", ""):
        form.own.errors = [_("Choose your mapping. You can start from one of ours.")]
        return None
    try:
        return gathered_file.read_mapping(form.own.data.read(100_000).decode("utf-8"))
    except UnicodeDecodeError:
        form.own.errors = [_("The mapping cannot be read. Save it as UTF-8.")]
    except BadMapping as bad:
        form.own.errors = [str(bad)]
    return None


def _said(brought: Brought) -> list[str]:
    said = [
        ngettext(
            "%(num)d account came in. Find its case below.",
            "%(num)d accounts came in. Find their cases below.",
            len(brought.made),
        )
    ]
    if brought.here_already:
        said.append(
            ngettext(
                "%(num)d line was here already.",
                "%(num)d lines were here already.",
                brought.here_already,
            )
        )
    if brought.without_permission:
        said.append(
            ngettext(
                "%(num)d line was left out, because they had not said yes. Nothing of it is kept.",
                "%(num)d lines were left out, because they had not said yes. Nothing of them is "
                "kept.",
                brought.without_permission,
            )
        )
    if brought.without_words:
        said.append(
            ngettext(
                "%(num)d line without an answer was left out.",
                "%(num)d lines without an answer were left out.",
                brought.without_words,
            )
        )
    return said


@blueprint.route("/type-in", methods=["GET", "POST"])
def type_in() -> ResponseReturnValue:
    """Type in what stands on a paper form."""
    audience = request.values.get("who", "")
    if audience not in AUDIENCES:
        audience = "parent_carer"
    guide = load_guide(audience, "en")
    form = _paper_form(guide)
    if request.method == "GET":
        form["page"].data = str(new_id())
    interview_id = id_in(form["page"].data)
    if form.validate_on_submit() and interview_id is not None and _is_whole(form):
        try:
            gathered.type_in(db(), _told(form, guide, audience), interview_id, actor(), now())
        except NotAgreed:
            form[Purpose.TALK.value].errors = [
                _("Without their yes nothing is kept. Do not type in what they said.")
            ]
        except NothingSaid:
            form.form_errors.append(_("Type in at least one answer."))
        except AlreadyBegun:
            return redirect(url_for("linking.account", interview_id=interview_id))
        else:
            flash(_("Kept. Now find the case it belongs to."))
            return redirect(url_for("linking.account", interview_id=interview_id))
    return _typing(form, guide, audience)


def _typing(form: Form, guide: Guide, audience: str) -> Response:
    asked = {
        each.value: statement(each, audience, "en").question for each in Purpose
    }  # what the paper asks, so that the right box is ticked
    return page(
        "linking/type_in.html",
        form=form,
        guide=guide,
        audience=audience,
        audiences=AUDIENCES,
        purposes=[each.value for each in Purpose],
        asked=asked,
        field_of=_field,
    )


def _is_whole(form: Form) -> bool:
    if form["on"].data > london_date(now()):
        form["on"].errors = [_("This day is still to come.")]
        return False
    if form["on"].data < london_date(now()) - gathered_file.OLDEST:
        form["on"].errors = [_("This is over a year ago. Check the year.")]
        return False
    return True


def _field(prompt_id: str) -> str:
    return "said_" + prompt_id.replace(".", "_")


def _paper_form(guide: Guide) -> Form:
    class PaperForm(Form):
        page = HiddenField()
        on = Day(
            lazy("Which day is on the form?"),
            [Needed(lazy("Put the day on the form, or the day it came."))],
        )
        language = Choice(
            lazy("Which language is it written in?"),
            lambda: [Option(each.code, each.name) for each in texts.worded()],
            [Needed(lazy("Choose the language."))],
        )
        first_name = Line(lazy("First name"))
        last_name = Line(lazy("Last name"))
        relationship = Choice(
            lazy("Who they are to the child"),
            [Option(key, label) for key, label in RELATIONSHIPS.items()],
        )
        phone = Line(lazy("Telephone"))
        email = Line(lazy("Email"))
        child_first_name = Line(lazy("First name"))
        child_last_name = Line(lazy("Last name"))
        child_date_of_birth = Line(lazy("Date of birth, as written"))
        school = Line(lazy("School or college"))
        postcode = Line(lazy("Postcode"))
        asked = Choices(lazy("What the form asked"), PUT_TO_THEM, [TICKED])

    for purpose in Purpose:
        needed = [Needed(lazy("Say what is ticked on the form."))]
        setattr(
            PaperForm,
            purpose.value,
            YesNo(WHAT_FOR[purpose], needed if purpose is Purpose.TALK else None),
        )
    for prompt in guide.prompts.values():
        setattr(PaperForm, _field(prompt.id), Words(prompt.text))
    setattr(PaperForm, _field(NOTES), Words(lazy("Anything else on the form")))
    return PaperForm()


def _told(form: Form, guide: Guide, audience: str) -> Told:
    named = {name: form[name].data or "" for name in gathered_file.SPEAKER}
    return Told(
        key="",
        at=datetime.combine(form["on"].data, time(12), UTC),
        audience=audience,
        language=form["language"].data,
        speaker=Speaker(**named),
        decisions={
            each: form[each.value].data for each in Purpose if form[each.value].data is not None
        },
        answers={
            prompt_id: form[_field(prompt_id)].data or "" for prompt_id in (*guide.prompts, NOTES)
        },
    )
