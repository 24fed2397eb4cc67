"""The Level 3 ledger: from what is known about a case to where hearing its family stands.

Every case of the sample stays in the denominator, whether its family speaks, says no, stays silent
or cannot be asked safely; only a case that is stood down leaves it. The lead sees all of this;
anybody else sees whether there is an account, and nothing about why there is none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from family_voice.cases.deadlines import has_passed


class Level3(StrEnum):
    """Where hearing a family stands."""

    NOT_STARTED = "not_started"
    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    HEARD = "heard"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    NOT_SAFE = "not_safe"
    STOOD_DOWN = "stood_down"


class PublicState(StrEnum):
    """All that anybody but the lead may know."""

    ACCOUNT = "account"
    NO_ACCOUNT = "no_account"


class Reason(StrEnum):
    """The pooled answer to "who was heard": coarse, because reasons identify people too."""

    HEARD = "heard"
    SAID_NO = "said_no"
    NOT_HEARD = "not_heard"


class Safe(StrEnum):
    """Whether it is safe to contact somebody, as a person who knows has confirmed."""

    YES = "yes"
    NO = "no"
    NOT_CONFIRMED = "not_confirmed"


class Talk(StrEnum):
    """How far the conversation with one participant has come."""

    NONE = "none"
    BEGUN = "begun"
    FINISHED = "finished"
    DECLINED = "declined"


class Outcome(StrEnum):
    """What came of one attempt to reach somebody."""

    SENT = "sent"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    SPOKE = "spoke"
    CALL_BACK = "call_back"
    WRONG_CONTACT = "wrong_contact"
    DECLINED = "declined"


class StoodDown(StrEnum):
    """Why a case leaves the sample."""

    MOVED = "moved"
    DIED = "died"
    DRAWN_IN_ERROR = "drawn_in_error"


FINAL = frozenset(
    {Level3.HEARD, Level3.DECLINED, Level3.NOT_REACHED, Level3.NOT_SAFE, Level3.STOOD_DOWN}
)
#: What is agreed as enough before a family counts as not reached, unless the lead says otherwise:
#: so many tries, in so many ways. No framework names a number; this one is ours.
AGREED_TRIES, AGREED_WAYS = 3, 2


class Lack(StrEnum):
    """Why a case has no final state yet."""

    NOBODY_TRIED = "nobody_tried"
    STILL_TIME = "still_time"
    MORE_TRIES = "more_tries"
    NOT_FINISHED = "not_finished"


@dataclass(frozen=True)
class ParticipantFacts:
    """Somebody who may speak. `invited`: a text or letter has gone out or a link was made.

    `heard_at`: when they first sent what they have told, if they have.
    """

    participant_id: Hashable
    safe: Safe = Safe.NOT_CONFIRMED
    invited: bool = False
    talk: Talk = Talk.NONE
    heard_at: datetime | None = None


@dataclass(frozen=True)
class AttemptFacts:
    """One attempt, by whom it was meant to reach, how, when, and what came of it.

    `call_back_at`: from when they asked to be rung back. `put_right`: of a wrong number, that we
    have been given another since.
    """

    participant_id: Hashable
    channel: str
    at: datetime
    outcome: Outcome
    call_back_at: datetime | None = None
    put_right: bool = False


@dataclass(frozen=True)
class MinutesFacts:
    """Minutes spent on a case. Talking with the family is counted apart from all the rest."""

    minutes: int
    talking: bool = False


@dataclass(frozen=True)
class CaseFacts:
    """All that the ledger needs to know about one case.

    `tried_enough`: the lead says that the agreed attempts have all been made.
    """

    case_id: Hashable
    family_id: Hashable
    heard_by: date
    participants: tuple[ParticipantFacts, ...] = ()
    attempts: tuple[AttemptFacts, ...] = ()
    minutes: tuple[MinutesFacts, ...] = ()
    stood_down: StoodDown | None = None
    tried_enough: bool = False


@dataclass(frozen=True)
class LedgerLine:
    """One line of the lead's ledger.

    `could_speak` is how many participants may be contacted; `to_confirm` is how many somebody has
    still to confirm as safe; `late` says that the heard-by day has passed without a final state;
    `lack` why there is none. `addenda` counts the accounts that came after the heard-by day;
    `addendum_only` says that there is no other.
    """

    case_id: Hashable
    family_id: Hashable
    state: Level3
    could_speak: int
    to_confirm: int
    attempts: int
    last_attempt: AttemptFacts | None
    minutes_talking: int
    minutes_other: int
    late: bool
    lack: Lack | None = None
    addenda: int = 0
    addendum_only: bool = False

    @property
    def final(self) -> bool:
        """Whether nothing more is to be expected: the termly report needs this of every line."""
        return self.state in FINAL


@dataclass(frozen=True)
class Participation:
    """Heard `heard` of `of`; `late` of those heard only after the heard-by day."""

    heard: int
    of: int
    late: int = 0


def ledger_line(case: CaseFacts, now: datetime) -> LedgerLine:
    """The ledger's line for one case at this moment."""
    state = level_3_state(case, now)
    attempts = sorted(case.attempts, key=lambda each: each.at)
    spoken = [each for each in case.participants if each.talk is Talk.FINISHED]
    addenda = sum(is_addendum(each.heard_at, case.heard_by) for each in spoken)
    return LedgerLine(
        case_id=case.case_id,
        family_id=case.family_id,
        state=state,
        could_speak=sum(each.safe is Safe.YES for each in case.participants),
        to_confirm=sum(each.safe is Safe.NOT_CONFIRMED for each in case.participants),
        attempts=len(attempts),
        last_attempt=attempts[-1] if attempts else None,
        minutes_talking=sum(each.minutes for each in case.minutes if each.talking),
        minutes_other=sum(each.minutes for each in case.minutes if not each.talking),
        late=state not in FINAL and has_passed(case.heard_by, now),
        lack=_lack(state, has_passed(case.heard_by, now)),
        addenda=addenda,
        addendum_only=bool(spoken) and addenda == len(spoken),
    )


def is_addendum(heard_at: datetime | None, heard_by: date) -> bool:
    """Whether an account first sent then came after the day it was needed by: it counts, and is
    shown as an addendum to what the group had before it."""
    return heard_at is not None and has_passed(heard_by, heard_at)


def level_3_state(case: CaseFacts, now: datetime) -> Level3:
    """Where this case stands. The first that is true counts.

    1. stood down; 2. somebody's account is finished; 3. somebody has begun, unless the time is over
    and the lead says that all agreed attempts are made; 4. nobody may be contacted, because for
    each somebody said it is not safe; 5. somebody said no and nobody else is left to ask; 6. tried,
    and all agreed attempts are made, or somebody said no and the time is over; 7. tried; 8. not
    started. A late account still makes a case heard.
    """
    if case.stood_down is not None:
        return Level3.STOOD_DOWN
    talks = {each.talk for each in case.participants}
    if Talk.FINISHED in talks:
        return Level3.HEARD
    over = has_passed(case.heard_by, now)
    begun = Talk.BEGUN in talks
    if begun and not (over and case.tried_enough):
        return Level3.IN_PROGRESS
    refused = {each.participant_id for each in case.attempts if each.outcome is Outcome.DECLINED}
    refused |= {each.participant_id for each in case.participants if each.talk is Talk.DECLINED}
    if case.participants and all(each.safe is Safe.NO for each in case.participants):
        return Level3.NOT_SAFE
    left_to_ask = [
        each
        for each in case.participants
        if each.safe is not Safe.NO and each.participant_id not in refused
    ]
    if refused and not left_to_ask:
        return Level3.DECLINED
    if begun or case.attempts or any(each.invited for each in case.participants):
        enough = case.tried_enough or (
            over and agreed_attempts_made(each.channel for each in case.attempts)
        )
        if refused and (over or enough):
            # A no that came from one person is the family's answer once nobody else can be reached.
            return Level3.DECLINED
        return Level3.NOT_REACHED if enough else Level3.INVITED
    return Level3.NOT_STARTED


def agreed_attempts_made(channels: Iterable[str]) -> bool:
    """Whether a family was tried as often, and in as many ways, as is agreed: a channel a try."""
    ways = list(channels)
    return len(ways) >= AGREED_TRIES and len(set(ways)) >= AGREED_WAYS


def _lack(state: Level3, over: bool) -> Lack | None:
    if state in FINAL:
        return None
    if state is Level3.NOT_STARTED:
        return Lack.NOBODY_TRIED
    if state is Level3.IN_PROGRESS:
        return Lack.NOT_FINISHED
    return Lack.MORE_TRIES if over else Lack.STILL_TIME


def public_state(state: Level3, panel_may_read: bool) -> PublicState:
    """What anybody but the lead sees of a case.

    Said no, not reached, not safe, stood down, not permitted to be read: all look the same, so
    that nobody can tell one from another. `panel_may_read` comes from consent.
    """
    if state is Level3.HEARD and panel_may_read:
        return PublicState.ACCOUNT
    return PublicState.NO_ACCOUNT


def case_participation(lines: Iterable[LedgerLine]) -> Participation:
    """Cases heard of cases in the sample, for the lead: Level 3 is 100% of Level 4."""
    counted = [line for line in lines if line.state is not Level3.STOOD_DOWN]
    heard = [line for line in counted if line.state is Level3.HEARD]
    return Participation(len(heard), len(counted), sum(line.addendum_only for line in heard))


def family_participation(lines: Iterable[LedgerLine]) -> Participation:
    """Families heard of families in the sample: siblings count once, heard if one of them is."""
    reasons = family_reasons(lines)
    return Participation(sum(reason is Reason.HEARD for reason in reasons.values()), len(reasons))


def family_reasons(lines: Iterable[LedgerLine]) -> dict[Hashable, Reason]:
    """Each family's pooled reason, for suppression to count; families stood down are not in it.

    "Not safe" becomes "not heard" here, before anything is counted. Of siblings' reasons, heard
    goes before said no, and said no before not heard.
    """
    order = [Reason.HEARD, Reason.SAID_NO, Reason.NOT_HEARD]
    found: dict[Hashable, Reason] = {}
    for line in lines:
        if line.state is Level3.STOOD_DOWN:
            continue
        reason = pooled_reason(line.state)
        before = found.get(line.family_id, reason)
        found[line.family_id] = min(reason, before, key=order.index)
    return found


def pooled_reason(state: Level3) -> Reason:
    """Heard, said no, or not heard, which holds every other state.

    Raises ValueError for a case that was stood down: it is in no denominator.
    """
    if state is Level3.STOOD_DOWN:
        raise ValueError("a case that was stood down has left the sample")
    return {Level3.HEARD: Reason.HEARD, Level3.DECLINED: Reason.SAID_NO}.get(
        state, Reason.NOT_HEARD
    )
