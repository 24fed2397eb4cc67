"""Forms give back what was typed, whatever happens, and say what to do."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st

from family_voice.language import texts
from family_voice.language.catalogues import Catalogues
from family_voice.web.shared.fields import tidy
from family_voice.web.shared.forms import UncheckedPost
from tests.web.layout_sample import make_app


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    yield make_app()
    texts.install(Catalogues())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Textarea(HTMLParser):
    """What a browser puts into the page's textarea."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inside, self.words = False, ""
        self.feed(page)
        # A browser leaves out one line end right after the tag.
        self.words = self.words.removeprefix("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "textarea"

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words += data


def token(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"')[0]


@settings(deadline=None)
@given(st.text(max_size=60))
@example("\n\nfirst lines empty\r\nsecond")
@example("</textarea><script>alert(1)</script> &amp; 👩‍👧 \x00 سلام")
def test_a_page_gives_back_exactly_what_was_typed(app: Flask, words: str) -> None:
    page = app.test_client().post("/family", data={"answer": words}).text
    assert Textarea(page).words == tidy(words)


def test_a_page_left_open_too_long_keeps_the_words_and_can_be_sent(client: FlaskClient) -> None:
    filled = {"answer": "Nobody rang us back.", "talk": "yes", "how": "text"}
    page = client.post("/family", data={**filled, "csrf_token": "stale"})
    assert page.status_code == 422
    assert "Your words are still here. Press the button again." in page.text
    assert "<title>Error:" in page.text
    assert Textarea(page.text).words == filled["answer"]
    assert re.search(r'value="yes"\s+checked', page.text)
    again = client.post("/family", data={**filled, "csrf_token": token(page.text)})
    assert again.status_code == 302


def test_another_persons_token_does_not_fit(app: Flask, client: FlaskClient) -> None:
    theirs = token(client.get("/family").text)
    mine = app.test_client()
    mine.get("/family")
    page = mine.post("/family", data={"answer": "x", "talk": "no", "csrf_token": theirs})
    assert page.status_code == 422


def test_a_page_that_forgets_its_form_cannot_change_anything(client: FlaskClient) -> None:
    with pytest.raises(UncheckedPost, match="forgetful"):
        client.post("/forgetful")


def test_every_message_leads_to_its_field(client: FlaskClient) -> None:
    page = client.post("/family", data={"born-day": "31", "born-month": "2"}).text
    links = re.findall(r'<a href="#([^"]+)"', page.split("errors")[1])
    assert links == ["answer", "talk", "born-day"]
    for link in links:
        assert f'id="{link}"' in page
    assert 'value="31"' in page


def test_nothing_is_preselected(client: FlaskClient) -> None:
    page = client.get("/family").text
    assert " checked" not in page
    assert " selected" not in page


def test_too_many_words_are_counted_and_kept(client: FlaskClient) -> None:
    words = "ok " * 400
    page = client.post("/family", data={"answer": words, "talk": "no"}).text
    assert "it has 1200 letters and there is room for 1000" in page
    assert Textarea(page).words == words


@pytest.mark.parametrize(
    ("day", "month", "year", "good"),
    [
        ("27", "3", "2016", True),
        ("", "", "", True),
        ("29", "2", "2023", False),
        ("", "3", "2016", False),
        ("27", "3", "16", False),
        ("x", "y", "zzzz", False),
        ("1", "1", "٢٠١٦", True),
    ],
)
def test_dates(client: FlaskClient, day: str, month: str, year: str, good: bool) -> None:
    sent = {"born-day": day, "born-month": month, "born-year": year}
    page = client.post("/family", data=sent).text
    assert ("Put a real date" not in page) is good


def test_an_answer_that_was_not_on_the_page_is_refused(client: FlaskClient) -> None:
    page = client.post("/family", data={"how": "pigeon", "hidden_from": "everybody"}).text
    assert "Choose one of the answers in the list." in page
    assert "Choose from the answers in the list." in page


def test_words_survive_a_page_that_comes_in_between(client: FlaskClient) -> None:
    first = client.post("/door", data={"answer": 'He said "no".\nTwice.', "csrf_token": "old"})
    for _try in range(2):
        kept = {
            name: html.unescape(value)
            for name, value in re.findall(
                r'name="(kept-[^"]+)" value="([^"]*)"', first.text, re.DOTALL
            )
        }
        assert list(kept) == ["kept-answer"]
        first = client.post("/door", data={**kept, "code": "wrong"})
    page = client.post("/opened", data={**kept, "csrf_token": token(first.text)})
    assert Textarea(page.text).words == 'He said "no".\nTwice.'
