"""Rows that only one kind of route is about, made for the matrix of routes and roles."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from family_voice.cases import observing
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case
from family_voice.cases.talking import talk_of
from family_voice.interviews.models import Interview
from family_voice.interviews.record import begin
from family_voice.interviews.visits import begin_visit
from family_voice.people import register
from family_voice.security.sealing import seal
from family_voice.security.trail import OPERATOR
from family_voice.sharing.models import Quote
from family_voice.sharing.quotes import place_of
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch
from tests.conftest import NOW


def a_visit(session: Session, case: Case) -> UUID:
    """A visit to the case's child, in the child's own conversation."""
    observing.keep_signs(
        session, case.id, no="Turns away", yes="", told_by="Miss Ali", by=OPERATOR, now=NOW
    )
    child = next(
        each
        for each in register.people_of(session, [case.child_id])[case.child_id]
        if each.audience == "young_person"
    )
    own = talk_of(session, case.id, child.id, NOW).interview_id
    if own is None:
        own = begin(
            session, audience="young_person", language="en", now=NOW, participant_id=child.id
        )
        link(session, own, case.id, LinkHow.INVITATION, NOW)
    visit_id = uuid4()
    begin_visit(
        session, own, visit_id, on=NOW.date(), place="Home", observer="Me", recorded_by=None,
        now=NOW,
    )  # fmt: skip
    return visit_id


def a_quote(session: Session, interview_id: UUID) -> UUID:
    """One that waits; whether they may be asked is nothing to who may open it."""
    key_id, quote_id = fetch(session, Interview, interview_id).key_id, new_id()
    session.add(
        Quote(
            id=quote_id, interview_id=interview_id, key_id=key_id, sentences=[],
            words=seal(session, key_id, place_of(quote_id, "words"), "A friend."),
            answer="waiting", proposed_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return quote_id
