"""Webhooks as Twilio never signed them: none is accepted, and none leaves anything behind."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from family_voice.app import create_app
from family_voice.messages.models import InboundMessage
from family_voice.sms.webhook import READ
from family_voice.storage.engine import reading
from tests.conftest import NOW
from tests.proofs.proof import Place, Tell
from tests.sms.stand_in import ACCOUNT, NUMBER, TOKEN, signed

INBOUND, STATUS = "/sms/inbound", "/sms/status"
PUBLIC_URL = "https://voice.example"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/= ."


@dataclass(frozen=True)
class Request:
    """A request as it comes: where to, with what, signed how."""

    path: str
    form: tuple[tuple[str, str], ...]
    signature: str

    @property
    def means(self) -> tuple[object, ...]:
        """What counts of it: the same parameter twice alike is one."""
        return self.path, frozenset(self.form), self.signature


def prove(place: Place, times: int, tell: Tell) -> int:
    """Change requests that Twilio signed, in one place each, and count what is not refused.

    The requests themselves must be taken, or the proof proves nothing.
    """
    luck = random.Random(times)
    settings = replace(
        place.settings, sms="twilio", sms_number=NUMBER, twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN, public_url=PUBLIC_URL,
    )  # fmt: skip
    client = create_app(settings, clock=lambda: NOW).test_client()
    with _without_a_word():
        accepted = _changed(client, luck, times, tell)
    with reading(place.sessions) as session:
        accepted += session.scalar(select(func.count()).select_from(InboundMessage)) or 0
    for path in (INBOUND, STATUS):
        if _post(client, _signed(luck, path)) != 200:
            raise AssertionError("what Twilio signs is refused as well")
    return accepted


@contextmanager
def _without_a_word() -> Iterator[None]:
    """Thousands of refusals are thousands of lines in the log."""
    log = logging.getLogger("family_voice.sms.webhook")
    before, log.disabled = log.disabled, True
    yield
    log.disabled = before


def _changed(client: FlaskClient, luck: random.Random, times: int, tell: Tell) -> int:
    """Post requests that were changed; how many were not refused."""
    others = [_signed(luck, path) for path in (INBOUND, STATUS) for _ in range(20)]
    accepted = 0
    for number in range(times):
        true = _signed(luck, luck.choice((INBOUND, INBOUND, STATUS)))
        changed = luck.choice(CHANGES)(luck, true, luck.choice(others))
        while changed.means == true.means:
            changed = luck.choice(CHANGES)(luck, true, luck.choice(others))
        accepted += _post(client, changed) == 200
        tell(number + 1)
    return accepted


def _signed(luck: random.Random, path: str) -> Request:
    """A request as Twilio makes it."""
    sid = f"SM{luck.getrandbits(128):032x}"
    form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}
    if path == INBOUND:
        words = " ".join(luck.choice(("the", "bus", "is", "late", "NEXT")) for _ in range(6))
        form |= {
            "From": f"+4477009{luck.randrange(100_000):05d}", "To": NUMBER, "Body": words,
            "NumSegments": str(luck.randint(1, 4)), "NumMedia": "0",
        }  # fmt: skip
    else:
        form |= {"MessageStatus": luck.choice(("sent", "delivered")), "To": "+447700900104"}
    return Request(path, tuple(form.items()), _sign(f"{PUBLIC_URL}{path}", form))


def _sign(address: str, form: dict[str, str], token: str = TOKEN) -> str:
    return signed(address, form, token)["X-Twilio-Signature"]


def _post(client: FlaskClient, request: Request) -> int:
    return client.post(
        request.path,
        data=MultiDict(request.form),
        headers={"X-Twilio-Signature": request.signature},
    ).status_code


Change = Callable[[random.Random, Request, Request], Request]


def _one_letter(luck: random.Random, text: str) -> str:
    """One letter more, fewer or another, or two that change places."""
    at = luck.randrange(len(text) + 1)
    match luck.randrange(4):
        case 0:
            return text[:at] + luck.choice(LETTERS) + text[at:]
        case 1:
            return text[:at] + text[at + 1 :]
        case 2:
            return text[:at] + luck.choice(LETTERS) + text[at + 1 :]
        case _:
            return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _value(luck: random.Random, true: Request, _other: Request) -> Request:
    form = list(true.form)
    at = luck.randrange(len(form))
    form[at] = (form[at][0], _one_letter(luck, form[at][1]))
    return replace(true, form=tuple(form))


def _name(luck: random.Random, true: Request, _other: Request) -> Request:
    form = list(true.form)
    at = luck.randrange(len(form))
    form[at] = (_one_letter(luck, form[at][0]), form[at][1])
    return replace(true, form=tuple(form))


def _wanders(luck: random.Random, true: Request, _other: Request) -> Request:
    """A name takes its value's first letters, or a value its name's last."""
    form = list(true.form)
    at = luck.choice([n for n, (name, _) in enumerate(form) if name in (*READ, "MessageStatus")])
    glued = "".join(form[at])
    cut = luck.randrange(1, len(glued))
    form[at] = (glued[:cut], glued[cut:])
    return replace(true, form=tuple(form))


def _without(luck: random.Random, true: Request, _other: Request) -> Request:
    form = list(true.form)
    form.pop(luck.randrange(len(form)))
    return replace(true, form=tuple(form))


def _with_more(luck: random.Random, true: Request, other: Request) -> Request:
    more = luck.choice((*other.form, ("Body", "STOP"), ("Extra", "1"), ("ErrorCode", "21610")))
    form = list(true.form)
    form.insert(luck.randrange(len(form) + 1), more)
    return replace(true, form=tuple(form))


def _others_signature(_luck: random.Random, true: Request, other: Request) -> Request:
    return replace(true, signature=other.signature)


def _signature(luck: random.Random, true: Request, _other: Request) -> Request:
    text = true.signature
    odd = ("", text[:-1], f"{text}=", text.swapcase(), f"{text},{text}", f"sha1={text}", text[::-1])
    return replace(true, signature=luck.choice((*odd, *[_one_letter(luck, text)] * 7)).strip())


def _guessed(luck: random.Random, true: Request, _other: Request) -> Request:
    token = luck.choice(("", "guess", ACCOUNT, TOKEN[:-1], TOKEN.upper(), f"{TOKEN} "))
    return replace(true, signature=_sign(f"{PUBLIC_URL}{true.path}", dict(true.form), token))


def _address(luck: random.Random, true: Request, _other: Request) -> Request:
    """The same parameters at another of our addresses, or with something behind the address."""
    path = luck.choice((INBOUND, STATUS))
    query = luck.choice(("", "?message=1", "?Body=STOP", "?bodySHA256=00", "?a=1&b=2"))
    return replace(true, path=f"{path}{query}")


def _signed_elsewhere(luck: random.Random, true: Request, _other: Request) -> Request:
    """Rightly signed, for somebody else's address or for this one written otherwise."""
    address = luck.choice(
        ("https://voice.example.org", "http://voice.example", "https://voice.example:8443",
         "https://Voice.example", "http://localhost", "")
    )  # fmt: skip
    return replace(true, signature=_sign(f"{address}{true.path}", dict(true.form)))


CHANGES: tuple[Change, ...] = (
    _value, _value, _name, _wanders, _without, _with_more, _others_signature, _signature,
    _signature, _guessed, _address, _signed_elsewhere,
)  # fmt: skip
