"""What the lead, a parent and a panel member do on the pages, button by button."""

from __future__ import annotations

import re
from dataclasses import dataclass

from family_voice.cases.caseload import EXAMPLE
from tests.browser.visiting import Visitor


@dataclass(frozen=True)
class Letter:
    """What somebody reads off a letter."""

    link: str
    code: str
    code_word: str


def fill_day(visitor: Visitor, name: str, day: int, month: int, year: int) -> None:
    """Write a date into its three boxes."""
    for part, value in (("day", day), ("month", month), ("year", year)):
        visitor.page.fill(f"[name={name}-{part}]", str(value))


def open_a_round(lead: Visitor) -> None:
    """First with nothing filled in, then with the example file."""
    lead.follow("Open a round")
    lead.press("Open the round")
    lead.fill("What is this round called?", "Autumn 2026")
    lead.choose("Year 6")
    fill_day(lead, "session_1", 9, 12, 2026)
    fill_day(lead, "session_2", 16, 12, 2026)
    lead.page.set_input_files("[name=cases]", files=[str(EXAMPLE)])
    lead.press("Open the round")
    assert lead.path.endswith("/opened")
    lead.follow("Go to the ledger")
    assert "0 of 6 heard" in lead.text()


def invite_by_letter(lead: Visitor, reference: str, name: str) -> Letter:
    """From the ledger to a letter, and what stands on it."""
    lead.open("/staff/ledger")
    lead.follow(reference)
    lead.follow(f"Invite {name}")
    lead.press("Make the letter")
    assert not lead.page.get_by_role("button", name="Print the letter").count()  # scripts are off
    return Letter(
        link=lead.text(".fv-letter__link"),
        code=lead.text(".fv-letter__code"),
        code_word=lead.text(".fv-letter__word"),
    )


def code_the_account(lead: Visitor, reference: str) -> None:
    """Put a code on, undo it, put it on again, and say that one is done."""
    lead.open("/staff/accounts/to-code")
    lead.go(lead.page.get_by_role("link", name=re.compile(f"^Start coding {reference}")))
    put_on = "details[open] button[name=put] >> nth=0"
    for button in (put_on, "#undo", put_on):
        lead.go(lead.page.locator(button))
    assert lead.page.locator("button[aria-pressed=true]").count() == 1
    lead.press("I am done")


def put_on_the_pack(lead: Visitor, reference: str, places: dict[str, str]) -> None:
    """Choose for each sentence the question under which it stands."""
    lead.open("/staff/ledger")
    lead.follow(reference)
    lead.open(f"{lead.path.partition('?')[0]}/pack")
    for sentence, place in places.items():
        lead.page.get_by_label(sentence).select_option(place)
    lead.press("Keep these sentences")


def give_a_seat(lead: Visitor, name: str, session: int) -> None:
    """Seat somebody at a session of the round in view."""
    lead.open("/staff/ledger")
    round_page = lead.page.get_by_role("link", name="Add cases from a file").get_attribute("href")
    assert round_page
    lead.open(round_page.removesuffix("/cases") + "/panel")
    lead.go(lead.page.get_by_role("link", name=name).nth(session - 1))
    lead.page.locator("[name=role]").first.check()
    lead.press("Save this seat")


def read_the_pack(reader: Visitor, child: str) -> str:
    """What a panel member reads of a child's pack."""
    reader.open("/panel/")
    reader.follow(child)
    return reader.text("main")


def print_a_copy(reader: Visitor) -> None:
    """A copy with a number, for the reader."""
    reader.follow("Make a printed copy")
    reader.page.locator("[name=made_for]").first.check()
    reader.press("Make the copy")
    assert "Copy 1" in reader.text(".fv-copy__line")
    reader.open(reader.path.rpartition("/")[0])
    reader.press("I have destroyed copy 1")


def begin_on_the_web(parent: Visitor, letter: Letter) -> None:
    """Follow the link, and say yes to both decisions."""
    parent.open(letter.link)
    assert parent.path == "/welcome"
    parent.press("Start")
    parent.press("Continue")  # nothing chosen yet: asked once more
    for _decision in range(2):
        parent.page.check("[name=answer][value=yes]")
        parent.press("Continue")
    assert parent.path == "/question/important.open"


def answer(parent: Visitor, words: str, button: str = "Continue") -> None:
    """Write into the one box of a question."""
    parent.page.fill("[name=words]", words)
    parent.press(button)


def later_decisions(parent: Visitor) -> None:
    """The four last questions: all yes, and to hear by text."""
    parent.follow("Four last questions")
    for purpose in ("quote", "count", "contact"):
        parent.page.check(f"[name={purpose}][value=yes]")
    parent.page.check("[name=hear_back][value=text]")
    parent.press("Save")
