"""Taking back: everything somebody told us, or one thing that they had said yes to.

In one transaction each room lets go of what came from the account, the interview's key is
destroyed, the decisions say no, the engine's log says that it was taken back, and the receipt is
written. What was published stays (see `sharing.forgetting`); the receipt says so.

A legal hold changes nothing that anybody can see: the words are out of sight, nothing is sent, the
doors are shut, the receipt reads the same. Only the key and what it seals wait for the hold's end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import family_voice.cases.forgetting
import family_voice.interviews.forgetting
import family_voice.messages.forgetting
import family_voice.sharing.forgetting
import family_voice.themes.forgetting
from family_voice.cases.deadlines import end_of, has_passed
from family_voice.cases.linking import interviews_of
from family_voice.cases.models import Case, PanelSession
from family_voice.consent.decisions import (
    Audience,
    Decided,
    How,
    decide,
    had_agreed,
    permitted,
    standing,
)
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Withdrawn
from family_voice.interviews.models import Interview
from family_voice.interviews.state import Stage
from family_voice.operations import holds, waiting
from family_voice.operations.models import Withdrawal
from family_voice.operations.receipts import Receipt, Remains, new_number, of_interview, receipt
from family_voice.people.models import Child
from family_voice.security.sealing import destroy_key
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.sharing.copies import recall
from family_voice.storage.locking import fetch, lock

ONE_DAY = timedelta(days=1)
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

    The caller writes the erasure ledger once this is committed (`security.erasures`).

    Args:
        session: a writing session.
        interview_id: whose account.
        asked: who asked for it, and how.
        now: when.

    Returns:
        The receipt.
    """
    state = record.hold(session, interview_id)
    if state.stage is Stage.WITHDRAWN:
        done = next((each for each in of_interview(session, interview_id) if each.whole), None)
        if done is not None:
            return done
    found = _found(session, interview_id, tuple(Purpose), now)
    held = holds.is_held(session, interview_id)
    if held:
        with session.begin_nested() as trying:
            removed = _let_go(session, interview_id)
            trying.rollback()
        session.expire_all()
        family_voice.messages.forgetting.stop_sending(session, interview_id)
        family_voice.interviews.forgetting.close_doors(session, interview_id)
    else:
        removed = _let_go(session, interview_id)
    copies = _recalled(session, interview_id, found, now)
    found.let_go_of_figures(session, interview_id, now)
    waiting.forget(session, interview_id, now)
    record.happen(session, interview_id, Withdrawn(asked.channel), now, asked.recorded_by)
    _say_no(session, interview_id, (Purpose.TALK, *found.yes), asked, now)
    if not held:
        destroy_key(session, fetch(session, Interview, interview_id).key_id, now)
    remains = found.remains(
        carrier=removed["texts"] > 0, passed_on=removed.pop("passed_on") > 0, whole=True
    )
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
    record.hold(session, interview_id)
    decided = standing(session, interview_id, now)
    taken = tuple(each for each in Purpose if each in purposes and _is_yes(decided, each))
    if not taken:
        raise NothingToTakeBack
    for purpose in taken:
        record.decide(
            session, interview_id, purpose, False,
            channel=asked.channel, now=now, recorded_by=asked.recorded_by,
        )  # fmt: skip
    return let_go_of(session, interview_id, taken, asked, now)


def let_go_of(
    session: Session,
    interview_id: UUID,
    purposes: Collection[Purpose],
    asked: Asked,
    now: datetime,
) -> Receipt:
    """Remove what rested on a yes that has just become a no, and write the receipt.

    For whoever wrote the decision down themselves: the pad, the permission page, a text.
    """
    lock(session, Interview, interview_id)
    taken = tuple(each for each in Purpose if each in purposes)
    found = _found(session, interview_id, taken, now)
    removed: dict[str, int] = {}
    copies: list[int] = []
    if Purpose.CHECK in taken:
        removed |= family_voice.cases.forgetting.forget_choices(session, interview_id)
        copies = _recalled(session, interview_id, found, now)
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
    record.hold(session, interview_id)
    rows = session.scalars(_unfinished().where(Withdrawal.interview_id == interview_id)).all()
    if not rows or holds.is_held(session, interview_id):
        return False
    _let_go(session, interview_id)
    destroy_key(session, fetch(session, Interview, interview_id).key_id, now)
    for row in rows:
        row.finished_at = now
    session.flush()
    return True


def to_finish(session: Session) -> list[UUID]:
    """The interviews that were taken back and are not destroyed yet."""
    return [row.interview_id for row in session.scalars(_unfinished())]


@dataclass(frozen=True)
class _Found:
    """What there was before anything was let go of."""

    yes: tuple[Purpose, ...]
    taken: tuple[Purpose, ...]
    case_ids: tuple[UUID, ...]
    family_ids: tuple[UUID, ...]
    published: bool
    met_on: date | None

    def let_go_of_figures(self, session: Session, interview_id: UUID, now: datetime) -> None:
        """Take the family's name out of what is behind figures, unless another of it is counted."""
        for family_id in self.family_ids:
            if not _another_counts(session, family_id, interview_id, now):
                family_voice.sharing.forgetting.forget(session, family_id)

    def remains(
        self, *, whole: bool, carrier: bool = False, passed_on: bool = False
    ) -> list[Remains]:
        """What is still there afterwards, in the order of the receipt."""
        reasons = {
            Remains.ASKED: whole,
            Remains.MET: self.met_on is not None,
            Remains.PUBLISHED: self.published and (whole or Purpose.COUNT in self.taken),
            Remains.PASSED_ON: passed_on,
            Remains.CARRIER: carrier,
            Remains.BACKUPS: whole,
        }
        return [reason for reason, so in reasons.items() if so]


def _found(
    session: Session, interview_id: UUID, taken: tuple[Purpose, ...], now: datetime
) -> _Found:
    interview = fetch(session, Interview, interview_id)
    case_ids = tuple(family_voice.cases.forgetting.cases_ever(session, interview_id))
    meetings = session.scalars(
        select(PanelSession)
        .join(Case, Case.session_id == PanelSession.id)
        .where(Case.id.in_(case_ids))
    ).all()
    rounds = {meeting.round_id for meeting in meetings} | {interview.round_id} - {None}
    decided = standing(session, interview_id, now)
    met = [
        meeting.held_on
        for meeting in meetings
        if has_passed(meeting.held_on, now) and _could_read(session, interview_id, meeting.held_on)
    ]
    families = session.scalars(
        select(Child.family_id).where(Child.id.in_(holds.children_of(session, interview_id)))
    )
    return _Found(
        yes=tuple(each for each in Purpose if each is not Purpose.TALK and _is_yes(decided, each)),
        taken=taken,
        case_ids=case_ids,
        family_ids=tuple(set(families)),
        published=any(
            family_voice.sharing.forgetting.published(session, each) for each in rounds if each
        ),
        met_on=max(met) if met and Purpose.CHECK in taken else None,
    )


def _could_read(session: Session, interview_id: UUID, on: date) -> bool:
    """Whether the group could read the account on the day of its meeting."""
    return had_agreed(session, interview_id, Purpose.CHECK, end_of(on - ONE_DAY), end_of(on))


def _recalled(session: Session, interview_id: UUID, found: _Found, now: datetime) -> list[int]:
    """The paper on which the account could stand. Another's own copies are none of their receipt's.

    One that was printed before they said yes to the group, or after a no, does not hold it.
    """
    return recall(
        session,
        found.case_ids,
        now,
        lambda made_at: had_agreed(session, interview_id, Purpose.CHECK, made_at, made_at),
    )


def _let_go(session: Session, interview_id: UUID) -> dict[str, int]:
    """Every room in turn, those above first: what names a sentence goes before the sentence."""
    return {
        **family_voice.themes.forgetting.forget(session, interview_id),
        **family_voice.cases.forgetting.forget(session, interview_id),
        **family_voice.messages.forgetting.forget(session, interview_id),
        **family_voice.interviews.forgetting.forget(session, interview_id),
    }


def _another_counts(session: Session, family_id: UUID, interview_id: UUID, now: datetime) -> bool:
    """Whether another account of the family may be counted."""
    cases = session.scalars(
        select(Case.id).join(Child, Child.id == Case.child_id).where(Child.family_id == family_id)
    ).all()
    accounts = {each for found in interviews_of(session, cases).values() for each in found}
    others = accounts - {interview_id}
    return bool(permitted(session, others, Purpose.COUNT, Audience.FORUM, now))


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
    found: _Found,
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


def _is_yes(decided: Mapping[Purpose, Decided], purpose: Purpose) -> bool:
    return purpose in decided and decided[purpose].yes


def _unfinished() -> Select[Withdrawal]:
    return select(Withdrawal).where(Withdrawal.finished_at.is_(None)).order_by(Withdrawal.at)
