"""Where the time of a request goes: counted in the process that serves, asked for over HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from sqlalchemy import Engine, event
from twilio.request_validator import RequestValidator

PATH = "/-/phases"


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one request, on average, and how many statements it ran."""

    HEADS: ClassVar = ("signature", "lock", "statements", "commit", "our Python", "all", "number")

    by_phase: dict[str, float]
    requests: int

    def cells(self, name: str) -> list[str]:
        """A row of the table."""
        each = {key: value / self.requests for key, value in self.by_phase.items()}
        known = [each.get(key, 0.0) for key in ("signature", "lock", "statements", "commit")]
        rest = each["all"] - sum(known)
        times = [f"{1000 * value:.1f}" for value in (*known, rest, each["all"])]
        return [name, *times, f"{each['number']:.0f}"]


class Phases:
    """Counts, in whatever process serves the application, where its requests' time goes.

    Args:
        app: the application.
        engine: its engine.
    """

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self.requests = 0
        self._lock = threading.Lock()
        self._wsgi = app.wsgi_app
        app.wsgi_app = self  # type: ignore[method-assign]  # Flask's way to wrap it
        dialect: Any = engine.dialect
        dialect.do_commit = self._timed("commit", dialect.do_commit)
        validator: Any = RequestValidator
        validator.validate = self._timed("signature", validator.validate)
        event.listen(engine, "before_cursor_execute", _begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve, or tell what was counted."""
        if environ["PATH_INFO"] == PATH:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps([dict(self.spent), self.requests]).encode()]
        began = time.perf_counter()
        try:
            return self._wsgi(environ, start_response)
        finally:
            self._add("all", time.perf_counter() - began)
            with self._lock:
                self.requests += 1

    def _timed(self, phase: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*given)
            finally:
                self._add(phase, time.perf_counter() - began)

        return timed

    def _end(self, *given: Any) -> None:
        _connection, _cursor, statement, _parameters, context, _many = given
        phase = "lock" if statement.startswith("BEGIN") else "statements"
        if statement.rstrip().endswith("FOR UPDATE"):
            phase = "lock"
        self._add(phase, time.perf_counter() - context.began)
        self._add("number", 1)

    def _add(self, phase: str, seconds: float) -> None:
        with self._lock:
            self.spent[phase] += seconds


def _begin(*given: Any) -> None:
    given[4].began = time.perf_counter()


def ask(port: int, _phases: Phases) -> Spent:
    """What the serving process has counted."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", PATH)
    by_phase, requests = json.loads(connection.getresponse().read())
    connection.close()
    return Spent(by_phase, requests)
