"""A browser that reaches a served application over the wire, one short connection a request."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from werkzeug.datastructures import MultiDict

from tests.web.family.browser import PageForm, _Reader

PATIENCE = 120.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Pairs = Iterable[tuple[str, str]]


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    html: str


@dataclass
class Posted:
    """A form that was sent, and whose answer nobody has read yet."""

    browser: Wire
    connection: http.client.HTTPConnection

    def answer(self) -> Answer | None:
        """What came back; None if the connection broke before all of it was here."""
        try:
            with self.connection.getresponse() as response:
                return self.browser.read(response)
        except (OSError, http.client.HTTPException):
            return None
        finally:
            self.connection.close()


@dataclass
class Wire:
    """One browser with its own cookies, on one page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    path: str = "/"
    status: int = 0
    html: str = ""

    def open(self, path: str) -> Wire:
        """Go to an address, and on to wherever it leads."""
        for _ in range(10):
            answer = self.send("GET", path).answer()
            if answer is None:
                raise ConnectionError(f"no answer to GET {path}")
            self.path, self.status, self.html = path, answer.status, answer.html
            if not answer.location:
                return self
            path = self._on(answer.location)
        raise ConnectionError(f"{path} leads in a circle")

    def send(self, method: str, path: str, pairs: Pairs = ()) -> Posted:
        """Send a request without waiting for its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(list(pairs)) if method == "POST" else None
        connection.request(method, path, body, headers | (FORM if body is not None else {}))
        return Posted(self, connection)

    def post(self, path: str, pairs: Pairs) -> Answer | None:
        """Send a form and read the answer, without going where it leads."""
        return self.send("POST", path, pairs).answer()

    def press(self, button: str, /, **values: str) -> Wire:
        """Fill in the form with a button of these words, press it and go where it leads."""
        form, name, value = self._button(button)
        fields = MultiDict(form.fields)
        for key, given in values.items():
            fields[key] = given
        if name:
            fields.add(name, value)
        path = form.action or self.path
        answer = self.post(path, fields.items(multi=True))
        if answer is None:
            raise ConnectionError(f"no answer to POST {path}")
        if answer.location:
            return self.open(self._on(answer.location))
        self.path, self.status, self.html = path, answer.status, answer.html
        return self

    def fields(self, name: str) -> MultiDict[str, str]:
        """The fields, as they stand, of the page's form that has a field of this name."""
        for form in self.forms:
            found: MultiDict[str, str] = MultiDict(form.fields)
            if name in found or any(name == each for each, _ in form.boxes):
                return found
        raise LookupError(f"no field {name!r} on {self.path} ({self.status})")

    def twin(self) -> Wire:
        """The same page with the same cookies: another tab of this browser."""
        return Wire(self.port, dict(self.cookies), self.path, self.status, self.html)

    @property
    def forms(self) -> list[PageForm]:
        """The forms of the page."""
        return self._page().forms

    @property
    def text(self) -> str:
        """What can be read on the page."""
        return " ".join("".join(self._page().text).split())

    def read(self, response: http.client.HTTPResponse) -> Answer:
        """Take an answer in, its cookies too."""
        html = response.read().decode("utf-8", "replace")
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers.get("Location", ""), html)

    def _on(self, location: str) -> str:
        to = urlsplit(urljoin(f"http://127.0.0.1:{self.port}{self.path}", location))
        return f"{to.path}?{to.query}" if to.query else to.path

    def _page(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    def _button(self, words: str) -> tuple[PageForm, str, str]:
        reader = self._page()
        for form_id, button in reader.strays:
            next(form for form in reader.forms if form.id == form_id).buttons.append(button)
        for form in reader.forms:
            for name, value, text in form.buttons:
                if text == words:
                    return form, name, value
        raise LookupError(f"no button {words!r} on {self.path} ({self.status})")
