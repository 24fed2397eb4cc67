"""Listening to a child who tells us without words: how they say no, who agreed, and the visits."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from family_voice.cases import observing
from family_voice.cases.deadlines import london_date
from family_voice.cases.observing import NoSign, NotAgreed, Observed, ToCome
from family_voice.cases.talking import MayNotAsk, StoodDown
from family_voice.consent.judging import NotWritten
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy
from family_voice.storage.locking import Missing
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Day, Line, Needed, Words
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.shared.pages import render
from family_voice.web.staff.labels import LABELS, OBSTACLES

blueprint = Blueprint("observed", __name__, url_prefix="/staff")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))

HERE = "/cases/<uuid:case_id>/observed"
LONGEST = 500


class SignsForm(Form):
    """How this child says no and yes."""

    no = Words(lazy("How do they say no?"), longest=LONGEST)
    yes = Words(lazy("How do they say yes, or show that they like something?"), longest=LONGEST)
    told_by = Line(lazy("Who told you, and what are they to the child?"), longest=120)


class VisitForm(Form):
    """A visit that begins."""

    on = Day(lazy("On which day?"), [Needed(lazy("Put the day of the visit."))])
    place = Line(lazy("Where?"), [Needed(lazy("Put where it was."))])
    observer = Line(
        lazy("Who was with them, and what are they to the child?"),
        [Needed(lazy("Put who was with the child."))],
    )
    #: Which page this is, so that pressed twice it is one visit.
    page = HiddenField()


@blueprint.route(HERE, methods=["GET", "POST"])
def account(case_id: UUID) -> ResponseReturnValue:
    """Everything about it; and how the child says no, written down."""
    form = SignsForm()
    if form.validate_on_submit():
        try:
            observing.keep_signs(
                db(),
                case_id,
                no=form.no.data or "",
                yes=form.yes.data or "",
                told_by=form.told_by.data or "",
                by=actor(),
                now=now(),
            )
        except NotWritten as missing:
            form[missing.field].errors = [
                _("Put how they say no. Nobody visits before we know it.")
                if missing.field == "no"
                else _("Put who told you.")
            ]
        else:
            flash(_("Written down."))
            return redirect(url_for("observed.account", case_id=case_id))
    return _page(case_id, signs_form=form)


@blueprint.post(HERE + "/visits")
def begin(case_id: UUID) -> ResponseReturnValue:
    """Begin a visit."""
    form = VisitForm()
    visit_id = id_in(form.page.data) or uuid4()
    form.page.data = visit_id.hex
    if not form.validate_on_submit() or form.on.data is None:
        return _page(case_id, visit_form=form)
    try:
        observing.begin_visit(
            db(),
            case_id,
            visit_id,
            on=form.on.data,
            place=form.place.data or "",
            observer=form.observer.data or "",
            by=actor(),
            now=now(),
        )
    except ToCome:
        form.on.errors = [_("This day is still to come. Write the visit down on its day.")]
    except NoSign:
        form.form_errors = [_("Write down first how they say no.")]
    except (NotAgreed, MayNotAsk, StoodDown) as why:
        form.form_errors = [in_the_way(why)]
    else:
        return redirect(url_for("observed.visit", case_id=case_id, visit_id=visit_id))
    return _page(case_id, visit_form=form)


def in_the_way(why: Exception) -> str:
    """A sentence about what forbids writing."""
    if isinstance(why, MayNotAsk):
        return str(OBSTACLES[why.obstacle])
    if isinstance(why, StoodDown):
        return _("This case was stood down, so nobody is asked.")
    return _("Nobody has agreed that we may write down what is seen, or they agree no longer.")


def here_for(case_id: UUID) -> Observed:
    """What is on record, for whoever is signed in; and that it was looked at."""
    found = observing.observed(db(), case_id, current_staff().id, now())
    seen("case", case_id, ["name", "own_sign", "visits"])
    if found.talk is not None and found.talk.interview_id is not None:
        seen("interview", found.talk.interview_id, ["account", "decisions"])
    return found


def show(template: str, status: int | None = None, /, **context: object) -> Response:
    """A page about listening in this way."""
    return render(f"staff/observed/{template}", status, **LABELS, **context)


def _page(
    case_id: UUID, signs_form: SignsForm | None = None, visit_form: VisitForm | None = None
) -> Response:
    found = here_for(case_id)
    signs = signs_form or SignsForm(formdata=None)
    if not signs.is_submitted() or signs_form is None:
        kept = found.signs
        signs.no.data, signs.yes.data = (kept.no, kept.yes) if kept else ("", "")
        signs.told_by.data = kept.told_by if kept else ""
    visit = visit_form or VisitForm(formdata=None, data={"on": london_date(now())})
    visit.page.data = visit.page.data or uuid4().hex
    return show(
        "account.html",
        here=found,
        signs_form=signs,
        signs_open=signs_form is not None and bool(signs_form.errors),
        visit_form=visit,
        visit_open=visit_form is not None,
    )
