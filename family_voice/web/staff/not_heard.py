"""Who is not heard, as far as numbers may say it, and what to try next for each family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Response

from family_voice.cases import not_heard
from family_voice.cases.best_steps import Best, BestStep, best_step
from family_voice.cases.deadlines import london_date
from family_voice.cases.ledger import Level3
from family_voice.cases.not_heard import Kind
from family_voice.cases.reached import reached
from family_voice.cases.reading import CaseView, round_ledger
from family_voice.cases.response import by_channel
from family_voice.cases.ringing import Part
from family_voice.cases.rounds import RoundView, all_rounds
from family_voice.language.texts import _, lazy
from family_voice.sharing.who_is_not_heard import everybody, who_is_not_heard
from family_voice.web.access import seen
from family_voice.web.services import db, now
from family_voice.web.staff.desk import language_name, page
from family_voice.web.staff.labels import CHANNELS, NEXT_STEPS

blueprint = Blueprint("not_heard", __name__, url_prefix="/staff")

KINDS = {
    Kind.PLAN: lazy("By plan"),
    Kind.NEED: lazy("By need"),
    Kind.PLACEMENT: lazy("By placement"),
    Kind.GROUP: lazy("By group"),
    Kind.LANGUAGE: lazy("By language"),
    Kind.AREA: lazy("By area"),
}
WAITING = {
    Kind.PLAN: lazy("by plan"),
    Kind.NEED: lazy("by need"),
    Kind.PLACEMENT: lazy("by placement"),
    Kind.GROUP: lazy("by group"),
    Kind.LANGUAGE: lazy("by language"),
    Kind.AREA: lazy("by area"),
}
PARTS = {
    Part.MORNING: lazy("Ring %(name)s in the morning: nobody has tried then."),
    Part.AFTERNOON: lazy("Ring %(name)s in the afternoon: nobody has tried then."),
    Part.EVENING: lazy("Ring %(name)s after five: nobody has tried then."),
}


@blueprint.get("/who-is-not-heard")
def every() -> Response:
    """Kinds of families over three years, and this term's families one by one."""
    moment = now()
    since = london_date(moment) - timedelta(days=not_heard.LOOKS_BACK_DAYS)
    round_ids = not_heard.rounds_since(db(), since)
    rounds = [each for each in all_rounds(db()) if each.id in round_ids]
    found = not_heard.families(db(), round_ids, moment)
    missing = _missing(rounds)
    for case, _sentence in missing:
        seen("case", case.case_id, ("reference", "name", "attempts"))
    tables = who_is_not_heard(found, _order(rounds))
    return page(
        "heard/not_heard.html",
        rounds=rounds,
        since=since,
        tables=tables,
        waiting=[str(WAITING[each.kind]) for each in tables if each.lines and not each.enough],
        everybody=everybody(found),
        names=_names(rounds, found.get(Kind.LANGUAGE, {})),
        KINDS=KINDS,
        missing=missing,
    )


def _missing(rounds: Sequence[RoundView]) -> list[tuple[CaseView, str]]:
    """The families of rounds that go on who have not been heard, each with what to try next."""
    going_on = [each for each in rounds if not each.frozen(now())]
    tried = reached(db(), [each.id for each in rounds], now()) if going_on else {}
    ways = by_channel([case for cases in tried.values() for case in cases])
    worked = [way.channel for way in sorted(ways, key=lambda way: -way.worked) if way.worked]
    return [
        (case, sentence(best_step(case, worked)))
        for each in going_on
        for case in round_ledger(db(), each.id, now()).cases
        if case.state not in (Level3.HEARD, Level3.STOOD_DOWN)
    ]


def sentence(step: BestStep) -> str:
    """A step as people say it."""
    name = step.person.person.facts.first_name if step.person else ""
    if step.kind is Best.FIRST:
        return str(NEXT_STEPS[step.first])
    if step.kind is Best.ANOTHER_HOUR and step.part is not None:
        return str(PARTS[step.part]) % {"name": name}
    if step.kind is Best.ANOTHER_WAY and step.channel is not None:
        return _("Try another way with %(name)s: %(way)s.", name=name, way=CHANNELS[step.channel])
    if step.kind is Best.ANOTHER_PERSON:
        return _("Ask %(name)s, whom nobody has tried yet.", name=name)
    if step.kind is Best.INTRODUCED and step.person is not None:
        by = step.person.person.facts.contact.introduced_by
        return _("Ask %(by)s to introduce you to %(name)s first.", by=by, name=name)
    if step.kind is Best.THEIR_LANGUAGE:
        language = language_name(step.language)
        return _("Write to %(name)s in %(language)s, or ring with an interpreter.", name=name,
                 language=language)  # fmt: skip
    if step.kind is Best.RESPECT:
        return _("They said no. Do not ask again.")
    return _("Everything has been tried. Write on the case that all the agreed attempts were made.")


def _order(rounds: Iterable[RoundView]) -> dict[Kind, list[str]]:
    """The values of each kind as the frameworks of these rounds list them."""
    themes = {
        Kind.NEED: "area_of_need",
        Kind.PLACEMENT: "placement",
        Kind.GROUP: "vulnerable_group",
    }
    found: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for each in rounds:
        found[Kind.PLAN] += [one.id for one in each.framework.plan_types]
        for theme in each.framework.themes:
            for kind, theme_id in themes.items():
                if theme.id == theme_id:
                    found[kind] += [value.id for value in theme.values]
    return {kind: list(dict.fromkeys(values)) for kind, values in found.items()}


def _names(rounds: Iterable[RoundView], languages: Mapping[str, object]) -> dict[str, str]:
    """What people call each value; an area is called what the caseload calls it."""
    names = {code: language_name(code) for code in languages}
    for each in rounds:
        names |= each.framework.names
    return names
