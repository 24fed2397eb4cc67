"""`retention preview`, `run` and `reconcile`, as an operator types them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from family_voice.cli import main
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.settings import Settings, SettingsError
from tests.conftest import KEYS, Database
from tests.reports.panel_round import PanelRound, a_panel_round

NOW = datetime.now(UTC)


@pytest.fixture
def panel(database: Database) -> PanelRound:
    with database.sessions.begin() as session:
        return a_panel_round(session, NOW)


@pytest.fixture
def environment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {
        "FAMILY_VOICE_SECRET_KEY": "s" * 40,
        "FAMILY_VOICE_MASTER_KEYS": "1:" + base64.b64encode(KEYS[1]).decode(),
        "FAMILY_VOICE_PUBLIC_URL": "https://voice.council.example",
        "FAMILY_VOICE_SMS": "console",
        "FAMILY_VOICE_PHONE": "01632 960000",
        "FAMILY_VOICE_EMERGENCY_PHONE": "01632 960999",
        "FAMILY_VOICE_DATABASE_URL": database.url,
    }


def run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner(env=environment).invoke(main, ["retention", *arguments])


def test_preview_and_run(environment: dict[str, str], panel: PanelRound) -> None:
    shown = run(environment, "preview")
    assert shown.exit_code == 0, shown.output
    assert "kept 730 days after: the round froze." in shown.stdout
    assert "trail: The audit trail" in shown.stdout
    done = run(environment, "run")
    assert (done.exit_code, done.stdout) == (0, "Cleared away: 0.\n")


def test_reconcile_says_what_was_searched_and_what_is_left(
    environment: dict[str, str], panel: PanelRound, database: Database, tmp_path: Path
) -> None:
    with database.sessions.begin() as session:
        withdraw(session, panel.mother, Asked(Way.WEB, NOW.date()), NOW)
    clean = run(environment, "reconcile")
    assert clean.exit_code == 0, clean.output
    assert clean.stdout.endswith("Nothing is left.\n")
    export = tmp_path / "instance" / "export.csv"
    export.write_text(f"{panel.mother}\n")
    left = run(environment, "reconcile")
    assert left.exit_code != 0
    assert "export.csv: This file names an erased account. Delete it." in left.stderr
    assert "1 things are left." in left.stderr


@pytest.mark.parametrize("value", ["accounts=0", "accounts", "trail=3", "accounts=x"])
def test_a_period_that_cannot_be_is_refused(environment: dict[str, str], value: str) -> None:
    with pytest.raises(SettingsError, match="must be CLASS=DAYS"):
        Settings.from_environ(environment | {"FAMILY_VOICE_RETENTION": value})


def test_a_council_sets_its_periods(environment: dict[str, str], panel: PanelRound) -> None:
    shown = run(environment | {"FAMILY_VOICE_RETENTION": "accounts=365, texts=14"}, "preview")
    assert "kept 365 days after: the round froze." in shown.stdout
    assert "kept 14 days after: they came or went." in shown.stdout
