"""What waits for a person is there once, and gone when somebody has looked."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.messages import attention, phone_lines
from family_voice.messages.attention import Need, open_needs, raise_need, settle_need
from family_voice.storage.base import new_id
from tests.conftest import NOW

INDEX = b"x" * 32


def test_a_need_is_open_once_and_can_come_again(session: Session) -> None:
    interview_id = record.begin(session, audience="parent_carer", language="en", now=NOW)
    for _ in range(3):
        raise_need(session, Need.FILTERED, NOW, interview_id=interview_id, message_id=new_id())
    raise_need(session, Need.GIVEN_UP, NOW, interview_id=interview_id)
    raise_need(session, Need.FILTERED, NOW, phone_index=INDEX)
    first, *others = open_needs(session, interview_id)
    assert {each.need for each in (first, *others)} == {Need.FILTERED, Need.GIVEN_UP}
    assert len(open_needs(session)) == 3
    assert settle_need(session, first.id, None, NOW)
    assert not settle_need(session, first.id, None, NOW)
    raise_need(session, first.need, NOW, interview_id=interview_id)
    assert len(open_needs(session)) == 3
    assert attention.times_raised(session, first.need, interview_id) == 2


def test_a_need_is_about_something(session: Session) -> None:
    with pytest.raises(ValueError, match="Say what"):
        raise_need(session, Need.FILTERED, NOW)


def test_nothing_waits_any_more_for_what_was_forgotten(session: Session) -> None:
    interview_id = record.begin(session, audience="parent_carer", language="en", now=NOW)
    raise_need(session, Need.OVER_BUDGET, NOW, interview_id=interview_id)
    raise_need(session, Need.SAME_AGAIN, NOW, phone_index=INDEX)
    attention.forget_needs(session, interview_id)
    assert [each.need for each in open_needs(session)] == [Need.SAME_AGAIN]
    phone_lines.forget_number(session, INDEX)
    assert open_needs(session) == []
