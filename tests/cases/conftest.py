"""A member of staff for the tests of cases."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.people.access import Role
from family_voice.people.staff import add_staff, find_staff
from tests.cases.households import NOW


@pytest.fixture
def staff(session: Session) -> UUID:
    """A member of staff who talks with them."""
    email = "lee@council.example"
    add_staff(session, email=email, roles=[Role.LEAD], now=NOW)
    found = find_staff(session, email)
    assert found
    return found.id
