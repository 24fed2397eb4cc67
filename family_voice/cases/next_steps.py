"""What the lead does next about a case. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from family_voice.cases.ledger import LedgerLine, Level3, Outcome

# After so many tries without an answer another way is worth more than another try.
MANY_TRIES = 3
# A letter has to come and be read before anybody is asked again.
A_FEW_DAYS = timedelta(days=5)


class NextStep(StrEnum):
    """The one next thing to do."""

    NOTHING = "nothing"
    RING_THEM = "ring_them"
    RELEASE = "release"
    ASK_WORKER = "ask_worker"
    ASK_SOCIAL_WORKER = "ask_social_worker"
    JUDGE = "judge"
    ASK_AFRESH = "ask_afresh"
    CONFIRM_SAFE = "confirm_safe"
    INVITE = "invite"
    WAIT = "wait"
    TRY_AGAIN = "try_again"
    CALL_BACK = "call_back"
    FIND_CONTACT = "find_contact"
    ANOTHER_WAY = "another_way"
    HELP_FINISH = "help_finish"
    READ_BACK = "read_back"
    CODE = "code"
    CHOOSE = "choose"


@dataclass(frozen=True)
class Spent:
    """Minutes of coding: on which account, where that is known, and when they were written down."""

    account: Hashable | None
    at: datetime


def is_coded(account: Hashable, there_since: datetime, spent: Iterable[Spent]) -> bool:
    """Whether somebody has said that they are done with the codes of an account.

    Args:
        account: which.
        there_since: from when it was sent and stood on its case.
        spent: the minutes of coding of the case. Those of no one account count for each that was
            there by then: whoever linked another one later has it still before them.
    """
    return any(
        each.account == account if each.account is not None else each.at >= there_since
        for each in spent
    )


def next_step(
    line: LedgerLine,
    *,
    call_wanted: bool,
    held: bool,
    read_back: bool,
    coded: bool,
    chosen: bool,
    now: datetime,
    first: NextStep | None = None,
) -> NextStep:
    """What to do next.

    Args:
        line: the ledger's line for the case.
        call_wanted: somebody who may be rung has asked for it and waits. Their own no ends that, so
            this goes before another's; and so does their account, where they sent it since.
        held: nobody in the family may be invited, because a sibling's case was stood down.
        read_back: everybody who can be asked has said that their account is right.
        coded: somebody has put the codes on every account and said so.
        chosen: sentences stand on the first side of its pack.
        now: the present.
        first: what has to be on record about who decides before anybody may be asked, or that a
            young person is to be asked afresh.
    """
    if line.state is Level3.STOOD_DOWN:
        return NextStep.NOTHING
    if call_wanted:
        return NextStep.RING_THEM
    if first is NextStep.ASK_AFRESH:
        return first
    if line.state is Level3.HEARD:
        return _after_hearing(read_back, coded, chosen)
    if line.state is Level3.IN_PROGRESS:
        return NextStep.HELP_FINISH
    if line.state is Level3.NOT_SAFE:
        return NextStep.ASK_WORKER
    if line.state in (Level3.DECLINED, Level3.NOT_REACHED):
        return NextStep.NOTHING
    if held:
        return NextStep.RELEASE
    if first is not None:
        return first
    if not line.could_speak:
        return NextStep.CONFIRM_SAFE if line.to_confirm else NextStep.ASK_WORKER
    if line.last_attempt is None:
        return NextStep.INVITE
    if line.last_attempt.outcome is Outcome.CALL_BACK:
        return NextStep.CALL_BACK
    if line.last_attempt.outcome is Outcome.WRONG_CONTACT and not line.last_attempt.put_right:
        return NextStep.FIND_CONTACT
    sent = line.last_attempt.outcome is Outcome.SENT
    if sent and now - line.last_attempt.at < A_FEW_DAYS:
        return NextStep.WAIT
    return NextStep.ANOTHER_WAY if line.attempts >= MANY_TRIES else NextStep.TRY_AGAIN


def _after_hearing(read_back: bool, coded: bool, chosen: bool) -> NextStep:
    if not read_back:
        return NextStep.READ_BACK
    if not coded:
        return NextStep.CODE
    return NextStep.NOTHING if chosen else NextStep.CHOOSE
