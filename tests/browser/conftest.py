"""One Chromium for all browser tests; each test opens contexts of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import serving

#: Debian's Chromium: rather the one without a window, which spends no time on bars and menus.
DEBIANS = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
#: What Playwright starts; its own where Debian's is not installed.
PROGRAM = next((str(each) for each in DEBIANS if each.is_file()), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, Playwright's own elsewhere."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an app on a free port of this machine for one test, and gives its address."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(lambda _address: app))
