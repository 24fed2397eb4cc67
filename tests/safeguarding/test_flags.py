"""A phrase raises a flag for a person, in one transaction with the words; no family knows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from family_voice.app import open_sessions
from family_voice.cases.inviting import Way
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.guide import load_guide
from family_voice.messages.models import OutboundMessage
from family_voice.people.access import Role
from family_voice.safeguarding import concerns, escalating
from family_voice.safeguarding import flags as flags_room
from family_voice.safeguarding.concerns import ConcernView, Decision
from family_voice.safeguarding.ladder import Kind
from family_voice.safeguarding.models import Concern
from family_voice.storage.engine import reading
from tests.conftest import NOW, Clock, Database
from tests.factories import ROTA_NUMBER, agreed, invited, on_the_rota
from tests.safeguarding.conftest import Office
from tests.sms.town import Town

PLAIN = "We went to the park with my dad today."
SORE = "We got hit by my dad again just today."
STAFF = ("staff_waiting", "staff_duty_team")


def flags(sessions: sessionmaker[Session]) -> list[ConcernView]:
    with reading(sessions) as session:
        return concerns.all_concerns(session)


@pytest.fixture
def watched(office: Office) -> Office:
    """The office with the sessions the application makes, and somebody on the rota."""
    office.database = replace(office.database, sessions=open_sessions(office.settings))
    with office.database.sessions.begin() as session:
        on_the_rota(session, office.clock(), role=Role.SEND_LEAD)
    return office


@pytest.fixture
def told(watched: Office) -> UUID:
    """A conversation with somebody who agreed to talk."""
    with watched.database.sessions.begin() as session:
        interview_id = invited(session, watched.clock()).interview_id
        agreed(session, interview_id, watched.clock())
    return interview_id


def say(office: Office, interview_id: UUID, words: str) -> None:
    with office.database.sessions.begin() as session:
        record.say(
            session, interview_id, words, channel=Channel.WEB, prompt_id="important.open",
            now=office.clock(),
        )  # fmt: skip


def test_a_person_is_told_and_nobody_rings_anybody(watched: Office, told: UUID) -> None:
    say(watched, told, f"School is fine. {SORE}")
    [flag] = flags(watched.database.sessions)
    assert (flag.kind, flag.quoted, flag.raised_by, flag.words) == (
        Kind.PLEASE_LOOK, SORE, "", "",
    )  # fmt: skip
    assert flag.found == ("hurt_by_somebody",)
    assert watched.queued() == [("staff_waiting", ROTA_NUMBER)]
    for _hour in range(72):
        watched.clock.present += timedelta(hours=1)
        watched.turn()
    assert watched.queued() == [("staff_waiting", ROTA_NUMBER)] * 2
    with reading(watched.database.sessions) as session:
        assert not escalating.duty_team_named(session)


def test_it_is_gone_with_the_words_if_the_words_are_not_kept(watched: Office) -> None:
    with watched.database.sessions() as session:
        made = invited(session, NOW).interview_id
        agreed(session, made, NOW)
        record.say(session, made, SORE, channel=Channel.WEB, now=NOW)
        assert len(session.scalars(select(Concern)).all()) == 1
        session.rollback()
    assert flags(watched.database.sessions) == []
    assert watched.queued() == []


def test_one_conversation_rings_one_bell_and_the_same_words_are_flagged_once(
    watched: Office, told: UUID
) -> None:
    for words in (SORE, SORE, f"{SORE} She wants to die."):
        say(watched, told, words)
    assert sorted(flag.quoted for flag in flags(watched.database.sessions)) == [
        "She wants to die.", SORE,
    ]  # fmt: skip
    assert watched.queued() == [("staff_waiting", ROTA_NUMBER)]


def test_what_stood_beside_rings_by_itself_an_hour_after_the_first_is_taken(
    watched: Office, told: UUID
) -> None:
    by = watched.member(Role.SEND_LEAD, "Kim")
    for words in (SORE, "He was slapped by the driver."):
        say(watched, told, words)
    first, second = sorted(flags(watched.database.sessions), key=lambda each: not each.told)
    assert [len(each.told) for each in (first, second)] == [1, 0]
    with watched.database.sessions.begin() as session:
        concerns.acknowledge(session, first.id, by, watched.clock())
    watched.clock.present += timedelta(minutes=59)
    watched.turn()
    assert not watched.look(second.id).told
    watched.clock.present += timedelta(minutes=1)
    watched.turn()
    assert [each.rung for each in watched.look(second.id).told] == ["at_once"]


def test_the_same_words_from_two_numbers_are_two_flags(town: Town) -> None:
    sessions = open_sessions(town.settings)
    with sessions.begin() as session:
        for phone in ("+447700900501", "+447700900502", "+447700900501"):
            flags_room.look_at(
                session, town.settings, SORE, "en", interview_id=None, fragment_id=None,
                now=town.clock(), about=phone,
            )  # fmt: skip
    found = flags(sessions)
    assert sorted(each.about for each in found) == ["+447700900501", "+447700900502"]
    assert all(each.told for each in found)


def test_no_worry_lets_go_of_the_words_and_keeps_who_looked(watched: Office, told: UUID) -> None:
    say(watched, told, SORE)
    [flag] = flags(watched.database.sessions)
    by = watched.member(Role.LEAD, "Lee")
    with watched.database.sessions.begin() as session:
        concerns.decide(session, flag.id, Decision.NOT_A_WORRY, "A ball game.", by, watched.clock())
    [looked] = flags(watched.database.sessions)
    assert (looked.quoted, looked.found, looked.about) == ("", (), "")
    assert (looked.decided_by, looked.reason) == ("Lee", "A ball game.")
    with reading(watched.database.sessions) as session:
        row = session.scalars(select(Concern)).one()
        assert (row.quoted, row.found, row.about) == (None, None, None)


def test_a_text_from_a_number_nobody_knows_is_looked_at_too(town: Town) -> None:
    town.text(SORE, "+447700900777")
    [flag] = flags(town.database.sessions)
    assert flag.about == "+447700900777"
    town.text("NO", "+447700900778")
    town.text(SORE, "+447700900778")
    assert len(flags(town.database.sessions)) == 1


def family_texts(town: Town) -> list[tuple[str, datetime, datetime, bool]]:
    """Every text to the family: which, when it was put in line and when it was due."""
    with reading(town.database.sessions) as session:
        rows = session.scalars(
            select(OutboundMessage)
            .where(OutboundMessage.template.not_in(STAFF))
            .order_by(OutboundMessage.number)
        )
        return [(row.template, row.queued_at, row.due_at, row.is_reply) for row in rows]


def test_by_text_the_family_gets_the_very_same_at_the_very_same_moment(town: Town) -> None:
    town.database.sessions.configure(
        info={**town.database.sessions.kw["info"], **open_sessions(town.settings).kw["info"]}
    )
    invitation = town.invite(Way.LETTER)
    for words in (invitation.secrets.code_word or "", "AGREE", "AGREE"):
        town.text(words)
    first = town.state(invitation.interview_id).on_phone
    heard, lines = [], []
    for words in (PLAIN, SORE):
        before, began = len(family_texts(town)), town.clock()
        answers = town.text(words)
        town.clock.on(seconds=40)
        answers += town.text("NEXT")
        heard.append([each for each in answers if "Family Voice" not in each])
        lines.append(
            [
                (template, queued - began, due - began, reply)
                for template, queued, due, reply in family_texts(town)[before:]
            ]
        )
        town.clock.on(hours=1)
    assert town.state(invitation.interview_id).answers[first or ""]
    assert [flag.quoted for flag in flags(town.database.sessions)] == [SORE]
    assert lines[0] == lines[1] != []
    # Each answer is the guide's next question and nothing else: not a letter is added.
    guide = load_guide("parent_carer", "en")
    asked = [prompt.wording("text") for prompt in guide.prompts.values()]
    for texts in heard:
        [text] = texts
        assert text.removesuffix(" (MORE: more questions about this.)") in asked


CHANGING = re.compile(
    r'(name="(?:csrf_token|seen|of)" value=")[^"]+|nonce[-=]"?[^"\' ]+|[0-9a-f]{32}'
)


def test_on_the_web_every_byte_is_the_same(app: Flask, database: Database, clock: Clock) -> None:
    pages = []
    for words in (PLAIN, SORE):
        with database.sessions.begin() as session:
            made = invited(session, clock())
            agreed(session, made.interview_id, clock())
        client = app.test_client()
        client.get(f"/i/{made.secrets.token}", follow_redirects=True)
        seen = []
        page = client.get("/question/important.open")
        token = dict(re.findall(r'name="(csrf_token|of|seen)" value="([^"]*)"', page.text))
        for path, data in (
            ("/question/important.open", {**token, "words": words, "go": "next"}),
            ("/question/important.open", {**token, "words": words, "go": "stop"}),
        ):
            answer = client.post(path, data=data)
            follow = client.get(answer.headers["Location"])
            headers = sorted(
                name for name, _value in follow.headers if name.lower() != "content-length"
            )
            seen.append(
                (answer.status_code, answer.headers["Location"], follow.status_code, headers,
                 CHANGING.sub(r"\1", follow.text))
            )  # fmt: skip
        pages.append(seen)
    assert [flag.quoted for flag in flags(sessions_of(app))] == [SORE]
    assert pages[0] == pages[1]


def sessions_of(app: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = app.extensions["family_voice"].sessions
    return found
