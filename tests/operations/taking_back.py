"""An account of which every room holds a piece, to be taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from family_voice.cases import following_up
from family_voice.consent.statements import Purpose
from family_voice.improvement import outcomes
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Interview
from family_voice.messages import arriving, outbox
from family_voice.messages.templates import Template
from family_voice.operations import receipts
from family_voice.operations.receipts import Receipt
from family_voice.operations.withdrawal import (
    Asked,
    Way,
)
from family_voice.security.models import DataKey
from family_voice.security.trail import Actor
from family_voice.sharing import copies, quoting, replacements
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY
from tests.cases.households import NOW
from tests.reports.panel_round import PanelRound, a_panel_round

PHONE = "+447700900555"
ASKED = Asked(Way.WEB, NOW.date())
LATER = NOW + timedelta(hours=1)


def text_something(session: Session, interview_id: UUID) -> None:
    doors.open_doors(session, interview_id, NOW + timedelta(days=20), NOW, phone=PHONE)
    arriving.receive(session, "SM1", PHONE, "marker words by text", 1, NOW, interview_id)
    outbox.queue(
        session, interview_id, PHONE, Template.QUESTION, "A question", "test:1",
        NOW, False, NOW,
    )  # fmt: skip


def told_back(session: Session, interview_id: UUID) -> None:
    """A quote they said yes to, a name that was noted, and what came of what they said."""
    lead = Actor("operator")
    record.decide(session, interview_id, Purpose.QUOTE, True, channel=Channel.WEB, now=NOW)
    [first, *_] = record.account(session, interview_id).sentences
    asked = quoting.propose(
        session, interview_id, [first.id], "marker quote", lead, NOW, answers=NOBODY
    )
    quoting.answer(
        session, asked, Answer.APPROVED, channel=Channel.WEB, by=Actor("family"), now=NOW
    )
    replacements.take(session, interview_id, "Bubs", "child", lead, NOW)
    outcomes.tell(session, [interview_id], outcomes.Kind.DONE, "marker ramp", "", lead, NOW)


def key_of(session: Session, interview_id: UUID) -> DataKey:
    return session.get_one(DataKey, session.get_one(Interview, interview_id).key_id)


def rows(session: Session, model: type[Any], *where: ColumnElement[bool]) -> int:
    return len(session.scalars(select(model).where(*where)).all())


def a_heard_round(session: Session) -> PanelRound:
    """A mother and her child were heard; the mother also by text, with something to pass on."""
    made = a_panel_round(session, NOW)
    text_something(session, made.mother)
    following_up.needs_doing(
        session, made.case, made.mother, words="Marker ramp at the door", worker="W",
        manager="M", due_on=NOW.date(), family_agreed=True, by=Actor("operator"), now=NOW,
    )  # fmt: skip
    for number in (1, 2):
        copies.make_copy(
            session, made.case, made.member, made.lead, date(2026, 12, 20 + number), NOW
        )
    copies.destroyed(session, made.case, 2, NOW)
    session.commit()
    return made


def shown(found: Receipt) -> list[str]:
    """The receipt as its reader has it."""
    return [
        *receipts.removed_lines(found),
        *receipts.remains_lines(found),
        receipts.copies_line(found),
    ]
