"""What a provider of text messages must be able to do, and how it may say no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class SendRefused(Exception):
    """The provider will never send this; `code` is its own reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SendUnknown(Exception):
    """Nobody knows whether the provider took it: ask before sending again."""


class TryLater(Exception):
    """Not taken for sure; it may be tried again after `wait`.

    `about_us`: nothing is wrong with this text but with our account: a key that is refused, the
    limit of the day. The wait is then meant exactly, and the text is never given up for it.
    """

    def __init__(self, wait: timedelta, *, about_us: bool = False) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait
        self.about_us = about_us


@dataclass(frozen=True)
class Listed:
    """A text the provider says it took from us; `reference` is our id of it, if it keeps that."""

    provider_id: str
    body: str
    made_at: datetime
    reference: str | None = None


@dataclass(frozen=True)
class Arrived:
    """A text the provider says arrived for us."""

    provider_id: str
    phone: str
    body: str
    segments: int
    at: datetime
    pictures: int = 0


class Gateway(Protocol):
    """One provider. Phones are in E.164 form."""

    def send(self, to: str, body: str, reference: str) -> str:
        """Hand a text over.

        Args:
            to: the phone.
            body: the words.
            reference: our message's id, which status reports carry back.

        Returns:
            The provider's id for it.

        Raises:
            SendRefused: it never will.
            SendUnknown: it may or may not have taken it.
            TryLater: it has not taken it, and may later.
        """
        ...

    def recent(self, to: str, since: datetime, reference: str) -> list[Listed]:
        """What may be the text handed over under this reference: everything that was sent to this
        phone since then, or only that one where the provider finds it by our reference.

        Raises `TryLater` if the provider cannot say.
        """
        ...

    def arrived(self, since: datetime) -> list[Arrived]:
        """What arrived for us since then, oldest first. Raises `TryLater` likewise."""
        ...
