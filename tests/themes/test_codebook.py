"""The starter codebook: complete, two levels, and usable at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from family_voice.interviews.guide import load_guide
from family_voice.themes.codebook import (
    CODEBOOK,
    CodebookInvalid,
    as_plain,
    codes_for,
    load_codebook,
    read_codebook,
)

BOOK = load_codebook()
HEADINGS = [heading.id for heading in load_guide("parent_carer", "en").headings]


def test_two_levels_of_thirty_to_forty_five_codes() -> None:
    assert 30 <= len(BOOK.codes) <= 45
    assert sum(len(group.codes) for group in BOOK.groups) == len(BOOK.codes)
    assert BOOK.group_of("waiting").name == "The right support"
    with pytest.raises(KeyError):
        BOOK.group_of("nothing")


def test_the_themes_that_local_areas_found_are_there() -> None:
    names = {code.name for code in BOOK.codes.values()}
    assert names >= {
        "Told what support is happening",
        "Waiting",
        "Listened to",
        "Right support at the right time",
        "Next steps and adulthood",
        "Passed from service to service",
    }


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_heading_offers_a_handful_of_codes(heading: str) -> None:
    offered = codes_for(heading)
    assert 8 <= len(offered) <= 12
    assert all(heading in code.headings for code in offered)
    places = [code.headings.index(heading) for code in offered]
    assert places == sorted(places)
    assert codes_for(heading, limit=3) == offered[:3]


def test_every_code_is_offered_under_some_heading_of_the_guide() -> None:
    for code in BOOK.codes.values():
        assert set(code.headings) <= set(HEADINGS)


def test_a_code_that_points_to_another_names_one_that_exists() -> None:
    names = {code.name for code in BOOK.codes.values()}
    for code in BOOK.codes.values():
        for named in re.findall(r'"([^"]+)"', code.use_when + code.not_when):
            assert named in names, (code.id, named)
            assert named != code.name


def test_no_example_serves_twice() -> None:
    examples = [example for code in BOOK.codes.values() for example in code.examples]
    assert len(set(examples)) == 2 * len(BOOK.codes)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: d.pop("version"), "the top of the file: 'version'"),
        (lambda d: d["groups"][2]["codes"][0].pop("not_when"), "groups.2.codes.0: 'not_when'"),
        (lambda d: d["groups"][0]["codes"][1]["headings"].append("weather"), "headings"),
        (lambda d: d["groups"][0]["codes"][1]["examples"].pop(), "examples"),
        (lambda d: d["groups"][0]["codes"][1].update(id="waiting"), "'waiting' is used twice"),
        (lambda d: d["groups"][0]["codes"][1].update(name="Waiting"), "'Waiting' is used twice"),
    ],
)
def test_a_mistake_is_named_by_file_and_place(
    tmp_path: Path, change: Callable[[Any], object], place: str
) -> None:
    data = as_plain(BOOK)
    change(data)
    path = tmp_path / "mistake.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(CodebookInvalid) as told:
        read_codebook(path)
    assert str(path) in str(told.value)
    assert place in str(told.value)


def test_every_group_stands_in_the_file_of_its_name() -> None:
    files = {path.stem for path in CODEBOOK.parent.iterdir()} - {CODEBOOK.stem}
    assert files == {group.id for group in BOOK.groups}
    assert [group.id for group in BOOK.groups][:2] == ["being_heard", "being_told"]


def test_a_group_without_its_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mistake.yaml"
    path.write_text("{version: 1, groups: [lost_in_the_post]}", encoding="utf-8")
    with pytest.raises(CodebookInvalid, match=r"lost_in_the_post\.yaml: there is no such file"):
        read_codebook(path)


def test_what_is_not_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mistake.yaml"
    path.write_text("groups: [", encoding="utf-8")
    with pytest.raises(CodebookInvalid, match="this is not YAML"):
        read_codebook(path)
