"""A provider of text messages as a plain object: it keeps what it took and what is there for us."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from family_voice.messages.gateway import Arrived, Listed, SendUnknown, TryLater
from tests.proofs.dying import Died


@dataclass
class Provider:
    """What the carrier holds: texts that it took from us, and texts of theirs for us."""

    luck: random.Random
    clock: Callable[[], datetime]
    took: list[tuple[UUID, str, str, datetime]] = field(default_factory=list)
    held: list[Arrived] = field(default_factory=list)
    calm: bool = False

    def send(self, to: str, body: str, reference: str) -> str:
        """Take it; or not; or take it and say nothing, or die before we hear of it."""
        mood = 1.0 if self.calm else self.luck.random()
        if mood < 0.02:
            raise TryLater(timedelta(seconds=self.luck.randint(1, 20)))
        if mood < 0.03:
            raise SendUnknown
        self.took.append((UUID(reference), to, body, self.clock()))
        if mood < 0.05:
            raise SendUnknown
        if mood < 0.06:
            raise Died
        return self._sid(len(self.took) - 1)

    def recent(self, to: str, since: datetime, reference: str = "") -> list[Listed]:
        return [
            Listed(self._sid(number), body, at)
            for number, (_reference, phone, body, at) in enumerate(self.took)
            if phone == to and at >= since
        ]

    def arrived(self, since: datetime) -> list[Arrived]:
        return [each for each in self.held if each.at >= since]

    def _sid(self, number: int) -> str:
        return f"SMout{number:027x}"
