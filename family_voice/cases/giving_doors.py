"""The secrets that go with an invitation: new ones, or one more link beside those on paper."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import Attempt
from family_voice.cases.reaching import Channel, nobody_known_by_text
from family_voice.interviews.doors import (
    Choose,
    Secrets,
    another_link,
    by_phone,
    once_by_phone,
    open_doors,
)
from family_voice.interviews.models import Invitation
from family_voice.people.facts import PersonView

#: What brings a code word with it, so that it is worth keeping good.
WITH_CODE_WORD = (Channel.LETTER.value, Channel.EMAIL.value)


def doors_for(
    session: Session,
    interview_id: UUID,
    person: PersonView,
    channel: Channel,
    until: datetime,
    now: datetime,
    choose: Choose,
) -> Secrets:
    """Fresh secrets; a text or email after a letter brings a link and leaves the letter's alone.

    Args:
        session: a writing session.
        interview_id: what they open.
        person: whom.
        channel: how they go out.
        until: when they stop working.
        now: when.
        choose: makes the secrets.

    Returns:
        The secrets; no code and no code word where those given before still hold.
    """
    mobile = person.facts.contact.mobile
    held = channel is not Channel.LETTER and _holds_a_letter(session, interview_id, person.id, now)
    if held and (channel is Channel.EMAIL or interview_id in by_phone(session, mobile, now)):
        return Secrets(another_link(session, interview_id, until, now), "", None)
    if interview_id not in once_by_phone(session, mobile):
        nobody_known_by_text(session, interview_id, now)
    return open_doors(
        session,
        interview_id,
        until,
        now,
        phone=mobile or None,
        with_code_word=bool(mobile),
        choose=choose,
    )


def _holds_a_letter(
    session: Session, interview_id: UUID, participant_id: UUID, now: datetime
) -> bool:
    """Whether they hold a letter or email of which the link, code and code word still work."""
    found = (
        select(Invitation.id)
        .join(Attempt, Attempt.at == Invitation.made_at)
        .where(
            Invitation.interview_id == interview_id,
            Invitation.replaced_at.is_(None),
            Invitation.single_use.is_(False),
            Invitation.valid_until > now,
            Attempt.participant_id == participant_id,
            Attempt.channel.in_(WITH_CODE_WORD),
        )
    )
    return session.scalar(found.limit(1)) is not None
