"""Sentences come in the language of the moment, and in English wherever there is no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.language import formats, pseudo, texts
from family_voice.language.catalogues import BadCatalogue, Catalogues
from family_voice.language.texts import _, lazy, ngettext, speaking

POLISH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: pl\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
"(n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Stop"
msgstr "Przestań"

#, fuzzy
msgid "Carry on"
msgstr "???"

msgid "Hello %(name)s"
msgstr "Cześć %(name)s"

msgid "%(num)d family"
msgid_plural "%(num)d families"
msgstr[0] "%(num)d rodzina"
msgstr[1] "%(num)d rodziny"
msgstr[2] "%(num)d rodzin"
"""


@pytest.fixture
def polish(tmp_path: Path) -> Iterator[Catalogues]:
    """A folder with one catalogue, in use."""
    file = tmp_path / "pl" / "LC_MESSAGES" / "family.po"
    file.parent.mkdir(parents=True)
    file.write_text(POLISH, encoding="utf-8")
    catalogues = Catalogues(tmp_path)
    texts.install(catalogues)
    texts.withhold([])
    yield catalogues
    texts.install(Catalogues())


def test_a_language_is_offered_once_it_has_a_catalogue(polish: Catalogues) -> None:
    assert [language.code for language in texts.languages()] == ["en", "pl"]
    offered = texts.offered("pl")
    assert offered
    assert (offered.name, offered.direction) == ("Polski", "ltr")


def test_sentences_outside_any_request(polish: Catalogues) -> None:
    later = lazy("Stop")
    with speaking("pl"):
        assert _("Stop") == "Przestań"
        assert str(later) == "Przestań"
        assert _("Hello %(name)s", name="Ola") == "Cześć Ola"
        assert [ngettext("%(num)d family", "%(num)d families", n) for n in (1, 3, 5)] == [
            "1 rodzina",
            "3 rodziny",
            "5 rodzin",
        ]
    assert str(later) == "Stop"


def test_what_nobody_has_checked_is_shown_in_english(polish: Catalogues) -> None:
    with speaking("pl"):
        assert _("Carry on") == "Carry on"
        assert _("Never seen") == "Never seen"


def test_an_unknown_language_is_english(polish: Catalogues) -> None:
    for code in ("tlh", "../../etc", "", None):
        with speaking(code) as language:
            assert language.code == "en"


@pytest.mark.parametrize(
    ("code", "direction"), [("ur", "rtl"), ("ar", "rtl"), ("pa_Guru", "ltr"), ("bn", "ltr")]
)
def test_direction_comes_with_the_language(tmp_path: Path, code: str, direction: str) -> None:
    file = tmp_path / code / "LC_MESSAGES" / "family.po"
    file.parent.mkdir(parents=True)
    file.write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    assert Catalogues(tmp_path).languages[1].direction == direction


def test_a_folder_that_names_no_language_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nonsense!" / "LC_MESSAGES" / "family.po"
    file.parent.mkdir(parents=True)
    file.write_text("")
    with pytest.raises(BadCatalogue, match="nonsense!"):
        Catalogues(tmp_path)


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pl" / "LC_MESSAGES" / "family.po"
    file.parent.mkdir(parents=True)
    file.write_text("this is not a catalogue")
    with pytest.raises(BadCatalogue, match=r"family\.po"):
        Catalogues(tmp_path).translations("pl")


def test_dates_are_london_days() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert formats.long_date(late) == "2 July 2026"
    assert formats.time_of_day(late) == "00:30"
    assert formats.full_date(date(2026, 3, 4)).replace(",", "") == "Wednesday 4 March 2026"
    with pytest.raises(ValueError, match="time zone"):
        formats.date_time(datetime(2026, 7, 1))  # noqa: DTZ001
    assert formats.in_words(["home", "school", "hospital"]) == "home, school and hospital"
    assert (formats.number(12345), formats.percent(2 / 3)) == ("12,345", "67%")


KEPT = re.compile(r"%\([a-z_]+\)[a-z]|%%|\{[a-z]*\}|<[^<>]+>")


@given(st.lists(st.sampled_from(["%(name)s", "%%", "{x}", "<b>", "word", " ", "Is it?", "é"])))
def test_mirrored_english_keeps_values_and_markup(parts: list[str]) -> None:
    text = "".join(parts)
    assert KEPT.findall(pseudo.mirrored(text)) == KEPT.findall(text)


@given(st.text(alphabet="aeiou BCD", min_size=1).filter(str.strip))
def test_mirrored_english_is_never_plain(text: str) -> None:
    assert text not in pseudo.mirrored(text) or not set(text) & set("aeiouC")
    assert len(pseudo.mirrored(text)) > len(text)


def test_mirrored_english_is_not_on_offer() -> None:
    root = Path(__file__).resolve().parents[2]
    assert pseudo.MIRRORED not in Catalogues(root / "translations").languages
