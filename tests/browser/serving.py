"""An application behind the server that serves the real one, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

THREADS = 4


@contextmanager
def serving(make: Callable[[str], Flask]) -> Iterator[str]:
    """Serve an application that may want to know its own address.

    Args:
        make: gives the application, told where it will be reached.

    Yields:
        That address.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    open_ones: dict[int, Any] = {}
    server = create_server(
        make(address), sockets=[listening], map=open_ones, threads=THREADS, ident=None
    )
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.2, map=open_ones, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(open_ones)
