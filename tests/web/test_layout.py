"""The frame, the headers, the language choice and the error pages, as a browser gets them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask import abort
from flask.testing import FlaskClient

from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from tests.web.layout_sample import make_app


@pytest.fixture(autouse=True)
def only_english_afterwards() -> Iterator[None]:
    """The mirrored language is on offer in these tests alone."""
    yield
    texts.install(Catalogues())


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def test_every_page_says_its_language_and_direction(client: FlaskClient) -> None:
    assert '<html lang="en" dir="ltr"' in client.get("/family").text
    mirrored = client.get("/family?language=en-x-mirror").text
    assert '<html lang="en-x-mirror" dir="rtl"' in mirrored
    assert "family.rtl.css" in mirrored
    assert pseudo.mirrored("Exit this page") in mirrored


def test_a_choice_of_language_is_kept_and_only_languages_on_offer_are_taken(
    client: FlaskClient,
) -> None:
    client.get("/family?language=en-x-mirror")
    assert 'dir="rtl"' in client.get("/family").text
    assert 'dir="rtl"' in client.get("/family?language=nonsense").text
    assert '<html lang="en" dir="ltr"' in client.get("/family?language=en").text


def test_the_browser_is_asked_when_nobody_has_chosen(client: FlaskClient) -> None:
    page = client.get("/family", headers={"Accept-Language": "xx, en-x-mirror;q=0.9, en;q=0.5"})
    assert 'dir="rtl"' in page.text
    with client.session_transaction() as session:
        assert "language" not in session


def test_one_persons_language_does_not_reach_the_next() -> None:
    app = make_app()
    app.test_client().get("/family?language=en-x-mirror")
    assert 'dir="ltr"' in app.test_client().get("/family").text


def test_nothing_but_static_files_may_be_kept(client: FlaskClient) -> None:
    page = client.get("/family")
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    style = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(style).headers["Cache-Control"]
    assert "immutable" not in client.get(style.split("?")[0]).headers["Cache-Control"]


def test_scripts_need_the_nonce_of_their_own_page(client: FlaskClient) -> None:
    first, second = client.get("/staff"), client.get("/staff")
    policies = [page.headers["Content-Security-Policy"] for page in (first, second)]
    nonce = first.text.split('nonce="')[1].split('"')[0]
    assert f"'nonce-{nonce}'" in policies[0]
    assert policies[0] != policies[1]
    for policy in policies:
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
    assert "nonce" not in client.get("/family").headers["Content-Security-Policy"]


def test_headers_of_every_answer(client: FlaskClient) -> None:
    for address in ("/family", "/nowhere", "/static/mark.svg"):
        headers = client.get(address).headers
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in make_app(secure=True).test_client().get("/").headers


def test_the_demo_says_so_and_nothing_else_does(client: FlaskClient) -> None:
    assert "every family here is made up" in client.get("/family").text
    assert "made up" not in make_app(demo=False).test_client().get("/family").text


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429, 500, 405, 503])
def test_every_error_has_a_page_that_says_what_to_do(code: int) -> None:
    app = make_app()
    app.add_url_rule("/wrong", view_func=lambda: abort(code, "secret words"))
    page = app.test_client().get("/wrong")
    assert page.status_code == code
    assert "secret words" not in page.text
    assert page.text.count("<h1") == 1
    assert page.text.count('<p class="govuk-body">') >= 1


def test_a_crash_tells_nobody_what_was_written(caplog: pytest.LogCaptureFixture) -> None:
    app = make_app()
    app.config.update(TESTING=False)
    with caplog.at_level(logging.DEBUG):
        page = app.test_client().get("/broken")
    assert page.status_code == 500
    assert "words that somebody wrote" not in page.text + caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "layout_sample.py" in caplog.text
