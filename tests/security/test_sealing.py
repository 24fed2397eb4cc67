"""Sealed values open in their own place only, and never again once their key is destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from family_voice.security.keyring import Keyring
from family_voice.security.sealing import (
    BrokenSeal,
    Erased,
    KeyKind,
    Place,
    destroy_key,
    new_key,
    seal,
    unseal,
)
from family_voice.storage.base import new_id
from tests.conftest import KEYS, Database

HERE = Place("fragment", "text", UUID(int=7))


class OpenKeys(Session):
    """A session that has one key open and no database: sealing itself needs no more."""

    def __init__(self, key_id: UUID) -> None:
        super().__init__(info={"keyring": Keyring(KEYS), "opened_keys": {key_id: bytes(32)}})


@given(text=st.text())
def test_what_is_sealed_is_read_again(text: str) -> None:
    key_id = new_id()
    session = OpenKeys(key_id)
    sealed = seal(session, key_id, HERE, text)
    assert unseal(session, key_id, HERE, sealed) == text
    assert len(text) < 4 or text.encode() not in sealed


@given(text=st.text(), place=st.data())
def test_a_changed_byte_breaks_the_seal(text: str, place: st.DataObject) -> None:
    key_id = new_id()
    session = OpenKeys(key_id)
    sealed = bytearray(seal(session, key_id, HERE, text))
    sealed[place.draw(st.integers(0, len(sealed) - 1))] ^= place.draw(st.integers(1, 255))
    with pytest.raises(BrokenSeal):
        unseal(session, key_id, HERE, bytes(sealed))


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, table="participant"),
        replace(HERE, column="note"),
        replace(HERE, row_id=UUID(int=8)),
    ],
)
def test_a_sealed_value_opens_nowhere_else(
    session: Session, now: datetime, elsewhere: Place
) -> None:
    key_id = new_key(session, KeyKind.INTERVIEW, new_id(), now)
    sealed = seal(session, key_id, HERE, "He waits by the door.")
    assert unseal(session, key_id, HERE, sealed) == "He waits by the door."
    with pytest.raises(BrokenSeal):
        unseal(session, key_id, elsewhere, sealed)


def test_another_familys_key_does_not_open_it(session: Session, now: datetime) -> None:
    ours, theirs = (new_key(session, KeyKind.PERSON, new_id(), now) for _ in range(2))
    with pytest.raises(BrokenSeal):
        unseal(session, theirs, HERE, seal(session, ours, HERE, "Sam"))


def test_the_same_words_never_look_the_same(session: Session, now: datetime) -> None:
    key_id = new_key(session, KeyKind.PERSON, new_id(), now)
    assert seal(session, key_id, HERE, "Sam") != seal(session, key_id, HERE, "Sam")


def test_a_destroyed_key_erases_for_every_later_reader(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        key_id = new_key(session, KeyKind.INTERVIEW, new_id(), now)
        sealed = seal(session, key_id, HERE, "words")
    with database.sessions.begin() as session:
        assert unseal(session, key_id, HERE, sealed) == "words"
        destroy_key(session, key_id, now)
        with pytest.raises(Erased):
            unseal(session, key_id, HERE, sealed)
    with database.sessions() as session:
        with pytest.raises(Erased):
            unseal(session, key_id, HERE, sealed)
        with pytest.raises(Erased):
            seal(session, key_id, HERE, "more")


def test_another_installations_master_key_opens_nothing(database: Database, now: datetime) -> None:
    with database.sessions.begin() as session:
        key_id = new_key(session, KeyKind.INTERVIEW, new_id(), now)
        sealed = seal(session, key_id, HERE, "words")
    with database.sessions() as session:
        session.info = {"keyring": Keyring({1: bytes(32)})}
        with pytest.raises(BrokenSeal):
            unseal(session, key_id, HERE, sealed)
