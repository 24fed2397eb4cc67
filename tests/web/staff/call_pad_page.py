"""The call pad's page as a browser without JavaScript sees it: its fields, to fill in and send."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.web.staff.conftest import Desk

Fields = MultiDict[str, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: Fields = MultiDict()
        self._area: str | None = None
        self._text = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        name = has.get("name", "")
        if tag == "input" and name:
            ticked = has.get("type") not in {"radio", "checkbox"} or "checked" in has
            if ticked:
                self.fields.add(name, has.get("value", ""))
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in has:
            self.fields[self._select] = has["value"]

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self.fields[self._area] = self._text.removeprefix("\n")
            self._area = None


class Pad:
    """One open copy of the pad."""

    def __init__(self, desk: Desk, address: str, page: TestResponse | None = None) -> None:
        self.desk, self.address = desk, address
        page = page or desk.get(address)
        assert page.status_code in {200, 422}, page.status_code
        self.text = page.text
        reader = _Reader()
        reader.feed(page.text)
        self.fields = reader.fields

    def keys(self, prompt_id: str) -> list[str]:
        """The boxes of a prompt, in order; the last one is empty."""
        return [
            key
            for key in self.fields.getlist("note[]")
            if self.fields[f"n.{key}.prompt"] == prompt_id
        ]

    def words(self, prompt_id: str) -> list[str]:
        """What stands in the boxes of a prompt."""
        return [self.fields[f"n.{key}.words"] for key in self.keys(prompt_id)]

    def write(self, prompt_id: str, text: str, box: int = 0, **more: str) -> str:
        """Type into a box, and mark it."""
        key = self.keys(prompt_id)[box]
        self.fields[f"n.{key}.words"] = text
        for name, value in more.items():
            self.fields[f"n.{key}.{name}"] = value
        return key

    def send(self, do: str = "save") -> TestResponse:
        """Press a button of the page."""
        data = MultiDict(self.fields)
        data["do"] = do
        return self.desk.client.post(self.address, data=data)

    def save(self) -> Pad:
        """Press the one button, and see the page that comes back."""
        answer = self.send()
        if answer.status_code == 302:
            return Pad(self.desk, answer.headers["Location"])
        return Pad(self.desk, self.address, answer)

    def note(self, key: str, **changed: str) -> TestResponse:
        """What the script sends for one box while somebody types."""
        data = {name: value for name, value in self.fields.items() if name.startswith(f"n.{key}.")}
        data |= {f"n.{key}.{name.rstrip('_')}": value for name, value in changed.items()}
        path, _, query = self.address.partition("?")
        return self.desk.client.post(
            f"{path}/note?{query}",
            data={**data, "note[]": key, "csrf_token": self.fields["csrf_token"]},
        )
