"""`themes export` and `themes import` at the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.security.trail import OPERATOR
from family_voice.settings import Settings
from family_voice.sharing import replacements
from family_voice.sharing.exchange import keeping
from family_voice.sharing.exchange.commands import exchange_commands
from family_voice.themes.codebook_changes import Add
from family_voice.themes.codebook_changing import change
from family_voice.themes.codebook_wording import Wording
from family_voice.themes.codebooks import current
from tests.conftest import NOW, Database
from tests.sharing.exchange.projects import packed, qdpx_of
from tests.themes.suggesting import two_accounts

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Line:
    """The command line of one installation."""

    def __init__(self, database: Database, settings: Settings, folder: Path) -> None:
        self.group = click.Group()
        for each in exchange_commands(lambda: (database.sessions, settings), lambda: NOW):
            self.group.add_command(each)
        self.folder = folder

    def run(self, *words: object) -> Result:
        return CliRunner().invoke(self.group, [str(word) for word in words])

    def export(self, name: str, *more: object) -> bytes:
        done = self.run("export", "-o", self.folder / name, *more)
        assert done.exit_code == 0, done.output
        return (self.folder / name).read_bytes()


@pytest.fixture
def line(database: Database, settings: Settings, tmp_path: Path) -> Line:
    return Line(database, settings, tmp_path)


def test_a_project_comes_in_and_leaves_the_same(line: Line, database: Database) -> None:
    data = qdpx_of({"We wait 😀.": [(8, 9, "a")]})
    (line.folder / "in.qdpx").write_bytes(data)
    only = line.run("import", line.folder / "in.qdpx", "--dry-run")
    assert "only looked" in only.output
    with database.sessions() as session:
        assert keeping.every(session) == ()
    done = line.run("import", line.folder / "in.qdpx", "--json")
    told = json.loads(done.output)
    assert (told["project"], told["texts"], told["codings"]) == (1, 1, 1)
    assert line.export("out.qdpx") == data
    assert line.export("again.qdpx", "--project", 1) == data
    assert line.export("out.csv").startswith(b"\xef\xbb\xbfcase,text")
    line.run("import", line.folder / "in.qdpx", "--codes")
    with database.sessions() as session:
        assert "Ohne Überschrift" in {each.name for each in current(session).codes.values()}


def test_a_codebook_comes_in_and_leaves_the_same(line: Line) -> None:
    first = line.export("a.qdc")
    assert "codes left: " in line.run("import", line.folder / "a.qdc").output
    assert line.export("b.qdc") == first
    table = line.export("a.csv", "--format", "codebook")
    line.run("import", line.folder / "a.csv")
    assert line.export("b.csv", "--format", "codebook") == table


def test_the_codebook_alone_leaves_without_anybody_of_any_round(
    line: Line, database: Database
) -> None:
    with database.sessions.begin() as session:
        two = two_accounts(session, on=False)
        replacements.take(session, two.coded, "Tin Tin", "child", OPERATOR, NOW)
        (held,) = all_rounds(session)
        name = round_ledger(session, held.id, NOW).cases[1].child.facts.name
        book = current(session)
        said = replace(
            Wording.of(book.code("waiting")), name=f"Taxi for {name}",
            definition=f"What {name} and Tin Tin wait for.",
            examples=(f"{name} sat by the door.", "We sat by the door."),
        )  # fmt: skip
        change(session, Add(said, book.groups[0].id), book.version, "Asked for.", two.amina, NOW)
    for form in ("qdc", "codebook"):
        for named in (False, True):
            by = ("--names", "--by", "amina@council.example") if named else ()
            text = line.export(f"x.{form}", "--format", form, *by).decode()
            assert "Taxi for " in text
            assert (name in text, "Tin Tin" in text) == (named, named)


def test_names_leave_only_for_somebody_who_may_see_them(line: Line, database: Database) -> None:
    with database.sessions.begin() as session:
        two = two_accounts(session, on=False)
        add_staff(session, email="panel@council.example", roles=[Role.PANEL], now=NOW)
    plain = line.export("plain.csv").decode()
    assert "Miss Ward" not in plain
    for by in ((), ("--by", "panel@council.example"), ("--by", "nobody@council.example")):
        refused = line.run("export", "-o", line.folder / "x.csv", "--names", *by)
        assert refused.exit_code == 1
        assert not (line.folder / "x.csv").exists()
    named = line.export("named.csv", "--names", "--by", "amina@council.example").decode()
    assert "Miss Ward is kind." in named
    with database.sessions() as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "export")).all()
    assert {row.resource_id for row in rows if row.fields == ["answers", "codes", "names"]} == {
        two.coded,
        two.open,
    }
    back = line.export("named.qdpx", "--names", "--by", "amina@council.example")
    (line.folder / "back.qdpx").write_bytes(back)
    put = line.run("import", line.folder / "back.qdpx", "--codings", "--by", "ben@council.example")
    assert "codings there already: 3" in put.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export", "-o", "x.pdf"), "end in .qdpx"),
        (("export", "-o", "/nowhere/at/all.qdc"), "cannot be written"),
        (("export", "-o", "x.qdpx"), "no such round"),
        (("export", "-o", "x.qdpx", "--round", "Winter"), "no such round"),
        (("export", "-o", "x.qdpx", "--project", "7"), "no project with this number"),
        (("import", "missing.qdpx"), "cannot be opened"),
        (("import", "broken.qdpx"), "damaged"),
        (("import", "no.qdpx"), "no project.qde"),
        (("import", "no.qdpx", "--codings"), "--by EMAIL"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    line: Line, words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(line.folder)
    (line.folder / "broken.qdpx").write_bytes(b"PK\x03\x04 nothing")
    (line.folder / "no.qdpx").write_bytes(packed({"x": b""}))
    done = line.run(*words)
    assert done.exit_code == 1
    assert told in done.output
    assert len(done.output.strip().splitlines()) == 1
