"""The pretend mailboxes: an email is there, its link opens, and one that waits may come."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from family_voice.cases import inviting
from family_voice.cases.models import Case
from family_voice.people import register
from family_voice.security.trail import OPERATOR
from tests.demo.conftest import EVENING, Demo

TOKEN = re.compile(r'name="csrf_token" value="([^"]*)"')


def test_an_email_stands_in_the_pretend_mailbox_and_its_link_opens(demo: Demo) -> None:
    page = demo.client.get("/demo/mail").text
    [first, *_others] = re.findall(r'href="(/demo/mail/\d+)"', page)
    shown = demo.client.get(first).text
    assert "Your link to carry on" in shown
    link = re.findall(r'href="([^"]*/i/[\w-]+)"', shown)[0]
    assert demo.client.get(urlsplit(link).path, follow_redirects=True).status_code == 200
    for address in ("/demo/mail/0", "/demo/mail/99"):
        assert demo.client.get(address).status_code == 404


def test_an_email_that_waits_for_its_hour_can_come_now(demo: Demo) -> None:
    last = demo.handout.families[-1]
    with demo.sessions.begin() as session:
        child = register.known_child(session, last.case)
        assert child is not None
        case_id = session.scalars(select(Case.id).where(Case.child_id == child.id)).one()
        who = next(
            each for each in register.people_of(session, [child.id])[child.id]
            if each.facts.name == last.name
        )  # fmt: skip
        inviting.invite(
            session, case_id, who.id, inviting.Way.EMAIL, settings=demo.settings,
            by=OPERATOR, now=EVENING.replace(hour=22),
        )  # fmt: skip
    client = demo.client
    page = client.get("/demo/mail/1").text
    assert "An email waits until" in page
    token = TOKEN.findall(page)[0]
    come = client.post("/demo/mail/1", data={"csrf_token": token}, follow_redirects=True).text
    assert "We would like to hear from you" in come
    assert "An email waits until" not in come
