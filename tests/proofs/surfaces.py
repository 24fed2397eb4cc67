"""Places where several people, or one person in two tabs, may write over each other.

A surface says how its page is opened and saved. `Book` keeps what was acknowledged and what each
writer had before their eyes, and so knows whether anything was written over unseen.
"""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from uuid import UUID

from werkzeug.datastructures import MultiDict

from tests.proofs.wire import Answer, Wire

VALUE = re.compile(r"Kept by \d+, number \d+\.")
Fields = MultiDict[str, str]


@dataclass
class Book:
    """What was acknowledged on one surface, over what, and how often a page broke its promise."""

    kept: list[tuple[frozenset[str], str]] = field(default_factory=list)
    shown: int = 0
    broken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lost(self, standing: str) -> int:
        """How many acknowledged texts neither stand nor were seen by whoever wrote over them."""
        seen: set[str] = set().union(*(over for over, _ in self.kept))
        gone = sum(value not in seen and value not in standing for _, value in self.kept)
        return gone + self.broken


@dataclass
class Page:
    """One open copy of a surface's page: what its writer has seen, and its form."""

    fields: Fields
    seen: frozenset[str]


class Surface(ABC):
    """One place to write in, at one address."""

    def __init__(self, path: str, part: str = "") -> None:
        """A place at an address; `part` names the one box of several."""
        self.path, self.part, self.book = path, part, Book()

    @abstractmethod
    def form(self, wire: Wire) -> Fields:
        """The form of the page in the browser."""

    @abstractmethod
    def fill(self, fields: Fields, value: str, again: bool) -> None:
        """Type a text into it; `again` where both versions are on the page already."""

    def open(self, wire: Wire) -> Page:
        """Open the page in a browser."""
        wire.open(self.path)
        return Page(self.form(wire), frozenset(VALUE.findall(wire.html)))

    def save(self, wire: Wire, page: Page, value: str, again: bool = False) -> Page | None:
        """Save a text from a page; the page with both versions, or None if it was kept."""
        fields = MultiDict(page.fields)
        self.fill(fields, value, again)
        answer = wire.post(self.path, fields.items(multi=True))
        with self.book.lock:
            if answer is not None and 300 <= answer.status < 400:
                self.book.kept.append((page.seen, value))
                page.seen |= {value}
                return None
            found = frozenset(VALUE.findall(answer.html)) if answer is not None else frozenset()
            if answer is None or answer.status >= 500 or value not in found or len(found) < 2:
                self.book.broken += 1
                return None
            self.book.shown += 1
        return self._both(wire, answer, found | page.seen)

    def _both(self, wire: Wire, answer: Answer, seen: frozenset[str]) -> Page:
        wire.status, wire.html, wire.path = answer.status, answer.html, self.path
        return Page(self.form(wire), seen)


class Question(Surface):
    """A family's answer."""

    def form(self, wire: Wire) -> Fields:
        return wire.fields("words")

    def fill(self, fields: Fields, value: str, again: bool) -> None:
        fields["words"], fields["go"] = value, "this" if again else "next"


class Contact(Surface):
    """How somebody may be reached."""

    def form(self, wire: Wire) -> Fields:
        return wire.fields("version")

    def fill(self, fields: Fields, value: str, again: bool) -> None:
        fields["safe_how"] = value


class Views(Surface):
    """One agency's line of the professionals' views."""

    def form(self, wire: Wire) -> Fields:
        return wire.fields(self.part)

    def fill(self, fields: Fields, value: str, again: bool) -> None:
        fields[self.part] = value


class Notes(Surface):
    """One note of the call pad."""

    def form(self, wire: Wire) -> Fields:
        return wire.fields("note[]")

    def fill(self, fields: Fields, value: str, again: bool) -> None:
        key = next(
            each for each in fields.getlist("note[]") if fields[f"n.{each}.prompt"] == self.part
        )
        fields[f"n.{key}.words"], fields["do"] = value, "save"
        if again:
            fields[f"n.{key}.choose"] = "mine"


@dataclass
class Codes:
    """An account's codes: every writer has one of their own, and puts it on or takes it off."""

    interview_id: UUID
    prompt_id: str

    @property
    def path(self) -> str:
        return f"/staff/accounts/{self.interview_id}/code"

    def press(self, wire: Wire, code: str, on: bool) -> bool:
        """Whether it was acknowledged."""
        fields = wire.open(self.path).fields("csrf_token")
        pressed = {"put" if on else "take_off": code, "prompt": self.prompt_id}
        answer = wire.post(self.path, [("csrf_token", fields["csrf_token"]), *pressed.items()])
        return answer is not None and 300 <= answer.status < 400


@dataclass
class Pack:
    """A case pack's sentences: every writer has one of their own, and moves it about."""

    path: str

    def place(self, wire: Wire, sentence_id: UUID, place: str) -> bool:
        """Whether it was acknowledged, on a page that shows all the sentences at once."""
        page = wire.open(self.path)
        fields = page.fields("seen")
        for name, chosen in selected(page.html).items():
            fields[name] = chosen
        fields[f"place-{sentence_id}"] = place
        answer = wire.post(self.path, fields.items(multi=True))
        return answer is not None and 300 <= answer.status < 400


def selected(html: str) -> dict[str, str]:
    """What every select of a page stands at."""
    found = {}
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found
