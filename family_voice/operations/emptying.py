"""Taking the words of texts away at the provider, once they are safe with us and it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from family_voice.messages.gateway import TryLater
from family_voice.messages.models import InboundMessage, OutboundMessage, SendState
from family_voice.storage.engine import reading

#: At most so many at one go of each kind, so that nothing waits for this.
AT_ONCE: Final = 25
#: A text of which no last report ever came is taken for done.
NO_REPORT: Final = timedelta(days=1)

Kind = type[InboundMessage] | type[OutboundMessage]


class Emptier(Protocol):
    """A provider that keeps what was said, and lets us take it away."""

    def empty(self, provider_id: str) -> bool:
        """Whether nothing is left to be read there. Raises `TryLater`."""
        ...


def run(sessions: sessionmaker[Session], provider: Emptier, clock: Callable[[], datetime]) -> int:
    """Take away what may go by now. What the provider will not let go of yet is asked for again.

    Args:
        sessions: makes sessions; nothing is held while the provider answers.
        provider: where the words are.
        clock: the present.

    Returns:
        How many texts were emptied.
    """
    done = 0
    with reading(sessions) as session:
        due = _due(session, clock())
    for kind, message_id, provider_id in due:
        try:
            gone = provider.empty(provider_id)
        except TryLater:
            return done
        if gone:
            with sessions.begin() as session:
                session.execute(
                    update(kind).where(kind.id == message_id).values(emptied_at=clock())
                )
            done += 1
    return done


def _due(session: Session, now: datetime) -> list[tuple[Kind, UUID, str]]:
    """Texts that are committed here and on their way no more; at random, so that none that cannot
    go keeps others waiting."""
    over = or_(
        OutboundMessage.state.in_((SendState.DELIVERED.value, SendState.FAILED.value)),
        and_(
            OutboundMessage.state == SendState.SENT.value,
            OutboundMessage.sent_at <= now - NO_REPORT,
        ),
    )
    found: list[tuple[Kind, UUID, str]] = []
    for kind, wanted in (
        (InboundMessage, InboundMessage.emptied_at.is_(None)),
        (OutboundMessage, and_(OutboundMessage.emptied_at.is_(None), over)),
    ):
        rows = session.execute(
            select(kind.id, kind.provider_id)
            .where(wanted, kind.provider_id.is_not(None))
            .order_by(func.random())
            .limit(AT_ONCE)
        )
        found += [(kind, row.id, row.provider_id) for row in rows]
    return found
