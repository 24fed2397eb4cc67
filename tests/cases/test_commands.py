"""An operator opens a round and brings its cases from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.commands import round_commands
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.cli import main
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW
from tests.conftest import Database

OPEN = ("round", "open", "--term", "Autumn 2026", "--theme", "transition_year=year_6",
        "--session", "2026-12-09", "--session", "2026-12-16")  # fmt: skip


class Operator:
    """Somebody at the command line."""

    def __init__(self, database: Database, settings: Settings) -> None:
        found = round_commands(lambda: (database.sessions, settings), lambda: NOW)
        self.groups = {each.name: each for each in found}

    def __call__(self, group: str, *words: object) -> Result:
        return CliRunner().invoke(self.groups[group], [str(word) for word in words])


@pytest.fixture
def run(database: Database, settings: Settings) -> Operator:
    return Operator(database, settings)


def test_a_round_and_its_cases(run: Operator, database: Database) -> None:
    opened = run(*OPEN)
    assert opened.exit_code == 0
    assert "heard by 2026-12-02" in opened.output
    done = run("caseload", "import", EXAMPLE)
    assert done.exit_code == 0
    assert done.stdout == "6 cases are in Autumn 2026.\n"
    assert "Autumn 2026 (Multi-agency assurance): Year 6" in run("round", "list").output
    with reading(database.sessions) as session:
        [only] = all_rounds(session)
        assert len(round_ledger(session, only.id, NOW).cases) == 6


def test_a_bad_file_brings_nothing(run: Operator, database: Database, tmp_path: Path) -> None:
    run(*OPEN)
    bad = tmp_path / "bad.csv"
    bad.write_text(EXAMPLE.read_text().replace("07700 900104", "12"))
    done = run("caseload", "import", bad)
    assert done.exit_code == 1
    assert "Line 7, mobile: " in done.stderr
    assert "Nothing was imported" in done.stderr
    assert "900104" not in done.output
    with reading(database.sessions) as session:
        assert round_ledger(session, all_rounds(session)[0].id, NOW).cases == ()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("caseload", "import", EXAMPLE), "Open one with"),
        (("caseload", "import", EXAMPLE, "--round", "Never"), "no round of this term"),
        (("caseload", "import", "/gone.csv"), "cannot be opened"),
        ((*OPEN[:4], "--theme", "year_6", *OPEN[6:]), "THEME=VALUE"),
        ((*OPEN[:4], "--theme", "a=b", *OPEN[6:]), "that the framework has"),
        (OPEN[:8], "one --session for each"),
    ],
)
def test_what_is_wrong_is_one_line(run: Operator, words: tuple[str, ...], says: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_term_is_opened_once(run: Operator) -> None:
    run(*OPEN)
    assert "another name" in run(*OPEN).stderr


@pytest.mark.parametrize("words", [("round", "open"), ("round", "list"), ("caseload", "import")])
def test_the_commands_are_there(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
