"""A backup that was changed, and a restore that must not go on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from family_voice.operations import restoring
from family_voice.operations.restoring import CannotRestore
from family_voice.security import chaining
from family_voice.security.erasures import FILE
from family_voice.security.models import DataKey
from family_voice.security.sealed_files import BrokenFile, opened
from tests.conftest import NOW
from tests.operations.conftest import Empty
from tests.operations.towns import LATER, RING, Town, sessions_of


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(bytes(whole))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def remove(path: Path) -> None:
    path.unlink()


def test_a_changed_backup_is_refused_before_anything_is_written(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    into = empty("sqlite")
    for path in (town.manifest(), town.tables(), town.key_copy()):
        whole = path.read_bytes()
        for harm in (flip, cut, remove):
            harm(path)
            with pytest.raises(CannotRestore, match=r"(was changed or is cut short|There is no)"):
                town.restore(into)
            path.write_bytes(whole)
    assert inspect(into).get_table_names() == []
    assert town.restore(into).tables > 30


def test_even_with_the_hashes_put_right_a_piece_cannot_be_changed(town: Town) -> None:
    town.family()
    town.back_up()
    for harm in (flip, cut):
        copy = shutil.copy(town.tables(), town.folder / "copy.tables")
        harm(Path(copy))
        with pytest.raises(BrokenFile):
            list(opened(Path(copy), RING))


def test_a_figure_changed_in_the_manifest_is_seen(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    said = json.loads(town.manifest().read_text())
    said["tables"]["interview"]["rows"] += 1
    town.manifest().write_text(json.dumps(said))
    with pytest.raises(CannotRestore, match="was changed"):
        town.restore(empty("sqlite"))


def test_a_ledger_that_is_missing_or_broken_stops_it(town: Town, empty: Empty) -> None:
    gone = town.family()
    town.takes_back(gone)
    town.back_up()
    into = empty("sqlite")
    ledger = town.evidence / FILE
    whole = ledger.read_bytes()
    ledger.write_bytes(whole.replace(b"interview", b"person"))
    with pytest.raises(CannotRestore, match="Bring the last whole copy"):
        town.restore(into)
    ledger.unlink()
    with pytest.raises(CannotRestore, match="lacks 1 erasures"):
        town.restore(into)
    with sessions_of(into)() as session:
        assert session.scalars(select(DataKey)).all() == []
    ledger.write_bytes(whole)
    assert town.restore(into).replayed == 0


def test_a_restore_that_was_not_finished_is_known(town: Town, empty: Empty) -> None:
    town.family()
    town.back_up()
    into = empty("sqlite")
    town.restore(into)
    with sessions_of(into).begin() as session:
        session.execute(text("UPDATE restoring SET finished_at = NULL"))
    with sessions_of(into)() as session:
        assert restoring.unfinished(session)


def test_the_trail_is_verified_after_it_lost_its_tail(town: Town, empty: Empty) -> None:
    town.family()
    chaining.seal(town.database.sessions, town.evidence, NOW)
    town.back_up()
    town.family()
    chaining.seal(town.database.sessions, town.evidence, LATER)
    report = town.restore(empty("sqlite"))
    assert report.trail.sound
    assert report.trail.restored == 1
