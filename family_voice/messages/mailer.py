"""Handing an email to the council's own mail server, by SMTP (RFC 5321) over an encrypted line."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Protocol

from family_voice.messages.emailing import LEASE, Claimed, message_id
from family_voice.settings import Settings

#: For each step of the conversation with the mail server. All of them end before a claim does.
TIME_LIMIT: Final = LEASE.total_seconds() / 10


class Refused(Exception):
    """The mail server will never take this one; `code` is its own reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Later(Exception):
    """Not taken, or nobody knows whether it was.

    `about_us`: nothing is wrong with this email but with our line to the mail server or our account
    there, so that the next email would fare no better.
    """

    def __init__(self, *, about_us: bool) -> None:
        super().__init__("about us" if about_us else "about this email")
        self.about_us = about_us


class Mailer(Protocol):
    """One mail server."""

    def send(self, claimed: Claimed) -> None:
        """Hand an email over.

        Raises:
            Refused: it never will.
            Later: it may be tried again.
        """
        ...


class ConsoleMailer:
    """Sends nothing anywhere: the row in the outbox is what the pretend mailbox reads."""

    def send(self, claimed: Claimed) -> None:
        """See `Mailer.send`."""


class SmtpMailer:
    """The mail server that the settings name. Its certificate must be good for its name.

    Args:
        settings: where it is, who we are there, and from which address we write.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, claimed: Claimed) -> None:
        """See `Mailer.send`."""
        message = as_message(claimed, self._settings)
        try:
            server = self._connected()
        except (smtplib.SMTPException, OSError) as trouble:
            raise Later(about_us=True) from trouble
        try:
            server.send_message(message, self._settings.smtp_from, [claimed.address])
        except smtplib.SMTPRecipientsRefused as refusal:
            (code, _words), *_others = refusal.recipients.values()
            raise _refused_or_later(code) from None
        except smtplib.SMTPSenderRefused:
            raise Later(about_us=True) from None
        except smtplib.SMTPDataError as refusal:
            raise _refused_or_later(refusal.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("smtputf8") from None
        except (smtplib.SMTPException, OSError):
            raise Later(about_us=False) from None
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()  # it was taken all the same

    def _connected(self) -> smtplib.SMTP:
        settings, tls = self._settings, ssl.create_default_context()
        host, port = settings.smtp_host, settings.smtp_port
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIME_LIMIT, context=tls)
        else:
            server = smtplib.SMTP(host, port, timeout=TIME_LIMIT)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=tls)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def mailer_for(settings: Settings) -> Mailer:
    """The mail server that the settings choose; none is called where emails are off."""
    return SmtpMailer(settings) if settings.email == "smtp" else ConsoleMailer()


def as_message(claimed: Claimed, settings: Settings) -> EmailMessage:
    """An email as it goes over the line: the same at every try.

    Raises:
        Refused: if what we have is no address.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = Address(addr_spec=claimed.address)
    except (ValueError, IndexError, MessageError):
        raise Refused("no_address") from None
    message["From"] = Address(settings.team_name, addr_spec=settings.smtp_from)
    message["Subject"] = claimed.email.subject
    message["Date"] = format_datetime(claimed.at)
    message["Message-ID"] = message_id(claimed.id, settings.smtp_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday note answers it
    message["Content-Language"] = claimed.email.language
    message.set_content(claimed.email.as_words(), cte="quoted-printable")
    message.add_alternative(claimed.email.as_page(), subtype="html", cte="quoted-printable")
    return message


def _refused_or_later(code: int) -> Refused | Later:
    return Refused(str(code)) if code >= 500 else Later(about_us=False)
