"""Accounts that came uninvited: what is proposed, what a person decides, and what is remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import candidates, choosing, linking
from family_voice.cases.candidates import NotOffered
from family_voice.cases.ledger import Level3
from family_voice.cases.linking import AlreadyLinked, LinkDecision, LinkHow
from family_voice.cases.matching import Decision
from family_voice.interviews import record as interview
from family_voice.interviews.words import Speaker
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.models import TrailRow
from family_voice.security.trail import Actor
from tests.cases.households import NOW, a_full_round, case
from tests.cases.test_inviting import speak
from tests.conftest import Database

AALIYAH = Speaker(
    first_name="Nadia",
    last_name="Example",
    relationship="parent or carer",
    phone="07700 900101",
    child_first_name="Aaliya",
    child_last_name="Example",
    child_date_of_birth="2016-03-14",
    school="Holybank Primary School",
)


def came(session: Session, speaker: Speaker | None = AALIYAH) -> UUID:
    """Somebody who came by the open link."""
    return interview.begin(
        session, audience="parent_carer", language="en", now=NOW, speaker=speaker
    )


def lead(session: Session, name: str = "amina") -> Actor:
    given = add_staff(
        session, email=f"{name}@council.example", roles=[Role.LEAD], now=NOW, password="x" * 12
    )
    return Actor("staff", given.staff_id)


def trail(session: Session) -> list[tuple[UUID | None, UUID | None, list[str]]]:
    rows = session.scalars(
        select(TrailRow).where(TrailRow.resource == "link").order_by(TrailRow.at)
    )
    return [(row.actor_id, row.resource_id, list(row.fields)) for row in rows]


def test_a_candidate_comes_with_reasons_and_nothing_is_linked(session: Session) -> None:
    round_id = a_full_round(session)
    account = came(session)
    [offer] = candidates.offers(session, account, NOW)
    assert offer.case.child.reference == "EX-001"
    assert offer.case.id == case(session, round_id, "EX-001").case_id
    assert {"last_name_same", "first_name_similar", "phone_same", "date_of_birth_same"} <= set(
        offer.reasons
    )
    assert offer.decision is Decision.PROPOSE
    assert offer.taken_off_at is None
    assert linking.case_of(session, account) is None
    assert linking.unlinked(session) == [account]


def test_certain_links_nothing_either(session: Session) -> None:
    a_full_round(session)
    account = came(session, replace(AALIYAH, child_first_name="Aaliyah"))
    [offer] = candidates.offers(session, account, NOW)
    assert offer.decision is Decision.CERTAIN
    assert linking.case_of(session, account) is None
    assert linking.history(session, account) == []


@pytest.mark.parametrize(
    ("speaker", "references"),
    [
        (Speaker(phone="+447700900103"), ["EX-003"]),
        (
            Speaker(last_name="Specimen", child_first_name="Maisie", child_date_of_birth="2019-08"),
            ["EX-004"],
        ),
        (
            Speaker(last_name="Trial", child_first_name="Tomasz", child_date_of_birth="07/2010"),
            ["EX-003"],
        ),
        (Speaker(child_first_name="Harun", child_date_of_birth="9/1/2014"), ["EX-005"]),
        (Speaker(child_first_name="Zed", child_last_name="Nobody", school="Elsewhere"), []),
        (Speaker(), []),
        (None, []),
        (Speaker(child_date_of_birth="31 Feb", phone="not a number"), []),
    ],
)
def test_little_is_enough_and_nothing_is_nothing(
    session: Session, speaker: Speaker | None, references: list[str]
) -> None:
    a_full_round(session)
    found = candidates.offers(session, came(session, speaker), NOW)
    assert [offer.case.child.reference for offer in found] == references


def test_a_person_confirms_and_takes_it_back(session: Session) -> None:
    round_id = a_full_round(session)
    amina, account = lead(session), came(session)
    speak(session, account)
    view = case(session, round_id, "EX-001")
    assert view.state is Level3.NOT_STARTED
    choosing.put_on(session, account, view.case_id, amina, NOW, why="Asked them")
    assert linking.case_of(session, account) == view.case_id
    assert linking.linked_by_people(session) == [(account, view.case_id)]
    assert linking.unlinked(session) == []
    assert case(session, round_id, "EX-001").state is Level3.HEARD
    with pytest.raises(AlreadyLinked):
        choosing.put_on(
            session,
            account,
            case(session, round_id, "EX-002").case_id,
            amina,
            NOW,
            why="Asked them",
        )
    with pytest.raises(AlreadyLinked):
        choosing.say_none(session, account, amina, NOW)
    later = NOW + timedelta(hours=1)
    assert choosing.take_off(session, account, amina, later) == view.case_id
    assert choosing.take_off(session, account, amina, later) is None
    assert linking.unlinked(session) == [account]
    assert case(session, round_id, "EX-001").state is Level3.NOT_STARTED
    [offer] = candidates.offers(session, account, later)
    assert offer.taken_off_at == later
    choosing.put_on(session, account, view.case_id, amina, later, why="Asked them")
    steps = linking.history(session, account)
    assert [step.decision for step in steps] == [
        LinkDecision.LINKED,
        LinkDecision.UNLINKED,
        LinkDecision.LINKED,
    ]
    assert "phone_same" in steps[0].reasons
    assert {step.by for step in steps} == {amina.id}
    assert trail(session) == [(amina.id, account, ["case"])] * 3


def test_none_of_these_is_remembered_and_is_not_the_last_word(session: Session) -> None:
    round_id = a_full_round(session)
    amina, account = lead(session), came(session)
    choosing.say_none(session, account, amina, NOW)
    assert linking.history(session, account)[-1].decision is LinkDecision.NONE_OF_THESE
    assert linking.unlinked(session) == [account]
    choosing.put_on(
        session, account, case(session, round_id, "EX-001").case_id, amina, NOW, why="Asked them"
    )
    assert linking.unlinked(session) == []
    assert trail(session) == [
        (amina.id, account, ["none_of_these"]),
        (amina.id, account, ["case"]),
    ]


def test_an_invited_account_that_was_taken_off_is_not_lost(session: Session) -> None:
    round_id = a_full_round(session)
    amina = lead(session)
    view = case(session, round_id, "EX-001")
    nadia = next(each for each in view.people if each.person.facts.first_name == "Nadia").person
    account = interview.begin(
        session, audience="parent_carer", language="en", now=NOW, participant_id=nadia.id
    )
    linking.link(session, account, view.case_id, LinkHow.INVITATION, NOW)
    assert linking.linked_by_people(session) == []
    choosing.take_off(session, account, amina, NOW)
    assert linking.unlinked(session) == [account]
    assert candidates.told_by(session, account).child_first_name == "Aaliyah"
    assert candidates.offers(session, account, NOW)[0].taken_off_at == NOW


def test_only_cases_of_open_rounds_are_offered(session: Session) -> None:
    round_id = a_full_round(session)
    amina, account = lead(session), came(session)
    with pytest.raises(NotOffered):
        choosing.put_on(session, account, UUID(int=7), amina, NOW, why="Asked them")
    picked = case(session, round_id, "EX-006").case_id
    offer = candidates.offer_of(session, account, picked, NOW)
    assert offer.decision is None
    assert "phone_different" in offer.reasons
    assert len(candidates.open_cases(session, NOW)) == 6
    assert trail(session) == []


def test_two_people_at_once_link_it_once(database: Database) -> None:
    with database.sessions.begin() as session:
        round_id = a_full_round(session)
        amina, account = lead(session), came(session)
        cases = [case(session, round_id, "EX-001").case_id] * 2

    def confirm(case_id: UUID) -> bool:
        try:
            with database.sessions.begin() as session:
                choosing.put_on(session, account, case_id, amina, NOW, why="Asked them")
        except AlreadyLinked:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, cases)) == [False, True]
    with database.sessions() as session:
        assert len(linking.history(session, account)) == 1
