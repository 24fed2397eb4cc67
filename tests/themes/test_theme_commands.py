"""`themes learn`, `suggest` and `evaluate` on files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from family_voice.cli import main
from family_voice.themes.evaluation import Score, report
from tests.themes.learned_from import TRANSPORT, WAITING, examples

CODEBOOK = (
    "\ufeffName,Description,Examples\r\n"
    'Transport,"Taxi, bus",The taxi is late; No escort\r\n'
    "Waiting,Delays and waiting lists,We wait\r\n"
    "Listened to,Whether anybody listens,\r\n"
)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["themes", *(str(word) for word in words)])


def lines(path: Path, data: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in data), "utf-8")
    return path


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    return lines(
        tmp_path / "coded.jsonl",
        [
            {"id": f"t{at}", "text": each.text, "question": each.question, "codes": [*each.codes]}
            for at, each in enumerate(examples(2))
        ],
    )


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in path.read_text("utf-8").split("\n") if each]


def test_from_coded_texts_to_suggestions(tmp_path: Path, coded: Path) -> None:
    learned = run("learn", "--in", coded, "--model", tmp_path / "new" / "model")
    assert learned.exit_code == 0
    assert "Learned 3 codes from 42 texts." in learned.output
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '\ufeff{"id": 7, "text": "The taxi never came and we waited", "question": "worries"}\r\n\n'
        '{"id": "no question", "text": "The taxi driver\u2028is new", "codes": ["ignored"]}\n'
        '{"id": null, "text": "", "question": null}\n'
        '{"text": "🙂 wątek \\ud800", "question": "never asked"}',
        "utf-8",
    )
    out = tmp_path / "out.jsonl"
    done = run(
        "suggest", "--model", tmp_path / "new" / "model", "--in", asked, "--out", out
    )  # fmt: skip
    assert done.exit_code == 0
    found = told(out)
    assert [each["id"] for each in found] == [7, "no question", None, 5]
    assert all(set(each) == {"id", "codes", "scores"} for each in found)
    assert found[0]["codes"][0] == TRANSPORT
    assert found[1]["codes"] == [TRANSPORT]
    assert found[2]["codes"] == []
    assert all(0 <= score <= 1 for each in found for score in each["scores"].values())


def test_a_codebook_gives_codes_their_names(tmp_path: Path, coded: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text(CODEBOOK, "utf-8")
    named = lines(
        tmp_path / "named.jsonl",
        [{"id": 1, "text": "The taxi came late", "codes": [" transport "]}],
    )
    assert run("learn", "--in", named, "--model", tmp_path, "--codebook", book).exit_code == 0
    out = tmp_path / "out.jsonl"
    run("suggest", "--model", tmp_path, "--in", coded, "--out", out)
    assert set(told(out)[0]["scores"]) == {"Transport", "Waiting", "Listened to"}


def test_evaluate_prints_every_code_with_its_support(coded: Path) -> None:
    done = run("evaluate", "--in", coded, "--folds", 2)
    assert done.exit_code == 0
    assert any(each.split()[:2] == [WAITING, "16"] for each in done.stdout.splitlines())
    assert "Calibration" in done.stdout
    data = json.loads(run("evaluate", "--in", coded, "--folds", 2, "--json").stdout)
    assert data["texts"] == 42
    assert data["micro_f1"] > 0.5
    assert {each["code"]: each["support"] for each in data["codes"]}[TRANSPORT] == 16


def test_a_model_is_looked_at_on_other_texts(tmp_path: Path, coded: Path) -> None:
    run("learn", "--in", coded, "--model", tmp_path)
    new = lines(tmp_path / "new.jsonl", [{"id": 1, "text": "A taxi", "codes": [TRANSPORT]}])
    done = run("evaluate", "--in", new, "--model", tmp_path, "--json")
    assert json.loads(done.stdout)["micro_f1"] == 1.0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"id": 1, "text": "x"}\n{"id"', "coded.jsonl, line 2: this is not JSON"),
        ('["x"]', "line 1: this is no object"),
        ('{"text": "x", "codes": "waiting"}', "codes has to be a list"),
        ('{"text": 5}', "text has to be words"),
        ("", "no code to learn"),
        ('{"text": "x", "codes": []}', "no code to learn"),
    ],
)
def test_a_file_that_cannot_be_learned_from(tmp_path: Path, content: str, says: str) -> None:
    bad = tmp_path / "coded.jsonl"
    bad.write_text(content, "utf-8")
    done = run("learn", "--in", bad, "--model", tmp_path / "model")
    assert done.exit_code == 1
    assert says in done.output
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("title\nx\n", "no column called name"),
        ("name\nx\nx\n", "is there twice"),
        ("", "no column"),
    ],
)
def test_a_codebook_that_cannot_be_used(
    tmp_path: Path, coded: Path, content: str, says: str
) -> None:
    (tmp_path / "book.csv").write_text(content)
    done = run(
        "learn", "--in", coded, "--model", tmp_path / "m", "--codebook", tmp_path / "book.csv"
    )
    assert done.exit_code == 1
    assert says in done.output


def test_there_has_to_be_a_whole_model(tmp_path: Path, coded: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("suggest", "--model", tmp_path, "--in", coded, "--out", out)
    assert done.exit_code == 1
    assert "There is no model" in done.output
    (tmp_path / "themes.model").write_bytes(b"no model")
    done = run("suggest", "--model", tmp_path, "--in", coded, "--out", out)
    assert "broken" in done.output
    assert not out.exists()


def test_figures_by_hand() -> None:
    found = report(
        [frozenset("a"), frozenset("ab"), frozenset()],
        [["a"], ["b", "c"], ["a"]],
        [{"a": 0.8}, {"b": 0.9, "c": 0.6}, {"a": 0.8}],
    )
    assert found.codes == (Score("a", 2, 2, 1), Score("b", 1, 1, 1), Score("c", 0, 1, 0))
    assert found.micro == pytest.approx(2 * 2 / (3 + 4))
    assert found.macro == pytest.approx((0.5 + 1) / 2)
    eight = next(each for each in found.calibration if each.low == 0.8)
    assert (eight.count, eight.right) == (2, 0.5)
    assert eight.said == pytest.approx(0.8)
