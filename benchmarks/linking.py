"""`cases match` on generated files of growing size: seconds, memory, and whether it was right."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from family_voice.cases.pairing import Person
from tests.cases.made_up import Town

HEADS = [
    "cases x accounts", "seconds", "CPU seconds", "MiB at most", "found", "certain",
    "of them wrong", "load before", "after",
]  # fmt: skip
COLUMNS = "id reference first_name last_name date_of_birth postcode address school phone email"
SIZES = [(10_000, 20_000), (100_000, 20_000), (700_000, 20_000), (20_000, 700_000)]
KNOWN = 0.85  # of 20 accounts 17 are of a child among the cases; the rest are strangers'


def linking_table(
    sizes: list[tuple[int, int]] = SIZES,
) -> tuple[list[str], list[list[str]]]:
    """A row for each size."""
    return HEADS, [measured(cases, accounts) for cases, accounts in sizes]


def measured(cases: int, accounts: int, seed: int = 1) -> list[str]:
    """Make the two files, match them as an operator would, and see what came out."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        truth = make_files(folder, cases, accounts, seed)
        load = os.getloadavg()[0]
        begun, used = time.perf_counter(), cpu_seconds()
        run = subprocess.Popen(  # noqa: S603
            [
                sys.executable, "-c", "from family_voice.cli import main; main()", "cases", "match",
                "--caseload", folder / "a.csv", "--accounts", folder / "b.csv",
                "--out", folder / "c.csv",
            ],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        most = 0
        while run.poll() is None:
            most = max(most, memory(run.pid))
            time.sleep(0.2)
        seconds, used = time.perf_counter() - begun, cpu_seconds() - used
        if run.returncode:
            raise RuntimeError("the matcher failed")
        certain = wrong = 0
        found = set()
        with (folder / "c.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                right = truth.get(row["account"]) == row["case"]
                if right:
                    found.add(row["account"])
                if row["decision"] == "certain":
                    certain += 1
                    wrong += not right
    return [
        f"{cases:,} x {accounts:,}", f"{seconds:.0f}", f"{used:.0f}", f"{most / 2**20:.0f}",
        f"{len(found) / len(truth):.2%}", f"{certain:,}", str(wrong), f"{load:.1f}",
        f"{os.getloadavg()[0]:.1f}",
    ]  # fmt: skip


def cpu_seconds() -> float:
    """What all ended children of this process have used, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(pid: int) -> int:
    """Bytes that a process and its children take together; what they share counts once."""
    total = 0
    try:
        whole = psutil.Process(pid)
        for each in (whole, *whole.children(recursive=True)):
            total += each.memory_full_info().pss
    except psutil.NoSuchProcess:
        pass
    return total


def make_files(folder: Path, cases: int, accounts: int, seed: int) -> dict[str, str]:
    """Write a.csv and b.csv; returns the case of each account that has one."""
    town = Town(seed)
    chance = town.chance
    truth: dict[str, str] = {}
    pool: list[Person] = []
    wanted = min(accounts, cases)
    with (folder / "a.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS.split())
        for child in town.children(cases):
            rows.writerow(cells(child))
            if len(pool) < wanted and chance.random() < min(1.0, 1.1 * wanted / cases):
                pool.append(child)
    with (folder / "b.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS.split())
        for number in range(accounts):
            own = f"a{number}"
            if number < len(pool) and chance.random() < KNOWN:
                child = pool[number]
                truth[own] = str(child.id)
            else:
                child = town.child()
            rows.writerow(cells(town.told(child, own)))
    return truth


def cells(child: Person) -> list[str]:
    """A child as a row."""
    born = child.date_of_birth
    return [
        str(child.id), child.reference, child.first_name, child.last_name,
        born.isoformat() if born else "", child.postcode, child.address, child.school,
        *(child.phones or ("",)), *(child.emails or ("",)),
    ]  # fmt: skip
