"""How many answers a second are kept for good, beside a route that only commits a row.

Both are asked in one process, without a network between: what is measured is our own work and
the database's. An answer is the form's page fetched and sent, as a family does it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from benchmarks.places import KINDS, application, database
from family_voice.storage.engine import make_engine, make_sessions
from tests.web.family.browser import Browser

WRITERS = (1, 4)
HEADINGS = ("important", "working_well", "difference", "worries", "next")
ROUNDS = 3
WORDS = "She loves trains. Mornings are hard, and nobody rang us back. " * 3


def answers_table() -> tuple[list[str], list[list[str]]]:
    """The heads and the rows."""
    rows = []
    for kind in KINDS:
        for writers in WRITERS:
            ours, floor = _ours(kind, writers), _floor(kind, writers)
            rows.append(
                [f"{kind}, {writers} at once", f"{ours:.0f}", f"{floor:.0f}", f"{ours / floor:.2f}"]
            )
    return ["", "answers", "bare rows", "share"], rows


def _ours(kind: str, writers: int) -> float:
    with application(kind, writers) as (app, links):
        pages = [_asked(app, link) for link in links]
        sent = [f"{round_}. {WORDS}" for round_ in range(ROUNDS)]

        def answer(page: Browser) -> None:
            for words in sent:
                for heading in HEADINGS:
                    page.open(f"/question/{heading}.open")
                    page.press(words=words)

        return _a_second(answer, pages, ROUNDS * len(HEADINGS))


def _asked(app: Flask, link: str) -> Browser:
    page = Browser(app).open(link).press("Start").press(answer="yes").press(answer="yes")
    assert page.path == "/question/important.open", page.text
    return page


def _floor(kind: str, writers: int) -> float:
    """A form of one field and a commit of one row, on the same engine with the same settings."""
    with database(kind) as url:
        engine = make_engine(url)
        tables = MetaData()
        row = Table("row", tables, Column("id", Integer, primary_key=True), Column("words", Text))
        tables.create_all(engine)
        sessions = make_sessions(engine)
        app = Flask(__name__)

        @app.route("/", methods=["GET", "POST"])
        def form() -> str:
            if request.method == "POST":
                with sessions.begin() as session:
                    session.execute(insert(row).values(words=request.form["words"]))
            return "<form method=post><textarea name=words></textarea><button>Go</button></form>"

        def send(page: Browser) -> None:
            for _ in range(50):
                page.open("/").press("Go", words=WORDS)

        speed = _a_second(send, [Browser(app) for _ in range(writers)], 50)
        engine.dispose()
        return speed


def _a_second(work: Callable[[Browser], None], pages: list[Browser], each: int) -> float:
    with ThreadPoolExecutor(len(pages)) as together:
        began = time.perf_counter()
        list(together.map(work, pages))
        return each * len(pages) / (time.perf_counter() - began)
