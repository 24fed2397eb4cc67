"""The same account twice: sent on the web and on paper as well, or filled in afresh.

Two people often speak of one child, and one person of two, so a double is only proposed where the
same person seems to have spoken and the child has no other first name, or the very same words came.
A person decides; what was set aside is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import choosing, comparing, linking, remarks
from family_voice.cases.candidates import made_at, open_cases, person_told, told_by
from family_voice.cases.comparing import Level
from family_voice.cases.linking import LinkDecision
from family_voice.cases.matching import Matcher, compare
from family_voice.cases.permission import lead_may_read
from family_voice.cases.reaching import staff_id
from family_voice.cases.remarks import Said, SetAside
from family_voice.cases.spelling import letters
from family_voice.consent.parts import together
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.words import Speaker
from family_voice.security.sealing import Erased
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import Missing, lock


class StandsOnCase(Exception):
    """The account that is to be set aside stands on a case; take it off there first."""


@dataclass(frozen=True)
class Double:
    """Another account that may be the same.

    `reasons` are what the two say of the child, alike or not (codes for `matching.reason_text`);
    `same_name` and `same_words` whether who spoke gave the same name, and said the very same.
    """

    interview_id: UUID
    who: Speaker
    made_at: datetime
    reasons: tuple[str, ...]
    same_name: bool
    same_words: bool


@dataclass(frozen=True)
class _Decided:
    """What people decided about one account, as far as it tells it from another."""

    interview_id: UUID
    case_id: UUID | None
    on_none: bool
    refused: frozenset[UUID]
    not_same: frozenset[UUID]


def same_speaker(one: Speaker, other: Speaker) -> bool:
    """Whether the same person seems to have spoken: a telephone, an email, or both names. Pure."""
    for mine, theirs in ((one.phone, other.phone), (one.email, other.email)):
        if mine.strip() and _way(mine) == _way(theirs):
            return True
    return _same_name(one, other)


def doubles(session: Session, interview_id: UUID, now: datetime) -> list[Double]:
    """Other accounts that may be this one again; often none.

    Not those of which somebody has said something that rules it out: that they are two accounts,
    that this one is not of the case where the other stands, or another case.
    """
    told = told_by(session, interview_id)
    ours = _words(session, interview_id)
    decided = _decided(session, interview_id)
    others = {
        each: told_by(session, each)
        for each in _others(session, interview_id, now)
        if not _told_apart(decided, _decided(session, each)) and lead_may_read(session, each, now)
    }
    child = person_told(interview_id, told)
    likely = {
        each.case_id
        for each in Matcher(person_told(*pair) for pair in others.items()).candidates(child)
    }
    found = []
    for other_id, who in others.items():
        _score, reasons = compare(person_told(other_id, who), child)
        same_words = bool(ours) and ours == _words(session, other_id)
        # Who has told us of a child often tells us of a brother or sister as well.
        again = other_id in likely and "first_name_different" not in reasons
        if same_words or (again and same_speaker(told, who)):
            came_on = made_at(session, other_id)
            same_name = _same_name(told, who)
            found.append(Double(other_id, who, came_on, reasons, same_name, same_words))
    return found


def say_same(session: Session, interview_id: UUID, kept_id: UUID, by: Actor, now: datetime) -> None:
    """A person says that an account is another one again: it is set aside, the other stands.

    Raises:
        StandsOnCase: if the one to be set aside stands on a case.
        SetAside: if one of the two is set aside already.
        Missing: if there is no such account.
    """
    if interview_id == kept_id:
        raise Missing("interview")
    for each in sorted((interview_id, kept_id)):  # two people at once: one of them is told
        lock(session, Interview, each)
    if linking.case_of(session, interview_id) is not None:
        raise StandsOnCase
    if any(remarks.standing_of(session, each).set_aside for each in (interview_id, kept_id)):
        raise SetAside
    _say(session, interview_id, Said.SAME, kept_id, by, now)


def say_not_same(
    session: Session, interview_id: UUID, other_id: UUID, by: Actor, now: datetime
) -> None:
    """A person says that two accounts are not the same one: they are not put together again."""
    made_at(session, other_id)
    _say(session, interview_id, Said.NOT_SAME, other_id, by, now)


def take_back(
    session: Session, interview_id: UUID, other_id: UUID, by: Actor, now: datetime
) -> None:
    """Whether two accounts are the same is open again."""
    _say(session, interview_id, Said.UNSAID, other_id, by, now)


def _say(
    session: Session, interview_id: UUID, said: Said, other_id: UUID, by: Actor, now: datetime
) -> None:
    who = staff_id(by)
    if who is not None:
        remarks.say(session, interview_id, said, who, now, other_id=other_id)
        record(session, by, "change", "link", interview_id, now, [said.value])


def _decided(session: Session, interview_id: UUID) -> _Decided:
    stands = remarks.standing_of(session, interview_id)
    return _Decided(
        interview_id,
        linking.case_of(session, interview_id),
        choosing.decided_last(session, interview_id) is LinkDecision.NONE_OF_THESE,
        frozenset(stands.refused),
        stands.not_same,
    )


def _told_apart(one: _Decided, other: _Decided) -> bool:
    """Whether what people decided leaves no room for the two being one account. Pure."""
    return any(
        theirs.interview_id in mine.not_same
        or (
            theirs.case_id is not None
            and (
                mine.on_none
                or theirs.case_id in mine.refused
                or mine.case_id not in (None, theirs.case_id)
            )
        )
        for mine, theirs in ((one, other), (other, one))
    )


def _others(session: Session, interview_id: UUID, now: datetime) -> Iterable[UUID]:
    cases = [each.id for each in open_cases(session, now)]
    linked = linking.interviews_of(session, cases)
    found = [*linking.unlinked(session), *(each for many in linked.values() for each in many)]
    mine = together(session, interview_id)
    return [each for each in dict.fromkeys(found) if each not in mine]


def _words(session: Session, interview_id: UUID) -> str:
    """Everything that stands of it, without case and spaces; empty where nothing can be read."""
    try:
        said = " ".join(each.text for each in account(session, interview_id).answers)
    except Erased:
        return ""
    return " ".join(said.casefold().split())


def _same_name(one: Speaker, other: Speaker) -> bool:
    alike = {Level.SAME, Level.OTHER_FORM, Level.SIMILAR}
    pairs = ((one.first_name, other.first_name), (one.last_name, other.last_name))
    return all(comparing.names(letters(a), letters(b)) in alike for a, b in pairs)


def _way(text: str) -> str:
    return comparing.phone(text) or text.strip().casefold()
