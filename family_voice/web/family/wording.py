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
from family_voice.language.formats import in_words, one_line
from family_voice.language.team import team_named
from family_voice.language.texts import apart, in_english
from family_voice.language.texts import gettext as _
from family_voice.people.facts import is_own_voice
from family_voice.web.family import seen as seeing
from family_voice.web.family.visit import this_visit
from family_voice.web.services import db, now, settings

LONDON = ZoneInfo("Europe/London")


def is_young() -> bool:
    """Whether the wording is for a young person rather than for a parent or carer."""
    return is_own_voice(about.audience_of(db(), this_visit().interview_id))


def roles() -> tuple[str, ...]:
    """Who is in the small group, by the framework of the round, else by the one in force."""
    round_id = about.round_of(db(), this_visit().interview_id)
    if round_id is not None:
        panel = round_view(db(), round_id).panel
    else:
        framework = version_in_force(settings().framework, now().astimezone(LONDON).date())
        panel = framework.panel(framework.main_audit)
    return tuple(role.name for role in panel)


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
    #: The line that names everybody in the small group, where there is one.
    naming: str = ""


def worded(purpose: Purpose, language: str) -> Wording:
    """The statement for a decision, with the names of this area filled in."""
    audience = about.audience_of(db(), this_visit().interview_id)
    found: Statement = statement(purpose, audience, language)
    chosen = settings()
    values = {
        "area": apart(chosen.area_name),
        "team": apart(team_named(chosen.team_name)),
        "phone": apart(one_line(chosen.phone)),
        "emergency_phone": apart(one_line(chosen.emergency_phone)),
        "roles": in_words(list(map(in_english, roles()))) if purpose is Purpose.CHECK else "",
    }
    return Wording(
        purpose.value,
        found.question.format_map(values),
        tuple(line.format_map(values) for line in found.explain),
        found.agree,
        found.refuse,
        found.language,
        found.limits,
        next((e.format_map(values) for e in found.explain if "{roles}" in e), ""),
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
    state: State, guide: Guide, account: Account, *, everything: bool = False
) -> Iterator[Shown]:
    """The questions on the path, and whatever else was answered, with what may be shown of each.

    `everything` adds the questions that nobody asked yet. What was seen on a visit is no answer of
    theirs: where it may not be shown, nothing tells of it.
    """
    path = state.path(guide)
    for prompt in guide.prompts.values():
        pieces, seen = _pieces(account, prompt.id)
        if prompt.id not in path and not pieces and not everything:
            continue
        heading = guide.heading_of(prompt.id)
        yield Shown(
            prompt.id,
            heading.title,
            prompt.text,
            seen,
            len(seen) < len(pieces),
        )
    pieces, seen = _pieces(account, NOTES)
    if pieces:
        yield Shown(NOTES, _("Other things you told us"), "", seen, len(seen) < len(pieces))


def _pieces(account: Account, prompt_id: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """What stands for a question, and what of it this sitting may see."""
    answer = account.answer(prompt_id)
    every = answer.pieces if answer else ()
    there = set(seeing.to_show(piece.fragment_id for piece in every))
    pieces = tuple(piece for piece in every if piece.fragment_id in there)
    return pieces, tuple(piece for piece in pieces if seeing.may_see(piece.fragment_id))


def origin(piece: Piece) -> str:
    """How words came to us, when they were not typed on these pages as their own."""
    match piece.manner:
        case Manner.OBSERVED:
            return _("What somebody saw and wrote down.")
        case Manner.THROUGH_PARENT:
            return _("What a parent or carer told us for the child.")
        case Manner.CHOSE:
            return _("You chose a picture here.")
        case Manner.SUMMARY:
            return _("What you told us, in our words.")
    if piece.recorded_by is not None:
        return _("What you told us. One of us wrote it down.")
    if piece.channel is Channel.TEXT:
        return _("What you told us by text.")
    return ""
