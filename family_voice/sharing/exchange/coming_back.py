"""Codes that were put on our accounts in another program, put on the accounts themselves.

A file's texts are known by their GUIDs (those that came with others got ours: see `known_again`)
and have to read as we would let them out now: then its passages are the same sentences. Codes are
only ever added, by whoever brings them in, as ordinary commands that can be undone; what the file
does not have stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.linking import case_of
from family_voice.cases.reading import round_id_of
from family_voice.sharing.exchange.keeping import accounts_in
from family_voice.sharing.exchange.leaving import Leaving, round_project
from family_voice.sharing.exchange.project import Passage, Project, Source, guid
from family_voice.themes import coding
from family_voice.themes.codebook import Codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, Unit


@dataclass(frozen=True)
class Back:
    """One code that the file has on a unit and the account has not."""

    interview_id: UUID
    unit: Unit
    code: str


@dataclass(frozen=True)
class Found:
    """What a project says of our accounts.

    Attributes:
        new: the codes that the accounts do not have yet.
        there: how many codings of the file are on the accounts already.
        texts: how many of its texts are answers of ours that read the same.
        changed: how many are answers of ours that read differently by now.
        unknown: how many codings have a code that our codebook does not offer.
        partly: how many passages are on no sentence as a whole.
    """

    new: tuple[Back, ...] = ()
    there: int = 0
    texts: int = 0
    changed: int = 0
    unknown: int = 0
    partly: int = 0


def look(session: Session, project: Project, reader: UUID, now: datetime) -> Found:
    """What a project would add to our accounts; changes nothing.

    Args:
        session: any session.
        project: what was read.
        reader: who brings it in; accounts that they code blind are not ours to them.
        now: the moment of looking.
    """
    codes = _codes(current(session), project)
    new: dict[Back, None] = {}
    there = texts = changed = unknown = partly = 0
    of_file = {each.id: each for each in project.sources}
    for ours, units, coded in _ours(session, of_file, reader, now):
        theirs = of_file[ours.id]
        if theirs.text not in ours.texts:
            changed += 1
            continue
        texts += 1
        places = ours.places[ours.texts.index(theirs.text)]
        for passage in theirs.passages:
            meant = units.get(passage.id)
            known = meant is not None and meant in places
            hit = [meant] if meant is not None and known else list(_hit(passage, places))
            partly += not hit and bool(passage.codings)
            for put in passage.codings:
                code = codes.get(put.code)
                if code is None:
                    unknown += 1
                    continue
                for unit in hit:
                    if code in coded.codes_on(unit):
                        there += 1
                    else:
                        new[Back(ours.interview_id, unit, code)] = None
    return Found(tuple(new), there, texts, changed, unknown, partly)


def put_on(session: Session, found: Found, by: UUID, now: datetime) -> tuple[UUID, ...]:
    """Put what was found on the accounts. Returns the accounts that were changed."""
    for each in found.new:
        coding.put(session, each.interview_id, each.unit, each.code, by, now)
    return tuple(dict.fromkeys(each.interview_id for each in found.new))


@dataclass(frozen=True)
class _Ours:
    """An answer of ours as it may have left: with names and without, and its units' places."""

    id: UUID
    interview_id: UUID
    texts: tuple[str, ...]
    places: tuple[Mapping[Unit, tuple[int, int]], ...]


def _ours(
    session: Session, wanted: Mapping[UUID, Source], reader: UUID, now: datetime
) -> Iterator[tuple[_Ours, Mapping[UUID, Unit], Coded]]:
    for round_id in _rounds_of(session, wanted):
        ways = [
            round_project(session, round_id, reader, now, names=names) for names in (True, False)
        ]
        coded = coding.coded_in(session, ways[0].accounts)
        for interview_id, account in ways[0].accounts.items():
            for source_id in account.laid:
                if source_id in wanted:
                    yield (
                        _laid(source_id, interview_id, ways),
                        account.units,
                        coded.get(interview_id, Coded()),
                    )


def _rounds_of(session: Session, wanted: Collection[UUID]) -> tuple[UUID, ...]:
    """The rounds of those of our accounts that a file has answers of, without opening any words."""
    found: dict[UUID, None] = {}
    for interview_id in accounts_in(session, wanted):
        case_id = case_of(session, interview_id)
        if case_id is not None:
            found[round_id_of(session, case_id)] = None
    return tuple(found)


def _laid(source_id: UUID, interview_id: UUID, ways: list[Leaving]) -> _Ours:
    accounts = [each.accounts[interview_id] for each in ways]
    return _Ours(
        source_id,
        interview_id,
        tuple(each.laid[source_id].text for each in accounts),
        tuple(each.laid[source_id].places for each in accounts),
    )


def _hit(passage: Passage, places: Mapping[Unit, tuple[int, int]]) -> Iterator[Unit]:
    """The units a passage is on: the whole answer, or each sentence of which it has most.

    One that lies inside a single sentence is on that sentence.
    """
    whole = next((unit for unit in places if unit.sentence_id is None), None)
    if whole is not None and (passage.start, passage.end) == places[whole]:
        yield whole
        return
    for unit, (start, end) in places.items():
        if unit.sentence_id is None or start == end:
            continue
        shared = min(end, passage.end) - max(start, passage.start)
        inside = start <= passage.start < passage.end <= end
        if 2 * shared > end - start or inside:
            yield unit


def _codes(book: Codebook, project: Project) -> dict[UUID, str]:
    """The codes of a file that are codes of ours: by their GUID, else by their name."""
    by_guid = {guid("code", each.id): each.id for each in book.codes.values()}
    by_name = {each.name.casefold(): each.id for each in book.codes.values()}
    found = {}
    for code_id, entry in project.every_code.items():
        known = by_guid.get(code_id) or by_name.get(entry.name.casefold())
        if known is not None and (code := book.now(known)).id in book.offered:
            found[code_id] = code.id
    return found
