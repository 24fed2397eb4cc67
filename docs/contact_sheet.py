"""The main journey in every language on one sheet: `make contact-sheet`.

Each row is one page of a telephone 320 pixels wide, each column a language. It is there to be
looked at: does the text fit, does the page run the right way, does any English stand in another?
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from docs.screenshots import IMAGES, demo
from family_voice.language import texts
from tests.browser.conftest import FLAGS, PROGRAM

SHEET = IMAGES / "contact_sheet.jpg"
NARROW, TALL, SHOWN, COLUMN = 320, 640, 820, 220
FEW = 12
ON = "main :is(form button, a).govuk-button:not(.govuk-button--secondary)"
SAID = {
    "en": "She is funny and loves trains.",
    "ar": "هي مرحة وتحب القطارات.",
    "pl": "Jest zabawna i kocha pociągi.",
    "ur": "وہ خوش مزاج ہے اور اسے ٹرینیں پسند ہیں۔",
}
#: With it, the pages behind it show themselves.
WORD = "umbrella"
Picture = tuple[str, bytes]


def parent(page: Page, address: str, language: str) -> Iterator[Picture]:
    """A parent who comes by the open link, says something, sends it and looks at it."""
    said = SAID.get(language, SAID["en"])
    page.goto(f"{address}/share?language={language}")
    yield shot(page, "The open link")
    press(page, "main form button[type=submit]")
    yield shot(page, "Nothing chosen")
    page.check("[name=audience][value=parent_carer]")
    press(page, "main form button[type=submit]")
    for _step in range(24):
        where = urlsplit(page.url).path
        if not page.locator(ON).count():
            break
        yield shot(page, where)
        if page.locator("textarea[name=words]").count():
            page.fill("textarea[name=words]", said)
        for name in names_of_choices(page):
            page.locator(f"[name='{name}']").first.check()
        word = page.locator("main input[name=word]")
        if word.count():
            word.first.fill(WORD)
        press(page, ON)
    yield shot(page, "Sent")
    for path in ("/your-words", "/where-my-words-went", "/take-back", "/privacy", "/nowhere"):
        page.goto(address + path)
        if page.locator("main input[name=return_word]").count():
            page.fill("main input[name=return_word]", WORD)
            press(page, "main form button")
        yield shot(page, path)


def easy_read(page: Page, address: str, language: str) -> Iterator[Picture]:
    """A child with a helper, to the end: the first tile of each screen, and no words."""
    page.goto(f"{address}/share?language={language}")
    page.check("[name=audience][value=child]")
    press(page, "main form button[type=submit]")
    for step in range(40):
        # Six cards are put in their zones on screens that look the same.
        if "card=" not in page.url:
            yield shot(page, f"Easy Read {step + 1}: {urlsplit(page.url).path}")
        on = ON if page.locator(ON).count() else ".fv-tile"
        if not page.locator(on).count() or urlsplit(page.url).path == "/sent":
            break
        word = page.locator("main input[name=word]")
        if word.count():
            word.first.fill(WORD)
        press(page, on)
    for path in ("/last-questions", "/take-back"):
        page.goto(address + path)
        yield shot(page, f"Easy Read: {path}")


def names_of_choices(page: Page) -> list[str]:
    """The questions of a page that are answered by choosing one of several."""
    found: list[str] = page.eval_on_selector_all(
        "main input[type=radio]", "all => [...new Set(all.map(a => a.name))]"
    )
    return found


def press(page: Page, button: str) -> None:
    """Press what leads on."""
    with page.expect_navigation():
        page.locator(button).first.click()


def shot(page: Page, name: str) -> Picture:
    """What the page shows, its first screens."""
    overflows = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if overflows:
        print(f"Wider than the screen: {page.url}")
    picture = page.screenshot(
        clip={"x": 0, "y": 0, "width": NARROW, "height": SHOWN},
        full_page=True, type="jpeg", quality=70, animations="disabled", caret="hide",
    )  # fmt: skip
    return name, picture


def sheet(browser: Browser, columns: dict[str, list[Picture]]) -> bytes:
    """The pictures side by side."""
    rows = zip(*columns.values(), strict=False)
    cells = "".join(
        f"<h2>{row[0][0]}</h2><div>"
        + "".join(
            f'<img src="data:image/jpeg;base64,{base64.b64encode(picture).decode()}">'
            for _name, picture in row
        )
        + "</div>"
        for row in rows
    )
    page = browser.new_page(viewport={"width": COLUMN * len(columns) + 40, "height": 800})
    page.set_content(
        "<style>body{margin:10px;font:14px sans-serif}div{display:flex}"
        "h2{font-size:14px;margin:8px 0}"
        f"img{{width:{COLUMN - 8}px;margin-right:8px;border:1px solid #999}}</style>"
        f"<h1>The main journey: {', '.join(columns)}</h1>{cells}"
    )
    page.wait_for_load_state()
    return page.screenshot(full_page=True, type="jpeg", quality=50)


def main() -> None:
    """Walk the journeys in every language and write the sheet."""
    with demo(FEW) as (address, _handout), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        columns: dict[str, list[Picture]] = {}
        for language in texts.worded():
            pictures: list[Picture] = []
            for journey in (parent, easy_read):
                context = browser.new_context(
                    viewport={"width": NARROW, "height": TALL}, java_script_enabled=True
                )
                context.set_default_timeout(15_000)
                pictures += journey(context.new_page(), address, language.code)
                context.close()
            columns[language.code] = pictures
            print(f"{language.code}: {len(pictures)} pages")
        SHEET.write_bytes(sheet(browser, columns))
        print(f"{SHEET.name} {SHEET.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
