"""Taking back reaches every room, once, with a receipt; and nothing readable is left anywhere."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import following_up, linking
from family_voice.cases.candidates import told_by
from family_voice.cases.models import AccountLink, Case, FollowUp, PackSentence
from family_voice.consent.decisions import Audience, permits
from family_voice.consent.statements import Purpose
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel
from family_voice.interviews.models import Fragment, Interview, Invitation, Sentence
from family_voice.interviews.state import Stage
from family_voice.interviews.words import Speaker
from family_voice.messages import arriving, outbox
from family_voice.messages.models import InboundMessage, OutboundMessage
from family_voice.messages.wording import Template
from family_voice.operations import holds, receipts, waiting
from family_voice.operations.models import Withdrawal
from family_voice.operations.receipts import Receipt, Remains
from family_voice.operations.withdrawal import (
    Asked,
    NothingToTakeBack,
    Way,
    finish_held,
    to_finish,
    withdraw,
    withdraw_purposes,
)
from family_voice.people.models import Child
from family_voice.reports.case_pack import case_pack
from family_voice.security.models import DataKey
from family_voice.security.trail import Actor
from family_voice.sharing import copies
from family_voice.sharing.models import Release
from family_voice.storage.base import new_id
from family_voice.themes.models import CodingCommand
from tests.cases.households import NOW
from tests.reports.panel_round import PanelRound, a_panel_round, told

PHONE = "+447700900555"
ASKED = Asked(Way.WEB, NOW.date())
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def panel(session: Session) -> PanelRound:
    """A mother and her child were heard; the mother also by text, with something to pass on."""
    made = a_panel_round(session, NOW)
    text_something(session, made.mother)
    following_up.needs_doing(
        session, made.case, made.mother, words="Marker ramp at the door", worker="W",
        manager="M", due_on=NOW.date(), family_agreed=True, by=Actor("operator"), now=NOW,
    )  # fmt: skip
    for number in (1, 2):
        copies.make_copy(
            session, made.case, made.member, made.lead, date(2026, 12, 20 + number), NOW
        )
    copies.destroyed(session, made.case, 2, NOW)
    session.commit()
    return made


def text_something(session: Session, interview_id: UUID) -> None:
    doors.open_doors(session, interview_id, NOW + timedelta(days=20), NOW, phone=PHONE)
    arriving.receive(session, "SM1", PHONE, "marker words by text", 1, NOW, interview_id)
    outbox.queue(
        session, interview_id, PHONE, Template.QUESTION, "A question", "test:1",
        NOW, False, NOW,
    )  # fmt: skip


def key_of(session: Session, interview_id: UUID) -> DataKey:
    return session.get_one(DataKey, session.get_one(Interview, interview_id).key_id)


def rows(session: Session, model: type, *where: object) -> int:
    return len(session.scalars(select(model).where(*where)).all())  # type: ignore[arg-type]


def test_everything_that_came_from_the_account_goes(session: Session, panel: PanelRound) -> None:
    mother = panel.mother
    children = {each.id for each in record.account(session, panel.child).sentences}
    found = withdraw(session, mother, ASKED, LATER)
    session.commit()

    assert record.state_of(session, mother).stage is Stage.WITHDRAWN
    assert record.account(session, mother).answers == ()
    for model in (Fragment, Invitation, CodingCommand, FollowUp, AccountLink):
        assert rows(session, model, model.interview_id == mother) == 0, model  # type: ignore[attr-defined]
    assert set(session.scalars(select(Sentence.id))) == children
    assert set(session.scalars(select(PackSentence.sentence_id))) <= children
    interview = session.get_one(Interview, mother)
    assert interview.speaker is None
    assert interview.return_word is None
    assert key_of(session, mother).wrapped is None
    for table in (InboundMessage, OutboundMessage):
        [text] = session.scalars(select(table).where(table.interview_id == mother))
        assert (text.phone, text.body) == (b"", b"")
        assert text.phone_index != outbox.phone_index(session, PHONE)
    for purpose in Purpose:
        for audience in Audience:
            assert not permits(session, mother, purpose, audience, LATER)
    assert found.removed == {
        "answers": 2, "texts": 1, "waited": 1, "codes": 1, "chosen": 3, "to_pass_on": 1,
    }  # fmt: skip
    assert found.copies == (1,)
    assert [each.number for each in copies.recalled(session, panel.member)] == [1]


def test_the_receipt_in_full(session: Session, panel: PanelRound) -> None:
    found = withdraw(session, panel.mother, ASKED, LATER)
    assert len(found.number) == 9
    assert found.number.replace(" ", "").isdigit()
    assert receipts.removed_lines(found) == [
        "What you told us: 2 answers.",
        "What your texts said: 1 text.",
        "1 text to you that was waiting to go.",
        "Our notes on what it was about: 1 note.",
        "3 sentences we had chosen for the small group to read.",
        "1 thing we had written down to pass on.",
    ]
    assert receipts.remains_lines(found) == [
        "We keep a note that we asked you, what you chose, and that you took it back. "
        "So nobody asks you about it again this term.",
        "What we passed on to a worker, because you said yes. They have it already.",
        "The phone company has its own record of texts. So has your phone. "
        "You can delete them on your phone.",
        "Safety copies of our computer. Nobody reads them, and they are gone after 30 days.",
    ]
    assert receipts.copies_line(found) == (
        "There is a printed copy. It has the number 1. "
        "We have told the person who has it to destroy it now."
    )
    assert receipts.the_law() == "The law may require us to keep some records."


def test_after_the_meeting_the_receipt_says_who_could_read_it(
    session: Session, panel: PanelRound
) -> None:
    found = withdraw(session, panel.mother, ASKED, NOW + timedelta(days=28))
    assert Remains.MET in found.remains
    assert "The small group met on 9 December 2026. They could read it then." in " ".join(
        receipts.remains_lines(found)
    )


def test_a_receipt_is_silent_about_paper_and_a_meeting_that_were_not_theirs(
    session: Session, panel: PanelRound
) -> None:
    """Separated parents: what the group read of one says nothing to the other."""
    father = told(
        session, panel.case, "father", {"important.open": "He laughs."}, NOW,
        purposes=[Purpose.TALK],
    )  # fmt: skip
    after_the_meeting = NOW + timedelta(days=28)
    record.decide(session, father, Purpose.CHECK, True, channel=Channel.WEB, now=after_the_meeting)
    found = withdraw(session, father, ASKED, after_the_meeting + timedelta(hours=1))
    assert (found.copies, found.met_on) == ((), None)
    assert copies.recalled(session) == []
    assert withdraw(session, panel.mother, ASKED, after_the_meeting).copies == (1,)


def test_paper_from_between_a_yes_and_a_no_is_on_the_receipt(
    session: Session, panel: PanelRound
) -> None:
    record.decide(session, panel.mother, Purpose.CHECK, False, channel=Channel.WEB, now=LATER)
    afterwards = LATER + timedelta(hours=1)
    copies.make_copy(session, panel.case, panel.member, panel.lead, date(2026, 12, 20), afterwards)
    assert withdraw(session, panel.mother, ASKED, afterwards).copies == (1,)


def test_the_others_words_stay(session: Session, panel: PanelRound) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    [answer] = record.account(session, panel.child).answers
    assert answer.text == "I like the quiet room."
    assert rows(session, PackSentence) == 1


def test_the_pack_is_silent_when_nobody_is_left(session: Session, panel: PanelRound) -> None:
    for each in (panel.mother, panel.child):
        withdraw(session, each, ASKED, LATER)
    gone = case_pack(session, panel.case, panel.member, now=LATER)
    never = case_pack(session, panel.silent, panel.member, now=LATER)
    assert not gone.has_account
    assert not never.has_account


def test_a_second_time_changes_nothing(session: Session, panel: PanelRound) -> None:
    first = withdraw(session, panel.mother, ASKED, LATER)
    again = withdraw(session, panel.mother, Asked(Way.TELEPHONE, NOW.date()), LATER)
    assert again == first
    assert rows(session, Withdrawal) == 1


def test_words_after_taking_back_are_not_stored(session: Session, panel: PanelRound) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    said = record.say(session, panel.mother, "marker again", channel=Channel.WEB, now=LATER)
    assert not said.stored
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 0


@pytest.mark.parametrize("of", ["child", "interview"])
def test_a_hold_keeps_the_key_and_shows_nowhere(
    session: Session, panel: PanelRound, of: str
) -> None:
    target = (
        {"child_id": session.get_one(Case, panel.case).child_id}
        if of == "child"
        else {"interview_id": panel.mother}
    )
    hold = holds.set_hold(session, reason="Court order", by=panel.lead, now=NOW, **target)
    session.commit()
    held = withdraw(session, panel.mother, ASKED, LATER)
    session.commit()

    assert key_of(session, panel.mother).wrapped is not None
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 2
    assert not permits(session, panel.mother, Purpose.TALK, Audience.LEAD, LATER)
    assert record.state_of(session, panel.mother).stage is Stage.WITHDRAWN
    assert doors.by_phone(session, PHONE, LATER) == []
    [waiting_text] = session.scalars(select(OutboundMessage.state))
    assert waiting_text == "cancelled"
    assert not finish_held(session, panel.mother, LATER)

    holds.lift(session, hold, panel.lead, LATER)
    assert to_finish(session) == [panel.mother]
    assert finish_held(session, panel.mother, LATER)
    session.commit()
    assert key_of(session, panel.mother).wrapped is None
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 0
    assert to_finish(session) == []
    assert _shown(held)[0] == "What you told us: 2 answers."


def test_a_receipt_reads_the_same_with_and_without_a_hold(
    session: Session, panel: PanelRound
) -> None:
    with session.begin_nested() as trying:
        free = _shown(withdraw(session, panel.mother, ASKED, LATER))
        trying.rollback()
    session.expire_all()
    session.info.pop("opened_keys", None)
    holds.set_hold(session, reason="Court", by=panel.lead, now=NOW, interview_id=panel.mother)
    assert _shown(withdraw(session, panel.mother, ASKED, LATER)) == free


def _shown(found: Receipt) -> list[str]:
    return [
        *receipts.removed_lines(found),
        *receipts.remains_lines(found),
        receipts.copies_line(found),
    ]


def test_only_the_small_group_may_not_read_it(session: Session, panel: PanelRound) -> None:
    found = withdraw_purposes(session, panel.mother, {Purpose.CHECK}, ASKED, LATER)
    assert permits(session, panel.mother, Purpose.TALK, Audience.LEAD, LATER)
    assert not permits(session, panel.mother, Purpose.CHECK, Audience.PANEL, LATER)
    assert rows(session, PackSentence) == 1
    assert rows(session, Fragment, Fragment.interview_id == panel.mother) == 2
    assert receipts.removed_lines(found) == [
        "3 sentences we had chosen for the small group to read.",
        "The small group cannot read what you told us any more.",
    ]
    assert found.copies == (1,)
    assert receipts.remains_lines(found) == []


def test_no_contact_takes_what_waits_out_of_line(session: Session, panel: PanelRound) -> None:
    record.decide(session, panel.mother, Purpose.CONTACT, True, channel=Channel.WEB, now=NOW)
    found = withdraw_purposes(session, panel.mother, {Purpose.CONTACT}, ASKED, LATER)
    assert found.removed == {"waited": 1}
    assert session.scalars(select(OutboundMessage.state)).all() == ["cancelled"]


def test_what_was_never_allowed_cannot_be_taken_back(session: Session, panel: PanelRound) -> None:
    with pytest.raises(NothingToTakeBack):
        withdraw_purposes(session, panel.mother, {Purpose.QUOTE}, ASKED, LATER)


def test_the_wait_can_be_called_off_and_goes_with_the_account(
    session: Session, panel: PanelRound
) -> None:
    first = waiting.begin(session, panel.mother, PHONE, NOW)
    assert waiting.begin(session, panel.mother, PHONE, LATER) == first
    assert waiting.due(session, NOW + timedelta(days=6, hours=23)) == []
    assert waiting.due(session, NOW + timedelta(days=7)) == [panel.mother]
    assert waiting.call_off(session, panel.mother, Actor("family"), LATER)
    assert not waiting.call_off(session, panel.mother, Actor("family"), LATER)
    waiting.begin(session, panel.mother, PHONE, NOW)
    withdraw(session, panel.mother, ASKED, LATER)
    assert waiting.of_interview(session, panel.mother) is None


def test_nothing_readable_lies_in_the_file(
    session: Session, panel: PanelRound, database: object, tmp_path: Path
) -> None:
    withdraw(session, panel.mother, ASKED, LATER)
    session.commit()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for words in (
                b"friend now",
                b"Miss Grey",
                b"marker words",
                b"Marker ramp",
                b"7700900555",
            ):
                assert words not in content, path


def test_what_is_taken_back_is_nobodys_to_link_or_name(session: Session, panel: PanelRound) -> None:
    holds.set_hold(session, reason="Court", by=panel.lead, now=NOW, interview_id=panel.mother)
    assert told_by(session, panel.mother).relationship == "mother"
    withdraw(session, panel.mother, ASKED, LATER)
    assert told_by(session, panel.mother) == Speaker()
    assert panel.mother not in linking.unlinked(session)
    # A link that a person made is gone without a hold, so it counts for nobody while one stands.
    assert linking.case_of(session, panel.mother) is None
    assert linking.interviews_of(session, [panel.case]) == {panel.case: [panel.child]}
    assert linking.linked_by_people(session) == [(panel.child, panel.case)]


def test_public_figures_stay_and_point_at_nobody(session: Session, panel: PanelRound) -> None:
    child_id = session.get_one(Case, panel.case).child_id
    family = str(session.get_one(Child, child_id).family_id)
    others = [str(new_id()) for _ in range(3)]
    table = {"terms": ["Autumn 2026"], "families": sorted([family, *others]), "adds_up": False,
             "rows": {"friends": [family], "school": others}}  # fmt: skip
    content = {"kept": [], "themes": "as published", "participation": "as published"}
    session.add(
        Release(
            number=1, round_id=panel.round_id, content=content, made_at=NOW,
            basis={"themes": table, "participation": table},
        )
    )  # fmt: skip
    for each in (panel.mother, panel.child):
        record.decide(session, each, Purpose.COUNT, True, channel=Channel.WEB, now=NOW)
    session.flush()

    first = withdraw(session, panel.mother, ASKED, LATER)
    [release] = session.scalars(select(Release))
    # The child's account is still counted: the family stands behind the figures by right.
    assert family in release.basis["themes"]["families"]
    withdraw_purposes(session, panel.child, {Purpose.COUNT}, ASKED, LATER)
    session.expire_all()

    [release] = session.scalars(select(Release))
    themes = release.basis["themes"]
    assert release.content == content
    assert family not in repr(themes)
    assert len(themes["families"]) == 4
    assert len(themes["rows"]["friends"]) == 1
    assert set(themes["rows"]["friends"]) <= set(themes["families"])
    assert family in release.basis["participation"]["families"]
    assert Remains.PUBLISHED in first.remains
    assert any("A change could show" in line or "could show that it was you" in line
               for line in receipts.remains_lines(first))  # fmt: skip
