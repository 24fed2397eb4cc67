"""The times of day at which a family may be texted: as written, as imported, and as kept."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import caseload_cells as cells
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.inviting import Refusal, Way, hours_for_texts, invite, refusal
from family_voice.cases.reaching import change_contact
from family_voice.messages.hours import LONDON
from family_voice.people import register
from family_voice.people.facts import ContactFacts, Hours, PersonFacts
from family_voice.people.forgetting import forget_child
from family_voice.people.models import Participant
from family_voice.settings import Settings
from tests.cases.households import NOW, SOMEBODY, a_full_round, case, speaker

AFTERNOON = Hours(time(16), time(19, 30))


@pytest.mark.parametrize(
    "written", ["16:00 to 19:30", "4pm - 7.30pm", "16.00–19.30", "4 PM until 7:30 pm", "16-19:30"]
)
def test_as_people_write_it(written: str) -> None:
    assert cells.hours(written) == AFTERNOON


@given(st.times(), st.times())
def test_what_is_shown_is_read_back(one: time, two: time) -> None:
    shown = Hours(one.replace(second=0, microsecond=0), two.replace(second=0, microsecond=0))
    try:
        assert cells.hours(str(shown)) == shown
    except cells.Refused:
        latest_begin, soonest_end = max(shown.begins, time(9)), min(shown.ends, time(20))
        day = date(2026, 1, 5)
        within = datetime.combine(day, soonest_end) - datetime.combine(day, latest_begin)
        assert shown.begins >= shown.ends or within < timedelta(hours=1)


@pytest.mark.parametrize(
    ("written", "say"),
    [
        ("after four", "two times of day"),
        ("16:00", "two times of day"),
        ("25:00 to 26:00", "no such time"),
        ("13pm to 14pm", "no such time"),
        ("10:75 to 12:00", "no such time"),
        ("19:00 to 16:00", "later on the same day"),
        ("22:00 to 06:00", "later on the same day"),
        ("20:30 to 22:00", "between 9:00 and 20:00"),
        ("06:00 to 09:30", "between 9:00 and 20:00"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(written: str, say: str) -> None:
    with pytest.raises(cells.Refused, match=say):
        cells.hours(written)


def with_hours(cell: str) -> bytes:
    header, *rows = csv.reader(io.StringIO(EXAMPLE.read_text(encoding="utf-8")))
    out = io.StringIO()
    csv.writer(out).writerows([[*header, "Safe Hours"], *([*row, cell] for row in rows)])
    return out.getvalue().encode()


def test_the_file_may_say_it_and_a_later_file_that_does_not_leaves_it(session: Session) -> None:
    round_id = a_full_round(session, with_hours("4pm to 7.30pm"))
    view = case(session, round_id, "EX-004")
    deb = speaker(view, "Deb").person
    assert deb.facts.contact.safe_hours == AFTERNOON
    kept = replace(deb.facts, contact=replace(deb.facts.contact, safe_hours=None))
    register.keep_child(session, view.child.facts, [kept], NOW)
    again = register.person(session, deb.id)
    assert again is not None
    assert again.facts.contact.safe_hours == AFTERNOON
    index = session.get_one(Participant, deb.id).mobile_index
    assert index is not None
    assert AFTERNOON in register.safe_hours(session, index)


def test_an_invitation_says_when_it_will_go(session: Session, settings: Settings) -> None:
    view = case(session, a_full_round(session, with_hours("16:00 to 19:30")), "EX-004")
    deb = speaker(view, "Deb").person
    invited = invite(
        session, view.case_id, deb.id, Way.TEXT, settings=settings, by=SOMEBODY, now=NOW
    )
    assert invited.due_at is not None
    assert invited.due_at.astimezone(LONDON).time() == time(16)


def test_on_a_shared_phone_it_goes_when_it_is_safe_for_everybody(
    session: Session, settings: Settings
) -> None:
    view = case(session, a_full_round(session, with_hours("16:00 to 19:30")), "EX-004")
    deb = speaker(view, "Deb").person
    contact = deb.facts.contact
    assert hours_for_texts(session, contact.mobile) == AFTERNOON
    for begins, ends, both in (
        (18, 22, Hours(time(18), time(19, 30))),
        (9, 11, None),
    ):
        hers = ContactFacts(mobile=contact.mobile, safe_hours=Hours(time(begins), time(ends)))
        nan = PersonFacts("grandmother", False, f"Nan{begins}", "Testcase", hers)
        register.keep_child(session, replace(view.child.facts, reference="EX-900"), [nan], NOW)
        assert hours_for_texts(session, contact.mobile) == both
        why = Refusal.NO_SAFE_TIME if both is None else None
        assert refusal(session, view.case_id, deb.id, Way.TEXT, NOW) is why
        assert refusal(session, view.case_id, deb.id, Way.LETTER, NOW) is None


def test_it_can_be_lifted_and_goes_with_the_person(session: Session) -> None:
    view = case(session, a_full_round(session, with_hours("16:00 to 19:30")), "EX-004")
    deb = speaker(view, "Deb").person
    free = replace(deb.facts.contact, safe_hours=None)
    after = change_contact(session, deb.id, deb.version, free, SOMEBODY, NOW)
    assert after.facts.contact.safe_hours is None
    forget_child(session, view.child.id, NOW)
    people = session.scalars(select(Participant).where(Participant.child_id == view.child.id))
    assert {(each.safe_from, each.safe_until) for each in people} == {(None, None)}
