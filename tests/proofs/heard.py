"""What came of texts, looked at from both ends: the provider's books and ours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.words import pieces
from family_voice.messages.models import OutboundMessage, SendState
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.proofs.proof import Place

WENT = frozenset({SendState.SENT.value, SendState.DELIVERED.value})
OPEN = (SendState.QUEUED.value, SendState.SENDING.value, SendState.UNKNOWN.value)


def said(place: Place, interview_id: UUID) -> Counter[str]:
    """How often each of their texts stands among their words."""
    with reading(place.sessions) as session:
        kept = session.scalars(select(Fragment.id).where(Fragment.interview_id == interview_id))
        interview = fetch(session, Interview, interview_id)
        return Counter(piece.text for piece in pieces(session, interview, list(kept)))


def unheard(place: Place, texts: Iterable[tuple[UUID, str]]) -> int:
    """How many of the texts do not stand exactly once."""
    wanted: dict[UUID, list[str]] = defaultdict(list)
    for interview_id, body in texts:
        wanted[interview_id].append(body)
    wrong = 0
    for interview_id, bodies in wanted.items():
        found = said(place, interview_id)
        wrong += sum(abs(found[body] - 1) for body in bodies)
        wrong += sum((found - Counter(bodies)).values())
    return wrong


def open_texts(place: Place) -> int:
    """How many texts of ours have no end yet."""
    with reading(place.sessions) as session:
        return len(
            session.scalars(select(OutboundMessage.id).where(OutboundMessage.state.in_(OPEN))).all()
        )


def badly_sent(place: Place, accepted: Iterable[tuple[str, str, str]]) -> Counter[str]:
    """What the provider's books and ours say differently.

    Args:
        place: our books.
        accepted: what it took, in order: our reference, the phone, its id.
    """
    took: dict[UUID, list[str]] = defaultdict(list)
    order: dict[str, list[UUID]] = defaultdict(list)
    for reference, phone, sid in accepted:
        took[UUID(reference)].append(sid)
        order[phone].append(UUID(reference))
    wrong: Counter[str] = Counter()
    numbers: dict[UUID, int] = {}
    with reading(place.sessions) as session:
        for row in session.scalars(select(OutboundMessage)):
            numbers[row.id] = row.number
            sids = took[row.id]
            wrong["sent twice"] += len(sids) > 1
            wrong["lost"] += not sids and row.state != SendState.CANCELLED.value
            wrong["went, and we do not know"] += bool(sids) and row.state not in WENT
            wrong["never went, and we think so"] += not sids and row.state in WENT
            wrong["under another id"] += bool(sids) and row.provider_id not in sids
    wrong["nobody's"] += len(took.keys() - numbers.keys())
    for sequence in order.values():
        in_order = [numbers.get(each, 0) for each in sequence]
        wrong["out of order"] += sum(b < a for a, b in pairwise(in_order))
    return +wrong
