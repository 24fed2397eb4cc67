"""How far two coders agree, code by code: drawn, and as figures that say what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel import numbers
from flask import Blueprint, Response, request

from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.language.texts import current_language, lazy
from family_voice.language.texts import gettext as _
from family_voice.themes.agreement import FEW_SENTENCES, FEW_USES, Agreement, Figures
from family_voice.themes.codebooks import current
from family_voice.themes.disagreements import Basis, agreement, pairs
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.shared.fields import Choice, Option
from family_voice.web.shared.forms import Form
from family_voice.web.staff.desk import page

blueprint = Blueprint("coder_agreement", __name__, url_prefix="/staff/coding")

_ROW: Final = 46
#: How far the longest bar reaches, in per cent: its numbers stand after it.
_WIDEST: Final = 70
NAMED: Final = "named"


class ShowForm(Form):
    """Which accounts are compared, and on what."""

    round = Choice(lazy("Round"))
    # Each answer, unless this is chosen: a code on a whole answer is one decision.
    by = Choice(lazy("What is compared"), [Option(Basis.SENTENCES.value, lazy("Each sentence"))])
    who = Choice(lazy("Which accounts"), [Option(NAMED, lazy("Those that somebody named"))])


@dataclass(frozen=True)
class Bar:
    """One code's row of the drawing: how often both or one of them put it, in per cent of width."""

    code: str
    name: str
    y: int
    both: float
    first: float
    second: float
    figures: Figures


@blueprint.get("/agreement")
def every() -> Response:
    """How far two coders agree on the accounts that were coded twice."""
    wanted, form = chosen_round(), ShowForm(request.args, meta={"csrf": False})
    form.round.options = [Option(str(each.id), each.term) for each in all_rounds(db())]
    form.round.data = str(wanted.id) if wanted else None
    basis = Basis.SENTENCES if form.by.data == Basis.SENTENCES else Basis.ANSWERS
    which = wanted.id if wanted else None
    named = pairs(db(), now(), which, named=True)
    found = named if form.who.data == NAMED else pairs(db(), now(), which, named=False)
    figures = agreement(db(), found, basis)
    seen("coding", None, ["agreement"])
    return page(
        "second_coding/agreement.html",
        200,
        form=form,
        round=wanted,
        accounts=len(found),
        named=len(named),
        only_named=form.who.data == NAMED,
        it=figures,
        bars=_bars(figures),
        same=round((figures.same_set or 0) * figures.sentences),
        height=_ROW * len(figures.per_code) + 4,
        basis=basis,
        per_answer=basis is Basis.ANSWERS,
        number=_number,
        share=_share,
        few_sentences=FEW_SENTENCES,
        few_uses=FEW_USES,
    )


def chosen_round() -> RoundView | None:
    """The round that the address names; None for all of them."""
    return {str(each.id): each for each in all_rounds(db())}.get(request.args.get("round", ""))


def code_names() -> dict[str, str]:
    """The name of every code of the codebook, in its order."""
    return {code.id: code.name for code in current(db()).codes.values()}


def _bars(found: Agreement) -> list[Bar]:
    """Where people differ most stands first: that is what there is to talk about."""
    names = code_names()
    rows = sorted(
        found.per_code.items(), key=lambda row: (-row[1].apart, -row[1].both, names.get(row[0], ""))
    )
    widest = max((each.both + each.apart for _code, each in rows), default=1)
    return [
        Bar(
            code=code,
            name=names.get(code, code),
            y=_ROW * place,
            both=_WIDEST * each.both / widest,
            first=_WIDEST * each.first_only / widest,
            second=_WIDEST * each.second_only / widest,
            figures=each,
        )
        for place, (code, each) in enumerate(rows)
    ]


def _number(figure: float | None) -> str:
    if figure is None:
        return _("not enough data")
    # Nothing is minus nought.
    return numbers.format_decimal(round(figure, 2) + 0.0, "0.00", locale=current_language().locale)


def _share(figure: float | None) -> str:
    if figure is None:
        return _("not enough data")
    return numbers.format_percent(figure, "0%", locale=current_language().locale)
