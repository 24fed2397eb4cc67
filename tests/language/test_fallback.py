"""English in place of a missing translation says so on the page; what is sent bears no mark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.language import fallback, texts
from family_voice.language.catalogues import Catalogues
from family_voice.language.texts import _, ngettext, set_language, speaking

URDU = """msgid ""
msgstr ""
"Language: ur\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Stop"
msgstr "رکیں"

msgid "Ring %(phone)s"
msgstr "%(phone)s پر فون کریں"
"""
MARKS = (fallback.STARTS, fallback.ENDS, fallback.VALUE_STARTS, fallback.VALUE_ENDS)
SPAN = '<span lang="en" dir="ltr">'


@pytest.fixture
def urdu(tmp_path: Path) -> Iterator[None]:
    file = tmp_path / "ur" / "LC_MESSAGES" / "family.po"
    file.parent.mkdir(parents=True)
    file.write_text(URDU, encoding="utf-8")
    texts.install(Catalogues(tmp_path))
    yield
    set_language(None)
    texts.install(Catalogues())


def test_only_what_is_not_translated_is_marked(urdu: None) -> None:
    with speaking("ur", marking=True):
        assert _("Stop") == "رکیں"
        assert fallback.wrapped(_("Carry on")) == f"{SPAN}Carry on</span>"
        hello = fallback.wrapped(_("Hello %(name)s", name="Ola"))
        assert hello == f"{SPAN}Hello <bdi>Ola</bdi></span>"
        assert fallback.plain(ngettext("%(num)d day", "%(num)d days", 3)) == "3 days"


def test_a_telephone_number_keeps_its_two_halves_in_order(urdu: None) -> None:
    with speaking("ur", marking=True):
        said = _("Ring %(phone)s", phone="01632 960010")
        assert fallback.wrapped(said) == "<bdi>01632 960010</bdi> پر فون کریں"
        assert fallback.plain(said) == "01632 960010 پر فون کریں"
        assert fallback.wrapped(texts.apart("01632 960010")) == "<bdi>01632 960010</bdi>"
        assert fallback.wrapped(texts.in_english("Head teacher")) == f"{SPAN}Head teacher</span>"
    with speaking("ur"):
        assert _("Ring %(phone)s", phone="01632 960010") == "01632 960010 پر فون کریں"
        assert texts.in_english("Head teacher") == "Head teacher"


def test_what_is_sent_or_printed_alone_is_never_marked(urdu: None) -> None:
    set_language("ur", marking=True)
    with speaking("ur"):
        assert _("Carry on") == "Carry on"
    assert fallback.STARTS in _("Carry on")
    set_language("en", marking=True)
    assert _("Carry on") == "Carry on"


def test_no_element_stands_in_a_tag_or_in_what_holds_only_text() -> None:
    it = fallback.marked("Carry on")
    page = (
        f'<title>{it}</title><p title="{it}">{it} <b>x</b></p><select><option>{it}</option>'
        f"</select><textarea>{it}</textarea><script>{it}</script><!-- {it} -->"
    )
    assert fallback.wrapped(page) == (
        f'<title>Carry on</title><p title="Carry on">{SPAN}Carry on</span> <b>x</b></p>'
        "<select><option>Carry on</option></select><textarea>Carry on</textarea>"
        "<script>Carry on</script><!-- Carry on -->"
    )


@given(st.text(alphabet=["a", "<", ">", "b", " ", *MARKS]))
def test_elements_are_always_closed_and_no_mark_is_left(text: str) -> None:
    done = fallback.wrapped(text)
    assert not set(MARKS) & set(done)
    assert done.count(SPAN) == done.count("</span>")
    assert done.count("<bdi>") == done.count("</bdi>")
