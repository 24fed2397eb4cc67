"""What a person decides about an account: which case it is on, or is not, and taking that back.

Where cases are close, or an account was cut into parts, two people have to say the same before it
is on one.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import candidates, linking, remarks
from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import LinkDecision, LinkHow
from family_voice.cases.models import Case
from family_voice.cases.reaching import staff_id
from family_voice.cases.remarks import Remark, Said, SetAside
from family_voice.consent.parts import origin_of
from family_voice.interviews.models import Interview
from family_voice.messages import emailing, outbox
from family_voice.messages.emails import ASKS
from family_voice.messages.templates import Template
from family_voice.people.access import Role
from family_voice.people.staff import staff_with
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import fetch, lock


class Put(StrEnum):
    """What became of somebody's choice of a case."""

    LINKED = "linked"
    WAITS = "waits"  # it is close: another person has to look as well
    DIFFERS = "differs"  # two people chose different cases: it stands on none


class NeedsReason(ValueError):
    """It is not certain which child it is about, or who spoke: say in words why it is this case."""


class NotOnCase(LookupError):
    """The account cannot be that of this person: they are not of the case, or speak otherwise."""


class SamePerson(Exception):
    """Where it is close, somebody else has to look than who chose first."""


def put_on(
    session: Session,
    interview_id: UUID,
    case_id: UUID,
    by: Actor,
    now: datetime,
    *,
    why: str = "",
    participant_id: UUID | None = None,
) -> Put:
    """A person says that an account belongs to a case. What spoke for it is kept beside.

    Where another case is close, or it is one part of an account about several children, it goes on
    none before a second person has chosen the same, who is not told what the first one chose. If
    they choose another, it stays where it is.

    Args:
        session: a writing session.
        interview_id: the account.
        case_id: the case.
        by: who says so.
        now: when.
        why: their reason in words; needed unless both the child and who spoke are certain.
        participant_id: who of the case's people it is the account of, if it is one of them: they
            count as having told us, and are not invited or rung for it any more.

    Returns:
        What became of it.

    Raises:
        NeedsReason: without a reason, where something is not certain.
        NotOnCase: if it cannot be the account of that person.
        NotOffered: if the case is not of a round that is open.
        SamePerson: if this person has chosen already and somebody else has to look.
        linking.AlreadyLinked: if the account stands on a case already.
        SetAside: if it was set aside, or cut into parts, meanwhile.
        Missing: if there is no such account.
    """
    lock(session, Interview, interview_id)
    if linking.case_of(session, interview_id) is not None:
        raise linking.AlreadyLinked
    stands = remarks.standing_of(session, interview_id)
    if stands.set_aside:
        raise SetAside
    chosen = candidates.offer_of(session, interview_id, case_id, now)
    offers = candidates.offers(session, interview_id, now)
    proposed = next((each for each in offers if each.case.id == case_id), chosen)
    people = candidates.may_be(session, interview_id, chosen.case)
    if participant_id is not None and participant_id not in {each.id for each in people}:
        raise NotOnCase
    first, who = stands.first, staff_id(by)
    if first is not None and who is not None and not may_check(session, first, who, now):
        raise SamePerson
    spoke = candidates.told_by(session, interview_id)
    if not why.strip() and not candidates.is_certain(proposed, spoke):
        raise NeedsReason
    if first is not None and who is not None:
        same = first.case_id == case_id
        said = Said.SECOND if same else Said.DIFFERS
        reason = "" if same else why  # where they agree it stands with the link itself
        remarks.say(session, interview_id, said, who, now, case_id=case_id, why=reason)
        if not same:
            record(session, by, "change", "link", interview_id, now, [said.value])
            return Put.DIFFERS
    elif who is not None and (
        origin_of(session, interview_id) is not None or candidates.is_close(offers, chosen)
    ):
        remarks.say(session, interview_id, Said.FIRST, who, now, case_id=case_id, why=why)
        record(session, by, "change", "link", interview_id, now, [Said.FIRST.value])
        return Put.WAITS
    linking.link(
        session,
        interview_id,
        case_id,
        LinkHow.PERSON,
        now,
        chosen.reasons,
        who,
        participant_id=participant_id,
        why=why,
    )
    if participant_id is not None:
        # What is still in line asks them for what they have told us.
        own = _invited(session, participant_id)
        outbox.cancel_queued(session, own, [Template.INVITATION])
        emailing.cancel_queued(session, own, ASKS)
    record(session, by, "change", "link", interview_id, now, ["case"])
    return Put.LINKED


def _invited(session: Session, participant_id: UUID) -> list[UUID]:
    return list(
        session.scalars(select(Interview.id).where(Interview.participant_id == participant_id))
    )


def may_check(session: Session, first: Remark, who: UUID, now: datetime) -> bool:
    """Whether somebody may be the second to look: another person than the first.

    Where nobody else links accounts here, the same person may, on another day.
    """
    if who != first.by:
        return True
    others = [each.id for each in staff_with(session, Role.LEAD) if each.id != who]
    return not others and london_date(now) > london_date(first.at)


def rule_out(
    session: Session, interview_id: UUID, case_id: UUID, out: bool, by: Actor, now: datetime
) -> None:
    """A person says that it is not this case, which is then proposed no more; or takes that back.

    Raises:
        linking.AlreadyLinked: if the account stands on this case.
        Missing: if there is no such account or case.
    """
    fetch(session, Case, case_id)
    if linking.case_of(session, interview_id) == case_id:
        raise linking.AlreadyLinked
    who, said = staff_id(by), Said.NOT_THIS if out else Said.MAYBE
    ruled_out = case_id in remarks.standing_of(session, interview_id).refused
    if who is not None and ruled_out is not out:
        remarks.say(session, interview_id, said, who, now, case_id=case_id)
        record(session, by, "change", "link", interview_id, now, [said.value])


def take_choice_back(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """Who chose first takes it back before a second person has looked. Anybody else's stays."""
    first, who = remarks.standing_of(session, interview_id).first, staff_id(by)
    if first is not None and who == first.by:
        remarks.say(session, interview_id, Said.TOOK_BACK, who, now)
        record(session, by, "change", "link", interview_id, now, [Said.TOOK_BACK.value])


def take_off(session: Session, interview_id: UUID, by: Actor, now: datetime) -> UUID | None:
    """Take an account off its case, which its history remembers.

    Returns:
        The case it was on, if it was on one.

    Raises:
        Missing: if there is no such account.
    """
    fetch(session, Interview, interview_id)
    case_id = linking.case_of(session, interview_id)
    who = staff_id(by)
    if case_id is not None and who is not None:
        linking.unlink(session, interview_id, now, who)
        record(session, by, "change", "link", interview_id, now, ["case"])
    return case_id


def say_none(session: Session, interview_id: UUID, by: Actor, now: datetime) -> None:
    """A person says that none of the cases is the account's.

    Raises:
        linking.AlreadyLinked: if it stands on one.
    """
    who = staff_id(by)
    if who is not None:
        linking.none_of_these(session, interview_id, now, who)
        if (first := remarks.standing_of(session, interview_id).first) is not None:
            said = Said.TOOK_BACK if first.by == who else Said.DIFFERS
            remarks.say(session, interview_id, said, who, now)
        record(session, by, "change", "link", interview_id, now, ["none_of_these"])


def decided_last(session: Session, interview_id: UUID) -> LinkDecision | None:
    """What was decided last about an account; None if nothing was."""
    steps = linking.history(session, interview_id)
    return steps[-1].decision if steps else None
