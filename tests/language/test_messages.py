"""The catalogue that translators work from holds the sentences that the pages show."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "assets"))

from extract_messages import FILE, extracted  # noqa: E402

VALUES = re.compile(r"%\((\w+)\)[sd]")


def test_the_catalogue_is_not_older_than_the_sentences() -> None:
    now = {message.id for message in read_po(io.StringIO(extracted()))}
    with FILE.open("rb") as file:
        kept = {message.id for message in read_po(file)}
    assert kept == now, "Run `make messages` and commit translations/messages.pot."


def test_both_forms_of_a_plural_use_known_values() -> None:
    with FILE.open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, tuple):
                singular, plural = (set(VALUES.findall(text)) for text in message.id)
                assert singular | {"num"} >= plural - {"num"}
