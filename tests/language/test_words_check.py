"""`family-voice words check`, and that there is nothing to mend in what we ship."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from family_voice.cli import main

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
LANGUAGES = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["words", "check", *words], prog_name="family-voice")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_blank_incomplete_or_cannot_be_filled_in(language: str) -> None:
    done = run("--language", language)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith(f"{language}: ")
    assert ", 0 to mend." in done.stdout


def test_a_language_without_wording_is_a_line() -> None:
    done = run("--language", "cy")
    assert done.exit_code == 1
    assert "There is no wording in cy. There is: ar, pl, ur." in done.stderr
