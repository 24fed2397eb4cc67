"""Staff accounts on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember, StaffRole, password_matches
from family_voice.people.passwords import WeakPassword
from family_voice.people.staff import (
    EmailTaken,
    NoSuchStaff,
    NotAnEmail,
    add_staff,
    change_password,
    find_staff,
    reset_staff,
    roles_of,
    staff_with,
    stop_staff,
)
from family_voice.storage.locking import fetch


def test_an_account_and_what_it_is_here_for(session: Session, now: datetime) -> None:
    given = add_staff(
        session, email=" Lee@Council.Example ", roles=[Role.LEAD, Role.DPO, Role.LEAD], now=now
    )
    staff = find_staff(session, "lee@council.example")
    assert staff
    assert roles_of(staff) == {Role.LEAD, Role.DPO}
    assert staff.must_change_password
    assert password_matches(given.password, staff.password)
    assert given.totp_secret in given.otpauth
    for secret in (given.password, given.totp_secret):
        assert secret not in (staff.password, staff.tf_totp_secret)
        assert secret not in str(staff.tf_totp_secret)
        assert secret not in repr(given)


def test_roles_are_shared_rows(session: Session, now: datetime) -> None:
    for number in range(3):
        add_staff(session, email=f"a{number}@b.example", roles=[Role.PANEL], now=now)
    assert session.scalar(select(func.count()).select_from(StaffRole)) == 1
    stop_staff(session, "a1@b.example", now)
    assert [one.email for one in staff_with(session, Role.PANEL)] == [
        "a0@b.example",
        "a2@b.example",
    ]


def test_given_secrets_are_used(session: Session, now: datetime) -> None:
    given = add_staff(
        session,
        email="a@b.example",
        roles=[],
        now=now,
        password="otter bicycle lamp forty",
        totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    )
    assert given.totp_secret == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    assert not fetch(session, StaffMember, given.staff_id).must_change_password


@pytest.mark.parametrize(
    "email", ["", "lee", "lee@", "@b.example", "a b@c.d", "a@b", "a" * 260 + "@b.c"]
)
def test_what_cannot_be_an_address(session: Session, now: datetime, email: str) -> None:
    with pytest.raises(NotAnEmail):
        add_staff(session, email=email, roles=[], now=now)


def test_an_address_is_used_once(session: Session, now: datetime) -> None:
    add_staff(session, email="a@b.example", roles=[], now=now)
    with pytest.raises(EmailTaken):
        add_staff(session, email="A@B.example", roles=[], now=now)


def test_nobody_cannot_be_reset_or_stopped(session: Session, now: datetime) -> None:
    for act in (reset_staff, stop_staff):
        with pytest.raises(NoSuchStaff):
            act(session, "a@b.example", now)


def test_a_new_password_ends_every_session(session: Session, now: datetime) -> None:
    given = add_staff(session, email="a@b.example", roles=[], now=now)
    staff = fetch(session, StaffMember, given.staff_id)
    before = staff.fs_uniquifier
    with pytest.raises(WeakPassword):
        change_password(session, staff, "a@b.example", now)
    assert staff.fs_uniquifier == before
    change_password(session, staff, "kettle orbit mustard plank", now)
    assert staff.fs_uniquifier != before
    assert password_matches("kettle orbit mustard plank", staff.password)
