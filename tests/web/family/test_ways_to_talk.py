"""Asking for a call by a way that suits: Relay UK, BSL, video, an interpreter."""

from __future__ import annotations

import pytest

from family_voice.people import register
from family_voice.storage.engine import reading
from tests.conftest import Database
from tests.web.family.conftest import Household


@pytest.mark.parametrize("way", ["relay", "bsl", "video", "interpreter", ""])
def test_the_way_they_choose_is_kept_with_how_they_are_reached(
    family: Household, database: Database, way: str
) -> None:
    page = family.asked().open("/ring-me")
    assert "It is never a child, or a brother or sister." in page.text
    page.press("Yes, please ring me", **({"way": way} if way else {}))
    assert "Somebody will ring you" in page.text
    with reading(database.sessions) as session:
        person = register.person(session, family.invitation.participant_id)
        assert person is not None
        assert person.facts.contact.access_needs == ((way,) if way else ())
