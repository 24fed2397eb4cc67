"""Twilio's Programmable Messaging, through its own SDK (REST API 2010-04-01)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from family_voice.messages.gateway import Arrived, Listed, SendRefused, SendUnknown, TryLater
from family_voice.settings import Settings

#: The SDK has no timeout of its own and would wait for ever.
TIMEOUT_SECONDS = 10.0
#: Newest first: more than one phone ever gets in the minutes asked about.
LISTED_TO_A_PHONE = 50
#: What arrives on one number in a day, with room to spare.
LISTED_AT_MOST = 2000

# The SDK logs addresses and telephone numbers at INFO. Nothing of a family goes into a log.
_silent = logging.getLogger("family_voice.twilio")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class TwilioGateway:
    """One Twilio account and the number families text.

    Args:
        settings: account, token, number, our public address, and where Twilio's API stands if not
            at its usual place (`FAMILY_VOICE_TWILIO_API_URL`).
    """

    def __init__(self, settings: Settings) -> None:
        self._number = settings.sms_number
        self._callback = f"{settings.public_url}/sms/status"
        self._client = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS, logger=_silent),
        )
        if settings.twilio_api_url:
            self._client.api.base_url = settings.twilio_api_url

    def send(self, to: str, body: str, reference: str) -> str:
        """See `Gateway.send`."""
        try:
            message = self._client.messages.create(
                to=to,
                from_=self._number,
                body=body,
                status_callback=f"{self._callback}?{urlencode({'message': reference})}",
            )
        except TwilioRestException as answer:
            raise _meaning(answer) from None
        except requests.ConnectTimeout:
            raise TryLater(timedelta(minutes=1)) from None
        except (requests.RequestException, TwilioException, ValueError):
            # Timed out or broken off on the way: it may have been taken all the same.
            raise SendUnknown from None
        if not message.sid:
            raise SendUnknown
        return str(message.sid)

    def recent(self, to: str, since: datetime) -> list[Listed]:
        """See `Gateway.recent`."""
        try:
            # Not asked by date: one that Twilio has taken and not sent yet has no date of sending.
            found = self._client.messages.list(to=to, from_=self._number, limit=LISTED_TO_A_PHONE)
        except (requests.RequestException, TwilioException, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        return [
            Listed(m.sid, m.body or "", _utc(m.date_created or m.date_sent, since))
            for m in found
            if m.sid and _utc(m.date_created or m.date_sent, since) >= since
        ]

    def arrived(self, since: datetime) -> list[Arrived]:
        """See `Gateway.arrived`."""
        try:
            found = self._client.messages.list(
                to=self._number, date_sent_after=since, limit=LISTED_AT_MOST
            )
        except (requests.RequestException, TwilioException, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        arrived = [
            Arrived(
                provider_id=m.sid,
                phone=m.from_ or "",
                body=m.body or "",
                segments=int(m.num_segments or 1),
                at=_utc(m.date_created or m.date_sent, since),
            )
            # Listed newest first, and the times are whole seconds: turn it round before sorting.
            for m in reversed(found)
            if m.sid and m.direction == "inbound"
        ]
        return sorted(arrived, key=lambda message: message.at)


def _meaning(answer: TwilioRestException) -> SendRefused | SendUnknown | TryLater:
    if answer.status == 429:
        return TryLater(timedelta(seconds=30))
    if answer.status == 401:
        # Our own settings are wrong, or the account is closed: nothing wrong with the text.
        return TryLater(timedelta(minutes=5))
    if answer.status >= 500:
        return SendUnknown()
    return SendRefused(str(answer.code or answer.status))


def _utc(value: datetime | None, otherwise: datetime) -> datetime:
    if value is None:
        return otherwise
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
