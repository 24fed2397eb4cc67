"""When somebody reads what families send: the pages say so, by the clock and the rota alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import g

from family_voice.safeguarding.rota import anybody_reads
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
    """What the page says of it at this moment; asked once a request."""
    if "reading_times" not in g:
        somebody, following = anybody_reads(db(), now())
        g.reading_times = ReadingTimes(not somebody, following)
    return cast(ReadingTimes, g.reading_times)
