"""How many whole interviews a second come in through the real form, beside a bare Flask floor.

One interview is what a family does: the link, start, two decisions, eleven questions one a page,
check, send. The floor is a Flask application with as many pages of as many bytes, rendered by Jinja
from as many escaped pieces, a form of as many fields, a sitting in a signed cookie, and one row
committed a POST on the same database with the same settings. Both are asked in one process by the
same lean browser, without a network between: what is measured is the work of a page.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape

from flask import Flask, redirect, render_template_string, request, session
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert
from werkzeug.test import TestResponse

from benchmarks.places import KINDS, application, database
from family_voice.storage.engine import make_engine, make_sessions

WRITERS = (1, 4)
EACH = 8
QUESTIONS = 11
#: The headings under which the further questions are asked for too: five and six are eleven.
FURTHER = ("/question/working_well.open", "/question/worries.open", "/question/next.open")
WORDS = "She loves trains. Mornings are hard, and nobody rang us back. " * 3
#: A question's page: its bytes before compression, and the pieces put into its template.
PAGE_BYTES, PIECES = 5_200, 40

_FIELD = re.compile(r'<input type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"')
_FORM = re.compile(r'<form method="post"([^>]*)>(.*?)</form>', re.DOTALL)
_ACTION = re.compile(r'action="([^"]*)"')


def interviews_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    rows = []
    for kind in KINDS:
        for writers in WRITERS:
            ours, floor = _ours(kind, writers), _floor(kind, writers)
            rows.append(
                [f"{kind}, {writers} at once", f"{ours:.2f}", f"{floor:.2f}", f"{ours / floor:.2f}"]
            )
    rows.append(["At least", "", "", "0.60"])
    return ["", "interviews", "floor", "share"], rows


class _Page:
    """A browser that knows hidden fields and where a page's form goes, and nothing else."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client = client
        self._at(client.get(address, follow_redirects=True))

    def press(self, **values: str) -> _Page:
        found = max(_FORM.finditer(self.html), key=lambda form: len(form[2]))
        fields = {name: unescape(value) for name, value in _FIELD.findall(found[2])}
        action = _ACTION.search(found[1])
        to = unescape(action[1]) if action else self.path
        sent = self.client.post(to, data=fields | values, follow_redirects=True)
        return self._at(sent)

    def _at(self, response: TestResponse) -> _Page:
        assert response.status_code == 200, response.text
        self.html, self.path = response.text, response.request.path
        return self


def interview(app: Flask, link: str) -> None:
    """One whole interview through the form, to its receipt."""
    page = _Page(app.test_client(), link)
    page.press(go="start")
    for _decision in range(2):
        page.press(answer="yes")
    for number in range(QUESTIONS):
        assert "/question" in page.path, page.path
        go = "more" if page.path in FURTHER else "next"
        page.press(words=f"{number}. {WORDS}", go=go)
    assert page.path == "/check-answers", page.path
    page.press(go="send")
    page.press(word="yellow boat", go="send")
    assert page.path == "/sent", page.path


def _ours(kind: str, writers: int) -> float:
    with application(kind, writers * EACH + 1) as (app, links):
        interview(app, links.pop())
        return _a_second(lambda link: interview(app, link), links, writers)


def _floor(kind: str, writers: int) -> float:
    with database(kind) as url:
        engine = make_engine(url)
        tables = MetaData()
        row = Table("row", tables, Column("id", Integer, primary_key=True), Column("words", Text))
        tables.create_all(engine)
        sessions = make_sessions(engine)
        app = Flask(__name__)
        app.secret_key = "a floor's secret key, long enough"  # noqa: S105
        pieces = ["x" * (PAGE_BYTES // PIECES)] * PIECES
        last = QUESTIONS + 5

        @app.route("/<int:number>", methods=["GET", "POST"])
        def page(number: int) -> ResponseReturnValue:
            if request.method == "POST":
                with sessions.begin() as writing:
                    writing.execute(insert(row).values(words=request.form["words"]))
                session["at"] = number
                return redirect(f"/{number + 1}", 303)
            fields = [(f"field{n}", "y" * 60) for n in range(4)]
            return render_template_string(_FLOOR, pieces=pieces, fields=fields, here=number)

        def whole(_link: str) -> None:
            at = _Page(app.test_client(), "/0")
            for _number in range(last):
                at.press(words=WORDS)
            assert at.path == f"/{last}"

        speed = _a_second(whole, [str(n) for n in range(writers * EACH)], writers)
        engine.dispose()
        return speed


_FLOOR = """<!DOCTYPE html><html lang="en"><title>Floor</title><main>
<form method="post" action="/{{ here }}">
{% for name, value in fields %}
<input type="hidden" name="{{ name }}" value="{{ value }}">
{% endfor %}
<textarea name="words"></textarea><button>Go</button></form>
{% for piece in pieces %}<p>{{ piece }}</p>{% endfor %}</main></html>"""


def _a_second(work: Callable[[str], None], links: list[str], at_once: int) -> float:
    with ThreadPoolExecutor(at_once) as together:
        began = time.perf_counter()
        list(together.map(work, links))
        return len(links) / (time.perf_counter() - began)
