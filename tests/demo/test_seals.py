"""Every sealed value of a filled database opens in its own place, under one key, and only there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import LargeBinary, Table, inspect, select
from sqlalchemy.orm import Session

from family_voice.cases import linking, remarks
from family_voice.cases.following_up import reply
from family_voice.cases.linking import LinkHow
from family_voice.cases.models import Case, FollowUp
from family_voice.cases.remarks import Said
from family_voice.interviews.models import Interview
from family_voice.operations import waiting
from family_voice.operations.holds import set_hold
from family_voice.operations.tables import METADATA
from family_voice.people.accounts import StaffMember
from family_voice.safeguarding.concerns import Decision, decide
from family_voice.safeguarding.models import Concern
from family_voice.security.models import DataKey
from family_voice.security.sealing import BrokenSeal, Place, open_keys, unseal
from family_voice.security.trail import Actor
from family_voice.settings import PACKAGE
from family_voice.sharing.exchange import keeping as exchanged
from family_voice.sharing.exchange.project import Project
from family_voice.themes import standing_model
from tests.demo.conftest import EVENING, Demo

#: Bytes that are no sealed text: keyed hashes, and keys that are public or wrapped.
NOT_SEALED = (
    "_index",
    "match_key.index",
    "trail.mac",
    "trail.chain",
    "master_key.check",
    "failed_attempt.subject",
    "data_key.wrapped",
    "passkey.credential_id",
    "passkey.public_key",
    "staff_session.secret",
    "council_account.identity",
    "spent_challenge.challenge",
)
#: What nobody in the demo needed; the tests of the room read it back.
NEEDED_BY_NOBODY = {
    ("no_contact", "detail"),
    ("caseload_part", "lines"),
    ("consent_judgement", "decision"),
    ("consent_judgement", "support"),
    ("consent_judgement", "representative"),
}


@dataclass(frozen=True)
class Sealed:
    """One sealed value, where it stands, and the key its row names, if it names one."""

    place: Place
    key_id: UUID | None
    value: bytes


def sealed_columns() -> list[tuple[Table, str]]:
    return [
        (table, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
        and not f"{table.name}.{column.name}".endswith(NOT_SEALED)
    ]


def everything_sealed(session: Session) -> Iterator[Sealed]:
    for table, column in sealed_columns():
        (key,) = inspect(table).primary_key
        for row in session.execute(select(table)).mappings():
            if row[column]:
                place = Place(table.name, column, row[key.name])
                yield Sealed(place, row.get("key_id"), row[column])


def and_what_seldom_happens(session: Session) -> None:
    """A hold, a waiting deletion, a decision about a concern, an answer to the panel.

    Why an account was put on a case. And a project of another program that came in, and a machine
    that learned.
    """
    interview_id = session.scalars(select(Interview.id)).first()
    by = session.scalars(select(StaffMember.id)).first()
    assert interview_id
    assert by
    set_hold(session, reason="A court asked.", by=by, now=EVENING, interview_id=interview_id)
    waiting.begin(session, interview_id, "+447700900001", EVENING)
    concern = session.scalars(select(Concern.id).where(Concern.decided_at.is_(None))).first()
    assert concern
    decide(session, concern, Decision.NO_FURTHER, "Seen.", Actor("staff", by), EVENING)
    asked = session.scalars(select(FollowUp)).first()
    assert asked
    reply(session, asked.id, asked.version, "It was done.", Actor("staff", by), EVENING)
    account = linking.unlinked(session)[0]
    case_id = session.scalars(select(Case.id)).first()
    assert case_id
    remarks.say(session, account, Said.FIRST, by, EVENING, case_id=case_id, why="The school.")
    linking.link(session, account, case_id, LinkHow.PERSON, EVENING, by=by, why="She said so.")
    exchanged.keep(session, Project("From another program"), by, EVENING)
    standing_model.keep(
        session, b"weights", version="1", data_hash="0", codebook_version=1, answers=1,
        accounts=[interview_id], made_at=EVENING,
    )  # fmt: skip


def test_every_sealed_value_opens_in_its_own_place_and_nowhere_else(demo: Demo) -> None:
    with demo.sessions() as session:
        and_what_seldom_happens(session)
        keys = list(session.scalars(select(DataKey.id).where(DataKey.wrapped.is_not(None))))
        open_keys(session, keys)
        values = list(everything_sealed(session))
        filled = {(each.place.table, each.place.column) for each in values}
        assert {(t.name, c) for t, c in sealed_columns()} - filled <= NEEDED_BY_NOBODY
        assert len(values) > 500
        for number, each in enumerate(values):
            likely = [each.key_id] if each.key_id else keys
            opening = [key for key in likely if opens(session, key, each)]
            assert len(opening) == 1, each.place
            other = values[number - 1].place
            for elsewhere in (
                replace(each.place, row_id=other.row_id),
                replace(each.place, column=other.column),
                replace(each.place, table=other.table),
                other,
            ):
                if elsewhere != each.place:
                    assert not opens(session, opening[0], replace(each, place=elsewhere))


def opens(session: Session, key_id: UUID, sealed: Sealed) -> bool:
    try:
        unseal(session, key_id, sealed.place, sealed.value)
    except BrokenSeal:
        return False
    return True


def test_every_place_in_the_code_is_a_table_and_a_column_that_exist() -> None:
    """`Place("table", "column", …)` as it is written; a column that is worked out is left out."""
    wrong, seen = [], 0
    sealed = {
        table.name: {c for t, c in sealed_columns() if t is table} for table, _ in sealed_columns()
    }
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Place"):
                continue
            match [getattr(each, "value", None) for each in node.args]:
                case [str(name), at, _]:
                    seen += 1
                    if name not in sealed or (isinstance(at, str) and at not in sealed[name]):
                        wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []
    assert seen > 10
