"""One account as it leaves: an answer a text, with the passages that have codes or memos on them.

Sentences that the family keeps from people who work with them never leave in a file: nobody knows
who will open it. Without names, each text goes through the one door for words that leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews.events import NOTES
from family_voice.interviews.guide import FALLBACK_LANGUAGE, Guide, load_guide
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.interviews.translating import READ_BY_ALL
from family_voice.interviews.words import BETWEEN, Answer, as_left
from family_voice.sharing.deidentifying import Span
from family_voice.sharing.exchange import texts
from family_voice.sharing.exchange.project import (
    IN_ENGLISH,
    Note,
    Passage,
    Put,
    Source,
    Value,
    guid,
)
from family_voice.storage.locking import fetch
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, Unit
from family_voice.themes.memos import Memo
from family_voice.themes.models import CodingCommand

#: What is said of every source; their GUIDs are the same in every export.
HEADING: Final = guid("variable", "heading")
CHANNEL: Final = guid("variable", "channel")
AUDIENCE: Final = guid("variable", "audience")
#: The words of a passage beside its places, where names may leave; longer ones are cut.
LONGEST_WORDS: Final = 250
#: What has to be replaced in a text before it may leave.
Clear = Callable[[str], Iterable[Span]]
#: What stands there for a sentence that nobody has put into English yet.
NOT_YET: Final = "[not translated yet]"


@dataclass(frozen=True)
class Left:
    """One account's texts and the notes on them.

    `units` says what each passage's GUID stands for, `laid` how each source's text is laid out.
    """

    sources: tuple[Source, ...]
    notes: tuple[Note, ...]
    by: frozenset[UUID]
    units: Mapping[UUID, Unit]
    laid: Mapping[UUID, Laid]


@dataclass(frozen=True)
class Laid:
    """An answer's text with its units' places."""

    text: str
    places: Mapping[Unit, tuple[int, int]]
    english: Mapping[Unit, str] = field(default_factory=dict)


def leaving(
    session: Session,
    interview_id: UUID,
    label: str,
    coded: Coded,
    memos: Sequence[Memo],
    clear: Clear | None,
) -> Left:
    """An account as texts with passages.

    Args:
        session: any session.
        interview_id: whose; that it may be read is the caller's to know.
        label: what its sources are called, before the number and heading of each.
        coded: the codes that stand on it.
        memos: the memos that stand on it.
        clear: what takes names out; None where they may leave.
    """
    interview = fetch(session, Interview, interview_id)
    guide = load_guide(interview.guide_audience, FALLBACK_LANGUAGE, interview.guide_version)
    moments = _moments(session, interview_id)
    notes = [_note(each, clear) for each in memos]
    sources: list[Source] = []
    units: dict[UUID, Unit] = {}
    laid_out: dict[UUID, Laid] = {}
    on_account = tuple(guid("memo", each.id) for each in memos if each.unit is None)
    for number, answer in enumerate(account(session, interview_id).answers, start=1):
        laid = laid_out_of(answer, clear)
        if laid is None:
            continue
        passages = [
            _passage(interview_id, unit, laid, coded, memos, moments, named=clear is None)
            for unit in laid.places
            if coded.codes_on(unit) or any(each.unit == unit for each in memos)
        ]
        units |= {_passage_id(interview_id, unit): unit for unit in laid.places}
        heading, question = _asked(answer, guide)
        source_id = guid("answer", interview_id, answer.prompt_id)
        laid_out[source_id] = laid
        sources.append(
            Source(
                id=source_id,
                name=texts.plain(f"{label} {number:02d} {_as_file_name(heading)}").text.strip(),
                text=laid.text,
                description=_with_english(question, laid.english.get(Unit(answer.prompt_id), "")),
                passages=tuple(sorted(passages, key=lambda each: (each.start, -each.end))),
                notes=on_account if not sources else (),
                values=(
                    Value(HEADING, heading),
                    Value(CHANNEL, _channels(answer)),
                    Value(AUDIENCE, interview.guide_audience.replace("_", " ")),
                ),
            )
        )
    kept = {each for source in sources for each in source.notes} | {
        each
        for source in sources
        for passage in source.passages
        for each in (*passage.notes, *(n for put in passage.codings for n in put.notes))
    }
    notes = [each for each in notes if each.id in kept]
    by = {each.by for each in coded.codings} | {each.by for each in memos}
    return Left(tuple(sources), tuple(notes), frozenset(by), units, laid_out)


def laid_out_of(answer: Answer, clear: Clear | None) -> Laid | None:
    """An answer's text as it leaves, and where its units are. Pure.

    Args:
        answer: what stands of it.
        clear: what takes names out; None where they may leave.

    Returns:
        None if nothing of it may leave.
    """
    parts: list[str] = []
    places: dict[Unit, tuple[int, int]] = {}
    spans: list[tuple[int, int, str]] = []
    at = 0
    for piece in answer.pieces:
        left = as_left(piece)
        if left is None:
            continue
        if parts:
            at += len(BETWEEN)
        begins = 0
        for each in left.sentences:
            start = begins if left is not piece else each.start
            end = start + len(each.text)
            places[Unit(answer.prompt_id, each.id)] = (at + start, at + end)
            begins = end + 1
        found = clear(left.text) if clear is not None else ()
        spans += [(at + start, at + end, instead) for start, end, instead in _instead(found)]
        parts.append(left.text)
        at += len(left.text)
    if not parts:
        return None
    laid = _moved(texts.replaced(BETWEEN.join(parts), spans), places)
    cuts = [each for place in laid.places.values() for each in place]
    laid = _moved(texts.plain(laid.text, cuts), laid.places)
    whole = Unit(answer.prompt_id)
    return Laid(laid.text, {whole: (0, len(laid.text)), **laid.places}, _english(answer, clear))


def _english(answer: Answer, clear: Clear | None) -> dict[Unit, str]:
    """What somebody put the answer and its sentences into English as, as it leaves."""
    said: dict[Unit, str] = {}
    whole = []
    for piece in answer.pieces:
        left = as_left(piece)
        if left is None or left.language == READ_BY_ALL:
            continue
        for each in left.sentences:
            text = NOT_YET
            if each.translation is not None:
                text = texts.plain(each.translation.text).text
                found = clear(text) if clear is not None else ()
                text = texts.replaced(text, _instead(found)).text
                said[Unit(answer.prompt_id, each.id)] = text
            whole.append(text)
    if said:
        said[Unit(answer.prompt_id)] = " ".join(whole)
    return said


def _with_english(before: str, english: str) -> str:
    return "\n".join(each for each in (before, english and f"{IN_ENGLISH}{english}") if each)


def _instead(spans: Iterable[Span]) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.placeholder) for each in spans]


def _moved(moved: texts.Moved, places: Mapping[Unit, tuple[int, int]]) -> Laid:
    return Laid(
        moved.text,
        {unit: (moved.start(start), moved.end(end)) for unit, (start, end) in places.items()},
    )


def _passage(
    interview_id: UUID,
    unit: Unit,
    laid: Laid,
    coded: Coded,
    memos: Sequence[Memo],
    moments: Mapping[tuple[Unit, str], datetime],
    *,
    named: bool,
) -> Passage:
    start, end = laid.places[unit]
    here = [each for each in memos if each.unit == unit]
    codes = coded.codes_on(unit)
    return Passage(
        id=_passage_id(interview_id, unit),
        start=start,
        end=end,
        words=_shortened(laid.text[start:end]) if named else "",
        description=_with_english("", laid.english.get(unit, "")),
        codings=tuple(
            Put(
                id=guid("coding", interview_id, unit.prompt_id, unit.sentence_id, each.code),
                code=guid("code", each.code),
                by=guid("coder", each.by),
                at=as_written(moments.get((unit, each.code))),
                notes=tuple(guid("memo", m.id) for m in here if m.code == each.code),
            )
            for each in coded.codings
            if each.unit == unit
        ),
        notes=tuple(guid("memo", each.id) for each in here if each.code not in codes),
    )


def _passage_id(interview_id: UUID, unit: Unit) -> UUID:
    return guid("passage", interview_id, unit.prompt_id, unit.sentence_id)


def _note(memo: Memo, clear: Clear | None) -> Note:
    text = texts.plain(memo.text).text
    if clear is not None:
        text = texts.replaced(text, _instead(clear(text))).text
    made = as_written(memo.at)
    return Note(guid("memo", memo.id), f"Memo {made}", text, guid("coder", memo.by), made)


def _moments(session: Session, interview_id: UUID) -> dict[tuple[Unit, str], datetime]:
    """When each code was put where, the last time."""
    book = current(session)
    rows = session.scalars(
        select(CodingCommand)
        .where(
            CodingCommand.interview_id == interview_id,
            CodingCommand.action == "put",
            CodingCommand.second.is_(False),
        )
        .order_by(CodingCommand.number)
    )
    return {
        (Unit(row.prompt, row.sentence_id), book.now(row.code).id): row.at
        for row in rows
        if row.prompt and row.code in book.codes
    }


def as_written(moment: datetime | None) -> str:
    """A moment as the standard writes it; empty for none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _asked(answer: Answer, guide: Guide) -> tuple[str, str]:
    if answer.prompt_id == NOTES:
        return "Notes", ""
    heading = guide.heading_of(answer.prompt_id).title
    return heading, guide.prompt(answer.prompt_id).text


def _channels(answer: Answer) -> str:
    names = [each.channel.value.replace("_", " ") for each in answer.pieces]
    return ", ".join(dict.fromkeys(names))


def _as_file_name(heading: str) -> str:
    """Some programs keep a source under its name: without what no file's name may hold."""
    return "".join(each for each in heading if each not in '\\/:*?"<>|')


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[: LONGEST_WORDS - 1] + "…"
