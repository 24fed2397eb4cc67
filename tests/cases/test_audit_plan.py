"""The plan of a year's audits: deciding what is to come, and what stands beside it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.audit_calendar import What
from family_voice.cases.audit_plan import (
    AlreadyOpened,
    CannotPlan,
    PlanChanged,
    PlanProblem,
    Reason,
    became,
    drop,
    keep,
    planned,
)
from family_voice.cases.audit_year import Entry, entry, to_open, year
from family_voice.cases.plan_words import in_one_line, period_name
from family_voice.cases.rounds import open_round
from family_voice.frameworks.loader import version_in_force
from family_voice.storage.locking import Missing
from tests.cases.households import NOW, a_round, framework

TODAY = NOW.date()
SPRING = date(2027, 1, 1)
THEMES = {"area_of_need": ["semh"]}
DAYS = (date(2027, 3, 10), date(2027, 3, 17))


def plan(session: Session, begins: date = SPRING, **others: Any) -> UUID:
    """A plan for the spring, with one thing otherwise."""
    rule = framework()
    given: dict[str, Any] = {"themes": THEMES, "reasons": ["complaints"], "held_on": DAYS}
    given |= {"version": 0} | others
    return keep(session, rule, rule.main_audit.id, begins, **given)


def spring(session: Session) -> Entry:
    return entry(session, framework(), framework().main_audit.id, SPRING)


def test_a_year_by_the_frameworks_rhythm(session: Session) -> None:
    a_round(session)
    plan(session)
    found = year(session, framework(), 2026, TODAY)
    assert [period_name(each.period) for each in found] == [
        "Autumn term 2026", "Spring term 2027", "Summer term 2027",
    ]  # fmt: skip
    autumn, coming, summer = found
    assert [each.term for each in autumn.rounds] == ["Autumn 2026"]
    assert [each.day for each in autumn.deadlines if each.what is What.MEET] == [
        session.held_on for session in autumn.rounds[0].sessions
    ]
    assert coming.theme_names == ("Social, emotional and mental health",)
    assert coming.planned
    assert coming.planned.reasons == (Reason.COMPLAINTS,)
    assert coming.deadlines[0].what is What.OPEN
    assert in_one_line(coming, coming.deadlines[0]) == (
        "Open the round and draw the cases: Multi-agency assurance, Spring term 2027"
    )
    assert (summer.is_decided, [each.what for each in summer.deadlines]) == (False, [What.DECIDE])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "problems"),
    [
        ({"begins": date(2027, 1, 2)}, {PlanProblem.NO_SUCH_PERIOD}),
        ({"themes": {"area_of_need": ["nothing"]}}, {PlanProblem.UNKNOWN_THEME}),
        ({"themes": {"nothing": ["semh"]}}, {PlanProblem.UNKNOWN_THEME}),
        ({"reasons": ["a wish"]}, {PlanProblem.UNKNOWN_REASON}),
        ({"held_on": (DAYS[0], None)}, {PlanProblem.SOME_DAYS_MISSING}),
        ({"held_on": DAYS[::-1]}, {PlanProblem.NOT_IN_ORDER}),
        ({"held_on": (DAYS[0], date(2027, 3, 14))}, {PlanProblem.NOT_A_WORKING_DAY}),
        ({"held_on": (date(2026, 12, 9), DAYS[1])}, {PlanProblem.BEFORE_ITS_PERIOD}),
        (
            {"reasons": ["x"], "held_on": (DAYS[1], date(2026, 12, 5))},
            {
                PlanProblem.UNKNOWN_REASON, PlanProblem.NOT_IN_ORDER,
                PlanProblem.NOT_A_WORKING_DAY, PlanProblem.BEFORE_ITS_PERIOD,
            },
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_changes_nothing(
    session: Session, wrong: dict[str, Any], problems: set[PlanProblem]
) -> None:
    with pytest.raises(CannotPlan) as refused:
        plan(session, **wrong)
    assert set(refused.value.problems) == problems
    assert spring(session).planned is None


def test_no_days_and_no_theme_yet(session: Session) -> None:
    plan(session, themes={}, reasons=[], held_on=(None, None))
    it = spring(session)
    assert it.planned
    assert (it.planned.held_on, it.planned.themes) == ((), {})
    assert [each.what for each in it.deadlines] == [What.DECIDE]
    # What is planned can be opened until its period is over, and no longer.
    for today, is_there in ((NOW.date(), True), (it.period.last, True), (date(2027, 5, 1), False)):
        assert (it in to_open(session, framework(), today)) is is_there


def test_two_who_change_it_at_once(session: Session) -> None:
    plan_id = plan(session)
    seen = planned(session, plan_id).version
    assert plan(session, reasons=["inspection"], version=seen) == plan_id
    for version in (seen, 0):
        with pytest.raises(PlanChanged) as refused:
            plan(session, version=version)
        assert refused.value.standing
        assert refused.value.standing.reasons == (Reason.INSPECTION,)
    drop(session, plan_id)
    with pytest.raises(PlanChanged) as refused:
        plan(session, version=seen + 1)
    assert refused.value.standing is None
    assert plan(session) != plan_id
    with pytest.raises(Missing):
        drop(session, plan_id)


def test_a_plan_becomes_a_round(session: Session) -> None:
    plan_id = plan(session)
    opened = open_round(
        session, term="Spring 2027", themes=THEMES, held_on=(date(2027, 5, 12), date(2027, 5, 19)),
        framework=framework(), now=NOW,
    )  # fmt: skip
    # By its days alone it would belong to the summer.
    assert not spring(session).rounds
    became(session, plan_id, opened)
    became(session, plan_id, a_round(session))  # another does not take its place
    it = spring(session)
    assert it.planned is not None
    version = it.planned.version
    assert [each.id for each in it.rounds] == [opened]
    assert next(each.day for each in it.deadlines if each.what is What.MEET) == date(2027, 5, 12)
    for changing in (
        lambda: plan(session, version=version),
        lambda: drop(session, plan_id),
    ):
        with pytest.raises(AlreadyOpened):
            changing()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_round_of_another_framework_keeps_its_days_in_the_year(session: Session) -> None:
    a_round(session)
    sheffield = version_in_force("sheffield", TODAY)
    found = year(session, sheffield, 2026, TODAY)
    assert [(each.framework.id, bool(each.rounds)) for each in found if each.is_decided] == [
        ("blackburn_with_darwen", True)
    ]
    monthly = [each for each in found if each.audit.id == "new_plans"]
    assert [period_name(each.period) for each in monthly[:2]] == ["November 2026", "December 2026"]
    halves = [each for each in found if each.audit.frequency == "half_termly"]
    assert period_name(halves[0].period) == "November and December 2026"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_no_framework_has(session: Session) -> None:
    for audit, begins in (("nothing", SPRING), (framework().main_audit.id, TODAY)):
        with pytest.raises(Missing):
            entry(session, framework(), audit, begins)
    with pytest.raises(CannotPlan):
        keep(session, framework(), "nothing", SPRING, themes={}, reasons=[], held_on=[])
