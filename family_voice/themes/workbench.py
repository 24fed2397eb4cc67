"""What a coder has before them: which accounts wait, and one account laid out to be coded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.ledger import Talk
from family_voice.cases.permission import account_for, open_to
from family_voice.cases.reading import CaseView, RoundLedger
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.interviews.events import NOTES, Manner
from family_voice.interviews.guide import Guide, load_guide
from family_voice.interviews.models import Fragment, Sentence
from family_voice.interviews.record import guide_of, state_of
from family_voice.interviews.translating import READ_BY_ALL, Translation
from family_voice.interviews.words import Answer, Piece, SentenceView
from family_voice.themes.codebook import Code, Codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Action, Coded, Unit, coded_by, coded_in
from family_voice.themes.memos import Memo, memos_on
from family_voice.themes.models import CodingCommand
from family_voice.themes.offering import PLACES, Habit, in_order
from family_voice.themes.second_coding import blind_to, codes_blind

# Notes stand under no heading; what people tell us first is nearest to them.
OFFERED_FOR_NOTES = "important"
# How far back a coder's own habit is looked for.
_MOST_PUT = 600
#: Letters and spaces to a word, in what people tell us.
_A_WORD: Final = 5.3


@dataclass(frozen=True)
class Line:
    """One sentence, the codes on it and the memos. `number` counts within its answer."""

    number: int
    unit: Unit
    text: str
    codes: tuple[Code, ...]
    none_applies: bool
    manner: Manner = Manner.OWN_WORDS
    language: str = "en"
    translation: Translation | None = None
    memos: tuple[Memo, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it has no code of its own, and nobody said that none applies."""
        return not self.codes and not self.none_applies

    @property
    def waits_for_english(self) -> bool:
        """Whether it is in another language and nobody has put it into English yet."""
        foreign = self.language != READ_BY_ALL and bool(self.text.strip())
        return foreign and self.translation is None


@dataclass(frozen=True)
class Asked:
    """Words of the guide as the family met them, where that was not in English."""

    text: str
    language: str


@dataclass(frozen=True)
class ToDecide:
    """One answer: the sentences, what was decided and the codes on offer for its heading.

    `prompt` and `heading` are in English, for whoever codes; `asked` is the question as it was
    asked, if in another language. `others` are all other codes, those first that this coder is
    likeliest to look for.
    """

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
    others: tuple[Code, ...] = ()
    memos: tuple[Memo, ...] = ()
    asked: Asked | None = None

    @property
    def empty(self) -> tuple[Line, ...]:
        """The sentences with nothing on them, where others of the answer have something.

        What is on the whole answer is on each of its sentences.
        """
        empty = tuple(line for line in self.lines if line.is_empty)
        if self.codes or self.none_applies or len(empty) == len(self.lines):
            return ()
        return empty

    @property
    def left(self) -> int:
        """How many those are."""
        return len(self.empty)

    def line(self, sentence_id: UUID | None) -> Line | None:
        """The sentence of that id, if it is one of these."""
        return next((each for each in self.lines if each.unit.sentence_id == sentence_id), None)


@dataclass(frozen=True)
class Bench:
    """One account, answer by answer; `blind`: the reader codes it again without seeing codes.

    `memos` are those about the account as a whole.
    """

    interview_id: UUID
    language: str
    answers: tuple[ToDecide, ...]
    codings: int
    blind: bool = False
    memos: tuple[Memo, ...] = ()

    @property
    def decided(self) -> int:
        """How many answers are decided."""
        return sum(answer.decided for answer in self.answers)

    @property
    def with_empty(self) -> tuple[ToDecide, ...]:
        """The decided answers that still have sentences with nothing on them."""
        return tuple(answer for answer in self.answers if answer.decided and answer.empty)

    @property
    def waits_for_english(self) -> int:
        """How many sentences nobody has put into English yet."""
        return sum(line.waits_for_english for answer in self.answers for line in answer.lines)

    @property
    def every_memo(self) -> tuple[Memo, ...]:
        """Every memo that is shown anywhere on it."""
        lines = (line for answer in self.answers for line in answer.lines)
        places = [
            self.memos,
            *(each.memos for each in self.answers),
            *(each.memos for each in lines),
        ]
        return tuple(memo for memos in places for memo in memos)

    @property
    def first_undecided(self) -> int | None:
        """The number of the first answer that waits, or None."""
        return next((answer.number for answer in self.answers if not answer.decided), None)

    def answer_to(self, prompt_id: str) -> ToDecide | None:
        """The answer to a prompt, if there is one."""
        return next((each for each in self.answers if each.unit.prompt_id == prompt_id), None)


@dataclass(frozen=True)
class Waiting:
    """An account of a round, as far as its coding has come; the reader's own where it is blind.

    `words` is about how long it is, to the ten: reckoned from its letters, so that none is opened.
    """

    interview_id: UUID
    case: CaseView
    participant_id: UUID | None
    read_back: bool
    answers: int
    decided: int
    next_number: int
    blind: bool = False
    words: int = 0


def waiting(
    session: Session, ledger: RoundLedger, now: datetime, reader: UUID | None = None
) -> list[Waiting]:
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
    blind = blind_to(session, reader) if reader else frozenset()
    codings = coded_in(session, allowed - blind) | coded_in(session, allowed & blind, second=True)
    letters = {
        fragment: int(length)
        for fragment, length in session.execute(
            select(Sentence.fragment_id, func.sum(Sentence.end - Sentence.start))
            .join(Fragment, Fragment.id == Sentence.fragment_id)
            .where(Fragment.interview_id.in_(allowed))
            .group_by(Sentence.fragment_id)
        )
    }
    found = []
    for case, facts in sent:
        if facts.interview_id not in allowed:
            continue
        done = codings.get(facts.interview_id, Coded())
        answers = state_of(session, facts.interview_id).answers
        order = [*guide_of(session, facts.interview_id).prompts, NOTES]
        told = [prompt for prompt in order if answers.get(prompt)]
        length = sum(letters.get(each, 0) for prompt in told for each in answers[prompt])
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
                blind=facts.interview_id in blind,
                words=max(10, 10 * round(length / _A_WORD / 10)) if length else 0,
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
    asked = guide_of(session, interview_id)
    desk = _Desk(
        asked=asked,
        guide=load_guide(asked.audience, READ_BY_ALL, asked.version),
        book=current(session),
        done=coded_by(session, interview_id, reader),
        memos=memos_on(session, interview_id, reader=reader),
        habit=habit_of(session, interview_id, reader),
    )
    return Bench(
        interview_id=interview_id,
        language=standing.language,
        answers=tuple(
            desk.to_decide(number, answer)
            for number, answer in enumerate(standing.answers, start=1)
        ),
        codings=len(desk.done.codings),
        blind=codes_blind(session, interview_id, reader),
        memos=desk.memos_about(None),
    )


def habit_of(session: Session, interview_id: UUID, coder: UUID) -> Habit:
    """What a coder put on other accounts, and lately on this one; what they undid does not count.

    Their own alone, so that it tells somebody who codes blind nothing.
    """
    undone = select(CodingCommand.undoes).where(
        CodingCommand.by == coder, CodingCommand.undoes.is_not(None)
    )
    put = session.execute(
        select(CodingCommand.interview_id, CodingCommand.prompt, CodingCommand.code)
        .where(
            CodingCommand.by == coder,
            CodingCommand.action == Action.PUT.value,
            CodingCommand.id.not_in(undone),
        )
        .order_by(CodingCommand.at.desc(), CodingCommand.number.desc())
        .limit(_MOST_PUT)
    ).all()
    return Habit(
        before=Counter(
            (prompt, code)
            for whose, prompt, code in put
            if whose != interview_id and prompt and code
        ),
        lately=tuple(
            (prompt, code)
            for whose, prompt, code in put
            if whose == interview_id and prompt and code
        ),
    )


@dataclass(frozen=True)
class _Desk:
    """What an account is laid out with: the guide in English, and as it was asked, first."""

    asked: Guide
    guide: Guide
    book: Codebook
    done: Coded
    memos: tuple[Memo, ...]
    habit: Habit

    def to_decide(self, number: int, answer: Answer) -> ToDecide:
        """One answer, laid out."""
        unit, notes = Unit(answer.prompt_id), answer.prompt_id == NOTES
        heading = OFFERED_FOR_NOTES if notes else answer.heading_id
        codes = in_order(self.book, heading, answer.prompt_id, self.habit)
        sentences = [(each, piece) for piece in answer.pieces for each in piece.sentences]
        return ToDecide(
            number=number,
            unit=unit,
            prompt="" if notes else self.guide.prompt(answer.prompt_id).text,
            heading="" if notes else self.guide.heading(answer.heading_id).title,
            lines=tuple(
                self._line(place, Unit(answer.prompt_id, sentence.id), sentence, piece)
                for place, (sentence, piece) in enumerate(sentences, start=1)
            ),
            manners=tuple(dict.fromkeys(piece.manner for piece in answer.pieces)),
            codes=self._codes(unit),
            none_applies=unit in self.done.none_apply,
            decided=self.done.is_answered_for(answer.prompt_id),
            offered=codes[:PLACES],
            others=codes[PLACES:],
            memos=self.memos_about(unit),
            asked=None if notes else self._asked(answer.prompt_id),
        )

    def _asked(self, prompt_id: str) -> Asked | None:
        if self.asked.language == self.guide.language:
            return None
        return Asked(self.asked.prompt(prompt_id).text, self.asked.language)

    def memos_about(self, unit: Unit | None) -> tuple[Memo, ...]:
        """The memos on one unit, or on the account."""
        return tuple(memo for memo in self.memos if memo.unit == unit)

    def _line(self, place: int, at: Unit, sentence: SentenceView, piece: Piece) -> Line:
        return Line(
            number=place,
            unit=at,
            text=sentence.text,
            codes=self._codes(at),
            none_applies=at in self.done.none_apply,
            manner=piece.manner,
            language=piece.language,
            translation=sentence.translation,
            memos=self.memos_about(at),
        )

    def _codes(self, unit: Unit) -> tuple[Code, ...]:
        known = self.book.codes
        return tuple(known[code] for code in self.done.codes_on(unit) if code in known)
