"""The first question's page is light, and every family page is whole without a script."""

from __future__ import annotations

import gzip
import re

from flask import Flask

from family_voice.web.family.forms import LONGEST_ANSWER
from family_voice.web.family.marks import EACH_UP_TO
from tests.web.family.conftest import Household

MOST = 16 * 1024
MOST_TO_CHECK = 1024 * 1024


def test_the_first_questions_page_weighs_at_most_16_kb(app: Flask, family: Household) -> None:
    page = family.asked()
    html = page.html
    links = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    others = re.findall(r"<(?:script|img|iframe|video|audio|link[^>]+preload)\b", html)
    assert others == []
    assert len(links) <= 2
    weight = len(gzip.compress(html.encode(), 6))
    for link in links:
        weight += len(gzip.compress(page.client.get(link.replace("&amp;", "&")).data, 6))
    print(f"{weight} bytes")
    assert weight <= MOST


def test_no_family_page_needs_a_script(family: Household) -> None:
    page = family.asked()
    for path in ("/welcome", "/question/important.open", "/check-answers", "/return-word", "/stop"):
        assert "<script" not in page.open(path).html


def test_the_longest_answer_can_be_checked_on_a_light_page(family: Household) -> None:
    words = ("Er schläft nicht. " * LONGEST_ANSWER)[:LONGEST_ANSWER]
    page = family.asked().press(words=words).open("/check-answers")
    assert words.strip() in page.html
    assert len(page.boxes("marks")) == EACH_UP_TO + 1
    print(f"{len(page.html.encode())} bytes")
    assert len(page.html.encode()) < MOST_TO_CHECK
