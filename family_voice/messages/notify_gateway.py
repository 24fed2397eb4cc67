"""GOV.UK Notify, through its own Python client (API version 2).

One template of the service says ((body)) and nothing else; our own id of a text is its `reference`,
by which a text in doubt is found again. Notify asks that errors be told apart by their status and
type and never by their words.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import NewConnectionError

from family_voice.messages.gateway import Arrived, Listed, SendRefused, SendUnknown, TryLater
from family_voice.messages.segments import count
from family_voice.settings import Settings

ADDRESS = "https://api.notifications.service.gov.uk"
TIMEOUT_SECONDS = 10.0
#: 3,000 requests a minute are let through, counted over the minute before.
RATE_WAIT = timedelta(minutes=1)
#: The limit of the day ends at midnight, or when Notify raises it.
DAY_WAIT = timedelta(hours=1)

# The client logs what the API says of a refused request. Nothing of a family goes into a log.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL + 1)


class NotifyGateway:
    """One service of GOV.UK Notify and the number families text.

    Args:
        settings: the key, the template, the sender, and where the API stands if not at its usual
            place (`FAMILY_VOICE_NOTIFY_API_URL`).
    """

    def __init__(self, settings: Settings) -> None:
        self._template = settings.notify_template_id
        self._sender = settings.notify_sender_id or None
        self._client = NotificationsAPIClient(
            settings.notify_api_key,
            base_url=settings.notify_api_url or ADDRESS,
            timeout=TIMEOUT_SECONDS,
        )
        # Whoever answers with another address is not Notify.
        self._client.request_session.max_redirects = 0

    def send(self, to: str, body: str, reference: str) -> str:
        """See `Gateway.send`."""
        try:
            answer = self._client.send_sms_notification(
                phone_number=to,
                template_id=self._template,
                personalisation={"body": body},
                reference=reference,
                sms_sender_id=self._sender,
            )
        except APIError as problem:
            raise _meaning(problem) from None
        if not isinstance(answer, dict) or not answer.get("id"):
            raise SendUnknown
        return str(answer["id"])

    def recent(self, to: str, since: datetime, reference: str) -> list[Listed]:
        """See `Gateway.recent`. Notify cannot look by telephone number, and need not."""
        try:
            found = self._client.get_all_notifications(template_type="sms", reference=reference)
            return [
                Listed(str(each["id"]), each.get("body") or "", _utc(each["created_at"]), reference)
                for each in found["notifications"]
                if each.get("reference") == reference
            ]
        except (APIError, KeyError, TypeError, ValueError):
            raise TryLater(timedelta(minutes=1)) from None

    def arrived(self, since: datetime) -> list[Arrived]:
        """See `Gateway.arrived`."""
        found: list[Arrived] = []
        last: str | None = None
        try:
            while True:
                page = self._client.get_received_texts(older_than=last)["received_text_messages"]
                texts = [_arrived(each) for each in page]
                found += [text for text in texts if text.at >= since]
                if not texts or texts[-1].at < since:
                    break
                last = texts[-1].provider_id
        except (APIError, KeyError, TypeError, ValueError):
            raise TryLater(timedelta(minutes=1)) from None
        found.reverse()  # listed newest first; of two in one moment the earlier stays in front
        return sorted(found, key=lambda text: text.at)


def phone_of(number: str) -> str:
    """A sender's number as Notify writes it (`447700900104`, `07700900104`) in E.164 form.

    What is no number, such as a shop's name, stays as it is.
    """
    digits = number.strip().removeprefix("+").replace(" ", "")
    if not digits.isascii() or not digits.isdigit():
        return number.strip()
    if digits.startswith("00"):
        return "+" + digits.removeprefix("00")
    return "+44" + digits.removeprefix("0") if digits.startswith("0") else "+" + digits


def _arrived(each: dict[str, Any]) -> Arrived:
    body = str(each.get("content") or "")
    return Arrived(
        provider_id=str(each["id"]),
        phone=phone_of(str(each["user_number"])),
        body=body,
        segments=count(body).parts,
        at=_utc(each["created_at"]),
    )


def _meaning(problem: APIError) -> SendRefused | SendUnknown | TryLater:
    """What came of a send that Notify did not answer well.

    Raises nothing; https://docs.notifications.service.gov.uk/python.html lists the errors.
    """
    response = problem.response
    if response is None:
        # Timed out or broken off on the way: it may have been taken all the same.
        never_left = _no_connection(problem.__cause__)
        return TryLater(timedelta(minutes=1)) if never_left else SendUnknown()
    status, kind = response.status_code, _kind(problem)
    if status == 429:
        if kind == "TooManyRequestsError":
            return TryLater(DAY_WAIT, about_us=True)
        return TryLater(RATE_WAIT)
    if status in (401, 403) or 300 <= status < 400:
        # A key that was taken back, a clock that is wrong, a door that is not Notify's.
        return TryLater(timedelta(minutes=5), about_us=True)
    if status == 400 and kind != "ValidationError":
        # A service on trial, a template or sender that is gone: nothing wrong with the text.
        return TryLater(DAY_WAIT, about_us=True)
    if 400 <= status < 500:
        return SendRefused(kind or str(status))
    return SendUnknown()


def _no_connection(cause: BaseException | None) -> bool:
    """Whether nobody was reached at all, so that nothing can have been taken."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, requests.ConnectionError) and isinstance(reason, NewConnectionError)


def _kind(problem: APIError) -> str:
    """The type of the first error, such as `ValidationError`; empty if none is told."""
    errors = problem.message
    first = errors[0] if isinstance(errors, list) and errors else {}
    kind = first.get("error", "") if isinstance(first, dict) else ""
    return kind[:40] if isinstance(kind, str) else ""


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
