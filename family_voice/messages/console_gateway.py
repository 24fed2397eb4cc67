"""The gateway for trying things out: a text counts as sent, and the pretend phone shows it."""

from __future__ import annotations

from datetime import datetime

from family_voice.messages.gateway import Arrived, Listed


class ConsoleGateway:
    """Sends nothing anywhere: the row in the outbox is what the pretend phone reads."""

    def send(self, to: str, body: str, reference: str) -> str:
        """See `Gateway.send`."""
        return f"console-{reference}"

    def recent(self, to: str, since: datetime, reference: str) -> list[Listed]:
        """See `Gateway.recent`."""
        return []

    def arrived(self, since: datetime) -> list[Arrived]:
        """See `Gateway.arrived`."""
        return []
