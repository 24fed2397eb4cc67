"""Every route that names an object, against every role, with one's own object and another's.

`tests/web/test_access.py` asks each route of each role; here the objects are real rows and the
views are the real ones. A new route with an object in its address fails until its rule is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from family_voice.cases.agreements import record_agreement
from family_voice.cases.models import (
    AccountLink,
    Attempt,
    Case,
    FollowUp,
    PanelSession,
)
from family_voice.cases.seats import leave
from family_voice.improvement.outcomes import Kind, tell
from family_voice.interviews.models import Interview
from family_voice.interviews.record import account
from family_voice.messages.attention import Need, open_needs, raise_need
from family_voice.messages.outbox import queue
from family_voice.messages.templates import Template
from family_voice.operations.holds import set_hold
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.people.access import PERMISSIONS, ROUTES, Needs, Role
from family_voice.people.models import Participant
from family_voice.people.sessions import How, begin_session
from family_voice.people.sign_in_models import Passkey, StaffSession
from family_voice.people.staff import add_staff, find_staff
from family_voice.people.wording_reviews import name_reader
from family_voice.safeguarding.models import Concern, RotaShift
from family_voice.security.trail import WORKER
from family_voice.sharing.copies import make_copy
from family_voice.sharing.exchange.keeping import keep
from family_voice.storage.base import Base
from family_voice.storage.locking import fetch
from tests.cases.caseloads import a_place
from tests.cases.exports import a_checked_file
from tests.conftest import NOW
from tests.proofs.__main__ import fresh
from tests.proofs.hostile import Fields, World, the_world
from tests.proofs.proof import Place
from tests.sharing.exchange.projects import project
from tests.web.matrix_rows import a_quote, a_visit

NOBODYS = uuid4()


class Row(Enum):
    """Which rows of a kind a role's permission reaches."""

    EVERY = "every row of this partnership, if the parts of the address belong together"
    SEAT = "cases of the sessions somebody sits on; the lead's, every case"
    CHAIR = "cases of the sessions somebody chairs"
    HOLDER = "the one copy that was made for somebody; the lead's, every copy"
    OWN = "what is one's own"


RULES = {
    Row.SEAT: {"panel.pack", "panel.copies", "panel.profile"},
    Row.CHAIR: {"panel.views", "panel.profile_lines"},
    Row.HOLDER: {"panel.copy", "panel.copy_destroyed"},
    Row.OWN: {"own_account.end", "passkeys.remove"},
    Row.EVERY: {
        "caseload.checked", "caseload.take", "caseload.throw_away", "asked.evidence", "staff.case",
        "staff.add_attempt", "staff.take_back_attempt", "staff.add_minutes", "staff.tried_enough",
        "staff.stand_down", "staff.put_back", "staff.release", "staff.edit_person",
        "staff.invite_person", "staff.note_missed_call", "staff.ledger", "staff.final",
        "staff.open_again", "staff.round_opened", "staff.add_cases", "sample.sample",
        "sample.draw", "sample.pick", "sample.stand_down", "sample.to_fill_in", "call_pad.start",
        "call_pad.permission", "call_pad.pad", "call_pad.keep_mark", "call_pad.sort",
        "contact_plan.log", "contact_plan.take_back", "call_pad.keep_note", "call_pad.needs_doing",
        "call_pad.complaint", "call_pad.follow_ups_of", "call_pad.reply", "call_pad.owner",
        "call_pad.return_word", "call_pad.ending", "call_pad.quote", "call_pad.done",
        "call_pad.whats_new", "concerns.one", "concerns.acknowledge", "rota.off", "coding.account",
        "coding.press", "coding.memo", "coding.done", "suggestions.answer", "linking.account",
        "linking.link", "linking.none_of_these", "linking.unlink", "linking.not_this",
        "linking.double", "linking.undo", "linking_parts.parts", "families.one",
        "account_calls.log", "account_calls.take_back",
        "looking.pieces",
        "pack_choice.sentences", "panel_seats.seats", "panel_seats.seat", "who_decides.person",
        "who_decides.approach", "who_decides.judge", "who_decides.own_no",
        "who_decides.no_contact", "who_decides.contact_again", "agreements.end", "accounts.one",
        "observed.account", "observed.begin", "observed.visit", "observed.no", "accounts.act",
        "names.account", "quotes.account", "quotes.answered", "quotes.looked", "quotes.taken_away",
        "outcomes.account", "outcomes.code", "outcomes.changed", "outcomes.taken_away",
        "withdrawals.receipt", "withdrawals.record", "withdrawals.keep", "dpo.who_has_seen",
        "kept.lift", "releases.release", "texts.thread", "texts.log", "texts.take_over",
        "texts.give_back", "texts.send", "texts.settle", "texts.settle_elsewhere", "texts.doubt",
        "texts.place", "texts.code_word", "languages.end_reading", "translating.account",
        "exchange.project", "exchange.download_project", "exchange.take_codes",
        "exchange.take_codings", "exchange.throw_away",
    },
}  # fmt: skip
#: Of the roles that may do such a thing at all, whose rows open to whom. The made-up world's SEND
#: lead chairs the session and the panel member sits on it and holds the copy.
OPENS: dict[Row, dict[str, tuple[Role, ...]]] = {
    Row.EVERY: {"own": tuple(Role)},
    Row.SEAT: {"own": (Role.LEAD, Role.SEND_LEAD, Role.PANEL), "others'": (Role.LEAD,)},
    Row.CHAIR: {"own": (Role.SEND_LEAD,)},
    Row.HOLDER: {"own": (Role.LEAD, Role.PANEL)},
}
#: Public doors and a family's own pages hold no row's id: what opens is the sitting's own. Nor do
#: languages and the places of their wording, codes, or an audit of the framework and its first day.
WITHOUT_ROWS = {
    "languages.one", "languages.place", "gathered.mapping",
    "codebook.one", "codebook.version", "codebook.group", "codebook.change", "codebook.undo",
    "static", "family.link", "family.question", "family.sentence", "family.add", "demo.thread",
    "demo.mailbox", "public.own_picture", "public.own_recording",
    "caseload.mapping", "caseload.example",
    "themes.words", "plan.one", "plan.drop", "framework.version", "plan_feed.calendar_file",
}  # fmt: skip
#: Whose last part belongs to the one before it: the address is tried with parts that do not.
PARTS = (
    "person_id", "participant_id", "attempt_id", "session_id", "number", "piece_id", "message_id",
    "visit_id",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Real rows by the names they have in addresses: theirs, and somebody else's."""

    own: dict[str, Any]
    others: dict[str, Any]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One database: who may open what does not hang on its kind."""
    with fresh("SQLite") as made:
        yield made


@pytest.fixture(scope="module")
def world(place: Place) -> Iterator[World]:
    with the_world(place) as made:
        yield made


def test_every_route_with_an_object_has_a_rule(world: World) -> None:
    with_rows = {rule.endpoint for rule in world.rules if rule.arguments} - WITHOUT_ROWS
    named = [endpoint for endpoints in RULES.values() for endpoint in endpoints]
    assert sorted(named) == sorted(with_rows)


def test_own_and_others_objects(world: World, place: Place) -> None:
    with place.sessions.begin() as session:
        rows = _rows(session, world)
    tokens = {who: _token(client) for who, client in world.people.items()}
    wrong = []
    for rule in sorted(world.rules, key=lambda each: each.endpoint):
        row = next((row for row, names in RULES.items() if rule.endpoint in names), None)
        if row is None:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for who, client in world.people.items():
                for whose, values in _addresses(rule, row, rows).items():
                    expected = _expected(rule, row, who, whose)
                    got = _outcome(client, method, rule, values, tokens[who])
                    if got not in expected:
                        wrong.append(f"{method} {rule.endpoint} {who} {whose}: {got}")
    with place.sessions() as session:
        if fetch(session, StaffSession, rows.others["session_id"]).ended_at:
            wrong.append("somebody ended another's session")
        fetch(session, Passkey, rows.others["passkey_id"])
    assert not wrong, "\n".join(wrong)


def _addresses(rule: Rule, row: Row, rows: Rows) -> dict[str, dict[str, object]]:
    own = {name: rows.own[name] for name in rule.arguments}
    if rule.endpoint == "panel_seats.seat":
        own["staff_id"] = rows.own["seated_id"]
    found = {"nobody's": {name: _nobodys(name, value) for name, value in own.items()}}
    # What is done to one's own object would take it away for the roles that come after.
    if row is not Row.OWN:
        found["own"] = own
    parts = [name for name in PARTS if name in rule.arguments]
    if row in {Row.SEAT, Row.CHAIR, Row.HOLDER}:
        found["others'"] = own | {"case_id": rows.others["case_id"]}
    elif row is Row.OWN:
        found["others'"] = {name: rows.others[name] for name in own}
    elif parts and len(rule.arguments) > 1:
        found["others'"] = own | {parts[-1]: rows.others[parts[-1]]}
    return found


def _nobodys(name: str, value: object) -> object:
    if name == "figures":
        return "000000"
    return {UUID: NOBODYS, int: 999_999}.get(type(value), value)


def _expected(rule: Rule, row: Row, who: str, whose: str) -> set[str]:
    needs = ROUTES[rule.endpoint]
    if who in {"nobody", "a family"}:
        return {"sign in"}
    if isinstance(needs, Needs) and (Role(who), needs.action, needs.resource) not in PERMISSIONS:
        return {"refused"}
    if row is Row.OWN:
        # Pressing for what is not one's own, or is gone, leads back to one's own list.
        return {"opened", "not there"}
    return {"opened"} if Role(who) in OPENS[row].get(whose, ()) else {"refused", "not there"}


def _token(client: FlaskClient) -> str:
    """A token that fits every form of this sitting."""
    for address in ("/staff/concern", "/welcome", "/code"):
        page = Fields()
        page.feed(client.get(address).get_data(as_text=True))
        if page.token:
            return page.token
    raise AssertionError("no page gave a token")


def _outcome(
    client: FlaskClient, method: str, rule: Rule, values: dict[str, object], token: str
) -> str:
    built = rule.build(values)
    assert built
    form = {"csrf_token": token} if method == "POST" else {}
    answer = client.open(
        built[1], method=method, data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    if "/staff/sign-in" in answer.headers.get("Location", "") or answer.status_code == 401:
        return "sign in"
    if answer.status_code >= 500:
        return f"broke: {answer.status}"
    return {403: "refused", 404: "not there"}.get(answer.status_code, "opened")


def _rows(session: Session, world: World) -> Rows:
    """A case whose session the panel member sits on, with all that hangs on it; and another's."""
    ours, theirs = session.scalars(
        select(PanelSession).order_by(PanelSession.held_on.desc()).limit(2)
    )
    staff = {role: find_staff(session, email) for role, email in world.sign_ins.items()}
    panel, admin = staff[Role.PANEL], staff[Role.ADMIN]
    assert panel is not None
    assert admin is not None
    for member in staff.values():
        if member is not None:
            leave(session, theirs.id, member.id)
    own, others = _of_session(session, ours), _of_session(session, theirs)
    copy = make_copy(session, own["case_id"], panel.id, panel.id, ours.held_on, NOW)
    asked = Asked(Way.TELEPHONE, NOW.date())
    third = session.scalars(
        select(AccountLink.interview_id).where(
            # Nor any other conversation of these cases: the visits are in the children's own.
            AccountLink.case_id.not_in([own["case_id"], others["case_id"]]),
            AccountLink.interview_id.not_in(select(FollowUp.interview_id)),
        )
    ).first()
    assert third is not None
    taken_back = withdraw(session, third, asked, NOW)
    hold = set_hold(session, reason="A court", by=admin.id, now=NOW, child_id=others["child_id"])
    spare = add_staff(session, email="spare@b.example", roles=[], now=NOW).staff_id
    elsewhere = add_staff(session, email="elsewhere@b.example", roles=[], now=NOW).staff_id
    begin_session(session, elsewhere, How.PASSWORD, "", NOW)
    passkey = Passkey(
        staff_id=elsewhere,
        credential_id=b"1",
        public_key=b"1",
        sign_count=0,
        name="Key",
        made_at=NOW,
    )
    session.add(passkey)
    session.flush()
    rest: dict[str, object] = {
        "round_id": ours.round_id, "session_id": ours.id, "staff_id": spare, "seated_id": panel.id,
        "number": copy.number, "enough": "yes", "act": "sign-out", "what": "said",
        "figures": taken_back.number.replace(" ", ""), "hold_id": hold, "passkey_id": passkey.id,
        "concern_id": _first(session, Concern), "shift_id": _first(session, RotaShift),
        "agreement_id": record_agreement(
            session, "police", "DSA 9", NOW.date(), NOW.date(), panel.id, NOW, NOW.date()
        ),
        "follow_up_id": _first(session, FollowUp),
        "quote_id": a_quote(session, own["interview_id"]),
        "file_id": a_checked_file(session),
        "project_number": keep(session, project({"Words.": []}), None, NOW),
        "outcome_id": tell(
            session, [own["interview_id"]], Kind.DONE, "A ramp.", "", WORKER, NOW
        )[0],
        "place_id": a_place(session, ours.round_id),
        "need_id": _a_need(session, own["interview_id"]),
        "reader_id": name_reader(
            session, staff_id=panel.id, language="pl", from_day=NOW.date(), until_day=None,
            by=panel.id, now=NOW,
        ),
    }  # fmt: skip
    signed_in = session.scalars(
        select(StaffSession.id).where(StaffSession.staff_id == elsewhere)
    ).one()
    return Rows(
        own | rest,
        others | {"session_id": signed_in, "passkey_id": passkey.id, "number": copy.number + 1},
    )


def _of_session(session: Session, panel: PanelSession) -> dict[str, UUID]:
    """A case of a session that has an account, and what hangs on the case."""
    case_id, interview_id = session.execute(
        select(Case.id, AccountLink.interview_id)
        .join(AccountLink, AccountLink.case_id == Case.id)
        .join(Interview, Interview.id == AccountLink.interview_id)
        .join(Participant, Participant.id == Interview.participant_id)
        .where(Case.session_id == panel.id, Case.child_id == Participant.child_id)
        .order_by(Case.number)
        .limit(1)
    ).one()
    case, interview = fetch(session, Case, case_id), fetch(session, Interview, interview_id)
    standing = account(session, interview_id).answers
    text_id = queue(
        session, interview_id, "+447700900199", Template.INVITATION, "Hello", f"m:{interview_id}",
        NOW, False, NOW,
    )  # fmt: skip
    attempt = Attempt(case_id=case_id, channel="phone", outcome="no_answer", at=NOW)
    session.add(attempt)
    session.flush()
    assert interview.participant_id is not None
    return {
        "case_id": case_id,
        "interview_id": interview_id,
        "child_id": case.child_id,
        "person_id": interview.participant_id,
        "participant_id": interview.participant_id,
        "attempt_id": attempt.id,
        "piece_id": standing[0].pieces[0].fragment_id,
        "message_id": text_id,
        "visit_id": a_visit(session, case),
    }


def _a_need(session: Session, interview_id: UUID) -> UUID:
    raise_need(session, Need.OVER_BUDGET, NOW, interview_id=interview_id)
    return open_needs(session, interview_id)[0].id


def _first(session: Session, kind: type[Base]) -> UUID:
    found = session.scalar(select(kind.__table__.c.id).limit(1))
    assert isinstance(found, UUID)
    return found
