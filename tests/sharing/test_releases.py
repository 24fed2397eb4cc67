"""Releases over years: nothing until it is safe, then numbers that hold still."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.linking import interviews_of
from family_voice.cases.models import Case
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.people.staff import find_staff
from family_voice.sharing.models import Release
from family_voice.sharing.releases import (
    AlreadyReleased,
    LaterRoundReleased,
    NotFrozen,
    Published,
    make_release,
    newest,
    preview,
    released,
)
from family_voice.sharing.suppression import HEARD, NOT_HEARD, SAID_NO
from family_voice.themes.codebook_changes import Merge, Retire
from family_voice.themes.codebook_changing import change
from tests.sharing.history import a_lead, a_term


def codes_of(number: int) -> tuple[tuple[str, ...], ...]:
    """Of four families three speak of friends, two of waiting, and the fourth of something rare."""
    rare = ("listened_to", "in_school", "proud", "learning")[number % 4]
    return ("friends", "waiting"), ("friends", "waiting"), ("friends",), (rare,)


def ten_terms(session: Session) -> list[tuple[UUID, Published, datetime]]:
    """Ten rounds, each released once it froze, as a council would."""
    lead, made = a_lead(session), []
    for number in range(10):
        round_id, after = a_term(session, number, lead, codes=codes_of(number))
        made.append((round_id, make_release(session, round_id, after), after))
    return made


def test_ten_rounds_of_six(session: Session) -> None:
    made = ten_terms(session)
    published = [release for _round, release, _at in made]
    assert [release.number for release in published] == list(range(1, 11))
    for early in published[:4]:
        assert not early.enough
        assert (early.participation.of, early.themes.of) == (None, None)
    last = newest(session)
    assert last == published[-1]
    assert last is not None
    assert last.participation.enough
    assert (last.participation.shown(HEARD), last.participation.of) in ((30, 40), (30, 45))
    assert last.participation.shown(SAID_NO) is None
    assert last.participation.shown(NOT_HEARD) is None
    assert (last.themes.shown("friends"), last.themes.shown("waiting")) == (30, 20)
    assert last.themes.shown("proud") is None
    for before, after in pairwise(published):
        for name in ("participation", "themes"):
            stands_still = getattr(before, name) == getattr(after, name)
            assert stands_still is (name in after.kept) or not getattr(after, name).enough
    assert released(session) == {round_id for round_id, _release, _at in made}
    lead = find_staff(session, "lead@b.example")
    assert lead
    round_id, later = a_term(session, 10, lead.id, codes=codes_of(2))
    _a_merge_tells_no_small_number(session, round_id, lead.id, later)
    _withdrawing_changes_nothing_shown_and_everything_to_come(session, made)
    assert make_release(session, round_id, later).themes.of is None


def _withdrawing_changes_nothing_shown_and_everything_to_come(
    session: Session, made: list[tuple[UUID, Published, datetime]]
) -> None:
    *_before, (_round_id, release, after) = made
    case_ids = session.scalars(select(Case.id)).all()
    for interviews in interviews_of(session, case_ids).values():
        for interview in interviews:
            if record.state_of(session, interview).check_allowed:
                record.decide(
                    session, interview, Purpose.COUNT, False, channel=Channel.WEB, now=after
                )
    assert newest(session) == release


def _a_merge_tells_no_small_number(
    session: Session, round_id: UUID, lead: UUID, later: datetime
) -> None:
    """Of the hidden one nobody had spoken, and the two together may not tell even that."""
    before = preview(session, round_id, later)
    change(session, Retire("learning"), 1, "Unused", lead, later)
    change(session, Merge("hopes", "waiting"), 2, "The same", lead, later)
    after = preview(session, round_id, later)
    assert before.kept == after.kept == frozenset()
    gone = {row.label for row in before.themes.rows} - {row.label for row in after.themes.rows}
    assert gone == {"learning", "hopes"}
    assert (before.themes.shown("waiting"), after.themes.shown("waiting")) == (20, None)
    assert before.themes.shown("friends") == after.themes.shown("friends") == 30


def test_what_stands_in_the_way_of_a_release(session: Session) -> None:
    lead = a_lead(session)
    (first, after_first), (second, after_second) = (a_term(session, n, lead) for n in (0, 1))
    for make in (make_release, preview):
        with pytest.raises(NotFrozen):
            make(session, first, after_first - timedelta(days=1))
    make_release(session, second, after_second)
    for make in (make_release, preview):
        with pytest.raises(AlreadyReleased):
            make(session, second, after_second)
        with pytest.raises(LaterRoundReleased):
            make(session, first, after_second)
    assert session.scalars(select(Release.number)).all() == [1]


def test_a_look_beforehand_is_the_release_and_leaves_nothing(session: Session) -> None:
    lead = a_lead(session)
    round_id, after = a_term(session, 0, lead)
    assert newest(session) is None
    shown = preview(session, round_id, after)
    assert newest(session) is None
    assert make_release(session, round_id, after) == shown == newest(session)


def test_only_families_who_said_yes_to_it_are_counted(session: Session) -> None:
    lead, published = a_lead(session), None
    for number in range(7):
        round_id, after = a_term(session, number, lead, counted=2, codes=codes_of(number))
        published = make_release(session, round_id, after)
    assert published is not None
    assert published.participation.enough
    assert published.themes.of is None  # 14 families are not enough for a first table
    assert all(row.shown is None for row in published.themes.rows)
