"""The words themselves: kept sealed as they arrived, and read back as an account."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.events import NOTES, PERMISSION, Channel, Manner
from family_voice.interviews.guide import Guide
from family_voice.interviews.manners import Helper
from family_voice.interviews.models import Fragment, Interview, Sentence
from family_voice.interviews.sentences import sentences
from family_voice.interviews.state import State
from family_voice.interviews.translating import READ_BY_ALL, Translation, translations
from family_voice.security.sealing import Place, seal, unseal

BETWEEN = "\n"
#: What a session carries to be told of words that are kept: see `keep`.
WATCHER = "words_kept"


@dataclass(frozen=True)
class Speaker:
    """What somebody who was not invited told us of themselves; every part may be empty."""

    first_name: str = ""
    last_name: str = ""
    relationship: str = ""
    phone: str = ""
    email: str = ""
    child_first_name: str = ""
    child_last_name: str = ""
    child_date_of_birth: str = ""
    school: str = ""
    postcode: str = ""

    @property
    def name(self) -> str:
        """Their own first and last name, as far as they gave them."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class SentenceView:
    """One sentence of a piece, and whether it is kept from people who work with the family.

    `translation` is what somebody put it into English as, where it is in another language.
    """

    id: UUID
    start: int
    end: int
    text: str
    not_for_workers: bool
    translation: Translation | None = None


@dataclass(frozen=True)
class Piece:
    """One fragment that stands, in clear."""

    fragment_id: UUID
    text: str
    channel: Channel
    manner: Manner
    speaker: str
    recorded_by: UUID | None
    at: datetime
    sentences: tuple[SentenceView, ...]
    helped_by: Helper | None = None
    visit_id: UUID | None = None
    language: str = "en"

    @property
    def keeps_back(self) -> bool:
        """Whether something in it is kept from the people who work with the family."""
        return any(each.not_for_workers for each in self.sentences)


@dataclass(frozen=True)
class Answer:
    """The pieces that stand for one prompt, in order. `heading_id` of the notes is `notes`."""

    prompt_id: str
    heading_id: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole answer."""
        return BETWEEN.join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Account:
    """Everything that stands of one interview, in the guide's order, notes last."""

    interview_id: UUID
    language: str
    answers: tuple[Answer, ...]

    def answer(self, prompt_id: str) -> Answer | None:
        """The answer to one prompt, if there is one."""
        return next((a for a in self.answers if a.prompt_id == prompt_id), None)

    @property
    def sentences(self) -> tuple[SentenceView, ...]:
        """Every sentence, in order."""
        return tuple(s for a in self.answers for piece in a.pieces for s in piece.sentences)


def without_kept_back(whole: Account) -> Account:
    """An account as though the sentences not meant for the people who work with them were unsaid.

    Nothing tells that something was left out: an answer of which nothing is left was never given.
    """
    answers = []
    for answer in whole.answers:
        found = [as_left(piece) for piece in answer.pieces]
        pieces = tuple(piece for piece in found if piece is not None)
        if pieces:
            answers.append(replace(answer, pieces=pieces))
    return replace(whole, answers=tuple(answers))


def open_pieces(whole: Account) -> Account:
    """An account with only the pieces of which no sentence is kept from anybody."""
    answers = []
    for answer in whole.answers:
        pieces = tuple(each for each in answer.pieces if not each.keeps_back)
        if pieces:
            answers.append(replace(answer, pieces=pieces))
    return replace(whole, answers=tuple(answers))


def as_left(piece: Piece) -> Piece | None:
    """A piece without the sentences kept from people who work with the family; None if all are."""
    if not piece.keeps_back:
        return piece
    kept = tuple(each for each in piece.sentences if not each.not_for_workers)
    if not kept:
        return None
    return replace(piece, text=" ".join(each.text for each in kept), sentences=kept)


def keep(
    session: Session,
    interview: Interview,
    fragment_id: UUID,
    text: str,
    channel: Channel,
    manner: Manner,
    speaker: str,
    now: datetime,
    recorded_by: UUID | None,
    visit_id: UUID | None = None,
) -> None:
    """Store a fragment sealed, with its sentences' offsets frozen and who helped to say it.

    Whatever the session carries as `WATCHER` is told, in this transaction: rooms above this one may
    have to do something about words, whatever channel they came by.
    """
    session.add(
        Fragment(
            id=fragment_id,
            interview_id=interview.id,
            words=seal(session, interview.key_id, _place(fragment_id), text),
            channel=channel.value,
            manner=manner.value,
            speaker=speaker,
            helped_by=interview.helped_by,
            visit_id=visit_id,
            # What staff write down is in their own language, whoever interpreted.
            language="en" if recorded_by else interview.language,
            recorded_by=recorded_by,
            at=now,
        )
    )
    session.flush()
    for number, span in enumerate(sentences(text, interview.language), start=1):
        session.add(
            Sentence(fragment_id=fragment_id, number=number, start=span.start, end=span.end)
        )
    session.flush()
    watch = session.info.get(WATCHER)
    if watch is not None:
        watch(session, interview.id, fragment_id, text, interview.language, now)


def account(
    session: Session,
    interview: Interview,
    state: State,
    guide: Guide,
    hidden: frozenset[str] = frozenset(),
) -> Account:
    """Read what stands, but for what the `hidden` speakers said."""
    every = _pieces(session, interview, state.fragments)
    found = {each: piece for each, piece in every.items() if piece.speaker not in hidden}
    answers = []
    for prompt_id in (*guide.prompts, NOTES):
        # What was erased stands in the log and has no words any more.
        standing = [found[each] for each in state.answers.get(prompt_id, ()) if each in found]
        if standing:
            heading = NOTES if prompt_id == NOTES else guide.heading_of(prompt_id).id
            answers.append(Answer(prompt_id, heading, tuple(standing)))
    return Account(interview.id, state.language, tuple(answers))


def about_permission(
    session: Session, interview: Interview, state: State, hidden: frozenset[str] = frozenset()
) -> Account:
    """Read what a person put out of the account, because it is about permission alone."""
    found = [each for each in pieces(session, interview, state.apart) if each.speaker not in hidden]
    answers = (Answer(PERMISSION, PERMISSION, tuple(found)),) if found else ()
    return Account(interview.id, state.language, answers)


def pieces(
    session: Session, interview: Interview, fragment_ids: Sequence[UUID]
) -> tuple[Piece, ...]:
    """Some of the interview's fragments in clear, whether or not they still stand."""
    found = _pieces(session, interview, fragment_ids)
    return tuple(found[each] for each in fragment_ids if each in found)


def joined(session: Session, interview: Interview, fragment_ids: Sequence[UUID]) -> str:
    """The text of some fragments as one answer."""
    found = _pieces(session, interview, fragment_ids)
    return BETWEEN.join(found[fragment].text for fragment in fragment_ids if fragment in found)


def mark(
    session: Session, interview: Interview, fragments: Iterable[UUID], not_for_workers: set[UUID]
) -> None:
    """Mark exactly these sentences, among those of the fragments."""
    for row in session.scalars(select(Sentence).where(Sentence.fragment_id.in_(list(fragments)))):
        row.not_for_workers = row.id in not_for_workers
    session.flush()


def mark_alike(session: Session, origin: Interview, part: Interview) -> None:
    """Carry the marks of an account to what was cut out of it. No mark there is taken away.

    Sentences may begin and end elsewhere in a part: whatever shares words with a marked one is it.
    """
    kept = [each.text for each in _every_sentence(session, origin) if each.not_for_workers]
    for mine in _every_sentence(session, part):
        if any(mine.text in each or each in mine.text for each in kept):
            session.get_one(Sentence, mine.id).not_for_workers = True
    session.flush()


def _every_sentence(session: Session, interview: Interview) -> list[SentenceView]:
    ids = session.scalars(select(Fragment.id).where(Fragment.interview_id == interview.id)).all()
    found = _pieces(session, interview, ids).values()
    return [each for piece in found for each in piece.sentences]


def carry_marks(session: Session, interview: Interview, old: Sequence[UUID], new: UUID) -> None:
    """Carry marks over a correction.

    A mark is a promise. A marked sentence that reads the same keeps it; if a marked one was
    reworded, every sentence that was not there before is marked, since one of them is it.
    """
    found = _pieces(session, interview, [*old, new])
    before = [s for fragment in old for s in found[fragment].sentences]
    after = found[new].sentences
    marked = {s.text for s in before if s.not_for_workers}
    kept = {s.id for s in after if s.text in marked}
    if marked - {s.text for s in after}:
        known = {s.text for s in before}
        kept |= {s.id for s in after if s.text not in known}
    mark(session, interview, [new], kept)


def keep_speaker(session: Session, interview: Interview, speaker: Speaker) -> None:
    """Store sealed what somebody told us of themselves."""
    place = Place("interview", "speaker", interview.id)
    interview.speaker = seal(session, interview.key_id, place, json.dumps(asdict(speaker)))


def speaker_of(session: Session, interview: Interview) -> Speaker:
    """What somebody told us of themselves; all empty where they were invited."""
    if interview.speaker is None:
        return Speaker()
    place = Place("interview", "speaker", interview.id)
    return Speaker(**json.loads(unseal(session, interview.key_id, place, interview.speaker)))


def _pieces(
    session: Session, interview: Interview, fragment_ids: Sequence[UUID]
) -> dict[UUID, Piece]:
    rows = session.scalars(
        select(Fragment).where(
            Fragment.interview_id == interview.id,
            Fragment.id.in_(fragment_ids),
            Fragment.words != b"",
        )
    ).all()
    spans: dict[UUID, list[Sentence]] = {}
    for sentence in session.scalars(
        select(Sentence)
        .where(Sentence.fragment_id.in_(fragment_ids))
        .order_by(Sentence.fragment_id, Sentence.number)
    ):
        spans.setdefault(sentence.fragment_id, []).append(sentence)
    foreign = any((row.language or interview.language) != READ_BY_ALL for row in rows)
    in_english = translations(session, interview) if foreign else {}
    found = {}
    for row in rows:
        text = unseal(session, interview.key_id, _place(row.id), row.words)
        found[row.id] = Piece(
            fragment_id=row.id,
            text=text,
            channel=Channel(row.channel),
            manner=Manner(row.manner),
            speaker=row.speaker,
            recorded_by=row.recorded_by,
            at=row.at,
            sentences=tuple(
                SentenceView(
                    s.id,
                    s.start,
                    s.end,
                    text[s.start : s.end],
                    s.not_for_workers,
                    in_english.get(s.id),
                )
                for s in spans.get(row.id, [])
            ),
            helped_by=Helper(row.helped_by) if row.helped_by else None,
            visit_id=row.visit_id,
            language=row.language or interview.language,
        )
    return found


def _place(fragment_id: UUID) -> Place:
    return Place("fragment", "words", fragment_id)
