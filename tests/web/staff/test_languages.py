"""The reviewer's pages: reading, correcting and approving each sentence; who reads a language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from family_voice.interviews.guide import load_guide
from family_voice.interviews.models import Interview
from family_voice.interviews.record import guide_of
from family_voice.language import corrections, texts
from family_voice.language.offer import stands
from family_voice.language.wordings import Part, fingerprint
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.people.staff import staff_with
from family_voice.people.wording_models import WordingReview
from family_voice.people.wording_reviews import name_reader, newest, reviews, turns
from family_voice.sms import commands
from family_voice.sms.wordings import Offering, every_wording
from family_voice.storage.base import new_id
from tests.conftest import Clock, Database
from tests.web.staff.conftest import Desk, SignIn

MARK = "/staff/languages/pl/templates/layout/mark.html"


def boxes(page: str) -> tuple[str, str]:
    box = re.search(r'name="(text_\w+)"', page)
    tick = re.search(r'name="(right_\w+)"', page)
    assert box
    assert tick
    return box[1], tick[1]


@pytest.fixture(autouse=True)
def _as_it_was() -> object:
    yield
    corrections.lay([])
    texts.withhold([])


def test_a_correction_is_kept_with_name_and_day_and_families_read_it(
    sign_in: SignIn, app: Flask, database: Database, clock: Clock
) -> None:
    desk = sign_in(Role.REVIEWER)
    box, tick = boxes(desk.get(MARK).text)
    answer = desk.post(MARK, **{box: "Głos rodziny, poprawiony", tick: "y"})
    assert answer.status_code == 302
    page = desk.get(MARK).text
    assert "Głos rodziny, poprawiony" in page
    assert "Approved by Lee Marrowby on" in page
    with database.sessions() as session:
        found = newest(reviews(session, ["pl"]), "pl")
        (review,) = found.values()
        wording = next(each for each in every_wording("pl") if each.key == review.approval.key)
        assert stands(review.approval, wording)
    clock.present += timedelta(minutes=2)
    app.test_client().get("/")
    with texts.speaking("pl"):
        assert texts.gettext("Family Voice") == "Głos rodziny, poprawiony"


def test_what_is_changed_and_not_ticked_changes_nothing(
    sign_in: SignIn, database: Database
) -> None:
    desk = sign_in(Role.REVIEWER)
    box, _tick = boxes(desk.get(MARK).text)
    answer = desk.post(MARK, **{box: "Coś innego"})
    assert answer.status_code == 422
    assert "Coś innego" in answer.text
    assert f'href="#{box}"' in answer.text
    with database.sessions() as session:
        assert session.scalars(select(WordingReview)).all() == []


def test_a_sentence_without_its_value_is_refused(sign_in: SignIn) -> None:
    desk = sign_in(Role.REVIEWER)
    wording = next(
        each for each in every_wording("pl") if "%(team)s" in each.english[0] and each.places
    )
    page = f"/staff/languages/pl/{wording.places[0]}"
    name = fingerprint((wording.key,))[:12]
    found = re.findall(r'name="(text_\w+)"', desk.get(page).text)
    said = dict.fromkeys(found, "")
    said |= {f"text_{name}_0": "Bez nazwy", f"right_{name}": "y"}
    answer = desk.post(page, **said)
    assert answer.status_code == 422
    assert "Put back what the program fills in" in answer.text


def put(desk: Desk, place: str, key: str, words: str) -> str:
    """What the page says to a correction of one wording."""
    wording = next(each for each in every_wording("pl") if each.key == key)
    name, page = fingerprint((wording.key,))[:12], f"/staff/languages/pl/{place}"
    said = {}
    for box, value in re.findall(
        r'<textarea[^>]* name="(text_\w+)"[^>]*>([^<]*)</textarea>', desk.get(page).text
    ):
        said[box] = unescape(value)
    answer = desk.post(page, **{**said, f"text_{name}_0": words, f"right_{name}": "y"})
    return "kept" if answer.status_code == 302 else answer.text


def test_a_correction_that_would_take_a_guide_away_is_refused(sign_in: SignIn) -> None:
    desk = sign_in(Role.REVIEWER)
    of = {each.key: each for each in every_wording("pl")}
    same = of["child:choices.middle.words"].own[0]
    assert "two cards have" in put(desk, "guide/child", "child:choices.good.words", same)
    assert put(desk, "guide/child", "child:choices.good.words", "Bardzo dobrze") == "kept"


def test_a_command_word_that_means_something_already_is_refused(sign_in: SignIn) -> None:
    desk = sign_in(Role.REVIEWER)
    assert "is no already" in put(desk, "commands", "words.stop", "zatrzymaj\nno")
    assert put(desk, "commands", "words.stop", "zatrzymaj\nkoniec") == "kept"


def test_corrections_that_do_not_fit_together_leave_what_was_there(clock: Clock) -> None:
    same = corrections.Correction("pl", Part.GUIDE, "child:choices.good.words", ("X",), clock())
    clash = replace(same, key="child:choices.middle.words")
    words = replace(same, part=Part.COMMANDS, key="words.stop", texts=("no",))
    corrections.lay([same, clash, words])
    assert load_guide("child", "pl").choices[0].words == "Dobrze"
    assert commands.read("no") is commands.Command.NO


def test_a_correction_stands_on_one_line(sign_in: SignIn, database: Database) -> None:
    box, tick = boxes((desk := sign_in(Role.REVIEWER)).get(MARK).text)
    assert desk.post(MARK, **{box: "Głos\r\nBcc: me@bad.example", tick: "y"}).status_code == 302
    with database.sessions() as session:
        assert session.scalars(select(WordingReview)).one().texts == ["Głos Bcc: me@bad.example"]


def test_who_cannot_read_answers_does_not_open_a_language(
    sign_in: SignIn, database: Database, clock: Clock
) -> None:
    sign_in(Role.REVIEWER)
    lead = sign_in(Role.LEAD)
    with database.sessions.begin() as session:
        reviewer = staff_with(session, Role.REVIEWER)[0].id
        name_reader(
            session, staff_id=reviewer, language="pl", from_day=clock().date(), until_day=None,
            by=reviewer, now=clock(),
        )  # fmt: skip
        assert turns(session) == []
    assert str(reviewer) not in lead.get("/staff/languages/readers").text


def test_the_reviewer_sees_only_these_pages(sign_in: SignIn) -> None:
    desk = sign_in(Role.REVIEWER)
    assert desk.get("/staff/languages/").status_code == 200
    assert desk.get("/staff/languages/ur/").status_code == 200
    for page in (
        "/staff/ledger",
        "/staff/texts/",
        "/staff/team/",
        "/panel/",
        "/staff/languages/readers",
    ):
        assert desk.get(page).status_code in (403, 404), page
    assert sign_in(Role.LEAD).get(MARK).status_code == 403


def test_no_such_language_or_place(sign_in: SignIn) -> None:
    desk = sign_in(Role.REVIEWER)
    assert desk.get("/staff/languages/xx/").status_code == 404
    assert desk.get("/staff/languages/en/").status_code == 404
    assert desk.get("/staff/languages/pl/templates/staff/ledger.html").status_code == 404


def approve_all(database: Database, staff_id: object, clock: Clock) -> None:
    with database.sessions.begin() as session:
        for each in every_wording("pl"):
            own = each.own if each.whole else each.english
            session.add(
                WordingReview(
                    id=new_id(), language="pl", part=each.part.value, key=each.key,
                    english_hash=fingerprint(each.english), file_hash=fingerprint(each.own),
                    own_hash=fingerprint(own), texts=None if each.whole else list(own),
                    staff_id=staff_id, approved_by="Lee Marrowby", approved_at=clock(),
                )
            )  # fmt: skip


def test_a_language_opens_when_all_is_approved_and_somebody_reads_it(
    sign_in: SignIn, app: Flask, database: Database, clock: Clock
) -> None:
    desk = sign_in(Role.LEAD)
    with database.sessions() as session:
        lead = session.scalars(select(StaffMember.id)).one()

    def choices() -> list[str]:
        clock.present += timedelta(minutes=2)
        return re.findall(r"\?language=(\w+)", app.test_client().get("/").text)

    assert choices() == []
    approve_all(database, lead, clock)
    assert choices() == []
    answer = desk.post(
        "/staff/languages/readers",
        **{"staff": str(lead), "language": "pl", "from_day-day": clock().day,
           "from_day-month": clock().month, "from_day-year": clock().year},
    )  # fmt: skip
    assert answer.status_code == 302
    assert choices() == ["pl"]
    page = desk.get("/staff/languages/readers").text
    ending = re.search(r'action="(/staff/languages/readers/[^"]+/end)"', page)
    assert ending
    assert desk.post("/staff/languages/readers", ending[1]).status_code == 302
    assert choices() == ["pl"]
    clock.present += timedelta(days=1)
    assert choices() == []


def test_a_closed_account_reads_nothing(sign_in: SignIn, database: Database, clock: Clock) -> None:
    sign_in(Role.LEAD)
    with database.sessions.begin() as session:
        lead = session.scalars(select(StaffMember)).one()
        name_reader(
            session, staff_id=lead.id, language="pl", from_day=clock().date(), until_day=None,
            by=lead.id, now=clock(),
        )  # fmt: skip
        lead.active = False
        lead_id = lead.id
    approve_all(database, lead_id, clock)
    offering = Offering()
    with database.sessions() as session:
        offering.read(session, clock())
    offering.use()
    assert texts.offered("pl") is None
    assert texts.known("pl") is not None


def test_before_anything_was_read_only_english_is_offered(app: Flask) -> None:
    Offering().use()
    assert [each.code for each in texts.languages()] == ["en"]


def test_the_demo_offers_every_language(demo_app: Flask) -> None:
    page = demo_app.test_client().get("/").text
    assert set(re.findall(r"\?language=(\w+)", page)) >= {"ar", "pl", "ur"}


def test_nothing_new_begins_in_a_language_that_was_taken_off_offer(
    app: Flask, database: Database
) -> None:
    client = app.test_client()
    with client.session_transaction() as sitting:
        sitting["language"] = "ur"
    hidden = dict(
        re.findall(r'name="(csrf_token|door|of)" value="([^"]*)"', client.get("/share").text)
    )
    answer = client.post("/share", data={**hidden, "audience": "parent_carer"})
    assert answer.status_code in (200, 302)
    with database.sessions() as session:
        (begun,) = session.scalars(select(Interview.id)).all()
        assert guide_of(session, begun).language == "en"
