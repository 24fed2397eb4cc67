"""What is due, done beside the web: texts to send, quiet windows that have passed, doubts to
settle, texts whose webhook never came. Each step is one commit; nothing is held while the provider
answers. What breaks in one step, or for one family, keeps nobody else waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.deadlines import london_date
from family_voice.cases.inviting import may_be_texted
from family_voice.cases.permission import text_may_go
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, outbox, sending, settling
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.gateway import Gateway, SendRefused, SendUnknown, TryLater
from family_voice.messages.hours import may_go_from
from family_voice.messages.models import OutboundMessage
from family_voice.messages.sending import Claimed, Go, Never, Verdict, Wait
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.messages.wording import PROMPTS, TO_STAFF, Template
from family_voice.operations import manifests, retention, waiting, withdrawal
from family_voice.safeguarding import escalating
from family_voice.safeguarding.rota import next_on_rota, on_rota
from family_voice.security import chaining, erasures
from family_voice.security.sealing import Erased
from family_voice.settings import Settings
from family_voice.sms import taking_back
from family_voice.sms.handling import Incoming, quiet_passed, take_in
from family_voice.storage.engine import reading

#: How long the loop waits when nobody wakes it: a family waits that long for an answer.
PAUSE: Final = timedelta(seconds=1)
#: How often the provider is asked what arrived. A webhook is given up after 15 seconds.
POLL: Final = timedelta(minutes=1)
#: How far back it is asked: at the start for a long outage, then for a slow list.
POLL_FIRST: Final = timedelta(days=1)
POLL_OVERLAP: Final = timedelta(minutes=15)
#: At most so many sends before the rest of what is due gets its turn.
SENDS_A_TURN: Final = 100
#: How soon to look again for somebody on the rota, where nobody ever will be.
NO_ROTA: Final = timedelta(minutes=15)

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
    return TwilioGateway(settings) if settings.sms == "twilio" else ConsoleGateway()


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
    troubles.tell()
    return done


def _texts(
    sessions: Sessions, settings: Settings, gateway: Gateway, clock: Clock, troubles: Troubles
) -> Done:
    turns = _quiet_windows(sessions, settings, clock, troubles)
    with reading(sessions) as session:
        if not sending.anything_to_do(session, clock()):
            return Done(turns=turns)
    settled = sent = not_sent = 0
    with troubles.apart():
        settled = _settle_doubts(sessions, gateway, clock)
    for _ in range(SENDS_A_TURN):
        with sessions.begin() as session:
            claimed = sending.claim(session, clock(), may_go)
        if claimed is None:
            break
        if _send(sessions, gateway, claimed, clock):
            sent += 1
        else:
            not_sent += 1
    return Done(sent, not_sent, settled, turns)


def poll(
    sessions: Sessions, settings: Settings, gateway: Gateway, since: datetime, clock: Clock
) -> int:
    """Take in what arrived at the provider and never here.

    Args:
        sessions: makes sessions.
        settings: who we are.
        gateway: the provider.
        since: how far back to look.
        clock: the present.

    Returns:
        How many texts were new.

    Raises:
        Exception: the first text that could not be taken in, after all the others were.
    """
    try:
        arrived = gateway.arrived(since)
    except TryLater:
        return 0
    with reading(sessions) as session:
        missing = arriving.not_yet_received(session, [text.provider_id for text in arrived])
    new, troubles = 0, Troubles()
    for text in arrived:
        if text.provider_id in missing:
            incoming = Incoming(text.provider_id, text.phone, text.body, text.segments)
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
    while not stop.is_set():
        wake.clear()
        busy, troubles, now = False, Troubles(), clock()
        if polled is None or now - polled >= POLL:
            polled = now
            with troubles.apart():
                poll(sessions, settings, gateway, since, clock)
                since = now - POLL_OVERLAP  # what could not be taken in is asked for again
        with troubles.apart():
            busy = turn(sessions, settings, gateway, clock).sent > 0
        for trouble in troubles.found:
            # Only the kind: a message could hold what somebody wrote.
            _log.error("The worker's turn failed: %s", type(trouble).__name__)
        if not busy:
            wake.wait(PAUSE.total_seconds())


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


def may_go(session: Session, message: OutboundMessage, now: datetime) -> Verdict:
    """Whether a text may go out this moment: the rooms' rules, put together.

    Args:
        session: the claiming session.
        message: the text.
        now: the present.
    """
    if message.template in TO_STAFF:
        return Go() if escalating.is_wanted(session, message) else Never("taken")
    if message.interview_id is not None:
        if not may_be_texted(session, message.interview_id, now):
            return Never("not_to_be_texted")
        state = record.as_agreed(session, message.interview_id, now)
        if state.silent(Channel.TEXT):
            return Never("stopped" if state.texts_stopped else "with_person")
        if state.stage is Stage.WITHDRAWN:
            return Never("withdrawn")
        over = state.stage in (Stage.DECLINED, Stage.SENT)
        if over and message.template == Template.INVITATION:
            return Never("over")
        if not text_may_go(session, message.interview_id, message.template, message.is_reply, now):
            return Never("not_agreed")
    if message.template in PROMPTS and not on_rota(session, now):
        return Wait(next_on_rota(session, now) or now + NO_ROTA)
    theirs = arriving.last_arrival(session, message.phone_index) if message.is_reply else None
    first = may_go_from(now, theirs)
    return Wait(first) if first > now else Go()


def _send(sessions: Sessions, gateway: Gateway, claimed: Claimed, clock: Clock) -> bool:
    try:
        provider_id = gateway.send(claimed.phone, claimed.body, str(claimed.id))
    except SendRefused as refusal:
        with sessions.begin() as session:
            sending.refused(session, claimed.id, refusal.code, clock())
        return False
    except TryLater as later:
        with sessions.begin() as session:
            sending.again(session, claimed.id, later.wait, clock())
        return False
    except SendUnknown:
        with sessions.begin() as session:
            sending.in_doubt(session, claimed.id)
        return False
    with sessions.begin() as session:
        sending.sent(session, claimed.id, provider_id, clock())
    return True


def _settle_doubts(sessions: Sessions, gateway: Gateway, clock: Clock) -> int:
    with sessions.begin() as session:
        doubts = settling.doubtful(session, clock())
    settled = 0
    for doubt in doubts:
        try:
            listed = gateway.recent(doubt.phone, doubt.tried_at - settling.CLOCK_SKEW)
        except TryLater:
            continue
        with sessions.begin() as session:
            settling.reconcile(session, doubt.id, listed, clock())
        settled += 1
    return settled


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
    kept no longer."""
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
