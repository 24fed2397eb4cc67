"""What the tests of who decides have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases import who_decides
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.importing import import_cases
from family_voice.cases.inviting import Invited, Refusal, Way, invite, refusal
from family_voice.cases.reading import CaseView
from family_voice.cases.talking import begin_talk
from family_voice.consent.statements import Purpose
from family_voice.consent.who import Responsibility
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished
from family_voice.settings import Settings
from tests.cases.households import NOW, SOMEBODY, a_round, speaker

TELEPHONE = Channel.TELEPHONE
#: Tomasz is 16 and over compulsory school age at `NOW`; here he is 14, and at school.
AT_SCHOOL = EXAMPLE.read_text().replace("23/07/2010,11", "23/07/2012,9").encode()
WORKER = "Ngozi Faultless"


def judged(session: Session, view: CaseView, **more: Any) -> None:
    """Somebody who knows the child has said that they understand enough, or what is given."""
    given = {"able": True, "judged_by": "Mr Demo, tutor", "why": "Said who reads it.", **more}
    who_decides.judge(session, view.case_id, by=SOMEBODY, now=NOW, **given)


def asked(
    session: Session, settings: Settings, view: CaseView, name: str, way: Way = Way.LETTER
) -> Invited:
    return invite(
        session, view.case_id, speaker(view, name).person.id, way,
        settings=settings, by=SOMEBODY, now=NOW,
    )  # fmt: skip


def why_not(session: Session, view: CaseView, name: str, now: datetime = NOW) -> Refusal | None:
    return refusal(session, view.case_id, speaker(view, name).person.id, Way.LETTER, now)


def agree(session: Session, interview_id: UUID, now: datetime, by: UUID | None = None) -> None:
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(
            session, interview_id, purpose, True, channel=Channel.WEB, now=now, recorded_by=by
        )


def tell(session: Session, interview_id: UUID, words: str, now: datetime) -> None:
    record.say(
        session, interview_id, words, channel=Channel.WEB, now=now, prompt_id="important.open"
    )
    record.happen(session, interview_id, Finished(Channel.WEB), now)


def a_full_round_of(session: Session, term: str) -> UUID:
    round_id = a_round(session, term)
    import_cases(session, round_id, EXAMPLE.read_bytes(), NOW)
    return round_id


def confirmed(session: Session, view: CaseView, *names: str, **more: Any) -> None:
    given = {"responsibility": Responsibility.PARENTS, "social_worker": WORKER, **more}
    who_decides.confirm_approach(
        session, view.case_id, people=[speaker(view, name).person.id for name in names],
        by=SOMEBODY, now=NOW, **given,
    )  # fmt: skip


def represented(session: Session, view: CaseView) -> UUID:
    """A conversation in which the mother decides for the child."""
    judged(session, view, able=False, representative_id=speaker(view, "Ewa").person.id)
    return begin_talk(
        session, view.case_id, speaker(view, "Tomasz").person.id, Channel.FACE_TO_FACE,
        came_to_us=False, by=SOMEBODY, now=NOW,
    )  # fmt: skip
