"""Drawing a round's sample, replacing what was stood down, and picking a case by hand.

A round is drawn once. Its seed is made by the machine's own chance at that moment, so that nobody
draws until they like the sample, and is kept, so that anybody can draw it again and see that it is
the same. A family that says no or stays silent keeps its place.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.caseload_reading import Entry, entry_of, make_up_of
from family_voice.cases.deadlines import london_date
from family_voice.cases.finality import insist_not_final
from family_voice.cases.ledger import StoodDown
from family_voice.cases.models import Round
from family_voice.cases.sample_models import SampledCase, SampleDraw
from family_voice.cases.sampled import (
    DrawView,
    How,
    SampleLine,
    SampleView,
    Why,
    candidate_of,
    caseload_candidates,
    order_of,
    places_of,
    sample_of,
    themes_drawn_by,
)
from family_voice.cases.sampling import (
    Candidate,
    Chosen,
    Drawn,
    Lacking,
    LeftOut,
    draw,
    left_out,
    seats,
)
from family_voice.cases.standing_down import AlreadyStoodDown
from family_voice.storage.base import new_id
from family_voice.storage.locking import fetch, lock

SEEDS = 10**9


class NoCaseload(Exception):
    """There is no caseload to draw from."""


class NothingToDraw(Exception):
    """Every place of the sample is taken."""


class SeedIsKept(Exception):
    """The round has been drawn; what is drawn now follows the seed that it has."""


class RoundIsOver(Exception):
    """The round is frozen: its sample stays as it is."""


class NotInCaseload(LookupError):
    """No child in the caseload has this reference."""


class InSampleAlready(Exception):
    """This child is in the round's sample, or was and has been stood down."""


class HasItsCase(Exception):
    """The names of this case are in: it is stood down on its own page."""


@dataclass(frozen=True)
class Outlook:
    """What a draw would find: who may be drawn, why the others may not, and what would lack."""

    in_caseload: int
    may_be_drawn: int
    left_out: Mapping[LeftOut, int]
    lacking: tuple[Lacking, ...]


def outlook(session: Session, round_id: UUID, now: datetime) -> Outlook:
    """What drawing a round's sample now would find. Raises Missing, NoRoom."""
    sample = sample_of(session, round_id)
    pairs, found = _drawn(session, sample, _day(sample.draw, now), 0, short=True)
    return Outlook(len(pairs), found.may_be_drawn, found.left_out, found.lacking)


def draw_sample(
    session: Session,
    round_id: UUID,
    by: UUID | None,
    now: datetime,
    *,
    seed: int | None = None,
    short: bool = False,
) -> SampleView:
    """Draw a round's sample, or whoever comes next where places have come free.

    What is in the sample stays: cases picked by hand, and those that came in with a file.

    Args:
        session: a writing session.
        round_id: which round.
        by: who draws; None for an operator.
        now: when.
        seed: to repeat a draw; without one, chance makes it.
        short: draw what there is, where the caseload does not hold the sample.

    Returns:
        The sample.

    Raises:
        NothingToDraw: if every place is taken.
        SeedIsKept: for a seed where the round has been drawn.
        NoCaseload: if there is nobody to draw from.
        NotEnough: if the sample cannot be filled; nothing is drawn.
        NoRoom: if what is in it already fits no place that the rule has left.
        RoundIsOver, IsFinal: if the round stays as it is.
        Missing: if there is no such round.
    """
    sample = _changeable(session, round_id, now)
    if sample.draw and seed is not None:
        raise SeedIsKept
    if not sample.empty:
        raise NothingToDraw
    given = seed is not None
    on = _day(sample.draw, now)
    if sample.draw:
        seed = sample.draw.seed
    elif seed is None:
        seed = secrets.randbelow(SEEDS)
    pairs, found = _drawn(session, sample, on, seed, short=short)
    if not pairs:
        raise NoCaseload
    if sample.draw is None:
        session.add(
            SampleDraw(
                round_id=round_id,
                seed=seed,
                seed_given=given,
                drawn_on=on,
                in_caseload=len(pairs),
                may_be_drawn=found.may_be_drawn,
                left_out=dict(found.left_out),
                made_of=make_up_of((entry for _candidate, entry in pairs), on),
                by=by,
                at=now,
            )
        )
    entry = {candidate.id: entry for candidate, entry in pairs}
    new = found.chosen[len(sample.standing) :]
    _seat(
        session, sample, found, [(each, entry[each.candidate.id]) for each in new],
        How.DRAWN, by, now,
    )  # fmt: skip
    return sample_of(session, round_id)


def pick_by_hand(
    session: Session, round_id: UUID, reference: str, why: Why, by: UUID | None, now: datetime
) -> SampleLine:
    """Put a child into a round's sample by hand, and keep that it was by hand, and why.

    Raises:
        NotInCaseload: if the caseload has no such reference.
        InSampleAlready: if it is in the round, or was.
        NothingToDraw: if every place is taken.
        NoRoom: if no place is left that the rule has for such a child.
        RoundIsOver, IsFinal: if the round stays as it is.
        Missing: if there is no such round.
    """
    sample = _changeable(session, round_id, now)
    entry = entry_of(session, reference)
    if entry is None:
        raise NotInCaseload
    if order_of(entry.reference) in _ever(sample):
        raise InSampleAlready
    if not sample.empty:
        raise NothingToDraw
    on = _day(sample.draw, now)
    one = candidate_of(session, sample.round, on, entry)
    audit, themes = sample.round.audit, themes_drawn_by(sample.round)
    kept = [*map(_kept, sample.standing), one]
    found = draw((), audit, on=on, seed=0, themes=themes, kept=kept, short=True)
    _seat(
        session, sample, found, [(found.chosen[-1], entry)], How.BY_HAND, by, now,
        why=why, against=left_out(one, audit, on, themes),
    )  # fmt: skip
    return sample_of(session, round_id).lines[len(places_of(session, round_id)) - 1]


def stand_down_place(session: Session, place_id: UUID, reason: StoodDown, now: datetime) -> UUID:
    """Take a child out of a sample whose names have not come in yet.

    Returns:
        The round's id.

    Raises:
        HasItsCase: if the names are in.
        AlreadyStoodDown: if somebody did it meanwhile.
        RoundIsOver, IsFinal: if the round stays as it is.
        Missing: if there is no such place.
    """
    # The round first, as whoever draws takes them, so that the two do not wait for each other.
    _changeable(session, fetch(session, SampledCase, place_id).round_id, now)
    place = lock(session, SampledCase, place_id)
    if place.case_id is not None:
        raise HasItsCase
    if place.stood_down_at is not None:
        raise AlreadyStoodDown
    place.stood_down_reason, place.stood_down_at = reason.value, now
    session.flush()
    return place.round_id


def _changeable(session: Session, round_id: UUID, now: datetime) -> SampleView:
    lock(session, Round, round_id)
    insist_not_final(session, round_id)
    sample = sample_of(session, round_id)
    if sample.round.frozen(now):
        raise RoundIsOver
    return sample


def _day(drawn: DrawView | None, now: datetime) -> date:
    """Whoever replaces a case is drawn as on the day of the draw."""
    return drawn.drawn_on if drawn else london_date(now)


def _drawn(
    session: Session, sample: SampleView, on: date, seed: int, *, short: bool
) -> tuple[list[tuple[Candidate, Entry]], Drawn]:
    pairs = caseload_candidates(session, sample.round, on)
    found = draw(
        (candidate for candidate, _entry in pairs),
        sample.round.audit,
        on=on,
        seed=seed,
        themes=themes_drawn_by(sample.round),
        kept=[_kept(line) for line in sample.standing],
        never=_ever(sample),
        short=short or not pairs,
    )
    return pairs, found


def _kept(line: SampleLine) -> Candidate:
    return Candidate(order_of(line.reference) or line.place_id, line.plan_type, line.phase)


def _ever(sample: SampleView) -> set[str]:
    return {order_of(line.reference) for line in sample.lines if line.reference}


def _seat(
    session: Session,
    sample: SampleView,
    found: Drawn,
    new: Sequence[tuple[Chosen, Entry]],
    how: How,
    by: UUID | None,
    now: datetime,
    *,
    why: Why | None = None,
    against: LeftOut | None = None,
) -> None:
    """Give those who are new a session, and say whose place they take."""
    audit, rows = sample.round.audit, places_of(session, sample.round.id)
    stratum_of = dict(
        zip(
            (line.place_id for line in sample.standing),
            (each.stratum for each in found.chosen),
            strict=False,
        )
    )
    for row in rows:
        row.stratum = stratum_of.get(row.id, row.stratum)
    seated = [(_kept(line), line.session_number) for line in sample.standing]
    taken = [number for _candidate, number in seated]
    room = {
        each.number: audit.cases_per_session - taken.count(each.number)
        for each in sample.round.sessions
    }
    session_of = seats([each.candidate for each, _entry in new], room, seated)
    replaced = {row.instead_of for row in rows}
    free = [
        row
        for row, line in zip(rows, sample.lines, strict=False)
        if sample.draw and line.stood_down and row.id not in replaced
    ]
    for number, (each, entry) in enumerate(new, len(rows) + 1):
        before = next((row for row in free if row.stratum == each.stratum), next(iter(free), None))
        if before is not None:
            free.remove(before)
        session.add(
            SampledCase(
                id=new_id(),
                round_id=sample.round.id,
                number=number,
                session_number=session_of.get(each.candidate.id, 1),
                entry_id=entry.id,
                plan_type=each.candidate.plan_type,
                phase=each.candidate.phase,
                stratum=each.stratum,
                how=(How.REPLACEMENT if before and how is How.DRAWN else how).value,
                why=why.value if why else "",
                left_out=against.value if against else "",
                instead_of=before.id if before else None,
                by=by,
                at=now,
            )
        )
    session.flush()
