"""Pictures of the real application for the README: `python -m docs.screenshots`.

The demo is made with seed 7 as on a Wednesday in November, served on a free port, and photographed
in Chromium. Nothing is retouched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from family_voice import worker
from family_voice.app import create_app, open_sessions
from family_voice.demo import instance
from family_voice.demo.elsewhere import TWIN
from family_voice.demo.handout import Handout
from family_voice.demo.pages import hand_out
from tests.browser.conftest import FLAGS, PROGRAM
from tests.browser.serving import serving

IMAGES = Path(__file__).parent / "images"
SEED, FAMILIES = 7, 66
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
LARGEST = 240 * 1024
DESK, PHONE = ViewportSize(width=1280, height=880), ViewportSize(width=390, height=800)


@contextmanager
def demo(families: int = FAMILIES) -> Iterator[tuple[str, Handout]]:
    """The demo, served from a database of its own."""
    with TemporaryDirectory(prefix="family-voice-pictures-") as folder:
        kept = instance.Kept(Path(folder) / "demo.json", "pictures " * 5, bytes(range(32)))
        environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
        made: list[Handout] = []
        began = time.monotonic()

        def clock() -> datetime:
            return NOW + timedelta(seconds=time.monotonic() - began)

        def make(address: str) -> Flask:
            settings = instance.settings_for(environ, kept, address, SEED)
            sessions = open_sessions(settings)
            handout = instance.refresh(
                sessions, settings, kept, seed=SEED, families=families, now=NOW,
                progress=print,
            )  # fmt: skip
            made.append(handout)
            app = create_app(settings, demo=True, clock=clock)
            gateway = worker.gateway_for(settings)
            hand_out(app, handout, lambda: worker.turn(sessions, settings, gateway, clock))
            return app

        with serving(make) as address:
            yield address, made[0]


class Camera:
    """Opens browsers on the demo and keeps what they show."""

    def __init__(self, browser: Browser, address: str, handout: Handout) -> None:
        self._browser = browser
        self.address = address
        self.handout = handout

    def at_a_desk(self, role: str, to: str = "") -> Page:
        """A page of somebody with a role, by the demo's one-press sign-in."""
        page = self._browser.new_page(viewport=DESK, locale="en-GB")
        page.goto(f"{self.address}/demo")
        staff = next(each for each in self.handout.staff if each.role == role)
        where = f":has([name=to][value={to}])" if to else ":not(:has([name=to]))"
        self.press(page, f"form:has(input[value='{staff.email}']){where} button")
        return page

    def on_a_phone(self) -> Page:
        """A page on a small telephone with a sharp screen."""
        return self._browser.new_page(viewport=PHONE, device_scale_factor=2, locale="en-GB")

    def press(self, page: Page, button: str) -> None:
        """Press what leads to another page."""
        with page.expect_navigation():
            page.locator(button).first.click()

    def keep(self, page: Page, name: str, part: str = "") -> None:
        """Put what the page shows, or one whole part of it, into a file."""
        what = page.locator(part) if part else page
        picture = what.screenshot(animations="disabled", caret="hide")
        assert len(picture) <= LARGEST, f"{name}: {len(picture):,} bytes"
        (IMAGES / f"{name}.png").write_bytes(picture)
        print(f"{name}.png {len(picture):,} bytes")
        page.context.close()


def ledger(camera: Camera) -> None:
    """The lead's ledger of the round."""
    camera.keep(camera.at_a_desk("coproduction_lead"), "ledger")


def link(camera: Camera) -> None:
    """An account beside the case that it may be about: a twin's, which it is not."""
    page = camera.at_a_desk("coproduction_lead", "linking")
    camera.press(page, f"main tbody tr:has-text('{TWIN}') a")
    page.set_viewport_size({"width": 1280, "height": 1240})
    camera.keep(page, "link")


def pack(camera: Camera) -> None:
    """One side of A4."""
    camera.keep(camera.at_a_desk("send_lead", "pack"), "pack", ".fv-side")


def call_pad(camera: Camera) -> None:
    """The call pad, with what the family had written on the web."""
    page = camera.at_a_desk("coproduction_lead", "call")
    page.locator("[name=way]").first.check()
    page.locator("[name=who]").first.check()
    camera.press(page, "main form button.govuk-button")
    if page.url.partition("?")[0].endswith("permission"):
        camera.press(page, "main form button.govuk-button")
    camera.keep(page, "call_pad")


def coding(camera: Camera) -> None:
    """Codes on an account."""
    page = camera.at_a_desk("coproduction_lead")
    page.goto(f"{camera.address}/staff/accounts/to-code")
    camera.press(page, "main table a[href*='/code']")
    camera.keep(page, "coding")


def forum(camera: Camera) -> None:
    """What the forum sees."""
    camera.keep(camera.at_a_desk("forum_member"), "forum")


def question(camera: Camera) -> None:
    """The first question, for the family that has just agreed to talk, by text."""
    page = camera.on_a_phone()
    page.goto(str(camera.handout.newest[-1].link))
    camera.press(page, "main form button")
    page.fill("[name=words]", "She is funny, and she loves trains. Mornings are the hard part.")
    camera.keep(page, "question")


def easy_read(camera: Camera) -> None:
    """A card of the Easy Read sort, for a child with a helper."""
    page = camera.on_a_phone()
    page.goto(f"{camera.address}/share")
    page.check("[value=child]")
    camera.press(page, "main form button")
    camera.press(page, "main a.govuk-button")
    camera.press(page, "main form button")
    for _decision in range(2):
        camera.press(page, "main form button:has-text('Yes')")
    page.goto(f"{camera.address}/question/working_well.open")
    camera.press(page, "main form button:has-text('Yes')")
    camera.keep(page, "easy_read")


def phone(camera: Camera) -> None:
    """The pretend phone, after the code word and a first decision."""
    page = camera.on_a_phone()
    page.goto(f"{camera.address}/demo/phone/1")
    for words in (camera.handout.newest[-1].code_word or "", "AGREE", "AGREE"):
        page.fill("#body", words)
        camera.press(page, ".fv-phone__write button")
    camera.keep(page, "phone", ".fv-phone")


PICTURES: tuple[Callable[[Camera], None], ...] = (
    ledger, link, pack, coding, forum, call_pad, phone, question, easy_read,
)  # fmt: skip


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(exist_ok=True)
    with demo() as (address, handout), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        camera = Camera(browser, address, handout)
        for take in PICTURES:
            take(camera)
        browser.close()


if __name__ == "__main__":
    main()
