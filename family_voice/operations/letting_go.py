"""Letting go of an account and of every part that was cut out of it, room by room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import family_voice.cases.forgetting
import family_voice.interviews.forgetting
import family_voice.messages.forgetting
import family_voice.themes.forgetting
from family_voice.consent import parts
from family_voice.improvement import outcomes
from family_voice.interviews.models import Interview
from family_voice.security.sealing import destroy_key
from family_voice.sharing import quotes, replacements
from family_voice.sharing.exchange import keeping
from family_voice.storage.locking import fetch


def whole_of(session: Session, interview_id: UUID) -> Sequence[UUID]:
    """The account as it was told, then its parts: who takes back a part takes back the whole."""
    return parts.whole(session, parts.origin_of(session, interview_id) or interview_id)


def cases_ever(session: Session, interview_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Every case that one of them stood on."""
    found = (family_voice.cases.forgetting.cases_ever(session, each) for each in interview_ids)
    return tuple(dict.fromkeys(case for cases in found for case in cases))


def let_go(session: Session, interview_ids: Iterable[UUID]) -> dict[str, int]:
    """Every room in turn, those above first: what names a sentence goes before the sentence.

    Returns:
        How many of each kind were removed.
    """
    return summed(
        {
            **outcomes.forget(session, each),
            **quotes.forget(session, each),
            **replacements.forget(session, each),
            **family_voice.themes.forgetting.forget(session, each),
            **family_voice.cases.forgetting.forget(session, each),
            **family_voice.messages.forgetting.forget(session, each),
            **family_voice.interviews.forgetting.forget(session, each),
        }
        for each in interview_ids
    )


def destroy_keys(session: Session, interview_ids: Collection[UUID], now: datetime) -> None:
    """Destroy the key of each, so that nothing sealed under it can be read again.

    And of the model that learned from one of them: its vocabulary is their words. A project that
    was brought in with their words in it goes as a whole.
    """
    family_voice.themes.forgetting.forget_learned(session, interview_ids, now)
    for each in interview_ids:
        keeping.forget(session, each, now)
        destroy_key(session, fetch(session, Interview, each).key_id, now)


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The counts of several accounts as those of one."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)
