"""Taking back: everything somebody told us, or one thing that they had said yes to.

In one transaction each room lets go of what came from the account, the interview's key is
destroyed, the decisions say no, the engine's log says that it was taken back, and the receipt is
written. What was published stays (see `sharing.forgetting`); the receipt says so.

A legal hold changes nothing that anybody can see: the words are out of sight, nothing is sent, the
doors are shut, the receipt reads the same. Only the key and what it seals wait for the hold's end.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import family_voice.cases.forgetting
import family_voice.interviews.forgetting
import family_voice.messages.forgetting
import family_voice.sharing.forgetting
from family_voice.cases.remarks import same_account
from family_voice.consent.decisions import (
    How,
    decide,
    standing,
)
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Withdrawn
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.operations import holds, waiting
from family_voice.operations.letting_go import destroy_keys, let_go, summed, whole_of
from family_voice.operations.models import Withdrawal
from family_voice.operations.receipts import Receipt, Remains, new_number, of_interview, receipt
from family_voice.operations.what_there_was import Found, found_of, is_yes, recalled
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.sharing import quotes
from family_voice.storage.locking import fetch, lock

HOW = {Channel.WEB: How.WEB, Channel.TEXT: How.TEXT}


class Way(StrEnum):
    """How somebody told us that they take it back."""

    WEB = "web"
    TEXT = "text"
    TELEPHONE = "telephone"
    LETTER = "letter"
    EMAIL = "email"
    FACE_TO_FACE = "face_to_face"


class AskedBy(StrEnum):
    """Who told us."""

    THEMSELVES = "themselves"
    FOR_THEM = "for_them"


CHANNELS = {
    Way.WEB: Channel.WEB,
    Way.TEXT: Channel.TEXT,
    Way.FACE_TO_FACE: Channel.FACE_TO_FACE,
}


@dataclass(frozen=True)
class Asked:
    """Who took it back, how and on which day; `recorded_by` is who wrote it down, if staff did."""

    way: Way
    on: date
    by: AskedBy = AskedBy.THEMSELVES
    recorded_by: UUID | None = None

    @property
    def channel(self) -> Channel:
        """The channel as the conversation's log names it."""
        return CHANNELS.get(self.way, Channel.TELEPHONE)

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit trail."""
        return Actor("staff", self.recorded_by) if self.recorded_by else Actor("family")


class NothingToTakeBack(ValueError):
    """None of it was ever said yes to, or it was taken back before."""


def withdraw(session: Session, interview_id: UUID, asked: Asked, now: datetime) -> Receipt:
    """Take back everything. A second time changes nothing and gives the first receipt.

    What a person set aside as the same account again goes with it, each with its own receipt: a
    family that told us twice does not know which of the two stands.

    The caller writes the erasure ledger once this is committed (`security.erasures`).

    Args:
        session: a writing session.
        interview_id: whose account.
        asked: who asked for it, and how.
        now: when.

    Returns:
        The receipt of the account that was asked for.
    """
    again = _held_with(session, interview_id)
    done = withdraw_one(session, interview_id, asked, now)
    for each in again:
        withdraw_one(session, each, asked, now)
    return done


def _held_with(session: Session, interview_id: UUID) -> list[UUID]:
    """The same account again, as a person said; all of them held, in one order for everybody."""
    origin_id = whole_of(session, interview_id)[0]
    again = same_account(session, origin_id)
    for each in sorted((origin_id, *again)):
        record.hold(session, each)
    return again


def withdraw_one(session: Session, interview_id: UUID, asked: Asked, now: datetime) -> Receipt:
    """As `withdraw`, of this account and its parts alone."""
    interview_id = whole_of(session, interview_id)[0]
    state = record.hold(session, interview_id)
    _interview_id, *others = all_of_it = whole_of(session, interview_id)
    if state.stage is Stage.WITHDRAWN:
        done = next((each for each in of_interview(session, interview_id) if each.whole), None)
        if done is not None:
            return done
    found = found_of(session, interview_id, tuple(Purpose), now)
    held = any(holds.is_held(session, each) for each in all_of_it)
    if held:
        with session.begin_nested() as trying:
            removed = let_go(session, all_of_it)
            trying.rollback()
        session.expire_all()
        family_voice.messages.forgetting.stop_sending(session, interview_id)
        family_voice.interviews.forgetting.close_doors(session, interview_id)
    else:
        removed = let_go(session, all_of_it)
    copies = recalled(session, interview_id, found, now)
    found.let_go_of_figures(session, interview_id, now)
    waiting.forget(session, interview_id, now)
    for each in (*others, interview_id):
        record.happen(session, each, Withdrawn(asked.channel), now, asked.recorded_by)
    _say_no(session, interview_id, (Purpose.TALK, *found.yes), asked, now)
    if not held:
        destroy_keys(session, all_of_it, now)
    passed = removed.pop("passed_on") > 0
    remains = found.remains(carrier=removed["texts"] > 0, passed=passed, whole=True)
    return _write(
        session, interview_id, (Purpose.TALK,), asked, removed, remains, found, copies, held, now
    )


def withdraw_purposes(
    session: Session,
    interview_id: UUID,
    purposes: Collection[Purpose],
    asked: Asked,
    now: datetime,
) -> Receipt:
    """Take back some of what was said yes to; what was told stays for the rest.

    Args:
        session: a writing session.
        interview_id: whose.
        purposes: which; with `TALK` among them it is everything.
        asked: who asked for it, and how.
        now: when.

    Returns:
        The receipt.

    Raises:
        NothingToTakeBack: if none of them was said yes to.
        EngineError: if it cannot be decided now.
    """
    if Purpose.TALK in purposes:
        return withdraw(session, interview_id, asked, now)
    interview_id = whole_of(session, interview_id)[0]
    _held_with(session, interview_id)
    taken = _decide_no(session, interview_id, purposes, asked, now)
    if not taken:
        raise NothingToTakeBack
    return let_go_of(session, interview_id, taken, asked, now)


def _decide_no(
    session: Session,
    interview_id: UUID,
    purposes: Collection[Purpose],
    asked: Asked,
    now: datetime,
) -> tuple[Purpose, ...]:
    """Write a no over each yes that stands, and say which those were."""
    decided = standing(session, interview_id, now)
    taken = tuple(each for each in Purpose if each in purposes and is_yes(decided, each))
    for purpose in taken:
        record.decide(
            session, interview_id, purpose, False,
            channel=asked.channel, now=now, recorded_by=asked.recorded_by,
        )  # fmt: skip
    return taken


def let_go_of(
    session: Session,
    interview_id: UUID,
    purposes: Collection[Purpose],
    asked: Asked,
    now: datetime,
) -> Receipt:
    """Remove what rested on a yes that has just become a no, and write the receipt.

    For whoever wrote the decision down themselves: the pad, the permission page, a text. It holds
    for the same account again as well.
    """
    for each in _held_with(session, interview_id):
        if also := _decide_no(session, each, purposes, asked, now):
            _let_go_of_one(session, each, also, asked, now)
    return _let_go_of_one(session, interview_id, purposes, asked, now)


def _let_go_of_one(
    session: Session,
    interview_id: UUID,
    purposes: Collection[Purpose],
    asked: Asked,
    now: datetime,
) -> Receipt:
    interview_id, *_parts = all_of_it = whole_of(session, interview_id)
    lock(session, Interview, interview_id)
    taken = tuple(each for each in Purpose if each in purposes)
    found = found_of(session, interview_id, taken, now)
    removed: dict[str, int] = {}
    copies: list[int] = []
    if Purpose.CHECK in taken:
        removed |= summed(
            family_voice.cases.forgetting.forget_choices(session, each) for each in all_of_it
        )
        copies = recalled(session, interview_id, found, now)
    if Purpose.QUOTE in taken:
        removed |= summed(quotes.forget(session, each) for each in all_of_it)
    if Purpose.COUNT in taken:
        found.let_go_of_figures(session, interview_id, now)
    if Purpose.CONTACT in taken:
        waited = family_voice.messages.forgetting.stop_reaching_out(session, interview_id)
        removed |= {"waited": waited}
    return _write(
        session, interview_id, taken, asked, removed, found.remains(whole=False), found, copies,
        False, now,
    )  # fmt: skip


def finish_held(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Destroy what was taken back while a hold kept it, if no hold stands any more.

    Returns:
        Whether it was destroyed.
    """
    all_of_it = whole_of(session, interview_id)
    record.hold(session, interview_id)
    rows = session.scalars(_unfinished().where(Withdrawal.interview_id == interview_id)).all()
    if not rows or any(holds.is_held(session, each) for each in all_of_it):
        return False
    let_go(session, all_of_it)
    destroy_keys(session, all_of_it, now)
    for row in rows:
        row.finished_at = now
    session.flush()
    return True


def to_finish(session: Session) -> list[UUID]:
    """The interviews that were taken back and are not destroyed yet."""
    return [each.interview_id for each in session.scalars(_unfinished())]


def _say_no(
    session: Session, interview_id: UUID, purposes: Collection[Purpose], asked: Asked, now: datetime
) -> None:
    interview = fetch(session, Interview, interview_id)
    how = HOW.get(asked.channel, How.READ_OUT)
    for purpose in purposes:
        shown = statement(purpose, interview.guide_audience, interview.language)
        decide(session, interview_id, shown, False, how, asked.recorded_by, now)


def _write(
    session: Session,
    interview_id: UUID,
    purposes: tuple[Purpose, ...],
    asked: Asked,
    removed: dict[str, int],
    remains: list[Remains],
    found: Found,
    copies: list[int],
    held: bool,
    now: datetime,
) -> Receipt:
    row = Withdrawal(
        number=new_number(session),
        interview_id=interview_id,
        purposes=[each.value for each in purposes],
        how=asked.way.value,
        asked_by=asked.by.value,
        asked_on=asked.on,
        recorded_by=asked.recorded_by,
        at=now,
        removed=removed,
        remains=[each.value for each in remains],
        met_on=found.met_on,
        copies=copies,
        finished_at=None if held else now,
    )
    session.add(row)
    session.flush()
    fields = [each.value for each in purposes]
    on_trail(session, asked.actor, "withdraw", "interview", interview_id, now, fields)
    return receipt(row)


def _unfinished() -> Select[Withdrawal]:
    return select(Withdrawal).where(Withdrawal.finished_at.is_(None)).order_by(Withdrawal.at)
