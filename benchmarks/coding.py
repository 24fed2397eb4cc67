"""Key presses and page loads of coding the demo's longest accounts again, in a real Chromium.

Each account loses its codes and gets the same ones again by keys alone, as its coder would: a code
on offer by its digit, the last of an answer by its letter, which goes on; one that is not on offer
by `/`, the letters that bring it among the ten first, and the digit beside it. Every key counts.

What is on offer follows what the coder put on the demo's other accounts. In the last row they have
coded nothing before: they get the codebook's own order.

How long that is for a person is reckoned with the keystroke-level model (Card, Moran and Newell,
1983): 0.28 s a key for somebody who types 40 words a minute, and 1.35 s to make up one's mind,
once a coding and once an answer. Reading is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlalchemy import select

from benchmarks.demo_desk import DemoDesk, demo_desk
from family_voice.interviews import record
from family_voice.interviews.models import Fragment
from family_voice.themes import coding, forgetting

ACCOUNTS, WORDS = 10, 600
KEY, MIND = 0.28, 1.35
MOST_A_CODING, MOST_SECONDS = 1.3, 120
HEADS = [
    "", "words", "answers", "codings", "keys", "keys a coding", "page loads",
    f"s a {WORDS} words by the model",
]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An account and what was put on each of its answers."""

    interview_id: UUID
    words: int
    codes: Mapping[str, tuple[str, ...]]


@dataclass
class Counted:
    """What coding it took."""

    words: int = 0
    answers: int = 0
    codings: int = 0
    keys: int = 0
    loads: int = 0

    def __add__(self, other: Counted) -> Counted:
        names = ("words", "answers", "codings", "keys", "loads")
        return Counted(*(getattr(self, name) + getattr(other, name) for name in names))

    def row(self, title: str) -> list[str]:
        seconds = self.keys * KEY + (self.codings + self.answers) * MIND
        return [
            title, f"{self.words:,}", str(self.answers), str(self.codings), str(self.keys),
            f"{self.keys / self.codings:.2f}", str(self.loads),
            f"{seconds * WORDS / self.words:.0f}",
        ]  # fmt: skip


def coding_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    with demo_desk() as desk:
        every = sorted(_told(desk), key=lambda each: -each.words)
        told = every[:ACCOUNTS]
        by_letter = [_code(desk, each, letters=True) for each in told]
        by_enter = [_code(desk, each, letters=False) for each in told]
        without = _without_script(desk, told[0])
        for each in every:
            _forget(desk, each)
        first = _code(desk, told[0], letters=True)
    rows = [
        by_letter[0].row("the longest, by keys"),
        by_enter[0].row("the longest, digits and Enter alone"),
        without.row("the longest, pressing buttons without JavaScript"),
        sum(by_letter, Counted()).row(f"the {ACCOUNTS} longest, by keys"),
        sum(by_enter, Counted()).row(f"the {ACCOUNTS} longest, digits and Enter alone"),
    ]
    rows.append(first.row("the longest, by keys, the first account they ever code"))
    return HEADS, [*rows, ["at most", "", "", "", "", str(MOST_A_CODING), "", str(MOST_SECONDS)]]


def _told(desk: DemoDesk) -> Iterator[Told]:
    with desk.sessions() as session:
        for interview_id in session.scalars(select(Fragment.interview_id).distinct()):
            done = coding.coded(session, interview_id)
            answers = record.account(session, interview_id).answers
            if done.codings:
                words = sum(len(answer.text.split()) for answer in answers)
                prompts = [answer.prompt_id for answer in answers]
                put = {prompt: done.codes_on(coding.Unit(prompt)) for prompt in prompts}
                yield Told(interview_id, words, put)


def _begin(desk: DemoDesk, told: Told, page: Page) -> Counted:
    """Take its codes off and open it."""
    _forget(desk, told)
    page.goto(f"{desk.address}/staff/accounts/{told.interview_id}/code")
    codings = sum(len(codes) for codes in told.codes.values())
    return Counted(told.words, len(told.codes), codings, keys=0, loads=1)


def _forget(desk: DemoDesk, told: Told) -> None:
    with desk.sessions.begin() as session:
        forgetting.forget(session, told.interview_id)


def _code(desk: DemoDesk, told: Told, *, letters: bool) -> Counted:
    page = desk.page
    found = _begin(desk, told, page)
    loads: list[str] = []
    page.once("framenavigated", lambda frame: loads.append(frame.url))

    def press(key: str) -> None:
        found.keys += 1
        page.keyboard.press(key)

    for codes in told.codes.values():
        # A person reads the answer now; by then what was pressed before has come back.
        expect(page.locator("#bench[aria-busy=true]")).to_have_count(0)
        answer = page.locator("[data-answer]:focus")
        offered = {
            str(chip.get_attribute("value")): chip
            for chip in answer.locator(".fv-code-list [data-key]").all()
        }
        # What has to be looked for comes first, so that the last goes on by itself.
        for code in (each for each in codes if each not in offered):
            press("/")
            _find(page, code, press)
        here = [code for code in codes if code in offered]
        for code in here:
            goes_on = letters and code == here[-1]
            press(str(offered[code].get_attribute("data-go" if goes_on else "data-key")))
        if not codes:
            press("n")
        elif not (letters and here):
            press("Enter")
    expect(page.locator("#progress")).to_contain_text(f"{found.answers} of {found.answers}")
    expect(page.locator("#finish")).to_be_focused()
    _same(desk, told, page)
    found.loads += len(loads)
    return found


def _find(page: Page, code: str, press: Callable[[str], None]) -> None:
    wanted = page.locator(f"#found-{code}")
    for letter in (wanted.locator("strong").text_content() or "") + " ":
        digit = wanted.locator("kbd").text_content()
        if digit or wanted.get_attribute("aria-selected") == "true":
            break
        press(letter)
    press(digit or "Enter")
    expect(page.locator("#find")).to_be_hidden()


def _without_script(desk: DemoDesk, told: Told) -> Counted:
    """Each button that is pressed counts as a key."""
    browser = desk.page.context.browser
    assert browser
    plain = browser.new_context(
        java_script_enabled=False, storage_state=desk.page.context.storage_state()
    )
    page = plain.new_page()
    found = _begin(desk, told, page)
    for number, codes in enumerate(told.codes.values(), start=1):
        if number > 1:
            page.locator(f"#answer-{number - 1} .fv-go-on").click()
            found.keys += 1
            found.loads += 1
        for code in codes or ("",):
            chip = page.locator(f"#answer-{number} button[name=put][value={code or 'none'}]")
            if not code:
                page.locator(f"#none-{number}").click()
            elif chip.count():
                chip.click()
            else:
                page.locator(f"#more-{number}").select_option(code)
                page.locator(f"#add-{number}").click()
                found.keys += 1
            found.keys += 1
            found.loads += 1
    _same(desk, told, page)
    plain.close()
    return found


def _same(desk: DemoDesk, told: Told, page: Page) -> None:
    """Wait until what was put is kept: the last press may still be on its way."""
    for _time in range(100):
        with desk.sessions() as session:
            done = coding.coded(session, told.interview_id)
        if all(
            set(done.codes_on(coding.Unit(prompt))) == set(codes)
            for prompt, codes in told.codes.items()
        ):
            return
        page.wait_for_timeout(50)
    raise AssertionError("other codes than were put are kept")


if __name__ == "__main__":
    began = datetime.now(UTC)
    heads, rows = coding_table()
    for row in [heads, *rows]:
        print(" | ".join(row))
    print(datetime.now(UTC) - began)
