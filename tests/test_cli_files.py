"""The commands that need no database: matching two files, checking a framework's file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from family_voice.cases import match_commands
from family_voice.cli import main
from family_voice.frameworks import loader

CASES = "id,first_name,last_name,date_of_birth,school\n1,Aaliyah,Example,2016-03-14,Hollybank\n"
ACCOUNTS = "id,first_name,last_name,date_of_birth,school\nx,Aaliya,Example,14/03/2016,Holybank\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def match(
    folder: Path, cases: str = CASES, accounts: str = ACCOUNTS, more: Sequence[str] = ()
) -> Result:
    (folder / "a.csv").write_text(cases)
    (folder / "b.csv").write_text(accounts)
    return run(
        "cases", "match", "--caseload", folder / "a.csv", "--accounts", folder / "b.csv",
        "--out", folder / "c.csv", *more,
    )  # fmt: skip


def test_pairs_are_proposed_with_reasons(tmp_path: Path) -> None:
    done = match(tmp_path)
    assert done.exit_code == 0
    assert "Pairs to look at: 1" in done.output
    header, pair = (tmp_path / "c.csv").read_text().splitlines()
    assert header == "case,account,score,decision,reasons"
    assert pair.startswith("1,x,")
    assert "school spelled differently" in pair


def test_one_json_document_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(match_commands, "LONG_WORK", 1)
    done = match(tmp_path, more=["--json"])
    assert json.loads(done.stdout) == {
        "cases": 1, "accounts": 1, "pairs": 1, "certain": 0, "learned_from": 0,
    }  # fmt: skip
    assert done.stderr == "1 of 1 rows compared\n"


@pytest.mark.parametrize(("cases", "says"), [("name\nX\n", "id"), ("id\n1\n1\n", "row 3")])
def test_a_file_that_cannot_be_matched(tmp_path: Path, cases: str, says: str) -> None:
    done = match(tmp_path, cases=cases)
    assert done.exit_code == 1
    assert "a.csv" in done.output
    assert says in done.output
    assert not (tmp_path / "c.csv").exists()


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    gone = tmp_path / "gone.csv"
    done = run("cases", "match", "--caseload", gone, "--accounts", gone, "--out", tmp_path / "c")
    assert done.exit_code == 1
    assert done.output.count("\n") == 1
    assert "gone.csv" in done.output


def test_the_framework_that_comes_along_can_be_used() -> None:
    done = run("framework", "check", loader.FOLDER / "blackburn_with_darwen.yaml")
    assert done.exit_code == 0
    assert "The file can be used." in done.output


def test_mistakes_in_a_framework_are_named_by_line(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("id: ours\nversions: []\n")
    done = run("framework", "check", file)
    assert done.exit_code == 1
    assert "ours.yaml, line " in done.output
