"""Numbers in somebody's own words keep their order, and the words stay as they were."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.language.numbers_in_words import numbers_apart


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("میرا نمبر 07700 900123 ہے۔", 'میرا نمبر <bdi dir="ltr">07700 900123</bdi> ہے۔'),
        ("+44 7700 900123", '<bdi dir="ltr">+44 7700 900123</bdi>'),
        ("(01632) 960010.", '<bdi dir="ltr">(01632) 960010</bdi>.'),
        ("on 12/03/2024, at 9", 'on <bdi dir="ltr">12/03/2024</bdi>, at 9'),
        ("رقمي ٠٧٧٠٠ ٩٠٠١٢٣", 'رقمي <bdo dir="ltr">٠٧٧٠٠ ٩٠٠١٢٣</bdo>'),
        ("He is 9 & <b>", "He is 9 &amp; &lt;b&gt;"),
    ],
)
def test_groups_of_digits_stand_from_left_to_right(words: str, shown: str) -> None:
    assert str(numbers_apart(words)) == shown


@given(st.text(alphabet="0129 +-/().,:<&>ہ٣x"))
def test_no_letter_is_lost_or_let_through(words: str) -> None:
    shown = str(numbers_apart(words))
    bare = re.sub(r'<bd[io] dir="ltr">|</bd[io]>', "", shown)
    assert "<" not in bare
    assert html.unescape(bare) == words
