"""Listening to a child without speech: visits, what was seen on them, and the child's own no.

It is the child's own conversation, with the same permission before it; what is written is what
somebody saw. Nobody visits before it is known how this child says no. When they do, the visit stops
and it is their no as though they had said it: it goes before anybody's yes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.cases.models import Case
from family_voice.cases.permission import account_to_write_on, panel_may_read
from family_voice.cases.reaching import staff_id
from family_voice.cases.talking import MayNotAsk, StoodDown, Talk, talk_of
from family_voice.cases.who_decides import say_own_no
from family_voice.consent import signs
from family_voice.consent.decisions import How, standing
from family_voice.consent.judging import judgement_of
from family_voice.consent.signs import Signs
from family_voice.consent.statements import Purpose
from family_voice.interviews import record, visits
from family_voice.interviews.events import Channel, Manner, Reopened
from family_voice.interviews.noting import MayNotKeep, Note, Taken, take_down
from family_voice.interviews.state import Stage
from family_voice.interviews.visits import Visit
from family_voice.interviews.words import Piece
from family_voice.people import register
from family_voice.people.facts import (
    SAFE,
    YOUNG_PERSON,
    ChildView,
    ContactFacts,
    PersonFacts,
    PersonView,
)
from family_voice.people.staff import names_of_staff
from family_voice.security.sealing import Erased
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.storage.locking import Missing, fetch, lock


class NoSign(Exception):
    """Nobody has told us yet how this child says no."""


class NotAgreed(Exception):
    """Nobody has agreed yet that we may write down what is seen, or no longer."""


class Stopped(Exception):
    """The child said no on this visit: nothing more is written."""


class ToCome(ValueError):
    """A visit is written down on its day or later."""


@dataclass(frozen=True)
class Seen:
    """A visit, and the pieces that were written of it, with the prompt each stands under."""

    visit: Visit
    pieces: tuple[tuple[str, Piece], ...] = ()


class ToDo(StrEnum):
    """What has to come before the pupil profile shows what was seen."""

    PERMISSION = "permission"
    FINISH = "finish"


@dataclass(frozen=True)
class Agreed:
    """Who said yes to being asked, when, and to whom.

    `who` is empty where it was the child, or is no longer known; `to` for a page or a text of ours.
    """

    by_child: bool
    who: str
    at: datetime
    how: How
    to: str


@dataclass(frozen=True)
class Observed:
    """Everything about listening to one child in this way. `talk` is None before anything is.

    `to_do` is what the pupil profile still waits for.
    """

    case_id: UUID
    child: ChildView
    signs: Signs | None
    talk: Talk | None
    agreed: bool
    visits: tuple[Seen, ...]
    agreed_by: Agreed | None = None
    to_do: tuple[ToDo, ...] = ()

    @property
    def may_visit(self) -> bool:
        """Whether a visit may begin now."""
        free = self.talk is not None and not (self.talk.ask.obstacle or self.talk.stood_down)
        return self.signs is not None and self.agreed and free

    def seen_on(self, visit_id: UUID) -> Seen:
        """One of the visits. Raises Missing."""
        found = next((each for each in self.visits if each.visit.id == visit_id), None)
        if found is None:
            raise Missing("observed_visit")
        return found


def observed(session: Session, case_id: UUID, reader: UUID, now: datetime) -> Observed:
    """What is on record, with what was seen as this member of staff may read it now.

    Without agreement, or after the child's no, the visits are there and nothing that was seen.

    Raises:
        Missing: if there is no such case.
    """
    here = _on_record(session, case_id, now)
    if not here.agreed or here.talk is None or here.talk.interview_id is None:
        return here
    with suppress(Erased):
        answers = account_to_write_on(session, here.talk.interview_id, reader, now).answers
        pieces = [(answer.prompt_id, piece) for answer in answers for piece in answer.pieces]
        return replace(
            here,
            visits=tuple(
                replace(
                    each, pieces=tuple(one for one in pieces if one[1].visit_id == each.visit.id)
                )
                for each in here.visits
            ),
        )
    return here


def _on_record(session: Session, case_id: UUID, now: datetime) -> Observed:
    """The same without opening anything that was seen."""
    case = fetch(session, Case, case_id)
    child = register.children(session, [case.child_id])[case.child_id]
    person = _themselves(session, case.child_id)
    talk = talk_of(session, case_id, person.id, now) if person else None
    interview_id = talk.interview_id if talk else None
    of_talk: tuple[Visit, ...] = ()
    if interview_id is not None:
        with suppress(Erased):
            of_talk = visits.visits_of(session, interview_id)
    found = Observed(
        case_id,
        child,
        signs.signs_of(session, child),
        talk,
        interview_id is not None and _agreed(session, interview_id, now),
        tuple(Seen(visit) for visit in of_talk),
    )
    if interview_id is None or not found.agreed:
        return found
    to_do = {
        ToDo.PERMISSION: not panel_may_read(session, interview_id, now),
        ToDo.FINISH: record.state_of(session, interview_id).stage is not Stage.SENT,
    }
    return replace(
        found,
        agreed_by=_agreed_by(session, found, interview_id, now),
        to_do=tuple(each for each, waits in to_do.items() if waits),
    )


def _agreed_by(
    session: Session, here: Observed, interview_id: UUID, now: datetime
) -> Agreed | None:
    said = standing(session, interview_id, now).get(Purpose.TALK)
    if said is None:
        return None
    judged = judgement_of(session, here.case_id, here.child) if said.on_behalf else None
    # A later judgement may name somebody else than the one who said it.
    who = judged.representative if judged is not None and judged.at <= said.at else ""
    to = names_of_staff(session, [said.recorded_by]) if said.recorded_by else {}
    return Agreed(said.on_behalf is None, who, said.at, said.how, next(iter(to.values()), ""))


def keep_signs(
    session: Session,
    case_id: UUID,
    *,
    no: str,
    yes: str,
    told_by: str,
    by: Actor,
    now: datetime,
) -> None:
    """Write down how the case's child says no and yes.

    From then on the child is one of the people of the case, so that who decides can be written
    down. Whoever told us is who says that a visit is safe.

    Raises:
        NotWritten: without the sign for no, or without who told us.
        Missing: if there is no such case.
    """
    child_id = lock(session, Case, case_id).child_id
    signs.keep_signs(session, child_id, no=no, yes=yes, told_by=told_by, by=by, now=now)
    on_trail(session, by, "change", "case", case_id, now, ["own_sign"])
    if _themselves(session, child_id) is None:
        child = register.children(session, [child_id])[child_id].facts
        known = [each.facts for each in register.people_of(session, [child_id]).get(child_id, ())]
        contact = ContactFacts(safe_to_contact=SAFE, safe_confirmed_by=told_by.strip()[:120])
        own = PersonFacts(YOUNG_PERSON, False, child.first_name, child.last_name, contact)
        register.keep_child(session, child, [*known, own], now)


def begin_visit(
    session: Session,
    case_id: UUID,
    visit_id: UUID,
    *,
    on: date,
    place: str,
    observer: str,
    by: Actor,
    now: datetime,
) -> None:
    """Begin a visit. What was sent before is opened again for it.

    Args:
        session: a writing session.
        case_id: which case.
        visit_id: what the page calls the visit, so that sending it twice is one.
        on: its day.
        place: where.
        observer: who was with the child, and what they are to them.
        by: who writes it down.
        now: when.

    Raises:
        NoSign: if it is not known how this child says no.
        NotAgreed: if nobody has agreed, or no longer.
        MayNotAsk: if something forbids it, such as the child's own no.
        StoodDown: if the case left the sample.
        ToCome: if the day is still to come.
        Missing: if there is no such case.
    """
    here = _on_record(session, case_id, now)
    if here.signs is None:
        raise NoSign
    interview_id = _free(here)
    if on > london_date(now):
        raise ToCome
    visits.begin_visit(
        session, interview_id, visit_id, on=on, place=place, observer=observer,
        recorded_by=staff_id(by), now=now,
    )  # fmt: skip
    on_trail(session, by, "change", "interview", interview_id, now, ["visit"])
    if record.state_of(session, interview_id).stage is Stage.SENT:
        opened = Reopened(Channel.FACE_TO_FACE)
        record.happen(session, interview_id, opened, now, recorded_by=staff_id(by))


def write_seen(
    session: Session, case_id: UUID, visit_id: UUID, note: Note, by: UUID, now: datetime
) -> Taken:
    """Let one note of a visit stand as it was sent; an empty one is taken away.

    Whatever the note says of itself, it is what somebody saw.

    Raises:
        Stopped: if the child said no on this visit.
        NotAgreed, MayNotAsk, StoodDown: as for `begin_visit`.
        Newer, Sent: as for `noting.take_down`.
        Missing: if the visit is not one of this case's.
    """
    here = _on_record(session, case_id, now)
    visit = here.seen_on(visit_id).visit
    if visit.stopped_at is not None:
        raise Stopped
    interview_id = _free(here)
    seen = replace(note, manner=Manner.OBSERVED, visit_id=visit_id)
    try:
        return take_down(session, interview_id, seen, channel=Channel.FACE_TO_FACE, by=by, now=now)
    except MayNotKeep as why:
        raise NotAgreed from why


def said_no(session: Session, case_id: UUID, visit_id: UUID, by: Actor, now: datetime) -> None:
    """The child showed their sign for no: the visit stops, and it is their own no.

    Raises:
        Missing: if the visit is not one of this case's.
    """
    visit = _on_record(session, case_id, now).seen_on(visit_id).visit
    visits.stop_visit(session, visit_id, now)
    on_trail(session, by, "change", "interview", visit.interview_id, now, ["visit stopped"])
    say_own_no(session, case_id, by, now)


def _free(here: Observed) -> UUID:
    """The conversation, where nothing stands in the way of writing in it."""
    if here.talk is not None and here.talk.stood_down:
        raise StoodDown
    if here.talk is not None and here.talk.ask.obstacle is not None:
        raise MayNotAsk(here.talk.ask.obstacle)
    if here.talk is None or here.talk.interview_id is None or not here.agreed:
        raise NotAgreed
    return here.talk.interview_id


def _agreed(session: Session, interview_id: UUID, now: datetime) -> bool:
    state = record.as_agreed(session, interview_id, now)
    return state.speaking_allowed and state.stage is not Stage.DECLINED


def _themselves(session: Session, child_id: UUID) -> PersonView | None:
    """The child among the people who may speak about them."""
    people = register.people_of(session, [child_id]).get(child_id, ())
    return next((each for each in people if each.audience == YOUNG_PERSON), None)
