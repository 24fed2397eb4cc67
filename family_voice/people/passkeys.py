"""Passkeys (Web Authentication, W3C): registering one, removing it, and signing in with it.

A passkey is asked to verify its holder (fingerprint, face or PIN) every time, so it is both factors
in one. It is bound to the name of our address, so it cannot be given away on another site.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from family_voice.people.accounts import ISSUER, StaffMember
from family_voice.people.sessions import spend
from family_voice.people.sign_in_models import Passkey
from family_voice.storage.base import new_id
from family_voice.storage.locking import lock

LONGEST_ANSWER = 20_000
MOST = 10


class PasskeyRefused(ValueError):
    """What the browser sent proves nothing."""


class TooManyPasskeys(ValueError):
    """Somebody has as many as one person may have."""


class PasskeyCopied(PasskeyRefused):
    """A right signature with a count that was seen before: somebody has a copy of the passkey."""

    def __init__(self, passkey_id: UUID, staff_id: UUID) -> None:
        super().__init__()
        self.passkey_id, self.staff_id = passkey_id, staff_id


@dataclass(frozen=True)
class Site:
    """What passkeys are bound to: the name in our public address, and the whole of its origin."""

    name: str
    origin: str


@dataclass(frozen=True)
class Asked:
    """What a browser is asked: options as JSON, and the challenge to remember until it answers."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class PasskeyView:
    """One of somebody's passkeys."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


def site_of(public_url: str) -> Site | None:
    """The site of an address; None where browsers allow no passkeys.

    They need a name, not a number, and https except on this computer.
    """
    parts = urlsplit(public_url)
    name = parts.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        secure = parts.scheme == "https" or name == "localhost"
        return Site(name, f"{parts.scheme}://{parts.netloc}") if name and secure else None
    return None


def ask_to_make(session: Session, staff: StaffMember, site: Site) -> Asked:
    """Options for a new passkey of somebody's.

    Raises:
        TooManyPasskeys: if they have as many as they may.
    """
    mine = session.scalars(select(Passkey).where(Passkey.staff_id == staff.id)).all()
    if len(mine) >= MOST:
        raise TooManyPasskeys
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=ISSUER,
        user_id=staff.id.bytes,
        user_name=staff.email,
        user_display_name=staff.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in mine],
    )
    return Asked(options_to_json(options), options.challenge)


def keep_passkey(
    session: Session,
    staff_id: UUID,
    answer: str,
    challenge: bytes,
    name: str,
    site: Site,
    now: datetime,
) -> UUID:
    """Keep a passkey that a browser has just made.

    Args:
        session: a writing session.
        staff_id: whose.
        answer: what the browser sent, JSON.
        challenge: what it was asked.
        name: what they call it.
        site: ours.
        now: when.

    Returns:
        Its id.

    Raises:
        PasskeyRefused: if the answer is not one to our question, or was given before.
        TooManyPasskeys: if they have as many as they may.
    """
    lock(session, StaffMember, staff_id)
    if len(passkeys_of(session, staff_id)) >= MOST:
        raise TooManyPasskeys
    try:
        made = verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as problem:  # whatever a parser meets in hostile input
        raise PasskeyRefused from problem
    known = session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id))
    if known is not None or not spend(session, challenge, now):
        raise PasskeyRefused
    row = Passkey(
        id=new_id(),
        staff_id=staff_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def ask_to_sign_in(site: Site) -> Asked:
    """Options for signing in with whichever passkey a browser has for us."""
    options = generate_authentication_options(
        rp_id=site.name, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(options_to_json(options), options.challenge)


def holder_of(
    session: Session, answer: str, challenge: bytes, site: Site, now: datetime
) -> StaffMember:
    """Who has just proven to hold a passkey of theirs.

    Args:
        session: a writing session.
        answer: what the browser sent, JSON.
        challenge: what it was asked.
        site: ours.
        now: when.

    Returns:
        The account, which is in use.

    Raises:
        PasskeyRefused: if it proves nothing, was sent before, or the account is closed.
        PasskeyCopied: if the passkey's own count did not go up.
    """
    try:
        credential = parse_authentication_credential_json(answer[:LONGEST_ANSWER])
    except Exception as problem:  # whatever a parser meets in hostile input
        raise PasskeyRefused from problem
    found = session.scalar(select(Passkey.id).where(Passkey.credential_id == credential.raw_id))
    if found is None:
        raise PasskeyRefused
    row = lock(session, Passkey, found)
    staff = lock(session, StaffMember, row.staff_id)
    try:
        proven = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            # The count is compared below, once the signature is known to be right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as problem:  # whatever a parser meets in hostile input
        raise PasskeyRefused from problem
    handle = credential.response.user_handle
    if handle is not None and bytes(handle) != staff.id.bytes:
        raise PasskeyRefused
    if not staff.active or not spend(session, challenge, now):
        raise PasskeyRefused
    counts = proven.new_sign_count or row.sign_count
    if counts and proven.new_sign_count <= row.sign_count:
        raise PasskeyCopied(row.id, staff.id)
    row.sign_count, row.used_at = proven.new_sign_count, now
    session.flush()
    return staff


def passkeys_of(session: Session, staff_id: UUID) -> list[PasskeyView]:
    """Somebody's passkeys, oldest first."""
    rows = session.scalars(
        select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.made_at)
    )
    return [PasskeyView(row.id, row.name, row.made_at, row.used_at) for row in rows]


def remove_passkey(session: Session, staff_id: UUID, passkey_id: UUID) -> None:
    """Take a passkey of somebody's away; without effect on anybody else's."""
    session.execute(delete(Passkey).where(Passkey.staff_id == staff_id, Passkey.id == passkey_id))
