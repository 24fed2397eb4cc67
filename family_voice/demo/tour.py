"""The tour: ten things to see, who sees them, and where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases.models import Case, PanelSession
from family_voice.demo import phones
from family_voice.demo.areas import area_of
from family_voice.demo.handout import FamilyDoor, Handout, StaffSignIn
from family_voice.interviews.models import Interview
from family_voice.language.texts import _, lazy, ngettext
from family_voice.people import register
from family_voice.people.access import Role
from family_voice.storage.locking import fetch

ROLES = {
    Role.LEAD.value: lazy("hears families, codes, and keeps the ledger"),
    Role.SEND_LEAD.value: lazy("chairs the panel and writes down what each agency saw"),
    Role.PANEL.value: lazy("reads the case packs of their own session"),
    Role.FORUM.value: lazy("reads themes that cannot identify anybody"),
    Role.BOARD.value: lazy("reads how many were heard, and what about"),
    Role.DPO.value: lazy("answers for the data"),
    Role.ADMIN.value: lazy("looks after accounts"),
    Role.REVIEWER.value: lazy("reads every sentence in Urdu, corrects it and approves it"),
}
OUTCOMES = {
    "heard": lazy("Heard"),
    "in_progress": lazy("Begun, not finished"),
    "invited": lazy("Invited, not begun"),
    "declined": lazy("Said no"),
    "not_reached": lazy("Not reached"),
    "not_safe": lazy("Not safe to contact"),
    "stood_down": lazy("Stood down"),
}
LANGUAGES = {"en": lazy("English"), "ur": lazy("Urdu"), "pl": lazy("Polish")}
EACH_TIME = {
    "monthly": lazy("Each month"),
    "half_termly": lazy("Each half term"),
    "termly": lazy("Each term"),
    "yearly": lazy("Each year"),
    "when_needed": lazy("From time to time"),
}


@dataclass(frozen=True)
class Scene:
    """Who the tour is about at each step; None where this demo has nobody for it."""

    lead: StaffSignIn
    chair: StaffSignIn
    forum: StaffSignIn
    to_text: phones.Phone | None
    to_ring: FamilyDoor | None
    to_read: FamilyDoor | None
    to_say_no: FamilyDoor | None


def steps(handout: Handout) -> Scene:
    """The people of the tour, drawn from the current round.

    The pack that is read, and from which something then vanishes, is the same one: the case whose
    family wrote themselves and chose a return word, best where the child was heard too.
    """
    families = handout.newest
    # In English, which whoever takes the tour can read.
    finished = [
        door
        for door in families
        if door.outcome == "heard" and door.return_word and door.language == "en"
    ]
    said = finished[-1] if finished else None
    return Scene(
        lead=_of(handout, Role.LEAD),
        chair=_of(handout, Role.SEND_LEAD),
        forum=_of(handout, Role.FORUM),
        to_text=next((p for p in phones.every(handout) if p.door is families[-1]), None),
        to_ring=next((door for door in families if door.outcome == "in_progress"), families[-1]),
        to_read=said or families[0],
        to_say_no=said,
    )


def whose_rules(framework_id: str, today: date) -> str:
    """Who looks how often at how many, and whose rules these are, in two sentences."""
    area = area_of(framework_id, today)
    looks = ngettext(
        "%(each_time)s a small group looks closely at %(num)d child's support.",
        "%(each_time)s a small group looks closely at %(num)d children's support.",
        area.audit.cases,
        each_time=EACH_TIME[area.audit.frequency],
    )
    rules = _("Ravensbeck is made up; its rules are those of %(area)s.", area=area.framework.name)
    return f"{looks} {rules}"


def address(session: Session, handout: Handout, to: str) -> str | None:
    """Where a step leads once somebody is signed in; None for their own first page.

    Args:
        session: any session.
        handout: what this demo hands out.
        to: `sample`, `linking`, `coding`, `plan`, `call`, `pack`, `quotes` or `costs`.
    """
    scene = steps(handout)
    ways: dict[str, Callable[[], str | None]] = {
        "sample": lambda: _sample(session, scene.to_read),
        "linking": lambda: url_for("linking.unlinked"),
        "coding": lambda: url_for("coding.to_code"),
        "plan": lambda: url_for("plan.year"),
        "call": lambda: _call(session, scene.to_ring),
        "pack": lambda: _pack(session, scene.to_read),
        "quotes": lambda: _quotes(session, scene.to_say_no),
        "costs": lambda: url_for("costs.minutes"),
    }
    return ways[to]() if to in ways else None


def _of(handout: Handout, role: Role) -> StaffSignIn:
    return next(each for each in handout.staff if each.role == role.value)


def _sample(session: Session, door: FamilyDoor | None) -> str | None:
    """The sample of the round that this case is in."""
    child = register.known_child(session, door.case) if door else None
    if child is None:
        return None
    case = fetch(session, Case, _case(session, child.id))
    meeting = fetch(session, PanelSession, case.session_id)
    return url_for("sample.sample", round_id=meeting.round_id)


def _call(session: Session, door: FamilyDoor | None) -> str | None:
    child = register.known_child(session, door.case) if door else None
    if door is None or child is None:
        return None
    people = register.people_of(session, [child.id])[child.id]
    who = next((each for each in people if each.facts.name == door.name), people[0])
    case_id = _case(session, child.id)
    return url_for("call_pad.start", case_id=case_id, participant_id=who.id)


def _pack(session: Session, door: FamilyDoor | None) -> str | None:
    child = register.known_child(session, door.case) if door else None
    return url_for("panel.pack", case_id=_case(session, child.id)) if child else None


def _quotes(session: Session, door: FamilyDoor | None) -> str | None:
    """The quotes of whoever holds this door."""
    child = register.known_child(session, door.case) if door else None
    if door is None or child is None:
        return None
    whose = {each.id: each.facts.name for each in register.people_of(session, [child.id])[child.id]}
    rows = session.execute(
        select(Interview.id, Interview.participant_id).where(
            Interview.participant_id.in_(list(whose))
        )
    )
    found = [each for each, person in rows if person and whose[person] == door.name]
    return url_for("quotes.account", interview_id=found[0]) if found else None


def _case(session: Session, child_id: UUID) -> UUID:
    return session.scalars(select(Case.id).where(Case.child_id == child_id)).one()
