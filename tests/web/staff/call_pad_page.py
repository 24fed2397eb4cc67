"""The call pad's page as a browser without JavaScript sees it: its fields, to fill in and send."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from uuid import UUID

from passlib.totp import TOTP
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from family_voice.interviews import record
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.words import Account
from family_voice.storage.engine import reading
from tests.cases.households import case
from tests.conftest import Clock, Database
from tests.web.staff.conftest import PASSWORD, SECRET, Desk

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
        assert page.status_code in {200, 409, 422}, page.status_code
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


OPEN, WELL = "important.open", "working_well.open"
BY = "by=telephone"


@dataclass(frozen=True)
class Someone:
    """Somebody to talk with about a case."""

    case_id: UUID
    participant_id: UUID

    @property
    def start(self) -> str:
        return f"/staff/case/{self.case_id}/talk/{self.participant_id}"

    def page(self, name: str) -> str:
        return f"{self.start}/{name}?{BY}"


def somebody(database: Database, round_id: UUID) -> Someone:
    """A mother whom it is safe to ring."""
    with database.sessions() as session:
        for reference in ("EX-001", "EX-002", "EX-003", "EX-004", "EX-005", "EX-006"):
            view = case(session, round_id, reference)
            for each in view.people:
                facts = each.person.facts
                if facts.contact.safe_to_contact == "yes" and facts.relationship == "mother":
                    return Someone(view.case_id, each.person.id)
    raise AssertionError("the example file has no mother who may be rung")


def interview_of(database: Database, someone: Someone) -> UUID:
    with reading(database.sessions) as session:
        return session.scalars(
            select(Interview.id).where(Interview.participant_id == someone.participant_id)
        ).one()


def account_of(database: Database, someone: Someone) -> Account:
    with reading(database.sessions) as session:
        return record.account(session, interview_of(database, someone))


def begin(lead: Desk, someone: Someone, who: str = "alone", **answers: str) -> Pad:
    begun = lead.post(someone.start, way="telephone", who=who)
    assert begun.status_code == 302
    pad = begun.headers["Location"]
    asked = lead.get(pad).headers["Location"]
    said = lead.post(asked, **({"talk": "yes", "check": "yes"} | answers))
    assert said.status_code == 302
    return Pad(lead, said.headers["Location"])


def sign_in_again(lead: Desk, clock: Clock) -> Desk:
    """Days later, the same lead."""
    lead.post("/staff/sign-in", email="coproduction_lead@council.example", password=PASSWORD)
    code = TOTP(SECRET).generate(int(clock().timestamp())).token
    assert lead.post("/staff/sign-in/code", code=code).status_code == 302
    return lead


def fragments(database: Database) -> int:
    with reading(database.sessions) as session:
        return session.scalar(select(func.count()).select_from(Fragment)) or 0
