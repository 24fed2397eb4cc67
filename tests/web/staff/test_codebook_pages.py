"""Changing the codebook on its pages: what it touches is shown first, and it can be taken back."""

from __future__ import annotations

import re
from html import unescape

import pytest

from family_voice.people.access import Role
from family_voice.people.staff import add_staff, find_staff
from family_voice.themes import codebook_changing, codebook_requests, coding
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebook_changes import Retire
from family_voice.themes.codebooks import current
from tests.conftest import NOW, Database
from tests.themes.test_coding import ANSWER, told
from tests.web.staff.conftest import Desk, SignIn

STARTER = load_codebook()
PAGE = "/staff/codebook"


@pytest.fixture
def desk(sign_in: SignIn) -> Desk:
    return sign_in(Role.LEAD)


def by_hand(html: str) -> dict[str, str]:
    """What the hidden fields of the preview send on."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def coded(database: Database, code: str) -> None:
    with database.sessions.begin() as session:
        lead = find_staff(session, f"{Role.LEAD.value}@council.example")
        assert lead is not None
        coding.put(session, told(session), ANSWER, code, lead.id, NOW)


def test_every_code_has_its_meaning_in_view_and_its_use(desk: Desk, database: Database) -> None:
    coded(database, "waiting")
    html = unescape(desk.get(PAGE).text)
    for code in STARTER.codes.values():
        assert code.name in html
        assert code.definition in html
    assert html.count("Used 1 time, in 1 account") == 1
    assert html.count("Not used yet") == len(STARTER.codes) - 1


def test_a_change_is_looked_at_then_made_and_then_taken_back(
    desk: Desk, database: Database
) -> None:
    coded(database, "answers")
    to = f"{PAGE}/codes/answers/merge"
    looked = desk.post(to, into="waiting", reason="They are the same", seen="1", look="1")
    assert "What this change touches" in looked.text
    assert "Used 1 time, in 1 account" in looked.text
    assert "All of it counts as “Waiting” from now on" in unescape(looked.text)
    with database.sessions() as session:
        assert current(session) == STARTER
    made = desk.post(to, **by_hand(looked.text), sure="1")
    assert made.location == f"{PAGE}/history/2"
    page = unescape(desk.get(made.location).text)
    assert "They are the same" in page
    assert "Part of: Waiting" in page
    assert "Used 1 time, in 1 account" in desk.get(f"{PAGE}/codes/waiting").text
    assert "is part of another now" in desk.get(f"{PAGE}/codes/answers").text
    back = f"{PAGE}/history/2/undo"
    looked = desk.post(back, reason="They were not", seen="2", look="1")
    desk.post(back, **by_hand(looked.text), sure="1")
    with database.sessions() as session:
        assert current(session).offered == STARTER.offered
        assert [each.undoes for each in codebook_changing.history(session)] == [2, None]
    assert "takes back change 2" in desk.get(f"{PAGE}/history").text


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(desk: Desk) -> None:
    answer = desk.post(
        f"{PAGE}/new", seen="1", look="1", name="Waiting", definition="Too short",
        use_when="They say it at all.", not_when="They do not say it.", reason="New",
        first_example="We said it to them.", second_example="We never said it.",
        headings="worries", source="Our meeting", new_group="Getting about",
    )  # fmt: skip
    html = unescape(answer.text)
    assert "Something needs your help" in html
    assert "Another code or group has this name" in html
    assert "Too short" in html
    assert 'value="Getting about"' in html
    blank = unescape(desk.post(f"{PAGE}/codes/waiting/retire", seen="1", look="1").text)
    assert "Say why, for whoever looks back at this change." in blank


def test_a_codebook_that_moved_on_is_shown_anew_with_what_was_typed(
    desk: Desk, database: Database
) -> None:
    to = f"{PAGE}/codes/waiting/retire"
    looked = desk.post(to, reason="We say Time waited", seen="1", look="1")
    with database.sessions.begin() as session:
        other = add_staff(
            session, email="bo@council.example", roles=[Role.LEAD], now=NOW, password="x" * 12
        )
        codebook_changing.change(session, Retire("hopes"), 1, "Unused", other.staff_id, NOW)
    answer = desk.post(to, **by_hand(looked.text), sure="1")
    assert "Somebody else has changed the codebook" in answer.text
    assert "We say Time waited" in answer.text
    with database.sessions() as session:
        assert "waiting" in current(session).offered
    assert by_hand(answer.text)["seen"] == "2"


def test_a_split_is_listed_to_be_looked_at_again_until_it_is(
    desk: Desk, database: Database
) -> None:
    coded(database, "waiting")
    to = f"{PAGE}/codes/waiting/split"
    part = {
        "definition": "Time until there is one.", "use_when": "They wait for one of these.",
        "not_when": "They wait for the other.", "first_example": "It took two years to come.",
        "second_example": "It came in a week for once.",
    }  # fmt: skip
    fields = {f"one_{name}": text for name, text in part.items()}
    fields |= {f"two_{name}": text for name, text in part.items()}
    fields |= {"one_name": "Waiting for a place", "two_name": "Waiting for a name"}
    looked = desk.post(to, **fields, reason="Two things", seen="1", look="1")
    assert "“To look at again”" in unescape(looked.text)
    desk.post(to, **by_hand(looked.text), sure="1")
    assert "1 account has a code that is no longer offered" in desk.get(PAGE).text
    page = unescape(desk.get(f"{PAGE}/look-again").text)
    assert "Waiting for a place, Waiting for a name" in page
    assert "1 place" in page


def test_notes_stay_with_a_code(desk: Desk) -> None:
    desk.post(f"{PAGE}/codes/waiting", text="We use it from six weeks on.")
    assert "We use it from six weeks on." in desk.get(f"{PAGE}/codes/waiting").text
    assert desk.get(f"{PAGE}/codes/nothing").status_code == 404


def test_a_request_of_the_forum_gets_its_answer(desk: Desk, database: Database) -> None:
    with database.sessions.begin() as session:
        member = add_staff(
            session,
            email="zara@forum.example",
            roles=[Role.FORUM],
            now=NOW,
            password="x" * 12,
            name="Zara Hill",
        ).staff_id
        asked = codebook_requests.ask(session, "having_to_push", "Say “chasing”.", member, NOW)
    to = f"{PAGE}/requests"
    page = unescape(desk.get(to).text)
    assert "Say “chasing”." in page
    assert "Zara Hill" in page
    half = desk.post(to, request=str(asked), outcome="not_changed", text=" ")
    assert "Write an answer: what was done, or why not." in half.text
    desk.post(to, request=str(asked), outcome="not_changed", text="Families say push more often.")
    assert "No request waits for an answer." in desk.get(to).text
    again = desk.post(to, request=str(asked), outcome="changed", text="Another answer")
    assert "Somebody has answered this request." in again.text
    with database.sessions() as session:
        (mine,) = codebook_requests.asked_by(session, member)
    assert mine.answer == "Families say push more often."
    assert mine.outcome is codebook_requests.Outcome.NOT_CHANGED
