"""Bringing the caseload up to date: all or nothing, again without duplicates, and who has left."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from family_voice.cases.caseload_changes import Changed, Changes, changes
from family_voice.cases.caseload_keeping import (
    FileRefused,
    FileView,
    ManyGone,
    Outdated,
    audited,
    check,
    last_taken,
    take_in,
)
from family_voice.cases.caseload_models import CaseloadEntry, CaseloadFile, CaseloadPart
from family_voice.cases.caseload_reading import entries, entry_of, make_up, make_up_of, size
from family_voice.cases.caseload_waiting import CHANGES, let_go, waiting_lines
from family_voice.cases.commands import round_commands
from family_voice.operations.retention import run
from family_voice.security.models import DataKey
from family_voice.settings import Settings
from family_voice.storage.engine import reading
from tests.cases.exports import FRAMEWORK, ON, PLAIN, Row, as_file, children
from tests.conftest import NOW, Database


def bring(
    session: Session, rows: Sequence[Row], *, whole: bool = True, sure: bool = False
) -> FileView:
    view = check(session, as_file(rows), PLAIN, FRAMEWORK, NOW, whole=whole)
    return take_in(session, view.id, NOW, sure=sure)


def figures(view: FileView) -> tuple[int, int, int, int]:
    return view.new, view.changed, view.same, view.gone


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(CaseloadEntry)) or 0


def test_taken_in_again_a_file_changes_nothing(session: Session) -> None:
    rows = children(40)
    assert figures(bring(session, rows)) == (40, 0, 0, 0)
    before = list(entries(session))
    heads, *lines = rows
    random.Random(3).shuffle(lines)
    assert figures(bring(session, [heads, *lines])) == (0, 0, 40, 0)
    assert list(entries(session)) == before
    assert stored(session) == 40


def test_a_newer_file_updates_adds_and_lets_leave_and_come_back(session: Session) -> None:
    rows = children(40)
    bring(session, rows)
    place = list(rows[0]).index("Area")
    moved = [*rows[1][:place], "Somewhere else", *rows[1][place + 1 :]]
    newer = [rows[0], moved, *rows[3:], *children(41)[41:]]
    view = check(session, as_file(newer), PLAIN, FRAMEWORK, NOW)
    differs = changes(session, view.id)
    assert differs.changed == (Changed(2, str(rows[1][0]), ("area",)),)
    assert (differs.new, differs.gone) == ("41", (str(rows[2][0]),))
    assert figures(take_in(session, view.id, NOW)) == (1, 1, 38, 1)
    assert changes(session, view.id) == differs, "said afterwards as before"
    assert size(session) == 40
    assert entry_of(session, str(rows[2][0])) is None
    found = entry_of(session, str(rows[1][0]))
    assert found is not None
    assert found.area == "Somewhere else"
    assert figures(bring(session, [*newer, rows[2]])) == (1, 0, 40, 0)
    assert changes(session, view.id) == Changes(), "only the last file's are kept"
    assert stored(session) == 41
    again = entry_of(session, f" {rows[2][0]} ".lower())
    assert again is not None


def test_a_part_lets_nobody_leave(session: Session) -> None:
    rows = children(40)
    bring(session, rows)
    assert figures(bring(session, rows[:4], whole=False)) == (0, 0, 3, 0)
    assert size(session) == 40


def test_many_leave_only_if_somebody_is_sure(session: Session) -> None:
    rows = children(40)
    bring(session, rows)
    with pytest.raises(ManyGone):
        bring(session, rows[:20])
    assert size(session) == 40
    assert bring(session, rows[:20], sure=True).gone == 21
    assert size(session) == 19


def test_one_problem_and_nothing_is_kept(database: Database) -> None:
    rows = children(10)
    rows[7] = ["", *rows[7][1:]]
    with pytest.raises(FileRefused) as refused, database.sessions.begin() as session:
        check(session, as_file(rows), PLAIN, FRAMEWORK, NOW)
    [problem] = refused.value.findings.problems()
    assert (problem.line, problem.column) == (8, "Case reference")
    with reading(database.sessions) as session:
        for table in (CaseloadEntry, CaseloadFile, CaseloadPart, DataKey):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_what_waits_is_sealed_and_is_what_will_be_kept(session: Session) -> None:
    rows = children(12)
    view = check(session, as_file(rows), PLAIN, FRAMEWORK, NOW)
    assert size(session) == 0
    waiting = {each.reference: each.strata for each in waiting_lines(session, view.id)}
    for sealed in session.scalars(select(CaseloadPart.lines)):
        assert str(rows[1][0]).encode() not in sealed
    take_in(session, view.id, NOW)
    assert session.scalars(select(CaseloadPart.number)).all() == [CHANGES]
    for entry in entries(session):
        assert entry.placement == waiting[entry.reference].placement
        assert entry.year_group_on(ON) == waiting[entry.reference].year_group
    for row in session.scalars(select(CaseloadEntry)):
        assert str(rows[1][0]).encode() not in row.reference


def test_a_file_is_taken_in_once_and_not_after_a_newer_one(session: Session) -> None:
    first = check(session, as_file(children(5)), PLAIN, FRAMEWORK, NOW)
    second = check(session, as_file(children(6)), PLAIN, FRAMEWORK, NOW)
    later = NOW + timedelta(minutes=5)
    take_in(session, second.id, later)
    for stale in (first.id, second.id, UUID(int=1)):
        with pytest.raises(Outdated):
            take_in(session, stale, later)
    found = last_taken(session)
    assert found is not None
    assert found.id == second.id


def test_a_file_thought_better_of_is_destroyed(session: Session) -> None:
    view = check(session, as_file(children(5)), PLAIN, FRAMEWORK, NOW)
    let_go(session, view.id, NOW)
    assert list(waiting_lines(session, view.id)) == []
    assert session.scalars(select(DataKey.wrapped)).all() == [None]
    with pytest.raises(Outdated):
        take_in(session, view.id, NOW)


def test_an_audit_that_was_held_here_is_not_forgotten(session: Session) -> None:
    rows = children(3)
    bring(session, rows)
    entry = next(entries(session))
    audited(session, [entry.id], ON)
    assert figures(bring(session, rows)) == (0, 0, 3, 0)
    audited(session, [entry.id], ON - timedelta(days=400))
    found = entry_of(session, entry.reference)
    assert found is not None
    assert found.last_audited_on == ON


def test_in_september_everybody_moves_on_by_themselves(session: Session) -> None:
    bring(session, children(30))
    for entry in entries(session):
        assert entry.year_group is not None
        assert entry.year_group_on(date(2027, 9, 1)) == entry.year_group + 1
    counted = make_up(session, ON)
    assert sum(counted["phase"].values()) == 30
    assert make_up(session, date(2027, 9, 1))["phase"] != counted["phase"]


def test_the_database_counts_the_caseload_as_its_lines_do(session: Session) -> None:
    bring(session, children(120))
    counted = make_up(session, ON)
    assert counted == make_up_of(entries(session), ON)
    assert len(counted["vulnerable_groups"]) > 2
    assert {
        kind: sum(of.values()) for kind, of in counted.items() if kind != "vulnerable_groups"
    } == (
        dict.fromkeys(("plan_type", "phase", "area_of_need", "placement", "language", "area"), 120)
    )


def test_an_id_as_long_as_a_framework_may_give_has_room(session: Session) -> None:
    bring(session, children(1))
    session.execute(update(CaseloadEntry).values(plan_type="p" * 40))
    assert next(entries(session)).plan_type == "p" * 40


def test_the_order_is_the_same_after_another_import(session: Session) -> None:
    rows = children(30)
    bring(session, rows)
    order = [each.reference for each in entries(session)]
    assert order != sorted(order)
    bring(session, [rows[0], *reversed(rows[1:])])
    assert [each.reference for each in entries(session)] == order


def test_who_has_left_is_deleted_after_a_while_and_files_that_wait_after_a_day(
    database: Database,
) -> None:
    rows = children(8)
    with database.sessions.begin() as session:
        bring(session, rows)
        bring(session, rows[:8])
        check(session, as_file(rows), PLAIN, FRAMEWORK, NOW)
    for days, entries_left, files_left in ((0, 8, 3), (2, 8, 2), (89, 8, 2), (91, 7, 2)):
        run(database.sessions, {}, NOW + timedelta(days=days))
        with reading(database.sessions) as session:
            assert stored(session) == entries_left
            assert session.scalar(select(func.count()).select_from(CaseloadFile)) == files_left


# --- By the command line ------------------------------------------------------------------------


class Operator:
    """Somebody at the command line."""

    def __init__(self, database: Database, settings: Settings) -> None:
        groups = round_commands(lambda: (database.sessions, settings), lambda: NOW)
        [self.group] = [each for each in groups if each.name == "caseload"]

    def __call__(self, *words: object) -> Result:
        return CliRunner().invoke(self.group, [str(word) for word in words])


@pytest.fixture
def run_(database: Database, settings: Settings) -> Operator:
    return Operator(database, settings)


def test_a_fresh_workbook_is_loaded(run_: Operator, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "export.xlsx"
    assert run_("example", "--mapping", "synergy", "-o", file).exit_code == 0
    said = run_("load", file, "--mapping", "synergy", "--check", "--json")
    assert json.loads(said.stdout)["new"] == 40
    with reading(database.sessions) as session:
        assert size(session) == 0
    done = run_("load", file, "--mapping", "synergy")
    assert done.exit_code == 0, done.output
    assert "40 lines, 40 new" in done.stdout
    assert "40 as before" in run_("load", file, "--mapping", "synergy").stdout
    assert run_("load", file, "--mapping", "mosaic").exit_code == 1


def test_problems_are_listed_and_nothing_is_taken(
    run_: Operator, database: Database, tmp_path: Path
) -> None:
    rows = children(3)
    rows[2] = ["", *rows[2][1:]]
    bad = tmp_path / "bad.csv"
    bad.write_bytes(as_file(rows).getvalue())
    done = run_("load", bad, "--mapping", "family_voice")
    assert done.exit_code == 1
    assert "Line 3, Case reference: Fill in this cell." in done.stderr
    assert "Nothing was taken in" in done.stderr
    done = run_("load", bad, "--mapping", "family_voice", "--json")
    assert json.loads(done.stdout)["problems"][0]["line"] == 3
    with reading(database.sessions) as session:
        assert size(session) == 0


def test_a_mapping_is_copied_and_edited(run_: Operator, tmp_path: Path) -> None:
    assert "capita_one: " in run_("mapping").stdout
    copy = tmp_path / "ours.yaml"
    copy.write_text(run_("mapping", "capita_one").stdout)
    file = tmp_path / "export.csv"
    assert run_("example", "--mapping", copy, "--rows", 5, "-o", file).exit_code == 0
    assert "5 new" in run_("load", file, "--mapping", copy).stdout
    copy.write_text(copy.read_text().replace("plan_type:", "plan:"))
    done = run_("load", file, "--mapping", copy)
    assert done.exit_code == 1
    assert "ours.yaml, line" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("load", "/gone.csv", "--mapping", "family_voice"), "cannot be opened"),
        (("load", "/gone.csv", "--mapping", "nothing"), "no mapping and no file"),
        (("mapping", "nothing"), "no mapping of this name"),
        (("example", "-o", "/tmp/x.txt"), ".csv or .xlsx"),
        (("example", "-o", "/gone/x.csv"), "cannot be written"),
        (("example", "--framework", "none", "-o", "/tmp/x.csv"), "none"),
    ],
)
def test_what_is_wrong_is_one_line(run_: Operator, words: tuple[str, ...], says: str) -> None:
    done = run_(*words)
    assert done.exit_code == 1
    assert says in done.stderr


def test_many_gone_is_one_line_too(run_: Operator, tmp_path: Path) -> None:
    rows, file = children(40), tmp_path / "all.csv"
    file.write_bytes(as_file(rows).getvalue())
    run_("load", file, "--mapping", "family_voice")
    file.write_bytes(as_file(rows[:11]).getvalue())
    done = run_("load", file, "--mapping", "family_voice")
    assert done.exit_code == 1
    assert "--part" in done.stderr
    assert "0 gone" in run_("load", file, "--mapping", "family_voice", "--part").stdout
    assert "30 gone" in run_("load", file, "--mapping", "family_voice", "--sure").stdout
