"""From the open door to the first question, in any language and any wording."""

from __future__ import annotations

from playwright.sync_api import Page

FIRST = "/question/important.open"
#: Before the first question: the door, a code, the welcome, who helps, two decisions.
MOST_PAGES = 10


def to_the_first_question(
    page: Page, address: str, audience: str = "parent_carer", language: str = "en"
) -> str:
    """Say yes to whatever is asked until the first question stands there.

    Args:
        page: whose sitting it will be.
        address: of the application, with the languages on offer.
        audience: as the open door calls it.
        language: as `?language=` calls it.

    Returns:
        The question's address.
    """
    page.goto(f"{address}/share?language={language}")
    page.locator(f"[name=audience][value={audience}]").check()
    for _page in range(MOST_PAGES):
        yes = page.locator("main [value=yes]")
        if yes.count() and yes.first.get_attribute("type") == "radio":
            yes.first.check()
        forward = "main button.fv-tile, main .govuk-button:not(.govuk-button--secondary)"
        with page.expect_navigation():
            page.locator(forward).first.click()
        if page.url.endswith(FIRST):
            return page.url
    raise AssertionError(f"no question came; the last page is {page.url}: {page.title()}")
