"""An account that speaks of two children: parts on their cases, one permission for the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import account_history, choosing, duplicates, linking, parting, remarks
from family_voice.cases.choosing import Put
from family_voice.cases.ledger import Level3
from family_voice.cases.linking import LinkHow
from family_voice.cases.parting import (
    NeedsTheirYes,
    NotEverySentence,
    NothingAbout,
    PartedAlready,
    Shared,
    SharedHow,
    propose,
)
from family_voice.cases.permission import NotForUs, account_for, panel_may_read
from family_voice.cases.seats import record_works_with
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel, Finished, Opened, Reopened
from family_voice.interviews.models import Fragment, Interview
from family_voice.interviews.parting import NotFinished
from family_voice.interviews.words import Speaker
from family_voice.operations.forgetting_again import clear
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.models import DataKey
from family_voice.security.sealing import destroy_key
from family_voice.security.trail import Actor
from tests.cases.households import NOW, a_full_round, case
from tests.cases.test_linking import lead

ABOUT_AALIYAH = "Aaliyah loves her new teacher."
ABOUT_CALLUM = "Callum is still waiting for a bus."
ABOUT_BOTH = "We are tired of telling it all again."
KEPT_BACK = "Miss Wren shouts at Callum."
SHARED = Shared(SharedHow.TELEPHONE, NOW)


@pytest.fixture
def colleague(session: Session) -> Actor:
    return lead(session, "bea")


def told(session: Session, *, sent: bool = True) -> UUID:
    """A parent who came by the open link and speaks of two children in one breath."""
    account = record.begin(
        session, audience="parent_carer", language="en", now=NOW,
        speaker=Speaker(first_name="Nadia", last_name="Example", child_first_name="Aaliyah"),
    )  # fmt: skip
    record.happen(session, account, Opened(Channel.WEB), NOW)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, account, purpose, True, channel=Channel.WEB, now=NOW)
    for prompt, text in (
        ("important.open", f"{ABOUT_BOTH} {ABOUT_CALLUM} {KEPT_BACK}"),
        ("working_well.open", ABOUT_AALIYAH),
    ):
        record.say(session, account, text, channel=Channel.WEB, now=NOW, prompt_id=prompt)
    marked = {each.id for each in record.account(session, account).sentences
              if each.text == KEPT_BACK}  # fmt: skip
    record.mark_for_workers(session, account, marked)
    if sent:
        record.happen(session, account, Finished(Channel.WEB), NOW)
    return account


@dataclass(frozen=True)
class Children:
    """An account about two children, their cases, and who cuts it into parts."""

    session: Session
    lead: Actor
    round_id: UUID
    aaliyah: UUID
    callum: UUID
    account: UUID

    def about(self, *, both: bool = True) -> dict[UUID, list[UUID]]:
        """Which child each sentence is about; without `both`, what is about both is left out."""
        whose = {
            ABOUT_AALIYAH: [self.aaliyah],
            ABOUT_CALLUM: [self.callum],
            KEPT_BACK: [self.callum],
            ABOUT_BOTH: [self.aaliyah, self.callum] if both else [],
        }
        sentences = record.account(self.session, self.account).sentences
        return {each.id: whose[each.text] for each in sentences}

    def part(
        self,
        about: dict[UUID, list[UUID]] | None = None,
        shared: Shared | None = SHARED,
        now: datetime = NOW,
    ) -> tuple[UUID, UUID]:
        """Cut it; the parts about Aaliyah and about Callum."""
        made = parting.part_account(
            self.session, self.account, self.about() if about is None else about,
            [self.aaliyah, self.callum], shared, self.lead, now,
        )  # fmt: skip
        return made[self.aaliyah], made[self.callum]

    def texts(self, account: UUID) -> list[str]:
        """What the lead reads of an account."""
        assert self.lead.id is not None
        return [
            each.text for each in account_for(self.session, account, self.lead.id, NOW).sentences
        ]


@pytest.fixture
def children(session: Session) -> Children:
    round_id = a_full_round(session)
    aaliyah, callum = (case(session, round_id, each).case_id for each in ("EX-001", "EX-002"))
    return Children(session, lead(session), round_id, aaliyah, callum, told(session))


@pytest.fixture
def parted(children: Children, colleague: Actor) -> tuple[UUID, UUID, UUID]:
    """An account that was on Aaliyah's case; its parts about her and about Callum, on theirs."""
    session = children.session
    linking.link(
        session, children.account, children.aaliyah, LinkHow.PERSON, NOW, (), children.lead.id
    )
    made = children.part()
    for part_id, case_id in zip(made, (children.aaliyah, children.callum), strict=True):
        assert (
            choosing.put_on(session, part_id, case_id, colleague, NOW, why="Asked them")
            is Put.LINKED
        )
    return children.account, *made


def test_each_part_goes_on_its_own_case_once_two_people_said_so_and_the_whole_on_none(
    session: Session, children: Children, colleague: Actor
) -> None:
    account, aaliyah, callum = children.account, children.aaliyah, children.callum
    about_aaliyah, about_callum = children.part()
    assert children.texts(about_aaliyah) == [ABOUT_BOTH, ABOUT_AALIYAH]
    assert children.texts(about_callum) == [ABOUT_BOTH, ABOUT_CALLUM, KEPT_BACK]
    assert [each.text for each in record.account(session, about_callum).sentences
            if each.not_for_workers] == [KEPT_BACK]  # fmt: skip
    assert children.texts(account) == [ABOUT_BOTH, ABOUT_CALLUM, KEPT_BACK, ABOUT_AALIYAH]
    with pytest.raises(PartedAlready):
        children.part({})

    assert set(linking.unlinked(session)) == {about_aaliyah, about_callum}
    assert case(session, children.round_id, "EX-001").state is Level3.NOT_STARTED
    for part_id, case_id in ((about_aaliyah, aaliyah), (about_callum, callum)):
        with pytest.raises(choosing.SamePerson):
            choosing.put_on(session, part_id, case_id, children.lead, NOW, why="Asked them")
        assert (
            choosing.put_on(session, part_id, case_id, colleague, NOW, why="Asked them")
            is Put.LINKED
        )
    assert linking.interviews_of(session, [aaliyah, callum]) == {
        aaliyah: [about_aaliyah], callum: [about_callum],
    }  # fmt: skip
    assert linking.case_of(session, account) is None
    assert linking.unlinked(session) == []
    for reference in ("EX-001", "EX-002"):
        assert case(session, children.round_id, reference).state is Level3.HEARD


def test_taking_a_first_choice_back_is_no_way_round_the_second_person(
    session: Session, children: Children, colleague: Actor
) -> None:
    about_aaliyah, about_callum = children.part()
    choosing.take_choice_back(session, about_aaliyah, children.lead, NOW)
    put = choosing.put_on(
        session, about_aaliyah, children.aaliyah, colleague, NOW, why="Asked them"
    )
    assert put is Put.WAITS
    put = choosing.put_on(session, about_callum, children.aaliyah, colleague, NOW, why="Asked them")
    assert put is Put.DIFFERS
    assert set(linking.unlinked(session)) == {about_aaliyah, about_callum}


def test_parts_of_one_account_are_no_doubles_though_the_words_are_the_same(
    session: Session, children: Children
) -> None:
    every = {each: [children.aaliyah, children.callum] for each in children.about()}
    for part_id in children.part(every):
        assert duplicates.doubles(session, part_id, NOW) == []


def test_what_is_about_both_waits_for_their_yes(session: Session, children: Children) -> None:
    with pytest.raises(NeedsTheirYes):
        children.part(shared=None)
    assert linking.unlinked(session) == [children.account]
    about_aaliyah, _callum = children.part(children.about(both=False), shared=None)
    assert children.texts(about_aaliyah) == [ABOUT_AALIYAH]


def test_nothing_is_parted_by_halves(session: Session, children: Children) -> None:
    every = children.about()
    with pytest.raises(NotEverySentence):
        children.part(dict(list(every.items())[1:]))
    with pytest.raises(NothingAbout):
        children.part({each: [children.callum] for each in every})
    with pytest.raises(NotFinished):
        replace(children, account=told(session, sent=False)).part()


def test_one_permission_holds_for_every_part(session: Session, children: Children) -> None:
    account, made = children.account, children.part()
    assert all(panel_may_read(session, part, NOW) for part in made)
    record.decide(session, account, Purpose.CHECK, False, channel=Channel.WEB, now=NOW)
    assert not any(panel_may_read(session, part, NOW) for part in made)
    # A no that is said about a part, on the telephone, is a no for the whole.
    record.decide(session, account, Purpose.CHECK, True, channel=Channel.WEB, now=NOW)
    record.decide(
        session, made[1], Purpose.CHECK, False, channel=Channel.TELEPHONE, now=NOW,
        recorded_by=children.lead.id,
    )  # fmt: skip
    assert not any(panel_may_read(session, each, NOW) for each in (account, *made))


@pytest.mark.parametrize("which", ["whole", "part"])
def test_taking_back_takes_back_every_part(
    session: Session, children: Children, which: str
) -> None:
    account, made = children.account, children.part()
    receipt = withdraw(
        session, account if which == "whole" else made[1], Asked(Way.WEB, NOW.date()), NOW
    )
    assert receipt.whole
    everything = [account, *made]
    left = select(Fragment.id).where(Fragment.interview_id.in_(everything))
    assert session.scalars(left).all() == []
    kept = select(DataKey.id).where(DataKey.owner_id.in_(everything), DataKey.wrapped.is_not(None))
    assert session.scalars(kept).all() == []
    for each in everything:
        with pytest.raises(NotForUs):
            children.texts(each)


def test_a_parting_can_be_undone(
    session: Session, children: Children, parted: tuple[UUID, UUID, UUID]
) -> None:
    account, _aaliyah, about_callum = parted
    assert case(session, children.round_id, "EX-002").state is Level3.HEARD
    newest = account_history.history(session, account)[-1]
    later = NOW + timedelta(minutes=5)
    account_history.undo(session, account, newest.key, children.lead, later)
    assert linking.unlinked(session) == [account]
    assert not remarks.standing_of(session, account).parted
    assert case(session, children.round_id, "EX-002").state is Level3.NOT_STARTED
    with pytest.raises(NotForUs):
        children.texts(about_callum)
    assert len(children.texts(account)) == 4
    # What is undone puts none of the words back on the case where it stood before.
    last = account_history.history(session, account)[-1]
    assert children.lead.id is not None
    assert not account_history.can_undo(last, children.lead.id)


def test_a_page_left_open_puts_nothing_parted_on_a_case(
    session: Session, children: Children
) -> None:
    children.part()
    with pytest.raises(remarks.SetAside):
        choosing.put_on(
            session, children.account, children.aaliyah, children.lead, NOW, why="Asked them"
        )


def test_what_the_family_changes_is_gone_from_the_parts(
    session: Session, parted: tuple[UUID, UUID, UUID]
) -> None:
    account, *made = parted
    record.happen(session, account, Reopened(Channel.WEB), NOW)
    assert all(panel_may_read(session, part, NOW) for part in made)
    record.write(session, account, "working_well.open", "", channel=Channel.WEB, now=NOW)
    assert not any(panel_may_read(session, part, NOW) for part in made)
    assert [linking.case_of(session, part) for part in made] == [None, None]
    assert linking.unlinked(session) == [account]
    assert not remarks.standing_of(session, account).parted


def test_what_is_kept_from_workers_later_is_kept_in_the_parts(
    session: Session, children: Children
) -> None:
    account, (about_aaliyah, about_callum) = children.account, children.part()
    every = record.account(session, account).sentences
    marked = {each.id for each in every if each.text in (KEPT_BACK, ABOUT_BOTH)}
    record.mark_for_workers(session, account, marked)
    for part, kept in ((about_aaliyah, {ABOUT_BOTH}), (about_callum, {ABOUT_BOTH, KEPT_BACK})):
        found = record.account(session, part).sentences
        assert {each.text for each in found if each.not_for_workers} == kept


@pytest.mark.parametrize("checked", [False, True])
def test_who_works_with_one_of_them_reads_nothing_kept_back_on_the_others_case(
    session: Session, children: Children, colleague: Actor, checked: bool
) -> None:
    """Nor before a second person has looked."""
    about_aaliyah, about_callum = children.part()
    if checked:
        choosing.put_on(session, about_callum, children.callum, colleague, NOW, why="Asked them")
    [sentence] = [each for each in record.account(session, children.account).sentences
                  if each.text == ABOUT_BOTH]  # fmt: skip
    record.mark_for_workers(session, children.account, {sentence.id})
    assert children.lead.id is not None
    record_works_with(session, children.lead.id, children.callum, True)
    assert ABOUT_BOTH not in children.texts(about_aaliyah)


def test_an_account_sent_again_late_has_parts_that_are_not_late(
    session: Session, children: Children
) -> None:
    late = NOW + timedelta(days=60)
    record.happen(session, children.account, Reopened(Channel.WEB), late)
    record.happen(session, children.account, Finished(Channel.WEB), late)
    made = children.part(now=late)
    assert {session.get_one(Interview, each).first_sent_at for each in made} == {NOW}


def test_a_backup_without_the_undoing_keeps_the_account(
    session: Session, children: Children
) -> None:
    keys = [session.get_one(Interview, each).key_id for each in children.part()]
    for key_id in keys:  # as the ledger of erasures has it, on tables of before
        destroy_key(session, key_id, NOW)
    clear(session, keys, NOW)
    assert len(children.texts(children.account)) == 4
    assert linking.unlinked(session) == [children.account]


def test_a_sentence_is_about_whoever_it_names() -> None:
    names = ["Aaliyah", "Callum"]
    pieces = [
        ["We moved.", "Callum's bus is late.", "He cries.", "Aaliyah and Callum fight.", "Often."],
        ["She sings."],
        ["AALIYAH sings."],
    ]
    assert propose(pieces, names) == [[None, 1, 1, None, None], [None], [0]]
    assert propose([], names) == []
