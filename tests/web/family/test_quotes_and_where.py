"""The family decides about each short piece, and reads where its words went. Behind the word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from family_voice.consent.decisions import Audience
from family_voice.consent.statements import Purpose
from family_voice.improvement import outcomes
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.operations.holds import set_hold
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.sharing import quotes, quoting
from family_voice.sharing.quotes import Answer
from family_voice.sharing.recognising import NOBODY
from family_voice.web.panel.pack import SEEN
from tests.conftest import Clock, Database
from tests.factories import on_the_rota
from tests.reports.panel_round import PanelRound, say_no, sentence
from tests.web.entering import Enter
from tests.web.family.browser import Browser
from tests.web.panel.conftest import panel, sign_in

__all__ = ["panel", "sign_in"]

SHORT = "A friend, at last."
WORD = "yellow boat"


class Home:
    """The mother of the panel's round, at her browser."""

    def __init__(self, app: Flask, database: Database, panel: PanelRound, clock: Clock) -> None:
        self.database, self.panel, self.clock = database, panel, clock
        lead = Actor("staff", panel.lead)
        with database.sessions.begin() as session:
            record.decide(
                session, panel.mother, Purpose.QUOTE, True, channel=Channel.WEB,
                now=clock.present,
            )  # fmt: skip
            doors.choose_return_word(session, panel.mother, WORD)
            secrets = doors.open_doors(
                session, panel.mother, clock.present + timedelta(days=90), clock.present
            )
            of = [sentence(session, panel.mother, "He has a friend now.")]
            self.quote = quoting.propose(
                session, panel.mother, of, SHORT, lead, clock.present, answers=NOBODY
            )
            outcomes.tell(
                session, [panel.mother], outcomes.Kind.CANNOT, "A taxi.", "No driver.", lead,
                clock.present,
            )  # fmt: skip
        self.page = Browser(app).open(f"/i/{secrets.token}")
        self.page.open("/accessibility?language=en")

    def at(self, path: str) -> Browser:
        page = self.page.open(path)
        return page.press(return_word=WORD) if "Type your return word" in page.text else page

    @property
    def answer(self) -> Answer:
        with self.database.sessions() as session:
            [view] = quotes.of_account(session, self.panel.mother, self.clock.present)
            return view.answer

    def shared(self) -> list[str]:
        with self.database.sessions() as session:
            later = self.clock.present + timedelta(days=60)
            return quotes.approved(session, Audience.FORUM, later)


@pytest.fixture
def home(demo_app: Flask, database: Database, panel: PanelRound, clock: Clock) -> Home:
    return Home(demo_app, database, panel, clock)


def test_yes_no_and_their_own_words(home: Home) -> None:
    assert SHORT not in home.page.open("/quotes").text
    page = home.at("/quotes").press("Yes, you may use this")
    assert "You said yes" in page.text
    assert home.shared() == [SHORT]
    page.press("No, do not use it")
    assert "You said no" in page.text
    assert home.shared() == []
    page.press("Use my words instead", words="He found a friend.")
    assert "You put it in your own words" in page.text
    assert "Until then nobody else reads it" in page.text
    assert home.answer is Answer.EDITED
    assert home.shared() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [("", "Write your words"), ("x" * 300, "too long"), ("word " * 900_000, "too long")],
    ids=["none", "long", "longer than a page"],
)
def test_words_that_cannot_be_used_come_back(home: Home, words: str, says: str) -> None:
    page = home.at("/quotes").press("Use my words instead", words=words)
    assert page.status == 422
    assert says in page.text
    assert page.value("words") == words
    assert f'href="#words-{home.quote.hex}"' in page.html
    assert home.answer is Answer.WAITING


def test_another_accounts_quote_cannot_be_answered(home: Home, database: Database) -> None:
    page = home.at("/quotes")
    with database.sessions.begin() as session:
        record.decide(
            session, home.panel.child, Purpose.QUOTE, True, channel=Channel.WEB,
            now=home.clock.present,
        )  # fmt: skip
        of = [sentence(session, home.panel.child, "I like the quiet room.")]
        theirs = quoting.propose(
            session, home.panel.child, of, "The quiet room.", Actor("operator"), home.clock.present
        )
    page.press("Yes, you may use this", quote=theirs.hex)
    assert page.status == 422
    with database.sessions() as session:
        [view] = quotes.of_account(session, home.panel.child, home.clock.present)
    assert view.answer is Answer.WAITING


def test_after_a_no_to_quotes_none_is_shown(home: Home, database: Database) -> None:
    home.at("/quotes")
    with database.sessions.begin() as session:
        say_no(session, home.panel.mother, home.clock.present, Purpose.QUOTE)
    page = home.at("/quotes")
    assert SHORT not in page.text
    assert "There is nothing for you to decide now" in page.text


def test_where_their_words_went(home: Home, database: Database) -> None:
    """Roles and no names; the sentences, what came of it; nothing of what is kept apart."""
    panel, moment = home.panel, home.clock.present
    with database.sessions.begin() as session:
        on_the_rota(session, moment)
    page = home.at("/where-my-words-went")
    for words in (
        "Not possible, and why", "A taxi.", "No driver.", "You answered 2 questions",
        "Nobody of the small group has opened it yet", "He has a friend now.",
        "You have not said whether we may count you", "Friends and joining in",
        "one short piece of what you said", "The small group meets on",
    ):  # fmt: skip
        assert words in page.text, words
    before = page.text
    with database.sessions.begin() as session:
        set_hold(session, reason="A court", by=panel.lead, now=moment, interview_id=panel.mother)
        for who, kind, of in (
            (panel.chair, "concern", panel.case),
            (panel.outsider, "pack", panel.case),
        ):
            on_trail(session, Actor("staff", who), "view", kind, of, moment, SEEN)
        on_trail(session, Actor("staff", panel.chair), "view", "pack", panel.case, moment,
                 ["no account"])  # fmt: skip
        on_trail(session, Actor("staff", panel.chair), "view", "pack", panel.case, moment,
                 [*SEEN, str(panel.child)])  # fmt: skip
    assert page.open("/where-my-words-went").text == before
    with database.sessions.begin() as session:
        member = Actor("staff", panel.member)
        on_trail(session, member, "view", "pack", panel.case, moment,
                 [*SEEN, str(panel.mother)])  # fmt: skip
    page.open("/where-my-words-went")
    assert "Somebody from each of these has opened it:" in page.text
    assert "Health" in page.text
    assert "Education" not in page.text
    assert "Max Member" not in page.text
    page.follow("Put something right")
    assert page.path == "/your-words"
    assert page.open("/where-my-words-went").follow("Take back what I told you").path == (
        "/take-back"
    )


def test_only_who_was_shown_it_has_read_it(sign_in: Enter, home: Home, database: Database) -> None:
    """A profile in which none of these words stand tells the mother nothing; the pack does."""
    page = home.at("/where-my-words-went")
    assert "The Family Voice team may read it, and has not opened it yet." in page.text
    member = sign_in(home.panel.member)
    assert member.get(f"/panel/cases/{home.panel.case}/profile").status_code == 200
    assert "Nobody of the small group has opened it yet" in page.open("/where-my-words-went").text
    assert member.get(f"/panel/cases/{home.panel.case}").status_code == 200
    page.open("/where-my-words-went")
    assert "Somebody from each of these has opened it:" in page.text
    assert "and has not opened it yet" in page.text
    with database.sessions.begin() as session:
        on_trail(session, Actor("staff", home.panel.lead), "view", "interview",
                 home.panel.mother, home.clock.present, ["answers"])  # fmt: skip
    assert "The Family Voice team has read it." in page.open("/where-my-words-went").text


def test_what_is_kept_from_the_group_says_so(home: Home, database: Database) -> None:
    home.at("/where-my-words-went")
    with database.sessions.begin() as session:
        say_no(session, home.panel.mother, home.clock.present, Purpose.CHECK)
    page = home.at("/where-my-words-went")
    assert "The small group cannot read it." in page.text
    assert "He has a friend now." not in page.text
