"""Every framework drives a whole round of the demo: its words, its rule, its panel, its days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice import cli
from family_voice.app import open_sessions
from family_voice.cases import audit_plan, candidates, linking
from family_voice.cases.caseload_findings import Findings
from family_voice.cases.caseload_lines import lines_of
from family_voice.cases.caseload_mapping import known_mappings
from family_voice.cases.caseload_reading import Entry
from family_voice.cases.caseload_sheets import rows_of
from family_voice.cases.choosing import put_on
from family_voice.cases.ledger import Level3
from family_voice.cases.matching import Decision
from family_voice.cases.reading import round_ledger
from family_voice.cases.rounds import all_rounds
from family_voice.cases.sampled import How, order_of, sample_of, themes_of
from family_voice.cases.sampling import Candidate, draw
from family_voice.cases.seats import missing_roles, seats_at
from family_voice.demo.areas import Area, area_of
from family_voice.demo.elsewhere import TWIN
from family_voice.demo.families import demo_rounds
from family_voice.demo.handout import Handout
from family_voice.demo.instance import Kept, refresh, settings_for
from family_voice.demo.whole_caseload import MAPPING, whole_caseload
from family_voice.improvement.past_judgements import every, known_scales
from family_voice.improvement.views import views_of
from family_voice.people.access import Role
from family_voice.people.staff import staff_with
from family_voice.reports.case_pack import case_pack
from family_voice.security.trail import Actor
from tests.conftest import EXAMPLES
from tests.demo.conftest import EVENING, SEED, quiet

# Each with its cases and meetings, and what a round of it is called.
AREAS = {
    "blackburn_with_darwen": (6, 2, "Autumn term 2026"),
    "cambridgeshire_and_peterborough": (6, 2, "Autumn term 2026, second half"),
    "sheffield": (5, 1, "Autumn term 2026, second half"),
    "ofsted_scale": (6, 2, "Autumn term 2026"),
}


@pytest.mark.parametrize("framework", AREAS)
def test_a_whole_round_by_every_framework(framework: str, tmp_path: Path) -> None:
    """Opened, drawn, heard, linked and packed, in the framework's own words."""
    cases, meetings, term = AREAS[framework]
    kept = Kept(tmp_path / "demo.json", "a demo's secret key, long enough for it", bytes(32))
    environ = {"FAMILY_VOICE_DATABASE_URL": f"sqlite:///{tmp_path}/demo.db"}
    chosen = settings_for(environ, kept, "http://localhost", SEED, framework)
    sessions = open_sessions(chosen)
    handout = refresh(
        sessions, chosen, kept, seed=SEED, families=cases + 1, now=EVENING, progress=quiet
    )
    with sessions.begin() as session:
        _opened_and_drawn(session, handout, framework, (cases, meetings, term))
        _heard_and_linked(session)
        _packed(session)
    sessions.kw["bind"].dispose()


def _opened_and_drawn(
    session: Session, handout: Handout, framework: str, like: tuple[int, int, str]
) -> None:
    current, earlier = all_rounds(session)
    assert current.framework.id == framework
    assert current.audit == current.framework.main_audit
    assert (current.audit.cases, len(current.sessions), current.term) == like
    sample = sample_of(session, current.id)
    assert sample.draw
    assert sample.draw.in_caseload > 150
    assert sample.draw.may_be_drawn > current.audit.cases
    assert {line.how for line in sample.lines} == {How.DRAWN}
    assert not sample.waiting
    assert {line.reference for line in sample.lines} == {door.case for door in handout.newest}
    assert len(handout.newest) == current.audit.cases
    for each in (current, earlier):
        for meeting in each.sessions:
            assert not missing_roles(each, seats_at(session, meeting.id, EVENING.date()))
    plans = audit_plan.all_planned(session, framework)
    assert [each.round_id for each in plans if each.round_id] == [current.id]
    assert {each.audit for each in plans} == {each.id for each in current.framework.audits}
    [table] = every(session)
    assert {part.scale for part in table.parts} <= known_scales(framework).keys()


def _heard_and_linked(session: Session) -> None:
    current = all_rounds(session)[0]
    states = {case.state for case in round_ledger(session, current.id, EVENING).cases}
    assert states == {Level3.HEARD, Level3.IN_PROGRESS, Level3.INVITED}
    found = {each: candidates.offers(session, each, EVENING) for each in linking.unlinked(session)}
    # A twin, a brother, a slip, two children, an aunt; and a stranger who fits nobody.
    assert sorted(map(len, found.values()))[0] == 0
    assert len(found) == 6
    best = max(found, key=lambda each: found[each][0].score if found[each] else 0)
    case_id = found[best][0].case.id
    lead = next(each for each in staff_with(session, Role.LEAD))
    put_on(session, best, case_id, Actor("staff", lead.id), EVENING, why="Asked them")
    assert linking.case_of(session, best) == case_id
    twin = next(each for each in found if _first_name(session, each) == TWIN)
    assert {offer.decision for offer in found[twin]} == {Decision.PROPOSE}


def _first_name(session: Session, interview_id: UUID) -> str:
    return candidates.told_by(session, interview_id).child_first_name


def _packed(session: Session) -> None:
    current, earlier = all_rounds(session)
    chair = next(each for each in staff_with(session, Role.SEND_LEAD))
    heard = [
        case.case_id
        for case in round_ledger(session, current.id, EVENING).cases
        if case.state is Level3.HEARD
    ]
    packs = [case_pack(session, each, chair.id, now=EVENING) for each in heard]
    for pack in packs:
        assert [each.id for each in pack.questions] == [
            each.id for each in current.framework.key_questions
        ]
    assert any(part.lines for pack in packs for each in pack.questions for part in each.parts)
    [before] = round_ledger(session, earlier.id, EVENING).cases
    asked = {question for question, _agency in views_of(session, before.case_id)}
    assert asked >= {each.id for each in current.framework.key_questions}


@given(
    framework=st.sampled_from(sorted(AREAS)),
    seed=st.integers(0, 2**32),
    today=st.dates(date(2024, 9, 1), date(2033, 8, 31)),
)
@settings(max_examples=4 * EXAMPLES)
def test_the_draw_finds_the_families_that_are_written(
    framework: str, seed: int, today: date
) -> None:
    area = area_of(framework, today)
    rounds = demo_rounds(seed, today, area.audit.cases, area)
    made, current = whole_caseload(rounds, area, seed), rounds[-1]
    drawn = draw(
        _candidates(made.as_csv(), area, current.opened_on), area.audit,
        on=current.opened_on, seed=made.seed, themes=current.themes,
    )  # fmt: skip
    assert {each.candidate.id for each in drawn.chosen} == {
        order_of(case.reference) for case in current.cases
    }


def _candidates(data: bytes, area: Area, on: date) -> Iterator[Candidate]:
    findings = Findings()
    with rows_of(BytesIO(data)) as sheet:
        for line in lines_of(sheet, known_mappings()[MAPPING], area.framework, on, findings):
            entry = Entry(id=UUID(int=line.line), reference=line.reference, **vars(line.strata))
            yield Candidate(
                order_of(entry.reference), entry.plan_type, entry.phase_on(on),
                entry.plan_finalised_on, entry.review_finalised_on, entry.last_audited_on,
                themes=themes_of(entry, on),
            )  # fmt: skip
    assert findings.count == 0


def test_a_framework_that_there_is_not_is_refused_and_named() -> None:
    result = CliRunner().invoke(cli.main, ["demo", "--no-serve", "--framework", "camelot"])
    assert result.exit_code != 0
    assert "sheffield" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
