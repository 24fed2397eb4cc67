"""One text comes from sixteen threads in the same moment: it has its effect once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import func, select

from family_voice.messages.models import InboundMessage
from family_voice.sms.handling import Incoming, take_in
from family_voice.storage.engine import reading
from tests.proofs.clocks import Shared
from tests.proofs.heard import unheard
from tests.proofs.proof import Place, Tell
from tests.proofs.texters import Texter, texters, texting
from tests.proofs.whole import half_there

THREADS = 16
#: So many texts by one family before the next one comes.
EACH = 25


def _rows(place: Place) -> int:
    with reading(place.sessions) as session:
        return session.scalar(select(func.count()).select_from(InboundMessage)) or 0


def prove(place: Place, times: int, tell: Tell) -> Mapping[str, int]:
    """Let every text arrive in sixteen threads at once, each in a transaction of its own.

    One of them is told that it is new, and it stands once among their words, as one event and one
    row.
    """
    clock = Shared()
    settings = texting(place.settings, "http://127.0.0.1:9")
    together = threading.Barrier(THREADS)
    effects = 0

    def arrives(_thread: int) -> int:
        incoming = current[0]
        together.wait()
        with place.sessions.begin() as session:
            return int(take_in(session, settings, incoming, clock()))

    said: list[tuple[UUID, str]] = []
    families: list[Texter] = []
    current = [Incoming("", "", "")]
    with ThreadPoolExecutor(THREADS) as threads:
        for number in range(times):
            if number % EACH == 0:
                families += texters(place.sessions, settings, clock(), 1, number // EACH)
            body = f"Text {number} and no other."
            said.append((families[-1].interview_id, body))
            current[0] = Incoming(f"SM{number:032x}", families[-1].phone, body)
            effects += sum(threads.map(arrives, range(THREADS)))
            tell(number + 1)
    wrong = {
        "not told as new to exactly one": abs(effects - times),
        "not once among their words": unheard(place, said),
        "half there": half_there(place, [each.interview_id for each in families]),
        "rows": abs(_rows(place) - times - len(families)),
    }
    return {kind: count for kind, count in wrong.items() if count}
