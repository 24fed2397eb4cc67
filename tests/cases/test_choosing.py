"""Refusals that are remembered, a second person where it is close, doubles, and undoing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import (
    account_history,
    candidates,
    choosing,
    duplicates,
    families,
    linking,
    match_keys,
    remarks,
)
from family_voice.cases.account_history import CannotUndo, SomethingNewer
from family_voice.cases.caseload import EXAMPLE
from family_voice.cases.choosing import Put, SamePerson
from family_voice.cases.linking_models import MatchKey
from family_voice.cases.matching import compare
from family_voice.cases.pairing import Person
from family_voice.cases.permission import lead_may_read, panel_may_read
from family_voice.cases.remarks import Remark, Said, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.interviews.words import Speaker
from family_voice.operations.withdrawal import Asked, Way, withdraw, withdraw_purposes
from family_voice.people import register
from family_voice.people.models import Child
from tests.cases.households import NOW, a_full_round, case, with_sibling
from tests.cases.test_linking import AALIYAH, came, lead

LATER = NOW + timedelta(minutes=10)
TWINS = (
    EXAMPLE.read_text()
    .replace("Maisie,Specimen,30/08/2019,2,", "Aaliya,Example,14/03/2016,6,")
    .encode()
)
# A name between those of the twins, and nothing that tells them apart.
ONE_OF_THE_TWINS = replace(AALIYAH, child_first_name="Aalya", phone="", school="")


def agreed(session: Session, speaker: Speaker) -> UUID:
    account = came(session, speaker)
    record.decide(session, account, Purpose.TALK, True, channel=Channel.WEB, now=NOW)
    return account


def close_pair(session: Session) -> tuple[UUID, UUID, UUID]:
    """An account, and the cases of two children it may be about alike."""
    assert b"Aaliya,Example,14/03/2016" in TWINS, "the example file has changed"
    round_id = a_full_round(session, TWINS)
    account = agreed(session, ONE_OF_THE_TWINS)
    return (
        account,
        case(session, round_id, "EX-001").case_id,
        case(session, round_id, "EX-004").case_id,
    )


def said(session: Session, account: UUID) -> list[Said]:
    return [each.said for each in remarks.remarks_of(session, account)]


def test_a_case_that_was_ruled_out_is_proposed_no_more(session: Session) -> None:
    round_id = a_full_round(session)
    amina, account = lead(session), came(session)
    case_id = case(session, round_id, "EX-001").case_id
    choosing.rule_out(session, account, case_id, True, amina, NOW)
    choosing.rule_out(session, account, case_id, True, amina, NOW)
    [offer] = candidates.offers(session, account, NOW)
    assert offer.refused is not None
    assert offer.refused.by == amina.id
    assert linking.unlinked(session) == [account]
    choosing.rule_out(session, account, case_id, False, amina, LATER)
    assert candidates.offers(session, account, NOW)[0].refused is None
    assert said(session, account) == [Said.NOT_THIS, Said.MAYBE]
    assert choosing.put_on(session, account, case_id, amina, LATER, why="Asked them") is Put.LINKED
    with pytest.raises(linking.AlreadyLinked):
        choosing.rule_out(session, account, case_id, True, amina, LATER)


def test_where_two_are_close_two_people_have_to_say_the_same(session: Session) -> None:
    account, one, _other = close_pair(session)
    amina, bea = lead(session), lead(session, "bea")
    assert choosing.put_on(session, account, one, amina, NOW, why="Asked them") is Put.WAITS
    assert linking.case_of(session, account) is None
    with pytest.raises(SamePerson):
        choosing.put_on(session, account, one, amina, NOW + timedelta(days=2), why="Asked them")
    assert choosing.put_on(session, account, one, bea, LATER, why="Asked them") is Put.LINKED
    assert linking.case_of(session, account) == one
    assert said(session, account) == [Said.FIRST, Said.SECOND]
    first = remarks.remarks_of(session, account)[0]
    assert remarks.why_of(session, account, first) == "Asked them"


def test_two_people_who_differ_put_it_on_none(session: Session) -> None:
    account, one, other = close_pair(session)
    amina, bea = lead(session), lead(session, "bea")
    choosing.put_on(session, account, one, amina, NOW, why="Asked them")
    assert choosing.put_on(session, account, other, bea, LATER, why="Asked them") is Put.DIFFERS
    assert linking.case_of(session, account) is None
    # Ruling the rival out first is no way round the second person.
    choosing.rule_out(session, account, other, True, amina, LATER)
    assert choosing.put_on(session, account, one, amina, LATER, why="Asked them") is Put.WAITS
    choosing.say_none(session, account, bea, LATER)
    assert remarks.standing_of(session, account).first is None
    assert said(session, account)[-1] is Said.DIFFERS


def test_who_links_alone_looks_again_on_another_day(session: Session) -> None:
    account, one, _other = close_pair(session)
    amina = lead(session)
    choosing.put_on(session, account, one, amina, NOW, why="Asked them")
    with pytest.raises(SamePerson):
        choosing.put_on(session, account, one, amina, LATER, why="Asked them")
    tomorrow = NOW + timedelta(days=1)
    assert choosing.put_on(session, account, one, amina, tomorrow, why="Asked them") is Put.LINKED


def test_an_account_sent_twice_is_set_aside_once_a_person_says_so(session: Session) -> None:
    round_id = a_full_round(session)
    amina = lead(session)
    first, again = agreed(session, AALIYAH), agreed(session, replace(AALIYAH, school=""))
    father = agreed(session, replace(AALIYAH, first_name="Omar", phone="07700 900777"))
    assert [each.interview_id for each in duplicates.doubles(session, again, NOW)] == [first]
    assert duplicates.doubles(session, father, NOW) == []
    choosing.put_on(
        session, first, case(session, round_id, "EX-001").case_id, amina, NOW, why="Asked them"
    )
    with pytest.raises(duplicates.StandsOnCase):
        duplicates.say_same(session, first, again, amina, NOW)
    duplicates.say_same(session, again, first, amina, NOW)
    assert linking.unlinked(session) == [father]
    with pytest.raises(remarks.SetAside):
        duplicates.say_same(session, father, again, amina, NOW)
    account_history.undo(session, again, "said-1", amina, LATER)
    assert set(linking.unlinked(session)) == {again, father}
    duplicates.say_not_same(session, again, first, amina, LATER)
    assert duplicates.doubles(session, again, NOW) == []
    assert duplicates.doubles(session, first, NOW) == []


def test_what_is_told_of_a_brother_or_sister_is_no_double(session: Session) -> None:
    """The same person tells of each child; only of one child twice is it asked."""
    a_full_round(session)
    account = agreed(session, AALIYAH)
    for sibling in (
        replace(AALIYAH, child_first_name="Idris", child_date_of_birth="2012-05-02"),
        replace(AALIYAH, child_first_name="Yusra"),  # a twin
    ):
        assert duplicates.doubles(session, agreed(session, sibling), NOW) == []
    slip = agreed(session, replace(AALIYAH, child_date_of_birth="2016-10-29"))
    [found] = duplicates.doubles(session, slip, NOW)
    assert (found.interview_id, found.same_name) == (account, True)
    assert "date_of_birth_different" in found.reasons


def test_who_says_no_is_not_asked_again_whether_it_is_a_double(session: Session) -> None:
    round_id = a_full_round(session)
    amina = lead(session)
    case_id = case(session, round_id, "EX-001").case_id
    first, again = agreed(session, AALIYAH), agreed(session, AALIYAH)
    choosing.put_on(session, first, case_id, amina, NOW, why="Asked them")
    choosing.rule_out(session, again, case_id, True, amina, NOW)
    assert duplicates.doubles(session, again, NOW) == duplicates.doubles(session, first, NOW) == []
    choosing.rule_out(session, again, case_id, False, amina, LATER)
    assert duplicates.doubles(session, again, NOW) != []
    choosing.say_none(session, again, amina, LATER)
    assert duplicates.doubles(session, again, NOW) == duplicates.doubles(session, first, NOW) == []
    choosing.put_on(
        session, again, case(session, round_id, "EX-002").case_id, amina, LATER, why="Asked them"
    )
    assert duplicates.doubles(session, again, NOW) == duplicates.doubles(session, first, NOW) == []


@pytest.mark.parametrize("by_the_door_of", ["first", "again"])
def test_taking_back_an_account_takes_back_the_same_account_again(
    session: Session, by_the_door_of: str
) -> None:
    round_id = a_full_round(session)
    amina = lead(session)
    first, again, father = (agreed(session, AALIYAH) for _ in range(3))
    choosing.put_on(
        session, first, case(session, round_id, "EX-001").case_id, amina, NOW, why="Asked them"
    )
    duplicates.say_same(session, again, first, amina, NOW)
    door = first if by_the_door_of == "first" else again
    withdraw(session, door, Asked(Way.WEB, NOW.date()), NOW)
    readable = {each for each in (first, again, father) if lead_may_read(session, each, NOW)}
    assert readable == {father}
    assert linking.unlinked(session) == [father]


def test_a_no_holds_for_the_same_account_again(session: Session) -> None:
    a_full_round(session)
    amina = lead(session)
    first, again = agreed(session, AALIYAH), agreed(session, AALIYAH)
    record.decide(session, first, Purpose.CHECK, True, channel=Channel.WEB, now=NOW)
    record.decide(session, again, Purpose.CHECK, True, channel=Channel.WEB, now=NOW)
    duplicates.say_same(session, again, first, amina, NOW)
    withdraw_purposes(session, again, [Purpose.CHECK], Asked(Way.WEB, NOW.date()), NOW)
    assert not panel_may_read(session, first, NOW)
    assert lead_may_read(session, first, NOW)


def test_the_very_same_words_are_a_double_whoever_sent_them(session: Session) -> None:
    a_full_round(session)
    accounts = [agreed(session, Speaker()), agreed(session, Speaker(first_name="Zed"))]
    for account, text in zip(accounts, ("He is happy.  Now.", "he is happy. now."), strict=True):
        record.say(session, account, text, channel=Channel.WEB, now=NOW, prompt_id="important.open")
    [found] = duplicates.doubles(session, accounts[0], NOW)
    assert (found.interview_id, found.same_words) == (accounts[1], True)


def test_every_decision_can_be_undone_and_the_undoing_is_kept(session: Session) -> None:
    round_id = a_full_round(session)
    amina, account = lead(session), came(session)
    case_id = case(session, round_id, "EX-001").case_id

    def undo() -> None:
        newest = account_history.history(session, account)[-1]
        account_history.undo(session, account, newest.key, amina, LATER)

    choosing.put_on(session, account, case_id, amina, NOW, why="Asked them")
    undo()
    assert linking.case_of(session, account) is None
    undo()
    assert linking.case_of(session, account) == case_id
    undo()
    choosing.say_none(session, account, amina, LATER)
    undo()
    choosing.rule_out(session, account, case_id, True, amina, LATER + timedelta(minutes=1))
    undo()
    assert remarks.standing_of(session, account).refused == {}
    assert len(account_history.history(session, account)) == 8
    with pytest.raises(SomethingNewer):
        account_history.undo(session, account, "step-1", amina, LATER)


def test_a_first_choice_is_taken_back_by_who_made_it(session: Session) -> None:
    account, one, _other = close_pair(session)
    amina, bea = lead(session), lead(session, "bea")
    choosing.put_on(session, account, one, amina, NOW, why="Asked them")
    newest = account_history.history(session, account)[-1]
    with pytest.raises(CannotUndo):
        account_history.undo(session, account, newest.key, bea, LATER)
    account_history.undo(session, account, newest.key, amina, LATER)
    assert remarks.standing_of(session, account).first is None


def test_taken_for_siblings_and_parted(session: Session) -> None:
    round_id = a_full_round(session, with_sibling())
    amina = lead(session)
    case_id = case(session, round_id, "EX-001").case_id
    [sibling] = families.together(session, case_id).siblings
    assert sibling.facts.reference == "EX-004"
    families.part(session, case_id, amina, NOW)
    assert families.together(session, case_id).siblings == ()
    assert case(session, round_id, "EX-001").siblings == ()
    with pytest.raises(families.OnlyChild):
        families.part(session, case_id, amina, NOW)
    families.put_together(session, case_id, amina, LATER)
    assert case(session, round_id, "EX-001").siblings == ("EX-004",)
    with pytest.raises(families.NotParted):
        families.put_together(session, case_id, amina, LATER)


def test_blind_keys_find_what_reading_everything_finds(session: Session) -> None:
    """And a child without keys, known from before there were any, is not lost."""
    round_id = a_full_round(session)
    child_ids = set(session.scalars(select(Child.id)))
    assert set(session.scalars(select(MatchKey.child_id))) == child_ids
    nothing = Person("a", first_name="Zzz", last_name="Qqq")
    assert match_keys.may_fit(session, nothing, child_ids) == set()
    one = next(iter(child_ids))
    match_keys.forget(session, [one])
    assert match_keys.may_fit(session, nothing, child_ids) == {one}
    facts = register.children(session, [one])[one].facts
    match_keys.keep(session, one, facts)
    told = Person("a", first_name=facts.last_name, last_name=facts.first_name)
    assert one in match_keys.may_fit(session, told, child_ids)
    assert case(session, round_id, facts.reference)


NAMES = st.sampled_from(["Aaliyah", "Mohammed", "Zoë", "Jean-Luc", "O'Neil", "Nguyen", "Łucja"])


@given(NAMES, NAMES, st.dates(), st.sampled_from(["first", "last", "swap", "day"]))
def test_what_speaks_for_itself_shares_a_key(first: str, last: str, born: date, slip: str) -> None:
    theirs = Person("a", first_name=first, last_name=last, date_of_birth=born)
    told = {
        "first": replace(theirs, first_name=first[:-1]),
        "last": replace(theirs, last_name=last[1:]),
        "swap": replace(theirs, first_name=last, last_name=first),
        "day": replace(theirs, first_name="", date_of_birth=born.replace(day=1)),
    }[slip]
    score, _why = compare(theirs, told)
    keys = [
        match_keys.keys_of(each.first_name, each.last_name, each.date_of_birth, None, "")
        for each in (theirs, told)
    ]
    assert score <= 0 or keys[0] & keys[1]


REMARKS = st.lists(
    st.tuples(
        st.sampled_from(list(Said)),
        st.sampled_from([UUID(int=1), UUID(int=2)]),
        st.sampled_from([UUID(int=8), UUID(int=9)]),
    ),
    max_size=12,
)


@given(REMARKS)
def test_the_newest_word_on_a_matter_counts(given_remarks: list[tuple[Said, UUID, UUID]]) -> None:
    made = [
        Remark(number, what, case_id, other_id, UUID(int=5), NOW)
        for number, (what, case_id, other_id) in enumerate(given_remarks)
    ]
    stands = standing(made)
    for case_id in {each.case_id for each in made if each.case_id}:
        about = [e.said for e in made if e.case_id == case_id
                 and e.said in {Said.NOT_THIS, Said.MAYBE}]  # fmt: skip
        assert (case_id in stands.refused) == (bool(about) and about[-1] is Said.NOT_THIS)
    parted = [e.said for e in made if e.said in {Said.PARTED, Said.WHOLE}]
    assert stands.parted == (bool(parted) and parted[-1] is Said.PARTED)
    chosen = {Said.FIRST, Said.SECOND, Said.DIFFERS, Said.TOOK_BACK}
    choices = [e.said for e in made if e.said in chosen]
    assert (stands.first is not None) == (bool(choices) and choices[-1] is Said.FIRST)
