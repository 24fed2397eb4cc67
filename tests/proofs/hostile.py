"""Hostile requests to every route by everybody: nothing breaks, nothing is told or given back.

Hypothesis chooses the route, who asks, what stands in the address, and what is typed into the
fields that the page really has (its own token included, so that the views behind it are reached).
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from family_voice.app import create_app
from family_voice.demo import instance
from family_voice.demo.pages import hand_out
from family_voice.operations.tables import METADATA
from tests.conftest import COMPILED_TEMPLATES, NOW, Clock
from tests.proofs.proof import Place, Tell

FAMILIES = 12
#: Everything below that could do harm says `fvx`, so that an unescaped one is known by it.
MARKUP = (
    "<fvx>",
    "<script>fvx()</script>",
    "<img src=x onerror=fvx()>",
    '"><svg onload=fvx()>',
    "' onfocus=fvx() autofocus x='",
    '" onfocus=fvx() autofocus x="',
    "javascript:fvx()",
    "</textarea><fvx>",
    "</title><fvx>",
    "{{7*7}}<fvx>",
    "{% raise %}",
    "%(fvx)s %s %d {0} {fvx.__class__}",
    "'; DROP TABLE interview; --",
    "1 OR 1=1",
    "../../../../etc/passwd",
    "..\\..\\x",
    "\r\nX-Fvx: 1",
    "=cmd|' /C calc'!A0",
    "\x00",
    "a\x00b",
    "\u202e\u200f\ufeff",
    "\U0001f469\u200d\U0001f467",
    "9" * 40,
    "-1",
    "1e309",
    "NaN",
    "2026-02-31",
    "0000-00-00",
    "99999-12-31",
    "None",
    "[]",
    "on",
    "",
)
RAW = re.compile(
    rb"""<fvx|<script>fvx|<img src=x|<svg onload|["'] onfocus=fvx|href=.javascript:fvx"""
)
TOLD = re.compile(rb"Traceback \(most recent|sqlalchemy\.|psycopg\.|werkzeug\.|File \"/")
UNKNOWN = UUID("00000000-0000-4000-8000-000000000001")

words = st.one_of(
    st.sampled_from(MARKUP),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.sampled_from(MARKUP).map(lambda each: each * 400),
)
headers = st.dictionaries(
    st.sampled_from(
        ["Accept-Language", "User-Agent", "Referer", "X-Forwarded-For", "Range", "If-None-Match",
         "Sec-Fetch-Site", "Origin", "Accept", "Accept-Encoding", "Cookie2"]
    ),
    st.sampled_from([each for each in MARKUP if each.isascii() and each.isprintable()]),
    max_size=3,
)  # fmt: skip


@dataclass
class Fields(HTMLParser):
    """The names of a page's fields, what each may be chosen as, and the page's token."""

    values: dict[str, list[str]] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        name = given_.get("name")
        if tag in {"input", "textarea", "select", "button"} and name:
            if name == "csrf_token":
                self.token = given_.get("value") or ""
            else:
                self.values.setdefault(name, []).append(given_.get("value") or "")


@dataclass
class World:
    """The demo, and everybody in it."""

    app: Flask
    people: dict[str, FlaskClient]
    rules: list[Rule]
    ids: list[UUID]
    sign_ins: dict[str, str]
    links: list[str]
    wrong: list[str] = field(default_factory=list)

    def ask(self, data: st.DataObject) -> None:
        """One request, and what is wrong with its answer."""
        rule = data.draw(st.sampled_from(self.rules))
        who = data.draw(st.sampled_from(sorted(self.people)))
        client = self.people[who]
        method = data.draw(st.sampled_from(sorted((rule.methods or set()) - {"OPTIONS"})))
        path = self._path(rule, data)
        query = data.draw(st.dictionaries(st.sampled_from(["by", "page", "language", "q"]), words,
                                          max_size=2))  # fmt: skip
        extra = {"Sec-Fetch-Site": "same-origin"} | data.draw(headers)
        if method == "POST":
            typed = data.draw(
                st.lists(st.one_of(st.integers(0, 99), words), min_size=5, max_size=9)
            )
            answer = self._post(client, path, query, extra, typed)
        else:
            answer = client.open(path, method=method, query_string=query, headers=extra)
        self.wrong += [f"{method} {rule.endpoint} as {who}: {each}" for each in problems(answer)]
        if "/staff/sign-in" in answer.headers.get("Location", "") and who in self.sign_ins:
            self.come_in(who)

    def _path(self, rule: Rule, data: st.DataObject) -> str:
        values: dict[str, object] = {}
        for name in rule.arguments:
            converter = rule._converters[name]
            kind = type(converter).__name__
            if kind == "UUIDConverter":
                values[name] = data.draw(st.sampled_from([*self.ids, UNKNOWN]))
            elif kind == "IntegerConverter":
                values[name] = data.draw(st.sampled_from([0, 1, 2, 3, 10**6, 2**31, 2**63, 10**30]))
            elif isinstance(converter, AnyConverter):
                values[name] = data.draw(st.sampled_from(sorted(converter.items)))
            else:
                values[name] = data.draw(words.filter(bool))[:200] or "x"
        try:
            built = rule.build(values)
        except (HTTPException, ValueError, UnicodeError):
            return "/"
        return built[1] if built else "/"

    def _post(
        self, client: FlaskClient, path: str, query: dict[str, str], extra: dict[str, str],
        typed: list[int | str],
    ) -> TestResponse:  # fmt: skip
        page = Fields()
        page.feed(client.get(path).get_data(as_text=True))
        form: MultiDict[str, object] = MultiDict({"csrf_token": page.token})
        names = [*page.values, "words", "go", "fvx"]
        for name, value in zip(names, itertools.cycle(typed), strict=False):
            offered = page.values.get(name, ["x"])
            form.add(name, offered[value % len(offered)] if isinstance(value, int) else value)
        return client.post(path, data=form, query_string=query, headers=extra)

    def come_in(self, who: str) -> None:
        """Sign somebody in by the demo's own button, or open a family's link."""
        client = self.people[who]
        page = Fields()
        if who in self.sign_ins:
            page.feed(client.get("/demo").get_data(as_text=True))
            client.post("/demo/sign-in", data={"csrf_token": page.token, "who": self.sign_ins[who]})
            return
        client.get(self.links[0], follow_redirects=True)
        page.feed(client.get("/welcome").get_data(as_text=True))
        client.post("/welcome", data={"csrf_token": page.token})


def problems(answer: TestResponse) -> list[str]:
    """What no answer may be."""
    found = []
    if answer.status_code >= 500:
        found.append(f"answered {answer.status_code}")
    if RAW.search(answer.data):
        found.append("gave markup back as markup")
    if TOLD.search(answer.data):
        found.append("told of its inside")
    if "X-Fvx" in answer.headers:
        found.append("let a header be written")
    kind = answer.headers.get("Content-Type", "")
    if answer.data and kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(f"did not name its letters: {kind}")
    return found


@contextmanager
def the_world(place: Place) -> Iterator[World]:
    """The demo served to a stranger, to each role, and to a family."""
    kept = instance.Kept(
        Path(place.folder) / "demo.json", place.settings.secret_key, place.settings.master_keys[1]
    )
    handout = instance.refresh(
        place.sessions, place.settings, kept, seed=3, families=FAMILIES, now=NOW,
        progress=lambda _words: None,
    )  # fmt: skip
    app = create_app(place.settings, demo=True, clock=Clock())
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    hand_out(app, handout)
    with place.sessions() as session:
        ids = [
            found
            for table in METADATA.sorted_tables
            if "id" in table.c and table.name not in {"installation", "trail"}
            for found in session.scalars(select(table.c["id"]).limit(3))
            if isinstance(found, UUID)
        ]
    sign_ins = {each.role: each.email for each in handout.staff}
    links = [str(each.link) for each in handout.families if each.link]
    people = {name: app.test_client() for name in ("nobody", "a family", *sign_ins)}
    world = World(app, people, list(app.url_map.iter_rules()), ids, sign_ins, links)
    for who in people:
        if who != "nobody":
            world.come_in(who)
    yield world
    app.extensions["family_voice"].sessions.kw["bind"].dispose()


def prove(place: Place, times: int, tell: Tell) -> int:
    """Send so many hostile requests; each answer that is wrong is lost, and named on stderr."""
    with the_world(place) as world:
        done = 0

        @settings(
            max_examples=times, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), derandomize=False,
        )  # fmt: skip
        @given(st.data())
        def ask(data: st.DataObject) -> None:
            nonlocal done
            world.ask(data)
            done += 1
            if done % 100 == 0:
                tell(done)

        ask()
    for each in sorted(set(world.wrong)):
        print(each, file=sys.stderr)
    return len(world.wrong)
