"""One case of the demo from its invitation to its codes, worked as a lead works it: what it takes.

A script presses what a lead presses, in a real Chromium with the page's own scripts, and counts
pages, presses, letters typed, words read and words said aloud, by the step that the costs page
counts. The minutes follow from the paces below, which are assumed and not measured. It counts the
least that it can take: somebody who knows the pages, makes no mistake and is never interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from playwright.sync_api import Locator, Page

from benchmarks.demo_desk import DemoDesk, demo_desk
from family_voice.cases.contact_plan import contact_plan
from family_voice.cases.reaching import Step
from family_voice.cases.reading import CaseView, PersonLine, round_ledger
from family_voice.cases.ringing import Why
from family_voice.cases.rounds import current_round
from family_voice.web.staff.drawing import MINUTES_TODAY, MINUTES_WANTED

# The paces. A press is a look, a decision and a move of the hand (Card, Moran and Newell's
# keystroke-level model: 1.35 + 1.1 + 0.2 s); the others are slow ones for office work.
A_PAGE, A_PRESS = 8.0, 2.65
TYPED, READ, ALOUD = 200 / 60, 200 / 60, 150 / 60  # letters, words and words a second
AN_ANSWER = 10.0  # until they have said yes or no
A_CODE = 20.0  # to think about one answer
#: Away from the screen: one call that nobody takes, and getting to the talk in the one they take.
RINGING: Final = {Step.CALL: 2 * 60 + 60}
#: What takes longer the more was said.
GROWS: Final = (Step.WRITE_UP, Step.CODE)

SAID: Final = {
    "important.open": "He loves the allotment. He gets up early for it, even in the rain.",
    "working_well.open": "His tutor rings every Friday. He laughs again when she has rung.",
    "worries.open": "Nobody says what comes after Easter. I lie awake because of it.",
    "next.open": "One plan that everybody keeps. And somebody who tells us when it changes.",
}
NOTES = "The bus is late twice a week. The club on Tuesdays is the best hour. Nobody rang in May."
WRITTEN_UP = "She means the school bus that the council books, not the one of the club. "
PLAN = "/staff/contact-plan"
WORDING = "One plan that everybody keeps."


@dataclass
class Effort:
    """What one step took."""

    pages: int = 0
    presses: int = 0
    typed: int = 0
    read: int = 0
    aloud: int = 0
    pauses: float = 0.0

    @property
    def minutes(self) -> float:
        """By the paces above."""
        at_the_screen = self.pages * A_PAGE + self.presses * A_PRESS + self.typed / TYPED
        return (at_the_screen + self.read / READ + self.aloud / ALOUD + self.pauses) / 60


class Hand:
    """A lead's hand, and what it did at each step."""

    def __init__(self, desk: DemoDesk) -> None:
        self.desk, self.page = desk, desk.page
        self.took: dict[Step, Effort] = {}
        self.step = Step.INVITE

    @property
    def now(self) -> Effort:
        """What the present step has taken so far."""
        return self.took.setdefault(self.step, Effort())

    def press(self, what: Locator) -> None:
        """Press something that stays on the page."""
        self.now.presses += 1
        what.click()

    def go(self, what: Locator) -> None:
        """Press something that leads to another page."""
        self.now.pages += 1
        with self.page.expect_navigation():
            self.press(what)

    def link(self, words: str) -> Locator:
        """A link by its words."""
        return self.page.get_by_role("link", name=words).first

    def button(self, words: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=words, exact=True).first

    def write(self, where: str | Locator, words: str) -> None:
        """Type into a box, after pressing it."""
        self.now.typed += len(words)
        box = self.page.locator(where).first if isinstance(where, str) else where
        self.press(box)
        self.page.keyboard.type(words)

    def reads(self, selector: str) -> None:
        """Read what stands there."""
        self.now.read += _words(self.page, selector)

    def says(self, selector: str) -> None:
        """Read out what stands there."""
        self.now.aloud += _words(self.page, selector)

    def choose(self, name: str, value: str) -> None:
        """Ask them something, and tick what they say."""
        self.now.pauses += AN_ANSWER
        self.press(self.page.locator(f"label[for='{self._id(name, value)}']"))

    def _id(self, name: str, value: str) -> str:
        chosen = self.page.locator(f"[name='{name}'][value='{value}']").first
        return str(chosen.get_attribute("id"))


def one_case_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    with demo_desk() as desk:
        case, line = _somebody(desk)
        hand = Hand(desk)
        _invite(hand, case, line)
        _get_hold(hand, line)
        _talk(hand)
        _write_up(hand)
        _read_back(hand)
        _code(hand)
    beyond = Effort()
    rows = []
    for step in (Step.INVITE, Step.CALL, Step.WRITE_UP, Step.READ_BACK, Step.CODE):
        did = hand.took[step]
        did.pauses += RINGING.get(step, 0)
        for name, value in vars(did).items():
            setattr(beyond, name, getattr(beyond, name) + value)
        rows.append(_row(step.value.replace("_", " "), did))
    rows.append(_row("Beyond the talk", beyond))
    longer = beyond.minutes + 3 * sum(hand.took[each].minutes for each in GROWS)
    for name, minutes in (
        ("The same at half the pace", 2 * beyond.minutes),
        ("Four times as much said", longer),
        ("Four times as much said, at half the pace", 2 * longer),
        ("The aim", MINUTES_WANTED),
        ("The estimate of today's way", MINUTES_TODAY),
    ):
        rows.append([name, "", "", "", "", "", f"{minutes:.0f}"])
    rows.append(_row("In the talk itself, apart: permission and notes", hand.took[Step.TALK]))
    heads = ["", "pages", "presses", "letters typed", "words read", "words said aloud", "minutes"]
    return heads, rows


def _row(name: str, did: Effort) -> list[str]:
    counted = [did.pages, did.presses, did.typed, did.read, did.aloud]
    return [name, *map(str, counted), f"{did.minutes:.1f}"]


def _words(page: Page, selector: str) -> int:
    return sum(len(text.split()) for text in page.locator(selector).all_inner_texts())


def _somebody(desk: DemoDesk) -> tuple[CaseView, PersonLine]:
    """Somebody of this term who is to be rung, and of whose family nobody has been heard."""
    now = datetime.now(UTC)
    with desk.sessions() as session:
        term = current_round(session, now.date())
        plan = contact_plan(round_ledger(session, term.id, now), now) if term else None
        for call in (*plan.now, *plan.later) if plan else ():
            who, contact = call.line, call.line.person.facts.contact
            invitable = not (who.ask.represented or who.said_no)
            if call.why is Why.NOT_HEARD and invitable and contact.language == "en":
                return call.case, who
    raise LookupError("the demo has nobody left to ask")


def _invite(hand: Hand, case: CaseView, line: PersonLine) -> None:
    hand.now.pages += 1
    hand.page.goto(f"{hand.desk.address}/staff/ledger")
    hand.go(hand.link(case.reference))
    hand.reads(".fv-case-facts")
    hand.reads(f".fv-speakers li:has(h3:has-text('{line.person.facts.name}'))")
    hand.go(hand.link(f"Invite {line.person.facts.name}"))
    hand.reads("main form:last-of-type, main blockquote")
    hand.go(hand.button("Send the text"))


def _get_hold(hand: Hand, line: PersonLine) -> None:
    """Rung once in vain, once with success."""
    hand.step = Step.CALL
    name = line.person.facts.name
    hand.now.pages += 1
    for call in range(2):
        hand.page.goto(f"{hand.desk.address}{PLAN}")
        card = hand.page.locator(f"article.fv-call:has(h3:has-text('{name}'))").first
        hand.now.read += len(card.inner_text().split())
        if call == 0:
            hand.go(card.get_by_role("button", name="No answer").first)
    hand.go(card.get_by_role("link", name="Open the call pad").first)
    hand.reads("main dl")
    for chosen in ("[name=way][value=telephone]", "[name=who][value=alone]"):
        hand.press(hand.page.locator(chosen))
    hand.go(hand.button("Start"))


def _talk(hand: Hand) -> None:
    """Permission, and the notes that are typed while they talk."""
    hand.step = Step.TALK
    hand.says("blockquote")
    for purpose in ("talk", "check"):
        hand.choose(purpose, "yes")
    hand.go(hand.button("Save and go on"))
    for prompt, words in SAID.items():
        hand.write(f"#{prompt.replace('.', '-')} textarea", words)
    hand.write(".fv-notes textarea", NOTES)


def _write_up(hand: Hand) -> None:
    """What was left unclear, and the free notes sorted onto the questions by keyboard."""
    hand.step = Step.WRITE_UP
    hand.now.read += len(" ".join([*SAID.values(), NOTES]).split())
    hand.write("#worries-open textarea", WRITTEN_UP)
    hand.go(hand.page.locator("[value=sort]"))
    for at, sign in enumerate(("3a", "2a", "3a")):
        hand.page.locator("select").nth(at).focus()
        hand.now.typed += len(sign) + 1
        hand.page.keyboard.type(sign)
    hand.go(hand.button("Put them there"))


def _read_back(hand: Hand) -> None:
    """Three sentences, their yes, three decisions, one quote."""
    hand.step = Step.READ_BACK
    hand.go(hand.page.locator("[value=ending]").first)
    for words in ("His tutor rings every Friday.", "Nobody says what comes", WORDING):
        label = hand.page.locator(".fv-choose__one label", has_text=words)
        hand.now.aloud += len(label.inner_text().split())
        hand.press(label)
    hand.choose("right", "yes")
    for purpose in ("quote", "count", "contact"):
        hand.says(f".fv-permission:has([name={purpose}]) blockquote")
        hand.choose(purpose, "yes")
    hand.choose("hear_back", "text")
    hand.press(hand.page.locator("[name=write_up]"))
    hand.page.keyboard.type("3")
    hand.go(hand.button("Finish"))
    hand.press(hand.page.locator(".fv-choose__one label", has_text=WORDING))
    hand.write("[name=words]", WORDING)
    hand.now.aloud += len(WORDING.split())
    hand.choose("said", "approved")
    hand.go(hand.button("Keep what they said"))


def _code(hand: Hand) -> None:
    """A code on each answer, by key."""
    hand.step = Step.CODE
    hand.go(hand.link("To the case"))
    hand.go(hand.link("Put codes on it"))
    answers = hand.page.locator("[data-answer]")
    for at in range(answers.count()):
        answer = answers.nth(at)
        hand.now.read += len(answer.locator(".fv-told-lines").inner_text().split())
        hand.now.pauses += A_CODE
        hand.now.presses += 2
        answer.focus()
        with hand.page.expect_response(lambda came: came.request.method == "POST"):
            hand.page.keyboard.press("1")
    hand.press(hand.page.locator("[name='done-took']"))
    hand.go(hand.button("I am done"))
