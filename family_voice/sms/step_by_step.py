"""A text conversation told from its log, for the lead: each step, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.permission import account_for
from family_voice.interviews import doors, log
from family_voice.interviews.effects import Ask, AskDecision, Effect, Remark, Say
from family_voice.interviews.events import Channel, Replaced, Said
from family_voice.interviews.log import Step
from family_voice.messages import thread
from family_voice.messages.templates import DECISIONS, PROMPTS, WHEN_MUTED, Template
from family_voice.sms.shown_texts import may_show, pieces_of
from family_voice.sms.standing import Standing, standing


@dataclass(frozen=True)
class Told:
    """One step of the log, with the words it brought where this reader may see them, and what
    came of it: without what was to be texted and never was."""

    step: Step
    effects: tuple[Effect, ...]
    standing: Standing
    words: str
    fragment_id: UUID | None


def told(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> list[Told]:
    """A conversation told from its log, step by step, on whichever channel each step was.

    Args:
        session: any session.
        interview_id: which.
        reader: who reads; words they may not see are left out.
        now: the moment of showing.

    Raises:
        Missing: if there is no such interview.
    """
    found = log.steps(session, interview_id)
    pieces = (
        pieces_of(account_for(session, interview_id, reader, now))
        if may_show(session, interview_id, now)
        else {}
    )
    expired = doors.ended(session, interview_id, now)
    last = found[-1].seq if found else 0
    texted = thread.put_in_line(session, interview_id)
    steps = []
    for step in found:
        fragment_id = _fragment_of(step)
        piece = pieces.get(fragment_id) if fragment_id is not None else None
        stood = standing(step.after, expired=expired and step.seq == last)
        went = texted.get(step.at, set())
        steps.append(
            Told(
                step,
                tuple(each for each in step.effects if not texted or _came_about(each, went)),
                stood,
                piece.text if piece else "",
                piece.fragment_id if piece else None,
            )
        )
    return steps


def _came_about(effect: Effect, went: set[str]) -> bool:
    """Whether something came of it: what is said by text may be held back or taken out of line."""
    match effect:
        case Ask(channel=Channel.TEXT):
            return bool(went & PROMPTS)
        case AskDecision(channel=Channel.TEXT):
            return bool(went & DECISIONS)
        case Say(key=Remark.CALL_COMING, channel=Channel.TEXT):
            return Template.CALL_COMING in went
        case Say(channel=Channel.TEXT):
            return bool(went - WHEN_MUTED)
    return True


def _fragment_of(step: Step) -> UUID | None:
    match step.event:
        case Said(fragment_id=fragment_id):
            return fragment_id
        case Replaced(new=new):
            return new
    return None
