"""One record a speaker: what one parent told us is on no page, text or letter of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from family_voice.cases import who_decides
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.inviting import Invited, Way, invite
from family_voice.consent.statements import Purpose
from family_voice.consent.who import Basis
from family_voice.demo.texting import send_due
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Finished
from family_voice.settings import Settings
from family_voice.sms.handling import Incoming, take_in
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker
from tests.conftest import Database
from tests.web.family.browser import Browser

SECRET = "He frightens us both"
HER_WORD, HIS_WORD = "yellow boat", "copper kettle"
PHONE = "+447700900101"
#: Imran is Aaliyah's father, lives elsewhere, and was once reached by Nadia's telephone. All are
#: asked in English, whichever languages are on offer.
APART = (
    EXAMPLE.read_text()
    .replace("nadia@example.org,Urdu", "nadia@example.org,English")
    .replace(
        "Father,yes,Imran,Example,07700 900102,,English,,not confirmed,,,",
        "Father,yes,Imran,Example,07700 900101,,English,,yes,By letter,Jo Sample,",
    )
    .replace("Mother,yes,Deb,Specimen,07700 900104", "Mother,yes,Nadia,Example,07700 900101")
    .replace("30/08/2019,2", "30/08/2013,8")
    .encode()
)
EVERY_PAGE = (
    "/welcome", "/permission", "/question", "/question/important.open", "/check-answers",
    "/your-words", "/your-choices", "/sent", "/last-questions", "/no-thanks", "/ring-me",
    "/about-you", "/return-word", "/stop",
)  # fmt: skip

Ask = Callable[..., Invited]


@pytest.fixture
def ask(database: Database, settings: Settings) -> Ask:
    """Invites somebody of the round by letter."""
    with database.sessions.begin() as session:
        round_id = a_full_round(session, APART)

    def invited(reference: str, name: str) -> Invited:
        with database.sessions.begin() as session:
            view = case(session, round_id, reference)
            return invite(
                session, view.case_id, speaker(view, name).person.id, Way.LETTER,
                settings=settings, by=SOMEBODY, now=NOW,
            )  # fmt: skip

    return invited


def told(database: Database, her: Invited, word: str = HER_WORD) -> None:
    """An account with a return word, sent."""
    with database.sessions.begin() as session:
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, her.interview_id, purpose, True, channel=Channel.WEB, now=NOW)
        record.say(
            session, her.interview_id, SECRET, channel=Channel.WEB, now=NOW,
            prompt_id="important.open",
        )  # fmt: skip
        doors.choose_return_word(session, her.interview_id, word)
        record.happen(session, her.interview_id, Finished(Channel.WEB), NOW)


def arrived(app: Flask, invited: Invited) -> Browser:
    return Browser(app).open(urlsplit(invited.link).path)


def says_nothing_of_it(page: Browser) -> None:
    for address in EVERY_PAGE:
        page.open(address)
        assert "frightens" not in page.html, address
        assert "Nadia" not in page.html, address


@pytest.mark.parametrize(("reference", "name"), [("EX-001", "Imran"), ("EX-004", "Nadia")])
def test_the_other_parent_and_another_childs_talk_show_nothing_of_it(
    app: Flask, database: Database, ask: Ask, reference: str, name: str
) -> None:
    told(database, ask("EX-001", "Nadia"))
    other = ask(reference, name)
    page = arrived(app, other)
    says_nothing_of_it(page)
    page.open("/welcome").press("Start").press(answer="yes").press(answer="yes")
    says_nothing_of_it(page)
    told(database, other, HIS_WORD)
    page = arrived(app, other)
    says_nothing_of_it_when_locked = page.open("/your-words")
    assert "frightens" not in says_nothing_of_it_when_locked.html


def test_her_return_word_opens_nothing_for_him(app: Flask, database: Database, ask: Ask) -> None:
    told(database, ask("EX-001", "Nadia"))
    his = ask("EX-001", "Imran")
    with database.sessions.begin() as session:
        record.decide(session, his.interview_id, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
        doors.choose_return_word(session, his.interview_id, HIS_WORD)
    page = arrived(app, his).open("/your-words")
    page.press(return_word=HER_WORD)
    assert page.status == 422
    assert "frightens" not in page.html
    page.press(return_word=HIS_WORD)
    assert page.path == "/your-words"
    assert "frightens" not in page.html


def test_on_one_telephone_each_link_begins_a_sitting_of_its_own(
    app: Flask, database: Database, ask: Ask
) -> None:
    hers = ask("EX-001", "Nadia")
    told(database, hers)
    his = ask("EX-001", "Imran")
    page = arrived(app, hers).open("/your-words").press(return_word=HER_WORD)
    assert "frightens" in page.html
    page.open(urlsplit(his.link).path)
    says_nothing_of_it(page)
    # And back: her link alone does not open it again.
    page.open(urlsplit(hers.link).path).open("/your-words")
    assert "frightens" not in page.html


def test_on_one_number_the_code_word_says_whose_talk_it_is(
    database: Database, settings: Settings, ask: Ask
) -> None:
    hers, his = ask("EX-001", "Nadia"), ask("EX-001", "Imran")
    assert hers.secrets.code_word
    assert his.secrets.code_word

    def text(body: str, number: int) -> None:
        with database.sessions.begin() as session:
            take_in(session, settings, Incoming(f"SM{number}", PHONE, body), NOW)
            send_due(session, NOW)

    hers_is = (hers.secrets.code_word, "Me", "AGREE", "AGREE", SECRET)
    his_is = (his.secrets.code_word, "Him", "AGREE", "NO")
    for number, body in enumerate((*hers_is, *his_is)):
        text(body, number)
    with database.sessions.begin() as session:
        assert SECRET in record.account(session, hers.interview_id).answers[0].text
        assert record.account(session, his.interview_id).answers == ()
        assert record.state_of(session, hers.interview_id).check_allowed
        assert record.state_of(session, his.interview_id).decisions == {
            "talk": True, "check": False,
        }  # fmt: skip


def test_a_childs_words_are_not_their_mothers_to_read(
    app: Flask, database: Database, ask: Ask
) -> None:
    """Tomasz is 16; below that the same holds once somebody judged that he understands."""
    child, mother = ask("EX-003", "Tomasz"), ask("EX-003", "Ewa")
    told(database, child)
    page = arrived(app, mother)
    for address in EVERY_PAGE:
        assert "frightens" not in page.open(address).html, address


def test_what_stands_about_who_decides_is_on_no_family_page(
    app: Flask, database: Database, ask: Ask, settings: Settings
) -> None:
    mother = ask("EX-003", "Ewa")
    with database.sessions.begin() as session:
        child = mother.person.child_id
        from family_voice.cases.models import Case

        case_id = session.query(Case.id).filter(Case.child_id == child).scalar()
        who_decides.judge(
            session, case_id, able=False, judged_by="Quill Marrowby", why="Frightens easily",
            decision="To talk", support="Pictures", representative="Ewa", by=SOMEBODY, now=NOW,
            basis=Basis.PARENT,
        )  # fmt: skip
    page = arrived(app, mother)
    for address in EVERY_PAGE:
        page.open(address)
        assert "Quill" not in page.html
        assert "rightens" not in page.html
