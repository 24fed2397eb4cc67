"""The catalogues that translators work from hold the sentences that the pages show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from assets.extract_messages import (
    FAMILY,
    STAFF,
    TRANSLATIONS,
    brought_up_to_date,
    catalogues,
    for_families,
)

VALUES = re.compile(r"%\((\w+)\)[sd]")
LANGUAGES = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/family.po"))
ADVICE = "Run `make messages` and commit translations/."


def kept(file: Path) -> Catalog:
    """A catalogue as it lies in the folder."""
    with file.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def ids(catalogue: Catalog) -> set[object]:
    """Its sentences."""
    return {message.id for message in catalogue if message.id}


def test_the_catalogues_are_not_older_than_the_sentences() -> None:
    family, staff = catalogues()
    assert ids(kept(FAMILY)) == ids(family), ADVICE
    assert ids(kept(STAFF)) == ids(staff), ADVICE


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.parent.parent.name)
def test_every_language_has_the_sentences_of_today(file: Path) -> None:
    assert ids(kept(file)) == ids(kept(FAMILY)), ADVICE


def test_the_languages_of_the_issue_are_there() -> None:
    assert {file.parent.parent.name for file in LANGUAGES} >= {"ar", "pl", "ur"}


@pytest.mark.parametrize("file", [FAMILY, STAFF], ids=lambda file: file.stem)
def test_both_forms_of_a_plural_use_known_values(file: Path) -> None:
    for message in kept(file):
        if isinstance(message.id, tuple):
            singular, plural = (set(VALUES.findall(text)) for text in message.id)
            assert singular | {"num"} >= plural - {"num"}


@pytest.mark.parametrize(
    ("place", "theirs"),
    [
        ("templates/family/stop.html", True),
        ("templates/staff/letter.html", True),
        ("templates/staff/letter_page.html", False),
        ("templates/staff/ledger.html", False),
        ("family_voice/web/shared/errors.py", True),
        ("family_voice/web/staff/labels.py", False),
    ],
)
def test_a_place_says_who_reads_it(place: str, theirs: bool) -> None:
    assert for_families(place) is theirs


def test_bringing_up_to_date_keeps_translations_and_drops_what_is_no_longer_said(
    tmp_path: Path,
) -> None:
    file = tmp_path / "pl" / "LC_MESSAGES" / "family.po"
    family = Catalog()
    family.add("Stop", locations=[("templates/family/stop.html", 0)])
    family.add(("%(num)d day", "%(num)d days"), locations=[("templates/family/stop.html", 0)])
    new = brought_up_to_date(file, family)
    assert "nplurals=3" in new
    file.parent.mkdir(parents=True)
    file.write_text(
        new.replace('msgid "Stop"\nmsgstr ""', 'msgid "Stop"\nmsgstr "Przestań"'), encoding="utf-8"
    )
    again = Catalog()
    again.add("Stop", locations=[("templates/family/stop.html", 0)])
    again.add("Stop now", locations=[("templates/family/stop.html", 0)])
    file.write_text(brought_up_to_date(file, again), encoding="utf-8")
    after = kept(file)
    assert {message.id: message.string for message in after if message.id} == {
        "Stop": "Przestań",
        "Stop now": "",
    }
    assert "days" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (7, 3), (11, 4), (99, 4), (100, 5), (103, 3)]
)
def test_arabic_counts_in_six_forms(number: int, form: int) -> None:
    from gettext import c2py

    catalogue = kept(TRANSLATIONS / "ar" / "LC_MESSAGES" / "family.po")
    assert catalogue.num_plurals == 6
    assert c2py(catalogue.plural_expr)(number) == form
