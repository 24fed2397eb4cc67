"""The demo's families: made up, the same for a seed, and fit for the real front doors."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import family_voice.demo
import family_voice.interviews
from family_voice.cases.caseload import read_caseload
from family_voice.cases.deadlines import is_working_day, london_date
from family_voice.cases.ledger import Level3, Outcome, StoodDown
from family_voice.cases.school_years import year_group
from family_voice.demo.caseload import as_caseload_csv
from family_voice.demo.families import TooManyFamilies, demo_rounds
from family_voice.demo.shapes import DemoAccount, DemoRound
from family_voice.frameworks.loader import load_framework
from family_voice.themes.codebook import load_codebook
from tests.conftest import EXAMPLES

TODAY = date(2026, 11, 21)
ROUNDS = demo_rounds(7, TODAY)
CASES = [case for round_ in ROUNDS for case in round_.cases]
ACCOUNTS = [account for case in CASES for account in case.accounts]

seeds = st.integers(0, 2**32)
days = st.dates(date(2024, 9, 1), date(2033, 8, 31))

# Real councils and places near which nobody should think the demo lies.
REAL_PLACES = (
    "blackburn darwen burnley bolton bury oldham rochdale preston blackpool wigan salford "
    "manchester liverpool leeds bradford sheffield rotherham barnsley doncaster wakefield "
    "huddersfield halifax calderdale kirklees lancaster lancashire yorkshire cumbria hull york "
    "middlesbrough gateshead newcastle sunderland durham cambridgeshire peterborough"
)


def words_of(account: DemoAccount) -> str:
    return "\n".join(answer.text for answer in account.answers)


def everything_written(rounds: tuple[DemoRound, ...]) -> str:
    return repr(rounds)


@given(seed=seeds, today=days, families=st.integers(1, 66))
@settings(max_examples=8 * EXAMPLES)
def test_the_same_seed_gives_the_same_families(seed: int, today: date, families: int) -> None:
    once = demo_rounds(seed, today, families)
    assert once == demo_rounds(seed, today, families)
    assert sum(len(round_.cases) for round_ in once) == families
    assert once[-1].is_current
    assert [round_.is_current for round_ in once].count(True) == 1
    last = once[-1].cases[-1]
    assert (last.outcome, last.accounts, last.participants[0].language) == ("invited", (), "en")
    assert last.participants[0].mobile is not None


def test_another_seed_gives_other_names() -> None:
    assert [c.last_name for c in CASES] != [
        c.last_name for r in demo_rounds(8, TODAY) for c in r.cases
    ]


@pytest.mark.parametrize("families", [0, -1, 67])
def test_families_that_nobody_wrote_are_refused(families: int) -> None:
    with pytest.raises(TooManyFamilies, match="1 to 66"):
        demo_rounds(7, TODAY, families)


def test_eleven_rounds_of_six_with_about_four_heard() -> None:
    assert [len(round_.cases) for round_ in ROUNDS] == [6] * 11
    heard = [sum(c.outcome == "heard" for c in r.cases) for r in ROUNDS]
    assert heard[-1] == 4
    assert all(3 <= n <= 5 for n in heard)
    assert sum(heard) >= 44
    assert all({c.plan_type for c in r.cases} == {"ehcp", "sen_support"} for r in ROUNDS)


def test_every_way_of_not_being_heard_is_there() -> None:
    outcomes = {case.outcome for case in CASES}
    assert outcomes == {state.value for state in Level3}
    for case in CASES:
        assert (case.outcome in {"heard", "in_progress"}) == bool(case.accounts)
        assert (case.outcome == "heard") == any(a.finished_at for a in case.accounts)
        if case.outcome == "stood_down":
            assert case.reason in set(StoodDown)
        if case.outcome == "not_safe":
            assert case.attempts == ()
            assert {p.safe_to_contact for p in case.participants} == {"no"}
        if case.outcome == "not_reached":
            assert len(case.attempts) >= 4


@given(seed=seeds, today=days)
@settings(max_examples=10 * EXAMPLES)
def test_dates_are_school_days_in_order(seed: int, today: date) -> None:
    rounds = demo_rounds(seed, today)
    assert len({round_.term for round_ in rounds}) == 11
    for round_ in rounds:
        first, second = round_.sessions
        assert round_.opened_on < first.heard_by < first.held_on < second.held_on
        assert second.held_on < round_.freezes_on
        assert (first.held_on > today) == round_.is_current
        assert all(is_working_day(day) for day in (round_.opened_on, first.held_on, second.held_on))
        for case in round_.cases:
            moments = [a.at for a in case.attempts] + [a.begun_at for a in case.accounts]
            moments += [a.finished_at for a in case.accounts if a.finished_at]
            for moment in moments:
                assert is_working_day(london_date(moment))
                assert round_.opened_on <= london_date(moment) < today
                assert london_date(moment) <= first.heard_by
            assert [a.at for a in case.attempts] == sorted(a.at for a in case.attempts)
    for earlier, later in pairwise(rounds):
        assert earlier.sessions[1].held_on < later.opened_on


@given(seed=seeds, today=days)
@settings(max_examples=10 * EXAMPLES)
def test_birthdays_fit_year_groups_and_the_ages_that_are_told(seed: int, today: date) -> None:
    for round_ in demo_rounds(seed, today):
        for case in round_.cases:
            shown = year_group(case.date_of_birth, round_.sessions[0].held_on)
            assert shown == (case.year_group or shown)
            assert case.year_group is not None or shown > 14


@given(seed=seeds)
@settings(max_examples=10 * EXAMPLES)
def test_numbers_are_from_the_drama_ranges_and_nobody_shares_one(seed: int) -> None:
    people = [p for r in demo_rounds(seed, TODAY) for c in r.cases for p in c.participants]
    mobiles = [p.mobile for p in people if p.mobile]
    landlines = [p.landline for p in people if p.landline]
    emails = [p.email for p in people]
    assert all(re.fullmatch(r"\+447700900\d{3}", mobile) for mobile in mobiles)
    assert all(re.fullmatch(r"\+441632960\d{3}", landline) for landline in landlines)
    assert all(re.fullmatch(r"[a-z.-]+\d*@example\.org", email) for email in emails)
    for each in (mobiles, landlines, emails, [p.code_word for p in people]):
        assert len(set(each)) == len(each)
    assert len({c.last_name for c in CASES}) == len(CASES)
    assert len({c.reference for c in CASES}) == len(CASES)


def test_every_round_goes_through_the_caseload_door() -> None:
    framework = load_framework("blackburn_with_darwen", "2025-01")
    for round_ in ROUNDS:
        caseload = read_caseload(
            as_caseload_csv(round_), framework, framework.main_audit, round_.sessions[0].held_on
        )
        assert caseload.problems == ()
        assert len(caseload.cases) == 6
        for theme, values in round_.themes.items():
            assert set(values) <= {value.id for value in framework.theme(theme).values}


def test_at_least_sixty_accounts_and_no_two_alike() -> None:
    assert len(ACCOUNTS) >= 60
    assert len({account.id for account in ACCOUNTS}) == len(ACCOUNTS)
    texts = [words_of(account) for account in ACCOUNTS]
    assert len(set(texts)) == len(texts)
    long = [f.text for a in ACCOUNTS for n in a.answers for f in n.fragments if len(f.text) > 40]
    assert len(set(long)) == len(long)


def test_accounts_are_as_varied_as_families() -> None:
    lengths = sorted(len(words_of(account).split()) for account in ACCOUNTS)
    assert lengths[0] == 1
    assert sum(length >= 300 for length in lengths) >= 5
    assert {a.channel for a in ACCOUNTS} == {"web", "telephone", "video", "face_to_face", "text"}
    assert {a.audience for a in ACCOUNTS} == {"parent_carer", "young_person"}
    fragments = [f for a in ACCOUNTS for answer in a.answers for f in answer.fragments]
    assert {f.manner for f in fragments} == {"own_words", "summary", "observed"}
    languages = {p.language for c in CASES for p in c.participants}
    assert {"en", "ur", "pl"} <= languages
    for purpose in ("check", "quote", "count", "contact"):
        assert {a.decisions[purpose] for a in ACCOUNTS} >= {True, False}
    assert all(a.decisions["talk"] is True for a in ACCOUNTS)
    assert {None} <= {yes for a in ACCOUNTS for yes in a.decisions.values()}
    assert {a.read_back_at is None for a in ACCOUNTS} == {True, False}
    assert any(answer.not_for_workers for a in ACCOUNTS for answer in a.answers)


def test_speakers_are_people_of_the_case_and_kept_back_words_were_said() -> None:
    for case in CASES:
        keys = {participant.key for participant in case.participants}
        assert {attempt.person for attempt in case.attempts} <= keys
        for account in case.accounts:
            assert {account.participant, account.agreed_by, *account.others} <= keys
            for answer in account.answers:
                assert {f.speaker for f in answer.fragments} <= {
                    account.participant, *account.others,
                }  # fmt: skip
                assert all(fragment.text.strip() for fragment in answer.fragments)
                for piece in answer.not_for_workers:
                    assert sum(piece in f.text for f in answer.fragments) == 1


def test_prompts_are_the_guide_s_own() -> None:
    guides = Path(family_voice.interviews.__path__[0]) / "guides" / "en"
    for account in ACCOUNTS:
        text = (guides / f"{account.audience}.yaml").read_text(encoding="utf-8")
        guide = yaml.safe_load(text)
        prompts = {p["id"] for heading in guide["headings"] for p in heading["prompts"]}
        answered = [answer.prompt for answer in account.answers]
        assert {*answered, *account.skipped} <= prompts
        assert len(set(answered)) == len(answered)
        assert not set(answered) & set(account.skipped)


def test_codes_are_the_codebook_s_and_all_but_the_newest_are_coded() -> None:
    known = set(load_codebook().codes)
    written = yaml.safe_load(
        (Path(family_voice.demo.__path__[0]) / "codings.yaml").read_text(encoding="utf-8")
    )
    answers = {(a.id, answer.prompt): answer for a in ACCOUNTS for answer in a.answers}
    assert {(a, prompt) for a, prompts in written.items() for prompt in prompts} <= set(answers)
    for answer in answers.values():
        assert set(answer.codes) <= known
        assert len(set(answer.codes)) == len(answer.codes)
    uncoded = {a.id for a in ACCOUNTS if not any(answer.codes for answer in a.answers)}
    current = {a.id for c in ROUNDS[-1].cases for a in c.accounts}
    assert uncoded & current
    assert uncoded <= current | {"fine-full-stop-mum"}


def test_attempts_use_the_ledger_s_words() -> None:
    outcomes = {attempt.outcome for case in CASES for attempt in case.attempts}
    assert outcomes <= {outcome.value for outcome in Outcome}


def test_minutes_besides_the_talk_are_what_a_lead_would_write_down() -> None:
    for case in CASES:
        if case.outcome != "heard":
            continue
        by_account: dict[str | None, int] = {}
        for spent in case.minutes:
            assert spent.minutes > 0
            if spent.step != "talk":
                before = by_account.get(spent.account_id, 0)
                by_account[spent.account_id] = before + spent.minutes
        coded = {spent.account_id for spent in case.minutes if spent.step == "code"}
        in_round = case in ROUNDS[-1].cases
        for account in case.accounts:
            left_to_code = in_round and not any(answer.codes for answer in account.answers)
            assert (account.id in coded) != left_to_code
        if not coded:
            continue
        first, *more = by_account.values()
        assert 40 <= first <= 60
        assert all(minutes < first for minutes in more)


def test_professionals_wrote_of_past_rounds_only() -> None:
    for round_ in ROUNDS:
        for case in round_.cases:
            expected = not round_.is_current and case.outcome != "stood_down"
            assert bool(case.views) == expected
            keys = [(view.agency, view.question) for view in case.views]
            assert len(set(keys)) == len(keys)


@given(seed=seeds, today=days)
@settings(max_examples=5 * EXAMPLES)
def test_every_gap_is_filled_and_no_real_place_is_named(seed: int, today: date) -> None:
    rounds = demo_rounds(seed, today)
    for case in (case for round_ in rounds for case in round_.cases):
        said = [words_of(a) for a in case.accounts] + [v.words for v in case.views] + [case.reason]
        assert not re.search(r"[{}]", "\n".join(said))
    named = set(re.findall(r"[a-z]+", everything_written(rounds).lower()))
    assert not named & set(REAL_PLACES.split())
