"""A round's sample: drawn once, kept, filled where it has come free, and the door for its names."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.cases import drawing, standing_down
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.cases.drawing import draw_sample, outlook, pick_by_hand, stand_down_place
from family_voice.cases.importing import CaseloadRefused, import_cases
from family_voice.cases.ledger import StoodDown
from family_voice.cases.sampled import How, SampleView, Why, sample_of
from family_voice.cases.sampling import LeftOut, NoRoom, NotEnough
from family_voice.security.blind import blind_index
from tests.cases.caseloads import a_caseload, a_themed_round, file_for, references
from tests.cases.households import NOW, SOMEBODY, a_full_round

SEED = 20261118
one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def drawn(session: Session, round_id: UUID) -> SampleView:
    return draw_sample(session, round_id, None, NOW, seed=SEED)


def test_the_same_seed_draws_the_same_cases_on_both_databases(session: Session) -> None:
    """The references are written out: SQLite and PostgreSQL are held to the same ones."""
    a_caseload(session)
    sample = drawn(session, a_themed_round(session))
    assert references(sample) == [
        "CL-041", "CL-011", "CL-057", "CL-053", "CL-017", "CL-045",
    ]  # fmt: skip
    assert sample.draw
    assert (sample.draw.seed, sample.draw.seed_given) == (SEED, True)
    assert (sample.draw.in_caseload, sample.empty) == (60, 0)
    assert sample.draw.left_out == {LeftOut.THEME: 30, LeftOut.AUDITED: 4}
    assert {line.how for line in sample.lines} == {How.DRAWN}
    by_session = Counter((line.session_number, line.plan_type) for line in sample.lines)
    assert sum(by_session.values()) == 6
    assert {(1, "ehcp"), (2, "ehcp")} <= set(by_session)


@one_database
def test_chance_makes_the_seed_and_it_is_kept(session: Session) -> None:
    a_caseload(session)
    first, second = (a_themed_round(session, term) for term in ("Autumn 2026", "Another"))
    one = draw_sample(session, first, None, NOW)
    assert one.draw
    assert not one.draw.seed_given
    again = draw_sample(session, second, None, NOW, seed=one.draw.seed)
    # Whoever is in one round is not drawn for another a few months later.
    assert not set(references(one)) & set(references(again))
    with pytest.raises(drawing.NothingToDraw):
        draw_sample(session, first, None, NOW)


@one_database
def test_a_draw_says_who_could_not_be_drawn(session: Session) -> None:
    a_caseload(session, size=6)
    round_id = a_themed_round(session)
    with pytest.raises(NotEnough) as lacked:
        draw_sample(session, round_id, None, NOW)
    found = outlook(session, round_id, NOW)
    assert lacked.value.lacking == found.lacking
    assert found.left_out == {LeftOut.THEME: 3}
    assert sample_of(session, round_id).draw is None
    short = draw_sample(session, round_id, None, NOW, short=True)
    assert (len(short.lines), short.empty) == (3, 3)
    # More of them are in the caseload by the next day, and go on the places that nobody had.
    a_caseload(session, first=10)
    assert draw_sample(session, round_id, None, NOW + timedelta(days=1)).empty == 0


@one_database
def test_nothing_to_draw_from(session: Session) -> None:
    round_id = a_themed_round(session)
    with pytest.raises(drawing.NoCaseload):
        draw_sample(session, round_id, None, NOW)
    assert outlook(session, round_id, NOW).in_caseload == 0


@one_database
def test_only_what_is_stood_down_is_replaced(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    before = drawn(session, round_id)
    gone = before.lines[2]
    assert gone.place_id
    stand_down_place(session, gone.place_id, StoodDown.MOVED, NOW)
    with pytest.raises(standing_down.AlreadyStoodDown):
        stand_down_place(session, gone.place_id, StoodDown.MOVED, NOW)
    with pytest.raises(drawing.SeedIsKept):
        drawn(session, round_id)
    after = draw_sample(session, round_id, None, NOW + timedelta(days=3))
    kept = [(line.reference, line.session_number) for line in before.lines if line != gone]
    assert [(line.reference, line.session_number) for line in after.standing][:5] == kept
    new = after.lines[6]
    assert (new.how, new.instead_of) == (How.REPLACEMENT, gone.number)
    assert new.session_number == gone.session_number
    assert new.reference not in references(before)
    assert after.empty == 0


@one_database
def test_picked_by_hand_and_recorded_as_such(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    # Audited lately, and not on the theme: the rule would never have drawn it.
    line = pick_by_hand(session, round_id, " cl-014", Why.COMPLAINT, None, NOW)
    assert (line.how, line.why, line.left_out) == (How.BY_HAND, Why.COMPLAINT, LeftOut.THEME)
    sample = drawn(session, round_id)
    assert len(sample.lines) == 6
    assert sample.lines[0].reference == "CL-014"
    with pytest.raises(drawing.InSampleAlready):
        pick_by_hand(session, round_id, "CL-014", Why.OTHER, None, NOW)
    with pytest.raises(drawing.NotInCaseload):
        pick_by_hand(session, round_id, "CL-999", Why.OTHER, None, NOW)
    with pytest.raises(drawing.NothingToDraw):
        pick_by_hand(session, round_id, "CL-001", Why.OTHER, None, NOW)


@one_database
def test_no_room_for_a_sixth_of_one_kind(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    for number in (1, 2, 4, 5, 7):
        pick_by_hand(session, round_id, f"CL-{number:03}", Why.ASKED_FOR, None, NOW)
    with pytest.raises(NoRoom):
        pick_by_hand(session, round_id, "CL-008", Why.ASKED_FOR, None, NOW)
    assert drawn(session, round_id).standing[-1].plan_type == "sen_support"


@one_database
def test_only_cases_of_the_sample_come_in_by_file(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    sample = drawn(session, round_id)
    with pytest.raises(CaseloadRefused) as refused:
        import_cases(session, round_id, EXAMPLE.read_bytes(), NOW)
    assert {problem.column for problem in refused.value.problems} == {"case reference"}
    assert len(sample.waiting) == 6
    import_cases(session, round_id, file_for(sample), NOW)
    sample = sample_of(session, round_id)
    assert sample.waiting == ()
    assert all(line.case_id for line in sample.lines)
    place = sample.lines[0].place_id
    assert place
    with pytest.raises(drawing.HasItsCase):
        stand_down_place(session, place, StoodDown.MOVED, NOW)


@one_database
def test_a_case_that_was_replaced_cannot_come_back(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    import_cases(session, round_id, file_for(drawn(session, round_id)), NOW)
    case_id = sample_of(session, round_id).lines[4].case_id
    assert case_id
    standing_down.stand_down(session, case_id, StoodDown.MOVED, SOMEBODY, NOW)
    standing_down.put_back(session, case_id, SOMEBODY, NOW)
    standing_down.stand_down(session, case_id, StoodDown.DRAWN_IN_ERROR, SOMEBODY, NOW)
    after = draw_sample(session, round_id, None, NOW)
    assert [line.instead_of for line in after.waiting] == [5]
    with pytest.raises(standing_down.Replaced):
        standing_down.put_back(session, case_id, SOMEBODY, NOW)


@one_database
def test_cases_that_came_without_a_draw_are_shown_as_picked(session: Session) -> None:
    round_id = a_full_round(session)
    sample = sample_of(session, round_id)
    assert {(line.how, line.why) for line in sample.lines} == {(How.BY_HAND, Why.WITH_FILE)}
    assert (sample.empty, sample.closed) == (0, False)
    with pytest.raises(drawing.NothingToDraw):
        draw_sample(session, round_id, None, NOW)


def test_who_was_in_another_round_is_left_out_by_reference(session: Session) -> None:
    a_caseload(session)
    first = a_themed_round(session)
    import_cases(session, first, file_for(drawn(session, first)), NOW)
    second = a_themed_round(session, "Spring 2027", "cognition")
    a_caseload(session, first=60)
    found = outlook(session, a_themed_round(session, "Summer 2027"), NOW)
    assert found.left_out[LeftOut.AUDITED] == 6 + 9
    assert outlook(session, second, NOW).left_out[LeftOut.AUDITED] == 9


def test_a_child_that_left_the_caseload_stays_in_the_figures(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    sample = drawn(session, round_id)
    entry = session.scalar(
        select(CaseloadEntry.id).where(
            CaseloadEntry.reference_index
            == blind_index(session, "reference", references(sample)[0])
        )
    )
    session.execute(delete(CaseloadEntry).where(CaseloadEntry.id == entry))
    session.expire_all()
    first = sample_of(session, round_id).lines[0]
    assert (first.reference, first.gone, first.plan_type) == ("", True, sample.lines[0].plan_type)
    assert first.place_id
    stand_down_place(session, first.place_id, StoodDown.MOVED, NOW)
    assert draw_sample(session, round_id, None, NOW).empty == 0


@one_database
def test_a_round_that_is_over_stays_as_it_is(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    later = NOW + timedelta(days=90)
    with pytest.raises(drawing.RoundIsOver):
        draw_sample(session, round_id, None, later)
    with pytest.raises(drawing.RoundIsOver):
        pick_by_hand(session, round_id, "CL-001", Why.OTHER, None, later)
