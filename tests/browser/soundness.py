"""Looked at on a page beside axe's rules: errors that lead somewhere, words in their boxes."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.checks import axe
from tests.browser.visiting import HEIGHT, NARROW, WIDE, heading_problems, sizes

LOST_ERRORS = """() => {
  const found = [];
  const shown = [...document.querySelectorAll('.govuk-error-message')];
  const summary = document.querySelector('.govuk-error-summary');
  if (!shown.length && !summary) return found;
  if (!/^[^:]+:/.test(document.title.trim())) found.push('the title says nothing of an error');
  if (!summary) return [...found, 'errors without a summary'];
  if (!summary.querySelector('[role=alert]')) found.push('the summary is not announced');
  const controls = 'input:not([type=hidden]), textarea, select, button';
  const described = e => (e.getAttribute('aria-describedby') || '').split(' ');
  for (const link of summary.querySelectorAll('a')) {
    const at = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!at) { found.push(`leads nowhere: ${link.outerHTML}`); continue; }
    if (!at.matches(controls) && !at.querySelector(controls)) {
      found.push(`leads to no field: ${link.outerHTML}`);
    }
  }
  for (const error of shown) {
    if (!error.id) { found.push(`no id: ${error.outerHTML.slice(0, 120)}`); continue; }
    const fields = [...document.querySelectorAll('[aria-describedby]')];
    const told = fields.some(e => described(e).includes(error.id));
    if (!told) found.push(`no field says it: ${error.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""

BURSTING = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode;
    if (!words.textContent.trim()) continue;
    let box = words.parentElement;
    if (box.closest('svg, textarea, select, [hidden], .fv-scroll, .govuk-skip-link')) continue;
    if (box.closest('.govuk-visually-hidden')) continue;
    while (getComputedStyle(box).display.startsWith('inline') && !box.matches('a, button')) {
      box = box.parentElement;
    }
    const room = box.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(words);
    if ([...range.getClientRects()].some(line => line.width && (line.left < room.left - 1 ||
        line.right > room.right + 1 || line.bottom > room.bottom + 4))) {
      found.push(`${words.textContent.trim().slice(0, 80)} in ${box.outerHTML.slice(0, 100)}`);
    }
  }
  return found;
}"""


def lost_errors(page: Page) -> list[str]:
    """Errors that no field is described by, that lead nowhere, or that nobody is told of."""
    return [f"error: {each}" for each in page.evaluate(LOST_ERRORS)]


def bursting(page: Page) -> list[str]:
    """Boxes whose words stand out of them."""
    return [f"out of its box: {each}" for each in page.evaluate(BURSTING)]


def wrong_with(page: Page, widths: tuple[int, ...] = (NARROW, WIDE)) -> list[str]:
    """Everything that is wrong with the page that is open, at each width."""
    found = [*heading_problems(page), *lost_errors(page)]
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        here = [*sizes(page), *axe(page)]
        if width == NARROW:
            here += bursting(page)
        found += [f"at {width}: {each}" for each in here]
    return found
