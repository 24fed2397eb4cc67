"""How a voice is known stays: putting something right never brings it nearer to the child."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.interviews import record
from family_voice.interviews.events import Channel, Manner
from family_voice.interviews.manners import CHILD, THEIRS, TOLD_BY_OTHERS, put_right
from family_voice.interviews.words import Piece
from family_voice.people.facts import is_own_voice
from tests.factories import agreed, invited

PROMPT = "important.open"
manners = st.sampled_from(Manner)


@given(st.lists(manners, min_size=1), manners)
def test_what_others_put_into_words_is_never_theirs_again(
    before: list[Manner], now: Manner
) -> None:
    after = put_right(before, now)
    if set(before) & set(TOLD_BY_OTHERS):
        assert after not in THEIRS
        assert after in before
        assert put_right([after], now) is after
    else:
        assert after is now


def pieces(session: Session, interview_id: UUID) -> tuple[Piece, ...]:
    answer = record.account(session, interview_id).answer(PROMPT)
    return answer.pieces if answer else ()


@pytest.mark.parametrize("manner", [Manner.OBSERVED, Manner.THROUGH_PARENT, Manner.SPOKEN_FOR])
def test_a_child_who_puts_it_right_on_the_web_makes_it_no_word_of_theirs(
    session: Session, now: datetime, manner: Manner
) -> None:
    young = invited(session, now, audience="young_person").interview_id
    agreed(session, young, now)
    record.say(
        session, young, "Likes the drum.", channel=Channel.FACE_TO_FACE, prompt_id=PROMPT,
        manner=manner, now=now,
    )  # fmt: skip
    record.write(session, young, PROMPT, "Likes the big drum.", channel=Channel.WEB, now=now)
    assert [(p.text, p.manner) for p in pieces(session, young)] == [("Likes the big drum.", manner)]


def test_a_summary_that_they_reword_is_theirs(session: Session, now: datetime) -> None:
    mother = invited(session, now).interview_id
    agreed(session, mother, now)
    record.say(
        session, mother, "Buses are late.", channel=Channel.TELEPHONE, prompt_id=PROMPT,
        manner=Manner.SUMMARY, now=now,
    )  # fmt: skip
    record.write(session, mother, PROMPT, "The bus never comes.", channel=Channel.WEB, now=now)
    assert [p.manner for p in pieces(session, mother)] == [Manner.OWN_WORDS]


def test_what_a_parent_puts_right_of_their_childs_is_the_childs_through_a_parent(
    session: Session, now: datetime
) -> None:
    family = invited(session, now)
    mother = family.interview_id
    agreed(session, mother, now)
    record.say(
        session, mother, "I hate it.", channel=Channel.TELEPHONE, prompt_id=PROMPT, speaker=CHILD,
        now=now,
    )  # fmt: skip
    record.write(session, mother, PROMPT, "She finds it hard.", channel=Channel.WEB, now=now)
    assert [(p.manner, p.speaker) for p in pieces(session, mother)] == [
        (Manner.THROUGH_PARENT, CHILD)
    ]


def test_an_easy_read_guide_is_the_childs_own_voice_and_an_advocates_is_not() -> None:
    assert is_own_voice("young_person")
    assert is_own_voice("child")
    assert not is_own_voice("advocate")
    assert not is_own_voice("parent_carer")
