"""The panel's round on the test's database, and signing anybody in by the demo's own button."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tests.conftest import Database
from tests.reports.panel_round import PanelRound, a_panel_round
from tests.web.entering import Enter, by_the_demos_button


@pytest.fixture
def panel(database: Database, now: datetime) -> PanelRound:
    """A round with a heard case and its panel."""
    with database.sessions.begin() as session:
        return a_panel_round(session, now)


@pytest.fixture
def sign_in(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """A browser in which somebody is signed in."""
    return by_the_demos_button(demo_app, monkeypatch)
