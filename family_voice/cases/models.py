"""Rounds and their sessions, cases, attempts, minutes, and links between accounts and cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from family_voice.storage.base import Base, new_id


class Round(Base):
    """One holding of an audit, with its theme and dates.

    It pins the framework's version it was opened with, by name and by `fingerprint`, and `audit`
    is which of that framework's audits it is. `themes` maps a theme area of the framework to the
    values chosen.
    """

    __tablename__ = "round"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    term: Mapped[str] = mapped_column(String(60), unique=True)
    framework: Mapped[str] = mapped_column(String(60))
    framework_version: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    audit: Mapped[str] = mapped_column(String(40))
    themes: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    freezes_on: Mapped[date]


class PanelSession(Base):
    """One of a round's Level 4 meetings."""

    __tablename__ = "panel_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    heard_by: Mapped[date]

    __table_args__ = (UniqueConstraint("round_id", "number"),)


class PanelSeat(Base):
    """A member of staff who sits on one session, in which role, and so for which agency.

    `role` is empty for a seat given before it was asked.
    """

    __tablename__ = "panel_seat"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("panel_session.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), index=True)
    agency: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(40), default="")
    is_chair: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("session_id", "staff_id"),)


class Case(Base):
    """One child in one round's Level 4 sample. Names of workers are sealed under the child's."""

    __tablename__ = "case"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("panel_session.id"), index=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), index=True)
    number: Mapped[int]
    plan_type: Mapped[str] = mapped_column(String(40))
    year_group: Mapped[str] = mapped_column(String(20))
    area_of_need: Mapped[str] = mapped_column(String(60))
    placement: Mapped[str] = mapped_column(String(60))
    vulnerable_groups: Mapped[list[str]] = mapped_column(default=list)
    care_status: Mapped[str] = mapped_column(String(40))
    worker: Mapped[bytes | None]
    manager: Mapped[bytes | None]
    stood_down_reason: Mapped[str | None] = mapped_column(String(20))
    stood_down_at: Mapped[datetime | None]
    # On the case that was stood down: nobody else in the family is invited until it is released.
    siblings_held: Mapped[bool] = mapped_column(default=False)
    tried_enough: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (UniqueConstraint("session_id", "child_id"),)


class WorksWith(Base):
    """A member of staff recorded as working with a child: some sentences are not for them."""

    __tablename__ = "works_with"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), primary_key=True)


class Introduced(Base):
    """A member of staff who introduced us to a child's family, and so never sees the answer."""

    __tablename__ = "introduced"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    child_id: Mapped[UUID] = mapped_column(ForeignKey("child.id"), primary_key=True)


class Attempt(Base):
    """One try at reaching somebody, with its channel, time and outcome."""

    __tablename__ = "attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participant.id"))
    channel: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(24))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    # A slip, or they came back to us: it is still shown, and counts no more.
    taken_back_at: Mapped[datetime | None]
    # From when they asked to be rung back.
    call_back_at: Mapped[datetime | None]
    # Of a wrong number: we have been given another since.
    put_right_at: Mapped[datetime | None]


class Sitting(Base):
    """One time that a member of staff sat down to talk with somebody, and who else was there."""

    __tablename__ = "sitting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), index=True)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    begun_at: Mapped[datetime]
    interpreter: Mapped[bool]
    child_present: Mapped[bool]


class ComeBack(Base):
    """A question that whoever talks with them wants to come back to."""

    __tablename__ = "come_back"

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"), primary_key=True)
    prompt_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class Minutes(Base):
    """Time a case took somebody, by step: invite, call, talk, write_up, read_back, code, other.

    `interview_id` is the account they were spent on, where that is known: a case can have several.
    """

    __tablename__ = "minutes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    step: Mapped[str] = mapped_column(String(16))
    minutes: Mapped[int]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)


class AccountLink(Base):
    """Something decided about an account and a case; the newest row for an account counts.

    `decision` is `linked`, `unlinked` or `none_of_these`; unlinking is remembered, so a pair that
    was taken apart is not proposed as though for the first time. `participant_id` is who of the
    case's people a person said it is the account of; `why` their reason, sealed under the
    account's key.
    """

    __tablename__ = "account_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    decision: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(default=list)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participant.id"))
    why: Mapped[bytes | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("interview_id", "number"),)


class FollowUp(Base):
    """Something that needs doing now, with the family's yes; or a complaint on its own route."""

    __tablename__ = "follow_up"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview.id"), index=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"))
    kind: Mapped[str] = mapped_column(String(16))
    family_agreed: Mapped[bool]
    in_account: Mapped[bool] = mapped_column(default=False)
    words: Mapped[bytes]
    worker: Mapped[bytes | None]
    manager: Mapped[bytes | None]
    due_on: Mapped[date | None]
    reply: Mapped[bytes | None]
    replied_at: Mapped[datetime | None]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PackSentence(Base):
    """A sentence the lead chose for the case pack's first side.

    `question` is the key question's id; for the fourth, followed by its part (`next.child`,
    `next.service`).
    """

    __tablename__ = "pack_sentence"

    sentence_id: Mapped[UUID] = mapped_column(ForeignKey("sentence.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    # Two ids of a framework with a stop between them.
    question: Mapped[str] = mapped_column(String(81))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    at: Mapped[datetime]


class SharingAgreement(Base):
    """That a partner agency may see families' words, in writing, from one day until another.

    Both days count. `ended_at` is set when it was ended before its day; it stays on record.
    """

    __tablename__ = "sharing_agreement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency: Mapped[str] = mapped_column(String(40), index=True)
    reference: Mapped[str] = mapped_column(String(120))
    from_day: Mapped[date]
    until_day: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("staff_member.id"))
    recorded_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    ended_at: Mapped[datetime | None]
