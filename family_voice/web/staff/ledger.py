"""The Level 3 ledger: every case of a round, where it stands and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from flask import Response, url_for

from family_voice.cases import following_up
from family_voice.cases.agreements import lapses
from family_voice.cases.contact_plan import contact_plan
from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import final_of
from family_voice.cases.first_thing import First, FirstThing, first_thing
from family_voice.cases.ledger import Level3
from family_voice.cases.reaching import Step, calls_without_case
from family_voice.cases.reading import CaseView, round_ledger
from family_voice.cases.ringing import is_ringing_time
from family_voice.cases.rounds import current_round
from family_voice.cases.still_open import StillOpen, still_open
from family_voice.language.texts import _, ngettext
from family_voice.sms import inbox
from family_voice.web.access import current_staff, seen
from family_voice.web.services import db, now
from family_voice.web.staff.desk import blueprint, page
from family_voice.web.staff.drawing import MINUTES_TODAY, MINUTES_WANTED
from family_voice.web.staff.next_pages import next_page, next_words

#: So many of what somebody owes an answer to are shown here; the rest is a click away.
MOST_OWED = 6
LEDGER_FIELDS = ("reference", "name", "participants", "attempts", "minutes", "state")


@dataclass(frozen=True)
class MinutesSums:
    """Minutes beyond the talk, for each case that was heard."""

    cases: int
    beyond_talk: int

    @property
    def each(self) -> int | None:
        """On average, to the whole minute; None before anybody was heard."""
        return round(self.beyond_talk / self.cases) if self.cases else None


@blueprint.get("/ledger")
def this_term() -> Response:
    """The ledger of the round that work goes on in: where a lead's day begins."""
    current = current_round(db(), london_date(now()))
    if current is None:
        return page("no_round.html")
    return _ledger(current.id)


@blueprint.get("/rounds/<uuid:round_id>")
def ledger(round_id: UUID) -> Response:
    """The ledger of one round."""
    return _ledger(round_id)


def _ledger(round_id: UUID) -> Response:
    found = round_ledger(db(), round_id, now())
    seen("round", round_id, LEDGER_FIELDS)
    owed = following_up.of_cases(
        db(), [each.case_id for each in found.cases], current_staff().id, now()
    )
    open_ones = [each for each in owed if each.open]
    for each in open_ones[:MOST_OWED]:
        seen("follow_up", each.id, ("worker",))
    final = final_of(db(), round_id)
    open_now = still_open(db(), found, now())
    texts_wait = inbox.how_many_wait(db(), now())
    current = current_round(db(), london_date(now())) if texts_wait else None
    first = first_thing(
        found.cases,
        waiting=found.waiting_for_a_call,
        later={call.line.person.id for call in contact_plan(found, now()).later},
        ringing_time=is_ringing_time(now()),
        still_open=open_now,
        # Texts are of no one round: they come first where a lead's day begins.
        texts=texts_wait if current is not None and current.id == round_id else 0,
        overdue=sum(each.overdue(london_date(now())) for each in open_ones),
        is_final=final is not None,
        frozen=found.round.frozen(now()),
        today=london_date(now()),
    )
    return page(
        "ledger.html",
        ledger=found,
        first=first,
        first_words=_first_words(first),
        first_page=_first_page(first, round_id),
        sessions=[
            (session, list(cases))
            for session, cases in groupby(found.cases, key=lambda case: case.session)
        ],
        sums=_sums(found.cases),
        minutes_today=MINUTES_TODAY,
        minutes_wanted=MINUTES_WANTED,
        today=london_date(now()),
        lapses=lapses(db(), found.round, london_date(now())),
        agencies={each.id: each.name for each in found.round.framework.agencies},
        calls_without_case=len(calls_without_case(db())),
        texts_wait=texts_wait,
        frozen=found.round.frozen(now()),
        final=final,
        names_wait=open_now.get(StillOpen.NAMES, 0),
        missing=sum(each.line.lack is not None for each in found.cases),
        owed=open_ones[:MOST_OWED],
        how_many_owed=len(open_ones),
        answered=len(owed) - len(open_ones),
    )


def _first_words(first: FirstThing) -> str:
    num = first.count
    match first.kind:
        case First.RING | First.STEP if first.case is not None:
            return next_words(first.case)
        case First.CALLS_ON_NO_CASE:
            return ngettext(
                "Ring %(num)d person who is on no case: they asked",
                "Ring %(num)d people who are on no case: they asked",
                num,
            )
        case First.TEXTS:
            return ngettext(
                "See to %(num)d text conversation that needs a person",
                "See to %(num)d text conversations that need a person",
                num,
            )
        case First.OVERDUE:
            return ngettext(
                "See to %(num)d thing that is overdue",
                "See to %(num)d things that are overdue",
                num,
            )
        case First.DRAW:
            return _("Draw the sample")
        case First.NAMES:
            return ngettext(
                "Hand in the names of %(num)d case that was drawn",
                "Hand in the names of %(num)d cases that were drawn",
                num,
            )
        case First.ON_NO_CASE:
            return ngettext(
                "Find the case of %(num)d account that came uninvited",
                "Find the cases of %(num)d accounts that came uninvited",
                num,
            )
        case First.RING_LATER:
            return ngettext(
                "See when %(num)d person who asked for it can be rung",
                "See when %(num)d people who asked for it can be rung",
                num,
            )
        case First.MAKE_FINAL:
            return _("Make Level 3 final")
        case First.AFTER_FINAL:
            return _("See what comes after Level 3 is final")
        case _:
            return ""


def _first_page(first: FirstThing, round_id: UUID) -> str:
    match first.kind:
        case First.RING | First.STEP if first.case is not None:
            return next_page(first.case)
        case First.CALLS_ON_NO_CASE | First.ON_NO_CASE:
            return url_for("linking.unlinked")
        case First.TEXTS:
            return url_for("texts.every", _anchor="waiting")
        case First.OVERDUE:
            return url_for("call_pad.follow_ups")
        case First.RING_LATER:
            return url_for("contact_plan.plan")
        case First.DRAW:
            return url_for("sample.sample", round_id=round_id)
        case First.NAMES:
            return url_for("staff.add_cases", round_id=round_id)
        case First.MAKE_FINAL | First.AFTER_FINAL:
            return url_for("staff.final", round_id=round_id)
        case _:
            return ""


def _sums(cases: tuple[CaseView, ...]) -> MinutesSums:
    # As on the page of costs: whoever is heard and not coded yet has cost too little so far.
    coded = Step.CODE.value
    heard = [
        each for each in cases if each.state is Level3.HEARD and each.minutes_by_step.get(coded)
    ]
    return MinutesSums(len(heard), sum(each.line.minutes_other for each in heard))
