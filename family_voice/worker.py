"""What is due, done beside the web: texts and emails to send, quiet windows that have passed,
doubts to settle, texts whose webhook never came. Each step is one commit; nothing is held while the
provider answers. What breaks in one step, or for one family, keeps nobody else waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.deadlines import london_date
from family_voice.messages import arriving, outbox, sending
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.gateway import Gateway, TryLater
from family_voice.messages.mailer import mailer_for
from family_voice.messages.notify_gateway import NotifyGateway
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.operations import (
    delivering,
    manifests,
    posting,
    reminding,
    retention,
    waiting,
    withdrawal,
)
from family_voice.operations.learning import Learner as Learner
from family_voice.operations.may_go import may_go as may_go
from family_voice.safeguarding import escalating
from family_voice.security import chaining, erasures
from family_voice.security.sealing import Erased
from family_voice.settings import Settings
from family_voice.sms import taking_back
from family_voice.sms.handling import Incoming, quiet_passed, take_in
from family_voice.sms.wordings import Offering
from family_voice.storage.engine import reading

#: How long the loop waits when nobody wakes it: a family waits that long for an answer.
PAUSE: Final = timedelta(seconds=1)
#: How often the provider is asked what arrived. A webhook is given up after 15 seconds.
POLL: Final = timedelta(minutes=1)
#: How far back it is asked: at the start for an outage over a long weekend, then for a slow list.
POLL_FIRST: Final = timedelta(days=7)
POLL_OVERLAP: Final = timedelta(minutes=15)

Clock = Callable[[], datetime]
Sessions = sessionmaker[Session]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What one turn did."""

    sent: int = 0
    not_sent: int = 0
    settled: int = 0
    turns: int = 0

    @property
    def anything(self) -> bool:
        """Whether it did anything at all."""
        return any((self.sent, self.not_sent, self.settled, self.turns))


@dataclass
class Troubles:
    """What broke in a turn. The rest is done first; then the first of them is raised."""

    found: list[Exception] = field(default_factory=list)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Do something that may break without keeping what comes after it waiting."""
        try:
            yield
        except Exception as trouble:
            self.found.append(trouble)

    def tell(self) -> None:
        """Raise the first, if there was any."""
        for trouble in self.found:
            raise trouble


def gateway_for(settings: Settings) -> Gateway:
    """The provider that the settings choose."""
    match settings.sms:
        case "twilio":
            return TwilioGateway(settings)
        case "notify":
            return NotifyGateway(settings)
        case _:
            return ConsoleGateway()


def turn(sessions: Sessions, settings: Settings, gateway: Gateway, clock: Clock) -> Done:
    """Do everything that is due now.

    Args:
        sessions: makes sessions.
        settings: who we are.
        gateway: the provider.
        clock: the present; asked again for every text, since a provider may be slow.

    Returns:
        What was done.

    Raises:
        Exception: the first that broke, after everything else had its turn.
    """
    troubles, done = Troubles(), Done()
    with troubles.apart():
        _tell_staff(sessions, settings, clock, troubles)  # first: somebody may be in danger
    with troubles.apart():
        _seal_trail(sessions, settings, clock)
    with troubles.apart():
        _take_back(sessions, settings, clock, troubles)
    with troubles.apart():
        _note_erasures(sessions, settings, clock)
    with troubles.apart():
        done = _texts(sessions, settings, gateway, clock, troubles)
    with troubles.apart():
        done = _emails(sessions, settings, clock, done)
    troubles.tell()
    return done


def _texts(
    sessions: Sessions, settings: Settings, gateway: Gateway, clock: Clock, troubles: Troubles
) -> Done:
    turns = _quiet_windows(sessions, settings, clock, troubles)
    with reading(sessions) as session:
        if not sending.anything_to_do(session, clock()):
            return Done(turns=turns)
    handed = delivering.hand_over(sessions, settings, gateway, clock, troubles.apart)
    return Done(handed.sent, handed.not_sent, handed.settled, turns)


def _emails(sessions: Sessions, settings: Settings, clock: Clock, done: Done) -> Done:
    if settings.email == "off":
        return done
    mailer = mailer_for(settings)
    families = posting.post(sessions, mailer, clock)
    staff = reminding.remind(sessions, settings, mailer, clock)
    return replace(
        done,
        sent=done.sent + families.sent + staff.sent,
        not_sent=done.not_sent + families.not_sent + staff.not_sent,
    )


def poll(
    sessions: Sessions, settings: Settings, gateway: Gateway, since: datetime, clock: Clock
) -> int | None:
    """Take in what arrived at the provider and never here.

    Args:
        sessions: makes sessions.
        settings: who we are.
        gateway: the provider.
        since: how far back to look.
        clock: the present.

    Returns:
        How many texts were new; None if the provider could not say what arrived.

    Raises:
        Exception: the first text that could not be taken in, after all the others were.
    """
    try:
        arrived = gateway.arrived(since)
    except TryLater:
        return None
    with reading(sessions) as session:
        missing = arriving.not_yet_received(session, [text.provider_id for text in arrived])
    new, troubles = 0, Troubles()
    for text in arrived:
        if text.provider_id in missing:
            incoming = Incoming(
                text.provider_id, text.phone, text.body, text.segments, text.pictures, text.at
            )
            with troubles.apart(), sessions.begin() as session:
                new += take_in(session, settings, incoming, clock())
    troubles.tell()
    return new


def run(
    sessions: Sessions,
    settings: Settings,
    gateway: Gateway,
    *,
    clock: Clock,
    wake: threading.Event,
    stop: threading.Event,
) -> None:
    """Take turn after turn until `stop` is set.

    Args:
        sessions: makes sessions.
        settings: who we are.
        gateway: the provider.
        clock: the present.
        wake: set it to be served at once instead of within a second.
        stop: set it, then `wake`, to end.
    """
    since = clock() - POLL_FIRST
    polled: datetime | None = None
    offering, learner = Offering(), Learner()
    while not stop.is_set():
        wake.clear()
        busy, troubles, now = False, Troubles(), clock()
        with troubles.apart():
            offer_languages(sessions, offering, now)
        with troubles.apart():
            learner.turn(sessions, now)  # beside: nothing waits for it
        if polled is None or now - polled >= POLL:
            polled = now
            with troubles.apart():
                if poll(sessions, settings, gateway, since, clock) is not None:
                    since = now - POLL_OVERLAP
                # Otherwise, or where one could not be taken in, as far back is asked again.
            with troubles.apart():
                delivering.empty_at_provider(sessions, settings, gateway, clock)
        with troubles.apart():
            busy = turn(sessions, settings, gateway, clock).sent > 0
        for trouble in troubles.found:
            # Only the kind: a message could hold what somebody wrote.
            _log.error("The worker's turn failed: %s", type(trouble).__name__)
        if not busy:
            wake.wait(PAUSE.total_seconds())


def offer_languages(sessions: Sessions, offering: Offering, now: datetime) -> None:
    """Speak and offer the languages that are ready, as far as is known a minute later."""
    if offering.is_stale(now):
        with reading(sessions) as session:
            offering.read(session, now)
    offering.use()


@dataclass(frozen=True)
class Running:
    """A worker in a thread of this process."""

    thread: threading.Thread
    wake: threading.Event
    ending: threading.Event

    def stop(self) -> None:
        """End it and wait until it has."""
        self.ending.set()
        self.wake.set()
        self.thread.join()


def start_thread(sessions: Sessions, settings: Settings, gateway: Gateway, clock: Clock) -> Running:
    """Run a worker beside the web in the same process, as the demo does."""
    wake, ending = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=run,
        args=(sessions, settings, gateway),
        kwargs={"clock": clock, "wake": wake, "stop": ending},
        name="worker",
        daemon=True,
    )
    thread.start()
    return Running(thread, wake, ending)


def _note_erasures(sessions: Sessions, settings: Settings, clock: Clock) -> None:
    with reading(sessions) as session:
        if not erasures.anything_to_write(session):
            return
    try:
        with sessions.begin() as session:
            erasures.write_down(session, settings.evidence_folder, clock())
    except (erasures.LedgerBroken, OSError) as trouble:
        # Families' texts go on; the keys stay marked as not written down and are tried again.
        _log.error("The erasure ledger could not be written: %s", type(trouble).__name__)


def _seal_trail(sessions: Sessions, settings: Settings, clock: Clock) -> None:
    try:
        chaining.seal(sessions, settings.evidence_folder, clock())
    except OSError as trouble:
        # A full or missing disk must not keep texts from going out; the tail is told by its age.
        _log.error("The trail's head could not be anchored: %s", type(trouble).__name__)


def _tell_staff(sessions: Sessions, settings: Settings, clock: Clock, troubles: Troubles) -> None:
    """Tell staff of concerns that nobody has taken in time."""
    with reading(sessions) as session:
        due = escalating.due(session, clock())
    for concern_id in due:
        with troubles.apart(), sessions.begin() as session:
            escalating.climb(session, settings, concern_id, clock())


def _take_back(sessions: Sessions, settings: Settings, clock: Clock, troubles: Troubles) -> None:
    """Deletions of which the seven days are over or the hold is lifted, and once a day what is
    kept no longer and what staff are reminded of."""
    now = clock()
    with reading(sessions) as session:
        due, held = waiting.due(session, now), withdrawal.to_finish(session)
        tidy = not retention.ran_on(session, london_date(now))
    for interview_id in due:
        with troubles.apart(), sessions.begin() as session:
            taking_back.carry_out_due(session, settings, interview_id, clock())
    for interview_id in held:
        with troubles.apart(), sessions.begin() as session:
            withdrawal.finish_held(session, interview_id, clock())
    if tidy:
        with troubles.apart():  # every receipt says that these are gone after 30 days
            manifests.prune(settings.backup_keys_folder, now)
        with troubles.apart():
            reminding.put_in_line(sessions, settings, now)
        retention.run(sessions, settings.retention, now)


def _quiet_windows(sessions: Sessions, settings: Settings, clock: Clock, troubles: Troubles) -> int:
    with reading(sessions) as session:
        due = outbox.due_turns(session, clock())
    for each in due:
        with troubles.apart():
            try:
                with sessions.begin() as session:
                    quiet_passed(session, settings, each, clock())
            except Erased:
                with sessions.begin() as session:
                    outbox.turn_taken(session, each)
    return len(due)
