"""GOV.UK Notify as the gateway: its own client, and a Notify of our own behind it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from family_voice.app import create_app
from family_voice.messages import attention, thread
from family_voice.messages.attention import Need
from family_voice.messages.gateway import SendRefused, SendUnknown, TryLater
from family_voice.messages.models import InboundMessage, OutboundMessage, StoppedPhone
from family_voice.messages.notify_gateway import NotifyGateway, phone_of
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.households import NOW
from tests.conftest import KEYS, Database
from tests.sms import notify_stand_in
from tests.sms.notify_stand_in import BEARER, PAGE, SERVICE, NotifyStandIn, receipt, received, shown
from tests.sms.notify_town import NotifyTown, a_notify_town, set_up
from tests.sms.test_whole_interview import test_from_invitation_to_thanks  # noqa: F401 — runs here too
from tests.sms.town import DEB, Clock

#: What we read of a text that arrived.
READ = ("id", "source_number", "message")


@pytest.fixture
def town(settings: Settings, database: Database) -> Iterator[NotifyTown]:
    """For these tests, and for the whole interview imported above: the same one, through Notify."""
    with a_notify_town(settings, database) as place:
        yield place


@dataclass
class Service:
    """Notify and our gateway to it, and nothing else."""

    clock: Clock
    notify: NotifyStandIn
    settings: Settings

    @property
    def gateway(self) -> NotifyGateway:
        return NotifyGateway(self.settings)


@pytest.fixture
def service() -> Iterator[Service]:
    """For what needs no database."""
    clock = Clock()
    with notify_stand_in.serving(clock) as notify:
        bare = Settings(database_url="sqlite://", secret_key="x" * 40, master_keys=KEYS)
        yield Service(clock, notify, set_up(bare, notify))


def states(town: NotifyTown) -> list[str]:
    with reading(town.database.sessions) as session:
        return [line.state for line in thread.by_phone(session, DEB) if line.ours]


def needs(town: NotifyTown) -> list[Need]:
    with reading(town.database.sessions) as session:
        return [each.need for each in attention.open_needs(session)]


def arrivals(town: NotifyTown) -> int:
    with reading(town.database.sessions) as session:
        return len(session.scalars(select(InboundMessage.id)).all())


NO_TOKENS: tuple[dict[str, str], ...] = (
    {},
    shown(""),
    shown(BEARER[:-1]),
    shown(BEARER + "G"),
    shown("påse"),
    {"Authorization": BEARER},
    {"Authorization": f"Basic {BEARER}"},
)


def test_without_its_token_nothing_is_taken(town: NotifyTown) -> None:
    body = received(town.twilio.text(DEB, "hello"))
    for headers in NO_TOKENS:
        for path in ("inbound", "status"):
            answer = town.client.post(f"/sms/notify/{path}", json=body, headers=headers)
            assert answer.status_code == 401
    assert arrivals(town) == 0


def test_where_no_token_is_set_none_fits(settings: Settings) -> None:
    client = create_app(replace(settings, notify_bearer_tokens=())).test_client()
    for headers in (*NO_TOKENS, shown(BEARER)):
        assert client.post("/sms/notify/inbound", json={}, headers=headers).status_code == 401


def test_both_tokens_hold_while_they_are_changed(town: NotifyTown) -> None:
    for token in town.settings.notify_bearer_tokens:
        assert town.deliver(town.twilio.text(DEB, "hello"), token).status_code == 200
    assert arrivals(town) == 2


def test_what_is_not_notifys_changes_nothing(town: NotifyTown) -> None:
    good = received(town.twilio.text(DEB, "hello"))
    wrong: list[object] = [None, [], "text", {}]
    wrong += [{name: good[name] for name in good if name != left} for left in READ]
    wrong += [good | {"id": bad} for bad in ("", 1, "1" * 65, "ï", "1\n")]
    wrong += [good | {"source_number": bad} for bad in ("", None, "4" * 21)]
    wrong += [good | {"message": bad} for bad in (None, ["hello"], "x" * 20_001)]
    for sent in wrong:
        answer = town.client.post("/sms/notify/inbound", json=sent, headers=shown())
        assert answer.status_code == 400, sent
        assert "needed" in answer.text
    assert arrivals(town) == 0


def test_a_text_delivered_twice_and_listed_has_one_effect(town: NotifyTown) -> None:
    town.begin()
    message = town.twilio.text(DEB, "Once and no more.")
    for _ in range(2):
        assert town.deliver(message).status_code == 200
    assert town.poll() == 0
    [answer] = town.account(town.interview_id).answers
    assert answer.text == "Once and no more."


def test_the_callback_is_down_and_nothing_is_lost(town: NotifyTown) -> None:
    town.begin()
    town.twilio.text(DEB, "She is funny.")
    town.clock.on(seconds=20)
    town.twilio.text(DEB, "And she is deaf.")
    assert town.poll() == 2
    assert town.poll() == 0
    [answer] = town.account(town.interview_id).answers
    assert answer.text == "She is funny.\nAnd she is deaf."


@pytest.mark.parametrize("mood", ["lost", "500 taken"])
def test_one_that_was_taken_unheard_is_found_by_our_reference(town: NotifyTown, mood: str) -> None:
    town.twilio.moods.append(mood)
    town.invite()
    town.turn()
    assert states(town) == ["unknown"]
    town.clock.on(minutes=2)
    town.twilio.list_moods.append("503")
    town.turn()
    assert states(town) == ["unknown"]
    for _ in range(3):
        town.clock.on(minutes=2)
        town.turn()
    assert states(town) == ["sent"]
    assert len(town.twilio.outbound()) == 1


def test_one_that_was_not_taken_goes_again_once(town: NotifyTown) -> None:
    town.twilio.moods.append("500")
    town.invite()
    town.turn()
    assert states(town) == ["unknown"]
    for _ in range(3):
        town.clock.on(minutes=2)
        town.turn()
    assert states(town) == ["sent"]
    assert len(town.twilio.outbound()) == 1


@pytest.mark.parametrize(
    ("mood", "meaning"),
    [
        ("rate", TryLater(timedelta(minutes=1))),
        ("day", TryLater(timedelta(hours=1), about_us=True)),
        ("key", TryLater(timedelta(minutes=5), about_us=True)),
        ("trial", TryLater(timedelta(hours=1), about_us=True)),
        ("number", SendRefused("ValidationError")),
        ("500", SendUnknown()),
        ("503", SendUnknown()),
        ("500 taken", SendUnknown()),
        ("lost", SendUnknown()),
    ],
)
def test_what_its_errors_mean(service: Service, mood: str, meaning: Exception) -> None:
    service.notify.moods.append(mood)
    with pytest.raises(type(meaning)) as caught:
        service.gateway.send(DEB, "Hello", "reference")
    assert vars(caught.value) == vars(meaning)


def test_where_nobody_listens_nothing_was_taken(service: Service) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(TryLater) as caught:
        NotifyGateway(replace(service.settings, notify_api_url=closed)).send(DEB, "Hello", "1")
    assert not caught.value.about_us


@pytest.mark.parametrize("wrong", ["key", "template", "sender"])
def test_what_is_set_up_wrongly_is_not_the_texts_fault(service: Service, wrong: str) -> None:
    other = "00000000-1111-4222-8333-444444444444"
    settings = service.settings
    changed = {
        "key": replace(settings, notify_api_key=f"family_voice-{SERVICE}-{other}"),
        "template": replace(settings, notify_template_id=other),
        "sender": replace(settings, notify_sender_id=other),
    }
    gateway = NotifyGateway(changed[wrong])
    with pytest.raises(TryLater) as caught:
        gateway.send(DEB, "Hello", "reference")
    assert caught.value.about_us


@pytest.mark.parametrize("mood", ["rate", "key", "503"])
def test_a_list_that_does_not_come_is_asked_for_later(service: Service, mood: str) -> None:
    service.notify.list_moods += [mood, mood]
    with pytest.raises(TryLater):
        service.gateway.recent(DEB, NOW, "reference")
    with pytest.raises(TryLater):
        service.gateway.arrived(NOW)


def test_what_arrived_is_read_page_by_page_in_order(service: Service) -> None:
    words = [f"Piece {number}" for number in range(PAGE + 20)]
    for each in words:
        service.clock.on(milliseconds=10)
        service.notify.text(DEB, each)
    service.notify.text(DEB, "in the same moment")
    arrived = service.gateway.arrived(NOW)
    assert [each.body for each in arrived] == [*words, "in the same moment"]
    assert {(each.phone, each.segments) for each in arrived} == {(DEB, 1)}
    # No older page is asked for than is needed.
    asked = service.notify.asked
    assert len(service.gateway.arrived(service.clock() - timedelta(milliseconds=95))) == 11
    assert service.notify.asked == asked + 1


def test_nothing_of_a_family_goes_into_a_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for mood in ("number", "day", "500 taken", "lost"):
            service.notify.moods.append(mood)
            with pytest.raises((SendRefused, SendUnknown, TryLater)):
                service.gateway.send(DEB, "She is funny.", "reference")
    for private in (DEB.removeprefix("+"), "funny"):
        assert private not in caplog.text


def test_a_limit_of_the_day_gives_no_text_up(town: NotifyTown) -> None:
    town.twilio.moods += ["day"] * 20
    town.invite()
    for _ in range(10):
        town.turn()
        town.clock.on(hours=1)
    assert states(town) == ["queued"]
    assert needs(town) == [Need.ACCOUNT]
    town.twilio.moods.clear()
    town.clock.on(hours=16)
    town.turn()
    assert states(town) == ["sent"]
    assert needs(town) == []
    assert len(town.twilio.outbound()) == 1


@pytest.mark.parametrize("order", [("delivered",), ("delivered", "temporary-failure")])
def test_receipts_say_how_far_a_text_got(town: NotifyTown, order: tuple[str, ...]) -> None:
    town.invite()
    town.turn()
    [invitation] = town.twilio.outbound()
    for word in (*order, *order):
        assert town.report(invitation, word).status_code == 200
    assert states(town) == ["delivered"]


def test_a_phone_that_was_off_is_tried_anew(town: NotifyTown) -> None:
    town.invite()
    town.turn()
    [invitation] = town.twilio.outbound()
    town.report(invitation, "temporary-failure")
    town.turn()
    assert len(town.twilio.outbound()) == 1
    town.clock.on(minutes=31)
    town.turn()
    assert [text.body for text in town.twilio.outbound()] == [invitation.body] * 2
    assert states(town) == ["failed", "sent"]


def test_a_number_that_is_none_is_given_to_a_person(town: NotifyTown) -> None:
    town.invite()
    town.turn()
    town.report(town.twilio.outbound()[0], "permanent-failure")
    assert needs(town) == [Need.NUMBER_DEAD]


def test_a_receipt_settles_a_text_in_doubt(town: NotifyTown) -> None:
    town.twilio.moods.append("lost")
    town.invite()
    town.turn()
    assert states(town) == ["unknown"]
    [invitation] = town.twilio.outbound()
    town.report(invitation, "delivered")
    assert states(town) == ["delivered"]


def test_receipts_about_others_change_nothing(town: NotifyTown) -> None:
    town.invite()
    town.turn()
    [invitation] = town.twilio.outbound()
    strange = receipt(invitation, "permanent-failure") | {"id": "another", "reference": None}
    for sent in (strange, strange | {"reference": "no id"}, receipt(invitation, "elsewhere")):
        answer = town.client.post("/sms/notify/status", json=sent, headers=shown())
        assert answer.status_code == 200
    assert states(town) == ["sent"]


def test_nobody_behind_notify_holds_a_stop_but_us(town: NotifyTown) -> None:
    town.begin()
    assert town.text("STOP") == []
    with reading(town.database.sessions) as session:
        assert session.scalars(select(StoppedPhone)).all()
        waiting = session.scalars(
            select(OutboundMessage).where(OutboundMessage.state == "queued")
        ).all()
    assert waiting == []
    assert town.text("Are you there?") == []
    assert town.state(town.interview_id).texts_stopped
    [again] = town.text("START")
    assert "AGREE" in again


def test_help_is_answered_by_us(town: NotifyTown) -> None:
    town.begin()
    [words] = town.text("HELP")
    assert town.settings.phone in words


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("447700900104", DEB),
        ("07700900104", DEB),
        ("+447700900104", DEB),
        ("00447700900104", DEB),
        ("07700 900104", DEB),
        ("33612345678", "+33612345678"),
        ("Ravensbeck", "Ravensbeck"),
        ("", ""),
    ],
)
def test_a_senders_number_is_one_number_however_it_is_written(written: str, phone: str) -> None:
    assert phone_of(written) == phone


def test_an_answer_to_a_callback_that_came_late_does_not_go_at_night(town: NotifyTown) -> None:
    town.begin()
    town.clock.now = datetime(2026, 11, 18, 22, tzinfo=UTC)
    theirs = town.twilio.text(DEB, "CALL")
    town.clock.on(minutes=25)  # the fifth time that Notify tries
    assert town.deliver(theirs).status_code == 200
    town.turn()
    assert town.new() == []
