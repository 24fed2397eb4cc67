"""From an invitation to the case pack, one journey a channel, in a Chromium whose scripts are off.

Every page on the way is looked at by axe at two widths and read by html-validate.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from family_voice.people.access import Role
from family_voice.settings import Settings
from tests.browser import steps
from tests.browser.place import Place, a_place
from tests.conftest import Clock, Database

DEB = "+447700900104"

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def place(
    browser: Browser, database: Database, settings: Settings, clock: Clock
) -> Iterator[Place]:
    """Everything that a journey needs."""
    with a_place(browser, database, settings, clock) as here:
        yield here


@on_sqlite
def test_by_web(place: Place) -> None:
    lead = place.staff(Role.LEAD, "Lee Marrowby")
    steps.open_a_round(lead)
    letter = steps.invite_by_letter(lead, "EX-001", "Nadia Example")

    parent = place.visitor()
    steps.begin_on_the_web(parent, letter)
    steps.answer(parent, "She loves trains. Mornings are hard.")
    steps.answer(parent, "Mrs Hall is kind.", "More questions about this, if you like")
    parent.press("Skip this question")
    parent.open("/question/difference.open")
    parent.press("Skip this question")
    steps.answer(parent, "The bus is late every day.")
    steps.answer(parent, "A bus that comes. And a key worker.")
    parent.open("/check-answers")
    parent.page.get_by_text("Keep a sentence from the people who work with us").first.click()
    parent.choose("Mornings are hard.")
    parent.press("This is right, go on")
    parent.fill("Choose a return word", "green kettle")
    parent.press("Send")
    assert "Thank you" in parent.text("h1")
    steps.later_decisions(parent)
    parent.follow("See or change what you told us")
    assert "She loves trains" not in parent.text()
    parent.fill("Your return word", "green kettle")
    parent.press("Continue")
    assert "She loves trains. Mornings are hard." in parent.text()

    steps.code_the_account(lead, "EX-001")
    steps.put_on_the_pack(lead, "EX-001", {"Mrs Hall is kind.": "working_well"})
    panel = place.staff(Role.PANEL, "Ola Bright")
    steps.give_a_seat(lead, "Ola Bright", session=1)
    pack = steps.read_the_pack(panel, "Aaliyah Example")
    assert "Mrs Hall is kind." in pack
    steps.print_a_copy(panel)
    place.findings.none()


@on_postgresql
def test_by_telephone(place: Place) -> None:
    place.a_round()
    lead = place.staff(Role.LEAD, "Lee Marrowby")
    lead.open("/staff/ledger")
    lead.follow("EX-005")
    # Harun is looked after: his social worker says first whom we may approach.
    lead.follow("Talk with them Grace Placeholder")
    assert "Ask the social worker whom we may approach" in lead.text()
    lead.follow("Who decides")
    lead.fill("Who is the social worker that confirmed it?", "Ngozi Faultless")
    lead.choose("Grace Placeholder")
    lead.choose("The council shares it, by a care order")
    lead.press("Write it down")
    lead.follow("Case EX-005")
    lead.follow("Talk with them Grace Placeholder")
    lead.press("Start")  # nothing chosen: asked again
    lead.page.check("[name=way][value=telephone]")
    lead.page.locator("[name=who]").first.check()
    lead.press("Start")
    for purpose in ("talk", "check"):
        lead.page.check(f"[name={purpose}][value=yes]")
    lead.press("Save and go on")
    lead.page.fill("section.fv-notes textarea", "Grace has cared for Harun for two years.")
    for prompt, words in (
        ("working_well-open", "His tutor rings every Friday. He laughs again."),
        ("worries-open", "Nobody says what comes after Easter."),
        ("next-open", "One plan that everybody keeps."),
    ):
        lead.page.fill(f"#{prompt} textarea >> nth=0", words)
    lead.go(lead.page.locator("[name=do][value=save] >> nth=0"))
    assert "Everything is saved." in lead.text()
    lead.go(lead.page.locator("[name=do][value=needs_doing]"))
    lead.fill("What needs doing?", "Ask the school for the timetable.")
    lead.press("Save and go back to the notes")
    lead.follow("Back to the notes")
    lead.go(lead.page.locator("[name=do][value=ending] >> nth=0"))
    for words in ("His tutor rings every Friday.", "He laughs again.", "One plan that everybody"):
        lead.page.get_by_label(words).first.check()  # says beside it that it is summed up by us
    lead.choose("Yes, they say it is right")
    for purpose in ("quote", "count", "contact"):
        lead.page.check(f"[name={purpose}][value=yes]")
    lead.fill("The talk itself", "35")
    lead.press("Finish")
    lead.choose("He laughs again.")
    lead.fill("The short wording", "He laughs again.")
    lead.press("Keep what they said")  # not asked yet: asked once more
    lead.choose("Yes, use it")
    lead.press("Keep what they said")
    assert "They said that it is right." in lead.text()

    steps.code_the_account(lead, "EX-005")
    steps.put_on_the_pack(lead, "EX-005", {"He laughs again.": "working_well"})
    panel = place.staff(Role.PANEL, "Ola Bright")
    steps.give_a_seat(lead, "Ola Bright", session=2)
    pack = steps.read_the_pack(panel, "Harun Model")
    assert "He laughs again." in pack
    assert "timetable" not in pack
    place.findings.none()


@on_sqlite
def test_by_text(place: Place) -> None:
    place.a_round()
    lead = place.staff(Role.LEAD, "Lee Marrowby")
    letter = steps.invite_by_letter(lead, "EX-004", "Deb Specimen")
    lead.open("/staff/ledger")
    lead.follow("EX-004")
    lead.follow("Invite Deb Specimen")
    lead.press("Send the text")
    assert letter.code_word not in lead.text("main")
    [invitation] = place.sent_to(DEB)
    assert letter.code_word not in invitation

    place.text(DEB, letter.code_word)
    for words in ("AGREE", "AGREE", "She signs, and nobody at school signs back.", "NEXT"):
        place.text(DEB, words)
    for words in ("Her TA is learning.", "SKIP", "She is left out at lunch."):
        place.text(DEB, words)
        if words != "SKIP":
            place.text(DEB, "NEXT")
    place.text(DEB, "Signing for the whole class.")
    assert "RIGHT" in place.text(DEB, "NEXT").pop()
    for words in ("RIGHT", "AGREE", "AGREE"):
        place.text(DEB, words)
    assert place.text(DEB, "NO").pop().startswith("Thank you.")

    steps.code_the_account(lead, "EX-004")
    steps.put_on_the_pack(lead, "EX-004", {"Signing for the whole class.": "next.service"})
    panel = place.staff(Role.PANEL, "Ola Bright")
    steps.give_a_seat(lead, "Ola Bright", session=2)
    pack = steps.read_the_pack(panel, "Maisie Specimen")
    assert "Signing for the whole class." in pack
    place.findings.none()
