"""A round with a heard case, its panel, and the words of a mother and her child."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.agreements import record_agreement
from family_voice.cases.linking import LinkHow, link
from family_voice.cases.models import Case
from family_voice.cases.pack_choice import Place, choose
from family_voice.cases.rounds import round_view
from family_voice.cases.seats import record_works_with, seat
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Manner, Opened, ReadBack
from family_voice.interviews.words import Speaker
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.themes.coding import Unit, put
from tests.cases.households import a_full_round

SECRET = "Miss Grey never listens to him."
MOTHERS = f"He has a friend now. {SECRET} Mornings are calmer."
CHILDS = "I like the quiet room."
URDU = "وہ خوش ہے۔"


@dataclass(frozen=True)
class PanelRound:
    """Ids of who and what there is. `case` was heard; nobody of `silent` was."""

    round_id: UUID
    session_id: UUID
    case: UUID
    silent: UUID
    other_session: UUID
    mother: UUID
    child: UUID
    lead: UUID
    chair: UUID
    member: UUID
    worker: UUID
    outsider: UUID


def a_panel_round(session: Session, now: datetime) -> PanelRound:
    """Six cases, of which one was heard: a mother on the web and her child face to face."""
    round_id = a_full_round(session)
    first, second = round_view(session, round_id).sessions
    case, silent = session.scalars(
        select(Case.id).where(Case.session_id == first.id).order_by(Case.number).limit(2)
    ).all()
    staff = {
        key: add_staff(
            session, email=f"{key}@b.example", name=name, roles=[role], now=now, password="x" * 12
        ).staff_id
        for key, name, role in (
            ("lead", "Lee Lead", Role.LEAD),
            ("chair", "Chris Chair", Role.SEND_LEAD),
            ("member", "Max Member", Role.PANEL),
            ("worker", "Wim Worker", Role.PANEL),
            ("outsider", "Ollie Outside", Role.PANEL),
        )
    }
    seat(session, first.id, staff["chair"], "education", is_chair=True)
    seat(session, first.id, staff["member"], "health")
    seat(session, first.id, staff["worker"], "front_line")
    seat(session, second.id, staff["outsider"], "social_care")
    for agency in ("health", "front_line"):
        record_agreement(
            session, agency, "DSA 1", now.date(), now.date() + timedelta(days=365),
            staff["lead"], now, now.date(),
        )  # fmt: skip
    record_works_with(session, staff["worker"], case, True)
    mother = told(session, case, "mother", {"important.open": MOTHERS, "next.open": URDU}, now)
    child = told(session, case, "young_person", {"important.open": CHILDS}, now)
    keep_from_workers(session, mother, SECRET)
    lead = staff["lead"]
    choose(session, case, sentence(session, mother, "He has a friend now."),
           Place("difference"), lead, now)  # fmt: skip
    choose(session, case, sentence(session, mother, SECRET), Place("worries"), lead, now)
    choose(session, case, sentence(session, child, CHILDS), Place("difference"), lead, now)
    choose(session, case, sentence(session, mother, URDU), Place("next", "service"), lead, now)
    put(session, mother, Unit("important.open"), "friends", lead, now)
    return PanelRound(
        round_id, first.id, case, silent, second.id, mother, child,
        **{key: staff[key] for key in ("lead", "chair", "member", "worker", "outsider")},
    )  # fmt: skip


def told(
    session: Session,
    case_id: UUID,
    relationship: str,
    answers: dict[str, str],
    now: datetime,
    *,
    purposes: Iterable[Purpose] = (Purpose.TALK, Purpose.CHECK),
    finished: bool = True,
    read_back: bool = True,
    manner: Manner = Manner.OWN_WORDS,
    speaker: str = "self",
) -> UUID:
    """Somebody's account, linked to a case."""
    interview = record.begin(
        session,
        audience="young_person" if relationship == "young_person" else "parent_carer",
        language="ur" if URDU in answers.values() else "en",
        now=now,
        speaker=Speaker(relationship=relationship),
    )
    link(session, interview, case_id, LinkHow.PERSON, now)
    record.happen(session, interview, Opened(Channel.WEB), now)
    for purpose in purposes:
        record.decide(session, interview, purpose, True, channel=Channel.WEB, now=now)
    for prompt, text in answers.items():
        record.write(
            session, interview, prompt, text,
            channel=Channel.WEB, manner=manner, speaker=speaker, now=now,
        )  # fmt: skip
    if read_back:
        record.happen(session, interview, ReadBack(Channel.WEB, right=True), now)
    if finished:
        record.happen(session, interview, Finished(Channel.WEB), now)
    return interview


def sentence(session: Session, interview: UUID, text: str) -> UUID:
    """The id of a sentence."""
    return next(s.id for s in record.account(session, interview).sentences if s.text == text)


def keep_from_workers(session: Session, interview: UUID, text: str) -> None:
    """Mark one sentence as not for people who work with the family."""
    record.mark_for_workers(session, interview, {sentence(session, interview, text)})


def say_no(session: Session, interview: UUID, now: datetime, purpose: Purpose) -> None:
    """Take one thing back."""
    record.decide(session, interview, purpose, False, channel=Channel.WEB, now=now)
