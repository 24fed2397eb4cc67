"""Who was drawn and reached, beside the caseload of the day of the draw."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.drift import drift
from family_voice.cases.ledger import Outcome, StoodDown
from family_voice.cases.models import Attempt
from family_voice.cases.not_heard import Kind
from family_voice.cases.reading import round_ledger
from family_voice.cases.standing_down import stand_down
from tests.cases.caseloads import a_caseload, a_themed_round, drawn_with_names
from tests.cases.households import NOW, SOMEBODY, a_full_round

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_draw_is_compared_with_the_caseload_of_its_day(session: Session) -> None:
    a_caseload(session)
    round_id = a_themed_round(session)
    drawn_with_names(session, round_id)
    a_caseload(session, first=60)  # what came later changes nothing
    found = drift(session, [round_id], NOW)
    assert found.children == 60
    assert found.caseload[Kind.PLAN] == {"sen_support": 20, "ehcp": 40}
    assert found.caseload[Kind.NEED] == {"semh": 30, "cognition": 30}
    assert found.caseload[Kind.GROUP] == {"looked_after": 12}
    assert len({family for its in found.drawn[Kind.PLAN].values() for family in its.families}) == 6
    assert found.reached == frozenset()


def test_without_a_draw_it_is_todays_caseload(session: Session) -> None:
    a_caseload(session, size=10)
    assert drift(session, [a_full_round(session)], NOW).children == 10


def test_a_no_on_the_telephone_was_reached_and_no_answer_was_not(session: Session) -> None:
    round_id = a_full_round(session)
    cases = round_ledger(session, round_id, NOW).cases
    for case, outcome in zip(
        cases, (Outcome.DECLINED, Outcome.NO_ANSWER, Outcome.SPOKE), strict=False
    ):
        session.add(
            Attempt(case_id=case.case_id, channel="telephone", outcome=outcome.value, at=NOW)
        )
    session.flush()
    assert len(drift(session, [round_id], NOW).reached) == 2
    stand_down(session, cases[0].case_id, StoodDown.MOVED, SOMEBODY, NOW)
    assert len(drift(session, [round_id], NOW).reached) == 1
