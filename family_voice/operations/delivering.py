"""Handing texts over to the provider and finding out what became of them, one at a time.

Nothing is held while the provider answers: each step is a short transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from family_voice.messages import failing, sending, settling
from family_voice.messages.gateway import Gateway, SendRefused, SendUnknown, TryLater
from family_voice.messages.provider_errors import OUR_LANDLINE
from family_voice.messages.sending import Claimed
from family_voice.messages.templates import Template
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.operations import emptying
from family_voice.operations.first_of_day import with_day_note
from family_voice.operations.may_go import may_go
from family_voice.settings import Settings
from family_voice.storage.engine import reading

#: At most so many sends before the rest of what is due gets its turn.
SENDS_AT_ONCE: Final = 100

Clock = Callable[[], datetime]
Sessions = sessionmaker[Session]


@dataclass(frozen=True)
class Handed:
    """How many texts the provider took, how many not, and how many doubts were settled."""

    sent: int = 0
    not_sent: int = 0
    settled: int = 0


def hand_over(
    sessions: Sessions,
    settings: Settings,
    gateway: Gateway,
    clock: Clock,
    apart: Callable[[], AbstractContextManager[None]],
) -> Handed:
    """Settle what is in doubt, try anew what failed for now, and send what may go.

    Args:
        sessions: makes sessions.
        settings: who we are.
        gateway: the provider.
        clock: the present; asked again for every text, since a provider may be slow.
        apart: around what may break without keeping the rest waiting.

    Returns:
        What was done.
    """
    settled = sent = not_sent = 0
    with apart():
        settled = _settle_doubts(sessions, gateway, clock)
    with apart():
        _try_again(sessions, clock)
    for _ in range(SENDS_AT_ONCE):
        with sessions.begin() as session:
            claimed = sending.claim(session, clock(), may_go, partial(with_day_note, settings))
        if claimed is None:
            break
        try:
            taken = _send(sessions, settings, gateway, claimed, clock)
        except _Failing:
            not_sent += 1
            break  # it would fare the next text no better, and other things are due
        sent, not_sent = sent + taken, not_sent + (not taken)
    return Handed(sent, not_sent, settled)


def empty_at_provider(
    sessions: Sessions, settings: Settings, gateway: Gateway, clock: Clock
) -> int:
    """Take the words of texts away at the provider, where the settings say so.

    Args:
        sessions: makes sessions.
        settings: whether.
        gateway: the provider.
        clock: the present.

    Returns:
        How many texts were emptied.
    """
    if settings.twilio_redact and isinstance(gateway, TwilioGateway):
        return emptying.run(sessions, gateway, clock)
    return 0


class _Failing(Exception):
    """The provider, not this text, is in trouble."""


def _send(
    sessions: Sessions, settings: Settings, gateway: Gateway, claimed: Claimed, clock: Clock
) -> bool:
    try:
        if _is_landline(settings, gateway, claimed):
            raise SendRefused(OUR_LANDLINE)
        provider_id = gateway.send(claimed.phone, claimed.body, str(claimed.id))
    except SendRefused as refusal:
        with sessions.begin() as session:
            sending.refused(session, claimed.id, refusal.code, clock())
        return False
    except TryLater as later:
        with sessions.begin() as session:
            sending.again(session, claimed.id, later.wait, clock(), about_us=later.about_us)
        raise _Failing from None
    except SendUnknown:
        with sessions.begin() as session:
            sending.in_doubt(session, claimed.id)
        raise _Failing from None
    with sessions.begin() as session:
        sending.sent(session, claimed.id, provider_id, clock())
    return True


def _is_landline(settings: Settings, gateway: Gateway, claimed: Claimed) -> bool:
    """Whether Lookup says so. It costs money: asked only before a family is texted unasked."""
    return (
        settings.twilio_lookup
        and isinstance(gateway, TwilioGateway)
        and claimed.template == Template.INVITATION
        and gateway.no_texts_reach(claimed.phone)
    )


def _try_again(sessions: Sessions, clock: Clock) -> None:
    """Texts that failed because a phone was off."""
    with reading(sessions) as session:
        due = failing.due_again(session, clock())
    for message_id in due:
        with sessions.begin() as session:
            failing.try_again(session, message_id, clock())


def _settle_doubts(sessions: Sessions, gateway: Gateway, clock: Clock) -> int:
    with sessions.begin() as session:
        doubts = settling.doubtful(session, clock())
    settled = 0
    for doubt in doubts:
        try:
            since = doubt.tried_at - settling.CLOCK_SKEW
            listed = gateway.recent(doubt.phone, since, str(doubt.id))
        except TryLater:
            with sessions.begin() as session:
                settling.could_not_tell(session, doubt.id, clock())
            continue
        with sessions.begin() as session:
            settling.reconcile(session, doubt, listed, clock())
        settled += 1
    return settled
