"""From a family's words to a concern about them: on every page that shows words to staff."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Interview
from family_voice.operations.who_saw import How, how
from family_voice.people.access import ROUTES, Door, Needs, Role
from family_voice.safeguarding import concerns
from family_voice.safeguarding.concerns import ConcernView
from family_voice.safeguarding.models import Concern
from family_voice.security.models import TrailRow
from family_voice.security.sealing import destroy_key
from family_voice.storage.engine import reading
from tests.conftest import Clock, Database
from tests.factories import agreed, invited
from tests.web.staff.conftest import Desk, SignIn

SAID = "He likes the bus. His arm was sore again."
SORE = "His arm was sore again."
WORRY = "The third time this month."


@pytest.fixture
def told(database: Database, clock: Clock) -> UUID:
    """An account with two sentences, and a text that nobody has placed."""
    with database.sessions.begin() as session:
        interview_id = invited(session, clock()).interview_id
        agreed(session, interview_id, clock())
        record.say(
            session, interview_id, SAID, channel=Channel.WEB, prompt_id="important.open",
            now=clock(),
        )  # fmt: skip
    return interview_id


def links(page: str) -> list[str]:
    """Where the page's own ways from words to a concern lead."""
    return [unescape(each) for each in re.findall(r'fv-worried" href="([^"]+)"', page)]


def only(database: Database) -> ConcernView:
    with reading(database.sessions) as session:
        return concerns.one(session, session.scalars(select(Concern.id)).one())


def test_a_sentence_on_the_coding_page(lead: Desk, told: UUID, database: Database) -> None:
    first, second = links(lead.get(f"/staff/accounts/{told}/code").text)
    page = lead.get(second).text
    assert SORE in page
    assert "He likes the bus." not in page
    assert lead.post(second, words=WORRY).status_code == 302
    kept = only(database)
    assert (kept.words, kept.quoted, kept.interview_id) == (WORRY, SORE, told)
    assert "Robin" in kept.about
    assert first != second
    # The data protection officer sees each of these looks as one at the family's words.
    with reading(database.sessions) as session:
        looks = session.scalars(
            select(TrailRow).where(TrailRow.resource_id == told, TrailRow.action == "view")
        ).all()
    assert {how(each.action, each.resource, each.fields) for each in looks} == {How.WORDS}


def test_the_concern_outlives_the_account(lead: Desk, told: UUID, database: Database) -> None:
    lead.post(links(lead.get(f"/staff/accounts/{told}/code").text)[1], words=WORRY)
    about = only(database).about
    with database.sessions.begin() as session:
        interview = session.get_one(Interview, told)
        destroy_key(session, interview.key_id, interview.made_at)
    assert (only(database).quoted, only(database).about) == (SORE, about)
    # And what the address points at is not there any more for anybody who comes later.
    page = lead.get(f"/staff/concern?interview={told}&fragment={told}")
    assert page.status_code == 200
    assert SORE not in page.text


def test_who_may_not_read_gets_no_words_by_an_address(
    sign_in: SignIn, told: UUID, database: Database
) -> None:
    with reading(database.sessions) as session:
        [answer] = record.account(session, told).answers
        sentence = answer.pieces[0].sentences[1].id
    for role in (Role.PANEL, Role.SEND_LEAD, Role.FORUM, Role.BOARD, Role.DPO, Role.ADMIN):
        desk = sign_in(role)
        address = f"/staff/concern?interview={told}&sentence={sentence}"
        page = desk.get(address)
        assert page.status_code == 200, role
        assert SORE not in page.text, role
        case = f"/staff/concern?case={told}&sentence={sentence}"
        refused = desk.get(case)
        assert SORE not in refused.text, role
        assert desk.post(address, words=WORRY).status_code == 302
    with reading(database.sessions) as session:
        assert {each.quoted for each in concerns.all_concerns(session)} == {""}
        assert {each.interview_id for each in concerns.all_concerns(session)} == {None}


#: Pages for staff that show no frame: a machine's answer, a file, or a step of signing in.
FRAMELESS = re.compile(r"(^sign_in\.|caseload_example|keep_note|^passkeys\.|^council_account\.)")


def test_two_clicks_from_every_staff_page_that_names_no_row(app: Flask, sign_in: SignIn) -> None:
    """The link to raise a concern stands on every page that a role may open."""
    seen = 0
    for role in Role:
        desk = sign_in(role)
        for rule in app.url_map.iter_rules():
            needs = ROUTES.get(rule.endpoint)
            if rule.arguments or "GET" not in (rule.methods or ()):
                continue
            if not (isinstance(needs, Needs) or needs is Door.STAFF):
                continue
            page = desk.client.get(rule.rule)
            if page.status_code != 200 or page.mimetype != "text/html":
                continue
            if FRAMELESS.search(rule.endpoint):
                continue
            assert 'href="/staff/concern?' in page.text or 'href="/staff/concern"' in page.text, (
                role, rule.rule,
            )  # fmt: skip
            seen += 1
    assert seen > 25
