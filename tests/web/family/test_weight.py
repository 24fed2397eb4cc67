"""The first question's page is light, and every family page is whole without a script."""

from __future__ import annotations

import gzip
import re

from flask import Flask

from tests.web.family.conftest import Household

MOST = 16 * 1024


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
