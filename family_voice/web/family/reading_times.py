"""When somebody reads what families send: the pages say so, by the clock and the rota alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from family_voice.safeguarding.rota import next_on_rota, on_rota
from family_voice.web.family.gate import blueprint
from family_voice.web.services import db, now


@dataclass(frozen=True)
class ReadingTimes:
    """Whether nobody reads just now, and when somebody next does, if that is known."""

    nobody: bool
    next: datetime | None


@blueprint.context_processor
def _times() -> dict[str, object]:
    return {"reading_times": reading_times}


def reading_times() -> ReadingTimes:
    """What the pages say of it at this moment."""
    if on_rota(db(), now()):
        return ReadingTimes(False, None)
    return ReadingTimes(True, next_on_rota(db(), now()))
