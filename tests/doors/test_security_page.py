"""`docs/security.md` says what is so: its numbers, names and lists are the code's own."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from family_voice.app import LARGEST_POST
from family_voice.cases.caseload_file import LARGEST_FILE
from family_voice.cases.caseload_sheets import LARGEST_EXPORT, LARGEST_UNPACKED, MOST_LINES
from family_voice.operations.tables import METADATA
from family_voice.people.passwords import SHORTEST_PASSWORD
from family_voice.people.sessions import IDLE, LONGEST
from family_voice.security.throttling import LIMITS
from family_voice.sharing.exchange import opening
from family_voice.web.shared.fields import LONGEST_ANSWER, LONGEST_LINE, LONGEST_WORDS
from tests.doors.test_safe_code import PACKAGE, ROOT, SPEAKS_TO_THE_OUTSIDE

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    """One part of the page, its lines joined as they are read."""
    return " ".join(PAGE.partition(f"## {name}\n")[2].partition("\n## ")[0].split())


def long(window: timedelta) -> str:
    minutes = int(window.total_seconds()) // 60
    if minutes % 60:
        return f"{minutes} minutes"
    return "1 hour" if minutes == 60 else f"{minutes // 60} hours"


def test_the_page_names_the_limits_as_they_are() -> None:
    named = re.findall(r"\| `(\w+)` [^|]+\| (\d+) \| ([^|]+) \|", section("Guessing"))
    assert {(each[0], int(each[1]), each[2]) for each in named} == {
        (scope, limit.count, long(limit.window)) for scope, limit in LIMITS.items()
    }
    assert f"{SHORTEST_PASSWORD} letters or more" in section("Guessing")
    assert long(IDLE) in section("Ways in")
    assert long(LONGEST) in section("Ways in")
    coming_in = section("What may come in")
    sizes = (LARGEST_FILE, LARGEST_EXPORT, LARGEST_UNPACKED, MOST_LINES)
    of_projects = (opening.LARGEST_FILE, opening.LARGEST_UNPACKED, opening.MOST_FILES)
    for number in (LONGEST_WORDS, LONGEST_ANSWER, *sizes, *of_projects):
        assert f"{number:,}" in coming_in
    assert f"{LONGEST_LINE} letters" in coming_in
    assert f"{LARGEST_POST // 2**20} MB" in coming_in


def test_the_page_names_the_rules_as_they_are() -> None:
    for each in ("a date", "a telephone number", "an email address", "a choice", "a caseload"):
        assert f"| {each} |" in section("What may come in")
    assert "checked together" in section("What may come in")
    assert "slow requests" in section("What may come in")
    assert "kept from the people who work with a child" in section("Who may see what")


def test_the_page_names_the_words_kept_out_of_passwords() -> None:
    source = (PACKAGE / "people" / "passwords.py").read_text("utf-8")
    for word in ("family", "voice", "council", "send"):
        assert f'"{word}"' in source
        assert word in section("Guessing").lower()


def test_the_page_names_every_way_in() -> None:
    for each in ("password", "passkey", "OpenID Connect", "printed code", "code word", "signature"):
        assert each in section("Ways in")
    assert "several places" in section("Ways in")


def test_the_page_names_every_key() -> None:
    uses = set()
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text("utf-8")
        uses |= set(re.findall(r'\.(?:derive|mac)\([^"()]*f?"([a-z_ -]+)["/]', source))
        uses |= set(re.findall(r'^USE(?:: Final)? = "([^"]+)"', source, re.M))
    assert {"wrap", "blind", "totp", "trail", "erasures"} <= uses
    assert [each for each in sorted(uses) if f"`{each}`" not in section("Keys")] == []


def test_the_page_names_every_table() -> None:
    named = re.findall(r"`(\w+)`", section("What is kept, and how").partition("| A |")[2])
    assert sorted(named) == sorted(table.name for table in METADATA.sorted_tables)


def test_the_page_names_everybody_the_program_speaks_to() -> None:
    spoken = section("Whom the program speaks to")
    for module, to_whom in SPEAKS_TO_THE_OUTSIDE.items():
        if not to_whom.startswith("nobody"):
            assert f"`{module}`" in spoken
            assert (PACKAGE / module).is_file()


def test_the_page_names_every_log() -> None:
    """Only named modules write to the process's log, and none with what somebody wrote."""
    values = re.compile(r"_log\.\w+\([^)]*(?:body|words|text|email|phone|name\b)")
    assert [
        path.name for path in PACKAGE.rglob("*.py") if values.search(path.read_text("utf-8"))
    ] == []
    for each in ("audit trail", "erasure ledger", "process's own"):
        assert each in section("Logs")


def test_the_page_says_how_fast_libraries_are_renewed() -> None:
    assert re.search(r"within \d+ days .* within \d+ otherwise", section("Libraries"))


@pytest.mark.parametrize("part", ["dependencies", "dev"])
def test_every_library_has_a_range_with_an_end(part: str) -> None:
    project = tomllib.loads(Path(ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project.get(part) or project["optional-dependencies"][part]
    open_ended = [each for each in wanted if "<" not in each and not each.startswith("types-")]
    # tzdata is numbered by its year and has no other versions to fear.
    assert [each for each in open_ended if not each.startswith("tzdata")] == []
