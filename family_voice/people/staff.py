"""Staff accounts: adding one, resetting it, stopping it, and choosing a password."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from family_voice.people.access import Role
from family_voice.people.accounts import (
    AUTHENTICATOR,
    ISSUER,
    StaffMember,
    StaffRole,
    StaffTotp,
    hash_password,
    totp_secrets,
)
from family_voice.people.passwords import insist_on_a_good_one, normal_password
from family_voice.people.sessions import end_sessions
from family_voice.people.sign_in_models import CouncilAccount, Passkey
from family_voice.security.keyring import keyring_of
from family_voice.security.tokens import new_printed_code
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class NotAnEmail(ValueError):
    """This cannot be an email address."""


class EmailTaken(ValueError):
    """There is an account with this email already."""


class NoSuchStaff(LookupError):
    """There is no account with this email."""


class OwnRoles(ValueError):
    """Nobody changes what they are here for themselves."""


class LastAdministrator(ValueError):
    """Nobody would be left who can make and mend accounts."""


@dataclass(frozen=True)
class Credentials:
    """What somebody needs to sign in, shown once and never stored in the clear."""

    staff_id: UUID
    email: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    otpauth: str = field(repr=False)


def normal_email(typed: str) -> str:
    """An email address as accounts are compared.

    Raises:
        NotAnEmail: if it cannot be one.
    """
    email = unicodedata.normalize("NFKC", typed).strip().lower()
    if len(email) > 255 or not _ADDRESS.fullmatch(email):
        raise NotAnEmail
    return email


def add_staff(
    session: Session,
    *,
    email: str,
    roles: Iterable[Role],
    now: datetime,
    name: str = "",
    job_title: str = "",
    password: str | None = None,
    totp_secret: str | None = None,
) -> Credentials:
    """Make an account.

    Args:
        session: a writing session.
        email: what they sign in with.
        roles: what they are here for.
        now: when.
        name: as others see it; the part before the @ if left out.
        job_title: as others see it.
        password: None makes a one-time password that must be changed at the first sign-in.
        totp_secret: the authenticator's secret in base 32; None makes one.

    Returns:
        What to give to the person.

    Raises:
        NotAnEmail: if the address cannot be one.
        EmailTaken: if there is such an account.
    """
    email = normal_email(email)
    if find_staff(session, email):
        raise EmailTaken
    staff = StaffMember(
        id=new_id(),
        email=email,
        name=name or email.partition("@")[0],
        job_title=job_title,
        password="",
        fs_uniquifier="",
        active=True,
        made_at=now,
        roles=[_role(session, role) for role in dict.fromkeys(roles)],
    )
    given = _give_credentials(session, staff, password, totp_secret)
    session.add(staff)
    session.flush()
    return given


def reset_staff(session: Session, email: str, now: datetime) -> Credentials:
    """Give somebody who lost their password or telephone a new one-time password and secret.

    Every place where they were signed in is signed out. Passkeys, which may be on the lost
    telephone, and the council account are taken away.

    Raises:
        NoSuchStaff: if there is no such account.
    """
    staff = _locked(session, email)
    given = _give_credentials(session, staff, None, None)
    session.execute(delete(Passkey).where(Passkey.staff_id == staff.id))
    session.execute(delete(CouncilAccount).where(CouncilAccount.staff_id == staff.id))
    sign_out_everywhere(session, staff, now)
    session.flush()
    return given


def reopen_staff(session: Session, email: str, now: datetime) -> Credentials:
    """Open a closed account again, with a new start.

    Raises:
        NoSuchStaff: if there is no such account.
    """
    _locked(session, email).active = True
    return reset_staff(session, email, now)


def stop_staff(session: Session, email: str, now: datetime) -> UUID:
    """Close somebody's account and sign them out everywhere; what they did stays on record.

    Raises:
        NoSuchStaff: if there is no such account.
        LastAdministrator: if nobody else administers accounts.
    """
    staff = _locked(session, email)
    if Role.ADMIN in roles_of(staff):
        _insist_another_administrator(session, staff)
    staff.active = False
    sign_out_everywhere(session, staff, now)
    session.flush()
    return staff.id


def change_account(
    session: Session,
    email: str,
    *,
    name: str,
    job_title: str,
    roles: Iterable[Role],
    by: UUID | None = None,
) -> list[str]:
    """Change what an account says about somebody, and what they are here for.

    Args:
        session: a writing session.
        email: whose.
        name: as others see it.
        job_title: as others see it.
        roles: all they have from now on.
        by: the member of staff who does it; None for an operator.

    Returns:
        What changed, for the audit trail: `name`, `job title`, and each role with + or -.

    Raises:
        NoSuchStaff: if there is no such account.
        OwnRoles: if they would change their own roles.
        LastAdministrator: if nobody else administers accounts.
    """
    staff = _locked(session, email)
    before, after = roles_of(staff), frozenset(roles)
    if staff.id == by and before != after:
        raise OwnRoles
    if staff.active and Role.ADMIN in before - after:
        _insist_another_administrator(session, staff)
    changed = [
        *(["name"] if name != staff.name else []),
        *(["job title"] if job_title != staff.job_title else []),
        *(f"+{role.value}" for role in sorted(after - before)),
        *(f"-{role.value}" for role in sorted(before - after)),
    ]
    staff.name, staff.job_title = name, job_title
    if after != before:
        staff.roles = [_role(session, role) for role in sorted(after)]
    session.flush()
    return changed


def everybody(session: Session) -> Sequence[StaffMember]:
    """Every account, those in use first, by name."""
    return session.scalars(
        select(StaffMember).order_by(StaffMember.active.desc(), StaffMember.name)
    ).all()


def find_staff(session: Session, email: str) -> StaffMember | None:
    """The account of a (normal) email address."""
    return session.scalar(select(StaffMember).where(StaffMember.email == email))


def staff_with(session: Session, role: Role) -> Sequence[StaffMember]:
    """Everybody active who has a role, by name."""
    return session.scalars(
        select(StaffMember)
        .where(StaffMember.active, StaffMember.roles.any(StaffRole.name == role.value))
        .order_by(StaffMember.name)
    ).all()


def names_of_staff(session: Session, staff_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of some members of staff, in the order of their names."""
    rows = session.execute(
        select(StaffMember.id, StaffMember.name)
        .where(StaffMember.id.in_(list(staff_ids)))
        .order_by(StaffMember.name)
    )
    return {row.id: row.name for row in rows}


def roles_of(staff: StaffMember) -> frozenset[Role]:
    """Somebody's roles."""
    return frozenset(Role(role.name) for role in staff.roles)


def change_password(
    session: Session, staff: StaffMember, password: str, now: datetime, about: Iterable[str] = ()
) -> None:
    """Put a password that somebody chose, and sign them out everywhere.

    Args:
        session: a writing session.
        staff: whose.
        password: as typed.
        now: when.
        about: words that somebody guessing would try: the council's name and the like.

    Raises:
        WeakPassword: if it is shorter than 12 characters or easily guessed.
    """
    password = normal_password(password)
    insist_on_a_good_one(
        password, [staff.email, *staff.email.split("@"), staff.name, staff.job_title, *about]
    )
    staff.password = hash_password(password)
    staff.must_change_password = False
    sign_out_everywhere(session, staff, now)


def sign_out_everywhere(session: Session, staff: StaffMember, now: datetime) -> None:
    """End every session of somebody, and every sign-in that is half done."""
    staff.fs_uniquifier = secrets.token_hex(32)
    end_sessions(session, staff.id, now)


def _give_credentials(
    session: Session, staff: StaffMember, password: str | None, totp_secret: str | None
) -> Credentials:
    one_time = password is None
    password = password or new_printed_code()
    totp = StaffTotp(totp_secrets(keyring_of(session)), ISSUER, lambda: datetime.now(UTC))
    stored = totp.sealed(totp_secret) if totp_secret else totp.generate_totp_secret()
    staff.password = hash_password(normal_password(password))
    staff.must_change_password = one_time
    staff.tf_primary_method = AUTHENTICATOR
    staff.tf_totp_secret = stored
    staff.last_totp_counter = None
    staff.fs_uniquifier = secrets.token_hex(32)
    return Credentials(
        staff_id=staff.id,
        email=staff.email,
        password=password,
        totp_secret=totp.get_totp_b32_key(stored),
        otpauth=totp.get_totp_uri(staff.email, stored),
    )


def _locked(session: Session, email: str) -> StaffMember:
    found = find_staff(session, normal_email(email))
    if found is None:
        raise NoSuchStaff
    return lock(session, StaffMember, found.id)


def _role(session: Session, role: Role) -> StaffRole:
    found = session.scalar(select(StaffRole).where(StaffRole.name == role.value))
    if found is None:
        found = StaffRole(id=new_id(), name=role.value)
        session.add(found)
    return found


def _insist_another_administrator(session: Session, staff: StaffMember) -> None:
    # The role's row is held, so that two administrators cannot remove each other at once.
    lock(session, StaffRole, _role(session, Role.ADMIN).id)
    if all(each.id == staff.id for each in staff_with(session, Role.ADMIN)):
        raise LastAdministrator
