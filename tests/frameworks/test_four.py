"""The four frameworks that come with it say what their councils published, and take any mistake."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from family_voice.cases.caseload import read_caseload
from family_voice.cases.caseload_example import EXAMPLE, example_for
from family_voice.frameworks import loader
from family_voice.frameworks.framework import Audit, Framework
from family_voice.frameworks.loader import FOLDER, available, check_file, version_in_force

ON = date(2026, 11, 18)
CAMBRIDGESHIRE = "cambridgeshire_and_peterborough"
IDS = sorted({each.id for each in available()})


def framework(framework_id: str) -> Framework:
    return version_in_force(framework_id, ON)


def sample(audit: Audit) -> tuple[int, str, list[tuple[int, tuple[str, ...]]]]:
    """How many, how often, and of which phases at least how many."""
    return audit.cases, audit.frequency, [(each.at_least, each.phases) for each in audit.strata]


def test_sheffield_draws_5_and_10_each_month_and_5_each_half_term() -> None:
    new, reviews, together = framework("sheffield").audits
    school_age = ("primary", "secondary")
    assert sample(new) == (
        5, "monthly", [(1, ("pre_5",)), (1, ("secondary", "post_16")), (3, school_age)],
    )  # fmt: skip
    assert sample(reviews) == (
        10, "monthly", [(1, ("pre_5",)), (2, ("post_16",)), (7, school_age)],
    )  # fmt: skip
    assert sample(together) == (5, "half_termly", [])
    assert (new.event, new.period) == ("plan_finalised", "month")
    assert (reviews.event, reviews.period) == ("review_finalised", "month")
    assert set(together.not_drawn_by) == {new.id, reviews.id}
    for audit in (new, reviews):
        assert [(step.id, step.week) for step in audit.steps] == [
            ("draw", 1), ("packs", 1), ("send", 2), ("audit", 2), ("report", 4),
        ]  # fmt: skip
        assert [step.working_days for step in audit.steps if step.id == "audit"] == [10]
    for audit in (new, reviews, together):
        assert len(audit.distribution) == 11
        assert sum(each.cover_sheet for each in audit.distribution) == 4
        assert "secure" in audit.secure_route


def test_cambridgeshire_meets_a_family_each_term_and_escalates_what_is_inadequate() -> None:
    it = framework("cambridgeshire_and_peterborough")
    assert [level.number for level in it.levels] == [1, 2, 3, 4]
    audit, review = it.audit("multi_agency"), it.audit("system_leader_review")
    assert (audit.cases, audit.frequency, audit.plan_types) == (6, "half_termly", ("ehcp",))
    assert audit.event == "review_finalised"
    assert (review.cases, review.frequency, review.meets_family) == (1, "termly", True)
    assert review.hears_families == 100
    assert all(it.audit(each).themed for each in ("themed", "dip_sample"))
    assert it.escalation is not None
    worst = it.judgement.points[-1]
    assert (worst.label, it.escalation.at) == ("Inadequate", worst.value)
    assert {role.id: role.name for role in it.roles}[it.escalation.to] == "Head of Service"
    assert len(it.improvement_cycle) == 5


def test_the_fourth_council_judges_as_ofsted_does_and_looks_at_those_long_in_the_system() -> None:
    it = framework("ofsted_scale")
    assert [point.label for point in it.judgement.points] == [
        "Outstanding", "Good", "Requires improvement", "Inadequate",
    ]  # fmt: skip
    assert [kind.id for kind in it.kinds_of_action] == ["amend", "re_audit", "template", "training"]
    assert it.forum_feedback
    assert it.audit("long_in_system").years_with_plan_at_least > 0


def test_blackburn_lets_compliments_and_complaints_bear_on_the_theme() -> None:
    it = framework("blackburn_with_darwen")
    assert it.compliments_inform_themes
    assert [report.id for report in it.reports] == ["board", "families", "highlights"]


@pytest.mark.parametrize("framework_id", IDS)
def test_every_framework_can_seat_a_panel_and_start_a_round(framework_id: str) -> None:
    it = framework(framework_id)
    assert check_file(FOLDER / f"{framework_id}.yaml")[0] == ()
    for audit in it.audits:
        assert it.audit(audit.id) == audit
        assert it.panel(audit)
    assert it.main_audit.hears_families == 100
    seated = {role.agency for role in it.panel(it.main_audit)}
    assert any(agency.own for agency in it.agencies if agency.id in seated)


@pytest.mark.parametrize("framework_id", IDS)
def test_the_example_file_of_every_audit_can_be_read(framework_id: str) -> None:
    it = framework(framework_id)
    for audit in it.audits:
        if audit.hears_families:
            read = read_caseload(example_for(it, audit), it, audit, ON)
            assert read.problems == ()
            assert len(read.cases) == audit.cases


def test_the_example_is_blackburns() -> None:
    it = framework("blackburn_with_darwen")
    assert example_for(it, it.main_audit) == EXAMPLE.read_bytes()


def test_a_councils_own_folder_stands_before_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "_own", [])
    text = (FOLDER / "sheffield.yaml").read_text(encoding="utf-8")
    (tmp_path / "our_town.yaml").write_text(
        text.replace("id: sheffield", "id: our_town", 1), encoding="utf-8"
    )
    (tmp_path / "sheffield.yaml").write_text(
        text.replace("name: Sheffield", "name: Our Sheffield", 1), encoding="utf-8"
    )
    loader.also_from(tmp_path)
    assert framework("our_town").id == "our_town"
    assert framework("sheffield").name == "Our Sheffield"
    assert {each.id for each in available()} == {*IDS, "our_town"}


def test_a_file_under_another_name_than_its_id_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_bytes((FOLDER / "ofsted_scale.yaml").read_bytes())
    problems, notices = check_file(path)
    assert problems == ()
    assert "Save this file as ofsted_scale.yaml" in notices[0]


@pytest.mark.parametrize(
    ("framework_id", "old", "new", "say"),
    [
        ("sheffield", "not_drawn_by: [new_plans", "not_drawn_by: [multi_agency", "another audit"),
        ("sheffield", "phases: [pre_5]", "phases: [toddlers]", "pre_5, primary, secondary"),
        ("sheffield", "auditors: [head_of_sen", "auditors: [head_of_zen", "the id of a role"),
        ("sheffield", "week: 4, by: data_officer", "week: 4, by: nobody", "the id of a role"),
        ("sheffield", "week: 4, by: data_officer", "week: 0, by: data_officer", "at least 1"),
        ("sheffield", "{id: final_plan, name", "{id: section_k, name", "same id"),
        ("sheffield", "    event: plan_finalised\n", "", "add an “event”"),
        ("sheffield", "{id: schools, name", "{id: school, name", "No role speaks for"),
        (CAMBRIDGESHIRE, "escalation: {at: 4", "escalation: {at: 5", "1, 2, 3, 4"),
        (CAMBRIDGESHIRE, "to: head_of_service}", "to: head}", "id of a role"),
        (CAMBRIDGESHIRE, "plan_types: [ehcp]", "plan_types: [eh]", "plan type"),
        ("ofsted_scale", "levels: []", "levels: []\nlevel: 3", "“level” is not known"),
        ("ofsted_scale", "    frequency: yearly", "    level: 3\n    frequency: yearly", "level"),
    ],
)  # fmt: skip
def test_mistakes_between_sections_are_explained(
    tmp_path: Path, framework_id: str, old: str, new: str, say: str
) -> None:
    text = (FOLDER / f"{framework_id}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{framework_id}.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    changed = text[: text.index(old)].count("\n") + 1
    problems, _notices = check_file(path)
    assert [each for each in problems if say in each.message], list(map(str, problems))
    assert min(abs(each.line - changed) for each in problems) <= 6


# The shortest of them that has every kind of section: reading one takes a while.
BROKEN = "ofsted_scale"
CONTENT = yaml.safe_load((FOLDER / f"{BROKEN}.yaml").read_bytes())
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2000), st.text(max_size=8),
    st.lists(st.integers(0, 9), max_size=2), st.dictionaries(st.text(max_size=4), st.none()),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_somebody_breaks_is_explained_and_never_a_surprise(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content: Any = deepcopy(CONTENT)
    part: Any = content
    while True:
        key = data.draw(
            st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part)))
        )
        deeper = part[key]
        if not isinstance(deeper, dict | list) or not deeper or data.draw(st.booleans()):
            break
        part = deeper
    if data.draw(st.booleans()):
        part[key] = data.draw(ODD)
    else:
        del part[key]
    path = tmp_path_factory.mktemp("broken") / f"{BROKEN}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    problems, _notices = check_file(path)
    last = len(path.read_text(encoding="utf-8").splitlines())
    for each in problems:
        assert 1 <= each.line <= last
        assert each.message.endswith((".", "?"))
