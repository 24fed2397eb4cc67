"""The demo, made afresh and served, with its lead signed in at a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from family_voice.app import create_app, open_sessions
from family_voice.demo import instance
from family_voice.demo.pages import hand_out
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.serving import serving


@dataclass(frozen=True)
class DemoDesk:
    """Where the lead sits."""

    address: str
    sessions: sessionmaker[Session]
    page: Page


@contextmanager
def demo_desk() -> Iterator[DemoDesk]:
    """Put the demo up with as many families as `make run` does, and take it down again."""
    with TemporaryDirectory(prefix="family-voice-bench-") as name, sync_playwright() as playwright:
        folder = Path(name)
        kept = instance.Kept(folder / "demo.json", "a benchmark's secret key", bytes(range(32)))
        environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
        settings = instance.settings_for(environ, kept, "http://127.0.0.1", 1)
        sessions = open_sessions(settings)
        handout = instance.refresh(
            sessions, settings, kept, seed=1, families=66, now=datetime.now(UTC),
            progress=lambda words: None,
        )  # fmt: skip
        app = create_app(settings, demo=True)
        hand_out(app, handout)
        with serving(lambda _address: app) as address:
            browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
            page = browser.new_page(locale="en-GB")
            page.goto(f"{address}/demo")
            page.locator("form:has(input[value^='lead@']):not(:has([name=to])) button").last.click()
            yield DemoDesk(address, sessions, page)
            browser.close()
        sessions.kw["bind"].dispose()
