"""What the history of a case says of each invitation by text or email: whether it really went."""

from __future__ import annotations

from uuid import UUID

from family_voice.cases.ledger import Outcome
from family_voice.cases.reading import AttemptLine, CaseView
from family_voice.language.formats import date_time
from family_voice.language.texts import _
from family_voice.messages.going import Going, invitations
from family_voice.messages.models import SendState
from family_voice.web.services import db, now


def how_far(view: CaseView) -> dict[UUID, str]:
    """By attempt: what became of it. A letter, and what was only written down, is not in it."""
    whose = {each.interview_id: each.participant_id for each in view.accounts}
    whose |= {each.interview_id: each.person.id for each in view.people if each.interview_id}
    queued = {
        (whose[each.interview_id], each.channel, each.queued_at): each
        for each in invitations(db(), whose)
    }
    sent = [each for each in view.attempts if each.outcome is Outcome.SENT]
    found = {}
    for each in sent:
        going = queued.get((each.participant_id, each.channel, each.at))
        if going is not None:
            found[each.id] = _said(going, each, sent)
    return found


def _said(going: Going, attempt: AttemptLine, sent: list[AttemptLine]) -> str:
    match going.state:
        case SendState.QUEUED:
            if going.due_at <= now():
                return _("Waits for its turn. It has not gone yet.")
            return _("Waits until %(when)s. It has not gone yet.", when=date_time(going.due_at))
        case SendState.SENDING | SendState.UNKNOWN:
            return _("Is on its way")
        case SendState.FAILED:
            return _("Could not be sent")
        case SendState.CANCELLED:
            later = any(
                each.participant_id == attempt.participant_id and each.at >= attempt.at
                for each in sent
                if each is not attempt
            )
            if later:
                return _("Did not go: a later invitation took its place")
            return _("Did not go: it was no longer wanted")
    if going.sent_at is None:
        return _("Sent")
    return _("Went on %(when)s", when=date_time(going.sent_at))
