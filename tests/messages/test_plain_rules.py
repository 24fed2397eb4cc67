"""Hours, alphabet and wording: the pure parts."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from family_voice.language import gsm7
from family_voice.messages import hours, wording
from family_voice.messages.templates import TO_STAFF, Template
from family_voice.messages.wording import compose, day_note
from family_voice.settings import Settings
from tests.moments import MOMENTS

SETTINGS = Settings(
    database_url="sqlite://",
    secret_key="x" * 32,
    master_keys={1: bytes(32)},
    phone="01632 960000",
    emergency_phone="01632 960999",
)


@given(MOMENTS)
def test_a_text_of_ours_goes_between_nine_and_eight_in_london(now: datetime) -> None:
    first = hours.may_go_from(now, None)
    assert first is not None
    local = first.astimezone(hours.LONDON)
    assert first >= now
    assert hours.OPENS <= local.time() < hours.CLOSES
    assert first == now or local.time() == time(9)
    assert first - now <= timedelta(hours=14)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(minutes=10)))
def test_an_answer_goes_at_any_hour(now: datetime, since: timedelta) -> None:
    assert hours.may_go_from(now, now - since) == now


def test_an_answer_that_is_late_waits_for_the_morning() -> None:
    now = datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert hours.may_go_from(now, now - timedelta(minutes=11)) == datetime(
        2026, 7, 2, 8, 0, tzinfo=UTC
    )


@pytest.mark.parametrize("template", Template)
def test_every_template_is_cheap_and_short(template: Template) -> None:
    words = compose(
        template,
        SETTINGS,
        statement="Happy to talk by text? Reply AGREE or NO.",
        question="What is most important?",
        link="http://localhost/i/token",
    )
    assert gsm7.fits(words), set(words) - gsm7.ALPHABET
    assert 0 < len(words) <= 459  # three parts of a long text


def test_nothing_about_a_child_can_be_put_in() -> None:
    """The allow-list: what may be filled in, and nothing else."""
    assert set(inspect.signature(compose).parameters) == {
        "template", "settings", "statement", "question", "link", "reads_next", "day", "number",
        "languages",
    }  # fmt: skip


def test_the_day_note_says_the_same_to_everybody() -> None:
    assert list(inspect.signature(day_note).parameters) == ["settings", "reads_next"]
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for must in ("999", SETTINGS.emergency_phone, SETTINGS.team_name, "cost"):
        assert must in day_note(SETTINGS, None)
        assert must in day_note(SETTINGS, monday)
    assert "Monday, 23 November 2026 at 09:00" in day_note(SETTINGS, monday)


@pytest.mark.parametrize("template", sorted(TO_STAFF))
def test_a_text_to_staff_says_only_that_something_waits(template: Template) -> None:
    words = compose(template, SETTINGS, statement="Robin", question="Robin", link="Robin")
    assert "Family Voice" in words
    for never in ("Robin", "concern", "safeguard", "child", "case", "famil"):
        assert never not in words.replace("Family Voice", "").lower()


def test_every_template_goes_through_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_", lambda message, **values: "X")
    whole = [t for t in Template if t not in (Template.DECISION, Template.QUESTION)]
    assert {compose(t, SETTINGS).split("\n")[0].strip() for t in whole} == {"X"}


@given(st.text(alphabet=st.sampled_from("aé'‘’“”–—…\u00a0\u200b•💛ش")))
def test_simpler_text_keeps_what_it_cannot_make_simpler(text: str) -> None:
    simple = gsm7.simpler(text)
    assert gsm7.simpler(simple) == simple
    assert [c for c in simple if c in "aé💛ش"] == [c for c in text if c in "aé💛ش"]
    assert gsm7.fits(simple) == (not set(text) & set("💛ش"))
