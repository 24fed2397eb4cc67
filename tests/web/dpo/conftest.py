"""The panel's round, signing in as on the panel's pages, and a data protection officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.conftest import Database
from tests.web.panel.conftest import panel, sign_in

__all__ = ["panel", "sign_in"]


@pytest.fixture
def officer_id(database: Database, now: datetime) -> UUID:
    """Their account."""
    with database.sessions.begin() as session:
        return add_staff(
            session, email="dpo@b.example", name="Grace Dovenby", roles=[Role.DPO], now=now,
            password="x" * 12, job_title="Data protection officer",
        ).staff_id  # fmt: skip


@pytest.fixture
def officer(sign_in: Callable[[UUID], FlaskClient], officer_id: UUID) -> FlaskClient:
    """A data protection officer at their browser."""
    return sign_in(officer_id)
