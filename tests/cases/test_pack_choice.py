"""The sentences on the first side: only after read-back, three a place, and only what stands."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow
from family_voice.cases.pack_choice import (
    MOST,
    Full,
    NotOnThisCase,
    NotReadBack,
    Place,
    choose,
    choose_all,
    chosen,
)
from family_voice.interviews import record as interview
from family_voice.interviews.events import Channel, Finished, ReadBack, Reopened
from family_voice.reports.case_pack import case_pack
from tests.cases.households import NOW, a_full_round, case
from tests.cases.test_inviting import speak
from tests.cases.test_linking import came, lead

WELL, FOR_CHILD = Place("working_well"), Place("next", "child")
TEXT = "The taxi comes late. She waits in the hall. The driver is kind. He sings. She laughs."


def told(session: Session, case_id: UUID, read_back: bool = True, text: str = TEXT) -> UUID:
    """An account on a case, said in several sentences."""
    account = came(session)
    speak(session, account, send=False)
    say(session, account, text)
    interview.happen(session, account, Finished(Channel.TELEPHONE), NOW)
    if read_back:
        interview.happen(session, account, ReadBack(Channel.TELEPHONE, right=True), NOW)
    linking.link(session, account, case_id, LinkHow.INVITATION, NOW)
    return account


def say(session: Session, account: UUID, text: str) -> None:
    interview.write(session, account, "working_well.open", text, channel=Channel.TELEPHONE, now=NOW)


def sentences(session: Session, account: UUID) -> list[UUID]:
    answer = interview.account(session, account).answer("working_well.open")
    assert answer is not None
    return [s.id for piece in answer.pieces for s in piece.sentences]


def by(session: Session) -> UUID:
    who = lead(session).id
    assert who is not None
    return who


def a_case(session: Session) -> UUID:
    return case(session, a_full_round(session), "EX-001").case_id


def test_sentences_stand_and_move(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    first, second, *_rest = sentences(session, told(session, case_id))
    choose(session, case_id, first, WELL, amina, NOW)
    choose(session, case_id, second, FOR_CHILD, amina, NOW)
    assert chosen(session, case_id, NOW) == {first: WELL, second: FOR_CHILD}
    choose(session, case_id, first, FOR_CHILD, amina, NOW)
    assert chosen(session, case_id, NOW) == {first: FOR_CHILD, second: FOR_CHILD}


def test_not_before_the_family_said_it_is_right(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    first = sentences(session, told(session, case_id, read_back=False))[0]
    with pytest.raises(NotReadBack):
        choose(session, case_id, first, WELL, amina, NOW)
    assert chosen(session, case_id, NOW) == {}


def test_three_a_place_and_a_whole_page_at_once(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    said = sentences(session, told(session, case_id))
    for sentence in said[:MOST]:
        choose(session, case_id, sentence, WELL, amina, NOW)
    with pytest.raises(Full) as full:
        choose(session, case_id, said[MOST], WELL, amina, NOW)
    assert full.value.places == (WELL,)
    assert set(chosen(session, case_id, NOW)) == set(said[:MOST])
    swapped = {said[0]: FOR_CHILD, said[3]: WELL, said[1]: WELL, said[4]: WELL}
    choose_all(session, case_id, swapped, amina, NOW)
    assert chosen(session, case_id, NOW) == swapped
    choose_all(session, case_id, {}, amina, NOW)
    assert chosen(session, case_id, NOW) == {}


def test_only_this_cases_sentences(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    others = came(session)
    speak(session, others, send=False)
    say(session, others, TEXT)
    with pytest.raises(NotOnThisCase):
        choose(session, case_id, sentences(session, others)[0], WELL, amina, NOW)


def test_reworded_sentences_leave_and_take_no_room(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    account = told(session, case_id)
    for sentence in sentences(session, account)[:MOST]:
        choose(session, case_id, sentence, WELL, amina, NOW)
    interview.happen(session, account, Reopened(Channel.TELEPHONE), NOW)
    say(session, account, "It is all different now. We are glad.")
    interview.happen(session, account, Finished(Channel.TELEPHONE), NOW)
    interview.happen(session, account, ReadBack(Channel.TELEPHONE, right=True), NOW)
    assert chosen(session, case_id, NOW) == {}
    first, second = sentences(session, account)
    choose(session, case_id, first, WELL, amina, NOW)
    choose(session, case_id, second, WELL, amina, NOW)
    assert len(chosen(session, case_id, NOW)) == 2


def test_an_account_takes_nothing_along_to_another_case(session: Session) -> None:
    round_id = a_full_round(session)
    amina = by(session)
    here, there = (case(session, round_id, name).case_id for name in ("EX-001", "EX-002"))
    account = told(session, here)
    first = sentences(session, account)[0]
    choose(session, here, first, WELL, amina, NOW)
    linking.unlink(session, account, NOW, amina)
    assert chosen(session, here, NOW) == {}
    linking.link(session, account, there, LinkHow.PERSON, NOW, (), amina)
    assert chosen(session, there, NOW) == {}
    choose(session, there, first, FOR_CHILD, amina, NOW)
    assert chosen(session, there, NOW) == {first: FOR_CHILD}
    assert chosen(session, here, NOW) == {}


def test_the_pack_shows_them_in_the_order_they_were_said(session: Session) -> None:
    case_id, amina = a_case(session), by(session)
    said = sentences(session, told(session, case_id))
    choose_all(session, case_id, dict.fromkeys((said[4], said[0], said[2]), WELL), amina, NOW)
    pack = case_pack(session, case_id, amina, now=NOW)
    [part] = next(q for q in pack.questions if q.id == "working_well").parts
    assert [line.sentence_id for line in part.lines] == [said[0], said[2], said[4]]
