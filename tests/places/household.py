"""A household of which every place in the program has something to show, with words to look for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import following_up
from family_voice.cases.agreements import record_agreement
from family_voice.cases.looking import put_where
from family_voice.cases.models import Case
from family_voice.cases.pack_choice import Place as Side
from family_voice.cases.pack_choice import choose
from family_voice.cases.rounds import round_view
from family_voice.cases.seats import record_works_with, seat
from family_voice.cases.talking import begin_talk
from family_voice.consent.decisions import How, decide
from family_voice.consent.statements import LATER, Purpose, statement
from family_voice.improvement import outcomes
from family_voice.interviews import doors, record
from family_voice.interviews.events import (
    NOTES,
    PERMISSION,
    Channel,
    Finished,
    Manner,
    ReadBack,
    Recognised,
)
from family_voice.messages import arriving, outbox
from family_voice.messages.templates import Template
from family_voice.people import register
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.trail import Actor
from family_voice.sharing import quoting
from family_voice.sharing.copies import make_copy
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY
from family_voice.themes.coding import Unit, last_number, put
from family_voice.themes.second_models import SecondCoding, SecondDraw
from tests.cases.households import a_full_round

#: In everything the family said, and nowhere else.
WORDS = "zebrafinch"
#: Only in sentences marked "not for the people who work with us".
KEPT_BACK = "quokka"
SAID = f"The {WORDS} bus is late."
MARKED = f"Miss {KEPT_BACK} never listens."
RETURN_WORD = "yellow boat"
PHONE = "+447700900101"
PROMPT = "important.open"


@dataclass(frozen=True)
class Household:
    """Ids of who and what there is. `sent` is finished, read back and coded; `open` goes on."""

    round_id: UUID
    session_id: UUID
    case: UUID
    other_case: UUID
    person: UUID
    other_person: UUID
    sent: UUID
    open: UUID
    follow_ups: tuple[UUID, ...]
    sentence: UUID
    marked: UUID
    texted: UUID
    staff: dict[str, UUID]
    sent_token: str
    open_token: str

    @property
    def interviews(self) -> tuple[UUID, UUID]:
        """Both conversations."""
        return (self.sent, self.open)


def a_household(session: Session, now: datetime) -> Household:
    """A round, its staff of every role, and two conversations."""
    round_id = a_full_round(session)
    meeting = round_view(session, round_id).sessions[0]
    case, other_case = session.scalars(
        select(Case).where(Case.session_id == meeting.id).order_by(Case.number).limit(2)
    ).all()
    staff = _staff(session, meeting.id, case.id, now)
    lead = Actor("staff", staff["lead"])
    mother = register.people_of(session, [case.child_id])[case.child_id][0]
    other = register.people_of(session, [other_case.child_id])[other_case.child_id][0]
    sent = _begun(session, case.id, mother.id, lead, now, f"{SAID} {MARKED}")
    going_on = _begun(session, other_case.id, other.id, lead, now)
    follow_ups = _told(session, case.id, sent, lead, now)
    sentence, marked = _finished(session, case.id, sent, staff["lead"], now)
    _coded_again(session, round_id, sent, staff["coproduction_lead"], now)
    _told_back(session, sent, sentence, lead, now)
    make_copy(session, case.id, staff["member"], staff["lead"], date(2026, 12, 9), now)
    make_copy(session, case.id, staff["worker"], staff["lead"], date(2026, 12, 9), now)
    until = now + timedelta(weeks=4)
    tokens = [
        doors.open_doors(session, each, until, now, phone=PHONE if each == sent else None).token
        for each in (sent, going_on)
    ]
    arriving.receive(session, "SM1", PHONE, SAID, 1, now, sent)
    outbox.queue(
        session, sent, PHONE, Template.QUESTION, "What is going well?", "q", due_at=now,
        is_reply=True, now=now,
    )  # fmt: skip
    doors.choose_return_word(session, sent, RETURN_WORD)
    return Household(
        round_id, meeting.id, case.id, other_case.id, mother.id, other.id, sent, going_on,
        follow_ups, sentence, marked, _texted(session, sent), staff, *tokens,
    )  # fmt: skip


def _coded_again(
    session: Session, round_id: UUID, interview_id: UUID, coder: UUID, now: datetime
) -> None:
    """A second person heard something else in it, without seeing the first code."""
    draw = SecondDraw(round_id=round_id, seed=1, percent=10, by=coder, at=now)
    session.add(draw)
    session.flush()
    row = SecondCoding(interview_id=interview_id, draw_id=draw.id, drawn=True, coder=coder)
    session.add(row)
    session.flush()
    put(session, interview_id, Unit(PROMPT), "waiting", coder, now)
    row.finished_at, row.first_upto = now, last_number(session, interview_id)


def _told_back(
    session: Session, interview_id: UUID, sentence: UUID, lead: Actor, now: datetime
) -> None:
    """A quote they said yes to, and what came of what they said, each with the word to look for."""
    quote = quoting.propose(
        session, interview_id, [sentence], f"Late: the {WORDS}.", lead, now, answers=NOBODY
    )
    quoting.answer(
        session, quote, Answer.APPROVED, channel=Channel.WEB, by=Actor("family"), now=now
    )
    outcomes.tell(
        session, [interview_id], outcomes.Kind.DONE, f"The {WORDS} is on time.", "", lead, now
    )


def _texted(session: Session, interview_id: UUID) -> UUID:
    """The piece that came by text."""
    [answer] = record.about_permission(session, interview_id).answers
    return answer.pieces[0].fragment_id


def says(
    session: Session, household: Household, purpose: Purpose, yes: bool, now: datetime
) -> None:
    """Both families decide anew: in consent alone, so that no page's log of it can help."""
    for interview_id in household.interviews:
        put_to_them = statement(purpose, "parent_carer", "en")
        decide(session, interview_id, put_to_them, yes, How.WEB, None, now)


def _staff(session: Session, session_id: UUID, case_id: UUID, now: datetime) -> dict[str, UUID]:
    roles = {role.value: role for role in Role}
    roles |= {
        "lead": Role.LEAD, "member": Role.PANEL, "worker": Role.PANEL, "working_lead": Role.LEAD,
        "chair": Role.SEND_LEAD, "working_chair": Role.SEND_LEAD,
    }  # fmt: skip
    staff = {
        key: add_staff(
            session, email=f"{key}@b.example", name=key, roles=[role], now=now, password="x" * 12
        ).staff_id
        for key, role in roles.items()
    }
    for key, agency in (
        ("chair", "education"), ("working_chair", "education"), ("member", "health"),
        ("worker", "front_line"),
    ):  # fmt: skip
        seat(session, session_id, staff[key], agency, is_chair="chair" in key)
    for agency in ("health", "front_line"):
        record_agreement(
            session, agency, "DSA 1", now.date(), now.date() + timedelta(days=365),
            staff["lead"], now, now.date(),
        )  # fmt: skip
    for key in ("worker", "working_lead", "working_chair"):
        record_works_with(session, staff[key], case_id, True)
    return staff


def _begun(
    session: Session, case_id: UUID, person: UUID, lead: Actor, now: datetime, text: str = ""
) -> UUID:
    interview_id = begin_talk(
        session, case_id, person, Channel.TELEPHONE, came_to_us=True, by=lead, now=now
    )
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(
            session, interview_id, purpose, True, channel=Channel.TELEPHONE, now=now,
            recorded_by=lead.id,
        )  # fmt: skip
        if purpose is Purpose.TALK and text:
            # Words by text while a decision is put: somebody has to look where they belong.
            record.happen(session, interview_id, Recognised(Channel.TEXT), now)
            record.say(session, interview_id, text, channel=Channel.TEXT, now=now)
    return interview_id


def _told(
    session: Session, case_id: UUID, interview_id: UUID, lead: Actor, now: datetime
) -> tuple[UUID, ...]:
    said = f"{SAID} {MARKED}"
    record.write(session, interview_id, PROMPT, said, channel=Channel.WEB, now=now)
    record.write(
        session, interview_id, "working_well.open", said, channel=Channel.TELEPHONE, now=now,
        manner=Manner.SUMMARY, recorded_by=lead.id,
    )  # fmt: skip
    to_do = following_up.needs_doing(
        session, case_id, interview_id, words=SAID, worker="Wren", manager="", family_agreed=True,
        due_on=now.date() + timedelta(days=2), by=lead, now=now,
    )  # fmt: skip
    complaint = following_up.complaint(
        session, case_id, interview_id, words=said, pass_on=True, in_account=True,
        channel=Channel.TELEPHONE, by=lead, now=now,
    )  # fmt: skip
    marked = {
        each.id for each in record.account(session, interview_id).sentences if each.text == MARKED
    }
    assert len(marked) == 4
    record.mark_for_workers(session, interview_id, marked)
    return (to_do, complaint)


def _finished(
    session: Session, case_id: UUID, interview_id: UUID, lead: UUID, now: datetime
) -> tuple[UUID, ...]:
    for each in (ReadBack(Channel.WEB, right=True), Finished(Channel.WEB)):
        record.happen(session, interview_id, each, now)
    for purpose in LATER:
        record.decide(session, interview_id, purpose, True, channel=Channel.WEB, now=now)
    answer = record.account(session, interview_id).answer(PROMPT)
    assert answer is not None
    sides = (Side("difference"), Side("worries"))
    for sentence, side in zip(answer.pieces[0].sentences, sides, strict=True):
        choose(session, case_id, sentence.id, side, lead, now)
    put(session, interview_id, Unit(PROMPT), "friends", lead, now)
    # Somebody found that it is about permission, before they decided: it holds nothing back.
    flagged = record.state_of(session, interview_id).flagged
    assert flagged, "no piece to look at"
    looked_at = now - timedelta(minutes=1)
    put_where(
        session, interview_id, dict.fromkeys(flagged, PERMISSION), Actor("staff", lead), looked_at
    )
    assert NOTES in record.state_of(session, interview_id).answers
    return tuple(sentence.id for sentence in answer.pieces[0].sentences)
