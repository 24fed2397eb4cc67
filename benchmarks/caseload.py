"""A county's caseload: how long an export takes and how much memory, beside only reading it.

Each row is a process of its own (`python -m benchmarks.caseload FILE DATABASE`), so that its peak
of memory is its own.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl import load_workbook

from family_voice.cases.caseload_examples import example_rows, write_example
from family_voice.cases.caseload_keeping import check, take_in
from family_voice.cases.caseload_mapping import known_mappings
from family_voice.frameworks.loader import version_in_force
from family_voice.operations import tables
from family_voice.operations.migrations import upgrade
from family_voice.security.keyring import Keyring
from family_voice.storage.engine import make_engine, make_sessions

SIZES = (2_000, 20_000)
MAPPING = "capita_one"
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def caseload_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    rows = []
    mapping, on = known_mappings()[MAPPING], NOW.date()
    framework = version_in_force("blackburn_with_darwen", on)
    with TemporaryDirectory(prefix="family-voice-caseload-") as folder:
        for lines in SIZES:
            for ending in ("csv", "xlsx"):
                file = Path(folder) / f"{lines}.{ending}"
                with file.open("wb") as out:
                    children = example_rows(mapping, framework, lines, on)
                    write_example(out, children, workbook=ending == "xlsx")
                got = _in_its_own_process(file, Path(folder) / f"{lines}-{ending}.db")
                rows.append(
                    [f"{lines:,} lines, {ending.upper()}"]
                    + [f"{got[name]:.1f}" for name in ("floor", "check", "take", "again")]
                    + [f"{got['before']:.0f}", f"{got['peak']:.0f}"]
                )
    heads = [
        "", "only reading, s", "checked, s", "taken in, s", "the same again, s",
        "MB before", "MB at most",
    ]  # fmt: skip
    return heads, rows


def _in_its_own_process(file: Path, database: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.caseload", str(file), str(database)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _read_only(file: Path) -> int:
    """What any program would have to do: look at every cell."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as text:
            return sum(len(cells) for cells in csv.reader(text))
    book = load_workbook(file, read_only=True)
    return sum(len(cells) for cells in book.worksheets[0].iter_rows(values_only=True))


def measure(file: Path, database: Path) -> dict[str, float]:
    """One file into one new database: seconds and megabytes."""
    assert tables.METADATA.tables
    url = f"sqlite:///{database}"
    upgrade(url)
    sessions = make_sessions(make_engine(url), keyring=Keyring({1: bytes(range(32))}))
    mapping = known_mappings()[MAPPING]
    framework = version_in_force("blackburn_with_darwen", date(NOW.year, NOW.month, NOW.day))
    found = {"before": _peak()}
    ids = []

    def checked() -> None:
        with file.open("rb") as data, sessions.begin() as session:
            ids.append(check(session, data, mapping, framework, NOW).id)

    def taken() -> None:
        with sessions.begin() as session:
            take_in(session, ids[-1], NOW)

    def again() -> None:
        checked()
        taken()

    found["check"] = _timed(checked)
    found["take"] = _timed(taken)
    found["again"] = _timed(again)
    found["peak"] = _peak()
    found["floor"] = _timed(lambda: _read_only(file))
    return found


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
