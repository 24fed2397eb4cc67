"""Blind indexes: finding a sealed value again without storing it."""

from __future__ import annotations

import unicodedata

from sqlalchemy.orm import Session

from family_voice.security.keyring import keyring_of


def blind_index(session: Session, kind: str, value: str) -> bytes:
    """A keyed hash of a value, to look a row up by.

    Args:
        session: carries the keyring.
        kind: what the value is (`phone`, `reference`, `token`, `code`); one kind never matches
            another.
        value: compared after Unicode normalisation, without outer space, ignoring case.

    Returns:
        32 bytes.
    """
    normal = unicodedata.normalize("NFKC", value).strip().casefold()
    return keyring_of(session).mac(f"blind/{kind}", normal.encode())
