"""The first question's page is light, and every family page is whole without a script."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from flask import Flask

from family_voice.web.family.marks import EACH_UP_TO
from family_voice.web.shared.fields import LONGEST_ANSWER
from tests.web.family.conftest import Household

MOST = 14 * 1024
MOST_IN_EASY_READ = 25 * 1024
MOST_TO_CHECK = 1024 * 1024


def test_the_first_questions_page_weighs_at_most_14_kb(app: Flask, family: Household) -> None:
    page = family.asked()
    html = page.html
    links = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    others = re.findall(r"<(?:script|img|iframe|video|audio|link[^>]+preload)\b", html)
    assert others == ["<script"]  # the offer to read aloud, after everything else
    assert len(links) <= 3
    weight = len(gzip.compress(html.encode(), 6))
    for link in links:
        weight += len(gzip.compress(page.client.get(link.replace("&amp;", "&")).data, 6))
    print(f"{weight} bytes")
    assert weight <= MOST


def test_no_family_page_needs_a_script(family: Household) -> None:
    """The one that there is offers something more, and waits for the page."""
    page = family.asked()
    for path in ("/welcome", "/question/important.open", "/check-answers", "/return-word", "/stop"):
        scripts = re.findall(r"<script[^>]*>", page.open(path).html)
        assert len(scripts) == 1
        assert scripts[0].startswith('<script defer src="/static/read_aloud.js?')


def test_the_longest_answer_can_be_checked_on_a_light_page(family: Household) -> None:
    words = ("Er schläft nicht. " * LONGEST_ANSWER)[:LONGEST_ANSWER]
    page = family.asked().press(words=words).open("/check-answers")
    assert words.strip() in page.html
    assert len(page.boxes("marks")) == EACH_UP_TO + 1
    print(f"{len(page.html.encode())} bytes")
    assert len(page.html.encode()) < MOST_TO_CHECK


def test_an_easy_read_page_weighs_at_most_25_kb_with_its_pictures(
    invite: Callable[..., Household],
) -> None:
    page = invite(audience="child").arrived().press("Start")
    page.press("Yes. I know when you must tell someone").press("Yes, they can read it")
    page.press("I don't know, or skip")
    for path in ("important.open", "working_well.open", "difference.open"):
        html = page.open(f"/question/{path}").html
        links = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
        parts = [page.client.get(link.replace("&amp;", "&")).data for link in links]
        weight = sum(len(gzip.compress(part, 6)) for part in (html.encode(), *parts))
        print(f"{path}: {weight} bytes")
        assert any("pictures/" in link for link in links)
        assert weight <= MOST_IN_EASY_READ
