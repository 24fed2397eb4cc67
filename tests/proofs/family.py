"""Families who were invited and have agreed, at the first question in a browser of their own."""

from __future__ import annotations

from datetime import datetime

from tests.factories import Invited, agreed, invited
from tests.proofs.proof import Place
from tests.proofs.wire import Wire


def a_family(place: Place, now: datetime) -> Invited:
    """A family that was invited and has agreed to talk."""
    with place.sessions.begin() as session:
        family = invited(session, now)
        agreed(session, family.interview_id, now)
    return family


def arrived(family: Invited, port: int) -> Wire:
    """Their browser, come by the link."""
    return Wire(port).open(f"/i/{family.secrets.token}")


def question(page: Wire, prompt_id: str) -> dict[str, str]:
    """Open a question; its form as it stands, Continue pressed."""
    form = page.open(f"/question/{prompt_id}").fields("words")
    return form.to_dict() | {"go": "next"}
