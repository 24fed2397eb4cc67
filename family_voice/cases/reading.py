"""What the lead's pages show of rounds and cases, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.account_facts import AccountFacts
from family_voice.cases.deadlines import has_passed
from family_voice.cases.gathering import (
    Gathered,
    cases_of_rounds,
    furthest,
    told_no,
)
from family_voice.cases.ledger import (
    LedgerLine,
    Level3,
    Outcome,
    Participation,
    PublicState,
    Talk,
    case_participation,
    family_participation,
    ledger_line,
    public_state,
)
from family_voice.cases.models import Attempt, Case, PanelSession
from family_voice.cases.next_steps import NextStep, next_step
from family_voice.cases.rounds import RoundView, SessionView, round_view
from family_voice.cases.standing_down import holding
from family_voice.cases.who_decides import Ask, asked_soon, may_ask
from family_voice.consent import authority
from family_voice.consent.who import Known, Obstacle
from family_voice.people import register
from family_voice.people.facts import NOT_SAFE, ChildView, PersonView
from family_voice.security.sealing import Place
from family_voice.storage.locking import fetch


@dataclass(frozen=True)
class PersonLine:
    """Somebody who may speak, with how far their conversation has come."""

    person: PersonView
    talk: Talk
    invited: bool
    interview_id: UUID | None
    said_no: bool
    ask: Ask
    lapsed: bool


@dataclass(frozen=True)
class AttemptLine:
    """One attempt to reach somebody; `person_name` is empty where nobody in particular was."""

    id: UUID
    participant_id: UUID | None
    person_name: str
    channel: str
    outcome: Outcome
    at: datetime
    taken_back: bool
    call_back_at: datetime | None = None
    put_right: bool = False

    @property
    def may_be_taken_back(self) -> bool:
        """What was sent went out, whatever anybody says; all else somebody wrote down."""
        return self.outcome is not Outcome.SENT and not self.taken_back


@dataclass(frozen=True)
class CallWanted:
    """Somebody of a case asked to be rung, and nobody has.

    `person` is None where they came by themselves. `safe` is False where somebody has said since
    that contact is not safe. `told_since`: when they sent what they had to say by themselves, after
    they asked; a call may still be welcome, and nobody waits for it.
    """

    interview_id: UUID
    person: PersonView | None
    asked_at: datetime
    safe: bool
    told_since: datetime | None = None


@dataclass(frozen=True)
class CaseView:
    """One case, as only the lead sees it. `attempts` are those that nobody has taken back."""

    case_id: UUID
    session: SessionView
    number: int
    child: ChildView
    people: tuple[PersonLine, ...]
    accounts: tuple[AccountFacts, ...]
    attempts: tuple[AttemptLine, ...]
    taken_back: tuple[AttemptLine, ...]
    calls: tuple[CallWanted, ...]
    minutes_by_step: dict[str, int]
    plan_type: str
    year_group: str
    area_of_need: str
    placement: str
    vulnerable_groups: tuple[str, ...]
    care_status: str
    worker: str
    manager: str
    stood_down_reason: str | None
    tried_enough: bool
    siblings: tuple[str, ...]
    held: bool
    line: LedgerLine
    next_step: NextStep
    panel_may_read: bool
    asked_soon: date | None

    @property
    def waiting_calls(self) -> tuple[CallWanted, ...]:
        """Who asked to be rung and has told us nothing since: they wait."""
        return tuple(call for call in self.calls if call.told_since is None)

    @property
    def came_uninvited(self) -> tuple[AccountFacts, ...]:
        """What was told by somebody who is not on the case's list, and whom a person put on it."""
        known = {each.person.id for each in self.people}
        told = (Talk.BEGUN, Talk.FINISHED)
        return tuple(
            each
            for each in self.accounts
            if each.participant_id not in known and each.talk in told and each.lead_may_read
        )

    @property
    def unfinished(self) -> bool:
        """The day it should have been heard by is over, and somebody has begun and not sent."""
        return self.line.late and self.state is Level3.IN_PROGRESS

    @property
    def state(self) -> Level3:
        """Where hearing its family stands."""
        return self.line.state

    @property
    def public_state(self) -> PublicState:
        """All that anybody but the lead may know of it."""
        return public_state(self.line.state, self.panel_may_read)

    @property
    def reference(self) -> str:
        """The case reference of the child."""
        return self.child.facts.reference


@dataclass(frozen=True)
class RoundLedger:
    """A round's ledger: one line a case, and how many were heard."""

    round: RoundView
    cases: tuple[CaseView, ...]
    heard: Participation
    families_heard: Participation

    @property
    def waiting_for_a_call(self) -> list[tuple[CaseView, CallWanted]]:
        """Who asked to be rung, the one who has waited longest first."""
        found = [
            (case, call)
            for case in self.cases
            if case.state is not Level3.STOOD_DOWN
            for call in case.waiting_calls
        ]
        return sorted(found, key=lambda pair: pair[1].asked_at)

    @property
    def stood_down(self) -> int:
        """How many cases left the sample."""
        return sum(each.state is Level3.STOOD_DOWN for each in self.cases)


def round_ledger(session: Session, round_id: UUID, now: datetime) -> RoundLedger:
    """The ledger of a round, in a fixed number of queries. Raises Missing."""
    found = round_view(session, round_id)
    cases = _views(session, cases_of_rounds(session, [round_id], now), now)
    lines = [each.line for each in cases]
    return RoundLedger(found, tuple(cases), case_participation(lines), family_participation(lines))


def case_view(session: Session, case_id: UUID, now: datetime) -> CaseView:
    """One case with its people, attempts and minutes. Raises Missing."""
    # The whole round is read, because siblings beside it are part of what a case is.
    found = _views(session, cases_of_rounds(session, [round_id_of(session, case_id)], now), now)
    return next(each for each in found if each.case_id == case_id)


def cases_of_session(session: Session, session_id: UUID, now: datetime) -> tuple[CaseView, ...]:
    """The cases of one Level 4 session, in order."""
    of_round = fetch(session, PanelSession, session_id).round_id
    found = _views(session, cases_of_rounds(session, [of_round], now), now)
    return tuple(each for each in found if each.session.id == session_id)


def round_id_of(session: Session, case_id: UUID) -> UUID:
    """The round that a case belongs to. Raises Missing."""
    case = fetch(session, Case, case_id)
    return fetch(session, PanelSession, case.session_id).round_id


def _views(session: Session, gathered: Sequence[Gathered], now: datetime) -> list[CaseView]:
    child_ids = {each.case.child_id for each in gathered}
    children = register.children(session, child_ids)
    people = register.people_of(session, child_ids)
    held = holding(session, {each.family_id for each in gathered})
    siblings = _siblings(gathered, children)
    known = authority.known(session, {each.case.id: each.case.child_id for each in gathered})
    return [
        _view(
            session,
            each,
            children[each.case.child_id],
            people.get(each.case.child_id, ()),
            bool(held.get(each.family_id, set()) - {each.case.id}),
            siblings.get(each.case.id, ()),
            known[each.case.id],
            now,
        )
        for each in gathered
    ]


def _siblings(
    gathered: Sequence[Gathered], children: dict[UUID, ChildView]
) -> dict[UUID, tuple[str, ...]]:
    """By case, the references of the cases beside it that are of the same family."""
    return {
        each.case.id: tuple(
            children[other.case.child_id].facts.reference
            for other in gathered
            if other.family_id == each.family_id and other.case.child_id != each.case.child_id
        )
        for each in gathered
    }


def _view(
    session: Session,
    each: Gathered,
    child: ChildView,
    people: Sequence[PersonView],
    held: bool,
    siblings: tuple[str, ...],
    known: Known,
    now: datetime,
) -> CaseView:
    case, meeting = each.case, each.session
    line = ledger_line(each.facts, now)
    names = {person.id: person.facts.name for person in people}
    attempts = [_attempt_line(row, names) for row in each.attempts]
    calls = _calls(people, each.accounts)
    born = child.facts.date_of_birth
    lines = tuple(
        _person_line(person, each, may_ask(person, known, case.care_status, born, now))
        for person in people
    )
    minutes: Counter[str] = Counter()
    for row in each.minutes:
        minutes[row.step] += row.minutes

    def sealed(column: str, value: bytes | None) -> str:
        place = Place("case", column, case.id)
        return register.unseal_for_child(session, child, place, value)

    return CaseView(
        case_id=case.id,
        session=SessionView(meeting.id, meeting.number, meeting.held_on, meeting.heard_by),
        number=case.number,
        child=child,
        people=lines,
        accounts=each.accounts,
        attempts=tuple(line for line in attempts if not line.taken_back),
        taken_back=tuple(line for line in attempts if line.taken_back),
        calls=calls,
        minutes_by_step=dict(minutes),
        plan_type=case.plan_type,
        year_group=case.year_group,
        area_of_need=case.area_of_need,
        placement=case.placement,
        vulnerable_groups=tuple(case.vulnerable_groups),
        care_status=case.care_status,
        worker=sealed("worker", case.worker),
        manager=sealed("manager", case.manager),
        stood_down_reason=case.stood_down_reason,
        tried_enough=case.tried_enough,
        siblings=siblings,
        held=held,
        line=line,
        next_step=next_step(
            line,
            call_wanted=any(call.safe and call.told_since is None for call in calls),
            held=held,
            read_back=not any(account.to_read_back for account in each.accounts),
            coded=not any(account.to_code for account in each.accounts),
            chosen=each.has_pack_sentences or not any(one.to_work_on for one in each.accounts),
            now=now,
            first=_first(lines, over=has_passed(meeting.held_on, now)),
        ),
        panel_may_read=each.panel_may_read,
        asked_soon=asked_soon(born, now) if any(each.ask.decides for each in lines) else None,
    )


def _attempt_line(row: Attempt, names: dict[UUID, str]) -> AttemptLine:
    return AttemptLine(
        id=row.id,
        participant_id=row.participant_id,
        person_name=names.get(row.participant_id, "") if row.participant_id else "",
        channel=row.channel,
        outcome=Outcome(row.outcome),
        at=row.at,
        taken_back=row.taken_back_at is not None,
        call_back_at=row.call_back_at,
        put_right=row.put_right_at is not None,
    )


def _calls(
    people: Sequence[PersonView], accounts: Sequence[AccountFacts]
) -> tuple[CallWanted, ...]:
    by_id = {person.id: person for person in people}
    found = []
    for each in accounts:
        if each.call_wanted_at is None:
            continue
        person = by_id.get(each.participant_id) if each.participant_id else None
        safe = person is None or person.facts.contact.safe_to_contact != NOT_SAFE
        found.append(
            CallWanted(each.interview_id, person, each.call_wanted_at, safe, each.told_since_call)
        )
    return tuple(sorted(found, key=lambda call: call.asked_at))


def _first(people: Sequence[PersonLine], over: bool) -> NextStep | None:
    """What has to be on record about who decides before anybody can be asked, if anything has.

    After the meeting (`over`) nobody is asked afresh only so that it may be read.
    """
    if not over and any(each.lapsed and each.ask.obstacle is None for each in people):
        return NextStep.ASK_AFRESH
    left = [
        each
        for each in people
        if not each.said_no and each.person.facts.contact.safe_to_contact != NOT_SAFE
    ]
    found = {each.ask.obstacle for each in left}
    if not left and any(each.ask.obstacle is Obstacle.OWN_NO for each in people):
        return NextStep.ASK_WORKER
    if not left or None in found:
        return None
    if Obstacle.NEEDS_SOCIAL_WORKER in found:
        return NextStep.ASK_SOCIAL_WORKER
    return NextStep.JUDGE if Obstacle.NOT_JUDGED in found else NextStep.ASK_WORKER


def _person_line(person: PersonView, gathered: Gathered, ask: Ask) -> PersonLine:
    own = [each for each in gathered.accounts if each.participant_id == person.id]
    talk = furthest(each.talk for each in own)
    return PersonLine(
        person=person,
        talk=talk,
        invited=any(each.invited for each in own),
        interview_id=own[-1].interview_id if own else None,
        said_no=talk is Talk.DECLINED
        or ask.obstacle is Obstacle.OWN_NO
        or told_no(gathered.attempts, person.id, own),
        ask=ask,
        lapsed=bool(own) and own[-1].lapsed,
    )
