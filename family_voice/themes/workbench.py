"""What a coder has before them: which accounts wait, and one account laid out to be coded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.ledger import Talk
from family_voice.cases.permission import account_for, open_to
from family_voice.cases.reading import CaseView, RoundLedger
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES, Manner
from family_voice.interviews.guide import Guide
from family_voice.interviews.record import guide_of, state_of
from family_voice.interviews.words import Answer
from family_voice.themes.codebook import Code, load_codebook
from family_voice.themes.coding import Coded, Unit, coded, coded_in

# Notes stand under no heading; what people tell us first is nearest to them.
OFFERED_FOR_NOTES = "important"


@dataclass(frozen=True)
class Line:
    """One sentence, and the codes on it. `number` counts within its answer."""

    number: int
    unit: Unit
    text: str
    codes: tuple[Code, ...]
    none_applies: bool


@dataclass(frozen=True)
class ToDecide:
    """One answer: the sentences, what was decided and the codes on offer for its heading."""

    number: int
    unit: Unit
    prompt: str
    heading: str
    lines: tuple[Line, ...]
    manners: tuple[Manner, ...]
    codes: tuple[Code, ...]
    none_applies: bool
    decided: bool
    offered: tuple[Code, ...]

    def line(self, sentence_id: UUID | None) -> Line | None:
        """The sentence of that id, if it is one of these."""
        return next((each for each in self.lines if each.unit.sentence_id == sentence_id), None)


@dataclass(frozen=True)
class Bench:
    """One account, answer by answer."""

    interview_id: UUID
    language: str
    answers: tuple[ToDecide, ...]
    codings: int

    @property
    def decided(self) -> int:
        """How many answers are decided."""
        return sum(answer.decided for answer in self.answers)

    @property
    def first_undecided(self) -> int | None:
        """The number of the first answer that waits, or None."""
        return next((answer.number for answer in self.answers if not answer.decided), None)

    def answer_to(self, prompt_id: str) -> ToDecide | None:
        """The answer to a prompt, if there is one."""
        return next((each for each in self.answers if each.unit.prompt_id == prompt_id), None)


@dataclass(frozen=True)
class Waiting:
    """An account of a round, as far as its coding has come."""

    interview_id: UUID
    case: CaseView
    participant_id: UUID | None
    read_back: bool
    answers: int
    decided: int
    next_number: int


def waiting(session: Session, ledger: RoundLedger, now: datetime) -> list[Waiting]:
    """The accounts of a round that were sent and may be read, in the ledger's order.

    Opens no words.
    """
    sent = [
        (case, facts)
        for case in ledger.cases
        for facts in case.accounts
        if facts.talk is Talk.FINISHED
    ]
    ids = [facts.interview_id for _case, facts in sent]
    allowed = open_to(session, ids, Purpose.TALK, Audience.LEAD, now)
    codings = coded_in(session, allowed)
    found = []
    for case, facts in sent:
        if facts.interview_id not in allowed:
            continue
        done = codings.get(facts.interview_id, Coded())
        answers = state_of(session, facts.interview_id).answers
        order = [*guide_of(session, facts.interview_id).prompts, NOTES]
        told = [prompt for prompt in order if answers.get(prompt)]
        undecided = [n for n, prompt in enumerate(told, 1) if not done.is_answered_for(prompt)]
        found.append(
            Waiting(
                interview_id=facts.interview_id,
                case=case,
                participant_id=facts.participant_id,
                read_back=facts.read_back_at is not None,
                answers=len(told),
                decided=len(told) - len(undecided),
                next_number=undecided[0] if undecided else 1,
            )
        )
    return found


def bench(session: Session, interview_id: UUID, reader: UUID, now: datetime) -> Bench:
    """One account laid out for coding, as this member of staff may read it.

    Raises:
        NotForUs: if there is no agreement to talk, or no longer.
        Missing: if there is no such account.
    """
    standing = account_for(session, interview_id, reader, now)
    guide = guide_of(session, interview_id)
    done = coded(session, interview_id)
    return Bench(
        interview_id=interview_id,
        language=standing.language,
        answers=tuple(
            _to_decide(number, answer, guide, done)
            for number, answer in enumerate(standing.answers, start=1)
        ),
        codings=len(done.codings),
    )


def _to_decide(number: int, answer: Answer, guide: Guide, done: Coded) -> ToDecide:
    book = load_codebook()
    unit = Unit(answer.prompt_id)
    notes = answer.prompt_id == NOTES
    sentences = [sentence for piece in answer.pieces for sentence in piece.sentences]
    return ToDecide(
        number=number,
        unit=unit,
        prompt="" if notes else guide.prompt(answer.prompt_id).text,
        heading="" if notes else guide.heading(answer.heading_id).title,
        lines=tuple(
            Line(place, at, sentence.text, _codes(done, at), at in done.none_apply)
            for place, sentence in enumerate(sentences, start=1)
            for at in [Unit(answer.prompt_id, sentence.id)]
        ),
        manners=tuple(dict.fromkeys(piece.manner for piece in answer.pieces)),
        codes=_codes(done, unit),
        none_applies=unit in done.none_apply,
        decided=done.is_answered_for(answer.prompt_id),
        offered=book.codes_for(OFFERED_FOR_NOTES if notes else answer.heading_id),
    )


def _codes(done: Coded, unit: Unit) -> tuple[Code, ...]:
    known = load_codebook().codes
    return tuple(known[code] for code in done.codes_on(unit) if code in known)
