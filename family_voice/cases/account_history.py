"""Everything that was decided and said about where an account belongs, and undoing the last of it.

An undo is one more line of the history: nothing is ever taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import choosing, duplicates, linking, parting, remarks
from family_voice.cases.linking import LinkDecision, LinkHow, LinkStep
from family_voice.cases.reaching import staff_id
from family_voice.cases.remarks import Remark, Said
from family_voice.interviews.models import Interview
from family_voice.security.trail import Actor, record
from family_voice.storage.locking import lock

#: What an undo has said, or what took two people: there is no undoing it again.
_STAYS = frozenset({Said.SECOND, Said.DIFFERS, Said.TOOK_BACK, Said.UNSAID, Said.WHOLE})


class SomethingNewer(Exception):
    """Something else was decided meanwhile: nothing is undone."""


class CannotUndo(Exception):
    """This is not for this person to undo, or nothing can undo it."""


@dataclass(frozen=True)
class Happened:
    """One line of the history: a decision, or what somebody said. `key` names it on a page."""

    key: str
    at: datetime
    by: UUID | None
    step: LinkStep | None = None
    remark: Remark | None = None

    @property
    def case_id(self) -> UUID | None:
        """The case it is about, if it is about one."""
        line = self.step or self.remark
        return line.case_id if line is not None else None


def history(session: Session, interview_id: UUID) -> list[Happened]:
    """Every line about one account, oldest first."""
    steps = enumerate(linking.history(session, interview_id), start=1)
    lines = [
        *(
            Happened(f"said-{each.number}", each.at, each.by, remark=each)
            for each in remarks.remarks_of(session, interview_id)
        ),
        *(Happened(f"step-{number}", each.at, each.by, step=each) for number, each in steps),
    ]
    # Parting takes the account off its case in the same moment, and that it was parted counts.
    return sorted(lines, key=lambda line: (line.at, _parted(line)))


def can_undo(line: Happened, who: UUID) -> bool:
    """Whether this person may undo it, if it is the newest. Pure."""
    if line.step is not None:
        return line.step.decision is not LinkDecision.OPEN_AGAIN
    if line.remark is None or line.remark.said in _STAYS:
        return False
    return line.remark.said is not Said.FIRST or line.remark.by == who


def _parted(line: Happened) -> bool:
    return line.remark is not None and line.remark.said is Said.PARTED


def undo(session: Session, interview_id: UUID, key: str, by: Actor, now: datetime) -> None:
    """Undo the newest line of an account's history.

    Args:
        session: a writing session.
        interview_id: the account.
        key: the line that the person saw as the newest.
        by: who undoes it.
        now: when.

    Raises:
        SomethingNewer: if it is not the newest any more.
        CannotUndo: if it is not for this person to undo.
        Missing: if there is no such account.
    """
    lock(session, Interview, interview_id)
    lines, who = history(session, interview_id), staff_id(by)
    if not lines or lines[-1].key != key:
        raise SomethingNewer
    line = lines[-1]
    if who is None or not can_undo(line, who):
        raise CannotUndo
    if line.step is not None:
        _undo_step(session, interview_id, line.step, by, now)
    elif line.remark is not None:
        _undo_remark(session, interview_id, line.remark, by, now)


def _undo_step(
    session: Session, interview_id: UUID, step: LinkStep, by: Actor, now: datetime
) -> None:
    who = staff_id(by)
    match step.decision:
        case LinkDecision.LINKED:
            choosing.take_off(session, interview_id, by, now)
        case LinkDecision.UNLINKED if step.case_id is not None:
            # It stood there before, by the same reasons: nobody has to look a second time.
            before = _last_link(session, interview_id)
            linking.link(
                session,
                interview_id,
                step.case_id,
                LinkHow.PERSON,
                now,
                before.reasons if before else (),
                who,
                participant_id=before.participant_id if before else None,
                why=linking.why_of(session, interview_id, before) if before else "",
            )
            record(session, by, "change", "link", interview_id, now, ["case"])
        case LinkDecision.NONE_OF_THESE if who is not None:
            linking.open_again(session, interview_id, now, who)
            record(session, by, "change", "link", interview_id, now, ["open_again"])
        case _:
            raise CannotUndo


def _last_link(session: Session, interview_id: UUID) -> LinkStep | None:
    steps = linking.history(session, interview_id)
    return next((each for each in reversed(steps) if each.decision is LinkDecision.LINKED), None)


def _undo_remark(
    session: Session, interview_id: UUID, remark: Remark, by: Actor, now: datetime
) -> None:
    match remark.said:
        case Said.NOT_THIS | Said.MAYBE if remark.case_id is not None:
            out = remark.said is Said.MAYBE
            choosing.rule_out(session, interview_id, remark.case_id, out, by, now)
        case Said.FIRST:
            choosing.take_choice_back(session, interview_id, by, now)
        case Said.SAME | Said.NOT_SAME if remark.other_id is not None:
            duplicates.take_back(session, interview_id, remark.other_id, by, now)
        case Said.PARTED:
            parting.make_whole(session, interview_id, by, now)
        case _:
            raise CannotUndo
