"""The same town with GOV.UK Notify between the phones and us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from werkzeug.test import TestResponse

from family_voice import worker
from family_voice.settings import Settings
from tests.cases.households import NOW
from tests.conftest import Database
from tests.factories import on_the_rota
from tests.sms.notify_stand_in import (
    BEARER,
    KEY,
    NUMBER,
    SENDER,
    TEMPLATE,
    NotifyStandIn,
    Text,
    receipt,
    received,
    serving,
    shown,
)
from tests.sms.town import AnyTown, Clock


@dataclass
class NotifyTown(AnyTown[Text]):
    """The town with GOV.UK Notify between the phones and us."""

    ANSWER = ""

    twilio: NotifyStandIn

    def deliver(self, message: Text, token: str = BEARER) -> TestResponse:
        """Notify posts a text to us."""
        return self.client.post("/sms/notify/inbound", json=received(message), headers=shown(token))

    def report(self, message: Text, status: str, token: str = BEARER) -> TestResponse:
        """Notify reports how far a text of ours got."""
        return self.client.post(
            "/sms/notify/status", json=receipt(message, status), headers=shown(token)
        )


def set_up(settings: Settings, notify: NotifyStandIn) -> Settings:
    """The settings of who uses this service of Notify's, in the middle of changing the token."""
    return replace(
        settings,
        sms="notify",
        sms_number=NUMBER,
        notify_api_key=KEY,
        notify_template_id=TEMPLATE,
        notify_sender_id=SENDER,
        notify_bearer_tokens=(BEARER, "the token before it, just as long as that one"),
        notify_api_url=notify.url,
        public_url="http://localhost",
    )


@contextmanager
def a_notify_town(settings: Settings, database: Database) -> Iterator[NotifyTown]:
    """Put one up."""
    clock = Clock()
    with serving(clock) as notify:
        chosen = set_up(settings, notify)
        with database.sessions.begin() as session:
            on_the_rota(session, NOW)
        yield NotifyTown(clock, notify, chosen, database, worker.gateway_for(chosen))
