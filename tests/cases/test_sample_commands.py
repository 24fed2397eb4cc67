"""An operator draws a sample at the command line and gets the file to fill in."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from family_voice.cases.commands import round_commands
from family_voice.cases.sample_commands import sample_commands
from family_voice.cli import main
from family_voice.settings import Settings
from tests.cases.caseloads import a_caseload, a_themed_round
from tests.cases.households import NOW
from tests.conftest import Database

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Operator:
    """Somebody at the command line."""

    def __init__(self, database: Database, settings: Settings) -> None:
        ready = (lambda: (database.sessions, settings), lambda: NOW)
        self.groups = {
            each.name: each for each in (*round_commands(*ready), sample_commands(*ready))
        }

    def __call__(self, group: str, *words: object) -> Result:
        return CliRunner().invoke(self.groups[group], [str(word) for word in words])


@pytest.fixture
def run(database: Database, settings: Settings) -> Operator:
    with database.sessions.begin() as session:
        a_themed_round(session)
    return Operator(database, settings)


@pytest.fixture
def caseload(database: Database) -> None:
    with database.sessions.begin() as session:
        a_caseload(session)


@one_database
@pytest.mark.usefixtures("caseload")
def test_draw_show_and_fill_in(run: Operator, tmp_path: Path) -> None:
    drawn = run("sample", "draw", "--seed", 20261118)
    assert drawn.exit_code == 0
    assert "with seed 20261118, from 26 of 60 in the caseload" in drawn.stdout
    shown = json.loads(run("sample", "show", "--json").stdout)
    assert [case["reference"] for case in shown["cases"]][:2] == ["CL-041", "CL-011"]
    assert shown["free"] == 0
    out = tmp_path / "names.csv"
    assert run("sample", "file", "-o", out).exit_code == 0
    assert os.stat(out).st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 6
    again = run("sample", "file", "-o", out)
    assert (again.exit_code, "not taken" in again.stderr) == (1, True)


@one_database
@pytest.mark.usefixtures("caseload")
def test_pick_by_hand(run: Operator) -> None:
    picked = run("sample", "pick", "CL-014", "--why", "complaint", "--json")
    assert json.loads(picked.stdout)["cases"][0]["how"] == "by_hand"
    assert "No child in the caseload" in run("sample", "pick", "X", "--why", "other").stderr
    assert run("sample", "pick", "CL-014", "--why", "because").exit_code == 2
    assert "6. " in run("sample", "draw").stdout
    assert "Every place is taken" in run("sample", "draw").stderr


@one_database
def test_every_refusal_is_one_line_that_says_what_to_do(run: Operator, database: Database) -> None:
    nobody = run("sample", "draw")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "caseload load" in nobody.stderr
    with database.sessions.begin() as session:
        a_caseload(session, size=6)
    few = run("sample", "draw")
    assert "Nothing was drawn: too few for these places" in few.stderr
    assert "3 places are free" in run("sample", "draw", "--short").stdout
    assert "keeps its seed" in run("sample", "draw", "--seed", 1).stderr
    assert "no round of this term" in run("sample", "draw", "--round", "Never").stderr


def test_it_is_one_of_the_programs_commands() -> None:
    assert "draw" in CliRunner().invoke(main, ["sample", "--help"]).output
