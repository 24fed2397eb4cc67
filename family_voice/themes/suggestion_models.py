"""Theme models as they are kept, what they suggested, and which accounts they have read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class ThemeModel(Base):
    """A model that learned from what people coded here.

    Its vocabulary is families' words: `weights` is sealed under a key of its own and emptied, with
    the key destroyed, when a newer model takes its place or an account it learned from goes. Where
    it came from stays for ever: when, how many answers, which codebook, which way of learning, and
    the hash of what it learned from. `learned_from` holds interview ids while there are weights.
    """

    __tablename__ = "theme_model"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[str] = mapped_column(String(60))
    data_hash: Mapped[str] = mapped_column(String(64))
    codebook_version: Mapped[int]
    answers: Mapped[int]
    accounts: Mapped[int]
    learned_from: Mapped[list[str]]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    weights: Mapped[bytes]
    made_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    why_gone: Mapped[str | None] = mapped_column(String(12))


class Suggestion(Base):
    """A code that a model thinks was missed in an answer, and what a person said to that.

    `sure` is of a hundred; `spans` are, by sentence, offsets of what caused it, never words. The
    person's answer stands for ever: a code that was refused is not suggested there again.
    """

    __tablename__ = "suggestion"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("theme_model.id"), index=True)
    prompt: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(60))
    codebook_version: Mapped[int]
    sure: Mapped[int]
    spans: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    accepted: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("interview_id", "prompt", "code"),)


class ModelReading(Base):
    """How far into an account's log of events the model that stands has read it."""

    __tablename__ = "model_reading"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("theme_model.id"), index=True)
    upto: Mapped[int]
