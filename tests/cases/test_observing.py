"""Listening to a child without words: visits, and a sign for no that is a no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from family_voice.cases import observing, who_decides
from family_voice.cases.observing import NoSign, NotAgreed, Stopped, ToCome
from family_voice.cases.permission import NotForUs, account_for, panel_may_read
from family_voice.cases.reading import CaseView
from family_voice.cases.talking import MayNotAsk, begin_talk
from family_voice.consent.judging import NotWritten
from family_voice.consent.statements import Purpose
from family_voice.consent.who import Obstacle
from family_voice.interviews import record
from family_voice.interviews.errors import NotTheirs
from family_voice.interviews.events import Channel, Finished, Manner
from family_voice.interviews.forgetting import forget
from family_voice.interviews.guide import load_guide
from family_voice.interviews.manners import Helper
from family_voice.interviews.noting import Note, take_down
from family_voice.interviews.visits import visits_of
from family_voice.interviews.voices import say_who_helped
from family_voice.operations import clearing
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker

MAISIE = "EX-004"
NO = "Turns her face away and goes still"
SAW = "She took my hand and put it on the drum."
OPEN, WELL = "important.open", "working_well.open"


@pytest.fixture
def round_id(session: Session) -> UUID:
    return a_full_round(session)


@pytest.fixture
def view(session: Session, round_id: UUID) -> CaseView:
    return case(session, round_id, MAISIE)


@pytest.fixture
def other(session: Session, round_id: UUID) -> CaseView:
    return case(session, round_id, "EX-001")


@pytest.fixture
def staff(session: Session) -> UUID:
    return add_staff(session, email="l@b.example", roles=[Role.LEAD], now=NOW).staff_id


def signs(session: Session, view: CaseView) -> None:
    observing.keep_signs(
        session, view.case_id, no=NO, yes="Hums", told_by="Deb, her mother", by=SOMEBODY, now=NOW
    )


def agreed(session: Session, view: CaseView, staff: UUID) -> UUID:
    """Her mother decides for her, and says yes."""
    signs(session, view)
    who_decides.judge(
        session, view.case_id, able=False, judged_by="Miss Ali", why="She is seven and does not "
        "follow what we ask.", representative_id=speaker(view, "Deb").person.id, by=SOMEBODY,
        now=NOW,
    )  # fmt: skip
    child = observing.observed(session, view.case_id, staff, NOW).talk
    assert child is not None
    interview_id = begin_talk(
        session, view.case_id, child.person.id, Channel.FACE_TO_FACE, came_to_us=False,
        by=SOMEBODY, now=NOW,
    )  # fmt: skip
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(
            session, interview_id, purpose, True, channel=Channel.FACE_TO_FACE, now=NOW,
            recorded_by=staff,
        )  # fmt: skip
    return interview_id


def visit(session: Session, view: CaseView, days_ago: int = 0) -> UUID:
    visit_id = uuid4()
    observing.begin_visit(
        session, view.case_id, visit_id, on=NOW.date() - timedelta(days=days_ago),
        place="School garden", observer="Me, with Miss Ali", by=SOMEBODY, now=NOW,
    )  # fmt: skip
    return visit_id


def note(text: str, prompt_id: str = OPEN, known: UUID | None = None) -> Note:
    return Note(prompt_id, (known or uuid4(),), text, Manner.OWN_WORDS)


def test_nobody_visits_before_their_no_is_known_and_somebody_agreed(
    session: Session, view: CaseView, staff: UUID
) -> None:
    with pytest.raises(NoSign):
        visit(session, view)
    with pytest.raises(NotWritten):
        observing.keep_signs(
            session, view.case_id, no=" ", yes="", told_by="Deb", by=SOMEBODY, now=NOW
        )
    signs(session, view)
    with pytest.raises(MayNotAsk) as why:
        visit(session, view)
    assert why.value.obstacle is Obstacle.NOT_JUDGED
    who_decides.judge(
        session, view.case_id, able=False, judged_by="Miss Ali", why="She is seven.",
        representative_id=speaker(view, "Deb").person.id, by=SOMEBODY, now=NOW,
    )  # fmt: skip
    with pytest.raises(NotAgreed):
        visit(session, view)


def test_what_is_seen_over_several_visits_is_kept_as_seen(
    session: Session, view: CaseView, staff: UUID
) -> None:
    interview_id = agreed(session, view, staff)
    with pytest.raises(ToCome):
        visit(session, view, days_ago=-1)
    first, second = visit(session, view, 7), visit(session, view)
    observing.write_seen(session, view.case_id, first, note(SAW), staff, NOW)
    observing.write_seen(session, view.case_id, second, note("She hummed.", WELL), staff, NOW)
    found = observing.observed(session, view.case_id, staff, NOW)
    assert [(each.visit.place, [p.text for _at, p in each.pieces]) for each in found.visits] == [
        ("School garden", [SAW]), ("School garden", ["She hummed."]),
    ]  # fmt: skip
    pieces = [p for a in record.account(session, interview_id).answers for p in a.pieces]
    assert {(p.manner, p.visit_id) for p in pieces} == {
        (Manner.OBSERVED, first), (Manner.OBSERVED, second),
    }  # fmt: skip


@pytest.mark.parametrize("relabelled", [False, True])
def test_what_was_seen_on_a_visit_stays_that_whoever_puts_it_right(
    session: Session, view: CaseView, staff: UUID, relabelled: bool
) -> None:
    interview_id = agreed(session, view, staff)
    first = visit(session, view)
    kept = observing.write_seen(session, view.case_id, first, note(SAW), staff, NOW).fragment_id
    assert kept is not None
    better = "She took both hands."
    if relabelled:
        on_the_pad = Note(OPEN, (kept,), better, Manner.OWN_WORDS, new_id=uuid4())
        take_down(session, interview_id, on_the_pad, channel=Channel.TELEPHONE, by=staff, now=NOW)
    else:
        record.write(session, interview_id, OPEN, better, channel=Channel.WEB, now=NOW)
    answer = record.account(session, interview_id).answer(OPEN)
    assert answer is not None
    assert [(p.text, p.manner, p.visit_id) for p in answer.pieces] == [
        (better, Manner.OBSERVED, first)
    ]


def test_their_sign_for_no_stops_the_visit_and_everything_else(
    session: Session, view: CaseView, staff: UUID
) -> None:
    interview_id = agreed(session, view, staff)
    first = visit(session, view)
    observing.write_seen(session, view.case_id, first, note(SAW), staff, NOW)
    assert panel_may_read(session, interview_id, NOW)
    observing.said_no(session, view.case_id, first, SOMEBODY, NOW)
    assert not panel_may_read(session, interview_id, NOW)
    with pytest.raises(NotForUs):
        account_for(session, interview_id, staff, NOW)
    with pytest.raises(Stopped):
        observing.write_seen(session, view.case_id, first, note("More."), staff, NOW)
    with pytest.raises(MayNotAsk) as why:
        visit(session, view)
    assert why.value.obstacle is Obstacle.OWN_NO
    found = observing.observed(session, view.case_id, staff, NOW)
    assert found.visits[0].visit.stopped_at == NOW
    assert not found.visits[0].pieces
    assert not found.may_visit
    # What was seen is destroyed with the other words of who said no.
    assert interview_id in clearing.after_a_no(session, NOW + timedelta(days=1))
    # A mother's yes does not go before it.
    with pytest.raises(NotTheirs):
        record.decide(
            session, interview_id, Purpose.TALK, True, channel=Channel.FACE_TO_FACE, now=NOW,
            recorded_by=staff,
        )  # fmt: skip


def test_a_later_visit_opens_again_what_was_sent(
    session: Session, view: CaseView, staff: UUID
) -> None:
    interview_id = agreed(session, view, staff)
    first = visit(session, view, 3)
    observing.write_seen(session, view.case_id, first, note(SAW), staff, NOW)
    record.happen(session, interview_id, Finished(Channel.FACE_TO_FACE), NOW, recorded_by=staff)
    second = visit(session, view)
    observing.write_seen(session, view.case_id, second, note("She hummed.", WELL), staff, NOW)
    assert len(observing.observed(session, view.case_id, staff, NOW).visits) == 2


def test_what_somebody_saw_answers_nothing_for_the_child(
    session: Session, view: CaseView, staff: UUID
) -> None:
    interview_id = agreed(session, view, staff)
    seen = visit(session, view)
    known, other = uuid4(), uuid4()
    observing.write_seen(session, view.case_id, seen, note(SAW, known=known), staff, NOW)
    observing.write_seen(session, view.case_id, seen, note("She hummed.", WELL, other), staff, NOW)
    observing.write_seen(session, view.case_id, seen, note("She smiled.", known=known), staff, NOW)
    observing.write_seen(session, view.case_id, seen, note("", WELL, other), staff, NOW)
    state = record.state_of(session, interview_id)
    assert {OPEN, WELL} <= set(state.left(load_guide("child", "en")))
    record.write(
        session, interview_id, OPEN, "I like the bees.", channel=Channel.WEB, now=NOW, over=()
    )
    assert OPEN not in record.state_of(session, interview_id).left(load_guide("child", "en"))


def test_when_it_is_taken_back_the_visits_go_too(
    session: Session, view: CaseView, staff: UUID
) -> None:
    interview_id = agreed(session, view, staff)
    first = visit(session, view)
    observing.write_seen(session, view.case_id, first, note(SAW), staff, NOW)
    forget(session, interview_id)
    assert visits_of(session, interview_id) == ()


def test_pressed_twice_it_is_one_visit(session: Session, view: CaseView, staff: UUID) -> None:
    agreed(session, view, staff)
    named = uuid4()
    for _press in range(2):
        observing.begin_visit(
            session, view.case_id, named, on=NOW.date(), place="Home", observer="Me",
            by=SOMEBODY, now=NOW,
        )  # fmt: skip
    assert len(observing.observed(session, view.case_id, staff, NOW).visits) == 1


def test_another_cases_visit_is_not_there(
    session: Session, view: CaseView, staff: UUID, other: CaseView
) -> None:
    agreed(session, view, staff)
    first = visit(session, view)
    for doing in _with_the_visit(session, other, first, staff):
        with pytest.raises(LookupError):
            doing()


def test_who_helped_stays_on_each_piece(session: Session, view: CaseView, staff: UUID) -> None:
    interview_id = agreed(session, view, staff)
    record.say(session, interview_id, "Drum.", channel=Channel.WEB, prompt_id=OPEN, now=NOW)
    say_who_helped(session, interview_id, Helper.PARENT)
    record.say(session, interview_id, "Bus.", channel=Channel.WEB, prompt_id=OPEN, now=NOW)
    say_who_helped(session, interview_id, Helper.SCHOOL)
    record.say(session, interview_id, "Sea.", channel=Channel.WEB, prompt_id=OPEN, now=NOW)
    answer = record.account(session, interview_id).answer(OPEN)
    assert answer is not None
    assert [p.helped_by for p in answer.pieces] == [Helper.PARENT, Helper.PARENT, Helper.SCHOOL]


def _with_the_visit(
    session: Session, other: CaseView, visit_id: UUID, staff: UUID
) -> list[Callable[[], object]]:
    return [
        lambda: observing.said_no(session, other.case_id, visit_id, SOMEBODY, NOW),
        lambda: observing.write_seen(session, other.case_id, visit_id, note("x"), staff, NOW),
    ]
