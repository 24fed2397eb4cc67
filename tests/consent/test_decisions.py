"""Consent as it stands: what a no closes, what a later word changes, and to whom a yes opens."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.consent.decisions import Audience, How, decide, permits, permitted, standing
from family_voice.consent.evidence import asked
from family_voice.consent.statements import NoStatement, Purpose, as_shown, statement
from family_voice.interviews.models import Interview
from family_voice.security.sealing import KeyKind, new_key
from family_voice.storage.base import new_id

# Who a yes to each purpose opens to, once the family has agreed to talk.
OPENS_TO = {
    Purpose.TALK: {Audience.LEAD, Audience.FAMILY},
    Purpose.CHECK: {Audience.PANEL},
    Purpose.QUOTE: {Audience.FORUM, Audience.BOARD},
    Purpose.COUNT: {Audience.FORUM, Audience.BOARD},
    Purpose.CONTACT: {Audience.LEAD},
}
ASKED = (None, True, False)


@pytest.fixture
def interview(session: Session, now: datetime) -> UUID:
    return begun(session, now)


def begun(session: Session, now: datetime) -> UUID:
    interview_id = new_id()
    session.add(
        Interview(
            id=interview_id,
            key_id=new_key(session, KeyKind.INTERVIEW, interview_id, now),
            guide_audience="parent_carer",
            guide_version=1,
            language="en",
            made_at=now,
        )
    )
    session.flush()
    return interview_id


def say(session: Session, interview: UUID, purpose: Purpose, yes: bool, at: datetime) -> None:
    put = statement(purpose, "parent_carer", "en")
    decide(session, interview, put, yes, How.WEB, None, at)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_combination_of_answers(
    session: Session, interview: UUID, now: datetime, purpose: Purpose
) -> None:
    assert OPENS_TO.keys() == set(Purpose)
    for talk, other in product(ASKED, ASKED):
        interview = begun(session, now)
        if talk is not None:
            say(session, interview, Purpose.TALK, talk, now)
        if other is not None and purpose is not Purpose.TALK:
            say(session, interview, purpose, other, now)
        agreed = talk is True and (other is True or purpose is Purpose.TALK)
        for audience in Audience:
            expected = agreed and audience in OPENS_TO[purpose]
            assert permits(session, interview, purpose, audience, now) is expected, (talk, other)


def test_nothing_asked_is_nothing_permitted(
    session: Session, interview: UUID, now: datetime
) -> None:
    assert standing(session, interview, now) == {}
    for purpose, audience in product(Purpose, Audience):
        assert not permits(session, interview, purpose, audience, now)


def test_the_latest_word_stands_and_the_earlier_ones_are_kept_apart(
    session: Session, interview: UUID, now: datetime
) -> None:
    for minutes, yes in enumerate([False, True, False, True]):
        say(session, interview, Purpose.TALK, True, now)
        say(session, interview, Purpose.CHECK, yes, now + timedelta(minutes=minutes))
        assert permits(session, interview, Purpose.CHECK, Audience.PANEL, now) is yes
    assert standing(session, interview, now)[Purpose.CHECK].at == now + timedelta(minutes=3)


def test_the_order_of_saying_counts_and_not_the_clock(
    session: Session, interview: UUID, now: datetime
) -> None:
    say(session, interview, Purpose.TALK, True, now)
    say(session, interview, Purpose.TALK, False, now - timedelta(hours=1))
    assert not permits(session, interview, Purpose.TALK, Audience.LEAD, now)


def test_taking_back_the_talk_closes_everything(
    session: Session, interview: UUID, now: datetime
) -> None:
    for purpose in Purpose:
        say(session, interview, purpose, True, now)
    say(session, interview, Purpose.TALK, False, now)
    for purpose, audience in product(Purpose, Audience):
        assert not permits(session, interview, purpose, audience, now)


def test_one_familys_yes_is_not_anothers(session: Session, now: datetime) -> None:
    yes, no, unasked = (begun(session, now) for _ in range(3))
    for interview, answer in ((yes, True), (no, False)):
        say(session, interview, Purpose.TALK, True, now)
        say(session, interview, Purpose.CHECK, answer, now)
    everybody = [yes, no, unasked]
    assert permitted(session, everybody, Purpose.CHECK, Audience.PANEL, now) == {yes}
    assert permitted(session, everybody, Purpose.TALK, Audience.LEAD, now) == {yes, no}
    assert permitted(session, [], Purpose.TALK, Audience.LEAD, now) == set()


def test_what_exactly_was_put_to_them_is_on_record(
    session: Session, interview: UUID, now: datetime
) -> None:
    put = statement(Purpose.CHECK, "young_person", "en")
    decide(session, interview, put, True, How.READ_OUT, None, now)
    kept = standing(session, interview, now)[Purpose.CHECK]
    assert (kept.statement_id, kept.statement_version) == (put.id, put.version)
    assert (kept.language, kept.how, kept.at) == ("en", How.READ_OUT, now)


@pytest.mark.parametrize(
    ("purpose", "audience"), product(Purpose, ["parent_carer", "young_person"])
)
def test_every_statement_can_be_shown_read_out_and_texted(purpose: Purpose, audience: str) -> None:
    put = statement(purpose, audience, "en")
    assert all((put.question, put.explain, put.agree, put.refuse, put.read_out))
    assert audience in put.audiences
    for forbidden in ("audit", "cohort", "panel", "sample"):
        assert forbidden not in " ".join((put.question, *put.explain, put.read_out)).lower()


def test_a_language_without_a_statement_falls_back_to_english() -> None:
    assert statement(Purpose.TALK, "parent_carer", "xx").language == "en"


def test_what_was_shown_is_found_again_in_the_wording_of_whom_it_was_shown_to() -> None:
    for purpose, audience in product(Purpose, ("parent_carer", "young_person")):
        put = statement(purpose, audience, "en")
        assert as_shown(put.id, put.version, audience, put.language) == put
    parents = as_shown("talk", 1, "parent_carer", "en")
    assert parents.read_out != as_shown("talk", 1, "young_person", "en").read_out
    with pytest.raises(NoStatement):
        as_shown("talk", 99, "parent_carer", "en")


def test_the_evidence_says_whose_wording_it_was_and_what_stands(
    session: Session, interview: UUID, now: datetime
) -> None:
    say(session, interview, Purpose.TALK, True, now)
    say(session, interview, Purpose.TALK, False, now + timedelta(minutes=1))
    yes, no = asked(session, interview, now + timedelta(hours=1))
    assert (yes.yes, yes.stands, no.yes, no.stands) == (True, False, False, True)
    assert no.statement.audience == "parent_carer"
    assert no.words[0] == no.statement.question
