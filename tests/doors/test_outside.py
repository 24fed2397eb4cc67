"""When whoever the program speaks to is not whom it meant, it sends nothing further."""

from __future__ import annotations

import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from family_voice.messages.gateway import SendRefused, SendUnknown, TryLater
from family_voice.messages.twilio_gateway import TwilioGateway
from family_voice.people.single_sign_on import Provider, ProviderDown, SingleSignOn
from family_voice.settings import Settings
from tests.conftest import KEYS, NOW

Ask = Callable[[str], object]


def text_by(address: str) -> None:
    """Hand a text to the gateway, with Twilio's API at this address."""
    gateway = TwilioGateway(
        Settings(
            database_url="sqlite://",
            secret_key="x" * 40,
            master_keys=KEYS,
            twilio_account_sid="AC" + "0" * 32,
            twilio_auth_token="hush",
            twilio_api_url=address,
        )
    )
    with pytest.raises((SendRefused, SendUnknown, TryLater)):
        gateway.send("+447700900123", "Hello", "reference")


def sign_in_at(address: str) -> None:
    """Begin a sign-in at a provider at this address."""
    with pytest.raises(ProviderDown):
        SingleSignOn(Provider(address, "us", "hush"), "https://here.example/back").way(NOW)


ASKS: dict[str, Ask] = {"text": text_by, "sign-in": sign_in_at}


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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
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
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=3650))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
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
