"""A conversation goes by what stands in consent: a lapsed yes stores nothing and leads nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from family_voice.consent.decisions import How, decide
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.agreed import as_it_counts
from family_voice.interviews.events import CHECK, TALK, Channel, Next
from family_voice.interviews.state import Stage, State
from tests.factories import agreed, invited

BOTH = {TALK: True, CHECK: True}


@pytest.mark.parametrize(
    ("stage", "stands", "then"),
    [
        (Stage.ASKING, BOTH, Stage.ASKING),
        (Stage.ASKING, {TALK: True, CHECK: False}, Stage.ASKING),
        (Stage.ASKING, {TALK: True}, Stage.DECIDING),
        (Stage.SENT, {TALK: True}, Stage.SENT),
        (Stage.SENT, {}, Stage.DECIDING),
        (Stage.SENT, {TALK: False, CHECK: True}, Stage.DECLINED),
        (Stage.WITHDRAWN, {}, Stage.WITHDRAWN),
    ],
)
def test_where_a_conversation_is_when_a_decision_stands_no_more(
    stage: Stage, stands: dict[str, bool], then: Stage
) -> None:
    after = as_it_counts(State(stage=stage, decisions=BOTH), stands)
    assert after.stage is then
    if stage is not Stage.WITHDRAWN:
        assert after.decisions == stands
        assert after.speaking_allowed is stands.get(TALK, False)


def test_consent_never_opens_what_the_log_closed() -> None:
    said_no = State(stage=Stage.DECLINED, decisions={TALK: False})
    assert not as_it_counts(said_no, BOTH).speaking_allowed


def test_after_a_no_that_the_log_knows_nothing_of_no_words_are_kept(
    session: Session, now: datetime
) -> None:
    interview = invited(session, now).interview_id
    agreed(session, interview, now)
    first = record.state_of(session, interview).current
    later = now + timedelta(minutes=1)
    put = statement(Purpose.TALK, "parent_carer", "en")
    decide(session, interview, put, False, How.WEB, None, later)
    said = record.say(session, interview, "Not any more.", channel=Channel.WEB, now=later)
    assert not said.stored
    record.happen(session, interview, Next(Channel.WEB, first), later)
    decide(session, interview, put, True, How.WEB, None, later + timedelta(minutes=1))
    again = record.as_agreed(session, interview, later + timedelta(minutes=2))
    assert again.stage is Stage.ASKING
    assert not again.heard
    assert not again.skipped  # nothing led past a question that nobody saw
    assert record.say(
        session, interview, "Once more.", channel=Channel.WEB, now=later + timedelta(minutes=3)
    ).stored
