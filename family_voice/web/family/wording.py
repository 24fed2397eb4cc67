"""The words of statements and answers, filled in for this conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from family_voice.cases.rounds import round_view
from family_voice.consent.statements import Purpose, Statement, statement
from family_voice.frameworks.loader import version_in_force
from family_voice.interviews import about
from family_voice.interviews.events import NOTES, Channel, Manner
from family_voice.interviews.guide import Guide
from family_voice.interviews.state import State
from family_voice.interviews.words import Account, Piece
from family_voice.language.formats import in_words
from family_voice.language.texts import gettext as _
from family_voice.web.family.visit import Visit, this_visit
from family_voice.web.services import db, now, settings

LONDON = ZoneInfo("Europe/London")


def is_young() -> bool:
    """Whether the wording is for a young person rather than for a parent or carer."""
    return about.audience_of(db(), this_visit().interview_id) == "young_person"


def roles() -> tuple[str, ...]:
    """Who is in the small group, by the framework of the round, else by the one in force."""
    round_id = about.round_of(db(), this_visit().interview_id)
    if round_id is not None:
        framework = round_view(db(), round_id).framework
    else:
        framework = version_in_force(settings().framework, now().astimezone(LONDON).date())
    return tuple(role.name for role in framework.roles)


@dataclass(frozen=True)
class Wording:
    """One consent statement as this family reads it; `language` is the one it is really in."""

    purpose: str
    question: str
    explain: tuple[str, ...]
    yes: str
    no: str
    language: str
    limits: str = ""


def worded(purpose: Purpose, language: str) -> Wording:
    """The statement for a decision, with the names of this area filled in."""
    audience = about.audience_of(db(), this_visit().interview_id)
    found: Statement = statement(purpose, audience, language)
    chosen = settings()
    values = {
        "area": chosen.area_name,
        "team": chosen.team_name,
        "phone": chosen.phone,
        "emergency_phone": chosen.emergency_phone,
        "roles": in_words(roles()) if purpose is Purpose.CHECK else "",
    }
    return Wording(
        purpose.value,
        found.question.format_map(values),
        tuple(line.format_map(values) for line in found.explain),
        found.agree,
        found.refuse,
        found.language,
        found.limits,
    )


@dataclass(frozen=True)
class Shown:
    """One question on a page of answers. `hidden`: something stands that may not be shown."""

    prompt_id: str
    title: str
    question: str
    pieces: tuple[Piece, ...]
    hidden: bool

    @property
    def empty(self) -> bool:
        """Nothing stands here."""
        return not self.pieces and not self.hidden


def answers_shown(
    visit: Visit, state: State, guide: Guide, account: Account, *, everything: bool = False
) -> Iterator[Shown]:
    """The questions on the path, and whatever else was answered, with what may be shown of each.

    `everything` adds the questions that nobody asked yet.
    """
    path = state.path(guide)
    for prompt in guide.prompts.values():
        answer = account.answer(prompt.id)
        if prompt.id not in path and answer is None and not everything:
            continue
        pieces = answer.pieces if answer else ()
        seen = tuple(piece for piece in pieces if visit.may_see(piece.fragment_id))
        heading = guide.heading_of(prompt.id)
        yield Shown(
            prompt.id,
            heading.title,
            prompt.text,
            seen,
            len(seen) < len(pieces),
        )
    notes = account.answer(NOTES)
    if notes is not None:
        seen = tuple(piece for piece in notes.pieces if visit.may_see(piece.fragment_id))
        yield Shown(NOTES, _("Other things you told us"), "", seen, len(seen) < len(notes.pieces))


def origin(piece: Piece) -> str:
    """How words came to us, when they were not typed on these pages."""
    if piece.manner is Manner.OBSERVED:
        return _("What one of us saw and wrote down.")
    if piece.manner is Manner.SUMMARY:
        return _("What you told us, in our words.")
    if piece.recorded_by is not None:
        return _("What you told us. One of us wrote it down.")
    if piece.channel is Channel.TEXT:
        return _("What you told us by text.")
    return ""
