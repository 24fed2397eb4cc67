"""A case on the web: trying, inviting, changing how to reach somebody, standing down."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from family_voice.cases.reading import CaseView
from family_voice.interviews import doors
from family_voice.messages.models import OutboundMessage
from family_voice.messages.outbox import body_of
from family_voice.people.access import Role
from family_voice.people.register import change_contact
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from tests.cases.households import NOW, a_full_round, case, speaker, with_sibling
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn

Look = Callable[[str], CaseView]
# What an envelope opened by somebody else must not tell them. Year 6 and SEMH are the themes.
NEVER_IN_A_LETTER = (
    "Aaliyah", "Hollybank", "EHC", "Year 6", "mental", "communication", "EX-001", "audit", "panel",
    "case", "cohort", "sample", "purpose", "SEN Support", "theme",
)  # fmt: skip


@pytest.fixture
def look(database: Database, round_id: UUID) -> Look:
    """A case by its reference, as stored now."""

    def find(reference: str) -> CaseView:
        with reading(database.sessions) as session:
            return case(session, round_id, reference)

    return find


def invite_page(view: CaseView, name: str) -> str:
    return f"/staff/cases/{view.case_id}/people/{speaker(view, name).person.id}/invite"


def occasion_on(page: str) -> str:
    found = re.search(r'name="occasion" value="([^"]+)"', page)
    assert found
    return found[1]


def send_text(lead: Desk, page: str) -> TestResponse:
    return lead.post(page, way="text", occasion=occasion_on(lead.get(page).text))


def person_page(view: CaseView, name: str) -> str:
    return f"/staff/cases/{view.case_id}/people/{speaker(view, name).person.id}"


def texts(database: Database) -> list[tuple[str, str]]:
    with reading(database.sessions) as session:
        return [
            (row.state, body_of(session, row)) for row in session.scalars(select(OutboundMessage))
        ]


def letter_in(page: str) -> str:
    found = re.search(r'<article class="fv-letter.*?</article>', page, re.S)
    assert found
    return found[0]


def test_a_letter_opens_a_door_and_tells_nothing(
    lead: Desk, look: Look, database: Database
) -> None:
    view = look("EX-001")
    page = lead.post(invite_page(view, "Nadia"), way="letter", print_size="ordinary")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    letter = letter_in(page.text)
    assert "Dear Nadia Example" in letter
    assert "Mrs Demo from the family hub thought" in letter
    assert "01632 960000" in letter
    assert "<svg" in letter
    words = re.sub(r"<[^>]+>", " ", letter.replace("http://localhost", ""))
    for never in NEVER_IN_A_LETTER:
        assert never.casefold() not in words.casefold(), never
    token = re.search(r"/i/([\w-]+)", letter)
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", words)
    assert token
    assert code
    with reading(database.sessions) as session:
        interview_id = doors.by_token(session, token[1], NOW)
        assert doors.by_code(session, code[0], NOW) == interview_id
    assert look("EX-001").attempts[0].channel == "letter"
    again = letter_in(lead.post(invite_page(view, "Nadia"), way="letter", print_size="large").text)
    assert "fv-letter--large" in again
    assert token[1] not in again
    with reading(database.sessions) as session, pytest.raises(doors.NoSuchDoor):
        doors.by_token(session, token[1], NOW)


def test_a_text_is_put_in_line(lead: Desk, look: Look, database: Database) -> None:
    page = send_text(lead, invite_page(look("EX-001"), "Nadia"))
    assert "It goes out within a minute" in page.text
    [(state, body)] = texts(database)
    assert (state, "/i/" in body) == ("queued", True)
    word = re.search(r'fv-secret" dir="ltr">([^<]+)<', page.text)
    assert word
    assert word[1] not in body
    assert word[1] not in lead.get(f"/staff/cases/{look('EX-001').case_id}").text


def test_pressing_twice_sends_one_text(lead: Desk, look: Look, database: Database) -> None:
    page = invite_page(look("EX-001"), "Nadia")
    assert lead.post(page, way="text").status_code == 422
    assert texts(database) == []
    occasion = occasion_on(lead.get(page).text)
    assert lead.post(page, way="text", occasion=occasion).status_code == 200
    [(_state, body)] = texts(database)
    token = re.search(r"/i/([\w-]+)", body)
    assert token
    again = lead.post(page, way="text", occasion=occasion)
    assert again.status_code == 422
    assert "nothing was sent again" in again.text
    assert texts(database) == [("queued", body)]
    assert len(look("EX-001").attempts) == 1
    with reading(database.sessions) as session:
        assert doors.by_token(session, token[1], NOW)
    # Who means to send another presses on the page as it is now.
    assert lead.post(page, way="text", occasion=occasion_on(again.text)).status_code == 200
    assert sorted(state for state, _body in texts(database)) == ["cancelled", "queued"]


def test_the_history_says_whether_an_invitation_went(
    lead: Desk, look: Look, database: Database
) -> None:
    """Waiting, gone, or taken out of line by a later letter; by text and by email."""
    view = look("EX-001")
    page, history = invite_page(view, "Nadia"), f"/staff/cases/{view.case_id}"
    who = speaker(view, "Nadia").person
    with database.sessions.begin() as session:
        contact = replace(who.facts.contact, email="nadia@home.example")
        change_contact(session, who.id, who.version, contact)
    for way in ("text", "email"):
        sent = lead.post(page, way=way, occasion=occasion_on(lead.get(page).text))
        assert sent.status_code == 200, way
    assert lead.get(history).text.count("It has not gone yet.") == 1
    assert "a later invitation took its place" in lead.get(history).text
    lead.post(page, way="letter", print_size="ordinary")
    shown = lead.get(history).text
    assert "It has not gone yet." not in shown
    assert shown.count("Did not go: a later invitation took its place") == 2


def test_who_may_not_be_invited(lead: Desk, look: Look, database: Database) -> None:
    for reference, name, way, said in (
        ("EX-006", "Huw", "letter", "not safe to contact this person"),
        ("EX-001", "Imran", "text", "Nobody has confirmed yet"),
        ("EX-002", "Moira", "text", "There is no mobile number"),
    ):
        view = look(reference)
        page = invite_page(view, name)
        assert said in lead.get(page).text
        refused = lead.client.post(page, data={"way": way, "csrf_token": _token(lead, view)})
        assert refused.status_code == 422
        assert said in refused.text
        assert look(reference).attempts == ()
    assert texts(database) == []


def _token(lead: Desk, view: CaseView) -> str:
    found = re.search(
        r'name="csrf_token" value="([^"]+)"', lead.get(f"/staff/cases/{view.case_id}").text
    )
    assert found
    return found[1]


def test_a_try_and_its_minutes(lead: Desk, look: Look) -> None:
    view = look("EX-003")
    page = f"/staff/cases/{view.case_id}"
    tried = {
        "attempt-whom": str(speaker(view, "Ewa").person.id), "attempt-channel": "telephone",
        "attempt-outcome": "no_answer", "attempt-day-day": "17", "attempt-day-month": "11",
        "attempt-day-year": "2026", "attempt-time": "14:30", "attempt-took": "6",
    }  # fmt: skip
    assert lead.post(page, f"{page}/attempts", **tried).status_code == 302
    text = lead.get(page).text
    assert "We have written that down" in text
    assert "17 November 2026, 14:30" in text
    assert look("EX-003").line.minutes_other == 6
    for change, said in (
        ({"attempt-time": "half past"}, "Put the time as hours and minutes"),
        ({"attempt-day-day": "19"}, "still to come"),
        ({"attempt-took": "-4"}, "Put whole minutes"),
        ({"attempt-outcome": ""}, "Choose what came of it"),
        ({"attempt-whom": str(speaker(look("EX-001"), "Nadia").person.id)}, "Choose one of"),
    ):
        refused = lead.post(page, f"{page}/attempts", **tried | change)
        assert refused.status_code == 422
        assert said in refused.text
        assert 'value="2026"' in refused.text
    assert len(look("EX-003").attempts) == 1


def test_minutes_and_enough_tries(lead: Desk, look: Look) -> None:
    view = look("EX-003")
    page = f"/staff/cases/{view.case_id}"
    added = {"minutes-step": "write_up", "minutes-took": "12"}
    assert lead.post(page, f"{page}/minutes", **added).status_code == 302
    assert look("EX-003").minutes_by_step == {"write_up": 12}
    refused = lead.post(page, f"{page}/tried-enough/yes", **{"enough-unticked": ""})
    assert refused.status_code == 422
    assert "at least 3 tries in at least 2 ways" in refused.text
    assert not look("EX-003").tried_enough
    sure = {"enough-sure": "yes"}
    assert lead.post(page, f"{page}/tried-enough/yes", **sure).status_code == 302
    assert look("EX-003").tried_enough
    assert "Beyond the talk" in lead.get("/staff/ledger").text


def test_two_people_change_the_same_thing(lead: Desk, look: Look) -> None:
    view = look("EX-001")
    page = person_page(view, "Nadia")
    version = speaker(view, "Nadia").person.version
    mine = {
        "version": version, "safe_to_contact": "yes", "safe_confirmed_by": "Jo Sample",
        "safe_how": "Only by letter", "mobile": "07700 900101", "language": "Urdu",
    }  # fmt: skip
    theirs = mine | {"safe_how": "Never on a Friday", "mobile": "07700 900111"}
    assert lead.post(page, **theirs).status_code == 302
    both = lead.post(page, **mine)
    assert both.status_code == 409
    for said in ("Somebody else changed this", "Never on a Friday", "Only by letter"):
        assert said in both.text
    stored = speaker(look("EX-001"), "Nadia").person
    assert stored.facts.contact.safe_how == "Never on a Friday"
    newer = re.search(r'name="version" value="(\d+)"', both.text)
    assert newer
    assert lead.post(page, **mine | {"version": newer[1]}).status_code == 302
    assert speaker(look("EX-001"), "Nadia").person.facts.contact.safe_how == "Only by letter"


def test_nobody_is_safe_on_a_guess(lead: Desk, look: Look) -> None:
    page = person_page(look("EX-001"), "Imran")
    typed = {"version": 1, "safe_to_contact": "yes", "mobile": "0161 496 0000", "language": "Elf"}
    refused = lead.post(page, **typed)
    assert refused.status_code == 422
    for said in ("so no text can reach it", "English name, like Urdu", 'value="0161 496 0000"'):
        assert said in refused.text
    refused = lead.post(page, **typed | {"mobile": "", "language": "English"})
    assert "Write who confirmed it" in refused.text
    imran = speaker(look("EX-001"), "Imran").person.facts.contact
    assert imran.safe_to_contact == "not_confirmed"


def test_standing_down_and_releasing(lead: Desk, database: Database) -> None:
    with database.sessions.begin() as session:
        round_id = a_full_round(session, with_sibling())
        first, sibling = (case(session, round_id, each) for each in ("EX-001", "EX-004"))
    send_text(lead, invite_page(first, "Nadia"))
    down = f"/staff/cases/{first.case_id}/stand-down"
    assert "is cancelled" in lead.get(down).text
    assert "Choose why" in lead.post(down).text
    assert lead.post(down, reason="died").status_code == 302
    page = lead.get(f"/staff/cases/{first.case_id}").text
    assert "1 text that was waiting was cancelled" in page
    assert "Invitations for 1 sibling are held" in page
    assert [state for state, _body in texts(database)] == ["cancelled"]
    assert "already" in lead.post(down, reason="died").text
    held = f"/staff/cases/{sibling.case_id}"
    assert "Invitations are held" in lead.get(held).text
    assert "Invitations to this family are held" in lead.get(invite_page(sibling, "Nadia")).text
    assert lead.post(held, f"{held}/release").status_code == 302
    assert "Make the letter" in lead.get(invite_page(sibling, "Nadia")).text
    slip = f"/staff/cases/{first.case_id}"
    assert lead.post(slip, f"{slip}/put-back").status_code == 302


def test_looking_is_written_down(lead: Desk, look: Look, database: Database) -> None:
    view = look("EX-001")
    lead.get(f"/staff/cases/{view.case_id}")
    with reading(database.sessions) as session:
        [row] = session.scalars(
            select(TrailRow).where(TrailRow.action == "view", TrailRow.resource_id == view.case_id)
        )
    assert row.actor_kind == "staff"
    assert "Nadia" not in str(row.fields)


def test_a_forgotten_token_changes_nothing(lead: Desk, look: Look) -> None:
    view = look("EX-003")
    page = f"/staff/cases/{view.case_id}"
    stale = lead.client.post(
        f"{page}/attempts", data={"attempt-channel": "letter", "attempt-took": "17"}
    )
    assert stale.status_code == 422
    assert "Press the button again" in stale.text
    assert 'value="17"' in stale.text
    for action in ("tried-enough/yes", "put-back", "release"):
        assert lead.client.post(f"{page}/{action}").status_code == 422
    assert not look("EX-003").tried_enough


def test_what_is_not_there(lead: Desk, look: Look) -> None:
    nobody = UUID(int=7)
    view = look("EX-001")
    stranger = speaker(look("EX-002"), "Moira").person.id
    for page in (
        f"/staff/cases/{nobody}",
        f"/staff/rounds/{nobody}",
        f"/staff/cases/{view.case_id}/people/{stranger}",
        f"/staff/cases/{view.case_id}/people/{stranger}/invite",
    ):
        assert lead.get(page).status_code == 404


def test_the_panel_does_not_come_in(sign_in: SignIn, look: Look, database: Database) -> None:
    view = look("EX-001")
    desk = sign_in(Role.PANEL)
    for page in (
        f"/staff/cases/{view.case_id}",
        person_page(view, "Nadia"),
        invite_page(view, "Nadia"),
        f"/staff/cases/{view.case_id}/stand-down",
    ):
        assert desk.get(page).status_code == 403
        assert desk.client.post(page).status_code in {403, 405}
    assert texts(database) == []


def test_the_ledger_page_asks_a_fixed_number_of_questions(
    lead: Desk, round_id: UUID, app: Flask
) -> None:
    sent: list[str] = []
    engine = app.extensions["family_voice"].sessions.kw["bind"]

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    page = lead.get(f"/staff/rounds/{round_id}")
    assert page.status_code == 200
    assert "Not started" in page.text
    assert len([each for each in sent if each.startswith("SELECT")]) <= 56


def test_when_it_is_safe_to_text_them(lead: Desk, look: Look) -> None:
    page = person_page(look("EX-001"), "Nadia")
    typed = {
        "version": speaker(look("EX-001"), "Nadia").person.version, "safe_to_contact": "yes",
        "safe_confirmed_by": "Jo Sample", "mobile": "07700 900101", "language": "Urdu",
    }  # fmt: skip
    refused = lead.post(page, **typed, safe_hours="21:00 to 23:00")
    assert refused.status_code == 422
    assert "Texts go out between 9:00 and 20:00." in refused.text
    assert 'value="21:00 to 23:00"' in refused.text
    assert lead.post(page, **typed, safe_hours="4pm to 7.30pm").status_code == 302
    assert 'value="16:00 to 19:30"' in lead.get(page).text
    assert (
        "Calls, texts and emails only from 16:00 to 19:30"
        in lead.get(page.split("/people")[0]).text
    )
    invite = lead.get(f"{page.removesuffix('/edit')}/invite").text
    assert "some time from 16:00 to 19:30:" in invite
