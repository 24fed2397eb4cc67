"""The receipt for what was taken back: what went, what remains, and what it is silent about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import Case
from family_voice.consent.statements import Purpose
from family_voice.interviews import record
from family_voice.interviews.events import Channel
from family_voice.operations import holds, receipts
from family_voice.operations.receipts import Remains
from family_voice.operations.withdrawal import (
    withdraw,
    withdraw_purposes,
)
from family_voice.people.models import Child
from family_voice.sharing import copies
from family_voice.sharing.models import Release
from family_voice.storage.base import new_id
from tests.cases.households import NOW
from tests.operations.taking_back import (
    ASKED,
    LATER,
    a_heard_round,
    shown,
    told_back,
)
from tests.reports.panel_round import PanelRound, told


@pytest.fixture
def panel(session: Session) -> PanelRound:
    return a_heard_round(session)


def test_the_receipt_in_full(session: Session, panel: PanelRound) -> None:
    told_back(session, panel.mother)
    found = withdraw(session, panel.mother, ASKED, LATER)
    assert len(found.number) == 9
    assert found.number.replace(" ", "").isdigit()
    assert receipts.removed_lines(found) == [
        "What you told us: 2 answers.",
        "What your texts said: 1 text.",
        "1 text to you that was waiting to go.",
        "Our notes on what it was about: 1 note.",
        "3 sentences we had chosen for the small group to read.",
        "1 short piece of your words that we had asked you about.",
        "What we had written to you about what came of it.",
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


def test_a_receipt_reads_the_same_with_and_without_a_hold(
    session: Session, panel: PanelRound
) -> None:
    with session.begin_nested() as trying:
        free = shown(withdraw(session, panel.mother, ASKED, LATER))
        trying.rollback()
    session.expire_all()
    session.info.pop("opened_keys", None)
    holds.set_hold(session, reason="Court", by=panel.lead, now=NOW, interview_id=panel.mother)
    assert shown(withdraw(session, panel.mother, ASKED, LATER)) == free


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
