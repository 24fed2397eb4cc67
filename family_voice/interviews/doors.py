"""The doors into an interview: a link, a printed code, a code word by text, and the return word.

A link or a printed code opens the explanation, the permission and the questions not yet answered.
What was said earlier needs the return word that the person chose.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from family_voice.interviews.models import Interview, Invitation
from family_voice.security import tokens
from family_voice.security.blind import blind_index
from family_voice.storage.locking import fetch, lock


class NoSuchDoor(LookupError):
    """The link or code is unknown, out of date or replaced; one answer for all three."""


class WordTooShort(ValueError):
    """A return word must have at least `tokens.RETURN_WORD_SHORTEST` letters."""


@dataclass(frozen=True)
class Secrets:
    """What is given to a family once; only keyed hashes of it are kept."""

    token: str
    code: str
    code_word: str | None


Choose = Callable[[], Secrets]


def fresh_secrets() -> Secrets:
    """Secrets that nobody can guess."""
    return Secrets(tokens.new_token(), tokens.new_printed_code(), tokens.new_code_word())


def open_doors(
    session: Session,
    interview_id: UUID,
    valid_until: datetime,
    now: datetime,
    phone: str | None = None,
    with_code_word: bool = True,
    choose: Choose = fresh_secrets,
) -> Secrets:
    """Make a fresh link, printed code and code word; earlier ones stop working.

    Args:
        session: a writing session.
        interview_id: what they open.
        valid_until: normally when the round freezes.
        now: when.
        phone: the mobile the code word works from, in E.164 form.
        with_code_word: whether texts may be answered with this invitation.
        choose: makes the secrets; the demo's are the same for the same seed.

    Returns:
        The secrets, in clear, for the one letter or text they go into.
    """
    lock(session, Interview, interview_id)
    for earlier in session.scalars(_current(interview_id)):
        earlier.replaced_at = now
    secrets = choose()
    if not with_code_word:
        secrets = replace(secrets, code_word=None)
    session.add(
        Invitation(
            interview_id=interview_id,
            token_index=_token_index(session, secrets.token),
            code_index=blind_index(session, "code", secrets.code),
            code_word_index=(
                _word_index(session, interview_id, secrets.code_word) if secrets.code_word else None
            ),
            phone_index=blind_index(session, "phone", phone) if phone else None,
            valid_until=valid_until,
            made_at=now,
        )
    )
    session.flush()
    return secrets


def another_link(session: Session, interview_id: UUID, valid_until: datetime, now: datetime) -> str:
    """Make one more link into the interview, good until somebody has begun by it.

    The letter's link, code and code word go on working.

    Args:
        session: a writing session.
        interview_id: what it opens.
        valid_until: when it stops working; soon, since it travels by text.
        now: when.

    Returns:
        The link's token, in clear.
    """
    token = tokens.new_token()
    session.add(
        Invitation(
            interview_id=interview_id,
            token_index=_token_index(session, token),
            # The table wants a printed code for every door; nobody is ever given this one.
            code_index=blind_index(session, "code", tokens.new_token()),
            single_use=True,
            valid_until=valid_until,
            made_at=now,
        )
    )
    session.flush()
    return token


def spend_links(session: Session, interview_id: UUID, now: datetime) -> None:
    """Close the links that open once: somebody has pressed the button behind one."""
    for invitation in session.scalars(_current(interview_id).where(Invitation.single_use)):
        invitation.replaced_at = now
    session.flush()


def by_token(session: Session, token: str, now: datetime) -> UUID:
    """The interview a link opens.

    Raises:
        NoSuchDoor: if the link is unknown, out of date or replaced.
    """
    return _valid(
        session.scalar(
            select(Invitation).where(Invitation.token_index == _token_index(session, token))
        ),
        now,
    )


def by_code(session: Session, typed: str, now: datetime) -> UUID:
    """The interview a printed code opens, however it was typed.

    Raises:
        NoSuchDoor: if it is no code, unknown, out of date or replaced.
    """
    code = tokens.read_printed_code(typed)
    if code is None:
        raise NoSuchDoor
    return _valid(
        session.scalar(
            select(Invitation).where(Invitation.code_index == blind_index(session, "code", code))
        ),
        now,
    )


def by_phone(session: Session, phone: str, now: datetime) -> list[UUID]:
    """The interviews that may be held by text from this number, newest invitation first."""
    return list(
        session.scalars(
            select(Invitation.interview_id)
            .where(
                Invitation.phone_index == blind_index(session, "phone", phone),
                Invitation.replaced_at.is_(None),
                Invitation.valid_until > now,
            )
            .order_by(Invitation.made_at.desc())
        )
    )


def once_by_phone(session: Session, phone: str) -> list[UUID]:
    """As `by_phone`, with the interviews whose doors ended by themselves: for taking them back."""
    return list(
        session.scalars(
            select(Invitation.interview_id)
            .where(
                Invitation.phone_index == blind_index(session, "phone", phone),
                Invitation.replaced_at.is_(None),
            )
            .order_by(Invitation.made_at.desc())
        )
    )


def unhook_phone(session: Session, interview_id: UUID) -> None:
    """Let no telephone open an interview any more; its links and printed code go on working."""
    for invitation in session.scalars(
        select(Invitation).where(
            Invitation.interview_id == interview_id, Invitation.phone_index.is_not(None)
        )
    ):
        invitation.phone_index = None
    session.flush()


def move_phone(session: Session, interview_id: UUID, phone: str) -> bool:
    """Let the code word that was given work from this telephone, and from no other any more.

    Args:
        session: a writing session.
        interview_id: whose door.
        phone: the new number, in E.164 form; empty for none.

    Returns:
        Whether it was another one until now.
    """
    index = blind_index(session, "phone", phone) if phone else None
    moved = False
    for invitation in session.scalars(
        _current(interview_id).where(Invitation.phone_index.is_not(None))
    ):
        moved = moved or invitation.phone_index != index
        invitation.phone_index = index
    session.flush()
    return moved


def run_out(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether the last link and code have run out, which ends every sitting that came by them.

    After taking back there are none at all; what was taken back can still be said on a page.
    """
    last = session.scalar(
        select(func.max(Invitation.valid_until)).where(
            Invitation.interview_id == interview_id, Invitation.replaced_at.is_(None)
        )
    )
    return last is not None and last <= now


def ended(session: Session, interview_id: UUID, now: datetime) -> bool:
    """Whether nothing opens the interview any more: all its doors ran out or were closed."""
    found = _current(interview_id).where(Invitation.valid_until > now)
    return session.scalar(found.limit(1)) is None


def has_code_word(session: Session, interview_id: UUID) -> bool:
    """Whether a code word was given for the interview and stands."""
    found = _current(interview_id).where(Invitation.code_word_index.is_not(None))
    return session.scalar(found.limit(1)) is not None


def code_word_is(session: Session, interview_id: UUID, typed: str) -> bool:
    """Whether this is the code word that was given for the interview."""
    invitation = session.scalar(
        _current(interview_id).where(Invitation.code_word_index.is_not(None))
    )
    if invitation is None or invitation.code_word_index is None:
        return False
    return hmac.compare_digest(
        invitation.code_word_index, _word_index(session, interview_id, typed)
    )


def choose_return_word(session: Session, interview_id: UUID, word: str) -> None:
    """Keep the word that will open what was said; one that was chosen before opens nothing more.

    Where one was chosen, or others wrote, only a member of staff may do this, who knows whom they
    speak with.

    Raises:
        WordTooShort: if it is too easily guessed.
    """
    if len(tokens.normal_word(word).replace(" ", "")) < tokens.RETURN_WORD_SHORTEST:
        raise WordTooShort
    lock(session, Interview, interview_id).return_word = tokens.hash_return_word(word)
    session.flush()


def has_return_word(session: Session, interview_id: UUID) -> bool:
    """Whether a return word was chosen."""
    return fetch(session, Interview, interview_id).return_word is not None


def return_word_is(session: Session, interview_id: UUID, word: str) -> bool:
    """Whether this is the return word. The caller throttles."""
    stored = fetch(session, Interview, interview_id).return_word
    return stored is not None and tokens.return_word_matches(word, stored)


def return_word_mark(session: Session, interview_id: UUID) -> str:
    """What tells one return word from the next, and nothing of the word; empty if there is none."""
    stored = fetch(session, Interview, interview_id).return_word
    return hashlib.sha256(stored.encode()).hexdigest()[:16] if stored else ""


def _valid(invitation: Invitation | None, now: datetime) -> UUID:
    if invitation is None or invitation.replaced_at is not None or invitation.valid_until <= now:
        raise NoSuchDoor
    return invitation.interview_id


def _current(interview_id: UUID) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.interview_id == interview_id, Invitation.replaced_at.is_(None)
    )


def _token_index(session: Session, token: str) -> bytes:
    # A token's letters differ by case, which `blind_index` would fold away.
    return blind_index(session, "token", token.encode().hex())


def _word_index(session: Session, interview_id: UUID, word: str) -> bytes:
    return blind_index(session, f"code_word/{interview_id}", tokens.normal_word(word))
