"""Guesses run out: a window, a subject and a scope each, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.security.models import FailedAttempt
from family_voice.security.throttling import LIMITS, allowed, count_failure, take_back
from tests.conftest import Database


@pytest.mark.parametrize("scope", sorted(LIMITS))
def test_the_limit_of_every_scope(session: Session, now: datetime, scope: str) -> None:
    limit = LIMITS[scope]
    for _ in range(limit.count):
        assert allowed(session, scope, "somebody", now)
        count_failure(session, scope, "somebody", now)
    assert not allowed(session, scope, "somebody", now)
    assert allowed(session, scope, "somebody else", now)
    assert allowed(session, scope, "somebody", now + limit.window)


def test_scopes_do_not_share_their_counts(session: Session, now: datetime) -> None:
    for _ in range(LIMITS["code_by_code"].count):
        count_failure(session, "code_by_code", "x", now)
    assert not allowed(session, "code_by_code", "x", now)
    assert allowed(session, "code_by_address", "x", now)


def test_a_right_try_is_taken_back(session: Session, now: datetime) -> None:
    for _ in range(LIMITS["second_factor"].count - 1):
        count_failure(session, "second_factor", "x", now)
    last = count_failure(session, "second_factor", "x", now)
    assert allowed(session, "second_factor", "x", now, counted=True)
    assert not allowed(session, "second_factor", "x", now)
    take_back(session, [last])
    assert allowed(session, "second_factor", "x", now)


def test_old_failures_are_forgotten(session: Session, now: datetime) -> None:
    count_failure(session, "code_word", "x", now - timedelta(days=3))
    count_failure(session, "code_word", "y", now)
    assert session.scalar(select(func.count()).select_from(FailedAttempt)) == 1


def test_the_subject_is_not_stored(session: Session, now: datetime) -> None:
    count_failure(session, "sign_in_by_account", "lee@council.example", now)
    row = session.scalars(select(FailedAttempt)).one()
    assert b"lee" not in row.subject
    assert len(row.subject) == 32


def test_many_tries_at_once_are_no_more_than_the_limit(database: Database, now: datetime) -> None:
    """Counted and committed before it is asked, no try slips through beside another."""

    def guess(_number: int) -> bool:
        with database.sessions.begin() as session:
            count_failure(session, "second_factor", "x", now)
        with database.sessions.begin() as session:
            return allowed(session, "second_factor", "x", now, counted=True)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) <= LIMITS["second_factor"].count
