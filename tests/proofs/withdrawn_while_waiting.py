"""Somebody takes everything back while texts to them wait: none that waited goes out afterwards."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice import worker
from family_voice.interviews import record
from family_voice.interviews.words import Speaker
from family_voice.messages import outbox
from family_voice.messages.gateway import Arrived, Listed
from family_voice.messages.models import OutboundMessage, SendState
from family_voice.messages.templates import Template
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.storage.engine import in_one_transaction
from tests.conftest import NOW
from tests.factories import agreed
from tests.proofs.proof import Place, Tell

#: Texts that wait for one family.
WAITING = 4


@dataclass
class Carrier:
    """A provider that takes every text and remembers which of ours it was."""

    took: set[UUID] = field(default_factory=set)

    def send(self, to: str, body: str, reference: str) -> str:
        self.took.add(UUID(reference))
        return f"SM{uuid4().hex}"

    def recent(self, to: str, since: datetime, reference: str) -> list[Listed]:
        return []

    def arrived(self, since: datetime) -> list[Arrived]:
        return []


def prove(place: Place, times: int, tell: Tell) -> int:
    """Let the worker send while everything is taken back; look at what went after the commit.

    A text that the worker had claimed before the commit is on its way and cannot be called back.
    Every other one must be cancelled and never reach the provider, nor may anything of it be left.
    """
    luck = random.Random(times)
    lost = gone = kept_back = 0
    for number in range(times):
        carrier = Carrier()
        interview_id, texts = _waiting(place, number)
        begin = threading.Barrier(2)
        sending = threading.Thread(target=_send, args=(place, carrier, begin))
        sending.start()
        begin.wait()
        _spin(luck.random() * 0.25)
        # Anew where PostgreSQL ends it for the worker's sake, as somebody who presses once more.
        claimed = in_one_transaction(place.sessions, partial(_take_back, interview_id))
        sending.join()
        # And once more, as the worker goes on for ever.
        _turn(place, carrier)
        late = (carrier.took & texts) - claimed
        with place.sessions() as session:
            late |= _left(session, interview_id)
        lost += len(late)
        gone += len(carrier.took & texts)
        kept_back += len(texts - carrier.took)
        tell(number + 1)
    if times >= 100 and not (gone and kept_back):
        raise AssertionError("everything was taken back too early or too late")
    return lost


def _waiting(place: Place, number: int) -> tuple[UUID, set[UUID]]:
    phone = f"+4477009{number:05d}"
    with place.sessions.begin() as session:
        interview_id = record.begin(
            session, audience="parent_carer", language="en", now=NOW, speaker=Speaker(phone=phone)
        )
        agreed(session, interview_id, NOW)
        texts = {
            outbox.queue(
                session, interview_id, phone, Template.AT_START, f"Text {each}",
                f"{interview_id}:{each}", NOW, False, NOW,
            )
            for each in range(WAITING)
        }  # fmt: skip
    return interview_id, texts


def _take_back(interview_id: UUID, session: Session) -> set[UUID]:
    withdraw(session, interview_id, Asked(Way.WEB, NOW.date()), NOW)
    return _tried(session, interview_id)


def _send(place: Place, carrier: Carrier, begin: threading.Barrier) -> None:
    begin.wait()
    _turn(place, carrier)


def _turn(place: Place, carrier: Carrier) -> None:
    worker.turn(place.sessions, place.settings, carrier, lambda: NOW)


def _tried(session: Session, interview_id: UUID) -> set[UUID]:
    """What a sender had in hand when everything was taken back."""
    rows = select(OutboundMessage.id).where(
        OutboundMessage.interview_id == interview_id, OutboundMessage.tried_at.is_not(None)
    )
    return set(session.scalars(rows))


def _left(session: Session, interview_id: UUID) -> set[UUID]:
    """Texts that still wait, or still say something."""
    return {
        row.id
        for row in session.scalars(
            select(OutboundMessage).where(OutboundMessage.interview_id == interview_id)
        )
        if row.state == SendState.QUEUED.value or row.body or row.phone
    }


def _spin(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass
