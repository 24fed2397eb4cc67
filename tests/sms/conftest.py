"""The town, for every test of the text-message channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from family_voice.settings import Settings
from tests.conftest import Database
from tests.sms.town import Town, a_town


@pytest.fixture
def town(settings: Settings, database: Database) -> Iterator[Town]:
    """Everything between a phone and the database, on each kind of database."""
    with a_town(settings, database) as place:
        yield place
