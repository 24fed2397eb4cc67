"""The search for what is left finds nothing after taking back, and everything somebody forgot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import AccountLink, PackSentence
from family_voice.interviews.models import Fragment, Interview
from family_voice.messages.models import InboundMessage
from family_voice.operations import reconcile
from family_voice.operations.reconcile import Searched, search
from family_voice.operations.tables import METADATA
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.models import DataKey
from family_voice.security.sealing import KeyKind, new_key
from family_voice.sharing import copies
from family_voice.storage.base import new_id
from family_voice.themes.models import CodingCommand
from tests.cases.households import NOW
from tests.operations.taking_back import text_something
from tests.reports.panel_round import PanelRound, a_panel_round

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def gone(session: Session) -> PanelRound:
    """The mother took everything back; her child's account stands."""
    made = a_panel_round(session, NOW)
    text_something(session, made.mother)
    withdraw(session, made.mother, Asked(Way.WEB, NOW.date()), LATER)
    session.flush()
    return made


def found(session: Session, **where: Any) -> Searched:
    return search(session, now=LATER, **where)


def test_nothing_is_left(session: Session, gone: PanelRound) -> None:
    done = found(session)
    assert done.found == ()
    assert (done.withdrawals, done.keys) == (1, 1)
    assert done.rows > 50


def fragment(session: Session, gone: PanelRound) -> None:
    session.add(
        Fragment(
            id=new_id(), interview_id=gone.mother, words=b"x", channel="web", manner="own_words",
            speaker="self", at=NOW,
        )
    )  # fmt: skip


def coding(session: Session, gone: PanelRound) -> None:
    session.add(
        CodingCommand(
            interview_id=gone.mother, number=1, action="put", code="friends", codebook_version=1,
            prompt="important.open", by=gone.lead, at=NOW,
        )
    )  # fmt: skip


def link(session: Session, gone: PanelRound) -> None:
    session.add(
        AccountLink(
            interview_id=gone.mother, number=1, case_id=gone.case, decision="linked", how="person",
            at=NOW,
        )
    )  # fmt: skip


def text(session: Session, gone: PanelRound) -> None:
    row = session.scalars(
        select(InboundMessage).where(InboundMessage.interview_id == gone.mother)
    ).one()
    row.body = b"sealed"


def speaker(session: Session, gone: PanelRound) -> None:
    session.get_one(Interview, gone.mother).speaker = b"sealed"


def key(session: Session, gone: PanelRound) -> None:
    new_key(session, KeyKind.INTERVIEW, gone.mother, NOW)


def undestroyed(session: Session, gone: PanelRound) -> None:
    key_id = session.get_one(Interview, gone.mother).key_id
    session.get_one(DataKey, key_id).wrapped = b"x"


def named_in_a_release(session: Session, gone: PanelRound) -> None:
    from family_voice.sharing.models import Release

    session.add(
        Release(
            number=1, round_id=gone.round_id, content={}, basis={"who": [gone.mother.hex]},
            made_at=NOW,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "leave",
    [fragment, coding, link, text, speaker, key, undestroyed, named_in_a_release],
    ids=lambda leave: leave.__name__,
)
def test_what_somebody_forgot_is_found(
    session: Session, gone: PanelRound, leave: Callable[[Session, PanelRound], None]
) -> None:
    leave(session, gone)
    session.flush()
    assert found(session).found != ()


def test_paper_is_left_until_somebody_says_it_is_destroyed(session: Session) -> None:
    made = a_panel_round(session, NOW)
    copies.make_copy(session, made.case, made.member, made.lead, NOW.date(), NOW)
    withdraw(session, made.mother, Asked(Way.WEB, NOW.date()), LATER)
    [left] = found(session).found
    assert left.where == "printed copy 1"
    copies.destroyed(session, made.case, 1, LATER)
    assert found(session).found == ()


@pytest.mark.parametrize("spelled", [str, lambda each: each.hex])
def test_a_file_that_names_an_erased_account(
    session: Session, gone: PanelRound, tmp_path: Path, spelled: Callable[[UUID], str]
) -> None:
    folder = tmp_path / "instance"
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / "old.csv").write_text(f"account\n{spelled(gone.mother)}\n")
    (folder / "other.csv").write_text(f"account\n{spelled(gone.child)}\n")
    done = found(session, files=[folder])
    [left] = done.found
    assert left.where.endswith("old.csv")
    assert done.files == 2


@pytest.mark.parametrize("name", ["before.db", "before.db-wal", "large.bin"])
def test_no_file_is_passed_over_for_its_name_or_size(
    session: Session, gone: PanelRound, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the database is a file like others; an id may stand across the end of a piece."""
    monkeypatch.setattr(reconcile, "PIECE", 64)
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / name).write_bytes(b"x" * 50 + gone.mother.hex.encode() + b"x" * 500)
    [left] = found(session, files=[folder]).found
    assert left.where.endswith(name)


def test_the_database_itself_is_searched_as_tables(
    session: Session, gone: PanelRound, tmp_path: Path
) -> None:
    """Its file holds the log, which may name an erased account."""
    session.commit()
    assert found(session, files=[tmp_path]).found == ()


def test_every_table_that_may_name_an_erased_account_exists() -> None:
    tables = {table.name for table in METADATA.sorted_tables}
    assert set(reconcile.MAY_NAME) <= tables
    assert set(reconcile.MAY_HOLD) <= tables


def test_the_sentences_of_others_are_no_residue(session: Session, gone: PanelRound) -> None:
    assert session.scalars(select(PackSentence)).all() != []
