"""What `families` makes: rounds, cases, the people who may speak, and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from family_voice.demo.contact import DemoAttempt, DemoMinutes


@dataclass(frozen=True)
class DemoSession:
    """One Level 4 meeting."""

    number: int
    held_on: date
    heard_by: date


@dataclass(frozen=True)
class DemoParticipant:
    """Somebody who may speak. `key` is unique within the case; the child's own is `child`.

    `relationship`, `access_needs` and `safe_to_contact` (yes, no) are ids of the caseload file.
    `mobile` and `landline` are in E.164 form. `code_word` is two words, for the text-message door.
    """

    key: str
    relationship: str
    audience: str
    parental_responsibility: bool
    first_name: str
    last_name: str
    mobile: str | None
    landline: str | None
    email: str
    language: str
    access_needs: tuple[str, ...]
    safe_to_contact: str
    how_to_contact_safely: str
    safe_confirmed_by: str
    introduced_by: str
    code_word: str


@dataclass(frozen=True)
class DemoFragment:
    """One piece as it arrived: `speaker` is a participant's key, `manner` as in interviews.

    `english` is what its first sentences were put into English as, where it is not English.
    """

    text: str
    speaker: str
    manner: str
    english: tuple[str, ...]


@dataclass(frozen=True)
class DemoAnswer:
    """What was said to one prompt. `not_for_workers` are exact pieces of the fragments.

    `codes` are ids of the codebook; none where nobody has coded the answer.
    """

    prompt: str
    fragments: tuple[DemoFragment, ...]
    not_for_workers: tuple[str, ...]
    codes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole answer, a fragment a line."""
        return "\n".join(fragment.text for fragment in self.fragments)


@dataclass(frozen=True)
class DemoAccount:
    """One interview. `finished_at` is None while it is in progress, `read_back_at` if never.

    `others` spoke too; `agreed_by` answered the decisions (None: left unanswered).
    """

    id: str
    participant: str
    others: tuple[str, ...]
    agreed_by: str
    audience: str
    channel: str
    language: str
    translated_by: str
    answers: tuple[DemoAnswer, ...]
    skipped: tuple[str, ...]
    decisions: Mapping[str, bool | None]
    asked_for_call: bool
    begun_at: datetime
    finished_at: datetime | None
    read_back_at: datetime | None


@dataclass(frozen=True)
class DemoView:
    """An agency's line under one key question."""

    agency: str
    question: str
    words: str


@dataclass(frozen=True)
class DemoCase:
    """One family's case. `outcome` is a state of `cases.ledger`; `reason` why it was not heard.

    For `stood_down` the reason is the ledger's id. `year_group` is None after Year 14.
    `previous_school` is true where `school` is only where a child at home used to be.
    """

    key: str
    reference: str
    session: int
    plan_type: str
    date_of_birth: date
    year_group: int | None
    area_of_need: str
    placement: str
    vulnerable_groups: tuple[str, ...]
    care_status: str
    pronoun: str
    first_name: str
    last_name: str
    school: str
    previous_school: bool
    worker: str
    manager: str
    participants: tuple[DemoParticipant, ...]
    outcome: str
    reason: str
    accounts: tuple[DemoAccount, ...]
    attempts: tuple[DemoAttempt, ...]
    minutes: tuple[DemoMinutes, ...]
    views: tuple[DemoView, ...]

    def participant(self, key: str) -> DemoParticipant:
        """The participant of this key. Raises `KeyError`."""
        return {p.key: p for p in self.participants}[key]


@dataclass(frozen=True)
class DemoRound:
    """One round. `themes` maps theme kinds of the framework to the values chosen."""

    term: str
    title: str
    themes: Mapping[str, tuple[str, ...]]
    is_current: bool
    opened_on: date
    freezes_on: date
    sessions: tuple[DemoSession, ...]
    cases: tuple[DemoCase, ...]
