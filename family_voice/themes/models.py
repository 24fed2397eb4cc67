"""Codings, as an append-only log of commands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class CodingCommand(Base):
    """One thing a coder did: put a code on an answer or a sentence, took it off, or undid that.

    What is coded now is what replaying an interview's commands gives. `undoes` names the command
    that an `undo` takes back or a `redo` puts back. `prompt` says on which answer and `sentence_id`
    on which of its sentences; a coding of the whole answer has none. `second` marks what a second
    person did without seeing the first coding: a log of its own. `suggestion_id` marks what a
    machine had suggested and a person said yes to.
    """

    __tablename__ = "coding_command"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(60))
    codebook_version: Mapped[int]
    prompt: Mapped[str | None] = mapped_column(String(40))
    sentence_id: Mapped[UUID | None] = mapped_column(ForeignKey("sentence.id"))
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("coding_command.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    second: Mapped[bool] = mapped_column(default=False)
    suggestion_id: Mapped[UUID | None] = mapped_column(ForeignKey("suggestion.id"))

    __table_args__ = (UniqueConstraint("interview_id", "number"),)
