"""`docs/asvs.md` has every requirement of ASVS 5.0.0 at levels 1 and 2, and tests that exist."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from tests.doors.test_safe_code import ROOT
from tests.proofs import hostile
from tests.proofs.every import PROOFS

#: Which requirements there are: numbers alone, as the standard's own list has them.
LEVELS = {
    1: """1.2.1-5 1.3.1-2 1.5.1 2.1.1 2.2.1-2 2.3.1 3.2.1-2 3.3.1 3.4.1-2 3.5.1-3 4.1.1 4.4.1
        5.2.1-2 5.3.1-2 6.1.1 6.2.1-8 6.3.1-2 6.4.1-2 7.2.1-4 7.4.1-2 8.1.1 8.2.1-2 8.3.1 9.1.1-3
        9.2.1 10.4.1-5 11.3.1-2 11.4.1 12.1.1 12.2.1-2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1
        15.3.1""",
    2: """1.1.1-2 1.2.6-9 1.3.3-11 1.4.1-3 1.5.2 2.1.2-3 2.2.3 2.3.2-4 2.4.1 3.3.2-4 3.4.3-6
        3.5.4-5 3.7.1-2 4.1.2-3 4.2.1 4.3.1-2 4.4.2-4 5.1.1 5.2.3 5.4.1-3 6.1.2-3 6.2.9-12 6.3.3-4
        6.4.3-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.3.1-2 7.4.3-5 7.5.1-2 7.6.1-2 8.1.2 8.2.3 8.4.1
        9.2.2-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.6-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3
        11.3.3 11.4.2-4 11.5.1 11.6.1 12.1.2-3 12.3.1-4 13.1.1 13.2.1-5 13.3.1-2 13.4.2-5 14.1.1-2
        14.2.2-4 14.3.2-3 15.1.2-3 15.2.2-3 15.3.2-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
        17.1.1 17.2.1-4 17.3.1-2""",
}
#: Injection, CSRF, files, signing in, sessions, access, tokens, cryptography, logs: no "not yet".
FIRM = ("1.2.", "1.3.", "1.5.", "3.5.", "5.", "6.", "7.", "8.", "9.", "10.", "11.", "16.")
STATES = ("proved by", "does not apply", "not yet")
ROW = re.compile(
    r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.*?) \| (proved by|does not apply:|not yet:) (.+) \|$"
)
NODE = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


class Row(NamedTuple):
    """One line of a chapter's table."""

    requirement: str
    level: int
    words: str
    state: str
    rest: str


def every(level: int) -> set[str]:
    found = set()
    for each in LEVELS[level].split():
        first, _, last = each.partition("-")
        section, _, start = first.rpartition(".")
        found |= {f"{section}.{number}" for number in range(int(start), int(last or start) + 1)}
    return found


@cache
def page() -> str:
    return (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")


@cache
def rows() -> list[Row]:
    found = []
    for line in page().splitlines():
        if re.match(r"\| \d+\.\d", line):
            match = ROW.match(line)
            assert match, line
            number, level, words, state, rest = match.groups()
            found.append(Row(number, int(level), words, state.rstrip(":"), rest))
    return found


@cache
def functions_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("level", "how_many"), [(1, 70), (2, 183)])
def test_every_requirement_has_one_line(level: int, how_many: int) -> None:
    assert len(every(level)) == how_many
    named = [row.requirement for row in rows() if row.level == level]
    assert sorted(named) == sorted(every(level))


def test_every_line_stands_in_its_chapter_in_order_and_has_words() -> None:
    numbers = [[int(part) for part in row.requirement.split(".")] for row in rows()]
    assert numbers == sorted(numbers)
    for chapter in re.split(r"^## ", page(), flags=re.M)[1:]:
        number = chapter.partition(".")[0]
        assert set(re.findall(r"^\| (\d+)\.\d", chapter, re.M)) == {number}
    for row in rows():
        assert len(row.words) > 3
        assert row.state == "proved by" or len(row.rest.split()) > 2, row


def test_every_named_test_is_there() -> None:
    wrong = []
    for row in rows():
        named = NODE.findall(row.rest)
        if row.state != "proved by":
            assert not named, row
            continue
        # Nothing but tests stands there, and one at least.
        assert named, row
        assert not NODE.sub("", row.rest).strip(), row
        for file, test in named:
            if not (ROOT / "tests" / file).is_file() or test not in functions_of(file):
                wrong.append(f"{row.requirement}: {file}::{test}")
    assert wrong == []


def test_what_must_be_firm_is() -> None:
    not_yet = [row for row in rows() if row.state == "not yet"]
    assert [row for row in not_yet if row.level == 1 or row.requirement.startswith(FIRM)] == []


def test_the_counts_are_right() -> None:
    told = re.findall(r"^\| ([12]) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", page(), re.M)
    counted = Counter((row.level, row.state) for row in rows())
    for level in (1, 2):
        each = [counted[level, state] for state in STATES]
        assert told[level - 1] == (str(level), *map(str, each), str(sum(each)))
    assert len(told) == 2


def test_hostile_requests_are_among_the_proofs() -> None:
    """Several lines rest on this one of them; the proofs' test runs them all under one name."""
    assert hostile.prove in {proof.prove for proof in PROOFS}
