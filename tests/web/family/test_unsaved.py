"""When an answer cannot be saved, every word of it is on the page, with a button to send it."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import Database
from tests.web.family.browser import Browser
from tests.web.family.conftest import Household

QUESTION = "/question/important.open"


class Forgiving(Browser):
    """A browser that looks at error pages too."""

    def post(self, path: str, values: object) -> Browser:
        self.response = self.client.post(path, data=values, follow_redirects=True)
        self.path = path
        return self


@pytest.fixture
def page(app: Flask, family: Household) -> Browser:
    """A browser at the first question of an application that hides its errors from nobody."""
    app.testing = False
    asked = family.asked()
    page = Forgiving(app)
    page.client, page.response, page.path = asked.client, asked.response, asked.path
    return page


def rename(database: Database, old: str, new: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.mark.parametrize("words", ["Tired", "We wait.\nAnd wait. نعم <b>"])
def test_words_that_could_not_be_saved_are_shown_again_and_sent_again(
    family: Household, page: Browser, database: Database, words: str
) -> None:
    rename(database, "sentence", "gone")
    page.press(words=words)
    assert page.status in (500, 503)
    assert "not saved yet, but it is still here" in page.text
    assert page.value("words") == words
    rename(database, "gone", "sentence")
    assert family.words("important.open") == ""
    page.press("Try again")
    assert family.words("important.open") == words


def test_a_return_word_is_not_written_into_the_page(
    family: Household, page: Browser, database: Database
) -> None:
    page.press(words="All is well.").open("/return-word")
    rename(database, "interview_event", "gone")
    page.press("Send", word="purple tin")
    assert page.status in (500, 503)
    assert "purple" not in page.html


def test_the_log_tells_where_and_nothing_of_what(
    page: Browser, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    rename(database, "sentence", "gone")
    with caplog.at_level(logging.DEBUG):
        page.press(words="My secret worry")
    told = " ".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    assert "Error at " in told
    assert "secret" not in told
    assert "INSERT" not in told
