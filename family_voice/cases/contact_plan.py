"""Whom to ring next in a round: now, later and from when, and what has to be done first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from family_voice.cases.ledger import FINAL, AttemptFacts, Level3, Talk
from family_voice.cases.next_steps import NextStep
from family_voice.cases.reading import AttemptLine, CaseView, PersonLine, RoundLedger
from family_voice.cases.ringing import Candidate, Part, Why, another_part, may_ring_from, order
from family_voice.people.facts import SAFE

INTERPRETED = frozenset({"interpreter", "bsl"})


@dataclass(frozen=True)
class Call:
    """Somebody to ring, with what one wants to know before.

    `at` is the first moment, or None if their safe hours never lie on a day when we ring; `tries`
    are those that count, oldest first.
    """

    case: CaseView
    line: PersonLine
    why: Why
    at: datetime | None
    tries: tuple[AttemptLine, ...]
    another_way: bool
    another_part: Part | None

    @property
    def needs_interpreter(self) -> bool:
        """Whether an interpreter has to be booked first, never a child or a sibling."""
        contact = self.line.person.facts.contact
        return contact.language != "en" or bool(INTERPRETED & set(contact.access_needs))

    @property
    def introduced_by(self) -> str:
        """Who should introduce us first; empty once they have been tried or have spoken."""
        new = not self.tries and self.line.talk is Talk.NONE
        return self.line.person.facts.contact.introduced_by if new else ""


@dataclass(frozen=True)
class ContactPlan:
    """A round's calls. `first` are cases where something else has to be done before any call."""

    now: tuple[Call, ...]
    later: tuple[Call, ...]
    first: tuple[tuple[CaseView, NextStep], ...]


def contact_plan(ledger: RoundLedger, now: datetime) -> ContactPlan:
    """Whom to ring next.

    Args:
        ledger: the round's.
        now: the present.
    """
    found: list[tuple[tuple[object, ...], Call]] = []
    first = []
    for case in ledger.cases:
        calls = list(_calls(case, now))
        found += calls
        if not calls and case.state not in FINAL and case.next_step is not NextStep.NOTHING:
            first.append((case, case.next_step))
    found.sort(key=lambda pair: pair[0])
    calls_now = [call for _key, call in found if call.at is not None and call.at <= now]
    later = [call for _key, call in found if call.at is None or call.at > now]
    later.sort(key=lambda call: (call.at is None, call.at or now))
    return ContactPlan(tuple(calls_now), tuple(later), tuple(first))


def _calls(case: CaseView, now: datetime) -> Iterator[tuple[tuple[object, ...], Call]]:
    if case.state is Level3.STOOD_DOWN:
        return
    waiting = [call for call in case.waiting_calls if call.safe]
    asked = {call.person.id: call.asked_at for call in waiting if call.person}
    begun = any(each.talk is Talk.BEGUN for each in case.people)
    for each in case.people:
        mine = tuple(try_ for try_ in case.attempts if try_.participant_id == each.person.id)
        who = Candidate(
            heard_by=case.session.heard_by,
            safe_hours=each.person.facts.contact.safe_hours,
            asked_at=asked.get(each.person.id),
            begun=each.talk is Talk.BEGUN,
            to_read_back=_to_read_back(case, each),
            tries=tuple(_facts(try_) for try_ in mine),
        )
        if not _may_be_rung(case, each, who, begun):
            continue
        at = may_ring_from(who, now)
        yield (
            order(who),
            Call(case, each, who.why, at, mine, who.another_way, another_part(who)),
        )


def _may_be_rung(case: CaseView, line: PersonLine, who: Candidate, begun: bool) -> bool:
    contact = line.person.facts.contact
    if not contact.mobile or who.wrong_number:
        return False
    if contact.safe_to_contact != SAFE or line.ask.obstacle is not None:
        return False
    if who.asked_at is not None:
        return True
    if line.said_no or case.held:
        return False
    if case.state is Level3.HEARD:
        return who.to_read_back
    # Whoever has begun is helped to finish before anybody else of the family is asked.
    return case.state not in FINAL and (who.begun or not begun)


def _to_read_back(case: CaseView, line: PersonLine) -> bool:
    return any(
        each.participant_id == line.person.id
        and each.talk is Talk.FINISHED
        and each.read_back_at is None
        and not each.came_by_themselves
        for each in case.accounts
    )


def _facts(line: AttemptLine) -> AttemptFacts:
    return AttemptFacts(
        line.participant_id, line.channel, line.at, line.outcome, line.call_back_at, line.put_right
    )
