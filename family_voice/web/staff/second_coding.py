"""Coding an account a second time without seeing the first codes: drawn, given, and done."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from family_voice.cases.candidates import OpenCase, cases_named, told_by
from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import case_of
from family_voice.cases.rounds import RoundView, all_rounds, current_round
from family_voice.language.formats import in_words
from family_voice.language.texts import gettext as _
from family_voice.language.texts import lazy, ngettext
from family_voice.people.access import Role
from family_voice.people.staff import names_of_staff, staff_with
from family_voice.security.trail import record
from family_voice.storage.locking import Missing
from family_voice.themes import choices, second_sample
from family_voice.themes.second_sample import PERCENTS
from family_voice.web.access import actor, current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.shared.errors import error_page
from family_voice.web.shared.fields import Choice, Line, Needed, Option
from family_voice.web.shared.forms import Form, id_in
from family_voice.web.staff.desk import page

blueprint = Blueprint("second_coding", __name__, url_prefix="/staff/coding/second")
blueprint.register_error_handler(Missing, lambda _missing: error_page(404))


class WhichRound(Form):
    """A round to show."""

    round = Choice(lazy("Round"))


class DrawForm(Form):
    """How many to draw."""

    percent = Choice(
        lazy("How many of the coded accounts?"),
        [Option(str(each), lazy("%(num)d of 100", num=each)) for each in PERCENTS],
        [Needed(lazy("Choose how many."))],
        default="20",
        description=lazy("Of all that were ever coded in this round, rounded up."),
    )

    def say(self, would: dict[int, int]) -> None:
        """Say beside each share how many accounts it draws."""
        self.percent.options = [
            Option(
                str(each),
                _("%(num)d of 100", num=each),
                ngettext("draws %(num)d account", "draws %(num)d accounts", drawn)
                if drawn
                else _("draws none: enough were drawn before"),
            )
            for each, drawn in would.items()
        ]


class NameForm(Form):
    """An account that somebody wants coded a second time, and by whom."""

    account = Choice(lazy("Which account?"), validators=[Needed(lazy("Choose an account."))])
    who = Choice(lazy("Who is to code it?"), validators=[Needed(lazy("Choose who is to code it."))])


class GiveForm(Form):
    """Who is to code an account."""

    interview = Line("")
    coder = Choice(lazy("Give it to"), validators=[Needed(lazy("Choose who is to code it."))])


@blueprint.get("")
def every() -> Response:
    """What is coded a second time in a round, and what to do next."""
    return _page(DrawForm(formdata=None))


@blueprint.post("")
def draw() -> ResponseReturnValue:
    """Draw accounts for a second coding."""
    form, wanted = DrawForm(), which_round()
    if wanted is None or not form.validate_on_submit():
        return _page(form)
    try:
        drawn = second_sample.draw(
            db(), wanted.id, int(form.percent.data), current_staff().id, now()
        )
    except second_sample.IsOff:
        form.form_errors.append(_("Second coding is off. Put it on first."))
        return _page(form)
    except second_sample.NothingToDraw:
        flash(_("There is no newly coded account to draw from. Nothing was changed."))
    else:
        record(db(), actor(), "draw", "round", wanted.id, now(), ["second coding"])
        flash(
            ngettext("%(num)d account was drawn.", "%(num)d accounts were drawn.", drawn)
            if drawn
            else _("They are put aside: nobody codes them a second time.")
        )
    return redirect(url_for("second_coding.every", round=wanted.id))


@blueprint.post("/name")
def name() -> ResponseReturnValue:
    """Have an account coded a second time besides those that chance draws."""
    form, wanted = NameForm(), which_round()
    if wanted is None:
        raise Missing
    _to_name(form, wanted)
    if not form.validate_on_submit():
        return _page(DrawForm(formdata=None), name_form=form)
    interview_id = UUID(form.account.data)
    try:
        second_sample.name(
            db(), wanted.id, interview_id, UUID(form.who.data), current_staff().id, now()
        )
    except second_sample.NotBlind:
        able = [each.label for each in _able(interview_id)]
        form.who.errors = [
            _("They have seen its codes, or work with the family. These may: %(names)s.",
              names=in_words(able))
            if able
            else _("Everybody who codes has seen its codes, or works with the family.")
        ]  # fmt: skip
        return _page(DrawForm(formdata=None), name_form=form)
    except (second_sample.InThePot, second_sample.IsOff):
        flash(_("That account can no longer be named. Nothing was changed."))
    else:
        record(db(), actor(), "change", "interview", interview_id, now(), ["second coder"])
        flash(_("It is given to them now. It is marked as named, not drawn."))
    return redirect(url_for("second_coding.every", round=wanted.id))


@blueprint.post("/give")
def give() -> ResponseReturnValue:
    """Give an account to somebody else."""
    form = GiveForm()
    interview_id, wanted = id_in(form.interview.data), which_round()
    if interview_id is None:
        raise Missing
    form.coder.options = _able(interview_id)
    if not form.validate_on_submit():
        return _page(DrawForm(formdata=None), form)
    try:
        second_sample.give(db(), interview_id, UUID(form.coder.data))
    except second_sample.IsDone:
        flash(_("Somebody has coded this account meanwhile. Nothing was changed."))
    else:
        record(db(), actor(), "change", "interview", interview_id, now(), ["second coder"])
        flash(_("It is given to them now."))
    return redirect(url_for("second_coding.every", round=wanted.id if wanted else None))


def which_round() -> RoundView | None:
    """The round that the address names, else the one that is going on."""
    rounds = {str(each.id): each for each in all_rounds(db())}
    return rounds.get(request.args.get("round", ""), current_round(db(), london_date(now())))


def round_form(wanted: RoundView | None) -> WhichRound:
    """The list of rounds to choose from."""
    form = WhichRound(formdata=None, meta={"csrf": False})
    form.round.options = [Option(str(each.id), each.term) for each in all_rounds(db())]
    form.round.data = str(wanted.id) if wanted else None
    return form


def named(interview_ids: list[UUID]) -> dict[UUID, OpenCase]:
    """The case that each account stands on, as far as it stands on one."""
    places = {each: case_of(db(), each) for each in interview_ids}
    cases = cases_named(db(), [each for each in places.values() if each])
    return {each: cases[case_id] for each, case_id in places.items() if case_id in cases}


def _to_name(form: NameForm, wanted: RoundView) -> None:
    """What may be named: what chance has not decided about."""
    waits = [each.interview_id for each in second_sample.to_draw_from(db(), wanted.id, now())]
    cases = named(waits)
    form.account.options = [
        Option(str(each), f"{cases[each].child.reference} {cases[each].child.name}".strip())
        for each in waits
        if each in cases
    ]
    leads = [each.id for each in staff_with(db(), Role.LEAD)]
    form.who.options = [Option(str(who), name) for who, name in names_of_staff(db(), leads).items()]


def _page(
    form: DrawForm, give_form: GiveForm | None = None, name_form: NameForm | None = None
) -> Response:
    wanted = which_round()
    if wanted is None:
        return page("no_round.html")
    found = second_sample.drawn_in(db(), wanted.id)
    draws = second_sample.draws_of(db(), wanted.id)
    waits = len(second_sample.to_draw_from(db(), wanted.id, now()))
    would = second_sample.would_draw(db(), wanted.id, waits)
    form.say(would)
    if name_form is None:
        name_form = NameForm(formdata=None)
        _to_name(name_form, wanted)
    me = current_staff().id
    able = {
        each.interview_id: [who for who in _able(each.interview_id) if who.value != str(each.coder)]
        for each in found
        if not each.finished_at
    }
    people = {who for each in found for who in (*each.first, each.coder) if who}
    seen("round", wanted.id, ["reference", "name", "second coding"])
    return page(
        "second_coding/every.html",
        form=form,
        rounds=round_form(wanted),
        round=wanted,
        is_on=choices.second_coding_on(db(), now()),
        accounts=choices.accounts_in_a_year(db(), now()),
        enough=choices.ENOUGH_A_YEAR,
        waits=waits,
        none_comes=not any(would.values()),
        name_form=name_form,
        drawn=found,
        mine=[each for each in found if each.coder == me and not each.finished_at],
        draws=draws,
        cases=named([each.interview_id for each in found]),
        told={each.interview_id: told_by(db(), each.interview_id) for each in found},
        names=names_of_staff(db(), people | {each.by for each in draws}),
        me=me,
        able=able,
        give_form=give_form or GiveForm(formdata=None),
    )


def _able(interview_id: UUID) -> list[Option]:
    able = second_sample.who_may(db(), interview_id)
    return [Option(str(who), name) for who, name in names_of_staff(db(), able).items()]
