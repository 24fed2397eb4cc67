"""Staff accounts: adding one, resetting it, stopping it, and choosing a password."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

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
from family_voice.security.keyring import keyring_of
from family_voice.security.tokens import new_printed_code
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
# zxcvbn's scale from 0 to 4; 3 means "safely unguessable" to an online attacker.
HARD_TO_GUESS = 3
GUESSED_FROM = 72

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class NotAnEmail(ValueError):
    """This cannot be an email address."""


class EmailTaken(ValueError):
    """There is an account with this email already."""


class NoSuchStaff(LookupError):
    """There is no account with this email."""


class WeakPassword(ValueError):
    """The password is too short or easily guessed."""


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


def reset_staff(session: Session, email: str) -> Credentials:
    """Give somebody who lost their password or telephone a new one-time password and secret.

    Every place where they were signed in is signed out.

    Raises:
        NoSuchStaff: if there is no such account.
    """
    staff = _locked(session, email)
    given = _give_credentials(session, staff, None, None)
    session.flush()
    return given


def stop_staff(session: Session, email: str) -> UUID:
    """Close somebody's account and sign them out everywhere; what they did stays on record.

    Raises:
        NoSuchStaff: if there is no such account.
    """
    staff = _locked(session, email)
    staff.active = False
    sign_out_everywhere(staff)
    session.flush()
    return staff.id


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


def change_password(staff: StaffMember, password: str) -> None:
    """Put a password that somebody chose, and sign them out everywhere.

    Raises:
        WeakPassword: if it is shorter than 12 characters or easily guessed.
    """
    password = normal_password(password)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPassword
    about = [staff.email, *staff.email.split("@"), *staff.name.split(), ISSUER]
    if zxcvbn(password[:GUESSED_FROM], user_inputs=about)["score"] < HARD_TO_GUESS:
        raise WeakPassword
    staff.password = hash_password(password)
    staff.must_change_password = False
    sign_out_everywhere(staff)


def normal_password(typed: str) -> str:
    """A password as compared: the same letters typed on different keyboards are the same."""
    return unicodedata.normalize("NFKD", typed)


def sign_out_everywhere(staff: StaffMember) -> None:
    """End every session of somebody: sessions name this value, not the account."""
    staff.fs_uniquifier = secrets.token_hex(32)


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
    sign_out_everywhere(staff)
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
