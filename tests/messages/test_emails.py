"""Emails: their words, their outbox on both databases, and a real mail server to hand them to."""

from __future__ import annotations

import email
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.language import texts
from family_voice.messages import emailing, emails
from family_voice.messages.emailing import LEASE, MOST_ATTEMPTS, Claimed
from family_voice.messages.emails import Email, EmailKind
from family_voice.messages.interpreter import offer_of_interpreter
from family_voice.messages.mailer import Later, Refused, SmtpMailer
from family_voice.messages.models import OutboundEmail, SendState
from family_voice.messages.sending import Go, Never, Verdict, Wait
from family_voice.settings import Settings, SettingsError
from tests.certificates import certificate
from tests.conftest import KEYS, NOW

SETTINGS = Settings(
    database_url="sqlite://", secret_key="x" * 40, master_keys=KEYS, phone="01632 960000",
    emergency_phone="01632 960999", email="smtp", smtp_host="localhost", smtp_security="none",
    smtp_from="voices@council.example", team_name="the Family Voice team",
)  # fmt: skip
LINK = "https://voices.example/i/abc"
LAST_DAY = date(2026, 12, 11)


def an_email(kind: EmailKind = EmailKind.INVITATION, language: str = "en") -> Email:
    return emails.compose(
        kind, SETTINGS, language, link=LINK, until=LAST_DAY, code_word="amber kettle"
    )


def claimed(address: str = "nadia@example.org") -> Claimed:
    return Claimed(UUID(int=7), address, an_email(), NOW)


@pytest.mark.parametrize("kind", EmailKind)
def test_what_every_email_says(kind: EmailKind) -> None:
    words, page = an_email(kind).as_words(), an_email(kind).as_page()
    for needed in (LINK, "01632 960000", "999", "01632 960999", "11 December 2026", "interpreter"):
        assert needed in words, needed
        assert needed in page, needed
    assert "%(" not in words
    assert not re.search(r"<img|<script|<link|src=", page), "opening it fetches nothing"
    assert page.count("<h1") == 1


def test_words_are_escaped_on_the_page() -> None:
    odd = replace(an_email(), before=("<b>Us & them</b>",))
    assert "<b>Us" not in odd.as_page()
    assert "&lt;b&gt;Us &amp; them" in odd.as_page()


def test_an_email_comes_out_of_its_seal_as_it_went_in() -> None:
    assert Email.from_sealed_form(an_email().sealed_form()) == an_email()


def test_the_offer_of_an_interpreter_is_made_in_each_language_that_has_words_for_it() -> None:
    lines = offer_of_interpreter("01632 960000")
    assert lines[0].language == "en"
    assert all("01632 960000" in line.words for line in lines)
    assert len({line.words for line in lines}) == len(lines), "English is said once"
    worded = {language.code for language in texts.worded()}
    assert {line.language for line in lines} <= worded


def anything(_session: Session, _email: OutboundEmail, _now: datetime) -> Verdict:
    return Go()


def put(session: Session, now: datetime, occasion: str = "", due: timedelta = timedelta(0)) -> UUID:
    interview_id = record.begin(session, audience="parent_carer", language="en", now=now)
    queued = emailing.queue(
        session, interview_id, "nadia@example.org", EmailKind.INVITATION, an_email(),
        occasion or f"test:{uuid4()}", now + due, now,
    )  # fmt: skip
    assert queued is not None
    return queued


def state(session: Session, email_id: UUID) -> SendState:
    session.expire_all()
    return SendState(session.get_one(OutboundEmail, email_id).state)


def test_one_occasion_is_one_email_and_its_words_are_sealed(
    session: Session, now: datetime
) -> None:
    put(session, now, "the same")
    row = session.scalars(select(OutboundEmail)).one()
    again = emailing.queue(
        session, row.interview_id, "nadia@example.org", EmailKind.INVITATION, an_email(),
        "the same", now, now,
    )  # fmt: skip
    assert again is None
    assert b"nadia" not in row.address
    assert LINK.encode() not in row.words
    taken = emailing.claim(session, now, anything)
    assert taken is not None
    assert (taken.address, taken.email) == ("nadia@example.org", an_email())
    assert emailing.claim(session, now, anything) is None


def test_what_nobody_wrote_down_goes_again_under_the_same_id(
    session: Session, now: datetime
) -> None:
    put(session, now)
    first = emailing.claim(session, now, anything)
    assert emailing.claim(session, now + LEASE - timedelta(seconds=1), anything) is None
    second = emailing.claim(session, now + LEASE, anything)
    assert first is not None
    assert second is not None
    assert second.id == first.id
    emailing.sent(session, second.id, now + LEASE)
    assert state(session, first.id) is SendState.SENT
    assert [each.email for each in emailing.received(session, "nadia@example.org")] == [an_email()]


def test_it_waits_longer_each_time_and_is_given_up_in_the_end(
    session: Session, now: datetime
) -> None:
    email_id, moment, whose = put(session, now), now, None
    for _ in range(MOST_ATTEMPTS):
        assert whose is None
        assert emailing.claim(session, moment, anything) is not None
        whose = emailing.again(session, email_id, moment, about_us=False)
        assert emailing.claim(session, moment, anything) is None, "not at once"
        moment += timedelta(hours=5)
    assert whose == session.get_one(OutboundEmail, email_id).interview_id
    assert state(session, email_id) is SendState.FAILED


def test_our_own_trouble_never_gives_an_email_up(session: Session, now: datetime) -> None:
    email_id, moment = put(session, now), now
    for _ in range(3 * MOST_ATTEMPTS):
        assert emailing.claim(session, moment, anything) is not None
        assert emailing.again(session, email_id, moment, about_us=True) is None
        moment += timedelta(hours=5)
    assert state(session, email_id) is SendState.QUEUED


@pytest.mark.parametrize("verdict", [Wait(NOW + timedelta(hours=1)), Never("not_safe")])
def test_it_is_asked_about_at_the_last_moment(
    session: Session, now: datetime, verdict: Verdict
) -> None:
    email_id = put(session, now)
    assert emailing.claim(session, now, lambda *_: verdict) is None
    wanted = SendState.QUEUED if isinstance(verdict, Wait) else SendState.CANCELLED
    assert state(session, email_id) is wanted


def test_what_is_let_go_of_on_its_way_is_not_missed(session: Session, now: datetime) -> None:
    email_id = put(session, now)
    assert emailing.claim(session, now, anything) is not None
    emailing.forget(session, session.get_one(OutboundEmail, email_id).interview_id)
    emailing.sent(session, email_id, now)
    assert emailing.refused(session, email_id, "550") is None
    assert session.scalars(select(OutboundEmail)).all() == []


class Catcher:
    """A mail server of our own: keeps what it takes, and answers as it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.to = ""
        self.answers = {"RCPT": "250 OK", "DATA": "250 OK"}
        self.hangs_up = False

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.to = address
        envelope.rcpt_tos.append(address)
        return self.answers["RCPT"]

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        if self.hangs_up:
            server.transport.abort()
        return self.answers["DATA"]


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, SmtpMailer]]:
    handler, port = Catcher(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, SmtpMailer(replace(SETTINGS, smtp_host="127.0.0.1", smtp_port=port))
    controller.stop()


def test_an_email_as_the_mail_server_gets_it(catcher: tuple[Catcher, SmtpMailer]) -> None:
    handler, mailer = catcher
    mailer.send(claimed())
    mailer.send(claimed())
    one, again = handler.messages
    assert handler.to == "nadia@example.org"
    assert one["To"] == "nadia@example.org"
    assert one["From"] == "the Family Voice team <voices@council.example>"
    assert one["Subject"] == "We would like to hear from you"
    assert one["Message-ID"] == again["Message-ID"] == f"<{UUID(int=7).hex}@council.example>"
    assert one["Auto-Submitted"] == "auto-generated"
    plain, page = one.iter_parts()
    assert LINK in plain.get_content()
    assert f'href="{LINK}"' in page.get_content()


@pytest.mark.parametrize(
    ("step", "answer", "refused"),
    [
        ("RCPT", "550 No such mailbox", True),
        ("RCPT", "450 Try again", False),
        ("DATA", "554 Not wanted", True),
        ("DATA", "451 Too busy", False),
    ],
)
def test_what_the_mail_server_says(
    catcher: tuple[Catcher, SmtpMailer], step: str, answer: str, refused: bool
) -> None:
    handler, mailer = catcher
    handler.answers[step] = answer
    with pytest.raises(Refused if refused else Later) as why:
        mailer.send(claimed())
    if isinstance(why.value, Later):
        assert not why.value.about_us


def test_a_line_cut_after_the_words_is_tried_again(catcher: tuple[Catcher, SmtpMailer]) -> None:
    handler, mailer = catcher
    handler.hangs_up = True
    with pytest.raises(Later) as why:
        mailer.send(claimed())
    assert not why.value.about_us
    assert len(handler.messages) == 1


def test_nobody_there_is_about_us() -> None:
    mailer = SmtpMailer(replace(SETTINGS, smtp_host="127.0.0.1", smtp_port=free_port()))
    with pytest.raises(Later) as why:
        mailer.send(claimed())
    assert why.value.about_us


@pytest.mark.parametrize("address", ["", "no address", "a@b@c", "nadia@example.org\nBcc: x@y.org"])
def test_what_is_no_address_never_goes(address: str) -> None:
    with pytest.raises(Refused):
        SmtpMailer(SETTINGS).send(claimed(address))


def test_the_line_is_sealed_and_the_certificate_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, stranger = certificate(tmp_path / "known"), certificate(tmp_path / "stranger")
    handler, port = Catcher(), free_port()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(known)
    signed_in: list[bytes] = []

    def authenticate(_s: Any, _se: Any, _e: Any, _m: str, data: LoginPassword) -> AuthResult:
        signed_in.append(data.login)
        return AuthResult(success=data.password == b"hush")

    controller = Controller(
        handler, hostname="127.0.0.1", port=port, tls_context=tls, require_starttls=True,
        authenticator=authenticate, auth_required=True,
    )  # fmt: skip
    controller.start()
    settings = replace(
        SETTINGS, smtp_host="127.0.0.1", smtp_port=port, smtp_security="starttls",
        smtp_user="voices", smtp_password="hush",
    )  # fmt: skip
    try:
        monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
        with pytest.raises(Later) as why:
            SmtpMailer(settings).send(claimed())
        assert why.value.about_us
        assert signed_in == [], "nothing was said to whoever it was"
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        SmtpMailer(settings).send(claimed())
        assert signed_in == [b"voices"]
        assert len(handler.messages) == 1
        with pytest.raises(Later) as why:
            SmtpMailer(replace(settings, smtp_password="wrong")).send(claimed())
        assert why.value.about_us
    finally:
        controller.stop()


def environ(**given: str) -> dict[str, str]:
    needed = {
        "SECRET_KEY": "x" * 40, "MASTER_KEYS": "1:" + "A" * 43 + "=",
        "PUBLIC_URL": "https://voices.example", "PHONE": "01632 960000",
        "EMERGENCY_PHONE": "01632 960999", "SMS": "console", **given,
    }  # fmt: skip
    return {f"FAMILY_VOICE_{name}": value for name, value in needed.items()}


def test_the_settings_of_the_mail_server() -> None:
    assert Settings.from_environ(environ()).email == "off"
    given = Settings.from_environ(
        environ(SMTP_HOST="mail.council.example", SMTP_FROM="us@council.example",
                SMTP_SECURITY="tls", SMTP_USER="us", SMTP_PASSWORD="hush")
    )  # fmt: skip
    assert (given.email, given.smtp_port, given.smtp_security) == ("smtp", 465, "tls")
    assert "hush" not in repr(given)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"SMTP_HOST": "mail.example"}, "SMTP_FROM"),
        ({"SMTP_SECURITY": "plain"}, "SMTP_SECURITY"),
        (
            {"SMTP_HOST": "mail.example", "SMTP_FROM": "a@b.example", "SMTP_SECURITY": "none"},
            "none",
        ),
        ({"SMTP_PORT": "70000"}, "SMTP_PORT"),
        ({"SMTP_USER": "us"}, "SMTP_PASSWORD"),
        ({"SMTP_FROM": "Us <us@council.example>"}, "SMTP_FROM"),
    ],
)
def test_settings_that_cannot_work_say_what_to_do(given: dict[str, str], names: str) -> None:
    with pytest.raises(SettingsError, match=names):
        Settings.from_environ(environ(**given))
