"""What families of some rounds spoke of, read for the themes page, and the words behind a code.

For the people who code: every figure is of families whom they may read, at this moment. Nothing
here is fit to leave; what leaves is a release (`sharing.releases`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.permission import account_for, open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES
from family_voice.interviews.models import Fragment
from family_voice.interviews.record import guide_of
from family_voice.interviews.words import Account
from family_voice.themes.coding import Answers, Coded, Unit, answers_of, coded_in
from family_voice.themes.open_codes import as_read_by
from family_voice.themes.spoken_of import Saying
from family_voice.themes.still_blind import not_counted_for


class By(StrEnum):
    """What families are set beside each other by."""

    HEADING = "heading"
    PLAN = "plan"
    TERM = "term"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Spoken:
    """One account that is coded. `headings` holds every heading that was answered."""

    interview_id: UUID
    case: Gathered
    channels: frozenset[str]
    headings: Mapping[str, frozenset[str]]

    @property
    def codes(self) -> frozenset[str]:
        """Every code on it."""
        return frozenset().union(*self.headings.values())

    def places(self, by: By) -> Mapping[Hashable, frozenset[str]]:
        """Where it stands when families are set beside each other, with its codes there."""
        match by:
            case By.HEADING:
                return dict(self.headings.items())
            case By.PLAN:
                return {self.case.case.plan_type: self.codes}
            case By.TERM:
                return {self.case.session.round_id: self.codes}
            case By.CHANNEL:
                return dict.fromkeys(self.channels, self.codes)


@dataclass(frozen=True)
class Overview:
    """The accounts that count, and how many do not: `blind` because this reader codes them blind
    or may be asked to, `waiting` because nobody has put a code on them yet."""

    accounts: tuple[Spoken, ...]
    blind: int
    waiting: int

    @property
    def families(self) -> int:
        """How many families the accounts are of."""
        return len({each.case.family_id for each in self.accounts})

    def sayings(self, by: By) -> Iterator[Saying]:
        """What each family spoke of, place by place."""
        for each in self.accounts:
            for place, codes in each.places(by).items():
                yield Saying(each.case.family_id, place, codes)

    @property
    def codes_of(self) -> dict[Hashable, frozenset[str]]:
        """What each family spoke of at all."""
        found: dict[Hashable, frozenset[str]] = {}
        for each in self.accounts:
            family = each.case.family_id
            found[family] = found.get(family, frozenset()) | each.codes
        return found


def overview(
    session: Session, round_ids: Collection[UUID], reader: UUID, now: datetime
) -> Overview:
    """What families told in these rounds, as far as it is coded. Opens no words.

    Args:
        session: any session.
        round_ids: which rounds.
        reader: who looks; what they code blind, or may be asked to, is left out.
        now: the moment of showing.
    """
    told = {
        account.interview_id: case
        for case in cases_of_rounds(session, round_ids, now)
        for account in case.accounts
        if account.to_work_on and not account.professional
    }
    allowed = open_to(session, told, Purpose.TALK, Audience.LEAD, now)
    hidden = not_counted_for(session, reader, now) & allowed
    answers = answers_of(session, allowed - hidden)
    coded = as_read_by(session, coded_in(session, answers, answers=answers), reader)
    channels = dict(
        session.execute(
            select(Fragment.id, Fragment.channel).where(Fragment.interview_id.in_(list(answers)))
        ).all()
    )
    accounts = tuple(
        _spoken(session, each, case, coded[each], answers[each], channels)
        for each, case in told.items()
        if each in coded and (coded[each].codings or coded[each].none_apply)
    )
    return Overview(accounts, len(hidden), len(allowed - hidden) - len(accounts))


@dataclass(frozen=True)
class Words:
    """One piece of an account that a code stands on: an answer if `whole`, or sentences of it.

    Each sentence says whether the code stands on it by itself.
    """

    heading_id: str
    sentences: tuple[tuple[str, bool], ...]
    language: str
    whole: bool


@dataclass(frozen=True)
class Told:
    """One account in which a code stands.

    It has no words where they were deleted at the end of their time (`deleted`), or where the
    family keeps them from this reader.
    """

    interview_id: UUID
    case: Gathered
    words: tuple[Words, ...]
    deleted: bool = False


def words_on(
    session: Session, found: Overview, code: str, reader: UUID, now: datetime
) -> tuple[Told, ...]:
    """The words behind one code, as this reader may see them.

    Args:
        session: any session.
        found: the accounts (`overview`).
        code: which code.
        reader: who reads; sentences kept from them are not there.
        now: the moment of showing.
    """
    wanted = [each for each in found.accounts if code in each.codes]
    codings = coded_in(session, [each.interview_id for each in wanted])
    told = []
    for each in wanted:
        its = account_for(session, each.interview_id, reader, now)
        words = tuple(_words(its, codings[each.interview_id], code))
        told.append(Told(each.interview_id, each.case, words, deleted=not its.answers))
    return tuple(told)


def _spoken(
    session: Session,
    interview_id: UUID,
    case: Gathered,
    coded: Coded,
    answers: Answers,
    channels: Mapping[UUID, str],
) -> Spoken:
    guide = guide_of(session, interview_id)
    headings: dict[str, set[str]] = defaultdict(set)
    for prompt in answers:
        heading = NOTES if prompt == NOTES else guide.heading_of(prompt).id
        headings[heading] |= {c.code for c in coded.codings if c.unit.prompt_id == prompt}
    said = (each for fragments in answers.values() for each in fragments)
    return Spoken(
        interview_id,
        case,
        frozenset(channels[each] for each in said if each in channels),
        {heading: frozenset(codes) for heading, codes in headings.items()},
    )


def _words(told: Account, coded: Coded, code: str) -> Iterator[Words]:
    for answer in told.answers:
        whole = code in coded.codes_on(Unit(answer.prompt_id))
        for piece in answer.pieces:
            put = {
                each.id: code in coded.codes_on(Unit(answer.prompt_id, each.id))
                for each in piece.sentences
            }
            sentences = tuple(
                (each.text, put[each.id]) for each in piece.sentences if whole or put[each.id]
            )
            if sentences:
                yield Words(answer.heading_id, sentences, piece.language, whole)
