"""A quote asked about in the same call: proposed, read out, and answered on one page."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest

from family_voice.sharing import quotes
from family_voice.sharing.quotes import Answer, QuoteView
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import OPEN, Pad, Someone, begin, interview_of, somebody
from tests.web.staff.conftest import Desk

SHORT = "A bus that comes changes the whole day."


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


@pytest.fixture
def ending(lead: Desk, someone: Someone) -> Pad:
    pad = begin(lead, someone)
    pad.write(OPEN, "The bus comes. The day is good. She smiles. Nobody rang us in May.")
    ending = Pad(lead, pad.send("ending").headers["Location"])
    for each in ticks(ending)[:3]:
        ending.fields.add("sentences", each)
    ending.fields["right"] = "yes"
    return ending


def ticks(page: Pad) -> list[str]:
    return re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', page.text)


def asked(ending: Pad) -> Pad:
    """They let us quote them, and the page about one quote opens."""
    ending.fields["quote"] = "yes"
    there = ending.send("finish").headers["Location"]
    assert "/quote" in there
    return Pad(ending.desk, there)


def fill(page: Pad, said: str, words: str = SHORT) -> Pad:
    page.fields.setlist("sentences", ticks(page)[:1])
    page.fields["words"], page.fields["said"] = words, said
    return page


def kept(database: Database, someone: Someone, clock: Clock) -> list[QuoteView]:
    with reading(database.sessions) as session:
        return quotes.of_account(session, interview_of(database, someone), clock())


@pytest.mark.parametrize("said", ["approved", "refused"])
def test_what_they_say_to_a_quote_is_written_down_at_once(
    ending: Pad, someone: Someone, database: Database, clock: Clock, said: str
) -> None:
    page = fill(asked(ending), said)
    assert len(ticks(page)) == 3  # only what was read out
    assert "Nobody rang us" not in page.text
    for _press in range(2):
        assert "/done" in page.send().headers["Location"]
    [quote] = kept(database, someone, clock)
    assert (quote.words, quote.answer) == (SHORT, Answer(said))
    assert quote.recorded_by is not None
    # Sent again from the ending it is not asked about again.
    assert "/done" in ending.send("finish").headers["Location"]


def test_a_page_that_was_sent_puts_no_other_words_into_their_mouth(
    ending: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    page = fill(asked(ending), "approved")
    page.send()
    for said, words in (("approved", "Another wording."), ("refused", SHORT)):
        again = fill(page, said, words).send()
        assert again.status_code == 422
        assert "It stands as it was" in unescape(again.text)
    [quote] = kept(database, someone, clock)
    assert (quote.words, quote.answer) == (SHORT, Answer.APPROVED)


@pytest.mark.parametrize("how", ["no", "unasked", "stop", "unread"])
def test_nobody_is_asked_about_a_quote_before_they_may_be(ending: Pad, how: str) -> None:
    if how != "unasked":
        ending.fields["quote"] = "no" if how == "no" else "yes"
    if how == "unread":
        ending.fields.poplist("sentences")
        del ending.fields["right"]
        ending.fields["unread"] = "yes"
    done = ending.send("stop" if how == "stop" else "finish").headers["Location"]
    assert "/done" in done
    address = done.replace("/done", "/quote")
    assert "/done" in ending.desk.get(address).headers["Location"]


def test_what_cannot_be_kept_comes_back_as_it_was(
    ending: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    page = asked(ending)
    name = page.text.split('fv-step">')[1].split()[0]
    for words, said, why in (
        ("", "approved", "Write the short wording"),
        (SHORT, "", "Read it out to them"),
        ("x" * 300, "approved", "too long"),
        (f"{name} is glad.", "approved", "There was a name in it"),
    ):
        came = fill(page, said, words).send()
        assert came.status_code == 422
        assert why in came.text
        again = Pad(page.desk, page.address, came)
        assert again.fields["words"] == words
        assert again.fields.getlist("sentences") == ticks(page)[:1]
    page.fields.setlist("sentences", [])
    page.fields["words"], page.fields["said"] = SHORT, "approved"
    assert "Tick the sentences" in page.send().text
    assert kept(database, someone, clock) == []
    named = fill(page, "approved", f"{name} is glad.")
    shown = Pad(named.desk, named.address, named.send())
    assert "said" not in shown.fields  # what they said was to other words
    assert "/done" in fill(shown, "approved", f"{name} is glad.").send().headers["Location"]
    [quote] = kept(database, someone, clock)
    assert name not in quote.words
    assert quote.to_look_at
