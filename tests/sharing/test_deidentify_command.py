"""The command that takes names out of a file of texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from family_voice.cli import main

CASES = {"c1": {"child": ["Aniela Wójcik"], "school": ["St Brannoc's Primary School"]}}
LINE = {"id": "1", "case": "c1", "text": "Ani left St Brannoc's 🙂 with Quibblewick."}


def run(folder: Path, cases: object, *lines: object, model: str = "") -> tuple[int, str, Path]:
    (folder / "cases.json").write_text("\ufeff" + json.dumps(cases), "utf-8")
    written = [each if isinstance(each, str) else json.dumps(each) for each in lines]
    (folder / "in.jsonl").write_text("\n".join(written), "utf-8")
    out = folder / "out.jsonl"
    asked = [f"--cases={folder / 'cases.json'}", f"--in={folder / 'in.jsonl'}", f"--out={out}"]
    asked += ["--json", *([f"--model={model}"] if model else [])]
    done = CliRunner().invoke(main, ["deidentify", *asked])
    return done.exit_code, done.output, out


def test_lines_come_back_with_what_was_replaced(tmp_path: Path) -> None:
    status, output, out = run(tmp_path, CASES, LINE, "")
    assert status == 0
    assert json.loads(output)["texts"] == 1
    [line] = [json.loads(each) for each in out.read_text("utf-8").splitlines()]
    assert line["redacted"] == "[child] left [school] 🙂 with [name]."
    assert {**LINE, "redacted": line["redacted"], "spans": line["spans"]} == line
    assert [LINE["text"][each["start"] : each["end"]] for each in line["spans"]] == [
        "Ani", "St Brannoc's", "Quibblewick",
    ]  # fmt: skip
    assert [each["known"] for each in line["spans"]] == [True, True, False]


def test_what_people_marked_and_the_rules_missed_is_a_leak_without_its_words(
    tmp_path: Path,
) -> None:
    marked = [{"start": 0, "end": 3, "type": "PERSON", "known": True}]
    missed = [{"start": 4, "end": 8, "type": "PERSON", "known": False}]
    status, output, _out = run(tmp_path, CASES, {**LINE, "entities": marked + missed})
    said = json.loads(output)
    assert status == 0
    assert (said["recall"], said["recall_known"], said["marked"]) == (0.5, 1.0, 2)
    assert said["leaks"] == [{"id": "1", "start": 4, "end": 8, "type": "PERSON", "known": False}]


@pytest.mark.parametrize(
    ("cases", "line", "says"),
    [
        (CASES, {**LINE, "case": "c9"}, "Line 1 is of a case"),
        (CASES, {"id": "1", "case": "c1"}, "Line 1 is not"),
        (CASES, "{", "Line 1 is not"),
        (CASES, {**LINE, "entities": [{"start": 0, "end": 999}]}, "Line 1 is not"),
        ([], LINE, "one JSON object"),
        ({"c1": {"child": [1]}}, LINE, "Case c1"),
    ],
)
def test_bad_files_are_refused_with_a_sentence_and_nothing_written(
    tmp_path: Path, cases: object, line: object, says: str
) -> None:
    status, output, out = run(tmp_path, cases, line)
    assert status == 1
    assert says in output
    assert not out.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cases.json", "in.jsonl"]


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    status, output, out = run(tmp_path, CASES, LINE, model=str(tmp_path))
    assert (status, out.exists()) == (1, False)
    assert "no spaCy model in that folder" in output
