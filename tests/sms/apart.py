"""The stand-in in a process of its own: what it answers costs our processes nothing, and they can
be killed without it. What happens there is asked for over a pipe.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from tests.sms.stand_in import StandIn, a_server


@dataclass
class Apart:
    """Whoever holds this asks the other process for something, and waits until it is done."""

    url: str
    _connection: Connection
    _lock: threading.Lock

    def ask(self, name: str, *given: Any) -> Any:
        """What the desk's method of that name gives. Raises what it raised."""
        with self._lock:
            self._connection.send((name, given))
            answer = self._connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextmanager
def apart(make: Callable[[StandIn], Any], account: StandIn) -> Iterator[Apart]:
    """Serve the account in a forked process until the end.

    Args:
        make: makes the desk, over there: the object whose methods may be asked for.
        account: as it is at first. Its clock must say the same in every process.
    """
    server = a_server(account)
    ours, theirs = Pipe()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            threading.Thread(target=server.serve_forever, daemon=True).start()
            _answer(theirs, make(account))
        finally:
            os._exit(0)
    theirs.close()
    server.socket.close()
    try:
        yield Apart(account.url, ours, threading.Lock())
    finally:
        ours.close()
        os.waitpid(child, 0)


def _answer(connection: Connection, desk: Any) -> None:
    while True:
        try:
            name, given = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(getattr(desk, name)(*given))
        except Exception as trouble:
            connection.send(trouble)
