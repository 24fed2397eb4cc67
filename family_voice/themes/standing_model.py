"""The theme model as it is kept: one stands at most, sealed; where each came from stays for ever.

A model's vocabulary is the words of the families it learned from. So it goes, key and all, when one
of their accounts does, when a newer one stands, and when suggestions are turned off.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.security.sealing import Erased, KeyKind, Place, destroy_key, new_key, seal, unseal
from family_voice.storage.base import new_id
from family_voice.themes.suggestion_models import ModelReading, Suggestion, ThemeModel


class Gone(StrEnum):
    """Why a model's weights were let go of."""

    NEWER = "newer"
    ACCOUNT = "account"
    TURNED_OFF = "turned_off"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class Provenance:
    """Where a model came from. Holds nothing that a family said."""

    id: UUID
    number: int
    version: str
    data_hash: str
    codebook_version: int
    answers: int
    accounts: int
    made_at: datetime
    gone_at: datetime | None
    why_gone: Gone | None


def standing(session: Session) -> Provenance | None:
    """The model that suggests now, if one does."""
    row = _standing(session)
    return _provenance(row) if row is not None else None


def every_model(session: Session) -> tuple[Provenance, ...]:
    """Every model there ever was, the newest first."""
    rows = session.scalars(select(ThemeModel).order_by(ThemeModel.number.desc()))
    return tuple(_provenance(row) for row in rows)


def learned_from(session: Session) -> frozenset[UUID]:
    """The accounts that the standing model learned from."""
    row = _standing(session)
    return frozenset(map(UUID, row.learned_from)) if row is not None else frozenset()


def weights(session: Session) -> bytes:
    """The standing model itself; nothing where there is none, or its key is gone."""
    row = _standing(session)
    if row is None:
        return b""
    try:
        return b64decode(unseal(session, row.key_id, _place(row.id), row.weights))
    except Erased:
        return b""


def keep(
    session: Session,
    model: bytes,
    *,
    version: str,
    data_hash: str,
    codebook_version: int,
    answers: int,
    accounts: Collection[UUID],
    made_at: datetime,
) -> Provenance:
    """Keep a model; the one before it goes.

    Args:
        session: a writing session.
        model: its weights.
        version: of the way of learning.
        data_hash: of what it learned from.
        codebook_version: whose codes it knows.
        answers: how many coded answers it learned from.
        accounts: whose they are.
        made_at: the moment at which what it learned from was gathered.
    """
    let_go(session, Gone.NEWER, made_at)
    model_id = new_id()
    key_id = new_key(session, KeyKind.MODEL, model_id, made_at)
    row = ThemeModel(
        id=model_id,
        number=(session.scalar(select(func.max(ThemeModel.number))) or 0) + 1,
        version=version,
        data_hash=data_hash,
        codebook_version=codebook_version,
        answers=answers,
        accounts=len(accounts),
        learned_from=sorted(str(each) for each in accounts),
        key_id=key_id,
        weights=seal(session, key_id, _place(model_id), b64encode(model).decode()),
        made_at=made_at,
    )
    session.add(row)
    session.flush()
    return _provenance(row)


def let_go(session: Session, why: Gone, now: datetime) -> None:
    """Empty the standing model, destroy its key, and take back what nobody has answered yet."""
    row = _standing(session)
    if row is None:
        return
    row.weights, row.learned_from = b"", []
    row.gone_at, row.why_gone = now, why.value
    session.execute(delete(ModelReading))
    session.execute(delete(Suggestion).where(Suggestion.accepted.is_(None)))
    session.flush()
    destroy_key(session, row.key_id, now)


def forget_accounts(session: Session, interview_ids: Collection[UUID], now: datetime) -> None:
    """Let the model go if it learned from one of these accounts; the worker learns anew."""
    if learned_from(session).intersection(interview_ids):
        let_go(session, Gone.ACCOUNT, now)


def forget_suggestions(session: Session, interview_id: UUID) -> None:
    """Delete what was suggested for an account, and what was said to that.

    Its coding commands, which may name a suggestion, are gone already.
    """
    session.execute(delete(Suggestion).where(Suggestion.interview_id == interview_id))
    session.execute(delete(ModelReading).where(ModelReading.interview_id == interview_id))


def _standing(session: Session) -> ThemeModel | None:
    return session.scalar(select(ThemeModel).where(ThemeModel.gone_at.is_(None)))


def _provenance(row: ThemeModel) -> Provenance:
    return Provenance(
        row.id,
        row.number,
        row.version,
        row.data_hash,
        row.codebook_version,
        row.answers,
        row.accounts,
        row.made_at,
        row.gone_at,
        Gone(row.why_gone) if row.why_gone else None,
    )


def _place(model_id: UUID) -> Place:
    return Place("theme_model", "weights", model_id)
