"""Every name that the register and the round hold of an account is known before its words leave."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.following_up import needs_doing
from family_voice.cases.linking import unlink
from family_voice.cases.sittings import Presence, sit_down
from family_voice.interviews import record
from family_voice.interviews.words import Speaker
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.security.trail import Actor
from family_voice.sharing.known_names import beside, known_for
from tests.cases.households import NOW, a_full_round, case, with_sibling
from tests.reports.panel_round import PanelRound, a_panel_round, told


def test_the_child_the_home_the_school_and_who_works_with_them(session: Session) -> None:
    panel = a_panel_round(session, NOW)
    sit_down(session, panel.mother, Presence(), panel.outsider, NOW)
    needs_doing(
        session, panel.case, panel.mother, words="A ramp.",
        worker="Odd Job", manager="Bea Boss", due_on=NOW.date(), family_agreed=True,
        by=Actor("staff", panel.lead), now=NOW,
    )  # fmt: skip
    known = known_for(session, panel.mother)
    assert known.child == ("Aaliyah Example",)
    assert known.carers == ("Nadia Example", "Imran Example")
    assert known.school == ("Hollybank Primary",)
    # As it was written: "Mrs Demo from the family hub".
    assert "Mrs Demo" in known.professionals
    # Those who sit on any panel of the round; who talked with them; who is to see to something.
    assert {"Chris Chair", "Max Member", "Wim Worker", "Ollie Outside", "Odd Job", "Bea Boss"} <= {
        *known.professionals
    }
    assert known_for(session, panel.child) == known


def test_brothers_and_sisters_are_others(session: Session) -> None:
    round_id = a_full_round(session, with_sibling())
    ours, theirs = case(session, round_id, "EX-001"), case(session, round_id, "EX-004")
    account = told(session, ours.case_id, "mother", {"important.open": "Well."}, NOW)
    known = known_for(session, account)
    assert known.child == (ours.child.facts.name,)
    assert theirs.child.facts.name in known.others
    assert set(known.school) == {ours.child.facts.school, theirs.child.facts.school} - {""}


def test_an_account_on_no_case_knows_what_they_told_of_themselves(session: Session) -> None:
    account = record.begin(
        session, audience="parent_carer", language="en", now=NOW,
        speaker=Speaker(
            first_name="Zsófia", last_name="Nagy", child_first_name="Bence", school="Elm Lodge",
        ),
    )  # fmt: skip
    known = known_for(session, account)
    assert (known.child, known.carers, known.school) == (
        ("Bence Nagy",), ("Zsófia Nagy",), ("Elm Lodge",),
    )  # fmt: skip


def test_which_accounts_share_what_is_decided(session: Session) -> None:
    panel: PanelRound = a_panel_round(session, NOW)
    both: set[UUID] = {panel.mother, panel.child}
    assert set(beside(session, panel.mother)) == set(beside(session, panel.child)) == both
    unlink(session, panel.child, NOW, panel.lead)
    assert beside(session, panel.mother) == (panel.mother,)
    withdraw(session, panel.child, Asked(Way.WEB, NOW.date()), NOW)
    assert beside(session, panel.mother) == (panel.mother,)
