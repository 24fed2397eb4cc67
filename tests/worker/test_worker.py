"""The worker against a Twilio that misbehaves: nothing lost, nothing twice, nothing at the wrong
time."""

from __future__ import annotations

import threading
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from family_voice import worker
from family_voice.cases import standing_down
from family_voice.cases.ledger import StoodDown
from family_voice.cases.linking import case_of
from family_voice.cli import main
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, HandedToPerson, Withdrawn
from family_voice.interviews.state import Stage
from family_voice.messages import arriving, outbox, sending
from family_voice.messages.console_gateway import ConsoleGateway
from family_voice.messages.models import OutboundMessage
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.safeguarding.models import RotaShift
from family_voice.storage.engine import reading
from tests.cases.households import SOMEBODY
from tests.conftest import KEYS
from tests.sms.stand_in import ACCOUNT, NUMBER, TOKEN
from tests.sms.town import DEB, Town


def states(town: Town) -> list[str]:
    with reading(town.database.sessions) as session:
        return list(session.scalars(select(OutboundMessage.state).order_by(OutboundMessage.number)))


def test_nothing_to_do_is_nothing_done(town: Town) -> None:
    assert town.turn() == worker.Done()


@pytest.mark.parametrize("mood", ["429", "20003"])
def test_what_was_not_taken_goes_later_and_once(town: Town, mood: str) -> None:
    town.invite()
    town.twilio.moods = [mood] if mood == "429" else []
    if mood == "20003":
        town.gateway = TwilioGateway(replace(town.settings, twilio_auth_token="old"))
    town.turn()
    assert town.new() == []
    assert states(town) == ["queued"]
    town.gateway = TwilioGateway(town.settings)
    town.clock.on(minutes=6)
    town.turn()
    assert len(town.new()) == 1


@pytest.mark.parametrize(("mood", "taken"), [("lost", 1), ("unreachable", 0), ("500", 0)])
def test_an_unknown_outcome_is_settled_by_asking_and_never_doubled(
    town: Town, mood: str, taken: int
) -> None:
    town.invite()
    town.twilio.moods = [mood]
    town.turn()
    assert len(town.twilio.outbound()) == taken
    assert states(town) == ["unknown"]
    for _ in range(5):
        town.clock.on(seconds=31)
        town.turn()
    assert len(town.twilio.outbound()) == 1
    assert states(town) == ["sent"]


def test_a_text_handed_over_while_our_clock_was_a_day_ahead_is_not_sent_again(town: Town) -> None:
    town.invite()
    right = town.clock.now
    town.twilio.clock = lambda: right
    town.twilio.moods = ["lost"]
    town.clock.on(days=1)
    town.turn()
    town.clock.on(minutes=2)
    town.turn()
    assert states(town) == ["sent"]
    assert len(town.twilio.outbound()) == 1


def test_doubt_that_twilio_cannot_settle_waits(town: Town) -> None:
    town.invite()
    town.twilio.moods = ["lost"]
    town.turn()
    town.clock.on(minutes=2)
    right = town.gateway
    town.gateway = TwilioGateway(replace(town.settings, twilio_auth_token="old"))
    town.turn()
    assert states(town) == ["unknown"]
    town.gateway = right
    town.turn()  # it has only just been asked
    assert states(town) == ["unknown"]
    town.clock.on(minutes=1)
    town.turn()
    assert states(town) == ["sent"]
    assert len(town.twilio.outbound()) == 1


def test_a_worker_that_died_after_handing_over(town: Town) -> None:
    town.invite()
    with town.database.sessions.begin() as session:
        claimed = sending.claim(session, town.clock(), worker.may_go)
    assert claimed is not None
    town.gateway.send(claimed.phone, claimed.body, str(claimed.id))
    town.turn()
    assert states(town) == ["sending"]
    for _ in range(3):
        town.clock.on(seconds=61)
        town.turn()
    assert states(town) == ["sent"]
    assert len(town.twilio.outbound()) == 1


def test_a_report_settles_a_doubt_at_once(town: Town) -> None:
    town.invite()
    town.twilio.moods = ["lost"]
    town.turn()
    [message] = town.twilio.outbound()
    assert town.report(message, "delivered").status_code == 200
    assert town.report(message, "sent").status_code == 200
    assert states(town) == ["delivered"]
    town.clock.on(minutes=5)
    town.turn()
    assert len(town.twilio.outbound()) == 1


def test_refused_at_the_carrier(town: Town) -> None:
    town.invite()
    town.twilio.moods = ["21610"]
    town.turn()
    assert states(town) == ["failed"]
    with reading(town.database.sessions) as session:
        assert outbox.is_stopped(session, DEB)


@pytest.mark.parametrize(
    ("reason", "kept"), [("30005", "30005"), ("30\x00005", None), ("9" * 41, None), ("", None)]
)
def test_a_failed_report_keeps_its_reason(town: Town, reason: str, kept: str | None) -> None:
    town.invite()
    town.turn()
    [message] = town.twilio.outbound()
    assert town.report(message, "undelivered", ErrorCode=reason).status_code == 200
    with reading(town.database.sessions) as session:
        assert session.scalars(select(OutboundMessage.error)).one() == kept
    assert states(town) == ["failed"]


def test_an_invitation_waits_for_the_morning(town: Town) -> None:
    town.clock.on(hours=11)  # nine in the evening
    town.invite()
    with town.database.sessions.begin() as session:
        row = session.scalars(select(OutboundMessage)).one()
        row.due_at = town.clock()
    town.turn()
    assert town.new() == []
    town.clock.on(hours=11, minutes=59)
    town.turn()
    assert town.new() == []
    town.clock.on(minutes=2)
    town.turn()
    assert len(town.new()) == 1


def test_a_reply_goes_in_the_evening_and_a_late_question_in_the_morning(town: Town) -> None:
    town.begin()
    town.clock.on(hours=12)
    assert town.text("a long one", segments=4) == []
    town.clock.on(minutes=10, seconds=1)
    assert town.turn().turns == 1
    assert town.new() == []  # more than ten minutes after their text, at ten in the evening
    [well] = town.text("NEXT")[:1]
    assert well.startswith("What, if anything, is working well")


def test_stood_down_cancels_and_stays_cancelled(town: Town) -> None:
    town.begin()
    town.deliver(town.twilio.text(DEB, "NEXT"))
    with town.database.sessions.begin() as session:
        case_id = case_of(session, town.interview_id)
        assert case_id is not None
        standing_down.stand_down(session, case_id, StoodDown.MOVED, SOMEBODY, town.clock())
    town.turn()
    assert town.new() == []
    assert town.text("Hello?") == []


@pytest.mark.parametrize("event", [HandedToPerson, Withdrawn])
def test_what_waits_is_not_sent_after_all(town: Town, event: type) -> None:
    town.begin()
    town.deliver(town.twilio.text(DEB, "NEXT"))
    with town.database.sessions.begin() as session:
        record.happen(session, town.interview_id, event(Channel.TELEPHONE), town.clock())
    town.turn()
    assert town.new() == []
    assert states(town)[-1] == "cancelled"


def test_the_poller_feeds_what_the_webhook_missed_once(town: Town) -> None:
    town.begin()
    town.deliver(town.twilio.text(DEB, "This came."))
    missed = [town.twilio.text(DEB, f"Missed {number}.") for number in range(3)]
    assert town.poll() == 3
    assert town.poll() == 0
    for message in missed:
        assert town.deliver(message).status_code == 200
    [answer] = town.account(town.interview_id).answers
    assert answer.text == "This came.\nMissed 0.\nMissed 1.\nMissed 2."


def test_once_from_the_command_line_asks_what_arrived(town: Town) -> None:
    town.clock.now = datetime.now(UTC)
    town.twilio.text("+447700900555", "Nobody told you of this one.")
    chosen = {
        "SECRET_KEY": "s" * 40,
        "MASTER_KEYS": f"1:{b64encode(KEYS[1]).decode()}",
        "PUBLIC_URL": "https://voice.council.example",
        "SMS": "twilio",
        "SMS_NUMBER": NUMBER,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": town.twilio.url,
        "PHONE": "01632 960000",
        "EMERGENCY_PHONE": "01632 960999",
        "DATABASE_URL": town.database.url,
    }
    environment = {f"FAMILY_VOICE_{name}": value for name, value in chosen.items()}
    assert CliRunner(env=environment).invoke(main, ["worker", "--once"]).exit_code == 0
    with reading(town.database.sessions) as session:
        [kept] = arriving.unplaced(session, "+447700900555")
    assert kept.body == "Nobody told you of this one."
    # With the rota run out it warns and works on: open concerns still have to climb.
    with town.database.sessions.begin() as session:
        session.execute(update(RotaShift).values(taken_off_at=town.clock()))
    without = CliRunner(env=environment).invoke(main, ["worker", "--once"])
    assert without.exit_code == 0
    assert "Nobody is on the concern rota" in without.output


def test_the_last_question_closes_by_itself_after_an_hour(town: Town) -> None:
    town.begin()
    town.text("Only this")
    for _ in range(5):
        town.text("NEXT")
    assert town.state(town.interview_id).stage is Stage.READING_BACK
    town.clock.on(hours=1, seconds=1)
    town.turn()
    [quote] = town.new()
    assert quote.startswith("Thank you. We have what you told us.")
    assert town.state(town.interview_id).stage is Stage.SENT


def test_two_workers_pass_one_quiet_window_once(town: Town) -> None:
    town.begin()
    town.text("An answer")
    town.clock.on(minutes=5)
    threads = [threading.Thread(target=town.turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    town.turn()
    assert len(town.new()) == 1


def test_a_thread_of_the_same_process_sends_and_ends(town: Town) -> None:
    invited = town.invite()
    seen = threading.Event()

    class Watched(ConsoleGateway):
        def send(self, to: str, body: str, reference: str) -> str:
            seen.set()
            return super().send(to, body, reference)

    running = worker.start_thread(town.database.sessions, town.settings, Watched(), town.clock)
    try:
        assert seen.wait(timeout=20)
    finally:
        running.stop()
    assert not running.thread.is_alive()
    assert states(town) == ["sent"]
    assert invited.due_at is not None
    assert worker.gateway_for(town.settings).__class__ is TwilioGateway


def test_a_day_later_the_link_for_carrying_on_has_ended(town: Town) -> None:
    town.begin()
    [words] = town.text("WEB")
    link = next(word for word in words.split() if "/i/" in word)
    token = link.rsplit("/", 1)[1]
    with reading(town.database.sessions) as session:
        assert doors.by_token(session, token, town.clock()) == town.interview_id
        with pytest.raises(doors.NoSuchDoor):
            doors.by_token(session, token, town.clock() + timedelta(days=1))


def test_the_link_for_carrying_on_opens_until_somebody_has_begun_by_it(town: Town) -> None:
    town.begin()
    [words] = town.text("WEB")
    address = next(word for word in words.split() if "/i/" in word)
    path = address.removeprefix(town.settings.public_url)
    browser = town.client.application.test_client()
    for _ in range(2):  # a mail scanner follows links as well
        assert browser.get(path).status_code == 303
    page = browser.get("/welcome").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    begun = browser.post("/welcome", data={"csrf_token": token})
    assert begun.headers["Location"].endswith("/important.open"), begun.headers
    assert town.client.application.test_client().get(path).status_code == 404
