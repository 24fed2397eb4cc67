"""Dates with times, and the team's name that nobody set, inside a sentence of each language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from family_voice.language import formats, texts
from family_voice.language.catalogues import Catalogues
from family_voice.language.team import team_named

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
MOMENT = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def catalogues() -> Iterator[None]:
    before = texts._catalogues
    texts.install(Catalogues(TRANSLATIONS))
    yield
    texts.install(before)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "22 November 2026, 15:05"),
        ("pl", "22 listopada 2026 15:05"),
        ("ur", "22 نومبر، 2026 15:05"),
        ("ar", "22 نوفمبر 2026، 3:05 م"),
    ],
)
def test_a_day_and_a_time_as_the_language_writes_them(code: str, shown: str) -> None:
    with texts.speaking(code):
        assert " ".join(formats.date_time(MOMENT).split()) == shown


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("en", "the Family Voice team"),
        ("pl", "zespół Family Voice"),
        ("ur", "فیملی وائس ٹیم"),
        ("ar", "فريق فاميلي فويس"),
    ],
)
def test_the_name_nobody_set_is_in_their_language(code: str, named: str) -> None:
    with texts.speaking(code):
        assert team_named("the Family Voice team") == named
        assert team_named("the Blackburn team") == "the Blackburn team"


def test_a_telephone_number_stays_on_one_line() -> None:
    assert formats.one_line("01632 960000") == "01632\u00a0960000"
