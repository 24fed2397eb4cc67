"""A family with an invitation, and browsers to answer it with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from family_voice.interviews import record
from family_voice.interviews.state import State
from family_voice.interviews.words import Account
from tests.conftest import Database
from tests.factories import Invited, invited
from tests.web.family.browser import Browser


class Household:
    """One invited family, seen from outside and from the record."""

    def __init__(self, app: Flask, database: Database, invitation: Invited) -> None:
        self.app = app
        self.database = database
        self.invitation = invitation

    @property
    def link(self) -> str:
        return f"/i/{self.invitation.secrets.token}"

    @property
    def code(self) -> str:
        return self.invitation.secrets.code

    def browser(self, **environ: str) -> Browser:
        """A browser that knows nothing of them."""
        return Browser(self.app, **environ)

    def arrived(self) -> Browser:
        """A browser that followed the link."""
        return self.browser().open(self.link)

    def asked(self) -> Browser:
        """A browser at the first question, both decisions made with yes."""
        page = self.arrived().press("Start")
        page.press(answer="yes").press(answer="yes")
        assert page.path == "/question/important.open"
        return page

    @property
    def state(self) -> State:
        with self.database.sessions() as session:
            return record.state_of(session, self.invitation.interview_id)

    @property
    def account(self) -> Account:
        with self.database.sessions() as session:
            return record.account(session, self.invitation.interview_id)

    def words(self, prompt_id: str) -> str:
        answer = self.account.answer(prompt_id)
        return answer.text if answer else ""


@pytest.fixture
def invite(app: Flask, database: Database, now: datetime) -> Callable[..., Household]:
    """Invite one more family."""

    def make(**how: str) -> Household:
        with database.sessions.begin() as session:
            return Household(app, database, invited(session, now, **how))

    return make


@pytest.fixture
def family(invite: Callable[..., Household]) -> Household:
    """An invited parent."""
    return invite()
