"""Pages for anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.conftest import NOW


@pytest.mark.parametrize("address", ["/", "/privacy", "/accessibility"])
def test_a_page_says_how_to_reach_somebody(app: Flask, address: str) -> None:
    page = app.test_client().get(address)
    assert page.status_code == 200
    assert "01632\N{NO-BREAK SPACE}960000" in page.text
    for forbidden in (" audit", " cohort", " panel"):
        assert forbidden not in page.text.lower()


def test_the_front_page_leads_to_the_code_and_to_the_staff_door(app: Flask) -> None:
    page = app.test_client().get("/").text
    assert 'href="/code"' in page
    assert 'href="/staff/sign-in"' in page


def test_a_page_sets_no_cookie_before_it_is_needed(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().get("/").headers


def test_health(app: Flask) -> None:
    assert app.test_client().get("/healthz").text == "ok\n"
    assert app.test_client().get("/readyz").text == "ready\n"


def test_where_to_report_a_weakness(app: Flask) -> None:
    page = app.test_client().get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in page.text.splitlines())
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - NOW < timedelta(days=365)
    assert fields["Contact"].startswith("http://localhost/")
    assert page.mimetype == "text/plain"
