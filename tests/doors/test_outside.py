"""When whoever the program speaks to is not whom it meant, it sends nothing further."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from family_voice.messages.gateway import Gateway, SendRefused, SendUnknown, TryLater
from family_voice.messages.notify_gateway import NotifyGateway
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.people.single_sign_on import Provider, ProviderDown, SingleSignOn
from family_voice.settings import Settings
from tests.certificates import certificate
from tests.conftest import KEYS, NOW

Ask = Callable[[str], object]


def text_by_twilio(address: str) -> None:
    """Hand a text to Twilio's gateway, with its API at this address."""
    hand_over(TwilioGateway(the_settings(address)))


def text_by_notify(address: str) -> None:
    """Hand a text to Notify's gateway, with its API at this address."""
    hand_over(NotifyGateway(the_settings(address)))


def hand_over(gateway: Gateway) -> None:
    with pytest.raises((SendRefused, SendUnknown, TryLater)):
        gateway.send("+447700900123", "Hello", "reference")


def the_settings(address: str) -> Settings:
    some_id = "f33517ff-2a88-4f6e-b855-c550268ce08a"
    return Settings(
        database_url="sqlite://",
        secret_key="x" * 40,
        master_keys=KEYS,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="hush",
        twilio_api_url=address,
        notify_api_key=f"hush-{some_id}-{some_id}",
        notify_template_id=some_id,
        notify_api_url=address,
    )


def sign_in_at(address: str) -> None:
    """Begin a sign-in at a provider at this address."""
    with pytest.raises(ProviderDown):
        SingleSignOn(Provider(address, "us", "hush"), "https://here.example/back").way(NOW)


ASKS: dict[str, Ask] = {"twilio": text_by_twilio, "notify": text_by_notify, "sign-in": sign_in_at}


class Quiet(ThreadingHTTPServer):
    """Says nothing of whoever hangs up on it."""

    def handle_error(self, *_about: object) -> None:
        return


@contextmanager
def answering(
    status: int = 200, body: str = "{}", *, tls: ssl.SSLContext | None = None, **headers: str
) -> Iterator[tuple[str, list[str]]]:
    """A server that answers everything alike; gives its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = answer

        def log_message(self, *_arguments: object) -> None:
            return

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def nobodys(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A certificate for this very address that nobody vouches for."""
    path = certificate(tmp_path_factory.mktemp("certificate") / "both.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


@pytest.mark.parametrize("what", ASKS)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(what: str, status: int) -> None:
    with answering() as (elsewhere, asked), answering(status, Location=f"{elsewhere}/x") as (
        address, first,
    ):  # fmt: skip
        ASKS[what](address)
    assert first
    assert asked == []


@pytest.mark.parametrize("what", ASKS)
def test_a_certificate_nobody_vouches_for_is_refused(
    what: str, nobodys: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, path = nobodys
    with answering(tls=context) as (address, asked):
        ASKS[what](address)
        assert asked == []
        # The same server with somebody to vouch for it: then it is asked.
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
        ASKS[what](address)
        assert asked


def test_a_provider_that_calls_itself_another_is_refused() -> None:
    with answering() as (keys, asked):
        parts = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        said = {"issuer": "https://login.example"} | dict.fromkeys(parts, keys)
        with answering(body=json.dumps(said)) as (address, first):
            sign_in_at(address)
    assert first == ["/.well-known/openid-configuration"]
    assert asked == []
