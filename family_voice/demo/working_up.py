"""What the lead and the panel made of an account: codes, the pack's sentences, agencies' lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.linking import interviews_of
from family_voice.cases.pack_choice import MOST, Place, choose_all
from family_voice.cases.permission import panel_may_read
from family_voice.demo.shapes import DemoView
from family_voice.demo.telling import Telling
from family_voice.improvement.views import write_view
from family_voice.interviews import record
from family_voice.interviews.models import Interview
from family_voice.interviews.words import SentenceView
from family_voice.people.facts import YOUNG_PERSON
from family_voice.people.models import Participant
from family_voice.storage.locking import fetch
from family_voice.themes import coding, memos
from family_voice.themes.coding import Unit

LATER = timedelta(hours=1)
# What the lead noted while coding: by account, on an answer, or on a code there.
MEMOS = {
    "two-buses-mum": (
        (
            "worries.open",
            "moving_on",
            "The gap is between two health teams: ask who holds her until the new one starts.",
        ),
        ("next.open", None, "Ask the academy before the meeting whether anyone has visited yet."),
    ),
}
# Not so short that it says nothing by itself, nor so long that a side has no room for it.
SHORTEST, LONGEST = 25, 190
A_QUESTION = 2


def code(session: Session, telling: Telling, at: datetime) -> None:
    """Put the written codes on an account's answers, say of the others that none applies; memos."""
    for answer in telling.account.answers:
        if not answer.codes:
            unit = Unit(answer.prompt)
            coding.none_apply(session, telling.interview_id, unit, telling.lead, at)
        for each in answer.codes:
            coding.put(session, telling.interview_id, Unit(answer.prompt), each, telling.lead, at)
    for prompt, about, words in MEMOS.get(telling.account.id, ()):
        memos.note(session, telling.interview_id, Unit(prompt), about, words, telling.lead, at)


Places = Mapping[str, tuple[str, ...]]


def put_forward(session: Session, case_id: UUID, places: Places, by: UUID) -> None:
    """Choose sentences for the first side from the accounts that were read back, child's first.

    Args:
        session: a writing session.
        case_id: whose pack.
        places: by heading, where what was said to it may stand.
        by: who chooses.
    """
    wanted: dict[UUID, Place] = {}
    found = _read_back(session, case_id)
    at = max((each.read_back_at for each in found if each.read_back_at), default=None)
    if at is None:
        return
    at += LATER
    for interview in found:
        # Nor what is not for the panel, or was agreed to before they came of age.
        if not panel_may_read(session, interview.id, at):
            continue
        for place, sentence in _worth_choosing(session, interview.id, places):
            if Counter(wanted.values())[place] < MOST:
                wanted[sentence.id] = place
    if wanted:
        choose_all(session, case_id, wanted, by, at)


def write_views(
    session: Session, case_id: UUID, views: Iterable[DemoView], by: UUID, at: datetime
) -> None:
    """Let the chair write down what each agency saw."""
    for view in views:
        write_view(session, case_id, view.question, view.agency, view.words, by, at)


def _read_back(session: Session, case_id: UUID) -> list[Interview]:
    found = [
        fetch(session, Interview, interview_id)
        for interview_id in interviews_of(session, [case_id]).get(case_id, [])
    ]
    return sorted(
        (each for each in found if each.read_back_at),
        key=lambda each: not _is_childs(session, each),
    )


def _is_childs(session: Session, interview: Interview) -> bool:
    person = (
        session.get(Participant, interview.participant_id) if interview.participant_id else None
    )
    return person is not None and person.relationship == YOUNG_PERSON


def _worth_choosing(
    session: Session, interview_id: UUID, places: Places
) -> list[tuple[Place, SentenceView]]:
    found = []
    for answer in record.account(session, interview_id).answers:
        here = tuple(map(Place.of, places.get(answer.heading_id, ())))
        sentences = [sentence for piece in answer.pieces for sentence in piece.sentences]
        fitting = [s for s in sentences if SHORTEST <= len(s.text) <= LONGEST] or sentences[:1]
        found += list(zip(here * A_QUESTION, fitting[:A_QUESTION], strict=False))
    return found
