"""One account of a case, as far as the ledger needs it: whose, how far it came, what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from family_voice.cases.ledger import Talk


@dataclass(frozen=True)
class AccountFacts:
    """One account of a case, as far as the ledger needs it.

    `said_yes_at` is when they last agreed to talk, if that stands; `call_wanted_at` is when they
    asked to be rung, until somebody has, and `told_since_call` when they sent what they had to say
    after they asked for the last time. `lapsed`: they decided, and it stands no more.
    `participant_id` is who was invited, or who a person said it is that came by themselves.
    `professional`: it is a social worker's, and so neither the child's nor the family's.
    `first_sent_at`: when it first came, however often it was opened and sent again.
    `lead_may_read`: what is in it may be coded at all; `coded`: somebody has said that it is.
    """

    interview_id: UUID
    participant_id: UUID | None
    talk: Talk
    invited: bool
    sent_at: datetime | None
    read_back_at: datetime | None
    panel_may_read: bool
    said_yes_at: datetime | None
    call_wanted_at: datetime | None
    lapsed: bool = False
    professional: bool = False
    first_sent_at: datetime | None = None
    told_since_call: datetime | None = None
    lead_may_read: bool = True
    coded: bool = False
    came_by_themselves: bool = False

    @property
    def to_work_on(self) -> bool:
        """Whether it was sent and may be read: that is what read-back and coding are for."""
        return self.talk is Talk.FINISHED and self.lead_may_read

    @property
    def to_read_back(self) -> bool:
        """Whether somebody whom we know has still to say that it is right.

        Who came by themselves says so on the way they came, and a worker's account is no family's.
        """
        return (
            self.to_work_on
            and self.read_back_at is None
            and not self.came_by_themselves
            and not self.professional
        )

    @property
    def to_code(self) -> bool:
        """Whether somebody has still to put codes on it."""
        return self.to_work_on and not self.coded
