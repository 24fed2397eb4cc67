"""Telling a made-up account through the real doors: the interview's record, as it would happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.demo.shapes import DemoAccount, DemoCase
from family_voice.demo.written import CHILD
from family_voice.interviews import record
from family_voice.interviews.events import (
    FIRST_DECISIONS,
    LATER_DECISIONS,
    AskedForCall,
    ChangedLanguage,
    Channel,
    Finished,
    Manner,
    Opened,
    ReadBack,
    Recognised,
    Skipped,
)
from family_voice.interviews.translating import translate

SPOKEN = (Channel.TELEPHONE, Channel.VIDEO, Channel.FACE_TO_FACE)
UNFINISHED_LASTS = timedelta(minutes=14)
SOON, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Telling:
    """One account about to be told: where, in which case, and who writes if it is spoken.

    `visits` lets it happen on visits instead, where a child tells us without words.
    """

    interview_id: UUID
    account: DemoAccount
    case: DemoCase
    lead: UUID
    visits: Callable[[Session, UUID, DemoAccount], None] | None = None

    @property
    def channel(self) -> Channel:
        """How it came."""
        return Channel(self.account.channel)

    @property
    def recorded_by(self) -> UUID | None:
        """Who wrote it down; None where the family wrote."""
        return self.lead if self.channel in SPOKEN else None

    def speaker(self, key: str) -> str:
        """A speaker in the call pad's words: the participant, or who else was there."""
        if key == self.account.participant:
            return "self"
        if key == CHILD:
            return CHILD
        relationship = self.case.participant(key).relationship
        return relationship if relationship in ("mother", "father") else "other"


def tell(session: Session, telling: Telling) -> None:
    """Let an account happen, at the times it says."""
    account, channel = telling.account, telling.channel
    moments = _moments(account)
    start = next(moments)
    arrives = Recognised(channel) if channel is Channel.TEXT else Opened(channel)
    record.happen(session, telling.interview_id, arrives, start, telling.recorded_by)
    _speak(session, telling, start)
    _decide(session, telling, FIRST_DECISIONS, start)
    if telling.visits is not None:
        telling.visits(session, telling.interview_id, account)
    for answer in account.answers if telling.visits is None else ():
        for fragment in answer.fragments:
            record.say(
                session,
                telling.interview_id,
                fragment.text,
                channel=channel,
                prompt_id=answer.prompt,
                manner=Manner(fragment.manner),
                speaker=telling.speaker(fragment.speaker),
                now=next(moments),
                recorded_by=telling.recorded_by,
            )
    for prompt in account.skipped:
        record.happen(
            session, telling.interview_id, Skipped(channel, prompt), next(moments),
            telling.recorded_by,
        )  # fmt: skip
    keep_from_workers(session, telling)
    _close(session, telling, next(moments))
    _translate(session, telling)


def _speak(session: Session, telling: Telling, at: datetime) -> None:
    """Go on in the language that the account is written in, unless it was begun in it."""
    language = telling.account.language
    if record.state_of(session, telling.interview_id).language != language:
        event = ChangedLanguage(telling.channel, language)
        record.happen(session, telling.interview_id, event, at, telling.recorded_by)


def _translate(session: Session, telling: Telling) -> None:
    """Attach what somebody put it into English as, as the lead does an hour after it was sent."""
    account = telling.account
    if not account.translated_by or account.finished_at is None:
        return
    english = {
        fragment.text: fragment.english
        for answer in account.answers
        for fragment in answer.fragments
    }
    translate(
        session,
        telling.interview_id,
        {
            sentence.id: text
            for answer in record.account(session, telling.interview_id).answers
            for piece in answer.pieces
            for sentence, text in zip(piece.sentences, english[piece.text], strict=False)
        },
        by=account.translated_by,
        recorded_by=telling.lead,
        now=account.finished_at + AN_HOUR,
    )


def keep_from_workers(session: Session, telling: Telling) -> None:
    """Mark the sentences that are not for people who work with the family."""
    wanted = {
        answer.prompt: answer.not_for_workers
        for answer in telling.account.answers
        if answer.not_for_workers
    }
    if not wanted:
        return
    marked = {
        sentence.id
        for answer in record.account(session, telling.interview_id).answers
        for piece in answer.pieces
        for sentence in piece.sentences
        if any(part in sentence.text for part in wanted.get(answer.prompt_id, ()))
    }
    record.mark_for_workers(session, telling.interview_id, marked)


def _close(session: Session, telling: Telling, last: datetime) -> None:
    account, channel = telling.account, telling.channel

    def happen(event: Finished | ReadBack | AskedForCall, at: datetime) -> None:
        record.happen(session, telling.interview_id, event, at, telling.recorded_by)

    if account.asked_for_call:
        happen(AskedForCall(channel), last)
    if account.finished_at is None:
        return
    happen(Finished(channel), account.finished_at)
    _decide(session, telling, LATER_DECISIONS, account.finished_at + SOON)
    if account.read_back_at:
        happen(ReadBack(channel, right=True), account.read_back_at)


def _decide(session: Session, telling: Telling, purposes: tuple[str, ...], at: datetime) -> None:
    for purpose in purposes:
        yes = telling.account.decisions.get(purpose)
        if yes is not None:
            record.decide(
                session, telling.interview_id, Purpose(purpose), yes,
                channel=telling.channel, now=at, recorded_by=telling.recorded_by,
            )  # fmt: skip


def _moments(account: DemoAccount) -> Iterator[datetime]:
    """Times from the beginning to the end, as many as there is something to do."""
    ends = account.finished_at or account.begun_at + UNFINISHED_LASTS
    steps = sum(len(answer.fragments) for answer in account.answers) + len(account.skipped) + 2
    for step in range(steps + 1):
        yield account.begun_at + (ends - account.begun_at) * step / (steps + 1)
