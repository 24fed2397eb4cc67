"""An account that speaks of two children: its parts, each on its own case.

A person says of every sentence which child it is about. What is about both stands with both only
where the family said yes to that. Each part goes on its case once a second person has looked as
well. The account itself stays whole, for the family and on record, and is on no case any more;
taking it back takes back every part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import linking, remarks
from family_voice.cases.candidates import OpenCase, open_cases, told_by
from family_voice.cases.models import Case, PanelSession
from family_voice.cases.permission import NotForUs, lead_may_read
from family_voice.cases.reaching import staff_id
from family_voice.cases.remarks import Said
from family_voice.cases.spelling import letters
from family_voice.consent import parts
from family_voice.interviews import parting
from family_voice.interviews.forgetting import forget_parts
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.words import Speaker
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import Missing, fetch, lock

_HIS_OR_HER = re.compile(r"['’]s\b")


class SharedHow(StrEnum):
    """How they said that what is about both children may stand with both."""

    TELEPHONE = "telephone"
    FACE_TO_FACE = "face_to_face"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


class NeedsTheirYes(ValueError):
    """Something is about both children, and nobody has said that it may stand with both."""


class NothingAbout(ValueError):
    """Nothing is about one of the children: there is nothing to part. `case_id` says which."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__("case")
        self.case_id = case_id


class NotEverySentence(ValueError):
    """Of some sentences nobody has said which child they are about."""


class PartedAlready(Exception):
    """It was cut into parts before, or is set aside as another account again."""


@dataclass(frozen=True)
class Shared:
    """That they said yes to what is about both standing with both, and how."""

    how: SharedHow
    at: datetime


def propose(pieces: Sequence[Sequence[str]], names: Sequence[str]) -> list[list[int | None]]:
    """Which child each sentence seems to be about, for a person to go over. Pure.

    A sentence is about whoever it names; one that names nobody goes on about the same child as the
    one before it in the same piece. Where both are named, or nobody yet, nothing is proposed.

    Args:
        pieces: the sentences of each piece.
        names: the children's first names.

    Returns:
        For each sentence the place of the name, or None.
    """
    wanted = [letters(name) for name in names]
    found = []
    for sentences in pieces:
        about: int | None = None
        line: list[int | None] = []
        for text in sentences:
            said = " " + letters(_HIS_OR_HER.sub("", text)) + " "
            named = [place for place, name in enumerate(wanted) if name and f" {name} " in said]
            if named:
                about = named[0] if len(named) == 1 else None
            line.append(about)
        found.append(line)
    return found


def part_account(
    session: Session,
    interview_id: UUID,
    about: Mapping[UUID, Collection[UUID]],
    case_ids: Sequence[UUID],
    shared: Shared | None,
    by: Actor,
    now: datetime,
) -> dict[UUID, UUID]:
    """Cut an account into parts, each for the case of the child it is about.

    None is on its case yet: a second person has to choose the same (see `choosing.put_on`).

    Args:
        session: a writing session.
        interview_id: the account.
        about: of every sentence the cases of the children it is about; none leaves it out.
        case_ids: the cases, two or more.
        shared: their yes to what is about several children standing with each.
        by: who parts it.
        now: when.

    Returns:
        The part for each case.

    Raises:
        NotEverySentence: if a sentence is missing in `about`.
        NothingAbout: if nothing is about one of the children.
        NeedsTheirYes: if something is about several and there is no yes to that.
        PartedAlready: if it was parted before.
        NotFinished, NotToPart: see `interviews.parting`.
        NotForUs: if they have not agreed to talk, or no longer.
        Missing: if there is no such account, or a case is of no round that is open.
    """
    lock(session, Interview, interview_id)
    who = staff_id(by)
    if who is None or not lead_may_read(session, interview_id, now):
        raise NotForUs
    if remarks.standing_of(session, interview_id).set_aside:
        raise PartedAlready
    cases = {each.id: each for each in open_cases(session, now)}
    if len(set(case_ids)) < 2 or not cases.keys() >= set(case_ids):
        raise Missing(Case.__tablename__)
    every = {each.id for each in account(session, interview_id).sentences}
    if not every <= about.keys():
        raise NotEverySentence
    several = {each for each in every if len(set(about[each])) > 1}
    if several and shared is None:
        raise NeedsTheirYes
    made = {}
    for case_id in case_ids:
        chosen = {each for each in every if case_id in about[each]}
        if not chosen:
            raise NothingAbout(case_id)
        agreed = (shared.how.value, shared.at) if shared and chosen & several else None
        made[case_id] = _make(session, interview_id, cases[case_id], chosen, agreed, who, now)
    if linking.case_of(session, interview_id) is not None:
        linking.unlink(session, interview_id, now, who)
    for case_id, part_id in made.items():
        remarks.say(session, part_id, Said.FIRST, who, now, case_id=case_id)
        record(session, by, "change", "link", part_id, now, ["part", Said.FIRST.value])
    remarks.say(session, interview_id, Said.PARTED, who, now)
    record(session, by, "change", "link", interview_id, now, [Said.PARTED.value])
    return made


def make_whole(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """Undo the parting: the parts are gone, the account waits to be linked again.

    Raises:
        Missing: if there is no such account.
    """
    who = staff_id(by)
    if who is None:
        return
    for part_id in parts.parts_of(session, interview_id):
        linking.unlink(session, part_id, now, who)
    forget_parts(session, interview_id, now)
    remarks.say(session, interview_id, Said.WHOLE, who, now)
    record(session, by, "change", "link", interview_id, now, [Said.WHOLE.value])


def _make(
    session: Session,
    interview_id: UUID,
    case: OpenCase,
    chosen: Collection[UUID],
    agreed: tuple[str, datetime] | None,
    who: UUID,
    now: datetime,
) -> UUID:
    spoke = told_by(session, interview_id)
    meeting = fetch(session, PanelSession, fetch(session, Case, case.id).session_id)
    return parting.cut_out(
        session,
        interview_id,
        chosen,
        participant_id=_who_spoke(session, interview_id, case, spoke),
        round_id=meeting.round_id,
        speaker=_of_this_child(spoke, case),
        by=who,
        now=now,
        shared=agreed,
    )


def _who_spoke(session: Session, interview_id: UUID, case: OpenCase, spoke: Speaker) -> UUID | None:
    """Who of the case's people spoke: the one who was invited, or of the same name; else nobody."""
    invited = fetch(session, Interview, interview_id).participant_id
    name = letters(f"{spoke.first_name} {spoke.last_name}")
    same = [
        each.id
        for each in case.people
        if each.id == invited or (invited and letters(each.facts.name) == name)
    ]
    return same[0] if same else None


def _of_this_child(spoke: Speaker, case: OpenCase) -> Speaker:
    """Who spoke, with nothing of the other child."""
    born = case.child.date_of_birth
    return replace(
        spoke,
        child_first_name=case.child.first_name,
        child_last_name=case.child.last_name,
        child_date_of_birth=born.isoformat() if born else "",
        school=case.child.school,
    )
