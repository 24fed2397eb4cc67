"""When the machine may ask, whom, and what becomes of the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.cases.models import Round
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Reopened
from family_voice.themes import choices, coding, standing_model
from family_voice.themes.choices import What
from family_voice.themes.codebooks import current
from family_voice.themes.coding import Unit, coded
from family_voice.themes.learning_apart import ModelRefused, answered, asked, work_on
from family_voice.themes.learning_turn import Note, ToRead, Work, due, keep, must_go
from family_voice.themes.machine_text import ReadAnswer
from family_voice.themes.models import CodingCommand
from family_voice.themes.second_sample import draw, drawn_in
from family_voice.themes.standing_model import Gone
from family_voice.themes.suggestion_models import Suggestion, ThemeModel
from family_voice.themes.suggestions import NotOffered, accept, offers, rates, refuse
from tests.cases.households import NOW
from tests.themes.suggesting import (
    FIRST,
    WELL,
    WORRIES,
    Suggesting,
    learned,
    stand_in,
    turn,
    two_accounts,
)

SOON = NOW + timedelta(minutes=1)
one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def there(session: Session) -> Suggesting:
    found = two_accounts(session)
    learned(session)
    return found


def sentence(session: Session, there: Suggesting, unit: Unit, number: int) -> Unit:
    answer = record.account(session, there.open).answer(unit.prompt_id)
    assert answer is not None
    return Unit(unit.prompt_id, answer.pieces[0].sentences[number].id)


def test_it_asks_below_a_decided_answer_one_at_a_time_and_marks_a_yes_for_ever(
    session: Session, there: Suggesting
) -> None:
    assert offers(session, there.open, there.ben, NOW) == {}
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    (offer,) = offers(session, there.open, there.ben, NOW).values()
    assert (offer.prompt_id, offer.code.id, offer.sure) == (WORRIES.prompt_id, "answers", 64)
    heard = sentence(session, there, WORRIES, 0).sentence_id
    assert offer.spans == {heard: ((7, 17),)}  # "rings back" of "Nobody rings back."
    accept(session, there.open, offer.id, there.ben, NOW)
    now = coded(session, there.open)
    assert now.codes_on(WORRIES) == ("having_to_push", "answers")
    assert now.by_people().codes_on(WORRIES) == ("having_to_push",)
    (command,) = session.scalars(
        select(CodingCommand).where(CodingCommand.suggestion_id.is_not(None))
    )
    suggested = session.get_one(Suggestion, command.suggestion_id)
    model = session.get_one(ThemeModel, suggested.model_id)
    assert (model.version, model.data_hash, suggested.codebook_version) == (
        "stand-in 1", "ab" * 32, current(session).version,
    )  # fmt: skip
    (next_one,) = offers(session, there.open, there.ben, NOW).values()
    assert next_one.code.id == "friends"


@one_database
def test_a_no_is_a_no_for_good(session: Session, there: Suggesting) -> None:
    coding.none_apply(session, there.open, FIRST, there.ben, NOW)
    (offer,) = offers(session, there.open, there.ben, NOW).values()
    refuse(session, there.open, offer.id, there.ben, NOW)
    assert coded(session, there.open).codes_on(FIRST) == ()
    for again in (accept, refuse):
        with pytest.raises(NotOffered):
            again(session, there.open, offer.id, there.ben, NOW)
    later = NOW + timedelta(hours=2)
    coding.put(session, there.coded, WELL, "proud", there.amina, later - timedelta(minutes=1))
    work = due(session, later)
    assert work is not None
    assert not work.model
    assert keep(session, work, stand_in(work), later)
    assert offers(session, there.open, there.ben, later) == {}


@one_database
def test_a_yes_goes_on_the_sentence_where_sentences_were_coded(
    session: Session, there: Suggesting
) -> None:
    second = sentence(session, there, WORRIES, 1)
    coding.put(session, there.open, second, "promised_happens", there.ben, NOW)
    (offer,) = offers(session, there.open, there.ben, NOW).values()
    accept(session, there.open, offer.id, there.ben, NOW)
    assert coded(session, there.open).codes_on(sentence(session, there, WORRIES, 0)) == ("answers",)
    assert coded(session, there.open).codes_on(WORRIES) == ()


@one_database
def test_nothing_is_learned_or_asked_before_somebody_coded_an_account_whole(
    session: Session,
) -> None:
    there = two_accounts(session)
    coding.take_off(session, there.coded, WELL, "believed", there.amina, NOW)
    assert due(session, NOW) is None
    coding.put(session, there.coded, WELL, "believed", there.amina, NOW)
    assert due(session, NOW) is not None


@one_database
def test_it_is_off_until_somebody_turns_it_on_and_its_words_go_when_it_is_turned_off(
    session: Session,
) -> None:
    there = two_accounts(session, on=False)
    assert due(session, NOW) is None
    turn(session, there.amina, on=True)
    learned(session)
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    assert offers(session, there.open, there.ben, NOW)
    turn(session, there.amina, on=False, now=SOON)
    assert offers(session, there.open, there.ben, NOW) == {}
    assert must_go(session, NOW) is Gone.TURNED_OFF
    standing_model.let_go(session, Gone.TURNED_OFF, NOW)
    assert standing_model.weights(session) == b""
    (gone,) = standing_model.every_model(session)
    assert (gone.number, gone.answers, gone.why_gone) == (1, 3, Gone.TURNED_OFF)
    assert session.scalar(select(func.count()).select_from(Suggestion)) == 0


@one_database
def test_whoever_codes_blind_is_not_asked(session: Session, there: Suggesting) -> None:
    for unit, code in ((FIRST, "waiting"), (WORRIES, "answers"), (WELL, "believed")):
        coding.put(session, there.open, unit, code, there.amina, NOW)
    choices.choose(session, What.SECOND_CODING, True, reason="We compare.", by=there.amina, now=NOW)
    round_id = session.scalars(select(Round.id)).one()
    assert draw(session, round_id, 25, there.amina, NOW) == 1
    (drawn,) = drawn_in(session, round_id)
    assert drawn.coder == there.ben
    coding.put(session, drawn.interview_id, WORRIES, "having_to_push", there.ben, NOW)
    (offer,) = offers(session, drawn.interview_id, there.amina, NOW).values()
    assert offers(session, drawn.interview_id, there.ben, NOW) == {}
    with pytest.raises(NotOffered):
        accept(session, drawn.interview_id, offer.id, there.ben, NOW)


@one_database
def test_a_model_of_another_codebook_asks_nothing_and_is_learned_anew(
    session: Session, there: Suggesting
) -> None:
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    assert offers(session, there.open, there.ben, NOW)
    model = session.scalars(select(ThemeModel)).one()
    model.codebook_version += 1
    session.flush()
    assert offers(session, there.open, there.ben, NOW) == {}
    work = due(session, NOW)
    assert work is not None
    assert not work.model
    assert work.codebook_version == current(session).version


@one_database
def test_what_was_worked_out_from_what_no_longer_holds_is_not_kept(
    session: Session, there: Suggesting
) -> None:
    coding.put(session, there.coded, WELL, "proud", there.amina, NOW + timedelta(minutes=1))
    work = due(session, NOW + timedelta(hours=2))
    assert work is not None
    turn(session, there.amina, on=False, now=SOON)
    assert not keep(session, work, stand_in(work), NOW)
    before = standing_model.standing(session)
    assert before is not None
    assert before.number == 1


@one_database
def test_words_that_are_no_longer_said_cause_nothing(session: Session, there: Suggesting) -> None:
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    assert offers(session, there.open, there.ben, NOW)
    record.happen(session, there.open, Reopened(Channel.WEB), NOW)
    record.write(
        session, there.open, WORRIES.prompt_id, "It is fine now.", channel=Channel.WEB, now=NOW
    )
    record.happen(session, there.open, Finished(Channel.WEB), NOW)
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    assert offers(session, there.open, there.ben, NOW) == {}
    work = due(session, NOW)
    assert work is not None
    assert work.model  # nothing is learned anew: the one account is read again
    assert [each.interview_id for each in work.to_read] == [there.open]


@one_database
def test_a_sentence_kept_from_the_people_who_work_with_them_is_read_by_no_machine(
    session: Session,
) -> None:
    there = two_accounts(session)
    kept = sentence(session, there, FIRST, 1).sentence_id
    assert kept is not None
    record.mark_for_workers(session, there.open, {kept})
    work = due(session, NOW)
    assert work is not None
    (read,) = [each for each in work.to_read if each.interview_id == there.open]
    assert next(answer.text for answer in read.answers) == "He is six."


@one_database
def test_rates_tell_what_was_taken_back_and_what_was_put_after_all(
    session: Session, there: Suggesting
) -> None:
    coding.put(session, there.open, WORRIES, "having_to_push", there.ben, NOW)
    coding.none_apply(session, there.open, FIRST, there.ben, NOW)
    offered = offers(session, there.open, there.ben, NOW)
    accept(session, there.open, offered[WORRIES.prompt_id].id, there.ben, NOW)
    refuse(session, there.open, offered[FIRST.prompt_id].id, there.ben, NOW)
    assert rates(session, NOW).overall.answered == 2
    coding.take_off(session, there.open, WORRIES, "answers", there.ben, NOW)
    coding.put(session, there.open, FIRST, "waiting", there.ben, NOW)
    found = rates(session, NOW)
    assert (found.overall.accepted, found.overall.taken_back) == (1, 1)
    assert (found.overall.refused, found.overall.put_later) == (1, 1)
    assert found.by_band[80, 90].refused == 1
    assert found.by_code["answers"].accepted == 1
    assert rates(session, NOW, without=[there.open]).overall.answered == 0
    later = NOW + timedelta(minutes=1)
    record.decide(session, there.open, Purpose.TALK, False, channel=Channel.WEB, now=later)
    assert rates(session, later).overall.answered == 0


def test_apart_it_learns_reads_and_refuses_a_model_of_another_codebook() -> None:
    note = Note("waiting", "Waiting", "Waiting for help.", ("We wait and wait.",))
    other = Note("friends", "Friends", "Friends and play.", ("He has friends.",))
    read = ReadAnswer("worries.open", "worries", ((UUID(int=1), "We wait and wait for help."),))
    work = Work(NOW, 1, (note, other), (), frozenset(), (ToRead(UUID(int=2), 1, (read,)),))
    first = answered(work_on(asked(work)))
    ((found, *_less),) = first.found
    assert found.code == "waiting"
    assert read.text[slice(*found.spans[0])].casefold() in read.text.casefold()
    again = replace(work, model=first.model)
    assert answered(work_on(asked(again))).found == first.found
    with pytest.raises(ModelRefused):
        answered(work_on(asked(replace(again, codebook_version=2))))
