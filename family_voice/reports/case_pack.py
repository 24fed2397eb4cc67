"""The case pack: one side that a Level 4 panel reads, and the family's whole account overleaf.

Consent is asked for every account each time a pack is made. A reader who is recorded as working
with the child never receives a sentence that was marked as not for them; nothing shows that one was
left out. A family that was not heard, has not finished, or keeps its words from the group, and a
case that was stood down, are all "no account" and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.gathering import gather
from family_voice.cases.ledger import Talk, is_addendum
from family_voice.cases.looking import held_back
from family_voice.cases.models import Case, PanelSession, Round
from family_voice.cases.pack_choice import Place, chosen
from family_voice.cases.permission import as_read_by
from family_voice.frameworks.framework import Framework, KeyQuestion
from family_voice.frameworks.loader import load_framework
from family_voice.improvement.views import View, views_of
from family_voice.interviews.events import Manner
from family_voice.interviews.guide import load_guide
from family_voice.interviews.manners import SELF, Helper
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.translating import Translation
from family_voice.interviews.words import Account, Piece, speaker_of
from family_voice.language.texts import current_language
from family_voice.people import register
from family_voice.people.facts import is_own_voice
from family_voice.reports.childs_voice import ChildsVoice, by_the_child, voice_of
from family_voice.security.sealing import Erased
from family_voice.storage.locking import fetch
from family_voice.themes.codebook import Codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, Unit, coded
from family_voice.themes.second_coding import codes_blind


@dataclass(frozen=True)
class Speaker:
    """Who spoke, how, and how far what stands is theirs.

    `relationships` holds everybody of a joint conversation; `is_child` is about whom it was with;
    `addendum`: it first came after the day by which the group needed it.
    """

    interview_id: UUID
    relationships: tuple[str, ...]
    is_child: bool
    channels: tuple[str, ...]
    manners: tuple[Manner, ...]
    last_on: date | None
    read_back: bool
    addendum: bool = False


@dataclass(frozen=True)
class PackLine:
    """One sentence of the family's, as it may be read."""

    sentence_id: UUID
    text: str
    is_child: bool
    relationship: str
    language: str
    not_for_workers: bool
    manner: Manner
    codes: tuple[str, ...] = ()
    helped_by: Helper | None = None
    visit_id: UUID | None = None
    translation: Translation | None = None


@dataclass(frozen=True)
class QuestionPart:
    """The family's sentences under a key question, or under one part of it."""

    place: Place
    name: str
    lines: tuple[PackLine, ...]


@dataclass(frozen=True)
class Question:
    """One key question: the family's words, and the professionals' views beside them."""

    id: str
    text: str
    parts: tuple[QuestionPart, ...]
    views: tuple[tuple[str, str, View | None], ...]


@dataclass(frozen=True)
class FullAnswer:
    """One answer of the account overleaf."""

    prompt: str
    heading: str
    lines: tuple[PackLine, ...]
    codes: tuple[str, ...]
    manners: tuple[Manner, ...]
    child_manners: tuple[Manner, ...]


@dataclass(frozen=True)
class FullAccount:
    """One speaker's whole account, as far as it may be read."""

    speaker: Speaker
    language: str
    answers: tuple[FullAnswer, ...]


@dataclass(frozen=True)
class CasePack:
    """Everything on the two sides."""

    case_id: UUID
    child: str
    reference: str
    year_group: str
    plan_type: str
    placement: str
    term: str
    held_on: date
    framework: Framework
    voice: ChildsVoice
    speakers: tuple[Speaker, ...]
    marked: bool
    questions: tuple[Question, ...]
    accounts: tuple[FullAccount, ...]

    @property
    def has_account(self) -> bool:
        """Whether there is anything from the family that this reader may read."""
        return bool(self.accounts)

    @property
    def words_of(self) -> frozenset[UUID]:
        """The accounts of which there are words in it."""
        return frozenset(
            full.speaker.interview_id
            for full in self.accounts
            if any(answer.lines for answer in full.answers)
        )


def case_pack(session: Session, case_id: UUID, *readers: UUID, now: datetime) -> CasePack:
    """The pack of a case as consent stands now.

    Args:
        session: any session.
        case_id: whose pack; that the readers may see this case is checked by the caller.
        readers: the members of staff who will read it: for a printed copy, whoever prints it and
            whoever it is for.

    Returns:
        The pack, without anything that one of the readers may not see.

    Raises:
        Missing: if there is no such case.
    """
    case = fetch(session, Case, case_id)
    meeting = fetch(session, PanelSession, case.session_id)
    round_ = fetch(session, Round, meeting.round_id)
    framework = load_framework(round_.framework, round_.framework_version)
    child = register.children(session, [case.child_id])[case.child_id]
    accounts = _accounts(session, [case], readers, now)[case_id]
    lines = {
        line.sentence_id: line
        for full in accounts
        if full.speaker.read_back
        for answer in full.answers
        for line in answer.lines
        if line.manner is not Manner.PROFESSIONAL
    }
    places = chosen(session, case_id, now)
    views = views_of(session, case_id)
    return CasePack(
        case_id=case_id,
        child=child.facts.name,
        reference=child.facts.reference,
        year_group=case.year_group,
        plan_type=case.plan_type,
        placement=case.placement,
        term=round_.term,
        held_on=meeting.held_on,
        framework=framework,
        voice=_voice(accounts),
        speakers=tuple(full.speaker for full in accounts),
        marked=any(line.not_for_workers for f in accounts for a in f.answers for line in a.lines),
        questions=tuple(
            Question(
                id=question.id,
                text=question.text,
                parts=_parts(question, places, lines),
                views=tuple(
                    (agency.id, agency.name, views.get((question.id, agency.id)))
                    for agency in framework.agencies
                ),
            )
            for question in framework.key_questions
        ),
        accounts=accounts,
    )


def _parts(
    question: KeyQuestion, places: dict[UUID, Place], lines: dict[UUID, PackLine]
) -> tuple[QuestionPart, ...]:
    parts = question.parts or (None,)
    found = []
    for part in parts:
        place = Place(question.id, part.id if part else "")
        # In the order they were said, the child's first, also out of a joint conversation.
        standing = [line for s, line in lines.items() if places.get(s) == place]
        standing.sort(key=lambda line: not line.is_child)
        found.append(QuestionPart(place, part.name if part else "", tuple(standing)))
    return tuple(found)


def with_account(
    session: Session, case_ids: Collection[UUID], *readers: UUID, now: datetime
) -> set[UUID]:
    """Those of the cases whose pack has something from the family that these readers may read."""
    cases = session.scalars(select(Case).where(Case.id.in_(case_ids))).all()
    accounts = _accounts(session, cases, readers, now)
    return {case_id for case_id, found in accounts.items() if found}


def _accounts(
    session: Session, cases: Sequence[Case], readers: Iterable[UUID], now: datetime
) -> dict[UUID, tuple[FullAccount, ...]]:
    readers = tuple(readers)
    finished = {
        each.case.id: [
            (facts.interview_id, is_addendum(facts.first_sent_at, each.session.heard_by))
            for facts in each.accounts
            if facts.talk is Talk.FINISHED
            and facts.panel_may_read
            # A social worker's words stand beside the family's, and never instead of them.
            and (not facts.professional or each.family_may_be_read)
        ]
        for each in gather(session, cases, now)
        if each.facts.stood_down is None
    }
    found = {}
    for case in cases:
        full = [
            _full_account(session, one, readers, addendum)
            for one, addendum in finished.get(case.id, ())
            # What nobody has looked at may be half a yes: "but please not the school".
            if not held_back(session, one, now)
        ]
        standing = [each for each in full if each is not None and each.answers]
        standing.sort(key=lambda each: not each.speaker.is_child)
        found[case.id] = tuple(standing)
    return found


def _full_account(
    session: Session, interview_id: UUID, readers: Iterable[UUID], addendum: bool
) -> FullAccount | None:
    interview = fetch(session, Interview, interview_id)
    try:
        whole = account(session, interview_id)
        # Whoever codes it a second time may not see the first codes before they are done.
        blind = any(codes_blind(session, interview_id, reader) for reader in readers)
        on_it = Coded() if blind else coded(session, interview_id)
        book = current(session)
        relationship = _relationship(session, interview)
    except Erased:
        return None
    standing = as_read_by(session, whole, readers)
    # The questions in the reader's language, whatever language the conversation was in.
    guide = load_guide(interview.guide_audience, current_language().code, interview.guide_version)
    with_child = is_own_voice(interview.guide_audience)
    answers = []
    for answer in standing.answers:
        lines = tuple(
            PackLine(
                sentence_id=sentence.id,
                text=sentence.text,
                is_child=by_the_child(piece, with_child),
                relationship=_by(piece, relationship),
                language=piece.language,
                translation=sentence.translation,
                not_for_workers=sentence.not_for_workers,
                manner=piece.manner,
                codes=_names(on_it, book, Unit(answer.prompt_id, sentence.id)),
                helped_by=piece.helped_by,
                visit_id=piece.visit_id,
            )
            for piece in answer.pieces
            for sentence in piece.sentences
        )
        if lines:
            prompt = guide.prompts.get(answer.prompt_id)
            answers.append(
                FullAnswer(
                    prompt=prompt.text if prompt else "",
                    heading=answer.heading_id,
                    lines=lines,
                    # A theme of the whole answer would tell what a left out sentence was about.
                    codes=_names(on_it, book, Unit(answer.prompt_id))
                    if answer == whole.answer(answer.prompt_id)
                    else (),
                    manners=tuple(dict.fromkeys(piece.manner for piece in answer.pieces)),
                    child_manners=tuple(
                        dict.fromkeys(
                            piece.manner
                            for piece in answer.pieces
                            if by_the_child(piece, with_child)
                        )
                    ),
                )
            )
    return FullAccount(
        speaker=_speaker(interview, standing, relationship, with_child, addendum),
        language=standing.language,
        answers=tuple(answers),
    )


def _by(piece: Piece, relationship: str) -> str:
    own = piece.speaker == SELF or piece.manner is Manner.PROFESSIONAL
    return relationship if own else piece.speaker


def _speaker(
    interview: Interview, standing: Account, relationship: str, with_child: bool, addendum: bool
) -> Speaker:
    pieces = [piece for answer in standing.answers for piece in answer.pieces]
    last: datetime | None = max((piece.at for piece in pieces), default=None)
    return Speaker(
        interview_id=interview.id,
        relationships=tuple(
            dict.fromkeys([relationship, *(_by(piece, relationship) for piece in pieces)])
        ),
        is_child=with_child,
        channels=tuple(dict.fromkeys(piece.channel.value for piece in pieces)),
        manners=tuple(dict.fromkeys(piece.manner for piece in pieces)),
        last_on=last.date() if last else None,
        read_back=interview.read_back_at is not None,
        addendum=addendum,
    )


def _relationship(session: Session, interview: Interview) -> str:
    if interview.participant_id is None:
        return speaker_of(session, interview).relationship
    person = register.person(session, interview.participant_id)
    return person.facts.relationship if person else ""


def _names(on_it: Coded, book: Codebook, unit: Unit) -> tuple[str, ...]:
    return tuple(book.codes[code].name for code in on_it.codes_on(unit) if code in book.codes)


def _voice(accounts: Sequence[FullAccount]) -> ChildsVoice:
    answers = [answer for full in accounts for answer in full.answers]
    return voice_of(
        {manner for answer in answers for manner in answer.child_manners},
        {manner for answer in answers for manner in answer.manners},
    )
