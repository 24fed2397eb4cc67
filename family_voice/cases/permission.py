"""The one question before anything of a family's is shown, counted or sent: may it, now?

Whether somebody agreed is consent's to say, and the log's whether they took everything back. What a
sentence is kept from is the reader: somebody who is recorded as working with the child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.models import Case
from family_voice.cases.remarks import standing_of
from family_voice.cases.seats import works_with
from family_voice.consent.decisions import Audience, Decided, opens, permitted
from family_voice.consent.parts import together
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Event, Interview
from family_voice.interviews.record import about_permission, account
from family_voice.interviews.state import Stage, State
from family_voice.interviews.words import Account, open_pieces, without_kept_back
from family_voice.messages.templates import Template
from family_voice.people.models import Participant
from family_voice.storage.locking import fetch

#: Texts that carry the talk on. All others answer something they did, or ask for a decision.
TALKING: Final = frozenset(
    {
        Template.FIRST_QUESTION,
        Template.QUESTION,
        Template.OPEN_QUESTION,
        Template.MORE_ADDED,
        Template.NO_MORE,
        Template.AT_START,
        Template.READ_BACK,
        Template.CORRECT_IT,
        Template.ADDED,
        Template.SENT,
        Template.ALREADY_SENT,
        Template.THANKS,
    }
)


class NotForUs(Exception):
    """They have not agreed to talk with us, or have taken it back: there is nothing to read."""


def lead_may_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether they agreed to talk and have taken nothing back. Raises Missing."""
    return _may(session, interview_id, Purpose.TALK, Audience.LEAD, now)


def panel_may_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether they agreed that the small group may read it as well. Raises Missing."""
    return _may(session, interview_id, Purpose.CHECK, Audience.PANEL, now)


def family_may_read(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether their own words may be shown to them. Raises Missing."""
    return _may(session, interview_id, Purpose.TALK, Audience.FAMILY, now)


def account_for(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> Account:
    """An account as this member of staff may read it, who is no panel member.

    Args:
        session: any session.
        interview_id: whose words.
        reader: who reads.
        now: the moment of showing.

    Returns:
        What stands; for somebody who works with the child, without the sentences kept from them.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        Erased: if the words are gone.
        Missing: if there is no such account.
    """
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    return as_read_by(session, account(session, interview_id), [reader])


def said_of_permission(
    session: Session, interview_id: UUID, reader: UUID, now: datetime
) -> Account:
    """What they said about permission alone, as `account_for` gives the account; raises as it."""
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    return as_read_by(session, about_permission(session, interview_id), [reader])


def account_to_write_on(
    session: Session, interview_id: UUID, writer: UUID, now: datetime
) -> Account:
    """The same for somebody who writes in it: a piece that they may not read whole is left out.

    What they would see of it could not be put back over it without losing the rest.
    """
    if not lead_may_read(session, interview_id, now):
        raise NotForUs
    whole = account(session, interview_id)
    return open_pieces(whole) if works_with_family(session, interview_id, writer) else whole


def as_read_by(session: Session, whole: Account, readers: Iterable[UUID]) -> Account:
    """An account without the sentences that are kept from one of these readers."""
    if any(works_with_family(session, whole.interview_id, reader) for reader in readers):
        return without_kept_back(whole)
    return whole


def works_with_family(session: Session, interview_id: UUID, reader: UUID) -> bool:
    """Whether somebody is recorded as working with the child an account is about.

    False while nobody has said yet which child that is.
    """
    children = set()
    # What was told of two children in one breath is kept from whoever works with either.
    for each in together(session, interview_id):
        if (case_id := _case_for(session, each)) is not None:
            children.add(fetch(session, Case, case_id).child_id)
        spoken_by = fetch(session, Interview, each).participant_id
        if spoken_by is not None:
            children.add(fetch(session, Participant, spoken_by).child_id)
    return any(works_with(session, reader, child_id) for child_id in children)


def _case_for(session: Session, interview_id: UUID) -> UUID | None:
    """The case it stands on, or the one it is chosen for until a second person has looked."""
    case_id = case_of(session, interview_id)
    if case_id is None and (first := standing_of(session, interview_id).first) is not None:
        return first.case_id
    return case_id


def text_may_go(
    logged: State, decisions: Mapping[Purpose, Decided], template: str, is_reply: bool
) -> bool:
    """Whether what they agreed to lets a text of this kind go out.

    Args:
        logged: where the log of the conversation leads, read now.
        decisions: what stands of what they decided, read now.
        template: which text.
        is_reply: it answers a text of theirs.
    """
    unasked = logged.stage is Stage.SENT and not is_reply
    if not unasked and template not in TALKING:
        return True
    wanted = (Purpose.CONTACT, Audience.LEAD) if unasked else (Purpose.TALK, Audience.FAMILY)
    return logged.stage is not Stage.WITHDRAWN and opens(decisions, *wanted)


def open_to(
    session: Session,
    interview_ids: Collection[UUID],
    purpose: Purpose,
    audience: Audience,
    now: datetime,
) -> set[UUID]:
    """Those of the interviews that may be shown, counted or sent for this, to these, now."""
    found = permitted(session, interview_ids, purpose, audience, now)
    return found - set(
        session.scalars(
            select(Event.interview_id).where(
                Event.interview_id.in_(found), Event.kind == "withdrawn"
            )
        )
    )


def _may(
    session: Session, interview_id: UUID, purpose: Purpose, audience: Audience, now: datetime
) -> bool:
    fetch(session, Interview, interview_id)
    return interview_id in open_to(session, [interview_id], purpose, audience, now)
