"""From the tables to what the ledger works on, for many cases in a fixed number of queries.

Opens nothing that is sealed: who somebody is does not matter here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.account_facts import AccountFacts
from family_voice.cases.ledger import (
    AttemptFacts,
    CaseFacts,
    MinutesFacts,
    Outcome,
    ParticipantFacts,
    Safe,
    StoodDown,
    Talk,
)
from family_voice.cases.linking import linked_since
from family_voice.cases.models import Attempt, Case, Minutes, PackSentence, PanelSession
from family_voice.cases.next_steps import Spent, is_coded
from family_voice.consent import authority
from family_voice.consent.decisions import Audience, opens, standing_of
from family_voice.consent.models import Decision
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Event, Fragment, Interview, Invitation
from family_voice.people.facts import SOCIAL_WORKER, is_professional
from family_voice.people.models import Child, Participant
from family_voice.storage.base import Base

TALKING = "talk"
CODING = "code"

_Row = TypeVar("_Row", bound=Base)


@dataclass(frozen=True)
class Gathered:
    """One case: its row, what the ledger works on, and its accounts.

    `attempts` holds those that were taken back as well.
    """

    case: Case
    session: PanelSession
    family_id: UUID
    facts: CaseFacts
    accounts: tuple[AccountFacts, ...]
    attempts: tuple[Attempt, ...]
    minutes: tuple[Minutes, ...]
    has_pack_sentences: bool

    @property
    def panel_may_read(self) -> bool:
        """Whether any account of it may be put before the panel."""
        return any(each.panel_may_read for each in self.accounts)

    @property
    def family_may_be_read(self) -> bool:
        """Whether the family or the child have told us something that the panel may read."""
        return any(
            each.panel_may_read and each.talk is Talk.FINISHED and not each.professional
            for each in self.accounts
        )


def cases_of_rounds(session: Session, round_ids: Collection[UUID], now: datetime) -> list[Gathered]:
    """Every case of these rounds, in the order of their meetings."""
    return gather(
        session,
        session.scalars(
            select(Case)
            .join(PanelSession)
            .where(PanelSession.round_id.in_(set(round_ids)))
            .order_by(PanelSession.held_on, PanelSession.number, Case.number)
        ).all(),
        now,
    )


def gather(session: Session, cases: Sequence[Case], now: datetime) -> list[Gathered]:
    """Everything the ledger needs about these cases, in their order."""
    ids = [case.id for case in cases]
    child_ids = {case.child_id for case in cases}
    meetings = {
        row.id: row
        for row in session.scalars(
            select(PanelSession).where(PanelSession.id.in_({case.session_id for case in cases}))
        )
    }
    families = dict(
        session.execute(select(Child.id, Child.family_id).where(Child.id.in_(child_ids))).all()
    )
    people = _by(
        session.scalars(
            select(Participant).where(Participant.child_id.in_(child_ids)).order_by(Participant.id)
        ),
        "child_id",
    )
    attempts = _by(
        session.scalars(select(Attempt).where(Attempt.case_id.in_(ids)).order_by(Attempt.at)),
        "case_id",
    )
    minutes = _by(
        session.scalars(select(Minutes).where(Minutes.case_id.in_(ids)).order_by(Minutes.at)),
        "case_id",
    )
    accounts = _accounts(session, ids, minutes, now)
    with_pack = set(
        session.scalars(
            select(PackSentence.case_id).where(PackSentence.case_id.in_(ids)).distinct()
        )
    )
    return [
        Gathered(
            case=case,
            session=meetings[case.session_id],
            family_id=families[case.child_id],
            facts=_facts(
                case,
                families[case.child_id],
                meetings[case.session_id].heard_by,
                people.get(case.child_id, ()),
                accounts.get(case.id, ()),
                [row for row in attempts.get(case.id, ()) if row.taken_back_at is None],
                minutes.get(case.id, ()),
            ),
            accounts=tuple(accounts.get(case.id, ())),
            attempts=tuple(attempts.get(case.id, ())),
            minutes=tuple(minutes.get(case.id, ())),
            has_pack_sentences=case.id in with_pack,
        )
        for case in cases
    ]


def _by(rows: Iterable[_Row], column: str) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def _accounts(
    session: Session, case_ids: list[UUID], minutes: dict[UUID, list[Minutes]], now: datetime
) -> dict[UUID, list[AccountFacts]]:
    linked = linked_since(session, case_ids)
    ids = [each for interviews in linked.values() for each in interviews]
    rows = {row.id: row for row in session.scalars(select(Interview).where(Interview.id.in_(ids)))}
    invited = set(
        session.scalars(select(Invitation.interview_id).where(Invitation.interview_id.in_(ids)))
    )
    spoken = set(
        session.scalars(
            select(Fragment.interview_id).where(Fragment.interview_id.in_(ids)).distinct()
        )
    )
    withdrawn = set(
        session.scalars(
            select(Event.interview_id).where(Event.interview_id.in_(ids), Event.kind == "withdrawn")
        )
    )
    decided = standing_of(session, ids, now)
    # What they said last, whether or not it still stands.
    once_said = dict(
        session.execute(
            select(Decision.interview_id, Decision.yes)
            .where(Decision.interview_id.in_(ids), Decision.purpose == Purpose.TALK.value)
            .order_by(Decision.number)
        ).all()
    )
    since = authority.standing_since(session, ids, now)
    # Who was invited, or who somebody said it is that came by themselves.
    known = {
        each: rows[each].participant_id or stands.said_to_be
        for found in linked.values()
        for each, stands in found.items()
    }
    professionals = set(
        session.scalars(
            select(Participant.id).where(
                Participant.id.in_(set(known.values())),
                Participant.relationship == SOCIAL_WORKER,
            )
        )
    )
    # The rule of `permission.open_to`, on what is in hand already.
    for_panel = {
        each
        for each, decisions in decided.items()
        if each not in withdrawn and opens(decisions, Purpose.CHECK, Audience.PANEL)
    }

    asked_last = dict(
        session.execute(
            select(Event.interview_id, func.max(Event.at))
            .where(Event.interview_id.in_(ids), Event.kind == "asked_for_call")
            .group_by(Event.interview_id)
        ).all()
    )
    # The same rule for those who code.
    for_lead = {
        each
        for each, decisions in decided.items()
        if each not in withdrawn and opens(decisions, Purpose.TALK, Audience.LEAD)
    }
    coding = {
        case_id: [Spent(row.interview_id, row.at) for row in rows if row.step == CODING]
        for case_id, rows in minutes.items()
    }

    def facts(interview: Interview, case_id: UUID, linked_at: datetime) -> AccountFacts:
        said = decided.get(interview.id, {}).get(Purpose.TALK)
        gone = interview.id in withdrawn or since.get(interview.id) == authority.NEVER
        lapsed = said is None and interview.id in once_said and not gone
        if gone or (said is not None and not said.yes):
            talk = Talk.DECLINED
        # Who was heard was heard, though nobody may read it before they agreed afresh.
        elif said is None and not (lapsed and once_said[interview.id]):
            talk = Talk.NONE
        # Somebody who agreed and sent nothing at all has not been heard.
        elif interview.sent_at is not None and interview.id in spoken:
            talk = Talk.FINISHED
        else:
            talk = Talk.BEGUN
        return AccountFacts(
            interview_id=interview.id,
            participant_id=known.get(interview.id),
            talk=talk,
            invited=interview.id in invited,
            sent_at=interview.sent_at,
            read_back_at=interview.read_back_at,
            panel_may_read=interview.id in for_panel,
            said_yes_at=said.at if said is not None and talk is not Talk.DECLINED else None,
            call_wanted_at=interview.call_wanted_at,
            lapsed=lapsed,
            professional=known.get(interview.id) in professionals,
            first_sent_at=interview.first_sent_at,
            told_since_call=_told_since(interview, asked_last.get(interview.id)),
            lead_may_read=interview.id in for_lead,
            coded=is_coded(
                interview.id,
                max(linked_at, interview.first_sent_at or linked_at),
                coding.get(case_id, ()),
            ),
            came_by_themselves=interview.participant_id is None,
        )

    return {
        case_id: [facts(rows[each], case_id, found.at) for each, found in interviews.items()]
        for case_id, interviews in linked.items()
    }


def _facts(
    case: Case,
    family_id: UUID,
    heard_by: date,
    people: Iterable[Participant],
    accounts: Sequence[AccountFacts],
    attempts: Iterable[Attempt],
    minutes: Iterable[Minutes],
) -> CaseFacts:
    of_person: dict[UUID | None, list[AccountFacts]] = defaultdict(list)
    for account in accounts:
        if not account.professional:
            of_person[account.participant_id].append(account)
    known = [
        ParticipantFacts(
            participant_id=row.id,
            safe=Safe(row.safe_to_contact),
            invited=any(each.invited for each in of_person.get(row.id, ())),
            talk=furthest(each.talk for each in of_person.get(row.id, ())),
            heard_at=_first_heard(of_person.pop(row.id, ())),
        )
        for row in people
        if not is_professional(row.relationship)
    ]
    # Whoever is left came by the open link: nobody had to reach them.
    came = [
        ParticipantFacts(
            participant_id=each.interview_id,
            safe=Safe.YES,
            talk=each.talk,
            heard_at=_first_heard([each]),
        )
        for others in of_person.values()
        for each in others
    ]
    return CaseFacts(
        case_id=case.id,
        family_id=family_id,
        heard_by=heard_by,
        participants=(*known, *came),
        attempts=tuple(
            AttemptFacts(
                row.participant_id,
                row.channel,
                row.at,
                Outcome(row.outcome),
                row.call_back_at,
                row.put_right_at is not None,
            )
            for row in attempts
        ),
        minutes=tuple(MinutesFacts(row.minutes, row.step == TALKING) for row in minutes),
        stood_down=StoodDown(case.stood_down_reason) if case.stood_down_reason else None,
        tried_enough=case.tried_enough,
    )


def told_no(
    attempts: Iterable[Attempt], participant_id: UUID, accounts: Iterable[AccountFacts]
) -> bool:
    """Whether they told us no when they were tried, and have not agreed to talk since."""
    noes = [
        row.at
        for row in attempts
        if row.participant_id == participant_id
        and row.outcome == Outcome.DECLINED.value
        and row.taken_back_at is None
    ]
    yeses = [
        each.said_yes_at
        for each in accounts
        if each.participant_id == participant_id and each.said_yes_at is not None
    ]
    return bool(noes) and (not yeses or max(yeses) <= max(noes))


def _told_since(interview: Interview, asked_last: datetime | None) -> datetime | None:
    if interview.call_wanted_at is None or interview.sent_at is None or asked_last is None:
        return None
    return interview.sent_at if interview.sent_at > asked_last else None


def _first_heard(accounts: Iterable[AccountFacts]) -> datetime | None:
    """When the first finished account of these came."""
    return min(
        (
            each.first_sent_at
            for each in accounts
            if each.talk is Talk.FINISHED and each.first_sent_at is not None
        ),
        default=None,
    )


def furthest(talks: Iterable[Talk]) -> Talk:
    """How far somebody came who has several accounts."""
    order = [Talk.FINISHED, Talk.BEGUN, Talk.DECLINED, Talk.NONE]
    return min(talks, key=order.index, default=Talk.NONE)
