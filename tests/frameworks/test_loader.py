"""Frameworks through their public door: what loads, and how a mistake is explained."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from family_voice.frameworks.loader import (
    FOLDER,
    FrameworkProblems,
    UnknownFramework,
    available,
    check_file,
    load_framework,
    read_framework,
    version_in_force,
)

BLACKBURN = FOLDER / "blackburn_with_darwen.yaml"


def test_four_frameworks_come_with_it_and_blackburn_has_a_version_for_each_scale() -> None:
    assert [(each.id, each.version) for each in available()] == [
        ("blackburn_with_darwen", "2023-12"),
        ("blackburn_with_darwen", "2025-01"),
        ("cambridgeshire_and_peterborough", "2020-2024"),
        ("ofsted_scale", "1"),
        ("sheffield", "1"),
    ]


def test_blackburn_as_it_began() -> None:
    framework = load_framework("blackburn_with_darwen", "2023-12")
    assert [level.number for level in framework.levels] == [1, 2, 3, 4, 5]
    audit = framework.main_audit
    assert (audit.cases, audit.sessions, audit.cases_per_session) == (6, 2, 3)
    assert [each.plan_types for each in audit.strata] == [("ehcp",), ("sen_support",)]
    assert (audit.families_level, audit.level, audit.hears_families) == (3, 4, 100)
    assert [question.id for question in framework.key_questions] == [
        "working_well",
        "difference",
        "worries",
        "next",
    ]
    assert [part.id for part in framework.key_questions[3].parts] == ["child", "service"]
    assert {theme.id: len(theme.values) for theme in framework.themes} == {
        "vulnerable_group": 6,
        "area_of_need": 4,
        "placement": 9,
        "transition_year": 5,
    }
    assert len(framework.judgement.points) == 4
    assert framework.judgement.unfilled == ()
    assert framework.notices == ()
    assert framework.deadlines.heard_by_working_days_before_session == 5


def test_the_three_point_scale_loads_and_says_what_is_unfilled() -> None:
    framework = load_framework("blackburn_with_darwen", "2025-01")
    assert framework.judgement.unfilled == (1, 2, 3)
    assert len(framework.notices) == 3
    line = int(framework.notices[0].split("line ")[1].split(":")[0])
    assert "value: 1" in BLACKBURN.read_text().splitlines()[line - 1]
    assert [role.id for role in framework.roles if role.every_session] == ["dco"]


def test_a_later_version_keeps_what_it_does_not_replace() -> None:
    first = load_framework("blackburn_with_darwen", "2023-12")
    second = load_framework("blackburn_with_darwen", "2025-01")
    assert (first.levels, first.audits, first.themes) == (
        second.levels,
        second.audits,
        second.themes,
    )
    assert first.judgement != second.judgement
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2023, 12, 1), "2023-12"),
        (date(2024, 12, 31), "2023-12"),
        (date(2025, 1, 1), "2025-01"),
    ],
)
def test_the_version_in_force(day: date, version: str) -> None:
    assert version_in_force("blackburn_with_darwen", day).version == version


def test_before_the_first_version_there_is_none() -> None:
    with pytest.raises(UnknownFramework, match="2023-11-30"):
        version_in_force("blackburn_with_darwen", date(2023, 11, 30))


def test_an_unknown_version_names_those_that_can_be_used() -> None:
    with pytest.raises(UnknownFramework, match="blackburn_with_darwen 2025-01"):
        load_framework("blackburn_with_darwen", "1999-01")


def test_a_framework_cannot_be_changed() -> None:
    audit: Any = load_framework("blackburn_with_darwen", "2023-12").main_audit
    with pytest.raises(FrozenInstanceError):
        audit.cases = 7


def _changed(tmp_path: Path, old: str, new: str) -> tuple[Path, int]:
    """A copy with one change, and the line of that change."""
    text = BLACKBURN.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "ours.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path, text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ("    cases: 6", "    cases: 7", "2 sessions of 3 make 6"),
        ("    cases: 6", "    cases: six", "whole number"),
        ("    cases: 6", "    cases: 0", "at least 1"),
        ("    cases: 6", "    caes: 6", "“caes” is not known"),
        ("hears_families: 100", "hears_families: 101", "at most 100"),
        ("hears_families: 100", "hears_families: 50", "Write 100 to hear the family of every"),
        ("hears_families: 100", "hears_families: 0", "No audit hears families"),
        ("    level: 4", "    level: 9", "number of a level: 1, 2, 3, 4, 5"),
        ("plan_types: [sen_support]", "plan_types: [sen]", "ehcp, sen_support"),
        ("SEN Support, at_least: 1", "SEN Support, at_least: 6", "ask for 7 cases"),
        ("{id: sen_support, name: SEN Support, at", "{id: ehcp, name: SEN Support, at", "same id"),
        ("frequency: termly\n    cases", "frequency: weekly\n    cases", "one of: monthly"),
        ("agency: health, every", "agency: clinic, every", "education, health"),
        ("every_session: false", "every_session: no", "true or false"),
        ("{id: year_6, name: Year 6}", "{id: year_2, name: Year 6}", "same id"),
        ("  - {id: worries,", "  - {id: difference,", "same id"),
        ("{value: 2, label: Mostly", "{value: 1, label: Mostly", "same value"),
        ("    starts: 2025-01-01", "    starts: 2025-13-01", "real date"),
        ("    starts: 2025-01-01", "    starts: 2023-12-01", "Another version"),
        ("name: Blackburn with Darwen", "name: ''", "must not be empty"),
        ("  - {id: ehcp, name: EHCP}", "  - {id: EHCP, name: EHCP}", "An id is small letters"),
        ("    cases: 6", "    cases: 6\n    cases: 6", "twice"),
        ("    cases: 6", "    cases: [6", "not YAML"),
        ("    cases: 6", "    cases: &six 6", "instead of using"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_what_to_do(
    tmp_path: Path, old: str, new: str, say: str
) -> None:
    path, line = _changed(tmp_path, old, new)
    with pytest.raises(FrameworkProblems) as caught:
        read_framework(path)
    first = next(each for each in caught.value.problems if say in each.message)
    assert first.file == "ours.yaml"
    assert abs(first.line - line) <= 1
    assert str(first).startswith(f"ours.yaml, line {first.line}: ")


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text("id: ours\nname: Ours\n")
    problems, _ = check_file(path)
    assert len(problems) == 1
    assert "“key_questions”" in problems[0].message


def test_a_theme_that_the_file_of_cases_needs_is_asked_for(tmp_path: Path) -> None:
    path, _ = _changed(tmp_path, "  - id: placement", "  - id: school")
    problems, _ = check_file(path)
    assert [each for each in problems if "id “placement”" in each.message]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path, _ = _changed(tmp_path, "hears_families: 100", "hears_families: 101")
    path.write_text(path.read_text().replace("every_session: false", "every_session: 3"))
    problems, _ = check_file(path)
    assert len(problems) > 10
    assert list(problems) == sorted(problems)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"\xff\xfe", b"- a\n- b", b"just words", b"{" * 500],
)
def test_what_is_no_framework_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ours.yaml"
    path.write_bytes(content)
    problems, notices = check_file(path)
    assert problems
    assert notices == ()


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    problems, _ = check_file(tmp_path / "nowhere.yaml")
    assert "cannot be opened" in problems[0].message


def test_a_council_can_keep_its_own_copy_in_its_own_folder(tmp_path: Path) -> None:
    path, _ = _changed(tmp_path, "id: blackburn_with_darwen", "id: ours")
    text = path.read_text()
    for value in (1, 2, 3):
        empty = f'{{value: {value}, label: ""}}'
        text = text.replace(empty, f"{{value: {value}, label: Word {value}}}")
    path.write_text(text)
    framework = load_framework("ours", "2025-01", tmp_path)
    assert framework.notices == ()
    assert [point.label for point in framework.judgement.points] == ["Word 1", "Word 2", "Word 3"]
