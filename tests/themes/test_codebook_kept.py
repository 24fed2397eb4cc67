"""The codebook as it is kept, and what a change of it does to what was coded before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.storage.locking import Missing
from family_voice.themes import codebook_changing, coding
from family_voice.themes.codebook import load_codebook
from family_voice.themes.codebook_changes import (
    BringBack,
    Kind,
    Merge,
    Move,
    NameGroup,
    Retire,
    Reword,
    Split,
)
from family_voice.themes.codebook_changing import MovedOn, ReasonMissing
from family_voice.themes.codebook_models import CodebookVersion
from family_voice.themes.codebook_wording import BadChange
from family_voice.themes.codebooks import at_version, current
from family_voice.themes.coding import NoSuchCode
from tests.conftest import NOW, Database
from tests.themes.test_codebook_changes import wording
from tests.themes.test_coding import ANSWER, OTHER, lead, told

STARTER = load_codebook()


def test_the_starter_is_current_until_somebody_changes_something(session: Session) -> None:
    assert current(session) is STARTER
    assert at_version(session, STARTER.version) is STARTER
    assert codebook_changing.history(session) == ()
    with pytest.raises(Missing):
        at_version(session, STARTER.version + 1)
    amina = lead(session)
    new = codebook_changing.change(
        session, Retire("hopes"), STARTER.version, " Nobody used it. ", amina, NOW
    )
    assert current(session) == new
    assert at_version(session, STARTER.version) == STARTER
    assert at_version(session, new.version) == new
    (made,) = codebook_changing.history(session)
    assert (made.kind, made.about, made.reason, made.by) == (
        Kind.RETIRE, ("hopes",), "Nobody used it.", amina,
    )  # fmt: skip
    assert codebook_changing.history(session, "waiting") == ()
    row = session.scalar(select(CodebookVersion).where(CodebookVersion.version == new.version))
    assert row is not None
    assert b"Nobody" not in (row.reason or b"")


def test_a_change_needs_a_reason_and_the_newest_version(session: Session) -> None:
    amina, seen = lead(session), STARTER.version
    with pytest.raises(ReasonMissing):
        codebook_changing.change(session, Retire("hopes"), seen, "  ", amina, NOW)
    with pytest.raises(BadChange):
        codebook_changing.change(session, Retire("nothing"), seen, "Why not", amina, NOW)
    codebook_changing.change(session, Retire("hopes"), seen, "Nobody used it", amina, NOW)
    with pytest.raises(MovedOn):
        codebook_changing.change(session, Retire("friends"), seen, "Nobody used it", amina, NOW)
    assert [made.about for made in codebook_changing.history(session)] == [("hopes",)]


def test_of_two_at_once_one_is_told_that_the_codebook_has_moved_on(database: Database) -> None:
    with database.sessions.begin() as session:
        amina = lead(session)

    def retire(code: str) -> bool:
        try:
            with database.sessions.begin() as session:
                current(session)
                codebook_changing.change(session, Retire(code), STARTER.version, "Both", amina, NOW)
        except MovedOn:
            return False
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(retire, ["hopes", "friends"])) == [False, True]
    with database.sessions.begin() as session:
        assert current(session).version == STARTER.version + 1


def test_every_change_can_be_taken_back_by_another(session: Session) -> None:
    amina, seen = lead(session), STARTER.version
    codebook_changing.change(
        session, Reword("waiting", wording("Time waited")), seen, "Plainer", amina, NOW
    )
    codebook_changing.change(
        session, NameGroup("life_now", "Life today"), seen + 1, "New", amina, NOW
    )
    codebook_changing.change(session, Move("hopes", "life_now"), seen + 2, "Nearer", amina, NOW)
    new = codebook_changing.undo(session, seen + 1, seen + 3, "It was plain enough", amina, NOW)
    assert new.code("waiting") == STARTER.code("waiting")
    assert new.group_of("hopes").name == "Life today"
    made = codebook_changing.history(session)
    assert [each.kind for each in made] == [Kind.UNDO, Kind.MOVE, Kind.NAME_GROUP, Kind.RENAME]
    assert made[0].undoes == seen + 1
    with pytest.raises(Missing):
        codebook_changing.undo(session, seen, seen + 4, "The starter", amina, NOW)
    with pytest.raises(BadChange):
        codebook_changing.undo(session, seen + 1, seen + 4, "Again", amina, NOW)


def test_what_was_coded_follows_a_merge_and_goes_back_with_it(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    seen = STARTER.version
    for code in ("answers", "waiting"):
        coding.put(session, interview_id, ANSWER, code, amina, NOW)
    coding.put(session, interview_id, OTHER, "answers", amina, NOW)
    codebook_changing.change(session, Merge("answers", "waiting"), seen, "The same", amina, NOW)
    merged = coding.coded(session, interview_id)
    assert merged.codes_on(ANSWER) == merged.codes_on(OTHER) == ("waiting",)
    with pytest.raises(NoSuchCode):
        coding.put(session, interview_id, OTHER, "answers", amina, NOW)
    # Whoever takes the one code off that they see means both that it was.
    assert (
        coding.take_off(session, interview_id, ANSWER, "waiting", amina, NOW).codes_on(ANSWER) == ()
    )
    assert coding.undo(session, interview_id, amina, NOW).codes_on(ANSWER) == ("waiting",)
    coding.redo(session, interview_id, amina, NOW)
    codebook_changing.change(session, BringBack("answers"), seen + 1, "Not so", amina, NOW)
    apart = coding.coded(session, interview_id)
    assert apart.codes_on(ANSWER) == ()
    assert apart.codes_on(OTHER) == ("answers",)


def test_taking_off_before_a_merge_took_off_one_of_the_two(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    for code in ("waiting", "answers"):
        coding.put(session, interview_id, ANSWER, code, amina, NOW)
    coding.take_off(session, interview_id, ANSWER, "answers", amina, NOW)
    codebook_changing.change(
        session, Merge("answers", "waiting"), STARTER.version, "The same", amina, NOW
    )
    assert coding.coded(session, interview_id).codes_on(ANSWER) == ("waiting",)


def test_codings_keep_their_version_and_stand_when_a_code_is_split(session: Session) -> None:
    interview_id, amina = told(session), lead(session)
    coding.put(session, interview_id, ANSWER, "waiting", amina, NOW)
    parts = (wording("Waiting for a place"), wording("Waiting for a name"))
    codebook_changing.change(
        session, Split("waiting", parts), STARTER.version, "Too wide", amina, NOW
    )
    assert coding.coded(session, interview_id).codes_on(ANSWER) == ("waiting",)
    coding.put(session, interview_id, ANSWER, "waiting_for_a_place", amina, NOW)
    coding.take_off(session, interview_id, ANSWER, "waiting", amina, NOW)
    assert coding.coded(session, interview_id).codes_on(ANSWER) == ("waiting_for_a_place",)
