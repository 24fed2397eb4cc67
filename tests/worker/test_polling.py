"""The worker's own loop asks what arrived, and asks as far back as it must."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from family_voice import worker
from tests.sms.stand_in import Held
from tests.sms.town import DEB, Town


class Minutes(threading.Event):
    """What the worker waits for between turns: a minute goes by each time, and then it ends."""

    def __init__(self, town: Town, stop: threading.Event, minutes: int) -> None:
        super().__init__()
        self._town, self._stop, self._left = town, stop, minutes

    def wait(self, timeout: float | None = None) -> bool:
        self._town.clock.on(seconds=61)
        self._left -= 1
        if self._left == 0:
            self._stop.set()
        return True


def test_what_came_while_nothing_could_be_listed_is_fetched_later(town: Town) -> None:
    town.begin()
    town.clock.on(hours=1)
    stop = threading.Event()
    minutes = 2 * (worker.POLL_OVERLAP // timedelta(minutes=1))
    # The first poll is answered; then our webhooks are away, and the list as well, for half an
    # hour: longer than polls overlap.
    missed: list[Held] = []

    class Begins(Minutes):
        def wait(self, timeout: float | None = None) -> bool:
            if not missed:
                missed.append(town.twilio.text(DEB, "Said while you were away."))
                town.twilio.list_moods = ["503", "429", "unreachable"] * (minutes // 3)
            return super().wait(timeout)

    worker.run(
        town.database.sessions, town.settings, town.gateway,
        clock=town.clock, wake=Begins(town, stop, minutes + 3), stop=stop,
    )  # fmt: skip
    assert town.twilio.list_moods == []
    pieces = [p.text for a in town.account(town.interview_id).answers for p in a.pieces]
    assert pieces == ["Said while you were away."]


def test_what_came_over_a_long_weekend_is_not_lost(town: Town) -> None:
    town.begin()
    town.twilio.text(DEB, "Said on Friday, when everything was switched off.")
    town.clock.on(days=4)
    stop = threading.Event()
    worker.run(
        town.database.sessions, town.settings, town.gateway,
        clock=town.clock, wake=Minutes(town, stop, 1), stop=stop,
    )  # fmt: skip
    [answer] = town.account(town.interview_id).answers
    assert answer.text.startswith("Said on Friday")


def test_an_answer_to_what_came_here_late_does_not_go_at_night(town: Town) -> None:
    town.begin()
    town.clock.now = datetime(2026, 11, 18, 22, tzinfo=UTC)
    town.twilio.text(DEB, "CALL")
    town.clock.on(minutes=85)
    assert town.poll() == 1
    town.turn()
    assert town.new() == []
    town.clock.now = datetime(2026, 11, 19, 9, 0, 1, tzinfo=UTC)
    town.turn()
    assert "We will ring you" in town.new()[0]


def test_a_picture_that_the_poller_brings_is_answered_as_well(town: Town) -> None:
    town.begin()
    picture = town.twilio.text(DEB, "")
    picture.pictures = 1
    assert town.poll() == 1
    town.turn()
    assert "cannot see pictures" in town.new()[0]
