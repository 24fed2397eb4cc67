"""The application as it is served, in processes of their own that can be killed and begun anew.

Everything is imported and every template compiled once, here; a process that serves is a fork of
this one, so a kill and a fresh start cost milliseconds. The listening socket is ours and outlives
them all: who knocks while nobody serves is served by the next.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import waitress
from flask import Flask, g

from family_voice.app import create_app
from family_voice.people.access import ROUTES, Door
from family_voice.people.accounts import StaffMember
from family_voice.settings import Settings
from family_voice.storage.locking import fetch
from family_voice.web.services import db
from family_voice.web.staff.sign_in import sign_in_for_demo
from tests.conftest import COMPILED_TEMPLATES, NOW

THREADS = 8
_BEGAN = time.monotonic()


def ticking() -> datetime:
    """A Wednesday morning in term that goes on at the pace of the day."""
    return NOW + timedelta(seconds=time.monotonic() - _BEGAN)


@dataclass
class Server:
    """Processes that serve one application on one port."""

    app: Flask
    listening: socket.socket
    processes: list[int] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it is reached."""
        return int(self.listening.getsockname()[1])

    def start(self, processes: int = 1) -> None:
        """Begin to serve, by so many more processes."""
        for _ in range(processes):
            child = os.fork()
            if child == 0:
                self._serve()
            self.processes.append(child)

    def kill(self) -> None:
        """SIGKILL to every one of them; returns when they are gone."""
        for process in self.processes:
            os.kill(process, signal.SIGKILL)
        for process in self.processes:
            os.waitpid(process, 0)
        self.processes.clear()

    def _serve(self) -> None:
        try:
            logging.disable(logging.CRITICAL)
            waitress.serve(
                self.app, sockets=[self.listening], threads=THREADS, ident=None, _quiet=True
            )
        finally:
            os._exit(1)


@contextmanager
def serving(
    settings: Settings, processes: int = 1, clock: Callable[[], datetime] = ticking
) -> Iterator[Server]:
    """Serve the application until the end.

    Args:
        settings: the installation's.
        processes: how many serve it at first.
        clock: the application's.
    """
    with (
        an_app(settings, clock) as app,
        socket.create_server(("127.0.0.1", 0), backlog=256) as listening,
    ):
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(WARMED)):
            app.jinja_env.get_template(name)
        server = Server(app, listening)
        try:
            server.start(processes)
            yield server
        finally:
            server.kill()


WARMED = ("family/", "layout/", "shared/", "errors/", "staff/", "panel/", "govuk_frontend_jinja/")


@contextmanager
def an_app(settings: Settings, clock: Callable[[], datetime] = ticking) -> Iterator[Flask]:
    """The application, with one more way in for made-up staff: `POST /proof/sign-in/<id>`.

    Its connections are let go of at the end, and the way in is off the access table again.
    """
    app = create_app(settings, demo=True, clock=clock)
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES

    def enter(staff_id: UUID) -> str:
        g.form_checked = True
        sign_in_for_demo(fetch(db(), StaffMember, staff_id))
        return "in"

    app.add_url_rule(SIGN_IN + "<uuid:staff_id>", "proof_sign_in", enter, methods=["POST"])
    bind: Any = app.extensions["family_voice"].sessions.kw["bind"]
    with pytest.MonkeyPatch.context() as patch:
        # The access table knows every route; this one exists only here.
        patch.setitem(ROUTES, "proof_sign_in", Door.DEMO)
        yield app
    bind.dispose()


SIGN_IN = "/proof/sign-in/"
