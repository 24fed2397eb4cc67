"""Flags: a sentence that a phrase list found, for a person to look at.

A flag decides nothing, answers nobody, and shows nowhere but on the concern pages. It is made in
the transaction that keeps the words, whatever channel they came by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.safeguarding import concerns, escalating
from family_voice.safeguarding.ladder import Kind
from family_voice.safeguarding.phrases import find
from family_voice.safeguarding.whom import whom
from family_voice.security.trail import WORKER, record
from family_voice.settings import Settings

Watcher = Callable[[Session, UUID, UUID, str, str, datetime], None]


def watcher(settings: Settings) -> Watcher:
    """What `interviews` calls whenever it keeps words; it rides along in every session.

    Args:
        settings: for the texts to whoever is on the rota.
    """

    def watch(
        session: Session,
        interview_id: UUID,
        fragment_id: UUID,
        text: str,
        language: str,
        now: datetime,
    ) -> None:
        look_at(
            session, settings, text, language,
            interview_id=interview_id, fragment_id=fragment_id, now=now,
        )  # fmt: skip

    return watch


def look_at(
    session: Session,
    settings: Settings,
    text: str,
    language: str,
    *,
    interview_id: UUID | None,
    fragment_id: UUID | None,
    now: datetime,
    about: str = "",
) -> UUID | None:
    """Flag what a phrase list finds in a text, unless the same sentences wait already.

    Args:
        session: a writing session.
        settings: for the texts to the rota.
        text: what somebody said.
        language: the conversation's.
        interview_id: the conversation; None for a text from a number nobody knows.
        fragment_id: the piece, if it is one.
        now: when.
        about: who it is from, where there is no conversation.

    Returns:
        The flag's id, or None if there is nothing new to look at.
    """
    found = find(text, language)
    if not found:
        return None
    standing = concerns.open_flags(session, interview_id)
    if interview_id is None:
        standing = [flag for flag in standing if flag.about == about]  # of this very number
    known = {line for flag in standing for line in flag.quoted.split("\n")}
    fresh = [each for each in found if each.sentence not in known]
    if not fresh:
        return None
    flag_id = concerns.keep(
        session,
        Kind.PLEASE_LOOK,
        interview_id,
        fragment_id,
        words="",
        about=whom(session, interview_id) if interview_id is not None else about,
        quoted="\n".join(each.sentence for each in fresh),
        found=tuple(dict.fromkeys(one for each in fresh for one in each.phrases)),
        by=WORKER,
        now=now,
    )
    record(session, WORKER, "flag", "concern", flag_id, now)
    if any(flag.next_at is not None for flag in standing):
        # People are being told to look at this conversation already: once is enough.
        escalating.stand_beside(session, flag_id)
    else:
        escalating.climb(session, settings, flag_id, now)
    return flag_id
