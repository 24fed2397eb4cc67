"""What the forum and the board may see: a frozen release, made when a round has frozen.

Nothing is counted at the moment of showing: pages show the newest release, so that refreshing a
page can never point at the family that was added or withdrawn in between. A release is never
corrected. Before it is made it is compared with all earlier ones; where the difference would say
too much, that table keeps the earlier release's numbers, and says of when they are.

A table is shown for the first time when it holds `FIRST_SHOWN_FROM` families, and reaches back over
`REACHES_BACK_TO`. Both look at numbers of families only, so waiting tells nothing. Tried over
made-up histories: earlier first tables are all but empty, and with four to six new families a term
they then stand in the way of fuller ones for a year.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.deadlines import has_passed
from family_voice.cases.gathering import Gathered, cases_of_rounds
from family_voice.cases.ledger import (
    Level3,
    Reason,
    Talk,
    family_reasons,
    ledger_line,
)
from family_voice.cases.models import Round
from family_voice.cases.permission import open_to
from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.sharing.models import Release
from family_voice.sharing.suppression import (
    HEARD,
    NOT_HEARD,
    SAID_NO,
    TERMS_IN_A_YEAR,
    Row,
    Shown,
    Table,
    Term,
    adding_up,
    beside_a_merge,
    overlapping,
    pool,
    protect,
    safe_after_all,
)
from family_voice.storage.locking import fetch, lock
from family_voice.themes.codebooks import current
from family_voice.themes.coding import coded_in

PARTICIPATION, THEMES = "participation", "themes"
FIRST_SHOWN_FROM, REACHES_BACK_TO = 25, 40
REASONS = {Reason.HEARD: HEARD, Reason.SAID_NO: SAID_NO, Reason.NOT_HEARD: NOT_HEARD}


class NotFrozen(Exception):
    """The round still takes accounts; a release would have to be corrected."""


class AlreadyReleased(Exception):
    """This round has its release; there is never a second."""


class LaterRoundReleased(Exception):
    """A later round has its release, and numbers never go back in time."""


@dataclass(frozen=True)
class Published:
    """A release as pages show it.

    `kept` names the tables that keep an earlier release's numbers, because new ones beside them
    would say too much about a few families. The last of a table's terms says of when it is.
    """

    number: int
    made_at: datetime
    participation: Shown
    themes: Shown
    kept: frozenset[str] = frozenset()

    @property
    def enough(self) -> bool:
        """Whether any table has anything to show."""
        return self.participation.enough or self.themes.enough


def make_release(session: Session, round_id: UUID, now: datetime) -> Published:
    """Freeze what may be said up to and with a round.

    Args:
        session: a writing session.
        round_id: a round that has frozen.
        now: when.

    Returns:
        The release.

    Raises:
        NotFrozen: if the round still takes accounts.
        AlreadyReleased: if it has been released.
        LaterRoundReleased: if a later round has been.
    """
    release = _composed(session, lock(session, Round, round_id), now)
    session.add(release)
    session.flush()
    return _published(release)


def preview(session: Session, round_id: UUID, now: datetime) -> Published:
    """What `make_release` would show, without making it. Raises the same."""
    return _published(_composed(session, fetch(session, Round, round_id), now))


def released(session: Session) -> frozenset[UUID]:
    """The rounds that have their release."""
    return frozenset(session.scalars(select(Release.round_id)))


def newest(session: Session) -> Published | None:
    """The release that the forum's and the board's pages show, or None before the first."""
    release = session.scalar(select(Release).order_by(Release.number.desc()).limit(1))
    return _published(release) if release else None


def counted_in(session: Session, family_id: UUID) -> Published | None:
    """The newest release in whose themes a family is counted, to tell that family; None for none.

    Args:
        session: any session.
        family_id: the family that is told, and nobody else.
    """
    for release in session.scalars(select(Release).order_by(Release.number.desc())):
        if str(family_id) in release.basis.get(THEMES, {}).get("families", ()):
            return _published(release)
    return None


def _composed(session: Session, held: Round, now: datetime) -> Release:
    if not has_passed(held.freezes_on, now):
        raise NotFrozen
    earlier = list(session.scalars(select(Release).order_by(Release.number)))
    done = [release.round_id for release in earlier]
    if held.id in done:
        raise AlreadyReleased
    if any(fetch(session, Round, each).freezes_on > held.freezes_on for each in done):
        raise LaterRoundReleased
    rounds = session.scalars(
        select(Round).where(Round.freezes_on <= held.freezes_on).order_by(Round.freezes_on)
    ).all()
    content: dict[str, Any] = {"kept": []}
    basis: dict[str, Any] = {}
    for name, table in _tables(session, rounds, now).items():
        before = [_table(release.basis[name]) for release in earlier if name in release.basis]
        if len(table.families) < FIRST_SHOWN_FROM and not before:
            content[name] = _to_json(_nothing_yet(table))
        elif safe_after_all(before, table):
            hidden = beside_a_merge(before, table, current(session).merged)
            content[name] = _to_json(_without(protect(table), hidden))
            basis[name] = _table_to_json(table)
        else:
            content[name] = earlier[-1].content[name]
            content["kept"].append(name)
    return Release(
        number=len(earlier) + 1, round_id=held.id, content=content, basis=basis, made_at=now
    )


def _tables(session: Session, rounds: Sequence[Round], now: datetime) -> dict[str, Table]:
    gathered = cases_of_rounds(session, [each.id for each in rounds], now)
    by_round: dict[UUID, list[Gathered]] = {each.id: [] for each in rounds}
    for each in gathered:
        by_round[each.session.round_id].append(each)
    sampled = [_sampled(each.term, by_round[each.id], now) for each in rounds]
    counted = [_counted(session, each.term, by_round[each.id], now) for each in rounds]
    # A theme that is offered no more is no theme of a new release; a merged one is in another's.
    labels = list(current(session).offered)
    return {
        PARTICIPATION: adding_up(
            pool(sampled, TERMS_IN_A_YEAR, REACHES_BACK_TO), (HEARD, SAID_NO, NOT_HEARD)
        ),
        THEMES: overlapping(pool(counted, until=REACHES_BACK_TO), labels),
    }


def _sampled(name: str, cases: Iterable[Gathered], now: datetime) -> Term:
    reasons = family_reasons(ledger_line(each.facts, now) for each in cases)
    return Term(
        name,
        frozenset(reasons),
        {
            label: frozenset(family for family, its in reasons.items() if its is reason)
            for reason, label in REASONS.items()
        },
    )


def _counted(session: Session, name: str, cases: Sequence[Gathered], now: datetime) -> Term:
    """Families that were heard and said yes to being counted, and the themes each spoke of."""
    owners = {
        account.interview_id: each.family_id
        for each in cases
        if ledger_line(each.facts, now).state is Level3.HEARD
        for account in each.accounts
        if account.talk is Talk.FINISHED and not account.professional
    }
    allowed = open_to(session, owners, Purpose.COUNT, Audience.FORUM, now)
    holding: dict[str, set[UUID]] = {}
    for interview_id, coded in coded_in(session, allowed).items():
        for code in coded.codes:
            holding.setdefault(code, set()).add(owners[interview_id])
    return Term(
        name,
        frozenset(owners[interview_id] for interview_id in allowed),
        {code: frozenset(families) for code, families in holding.items()},
    )


def _nothing_yet(table: Table) -> Shown:
    return Shown(table.terms, None, tuple(Row(label, None) for label in table.rows))


def _without(shown: Shown, hidden: Collection[str]) -> Shown:
    rows = (Row(row.label, None if row.label in hidden else row.shown) for row in shown.rows)
    return Shown(shown.terms, shown.of, tuple(rows))


def _published(release: Release) -> Published:
    return Published(
        number=release.number,
        made_at=release.made_at,
        participation=_shown(release.content[PARTICIPATION]),
        themes=_shown(release.content[THEMES]),
        kept=frozenset(release.content["kept"]),
    )


def _to_json(shown: Shown) -> dict[str, Any]:
    rows = [[row.label, row.shown] for row in shown.rows]
    return {"terms": list(shown.terms), "of": shown.of, "rows": rows}


def _shown(content: Mapping[str, Any]) -> Shown:
    rows = tuple(Row(label, shown) for label, shown in content["rows"])
    return Shown(tuple(content["terms"]), content["of"], rows)


def _table_to_json(table: Table) -> dict[str, Any]:
    return {
        "terms": list(table.terms),
        "families": sorted(str(family) for family in table.families),
        "rows": {
            label: sorted(str(family) for family in families)
            for label, families in table.rows.items()
        },
        "adds_up": table.adds_up,
    }


def _table(content: Mapping[str, Any]) -> Table:
    return Table(
        tuple(content["terms"]),
        frozenset(UUID(family) for family in content["families"]),
        {
            label: frozenset(UUID(family) for family in families)
            for label, families in content["rows"].items()
        },
        content["adds_up"],
    )
