"""Settings, a clock and people on the rota, for what happens by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice import worker
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.models import OutboundMessage
from family_voice.messages.outbox import place
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding import concerns
from family_voice.safeguarding.concerns import ConcernView
from family_voice.security.sealing import unseal
from family_voice.security.trail import Actor
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.sms.conftest import town

__all__ = ["town"]


class Phones(ConsoleGateway):
    """A provider that takes every text and remembers where it went."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, to: str, body: str, reference: str) -> str:
        self.sent.append((to, body))
        return super().send(to, body, reference)


@dataclass
class Office:
    """The database, the worker and the clock that people work by."""

    database: Database
    settings: Settings
    clock: Clock
    phones: Phones

    def turn(self) -> None:
        """One turn of the worker."""
        worker.turn(self.database.sessions, self.settings, self.phones, self.clock)

    def member(self, role: Role = Role.PANEL, name: str = "Pat") -> Actor:
        """Somebody who works here."""
        with self.database.sessions.begin() as session:
            email = f"{name.lower()}@council.example"
            given = add_staff(session, email=email, roles=[role], now=self.clock(), name=name)
        return Actor("staff", given.staff_id)

    def raise_one(self, by: Actor, words: str = "A bruise.", interview: UUID | None = None) -> UUID:
        """Somebody raises a concern."""
        with self.database.sessions.begin() as session:
            return concerns.raise_concern(
                session, words, interview_id=interview, by=by, now=self.clock(),
                settings=self.settings,
            )  # fmt: skip

    def look(self, concern_id: UUID) -> ConcernView:
        """A concern as it stands."""
        with reading(self.database.sessions) as session:
            return concerns.one(session, concern_id)

    def told(self, concern_id: UUID) -> list[tuple[str, tuple[str, ...], datetime]]:
        """The rungs taken, in order: which, who, when."""
        return [(each.rung, each.names, each.at) for each in self.look(concern_id).told]

    def queued(self) -> list[tuple[str, str]]:
        """Every text in line or gone: its template and its phone."""
        with reading(self.database.sessions) as session:
            return [
                (row.template, unseal(session, row.key_id, place("phone", row.id), row.phone))
                for row in session.scalars(
                    select(OutboundMessage).order_by(
                        OutboundMessage.queued_at, OutboundMessage.dedupe_key
                    )
                )
            ]


@pytest.fixture
def office(database: Database, settings: Settings, clock: Clock) -> Office:
    """An office with nobody on the rota yet; it is Wednesday, ten in the morning."""
    return Office(database, settings, clock, Phones())
