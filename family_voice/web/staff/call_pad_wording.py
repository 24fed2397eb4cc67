"""What is read out to a family, filled in with the names of this area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from family_voice.cases.rounds import round_view
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews.record import guide_of, state_of
from family_voice.language.formats import in_words
from family_voice.language.team import team_named
from family_voice.web.services import db, settings

if TYPE_CHECKING:
    from family_voice.web.staff.call_pad_sitting import Sitting


@dataclass(frozen=True)
class ReadOut:
    """One statement as it is read out; `language` is the one it is really in."""

    words: str
    question: str
    yes: str
    no: str
    language: str
    version: int


def read_out(here: Sitting, purpose: Purpose) -> ReadOut:
    """The newest statement for a decision, as `record.decide` will write it down."""
    audience = guide_of(db(), here.interview_id).audience
    found = statement(purpose, audience, state_of(db(), here.interview_id).language)
    chosen = settings()
    panel = round_view(db(), here.talk.round_id).panel
    values = {
        "area": chosen.area_name,
        "team": team_named(chosen.team_name),
        "phone": chosen.phone,
        "emergency_phone": chosen.emergency_phone,
        "roles": in_words([role.name for role in panel]),
    }
    return ReadOut(
        found.read_out.format_map(values),
        found.question.format_map(values),
        found.agree,
        found.refuse,
        found.language,
        found.version,
    )
