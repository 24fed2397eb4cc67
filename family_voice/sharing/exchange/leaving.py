"""A round as a project for other programs: without names, unless somebody asked who may see them.

Only what a lead may read leaves: finished accounts of families that agreed to talk. Accounts that
the reader codes blind stay out of the file until they are done, for the codes are in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.ledger import Talk
from family_voice.cases.permission import open_to
from family_voice.cases.reading import CaseView, round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.people.staff import names_of_staff
from family_voice.sharing.exchange import codes
from family_voice.sharing.exchange.answers import (
    AUDIENCE,
    CHANNEL,
    HEADING,
    Left,
    leaving,
)
from family_voice.sharing.exchange.project import (
    CaseEntry,
    CodeEntry,
    Coder,
    Project,
    Value,
    Variable,
    guid,
)
from family_voice.sharing.replacements import Clearing, clearings, of_rounds
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Coded, coded_in
from family_voice.themes.memos import memos_on
from family_voice.themes.second_coding import blind_to

ORIGIN: Final = "Family Voice"
ROUND: Final = guid("variable", "round")
VARIABLES: Final = (
    Variable(ROUND, "Round"),
    Variable(HEADING, "Heading"),
    Variable(CHANNEL, "Channel"),
    Variable(AUDIENCE, "Audience"),
)


@dataclass(frozen=True)
class Leaving:
    """A round as it leaves.

    `accounts` are those whose words are in it; `blind` counts those left out because the reader
    codes them blind.
    """

    project: Project
    accounts: dict[UUID, Left]
    blind: int


def round_project(
    session: Session, round_id: UUID, reader: UUID | None, now: datetime, *, names: bool = False
) -> Leaving:
    """A round's accounts with their codes, memos, cases and variables.

    Args:
        session: any session.
        round_id: which round.
        reader: who asks for it; None for the operator.
        now: the moment of leaving.
        names: whether names stay in; that the reader may see them is the caller's to know.

    Raises:
        Missing: if there is no such round.
        Erased: if an account's words are gone while it is read.
    """
    ledger = round_ledger(session, round_id, now)
    finished = {
        facts.interview_id: case
        for case in ledger.cases
        for facts in case.accounts
        if facts.talk is Talk.FINISHED
    }
    allowed = open_to(session, finished, Purpose.TALK, Audience.LEAD, now)
    blind = allowed & blind_to(session, reader) if reader is not None else set()
    coded = coded_in(session, allowed - blind)
    cases = {case.case_id: case for case in ledger.cases}
    leaves = [each for each in finished if each in allowed and each not in blind]
    clear = {} if names else clearings(session, leaves)
    of_case: dict[UUID, list[Left]] = {}
    accounts: dict[UUID, Left] = {}
    for interview_id in leaves:
        case = finished[interview_id]
        told = of_case.setdefault(case.case_id, [])
        left = leaving(
            session,
            interview_id,
            f"{_label(case, names)}-{len(told) + 1}",
            coded.get(interview_id, Coded()),
            memos_on(session, interview_id),
            None if names else clear[interview_id].spans,
        )
        if not left.sources:
            continue  # its words were deleted at the end of their time, or all are kept back
        told.append(left)
        accounts[interview_id] = left
    every = [left for lefts in of_case.values() for left in lefts]
    term = ledger.round.term
    used = {each.code for its in coded.values() for each in its.codings}
    book = codes.entries(current(session), used)
    project = Project(
        name=f"{ORIGIN}, {term}",
        origin=ORIGIN,
        coders=_coders(session, {each for left in every for each in left.by}, names),
        codes=book if names else without_names(book, of_rounds(session, [round_id])),
        variables=VARIABLES if every else (),
        cases=tuple(
            CaseEntry(
                guid("case", case_id),
                _label(cases[case_id], names),
                values=(Value(ROUND, term),),
                sources=tuple(source.id for left in lefts for source in left.sources),
            )
            for case_id, lefts in of_case.items()
        ),
        sources=tuple(source for left in every for source in left.sources),
        notes=tuple(note for left in every for note in left.notes),
    )
    return Leaving(project, accounts, len(blind))


def codebook_project(session: Session, *, names: bool = False) -> Project:
    """The codebook alone, cleared of everybody who is known in any round.

    It is of no round: what somebody wrote into a code may be about any family that was ever met.

    Args:
        session: any session.
        names: whether names stay in; that the reader may see them is the caller's to know.
    """
    book = codes.entries(current(session))
    if not names:
        rounds = [each.id for each in all_rounds(session)]
        book = without_names(book, of_rounds(session, rounds))
    return Project(ORIGIN, ORIGIN, codes=book)


def without_names(book: tuple[CodeEntry, ...], clearing: Clearing) -> tuple[CodeEntry, ...]:
    """A codebook without anybody's name; what the starter codebook says was written by us."""
    ours = {
        (entry.id, said)
        for top in codes.entries(load_codebook())
        for entry in top.every()
        for said in (entry.name, entry.description)
    }

    def plain(entry: CodeEntry) -> CodeEntry:
        name, description = (
            said if not said or (entry.id, said) in ours else clearing.names_in(said)
            for said in (entry.name, entry.description)
        )
        parts = tuple(plain(part) for part in entry.parts)
        return replace(entry, name=name, description=description, parts=parts)

    return tuple(plain(entry) for entry in book)


def _label(case: CaseView, names: bool) -> str:
    """What a case is called: without names, by the beginning of its GUID."""
    if names:
        return f"{case.reference} {case.child.facts.name}".strip()
    return f"Case {guid('case', case.case_id).hex[:6]}"


def _coders(session: Session, by: set[UUID], names: bool) -> tuple[Coder, ...]:
    known = names_of_staff(session, by) if names else {}
    made = [
        Coder(guid("coder", each), known.get(each) or f"Coder {guid('coder', each).hex[:6]}")
        for each in by
    ]
    return tuple(sorted(made, key=lambda each: (each.name, each.id)))
