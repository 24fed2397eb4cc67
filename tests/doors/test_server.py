"""The server that serves the real one, spoken to in raw bytes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.browser.serving import serving

BODY = b"a=1"
SMUGGLED = b"GET /staff/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 3\r\nContent-Length: 40\r\n",
        b"Content-Length: +3\r\n",
        b"Content-Length: 3, 3\r\n",
        b"Transfer-Encoding: gzip, chunked, x\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
def test_a_request_with_two_lengths_is_refused(app: Flask, lines: bytes) -> None:
    with serving(lambda _address: app) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as wire:
            wire.sendall(
                b"POST /code HTTP/1.1\r\nHost: localhost\r\n" + lines + b"\r\n" + BODY + SMUGGLED
            )
            answer = wire.makefile("rb").read()
    assert answer.split()[1] in {b"400", b"501"}
    assert answer.count(b"HTTP/1.1 ") == 1


def test_the_answer_does_not_name_what_serves_it(app: Flask) -> None:
    with serving(lambda _address: app) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as wire:
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = wire.makefile("rb").read().lower()
    for name in (b"waitress", b"werkzeug", b"python", b"x-powered-by"):
        assert name not in answer
