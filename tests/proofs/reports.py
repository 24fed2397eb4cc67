"""The provider's reports of how far a text got, in every order there is: each ends alike."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.messages import outbox, sending, settling
from family_voice.messages.models import OutboundMessage, TextAttention
from family_voice.messages.templates import Template
from family_voice.storage.engine import reading
from tests.conftest import NOW
from tests.factories import agreed
from tests.proofs.proof import Place, Tell

#: A report: the provider's word and its reason. `OURS` is our own note that the provider took it,
#: which a report may come before.
Report = tuple[str, str | None]
OURS: Report = ("ours", None)
QUEUED, SENDING, SENT, DELIVERED = (
    (word, None) for word in ("queued", "sending", "sent", "delivered")
)
#: Each reason that leads somewhere else, and one that nobody has heard of.
REASONS = ("21610", "30003", "30005", "30006", "30007", "21408", "99999")
LADDERS: tuple[tuple[Report, ...], ...] = (
    (OURS, QUEUED, SENDING, SENT, DELIVERED),
    *((OURS, SENDING, SENT, ("undelivered", reason)) for reason in REASONS),
    # Carriers do say first that it did not get there and then that it did.
    (OURS, SENT, ("undelivered", "30003"), DELIVERED),
)

Case = tuple[tuple[Report, ...], tuple[Report, ...]]


@dataclass(frozen=True)
class End:
    """What there is to see afterwards."""

    state: str
    error: str | None
    has_gone: bool
    stopped: bool
    texts: int
    needs: tuple[str, ...]


@cache
def cases() -> tuple[Case, ...]:
    """Every ladder in every order, once and with every one of its steps told twice."""
    found = []
    for ladder in LADDERS:
        for told in (ladder, *((*ladder, again) for again in ladder)):
            found += [
                (ladder, order) for order in sorted(set(itertools.permutations(told)), key=str)
            ]
    random.Random(4).shuffle(found)
    return tuple(found)


def prove(place: Place, times: int, tell: Tell) -> int:
    """Report each order to a text of its own; how many end otherwise than the ladder as it is."""
    lost, numbers = 0, itertools.count()
    as_it_is = {ladder: _ends(place, next(numbers), ladder) for ladder in LADDERS}
    for done, (ladder, order) in enumerate(itertools.islice(_round(), times), start=1):
        lost += _ends(place, next(numbers), order) != as_it_is[ladder]
        tell(done)
    return lost


def _round() -> Iterator[Case]:
    return itertools.cycle(cases())


def _ends(place: Place, number: int, order: tuple[Report, ...]) -> End:
    """Tell of a text in this order, each report in a transaction of its own as they come."""
    phone, sid, now = f"+4477{number:08d}", f"SM{number:032x}", NOW + timedelta(minutes=number)
    with place.sessions.begin() as session:
        interview_id = record.begin(session, audience="parent_carer", language="en", now=now)
        agreed(session, interview_id, now)
        reference = outbox.queue(
            session, interview_id, phone, Template.AT_START, "This is the first question.",
            f"report:{number}", now, True, now,
        )  # fmt: skip
    with place.sessions.begin() as session:
        claimed = sending.claim(session, now, lambda *_: sending.Go())
        if claimed is None or claimed.id != reference:
            raise AssertionError("another text came first")
    for seconds, (word, reason) in enumerate(order, start=1):
        at = now + timedelta(seconds=seconds)
        with place.sessions.begin() as session:
            if (word, reason) == OURS:
                sending.sent(session, reference, sid, at)
            else:
                settling.apply_status(session, sid, word, at, reference, reason)
    with reading(place.sessions) as session:
        return _seen(session, interview_id, reference, phone)


def _seen(session: Session, interview_id: UUID, reference: UUID, phone: str) -> End:
    row = session.get(OutboundMessage, reference)
    assert row is not None
    same_phone = OutboundMessage.phone_index == row.phone_index
    return End(
        row.state,
        row.error,
        row.sent_at is not None,
        outbox.is_stopped(session, phone),
        len(session.scalars(select(OutboundMessage.id).where(same_phone)).all()),
        tuple(
            sorted(
                session.scalars(
                    select(TextAttention.need).where(
                        (TextAttention.interview_id == interview_id)
                        | (TextAttention.phone_index == row.phone_index)
                        | (TextAttention.message_id == reference)
                    )
                )
            )
        ),
    )
