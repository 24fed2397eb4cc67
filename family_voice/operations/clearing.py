"""What of each class of data is over at a moment, and clearing one of it away."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

import family_voice.cases.forgetting
import family_voice.interviews.forgetting
import family_voice.messages.forgetting
import family_voice.themes.forgetting
from family_voice.cases import match_keys
from family_voice.cases.caseload_models import CaseloadEntry
from family_voice.cases.caseload_waiting import let_go, unread_files
from family_voice.cases.deadlines import london_date
from family_voice.cases.models import AccountLink, Case, FollowUp, PanelSession, Round
from family_voice.consent.authority_models import (
    Approach,
    Judgement,
    NoContact,
    OwnNo,
    OwnSign,
    OwnWords,
)
from family_voice.consent.models import AccountPart, Decision
from family_voice.consent.statements import Purpose
from family_voice.improvement import outcomes
from family_voice.improvement.models import ProfessionalView
from family_voice.interviews.models import Event, Fragment, Interview, Invitation
from family_voice.messages.models import InboundMessage, OutboundEmail, OutboundMessage, SendState
from family_voice.messages.phone_lines import forget_line, forget_number
from family_voice.operations import holds
from family_voice.people.forgetting import INDEX_LENGTH, forget_child
from family_voice.people.models import Child
from family_voice.security.models import DataKey, FailedAttempt
from family_voice.security.sealing import destroy_key
from family_voice.sharing import quotes, replacements
from family_voice.sharing.exchange import keeping
from family_voice.storage.locking import Missing, fetch, lock
from family_voice.themes.memos import forget_memos

#: A text that nothing happens to any more.
OVER = tuple(
    each.value
    for each in (SendState.SENT, SendState.DELIVERED, SendState.FAILED, SendState.CANCELLED)
)


def old_accounts(session: Session, before: datetime) -> Sequence[UUID]:
    """Interviews whose rounds froze before then, or that have none and were begun before then."""
    rounds = select(Round.id).where(Round.freezes_on < london_date(before))
    in_rounds = (
        select(AccountLink.interview_id)
        .join(Case, Case.id == AccountLink.case_id)
        .join(PanelSession, PanelSession.id == Case.session_id)
    )
    gone_on = select(Round.id).where(Round.freezes_on >= london_date(before))
    return session.scalars(
        select(Interview.id)
        .join(DataKey, DataKey.id == Interview.key_id)
        .where(
            DataKey.wrapped.is_not(None),
            Interview.made_at < before,
            or_(
                Interview.round_id.in_(rounds),
                Interview.round_id.is_(None)
                & Interview.id.not_in(in_rounds.where(PanelSession.round_id.in_(gone_on))),
            ),
            # What was taken back and is held goes with its hold.
            Interview.id.not_in(_withdrawn()),
        )
        .order_by(Interview.made_at, Interview.id)
    ).all()


def clear_account(session: Session, interview_id: UUID, now: datetime) -> None:
    """Empty an account and destroy its key. That it was held, and its codes, stay for figures."""
    lock(session, Interview, interview_id)
    outcomes.forget(session, interview_id)
    quotes.forget(session, interview_id)
    replacements.forget(session, interview_id)
    keeping.forget(session, interview_id, now)
    forget_memos(session, interview_id)
    family_voice.cases.forgetting.forget_choices(session, interview_id)
    session.execute(delete(FollowUp).where(FollowUp.interview_id == interview_id))
    family_voice.messages.forgetting.forget(session, interview_id)
    family_voice.interviews.forgetting.erase_words(session, interview_id)
    family_voice.themes.forgetting.forget_learned(session, [interview_id], now)
    destroy_key(session, fetch(session, Interview, interview_id).key_id, now)


def after_a_no(session: Session, before: datetime) -> Sequence[UUID]:
    """Interviews with words whose answer to talking has been no since before then.

    A no that is said again lengthens nothing. Or whose child told somebody no before then, who
    wrote it down.
    """
    later = aliased(Decision)
    yes_after_all = exists().where(
        later.interview_id == Decision.interview_id,
        later.purpose == Purpose.TALK.value,
        later.yes.is_(True),
        later.number > Decision.number,
    )
    after_no = select(Decision.interview_id).where(
        Decision.purpose == Purpose.TALK.value,
        Decision.yes.is_(False),
        Decision.at < before,
        ~yes_after_all,
    )
    told = select(OwnWords.interview_id).join(OwnNo, OwnNo.case_id == OwnWords.case_id)
    return session.scalars(
        select(Interview.id)
        .where(
            or_(
                Interview.id.in_(after_no),
                # A part rests on what was decided for the whole.
                Interview.id.in_(
                    select(AccountPart.interview_id).where(AccountPart.origin_id.in_(after_no))
                ),
                Interview.id.in_(told.where(OwnNo.lifted_at.is_(None), OwnNo.at < before)),
            ),
            Interview.id.in_(select(Fragment.interview_id).where(Fragment.words != b"")),
            Interview.id.not_in(_withdrawn()),
        )
        .order_by(Interview.made_at, Interview.id)
    ).all()


def clear_words(session: Session, interview_id: UUID, now: datetime) -> None:
    """Delete what was said. The conversation stays, so that they can still change their mind."""
    lock(session, Interview, interview_id)
    outcomes.forget(session, interview_id)
    quotes.forget(session, interview_id)
    replacements.forget(session, interview_id)
    keeping.forget(session, interview_id, now)
    family_voice.themes.forgetting.forget(session, interview_id)
    family_voice.themes.forgetting.forget_learned(session, [interview_id], now)
    family_voice.cases.forgetting.forget_choices(session, interview_id)
    session.execute(delete(FollowUp).where(FollowUp.interview_id == interview_id))
    family_voice.interviews.forgetting.forget_words(session, interview_id)
    family_voice.messages.forgetting.empty_texts(session, interview_id)


def old_children(session: Session, before: datetime) -> Sequence[UUID]:
    """Children of whose rounds the last froze before then."""
    last = (
        select(Case.child_id, func.max(Round.freezes_on).label("froze"))
        .join(PanelSession, PanelSession.id == Case.session_id)
        .join(Round, Round.id == PanelSession.round_id)
        .group_by(Case.child_id)
        .subquery()
    )
    return session.scalars(
        select(Child.id)
        .join(last, last.c.child_id == Child.id)
        .join(DataKey, DataKey.id == Child.key_id)
        .where(last.c.froze < london_date(before), DataKey.wrapped.is_not(None))
        .order_by(Child.id)
    ).all()


def clear_child(session: Session, child_id: UUID, now: datetime) -> None:
    """Forget who a child is, and what was sealed with that. The figures of past terms stay."""
    cases = session.scalars(select(Case).where(Case.child_id == child_id).with_for_update()).all()
    ids = [case.id for case in cases]
    for case in cases:
        case.worker = case.manager = None
    session.execute(delete(ProfessionalView).where(ProfessionalView.case_id.in_(ids)))
    session.execute(
        delete(FollowUp).where(FollowUp.case_id.in_(ids), FollowUp.interview_id.is_(None))
    )
    match_keys.forget(session, [child_id])
    for table in (Approach, NoContact, OwnSign):
        session.execute(delete(table).where(table.child_id == child_id))
    # A decision that somebody made for the child names the judgement it rests on: the row stays.
    session.execute(
        update(Judgement)
        .where(Judgement.child_id == child_id)
        .values(judged_by=b"", why=b"", decision=None, support=None, representative=None)
    )
    forget_child(session, child_id, now)


def old_texts(session: Session, before: datetime) -> Sequence[UUID]:
    """Texts of conversations that came or went before then and still say something."""
    came = select(InboundMessage.id).where(
        InboundMessage.interview_id.is_not(None),
        InboundMessage.body != b"",
        InboundMessage.arrived_at < before,
    )
    went = select(OutboundMessage.id).where(
        OutboundMessage.interview_id.is_not(None),
        OutboundMessage.body != b"",
        OutboundMessage.queued_at < before,
        OutboundMessage.state.in_(OVER),
    )
    emailed = select(OutboundEmail.id).where(
        OutboundEmail.queued_at < before, OutboundEmail.state.in_(OVER)
    )
    return [*session.scalars(came), *session.scalars(went), *session.scalars(emailed)]


def clear_text(session: Session, message_id: UUID, now: datetime) -> None:
    """Keep that a text came or went, and not what it said; of an email, nothing."""
    row = _message(session, message_id)
    if isinstance(row, OutboundEmail):
        session.delete(row)
    else:
        row.body = b""
    session.flush()


def text_is_held(session: Session, message_id: UUID) -> bool:
    """Whether a hold keeps the conversation that a text belongs to."""
    interview_id = _message(session, message_id).interview_id
    return interview_id is not None and holds.is_held(session, interview_id)


def unknown_texts(session: Session, before: datetime) -> Sequence[UUID]:
    """Texts to and from numbers nobody knows, from before then."""
    came = select(InboundMessage.id).where(
        InboundMessage.interview_id.is_(None),
        InboundMessage.phone != b"",
        InboundMessage.arrived_at < before,
    )
    went = select(OutboundMessage.id).where(
        OutboundMessage.interview_id.is_(None),
        OutboundMessage.phone != b"",
        OutboundMessage.queued_at < before,
        OutboundMessage.state.in_(OVER),
    )
    return [*session.scalars(came), *session.scalars(went)]


def clear_unknown_text(session: Session, message_id: UUID, now: datetime) -> None:
    """Empty a text that belongs to nobody, its telephone too."""
    row = _message(session, message_id)
    if isinstance(row, OutboundEmail):
        raise Missing(OutboundMessage.__tablename__)
    forget_number(session, row.phone_index)
    row.phone = row.body = b""
    row.phone_index = secrets.token_bytes(INDEX_LENGTH)
    if isinstance(row, OutboundMessage):
        # The occasion of the one answer to a stranger names their telephone's index.
        row.dedupe_key = f"over:{row.id}"
    destroy_key(session, row.key_id, now)


def gone_from_caseload(session: Session, before: datetime) -> Sequence[UUID]:
    """Lines of the caseload that left it before then."""
    return session.scalars(select(CaseloadEntry.id).where(CaseloadEntry.gone_at < before)).all()


def clear_caseload_entry(session: Session, entry_id: UUID, now: datetime) -> None:
    """Delete a line of the caseload, and its key when it was the last one sealed under it."""
    row = lock(session, CaseloadEntry, entry_id)
    key_id = row.key_id
    session.delete(row)
    session.flush()
    others = select(CaseloadEntry.id).where(CaseloadEntry.key_id == key_id)
    if session.scalar(others.limit(1)) is None:
        destroy_key(session, key_id, now)


def unread_caseload_files(session: Session, before: datetime) -> Sequence[UUID]:
    """Caseload files that were checked before then and never taken in."""
    return unread_files(session, before)


def clear_caseload_file(session: Session, file_id: UUID, now: datetime) -> None:
    """Destroy what a checked file would have brought."""
    let_go(session, file_id, now)


def expired_invitations(session: Session, before: datetime) -> Sequence[UUID]:
    """Invitations that ended before then and still find a telephone or a code word."""
    return session.scalars(
        select(Invitation.id).where(
            Invitation.valid_until < before,
            or_(Invitation.phone_index.is_not(None), Invitation.code_word_index.is_not(None)),
        )
    ).all()


def clear_invitation(session: Session, invitation_id: UUID, now: datetime) -> None:
    """Let an invitation find nobody any more; that it was made stays."""
    row = lock(session, Invitation, invitation_id)
    row.phone_index = row.code_word_index = None
    forget_line(session, row.interview_id)
    session.flush()


def failed_attempts(session: Session, before: datetime) -> Sequence[UUID]:
    """Wrong tries from before then."""
    return session.scalars(select(FailedAttempt.id).where(FailedAttempt.at < before)).all()


def clear_attempt(session: Session, attempt_id: UUID, now: datetime) -> None:
    """Forget one wrong try."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.id == attempt_id))


def _withdrawn() -> Select[UUID]:
    return select(Event.interview_id).where(Event.kind == "withdrawn")


def _message(
    session: Session, message_id: UUID
) -> InboundMessage | OutboundMessage | OutboundEmail:
    found = session.get(InboundMessage, message_id) or session.get(OutboundEmail, message_id)
    return found if found is not None else fetch(session, OutboundMessage, message_id)
