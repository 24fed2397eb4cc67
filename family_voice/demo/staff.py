"""The made-up people who work with Family Voice in the demo, one a role and a panel.

Where a framework seats other roles, the same people sit in those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from family_voice.cases.agreements import record_agreement
from family_voice.cases.deadlines import london_date
from family_voice.cases.seats import seat
from family_voice.demo.areas import Area
from family_voice.demo.handout import StaffSignIn, password, totp_secret
from family_voice.frameworks.framework import PanelRole
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.safeguarding import rota
from family_voice.security.trail import OPERATOR

A_YEAR = timedelta(days=365)
LEAD, CHAIR, FRONT_LINE = "lead", "send.lead", "front.line"
SECOND = "second.lead"
DOMAIN = "ravensbeck.example"
LEAD_MOBILE, CHAIR_MOBILE = "+447700900998", "+447700900999"


@dataclass(frozen=True)
class _Person:
    key: str
    role: Role
    name: str
    job_title: str
    agency: str = ""
    seat: str = ""


PEOPLE = (
    _Person(LEAD, Role.LEAD, "Sam Adeyemi", "Coproduction lead"),
    _Person(SECOND, Role.LEAD, "Una Sleightholme", "Coproduction officer"),
    _Person(CHAIR, Role.SEND_LEAD, "Ruth Ormsgill", "Service Lead for SEND", "education"),
    _Person("dco", Role.PANEL, "Anil Threlbeck", "Designated Clinical Officer", "health"),
    _Person("dsco", Role.PANEL, "Joy Fossgate", "Designated Social Care Officer", "social_care"),
    _Person("ep", Role.PANEL, "Marianne Blencow", "Principal Educational Psychologist",
            "education"),
    _Person(FRONT_LINE, Role.PANEL, "Zainab Uldale", "Specialist teacher", "front_line"),
    _Person("forum", Role.FORUM, "Dawn Tarnrigg", "Parent carer forum"),
    _Person("board", Role.BOARD, "Helen Yarlside", "SEND partnership board"),
    _Person("dpo", Role.DPO, "Grace Dovenby", "Data protection officer"),
    _Person("admin", Role.ADMIN, "Tess Inkermoor", "System administrator"),
    _Person("reviewer", Role.REVIEWER, "Nadia Gaskell", "Community interpreter"),
)  # fmt: skip
#: Works here only where the panel has an agency that nobody else speaks for.
ONE_MORE = _Person("partner", Role.PANEL, "Carol Netherthwaite", "Panel member")


@dataclass(frozen=True)
class Team:
    """Everybody's sign-in and id, and who they are on the panel."""

    sign_ins: tuple[StaffSignIn, ...]
    ids: dict[str, UUID]
    people: tuple[_Person, ...]

    @property
    def lead(self) -> UUID:
        """The coproduction lead."""
        return self.ids[LEAD]

    @property
    def chair(self) -> UUID:
        """Who chairs every session."""
        return self.ids[CHAIR]


def people_of(area: Area) -> tuple[_Person, ...]:
    """Everybody who works here, in the roles of an area's panel.

    The chair has the role of the council's own that every session needs, if there is one; the
    others that of their job title, else one that their agency has free, else any that is. Whoever
    is the only one of their agency keeps their job title.
    """
    panel = area.framework.panel(area.audit)
    free, agencies = list(panel), [role.agency for role in panel]
    own = {each.id for each in area.framework.agencies if each.own}
    found = {each.key: each for each in PEOPLE}

    def sits(person: _Person, fits: Iterable[PanelRole]) -> None:
        role = next(iter(fits), None)
        if role is not None and not found[person.key].seat:
            free.remove(role)
            alone = role.agency == person.agency and agencies.count(role.agency) == 1
            title = person.job_title if alone else role.name
            found[person.key] = replace(person, job_title=title, agency=role.agency, seat=role.id)

    sitters = [each for each in PEOPLE if each.agency]
    for person in sitters:
        if person.key == CHAIR:
            sits(person, [each for each in free if each.every_session and each.agency in own])
        sits(person, [each for each in free if each.name in person.job_title])
    for person in sitters:
        sits(person, [each for each in free if each.agency == person.agency])
    for person in sitters:
        sits(person, free)
    spoken_for = {each.agency for each in found.values() if each.seat}
    sits_too = [each for each in free if each.agency not in spoken_for][:1]
    for role in sits_too:
        found[ONE_MORE.key] = replace(
            ONE_MORE, job_title=role.name, agency=role.agency, seat=role.id
        )
    return tuple(each if each.seat else replace(each, agency="") for each in found.values())


def hire(session: Session, area: Area, seed: int, now: datetime) -> Team:
    """Make the accounts, with passwords and second factors made from the seed."""
    sign_ins, ids, people = [], {}, people_of(area)
    for person in people:
        given = add_staff(
            session,
            email=f"{person.key}@{DOMAIN}",
            roles=[person.role],
            now=now,
            name=person.name,
            job_title=person.job_title,
            password=password(seed, person.key),
            totp_secret=totp_secret(seed, person.key),
        )
        ids[person.key] = given.staff_id
        sign_ins.append(
            StaffSignIn(
                role=person.role.value,
                name=person.name,
                job_title=person.job_title,
                email=given.email,
                password=given.password,
                totp_secret=given.totp_secret,
            )
        )
    return Team(tuple(sign_ins), ids, people)


def agree_to_share(session: Session, area: Area, team: Team, until: date, now: datetime) -> None:
    """Put on record that the partner agencies signed when the first round opened."""
    first = london_date(now)
    for number, agency in enumerate(area.partners, start=1):
        record_agreement(
            session,
            agency,
            f"DSA {first.year}/{number:02}",
            first,
            until,
            team.ids["dpo"],
            now,
            first,
        )


def put_on_rota(session: Session, team: Team, now: datetime) -> None:
    """Somebody receives concerns at every hour, so that the demo works whenever it is opened."""
    for number, staff_id in ((LEAD_MOBILE, team.lead), (CHAIR_MOBILE, team.chair)):
        rota.keep_number(session, staff_id, number, OPERATOR, now)
    for first, second, days in (
        (team.lead, team.chair, range(3)),
        (team.chair, team.lead, range(3, 7)),
    ):
        for place, staff_id in ((rota.FIRST, first), (rota.SECOND, second)):
            rota.add_shift(
                session, staff_id, days=frozenset(days), begins=time(), ends=time(), place=place,
                bank_holidays=True, by=OPERATOR, now=now,
            )  # fmt: skip


def seat_panel(session: Session, team: Team, session_ids: Iterable[UUID]) -> None:
    """Give everybody who has a role on the panel a seat at these sessions."""
    for session_id in session_ids:
        for person in team.people:
            if person.seat:
                seat(
                    session, session_id, team.ids[person.key], person.agency,
                    is_chair=person.key == CHAIR, role=person.seat,
                )  # fmt: skip
