"""The pupil profile: what is known of a child who may not have spoken, and how each thing is known.

Made of the same consent and the same readers as the case pack. Every line stands under how it is
known; what somebody saw, told or wrote never stands among the child's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.consent.signs import Signs, signs_of
from family_voice.improvement.views import View, profile_of
from family_voice.interviews.events import Manner
from family_voice.interviews.manners import is_theirs
from family_voice.interviews.visits import Visit, visit_of
from family_voice.people import register
from family_voice.reports.case_pack import CasePack, FullAnswer, PackLine, case_pack
from family_voice.storage.locking import fetch

#: What the child thinks, told by somebody else.
TOLD = frozenset({Manner.THROUGH_PARENT, Manner.SPOKEN_FOR})


@dataclass(frozen=True)
class Passage:
    """Sentences that follow each other in one answer and are known in the same way.

    `first` stands for all of them; `last` is the last of them. `asked` is the question they answer,
    empty for notes. A card that was put somewhere stands alone.
    """

    first: PackLine
    last: PackLine
    text: str
    asked: str


@dataclass(frozen=True)
class SeenOn:
    """What was seen on one visit; outside of any visit where there is none."""

    visit: Visit | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Profile:
    """Everything on the page, each part known in one way; `words_of`: the accounts it shows."""

    pack: CasePack
    signs: Signs | None
    own: tuple[Passage, ...]
    summed: tuple[Passage, ...]
    seen: tuple[SeenOn, ...]
    told: tuple[Passage, ...]
    professionals: tuple[Passage, ...]
    written: tuple[tuple[str, View], ...]
    words_of: frozenset[UUID]

    @property
    def has_voice(self) -> bool:
        """Whether there is anything of the child's, or seen or told of the child."""
        return bool(self.own or self.summed or self.seen or self.told)


def pupil_profile(session: Session, case_id: UUID, *readers: UUID, now: datetime) -> Profile:
    """The profile as consent stands now.

    Args:
        session: any session.
        case_id: whose; that the readers may see this case is checked by the caller.
        readers: the members of staff who will read it.
        now: the moment of showing.

    Raises:
        Missing: if there is no such case.
    """
    pack = case_pack(session, case_id, *readers, now=now)
    by_account = {
        full.speaker.interview_id: [
            passage for answer in full.answers for passage in _passages(answer)
        ]
        for full in pack.accounts
    }
    found = [passage for passages in by_account.values() for passage in passages]
    child_id = fetch(session, Case, case_id).child_id
    child = register.children(session, [child_id])[child_id]
    seen = _seen(session, [each for each in found if each.first.manner is Manner.OBSERVED])
    written = profile_of(session, case_id)

    def known(rule: Callable[[PackLine], bool]) -> tuple[Passage, ...]:
        return tuple(each for each in found if rule(each.first))

    return Profile(
        pack=pack,
        signs=signs_of(session, child) if seen else None,
        own=known(lambda line: line.is_child and is_theirs(line.manner)),
        summed=known(lambda line: line.is_child and line.manner is Manner.SUMMARY),
        seen=seen,
        told=known(lambda line: line.manner in TOLD),
        professionals=known(lambda line: line.manner is Manner.PROFESSIONAL),
        written=tuple(
            (agency.name, written[agency.id])
            for agency in pack.framework.agencies
            if agency.id in written and written[agency.id].words
        ),
        words_of=frozenset(
            interview_id
            for interview_id, passages in by_account.items()
            if any(_stands(each.first) for each in passages)
        ),
    )


def _stands(line: PackLine) -> bool:
    """Whether the page has a part for it: a grown-up's own words about the child have none."""
    own = line.is_child and (is_theirs(line.manner) or line.manner is Manner.SUMMARY)
    return own or line.manner in {Manner.OBSERVED, Manner.PROFESSIONAL, *TOLD}


def _passages(answer: FullAnswer) -> list[Passage]:
    found: list[Passage] = []
    for line in answer.lines:
        before = found[-1] if found else None
        chosen = line.manner is Manner.CHOSE
        if before and not chosen and _as_known(before.first) == _as_known(line):
            found[-1] = replace(before, last=line, text=f"{before.text} {line.text}")
        else:
            found.append(Passage(line, line, line.text, answer.prompt))
    return found


def _as_known(line: PackLine) -> tuple[object, ...]:
    return (
        line.manner, line.is_child, line.relationship, line.helped_by, line.visit_id,
        line.not_for_workers,
    )  # fmt: skip


def _seen(session: Session, passages: Iterable[Passage]) -> tuple[SeenOn, ...]:
    by_visit: dict[UUID | None, list[Passage]] = {}
    for each in passages:
        by_visit.setdefault(each.first.visit_id, []).append(each)
    visits = [visit_of(session, visit_id) for visit_id in by_visit if visit_id is not None]
    visits.sort(key=lambda visit: visit.on)
    found = [SeenOn(visit, tuple(by_visit[visit.id])) for visit in visits]
    if None in by_visit:
        found.append(SeenOn(None, tuple(by_visit[None])))
    return tuple(found)
