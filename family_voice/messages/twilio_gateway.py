"""Twilio's Programmable Messaging, through its own SDK (REST API 2010-04-01)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from family_voice.messages.gateway import Arrived, Listed, SendRefused, SendUnknown, TryLater
from family_voice.settings import Settings

#: The SDK has no timeout of its own and would wait for ever.
TIMEOUT_SECONDS: Final = 10.0
#: Newest first: more than one phone ever gets in the minutes asked about.
LISTED_TO_A_PHONE: Final = 200
#: How long to wait where Twilio asks us to and does not say how long, and at the most.
BUSY: Final = timedelta(seconds=30)
LONGEST_BUSY: Final = timedelta(hours=1)
#: "More texts wait on this number than it can send in ten hours": nothing is wrong with the text.
QUEUE_FULL: Final = 21611
#: Lookup's words for lines that no text reaches:
#: https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence
NO_TEXTS: Final = frozenset({"landline", "tollFree", "premium", "sharedCost", "uan", "voicemail"})

# The SDK logs addresses and telephone numbers at INFO. Nothing of a family goes into a log.
_silent = logging.getLogger("family_voice.twilio")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


class _HeedingClient(TwilioHttpClient):  # type: ignore[misc]  # no types
    """Twilio's own client, but for "too many requests".

    The SDK makes an exception of the answer that no longer has its headers, and Retry-After is one
    of them. What got this answer was never begun: https://www.twilio.com/docs/api/errors/20429
    """

    def request(self, *args: Any, **kwargs: Any) -> Response:
        """As the SDK's. Raises `TryLater` when Twilio has too much to do."""
        answer = super().request(*args, **kwargs)
        if answer.status_code == 429:
            asked = (answer.headers or {}).get("Retry-After", "")
            raise TryLater(_asked_to_wait(asked), about_us=bool(asked))
        return answer


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
            http_client=_HeedingClient(timeout=TIMEOUT_SECONDS, logger=_silent),
        )
        if settings.twilio_api_url:
            self._client.api.base_url = settings.twilio_api_url
            self._client.lookups.base_url = settings.twilio_api_url

    def send(self, to: str, body: str, reference: str) -> str:
        """See `Gateway.send`."""
        try:
            message = self._client.messages.create(
                to=to,
                from_=self._number,
                body=body,
                status_callback=f"{self._callback}?{urlencode({'message': reference})}",
            )
        except (TwilioRestException, TwilioServiceException) as answer:
            raise _meaning(answer) from None
        except requests.ConnectTimeout:
            raise TryLater(timedelta(minutes=1)) from None
        except (requests.RequestException, TwilioException, ValueError):
            # Timed out or broken off on the way: it may have been taken all the same.
            raise SendUnknown from None
        if not message.sid:
            raise SendUnknown
        return str(message.sid)

    def recent(self, to: str, since: datetime, reference: str) -> list[Listed]:
        """See `Gateway.recent`."""
        try:
            # Not asked by date: one that Twilio has taken and not sent yet has no date of sending.
            found = self._client.messages.list(to=to, from_=self._number, limit=LISTED_TO_A_PHONE)
        except (requests.RequestException, TwilioException, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        if len(found) == LISTED_TO_A_PHONE and _utc(found[-1].date_created, since) >= since:
            raise TryLater(timedelta(minutes=1))  # there may be more: this is no answer
        return [
            Listed(m.sid, m.body or "", _utc(m.date_created or m.date_sent, since))
            for m in found
            if m.sid and _utc(m.date_created or m.date_sent, since) >= since
        ]

    def arrived(self, since: datetime) -> list[Arrived]:
        """See `Gateway.arrived`."""
        try:
            # All of them, page by page: what were left out would be lost.
            found = self._client.messages.list(to=self._number, date_sent_after=since)
        except (requests.RequestException, TwilioException, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        arrived = [
            Arrived(
                provider_id=m.sid,
                phone=m.from_ or "",
                body=m.body or "",
                segments=int(m.num_segments or 1),
                at=_utc(m.date_created or m.date_sent, since),
                pictures=int(m.num_media or 0),
            )
            # Listed newest first, and the times are whole seconds: turn it round before sorting.
            for m in reversed(found)
            if m.sid and m.direction == "inbound"
        ]
        return sorted(arrived, key=lambda message: message.at)

    def empty(self, provider_id: str) -> bool:
        """Take the words of a text away at Twilio; that it went or came stays.

        Args:
            provider_id: Twilio's id of it.

        Returns:
            Whether nothing of it is left to be read. Not yet, while it is still on its way.

        Raises:
            TryLater: if Twilio cannot do it now.
        """
        try:
            self._client.messages(provider_id).update(body="")
        except (TwilioRestException, TwilioServiceException) as answer:
            if answer.status == 404:
                return True
            if answer.status == 401 or answer.status >= 500:
                raise TryLater(timedelta(minutes=5)) from None
            return False
        except (requests.RequestException, TwilioException, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        return True

    def no_texts_reach(self, phone: str) -> bool:
        """Whether Twilio Lookup knows this for a landline, or another line that takes no texts.

        Where it cannot say, the text may be tried: its report tells.
        """
        try:
            found = self._client.lookups.v2.phone_numbers(phone).fetch(
                fields="line_type_intelligence"
            )
        except (requests.RequestException, TwilioException, TryLater, ValueError):
            return False
        return (found.line_type_intelligence or {}).get("type") in NO_TEXTS


def _meaning(
    answer: TwilioRestException | TwilioServiceException,
) -> SendRefused | SendUnknown | TryLater:
    if answer.code == QUEUE_FULL or answer.status == 401:
        # At 401 our own settings are wrong, or the account is closed: no fault of the text.
        return TryLater(timedelta(minutes=5), about_us=True)
    if answer.status >= 500:
        return SendUnknown()
    return SendRefused(str(answer.code or answer.status))


def _asked_to_wait(retry_after: str) -> timedelta:
    """What a Retry-After header says: seconds, or a date (RFC 9110, section 10.2.3)."""
    if retry_after.isascii() and retry_after.isdigit():
        wait = timedelta(seconds=min(int(retry_after[:9]), LONGEST_BUSY.total_seconds()))
    else:
        try:
            wait = _utc(parsedate_to_datetime(retry_after), _now()) - _now()
        except ValueError:
            return BUSY
    return min(max(wait, timedelta(seconds=1)), LONGEST_BUSY)


def _now() -> datetime:
    return datetime.now(UTC)


def _utc(value: datetime | None, otherwise: datetime) -> datetime:
    if value is None:
        return otherwise
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
