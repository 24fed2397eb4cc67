"""The pack holds what consent allows, for those who read it, and nothing shows what is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.ledger import StoodDown
from family_voice.cases.linking import unlink
from family_voice.cases.looking import put_where, to_look_at
from family_voice.cases.standing_down import stand_down
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import (
    NOTES,
    PERMISSION,
    Channel,
    Finished,
    Manner,
    Recognised,
    Reopened,
    Withdrawn,
)
from family_voice.interviews.models import Interview
from family_voice.reports.case_pack import CasePack, case_pack, with_account
from family_voice.reports.childs_voice import ChildsVoice
from family_voice.security.sealing import destroy_key
from family_voice.security.trail import Actor
from family_voice.storage.locking import fetch
from tests.cases.households import SOMEBODY
from tests.reports.panel_round import (
    CHILDS,
    MOTHERS,
    SECRET,
    URDU,
    PanelRound,
    a_panel_round,
    say_no,
    told,
)


@pytest.fixture
def panel(session: Session, now: datetime) -> PanelRound:
    return a_panel_round(session, now)


def lines(pack: CasePack) -> dict[str, list[str]]:
    """The first side: sentences by place."""
    return {
        part.place.key: [line.text for line in part.lines]
        for question in pack.questions
        for part in question.parts
    }


def overleaf(pack: CasePack) -> str:
    return " ".join(
        line.text for full in pack.accounts for answer in full.answers for line in answer.lines
    )


def test_two_sides(session: Session, panel: PanelRound, now: datetime) -> None:
    pack = case_pack(session, panel.case, panel.member, now=now)
    assert lines(pack) == {
        "working_well": [],
        "difference": [CHILDS, "He has a friend now."],
        "worries": [SECRET],
        "next.child": [],
        "next.service": [URDU],
    }
    assert [line.is_child for line in pack.questions[1].parts[0].lines] == [True, False]
    assert overleaf(pack) == f"{CHILDS} {MOTHERS} {URDU}"
    assert [full.speaker.relationships for full in pack.accounts] == [
        ("young_person",),
        ("mother",),
    ]
    assert pack.accounts[1].answers[0].codes == ("Friends and joining in",)
    assert pack.accounts[1].language == "ur"
    assert (pack.voice, pack.marked) == (ChildsVoice.OWN_WORDS, True)
    assert [agency for agency, _name, view in pack.questions[0].views if view is None] == [
        "education", "health", "social_care", "front_line",
    ]  # fmt: skip


def test_a_worker_gets_no_marked_sentence_nor_a_sign_of_one(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    pack = case_pack(session, panel.case, panel.worker, now=now)
    assert SECRET not in str(pack)
    assert "never listens" not in str(pack)
    assert (pack.has_account, pack.marked) == (True, False)
    assert lines(pack)["worries"] == []
    # A code on the whole answer may be about the sentence that was left out.
    assert "Friends and joining in" not in str(pack)
    for together in ((panel.member, panel.worker), (panel.worker, panel.lead)):
        assert SECRET not in str(case_pack(session, panel.case, *together, now=now))


def _no_more_check(session: Session, panel: PanelRound, now: datetime) -> None:
    for interview in (panel.mother, panel.child):
        say_no(session, interview, now, Purpose.CHECK)


def _no_more_talk(session: Session, panel: PanelRound, now: datetime) -> None:
    for interview in (panel.mother, panel.child):
        say_no(session, interview, now, Purpose.TALK)


def _withdrawn(session: Session, panel: PanelRound, now: datetime) -> None:
    for interview in (panel.mother, panel.child):
        record.happen(session, interview, Withdrawn(Channel.WEB), now)


def _erased(session: Session, panel: PanelRound, now: datetime) -> None:
    for interview in (panel.mother, panel.child):
        destroy_key(session, fetch(session, Interview, interview).key_id, now)


def _unlinked(session: Session, panel: PanelRound, now: datetime) -> None:
    for interview in (panel.mother, panel.child):
        unlink(session, interview, now, panel.lead)


def _stood_down(session: Session, panel: PanelRound, now: datetime) -> None:
    stand_down(session, panel.case, StoodDown.MOVED, SOMEBODY, now)


def test_whatever_the_reason_there_is_no_account_and_no_more(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    silent = case_pack(session, panel.silent, panel.member, now=now)
    for happens in (
        _no_more_check, _no_more_talk, _withdrawn, _unlinked, _stood_down, _erased,
    ):  # fmt: skip
        with session.begin_nested() as beforehand:
            happens(session, panel, now)
            pack = case_pack(session, panel.case, panel.member, now=now)
            assert not pack.has_account, happens
            for found in (pack, silent):
                assert (found.speakers, found.accounts, found.voice, found.marked) == (
                    (), (), ChildsVoice.NOT_KNOWN, False,
                )  # fmt: skip
                assert not any(lines(found).values())
            assert with_account(session, [panel.case, panel.silent], panel.member, now=now) == set()
            beforehand.rollback()
        if happens is not _erased:
            assert case_pack(session, panel.case, panel.member, now=now).has_account


def test_one_of_two_says_no_and_only_theirs_is_gone(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    say_no(session, panel.child, now, Purpose.CHECK)
    pack = case_pack(session, panel.case, panel.member, now=now)
    assert CHILDS not in str(pack)
    assert overleaf(pack) == f"{MOTHERS} {URDU}"
    assert pack.voice is ChildsVoice.THROUGH_OTHERS
    record.decide(session, panel.child, Purpose.CHECK, True, channel=Channel.WEB, now=now)
    assert CHILDS in str(case_pack(session, panel.case, panel.member, now=now))


def test_half_an_account_waits_until_it_is_sent(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    told(session, panel.silent, "father", {"next.open": "Not done."}, now, finished=False)
    assert not case_pack(session, panel.silent, panel.member, now=now).has_account


def test_what_was_not_read_back_stands_overleaf_alone(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    told(session, panel.silent, "father", {"next.open": "A calm bus."}, now, read_back=False)
    pack = case_pack(session, panel.silent, panel.member, now=now)
    assert overleaf(pack) == "A calm bus."
    assert not pack.speakers[0].read_back
    record.happen(session, panel.mother, Reopened(Channel.WEB), now)
    record.write(
        session, panel.mother, "important.open", "He has a friend now. It is new.",
        channel=Channel.WEB, now=now,
    )  # fmt: skip
    assert "He has a friend now." not in str(
        lines(case_pack(session, panel.case, panel.member, now=now))
    )


def test_what_was_texted_beside_the_questions_waits_until_somebody_has_looked(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    words = "Yes, but please not the school"
    record.happen(session, panel.mother, Recognised(Channel.TEXT), now)
    said = record.say(session, panel.mother, words, channel=Channel.TEXT, prompt_id=NOTES, now=now)
    assert said.stored
    # It may be a condition, so nothing of the account goes out; the child's stands by itself.
    held = case_pack(session, panel.case, panel.member, now=now)
    assert words not in str(held)
    assert panel.mother not in held.words_of
    assert panel.child in held.words_of
    [waits] = to_look_at(session, panel.mother, panel.lead, now)
    put_where(
        session, panel.mother, {waits.piece.fragment_id: NOTES}, Actor("staff", panel.lead), now
    )
    assert words in str(case_pack(session, panel.case, panel.member, now=now))


def test_a_condition_holds_the_account_back_until_a_decision_is_written_down(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    words, by = "Yes, but please not the school", Actor("staff", panel.lead)
    record.happen(session, panel.mother, Recognised(Channel.TEXT), now)
    record.say(session, panel.mother, words, channel=Channel.TEXT, prompt_id=NOTES, now=now)
    [waits] = to_look_at(session, panel.mother, panel.lead, now)
    put_where(session, panel.mother, {waits.piece.fragment_id: PERMISSION}, by, now)

    def out(at: datetime) -> bool:
        pack = case_pack(session, panel.case, panel.member, now=at)
        assert words not in str(pack)
        return panel.mother in pack.words_of

    soon, later = now + timedelta(minutes=5), now + timedelta(minutes=10)
    assert not out(now)
    decide = partial(record.decide, session, panel.mother, channel=Channel.TELEPHONE)
    decide(Purpose.COUNT, True, now=soon)  # of something else, and by themselves
    assert not out(soon)
    decide(Purpose.CHECK, True, now=later, recorded_by=panel.lead)
    assert out(later)


def test_how_the_childs_voice_is_known(session: Session, panel: PanelRound, now: datetime) -> None:
    for relationship, speaker, manner, voice, is_child in (
        ("mother", "self", Manner.OWN_WORDS, ChildsVoice.THROUGH_OTHERS, False),
        ("mother", "young_person", Manner.OWN_WORDS, ChildsVoice.OWN_WORDS, True),
        ("mother", "child", Manner.OWN_WORDS, ChildsVoice.OWN_WORDS, True),
        ("mother", "child", Manner.OBSERVED, ChildsVoice.OBSERVED, True),
        ("mother", "child", Manner.SUMMARY, ChildsVoice.THROUGH_OTHERS, True),
        ("mother", "self", Manner.OBSERVED, ChildsVoice.OBSERVED, False),
        ("young_person", "self", Manner.OBSERVED, ChildsVoice.OBSERVED, True),
        ("young_person", "mother", Manner.OWN_WORDS, ChildsVoice.THROUGH_OTHERS, False),
    ):
        account = told(
            session, panel.silent, relationship, {"next.open": "Trains."}, now,
            manner=manner, speaker=speaker,
        )  # fmt: skip
        pack = case_pack(session, panel.silent, panel.member, now=now)
        assert pack.voice is voice, (relationship, speaker, manner)
        assert pack.accounts[0].answers[0].lines[0].is_child is is_child
        unlink(session, account, now, panel.lead)


def test_it_is_the_same_for_everybody_else(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    readers: list[UUID] = [panel.lead, panel.chair, panel.member]
    assert len({str(case_pack(session, panel.case, reader, now=now)) for reader in readers}) == 1


def test_what_came_after_its_day_is_an_addendum_and_what_was_only_opened_again_is_not(
    session: Session, panel: PanelRound, now: datetime
) -> None:
    after = datetime(2026, 12, 3, 9, tzinfo=UTC)  # heard by 2 December
    late = told(session, panel.case, "father", {"important.open": "He sleeps now."}, after)
    record.happen(session, panel.mother, Reopened(Channel.WEB), after)
    record.happen(session, panel.mother, Finished(Channel.WEB), after)
    assert fetch(session, Interview, panel.mother).sent_at == after
    pack = case_pack(session, panel.case, panel.member, now=after)
    assert {each.interview_id for each in pack.speakers if each.addendum} == {late}
    assert len(pack.speakers) == 3
