"""A blind second coding: drawn by chance, a log of its own, compared, talked about, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import linking
from family_voice.cases.linking import LinkHow
from family_voice.cases.reading import round_ledger
from family_voice.cases.sampling import rank
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished
from family_voice.interviews.models import Interview
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.sealing import BrokenSeal, destroy_key, unseal
from family_voice.security.sealing import Place as SealedAt
from family_voice.security.trail import Actor
from family_voice.security.trail import record as on_trail
from family_voice.storage.locking import Missing, fetch
from family_voice.themes import (
    choices,
    coding,
    consensus,
    disagreements,
    second_sample,
    still_blind,
)
from family_voice.themes.choices import What
from family_voice.themes.coding import Unit
from family_voice.themes.consensus import Verdict
from family_voice.themes.disagreements import Basis
from family_voice.themes.forgetting import forget
from family_voice.themes.second_coding import blind_to, codes_blind
from family_voice.themes.second_models import ConsensusDecision, SecondCoding
from family_voice.themes.workbench import bench, waiting
from tests.cases.households import a_full_round
from tests.conftest import NOW

FIRST, OTHER = "important.open", "worries.open"
SAID = {FIRST: "We wait and wait. The taxi is late.", OTHER: "Nobody rings back."}
DAY = timedelta(days=1)


class Place:
    """A round with accounts that Amina has coded, and Ben and Cara who may code a second time."""

    def __init__(self, session: Session, accounts: int) -> None:
        self.session = session
        self.round_id = a_full_round(session)
        self.amina, self.ben, self.cara = (
            add_staff(
                session, email=f"{name}@council.example", name=name, roles=[Role.LEAD], now=NOW,
                password="x" * 12,
            ).staff_id
            for name in ("Amina", "Ben", "Cara")
        )  # fmt: skip
        cases = round_ledger(session, self.round_id, NOW).cases
        self.accounts = [self.told(each.case_id) for each in cases[:accounts]]
        choices.choose(
            session, What.SECOND_CODING, True, reason="Two of us now.", by=self.amina, now=NOW
        )

    def told(self, case_id: UUID) -> UUID:
        interview_id = record.begin(self.session, audience="parent_carer", language="en", now=NOW)
        record.decide(
            self.session, interview_id, Purpose.TALK, True, channel=Channel.VIDEO, now=NOW
        )
        for prompt, text in SAID.items():
            record.write(self.session, interview_id, prompt, text, channel=Channel.VIDEO, now=NOW)
        record.happen(self.session, interview_id, Finished(Channel.VIDEO), NOW)
        linking.link(self.session, interview_id, case_id, LinkHow.INVITATION, NOW)
        coding.put(self.session, interview_id, Unit(FIRST), "waiting", self.amina, NOW)
        coding.put(self.session, interview_id, Unit(OTHER), "answers", self.amina, NOW)
        return interview_id

    def draw(self, percent: int = 25) -> int:
        return second_sample.draw(self.session, self.round_id, percent, self.amina, NOW)

    def drawn(self) -> list[second_sample.Second]:
        return second_sample.drawn_in(self.session, self.round_id)

    def given_to(self, coder: UUID) -> UUID:
        """The one account that is drawn, given to this coder."""
        self.draw()
        (one,) = self.drawn()
        if one.coder != coder:
            second_sample.give(self.session, one.interview_id, coder)
        return one.interview_id

    def sentence(self, interview_id: UUID, prompt: str, number: int) -> Unit:
        answer = record.account(self.session, interview_id).answer(prompt)
        assert answer is not None
        return Unit(prompt, answer.pieces[0].sentences[number].id)

    def done_by_ben(self) -> UUID:
        """Ben puts the waiting on the first sentence only, and hears no answers but travel."""
        interview_id = self.given_to(self.ben)
        one = self.sentence(interview_id, FIRST, 0)
        coding.put(self.session, interview_id, one, "waiting", self.ben, NOW)
        coding.put(self.session, interview_id, Unit(OTHER), "answers", self.ben, NOW)
        coding.put(self.session, interview_id, Unit(OTHER), "listened_to", self.ben, NOW)
        second_sample.finish(self.session, interview_id, self.ben, NOW)
        return interview_id


def test_chance_draws_and_keeps_its_number(session: Session) -> None:
    place = Place(session, 5)
    assert place.draw(25) == 2
    (made,) = second_sample.draws_of(session, place.round_id)
    assert (made.in_pot, made.drawn, made.percent) == (5, 2, 25)
    expected = sorted(place.accounts, key=lambda each: rank(made.seed, each))[:2]
    assert {each.interview_id for each in place.drawn()} == set(expected)
    # Shared out among those who may, and never to the first coder.
    assert {each.coder for each in place.drawn()} == {place.ben, place.cara}
    assert {each.first for each in place.drawn()} == {(place.amina,)}
    with pytest.raises(second_sample.NothingToDraw):
        place.draw(25)
    # Another account comes into the pot later; two of six are more than were asked for already.
    sixth = round_ledger(session, place.round_id, NOW).cases[5].case_id
    place.told(sixth)
    assert place.draw(25) == 0
    assert len(place.drawn()) == 2
    with pytest.raises(ValueError, match="10 to 25"):
        place.draw(50)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_what_is_coded_whole_is_in_the_pot(session: Session) -> None:
    place = Place(session, 2)
    coding.take_off(session, place.accounts[0], Unit(OTHER), "answers", place.amina, NOW)
    assert place.draw() == 1
    assert [each.interview_id for each in place.drawn()] == [place.accounts[1]]
    # Nobody's sums wait for ever: what was coded a year ago goes into no pot.
    assert still_blind.coded_lately(session, NOW) == set(place.accounts)
    assert still_blind.coded_lately(session, NOW + still_blind.TOO_LATE) == frozenset()
    assert still_blind.not_counted_for(session, place.ben, NOW) == set(place.accounts)
    assert still_blind.not_counted_for(session, place.amina, NOW) == frozenset()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_codes_blind_who_saw_the_codes(session: Session) -> None:
    place = Place(session, 1)
    (account,) = place.accounts
    assert second_sample.who_may(session, account) == (place.ben, place.cara)
    on_trail(session, Actor("staff", place.ben), "view", "interview", account, NOW, ["answers"])
    assert place.ben in second_sample.who_may(session, account)
    on_trail(
        session, Actor("staff", place.ben), "view", "interview", account, NOW, ["answers", "codes"]
    )
    assert second_sample.who_may(session, account) == (place.cara,)
    case_id = linking.case_of(session, account)
    on_trail(session, Actor("staff", place.cara), "view", "pack", case_id, NOW, [str(account)])
    assert second_sample.who_may(session, account) == ()
    place.draw()
    (one,) = place.drawn()
    assert one.coder is None
    for who in (place.amina, place.ben):
        with pytest.raises(second_sample.NotBlind):
            second_sample.give(session, account, who)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_blind_coder_writes_and_reads_a_log_of_their_own(session: Session) -> None:
    place = Place(session, 1)
    account = place.given_to(place.ben)
    first = coding.coded(session, account)
    assert blind_to(session, place.ben) == {account}
    assert blind_to(session, place.amina) == frozenset()
    assert codes_blind(session, account, place.ben)
    mine = bench(session, account, place.ben, NOW)
    assert (mine.blind, mine.codings, mine.decided) == (True, 0, 0)
    ledger = round_ledger(session, place.round_id, NOW)
    assert [each.decided for each in waiting(session, ledger, NOW, place.ben)] == [0]
    assert [each.decided for each in waiting(session, ledger, NOW, place.amina)] == [2]
    coding.put(session, account, Unit(FIRST), "listened_to", place.ben, NOW)
    assert coding.coded(session, account, second=True).codes == {"listened_to"}
    assert coding.coded(session, account) == first
    # Undo takes back their own and nothing of the first coder's, and the other way round.
    assert coding.undo(session, account, place.ben, NOW).codings == ()
    assert coding.can_undo_and_redo(session, account, place.ben) == (False, True)
    assert coding.redo(session, account, place.ben, NOW).codes == {"listened_to"}
    coding.undo(session, account, place.amina, NOW)
    assert coding.coded(session, account).codes == {"waiting"}
    assert coding.coded(session, account, second=True).codes == {"listened_to"}
    with pytest.raises(second_sample.StillToDecide) as left:
        second_sample.finish(session, account, place.ben, NOW)
    assert left.value.left == 1
    # Given to somebody else, what was begun counts no more.
    second_sample.give(session, account, place.cara)
    assert coding.coded(session, account, second=True).codings == ()
    assert blind_to(session, place.ben) == frozenset()
    assert blind_to(session, place.cara) == {account}


def test_what_comes_after_is_no_agreement(session: Session) -> None:
    place = Place(session, 1)
    account = place.done_by_ben()
    assert blind_to(session, place.ben) == frozenset()
    with pytest.raises(second_sample.IsDone):
        second_sample.give(session, account, place.cara)
    with pytest.raises(Missing):
        second_sample.finish(session, account, place.ben, NOW)
    before = disagreements.pairs(session, NOW, place.round_id)
    # Both put it right now that they see each other's: into the first coding, and too late.
    coding.put(session, account, Unit(OTHER), "listened_to", place.ben, NOW)
    coding.take_off(session, account, Unit(FIRST), "waiting", place.amina, NOW)
    assert disagreements.pairs(session, NOW, place.round_id) == before
    found = disagreements.agreement(session, before, Basis.SENTENCES)
    assert found.sentences == 3
    counts = {
        code: (each.both, each.first_only, each.second_only)
        for code, each in found.per_code.items()
    }
    assert counts == {"answers": (1, 0, 0), "listened_to": (0, 0, 1), "waiting": (1, 1, 0)}
    whole = disagreements.agreement(session, before, Basis.ANSWERS)
    assert (whole.sentences, whole.per_code["waiting"].both) == (2, 1)
    assert disagreements.pairs(session, NOW, UUID(int=0)) == []
    # What a machine had suggested to the first coder agrees and disagrees with nobody.
    (pair,) = before
    machine = replace(
        pair.first, codings=tuple(replace(each, suggested=True) for each in pair.first.codings)
    )
    aside = disagreements.agreement(session, [replace(pair, first=machine)], Basis.SENTENCES)
    assert aside.per_code.keys() == {"listened_to"}
    record.decide(session, account, Purpose.TALK, False, channel=Channel.VIDEO, now=NOW)
    assert disagreements.pairs(session, NOW) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_meeting_decides_and_the_codes_follow(session: Session) -> None:
    place = Place(session, 1)
    account = place.done_by_ben()
    (pair,) = disagreements.pairs(session, NOW)
    first, second = disagreements.beside(session, pair, place.amina, NOW)
    (waits,), (listened,) = first.differences, second.differences
    assert (waits.code.id, waits.first.whole, waits.second.numbers) == ("waiting", True, (1,))
    assert (listened.code.id, listened.first.units) == ("listened_to", frozenset())
    assert [each.id for each in second.alike] == ["answers"]

    with pytest.raises(consensus.NobodyThere):
        consensus.hold(session, NOW.date(), [place.amina], place.amina, NOW)
    with pytest.raises(consensus.NotYet):
        consensus.hold(session, NOW.date() + DAY, [place.amina, place.ben], place.amina, NOW)
    held = consensus.hold(session, NOW.date(), [place.amina, place.ben], place.amina, NOW)

    moments = (NOW + timedelta(seconds=each) for each in count())

    def decide(prompt: str, code: str, verdict: Verdict, why: str = "Only there it waits.") -> None:
        now = next(moments)
        consensus.decide(
            session, held, account, prompt, {code: verdict}, why=why, by=place.amina, now=now
        )

    with pytest.raises(consensus.NoReason):
        decide(FIRST, "waiting", Verdict.SECOND, "  ")
    with pytest.raises(consensus.NotOpen):
        decide(OTHER, "answers", Verdict.NEITHER)
    with pytest.raises(consensus.NotOpen):
        decide(OTHER, "waiting", Verdict.NEITHER)
    decide(FIRST, "waiting", Verdict.SECOND)
    decide(OTHER, "listened_to", Verdict.SECOND, "They asked to be heard.")
    now = coding.coded(session, account)
    assert now.codes_on(Unit(FIRST)) == ()
    assert now.codes_on(place.sentence(account, FIRST, 0)) == ("waiting",)
    assert now.codes_on(Unit(OTHER)) == ("answers", "listened_to")
    assert coding.can_undo_and_redo(session, account, place.amina) == (True, False)
    # Decided anew: as neither, and then that nothing applies is what stands.
    decide(FIRST, "waiting", Verdict.NEITHER, "We read it again.")
    assert coding.coded(session, account).none_apply == {Unit(FIRST)}
    kept = consensus.decisions(session, [account])
    assert kept[account, FIRST, "waiting"].why == "We read it again."
    assert [(each.decided, each.present) for each in consensus.meetings(session, NOW)] == [
        (3, tuple(sorted((place.amina, place.ben), key=str)))
    ]
    assert disagreements.pairs(session, NOW) == [pair]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_all_goes_with_the_account(session: Session) -> None:
    place = Place(session, 1)
    account = place.done_by_ben()
    held = consensus.hold(session, NOW.date(), [place.amina, place.ben], place.amina, NOW)
    consensus.decide(
        session, held, account, FIRST, {"waiting": Verdict.SECOND}, why="So.", by=place.ben, now=NOW
    )
    (row,) = session.scalars(select(ConsensusDecision))
    key_id = fetch(session, Interview, account).key_id
    assert b"So." not in row.why
    with pytest.raises(BrokenSeal):
        unseal(session, key_id, SealedAt("consensus_decision", "why", account), row.why)
    assert [each.decided for each in consensus.meetings(session, NOW)] == [1]
    # While they say no to talking with us, what was decided of their words is not counted.
    for yes in (False, True):
        record.decide(session, account, Purpose.TALK, yes, channel=Channel.VIDEO, now=NOW)
        assert [each.decided for each in consensus.meetings(session, NOW)] == [int(yes)]
    destroy_key(session, key_id, NOW)
    assert [each.decided for each in consensus.meetings(session, NOW)] == [0]
    assert [each.why for each in consensus.decisions(session, [account]).values()] == [""]
    assert disagreements.beside(session, disagreements.pairs(session, NOW)[0], place.ben, NOW) == []
    forget(session, account)
    assert session.scalars(select(SecondCoding)).all() == []
    assert session.scalars(select(ConsensusDecision)).all() == []
    assert coding.coded(session, account, second=True).codings == ()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_on_by_itself_only_from_thirty_a_year(session: Session) -> None:
    who = add_staff(
        session, email="amina@council.example", roles=[Role.LEAD], now=NOW, password="x" * 12
    ).staff_id

    def sent(number: int) -> None:
        for _each in range(number):
            made = record.begin(session, audience="parent_carer", language="en", now=NOW)
            fetch(session, Interview, made).sent_at = NOW - 300 * DAY
        session.flush()

    sent(choices.ENOUGH_A_YEAR - 1)
    assert not choices.second_coding_on(session, NOW)
    sent(1)
    assert choices.second_coding_on(session, NOW)
    assert not choices.second_coding_on(session, NOW + 66 * DAY)
    assert not choices.suggestions_on(session, NOW)
    with pytest.raises(choices.NoReason):
        choices.choose(session, What.SUGGESTIONS, True, reason=" ", by=who, now=NOW)
    for what, is_on, at in (
        (What.SUGGESTIONS, True, NOW),
        (What.SECOND_CODING, False, NOW),
        (What.SUGGESTIONS, False, NOW + DAY),
    ):
        choices.choose(session, what, is_on, reason=f"{what} {is_on}", by=who, now=at)
    assert choices.all_on(session, NOW) == {What.SECOND_CODING: False, What.SUGGESTIONS: False}
    newest = choices.choices(session)[0]
    assert (newest.reason, newest.by) == ("suggestions False", who)
    with pytest.raises(second_sample.IsOff):
        second_sample.draw(session, a_full_round(session), 10, who, NOW)
