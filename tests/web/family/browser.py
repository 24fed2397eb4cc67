"""A browser without JavaScript: reads the forms of a page, fills them in and presses a button."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import Cookie, TestResponse


@dataclass
class PageForm:
    """One form as it stands on a page."""

    action: str
    id: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.strays: list[tuple[str, tuple[str, str, str]]] = []
        self.inside: PageForm | None = None
        self.area: tuple[str, list[str]] | None = None
        self.button: tuple[str, str, str, list[str]] | None = None
        self.text: list[str] = []
        self.links: list[tuple[str, list[str]]] = []
        self.link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "form":
            self.inside = PageForm(given.get("action", ""), given.get("id", ""))
            self.forms.append(self.inside)
        elif tag == "a":
            self.link = (given.get("href", ""), [])
            self.links.append(self.link)
        elif tag == "textarea":
            self.area = (given["name"], [])
        elif tag == "button":
            self.button = (given.get("name", ""), given.get("value", ""), given.get("form", ""), [])
        elif tag == "input" and self.inside is not None and "name" in given:
            pair = (given["name"], given.get("value", ""))
            if given.get("type") in ("radio", "checkbox"):
                self.inside.boxes.append(pair)
                if "checked" in dict(pairs):
                    self.inside.fields.append(pair)
            else:
                self.inside.fields.append(pair)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "a":
            self.link = None
        elif tag == "textarea" and self.area is not None and self.inside is not None:
            written = "".join(self.area[1])
            self.inside.fields.append((self.area[0], written.removeprefix("\n")))
            self.area = None
        elif tag == "button" and self.button is not None:
            name, value, form, words = self.button
            pressed = (name, value, "".join(words).strip())
            if form:
                self.strays.append((form, pressed))
            elif self.inside is not None:
                self.inside.buttons.append(pressed)
            self.button = None

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1].append(data)
        if self.button is not None:
            self.button[3].append(data)
        if self.link is not None:
            self.link[1].append(data)
        self.text.append(data)


class Browser:
    """One browser with its own cookies, on one page."""

    def __init__(self, app: Flask, **environ: Any) -> None:
        self.client = app.test_client()
        self.environ = environ
        self.response: TestResponse | None = None
        self.path = ""

    def open(self, path: str) -> Browser:
        """Go to an address."""
        return self._at(self.client.get(path, follow_redirects=True, environ_base=self.environ))

    def follow(self, words: str) -> Browser:
        """Follow the link that says so."""
        found = [href for href, text in self._page().links if words in "".join(text)]
        assert found, f"no link {words!r} on {self.path}: {self.text}"
        return self.open(found[0])

    def press(self, button: str = "Continue", /, **values: Any) -> Browser:
        """Fill in fields by name (None leaves one out, a list ticks several) and press a button."""
        form, (name, value, _) = self._button(button)
        sent: MultiDict[str, str] = MultiDict(form.fields)
        for key, given in values.items():
            known = {field for field, _ in (*form.fields, *form.boxes)}
            assert key in known, f"no field {key!r} on {self.path}, only {sorted(known)}"
            sent.setlist(key, given if isinstance(given, list) else [given])
        if name:
            sent.add(name, value)
        return self.post(form.action or self.path, sent)

    def post(self, path: str, values: Any) -> Browser:
        """Send fields to an address."""
        return self._at(
            self.client.post(path, data=values, follow_redirects=True, environ_base=self.environ)
        )

    def twin(self) -> Browser:
        """The same page with the same cookies: for a second press before the first answer came."""
        other = Browser(self.client.application, **self.environ)
        other._cookies.update(self._cookies)
        other.response, other.path = self.response, self.path
        return other

    def forget(self) -> Browser:
        """Lose the cookies, as after a day or on another device; the page stays open."""
        for cookie in list(self._cookies.values()):
            self.client.delete_cookie(cookie.key, domain=cookie.domain, path=cookie.path)
        return self

    @property
    def _cookies(self) -> MutableMapping[tuple[str, str, str], Cookie]:
        kept = self.client._cookies
        assert kept is not None
        return kept

    def value(self, name: str) -> str:
        """What stands in a field of the page."""
        found = [value for form in self._page().forms for key, value in form.fields if key == name]
        assert found, f"no field {name!r} on {self.path}"
        return found[0]

    def boxes(self, name: str) -> list[str]:
        """The values of the radios or checkboxes of a name."""
        return [value for form in self._page().forms for key, value in form.boxes if key == name]

    def chosen(self, name: str) -> list[str]:
        """Those of them that are chosen."""
        boxes = set(self.boxes(name))
        return [
            value
            for form in self._page().forms
            for key, value in form.fields
            if key == name and value in boxes
        ]

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return " ".join("".join(self._page().text).split())

    @property
    def html(self) -> str:
        """The page."""
        assert self.response is not None
        return self.response.text

    @property
    def status(self) -> int:
        """The page's status."""
        assert self.response is not None
        return self.response.status_code

    def _at(self, response: TestResponse) -> Browser:
        self.response = response
        self.path = response.request.full_path.rstrip("?")
        assert response.status_code < 500, response.text
        return self

    def _page(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        for form_id, button in reader.strays:
            next(form for form in reader.forms if form.id == form_id).buttons.append(button)
        return reader

    def _button(self, words: str) -> tuple[PageForm, tuple[str, str, str]]:
        found = [
            (form, button)
            for form in self._page().forms
            for button in form.buttons
            if button[2] == words
        ]
        assert found, f"no button {words!r} on {self.path}: {self.text}"
        return found[0]
