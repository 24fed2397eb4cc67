"""What there is to learn and to read, and keeping what came of it. The work between is done apart.

Nothing is learned before a person has coded the first account of a round whole: that coding is
theirs alone. A model learns from every account that may be read, was coded in the first coding, and
is still there; codes that a machine suggested count once a person has said yes to them, since the
same words would otherwise teach it that the code does not apply.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.cases.linking import case_of, interviews_of
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.permission import open_to
from family_voice.cases.reading import round_id_of
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.models import Event, Interview
from family_voice.interviews.record import state_of
from family_voice.security.sealing import Erased
from family_voice.storage.base import new_id
from family_voice.storage.locking import one_at_a_time
from family_voice.themes import standing_model
from family_voice.themes.choices import suggestions_on
from family_voice.themes.codebook import Codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, coded, coded_in
from family_voice.themes.machine_text import ReadAnswer, read
from family_voice.themes.models import CodingCommand
from family_voice.themes.standing_model import Gone
from family_voice.themes.suggestion_models import ModelReading, Suggestion

#: New codings wait so long before the machine learns again, so that it does not learn all day.
BETWEEN_LEARNING: Final = timedelta(hours=1)
#: Accounts read in one go; the others have the next.
AT_ONCE: Final = 100
#: From how sure a code is offered, of a hundred: less is wrong more often than it is right.
SURE_ENOUGH: Final = 50
#: Codes offered for one answer at most, the surest first.
AN_ANSWER: Final = 3


@dataclass(frozen=True)
class Learned:
    """One coded answer, to learn from. `group` keeps an account's answers together."""

    text: str
    heading_id: str
    codes: tuple[str, ...]
    group: str


@dataclass(frozen=True)
class Note:
    """One code of the codebook, as the machine reads it."""

    id: str
    name: str
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ToRead:
    """One account to read, as far as its log goes now."""

    interview_id: UUID
    upto: int
    answers: tuple[ReadAnswer, ...]


@dataclass(frozen=True)
class Work:
    """What is to be done apart. With `model` there is one to read with; else it is learned anew."""

    gathered_at: datetime
    codebook_version: int
    notes: tuple[Note, ...]
    examples: tuple[Learned, ...]
    accounts: frozenset[UUID]
    to_read: tuple[ToRead, ...]
    model: bytes = b""


@dataclass(frozen=True)
class Found:
    """A code found in one answer: how sure of a hundred, and where the words stand."""

    code: str
    sure: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Outcome:
    """What came of the work: the model if one was learned, and what each text read gave."""

    model: bytes
    version: str
    data_hash: str
    found: tuple[tuple[Found, ...], ...]


def must_go(session: Session, now: datetime) -> Gone | None:
    """Whether the standing model has to be let go of at once, and why."""
    if standing_model.standing(session) is None:
        return None
    if not suggestions_on(session, now):
        return Gone.TURNED_OFF
    known = standing_model.learned_from(session)
    return Gone.ACCOUNT if known - _may_read(session, known, now) else None


def due(session: Session, now: datetime) -> Work | None:
    """What there is to learn and to read now, if anything.

    Args:
        session: any session.
        now: the present.
    """
    if not suggestions_on(session, now):
        return None
    ready = _ready(session, now)
    if not ready:
        return None
    book = current(session)
    model = b"" if _is_to_learn(session, book, now) else standing_model.weights(session)
    to_read = _to_read(session, ready, bool(model))
    if model and not to_read:
        return None
    examples, accounts = ((), frozenset[UUID]()) if model else _coded(session, book, now)
    return Work(
        gathered_at=now,
        codebook_version=book.version,
        notes=tuple(_notes(book)),
        examples=examples,
        accounts=accounts,
        to_read=to_read,
        model=model,
    )


def keep(session: Session, work: Work, outcome: Outcome, now: datetime) -> bool:
    """Keep what came of the work, if what it rested on still holds.

    Args:
        session: a writing session.
        work: what was done.
        outcome: what came of it.
        now: the present.

    Returns:
        Whether it was kept: not when the codebook has moved on, suggestions were turned off, an
        account it learned from may be read no more, or another model stands by now.
    """
    one_at_a_time(session, "theme model")
    gone = work.accounts - _may_read(session, work.accounts, now)
    if gone or not suggestions_on(session, now):
        return False
    if current(session).version != work.codebook_version:
        return False
    if not work.model:
        standing_model.keep(
            session,
            outcome.model,
            version=outcome.version,
            data_hash=outcome.data_hash,
            codebook_version=work.codebook_version,
            answers=len(work.examples),
            accounts=work.accounts,
            made_at=work.gathered_at,
        )
    elif standing_model.weights(session) != work.model:
        return False
    remaining = list(outcome.found)
    for each in work.to_read:
        found, remaining = remaining[: len(each.answers)], remaining[len(each.answers) :]
        _keep_reading(session, each, found, now)
    session.flush()
    return True


def _keep_reading(
    session: Session, account: ToRead, found: Sequence[tuple[Found, ...]], now: datetime
) -> None:
    interview_id = account.interview_id
    model = standing_model.standing(session)
    if model is None or not _may_read(session, [interview_id], now):
        return
    mine = Suggestion.interview_id == interview_id
    session.execute(delete(Suggestion).where(mine, Suggestion.accepted.is_(None)))
    session.execute(delete(ModelReading).where(ModelReading.interview_id == interview_id))
    answered = {(row.prompt, row.code) for row in session.scalars(select(Suggestion).where(mine))}
    for answer, codes in zip(account.answers, found, strict=True):
        for each in codes:
            if (answer.prompt_id, each.code) in answered:
                continue
            session.add(
                Suggestion(
                    id=new_id(),
                    interview_id=interview_id,
                    model_id=model.id,
                    prompt=answer.prompt_id,
                    code=each.code,
                    codebook_version=model.codebook_version,
                    sure=each.sure,
                    spans=dict(answer.by_sentence(each.spans)),
                    made_at=now,
                )
            )
    session.add(ModelReading(interview_id=interview_id, model_id=model.id, upto=account.upto))


def _is_to_learn(session: Session, book: Codebook, now: datetime) -> bool:
    model = standing_model.standing(session)
    if model is None or model.codebook_version != book.version:
        return True
    if not standing_model.weights(session):  # its key is gone: a backup was restored
        return True
    if now - model.made_at < BETWEEN_LEARNING:
        return False
    newest = select(func.max(CodingCommand.at)).where(CodingCommand.second.is_(False))
    last = session.scalar(newest)
    return last is not None and last > model.made_at


def is_ready(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether a person has coded an account of this one's round whole, and the round goes on."""
    case_id = case_of(session, interview_id)
    return case_id is not None and bool(ready_rounds(session, now, round_id_of(session, case_id)))


def ready_rounds(
    session: Session, now: datetime, only: UUID | None = None
) -> dict[UUID, frozenset[UUID]]:
    """The rounds that go on and of which a person has coded an account whole, with their accounts.

    Only what people put themselves counts for that. `only` is one round to ask about.
    """
    wanted = (
        select(PanelSession.round_id, Case.id)
        .join(Case, Case.session_id == PanelSession.id)
        .join(Round, Round.id == PanelSession.round_id)
        .where(Round.freezes_on >= london_date(now))
    )
    rows = session.execute(wanted.where(Round.id == only) if only else wanted)
    cases: dict[UUID, list[UUID]] = {}
    for round_id, case_id in rows:
        cases.setdefault(round_id, []).append(case_id)
    by_case = interviews_of(session, [each for some in cases.values() for each in some])
    found = {}
    for round_id, ids in cases.items():
        accounts = frozenset(each for case_id in ids for each in by_case.get(case_id, ()))
        begun = select(CodingCommand.interview_id).where(CodingCommand.interview_id.in_(accounts))
        if any(_is_whole(session, each) for each in session.scalars(begun.distinct()).all()):
            found[round_id] = accounts
    return found


def _ready(session: Session, now: datetime) -> frozenset[UUID]:
    """The accounts of those rounds that were sent and may be read."""
    accounts = frozenset[UUID]().union(*ready_rounds(session, now).values())
    sent = select(Interview.id).where(Interview.id.in_(accounts), Interview.sent_at.is_not(None))
    return _may_read(session, session.scalars(sent).all(), now)


def _is_whole(session: Session, interview_id: UUID) -> bool:
    answers = [prompt for prompt, said in state_of(session, interview_id).answers.items() if said]
    theirs = coded(session, interview_id).by_people()
    return bool(answers) and all(theirs.is_answered_for(prompt) for prompt in answers)


def _to_read(session: Session, accounts: Collection[UUID], with_model: bool) -> tuple[ToRead, ...]:
    rows = session.execute(
        select(Event.interview_id, func.max(Event.seq))
        .where(Event.interview_id.in_(accounts))
        .group_by(Event.interview_id)
        .order_by(Event.interview_id)
    )
    known = {row.interview_id: row.upto for row in session.scalars(select(ModelReading))}
    wanted = [(each, upto) for each, upto in rows if not with_model or known.get(each) != upto]
    found = []
    for interview_id, upto in wanted[:AT_ONCE]:
        try:
            found.append(ToRead(interview_id, upto, read(session, interview_id)))
        except Erased:
            continue
    return tuple(found)


def _coded(
    session: Session, book: Codebook, now: datetime
) -> tuple[tuple[Learned, ...], frozenset[UUID]]:
    """Every answer that somebody decided, with its codes, and whose answers they are."""
    ids = select(CodingCommand.interview_id).where(CodingCommand.second.is_(False)).distinct()
    allowed = _may_read(session, session.scalars(ids).all(), now)
    examples, accounts = [], set()
    for interview_id, done in sorted(coded_in(session, allowed).items()):
        try:
            answers = read(session, interview_id)
        except Erased:
            continue
        for answer in answers:
            if done.is_answered_for(answer.prompt_id):
                examples.append(
                    Learned(
                        answer.text,
                        answer.heading_id,
                        tuple(sorted(_codes_in(done, answer.prompt_id, book))),
                        str(interview_id),
                    )
                )
                accounts.add(interview_id)
    return tuple(examples), frozenset(accounts)


def _codes_in(done: Coded, prompt_id: str, book: Codebook) -> set[str]:
    codes = {each.code for each in done.codings if each.unit.prompt_id == prompt_id}
    return codes.intersection(book.offered)


def _notes(book: Codebook) -> Iterable[Note]:
    for code in book.offered.values():
        yield Note(code.id, code.name, f"{code.definition} {code.use_when}", tuple(code.examples))


def _may_read(session: Session, ids: Collection[UUID], now: datetime) -> frozenset[UUID]:
    return frozenset(open_to(session, list(ids), Purpose.TALK, Audience.LEAD, now))
