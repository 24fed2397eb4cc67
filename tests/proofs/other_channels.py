"""What befalls a conversation by text from elsewhere: a call, the web, a lead at a desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.deadlines import london_date
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, GivenBack, HandedToPerson
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.people import facts, register
from tests.proofs.onlooker import TALK, Talk

if TYPE_CHECKING:
    from tests.proofs.conversations import Town

Done = Callable[[], None]


def _withdrawn(town: Town, session: Session, talk: Talk) -> Done:
    withdraw(session, id_of(talk), Asked(Way.TELEPHONE, london_date(town.now)), town.now)
    return lambda: _set(town, talk, gone=True, agreed=False)


def _said_no(town: Town, session: Session, talk: Talk) -> Done:
    record.decide(
        session, id_of(talk), Purpose.TALK, False, channel=Channel.TELEPHONE, now=town.now
    )
    return lambda: _set(town, talk, answered=TALK, agreed=False)


def _said_yes(town: Town, session: Session, talk: Talk) -> Done:
    record.decide(session, id_of(talk), Purpose.TALK, True, channel=Channel.TELEPHONE, now=town.now)

    def done() -> None:
        talk.yes.add(Purpose.TALK.value)
        # Whether that is the fresh agreement after a STOP is not for an onlooker to say.
        _set(town, talk, answered=TALK, agreed=True, agree_again=False)

    return done


def _may_not_check(town: Town, session: Session, talk: Talk) -> Done:
    yes = town.luck.random() < 0.5
    record.decide(session, id_of(talk), Purpose.CHECK, yes, channel=Channel.TELEPHONE, now=town.now)

    def done() -> None:
        if yes:
            talk.yes.add(Purpose.CHECK.value)
        _set(town, talk, answered=Purpose.CHECK.value)

    return done


def _wrote(town: Town, session: Session, talk: Talk) -> Done:
    """They answer a question on the web; their words stand beside those that were texted."""
    prompt_id = town.luck.choice(town.prompts)
    mark = f"m{next(town.chatter.number)}m"
    outcome = record.write(
        session, id_of(talk), prompt_id, f"From the web {mark}", channel=Channel.WEB, now=town.now,
        over=(),
    )  # fmt: skip
    kept = talk.must_stand if outcome.stored else talk.may_not_stand
    talk.steps += 1

    def done() -> None:
        kept.append(mark)
        talk.paused &= not outcome.stored

    return done


def _handed(town: Town, session: Session, talk: Talk) -> Done:
    record.happen(session, id_of(talk), HandedToPerson(Channel.TELEPHONE), town.now)
    return lambda: _set(town, talk, with_person=True)


def _given_back(town: Town, session: Session, talk: Talk) -> Done:
    record.happen(session, id_of(talk), GivenBack(Channel.TELEPHONE), town.now)

    def done() -> None:
        talk.given_back = town.now
        _set(town, talk, with_person=False)

    return done


def _not_safe(town: Town, session: Session, talk: Talk) -> Done:
    person = register.person(session, town.people[id_of(talk)])
    assert person is not None
    contact = replace(
        person.facts.contact, safe_to_contact=facts.NOT_SAFE, safe_confirmed_by="Lee Lead"
    )
    register.change_contact(session, person.id, person.version, contact)
    return lambda: _set(town, talk, not_safe=True)


ELSEWHERE = (
    _withdrawn, _said_no, _said_yes, _said_yes, _may_not_check, _wrote, _wrote, _wrote, _handed,
    _given_back, _given_back, _not_safe,
)  # fmt: skip


def _set(town: Town, talk: Talk, answered: str = "", **what: bool) -> None:
    for name, value in what.items():
        setattr(talk, name, value)
    town.onlooker.elsewhere(talk, town.now, answered)


def id_of(talk: Talk) -> UUID:
    assert isinstance(talk.key, UUID)
    return talk.key
