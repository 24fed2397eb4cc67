"""How a sample's rule, its places and its caseload are said, and where the bar's pieces go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from family_voice.cases.rounds import RoundView
from family_voice.cases.sampled import THEMES_KNOWN, How, Why, themes_drawn_by
from family_voice.cases.sampling import MONTHS_OF, LeftOut, period_before
from family_voice.language.formats import full_date, in_words
from family_voice.language.texts import _, lazy
from family_voice.web.staff.audit_words import how_much, may_be_drawn

LEFT_OUT = {
    LeftOut.PLAN_TYPE: lazy("Another kind of plan"),
    LeftOut.THEME: lazy("Not on this round's theme"),
    LeftOut.EVENT: lazy("Nothing finalised in that time"),
    LeftOut.YEARS: lazy("Not with a plan for long enough"),
    LeftOut.AUDITED: lazy("Looked at not long ago, or in another round now"),
    LeftOut.DRAWN: lazy("Drawn for another audit of the same time"),
}
HOW = {
    How.DRAWN: lazy("Drawn"),
    How.REPLACEMENT: lazy("Drawn in place of another"),
    How.BY_HAND: lazy("Picked by hand"),
}
WHY = {
    Why.ASKED_FOR: lazy("The group asked for this case"),
    Why.COMPLAINT: lazy("A complaint"),
    Why.COMPLIMENT: lazy("A compliment"),
    Why.TOO_FEW: lazy("The draw found too few of this kind"),
    Why.OTHER: lazy("Another reason"),
    Why.WITH_FILE: lazy("Came in with a file, without a draw"),
}


@dataclass(frozen=True)
class Piece:
    """One piece of the bar that the caseload is drawn as; in per cent, and which colour."""

    label: str
    count: int
    x: float
    width: float
    colour: int


def rule_of(into: RoundView, on: date) -> list[str]:
    """The rule of a round's sample, a sentence a line, as on the day of its draw."""
    audit = into.audit
    lines = [how_much(audit)]
    lines += [
        _("At least %(count)d: %(name)s.", count=each.at_least, name=each.name)
        for each in audit.strata
    ]
    if audit.themed and into.theme_names:
        lines.append(_("On the theme: %(names)s.", names=in_words(into.theme_names)))
        lists = [each.name for each in into.framework.themes if themes_drawn_by(into).get(each.id)]
        if len(lists) > 1:
            lines.append(
                _("A case has to fit each of these lists: %(names)s.", names=in_words(lists))
            )
    lines += may_be_drawn(into.framework, audit)
    if audit.period in MONTHS_OF:
        first, last = period_before(on, audit.period)
        lines.append(
            _("That time is %(first)s to %(last)s.", first=full_date(first), last=full_date(last))
        )
    return lines


def themes_unknown(into: RoundView) -> list[str]:
    """The names of the round's themes that a caseload does not say, so that none is left out."""
    return [
        theme.name
        for theme in into.framework.themes
        if into.themes.get(theme.id) and theme.id not in THEMES_KNOWN
    ]


def bar(may_be_drawn: int, left_out: Mapping[LeftOut, int]) -> list[Piece]:
    """The caseload as one bar: who may be drawn first, then why the others may not."""
    parts = [(_("Could be drawn"), may_be_drawn)]
    parts += [(str(LEFT_OUT[each]), left_out.get(each, 0)) for each in LeftOut]
    whole = sum(count for _label, count in parts) or 1
    pieces: list[Piece] = []
    before = 0
    for colour, (label, count) in enumerate(parts):
        if count:
            share = round(100 * count / whole, 2)
            pieces.append(Piece(label, count, round(100 * before / whole, 2), share, colour))
        before += count
    return pieces
