"""What somebody is told who took something back: what went, what remains and why, and the paper.

A receipt is made of counts and dates, never of words, and reads the same whatever the council has
to keep for a court or for a child's safety: nothing of that may show here.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.consent.statements import Purpose
from family_voice.language.formats import long_date
from family_voice.language.texts import _, ngettext
from family_voice.operations.manifests import KEPT
from family_voice.operations.models import Withdrawal

#: After so many days no backup opens what was taken back.
BACKUPS_KEPT = KEPT.days


class Remains(StrEnum):
    """Why something is still there."""

    ASKED = "asked"
    BACKUPS = "backups"
    PUBLISHED = "published"
    MET = "met"
    QUOTED = "quoted"
    PASSED_ON = "passed_on"
    CARRIER = "carrier"


@dataclass(frozen=True)
class Receipt:
    """One receipt as it is kept."""

    number: str
    interview_id: UUID
    purposes: tuple[Purpose, ...]
    how: str
    asked_by: str
    asked_on: date
    recorded_by: UUID | None
    at: datetime
    removed: dict[str, int]
    remains: tuple[Remains, ...]
    met_on: date | None
    copies: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether everything was taken back."""
        return Purpose.TALK in self.purposes


def receipt(row: Withdrawal) -> Receipt:
    """A stored withdrawal as a receipt."""
    return Receipt(
        number=row.number,
        interview_id=row.interview_id,
        purposes=tuple(Purpose(each) for each in row.purposes),
        how=row.how,
        asked_by=row.asked_by,
        asked_on=row.asked_on,
        recorded_by=row.recorded_by,
        at=row.at,
        removed={name: int(number) for name, number in row.removed.items()},
        remains=tuple(Remains(each) for each in row.remains),
        met_on=row.met_on,
        copies=tuple(row.copies),
    )


def new_number(session: Session) -> str:
    """A number that says nothing, not even how many there were: easy to read out."""
    while True:
        figures = f"{secrets.randbelow(10**8):08d}"
        number = f"{figures[:4]} {figures[4:]}"
        taken = select(Withdrawal.id).where(Withdrawal.number == number)
        if session.scalar(taken) is None:
            return number


def by_number(session: Session, number: str) -> Receipt | None:
    """The receipt with a number, or None."""
    row = session.scalar(select(Withdrawal).where(Withdrawal.number == number))
    return receipt(row) if row else None


def of_interview(session: Session, interview_id: UUID) -> list[Receipt]:
    """Every receipt of an interview, the newest first."""
    return [
        receipt(row)
        for row in session.scalars(
            select(Withdrawal)
            .where(Withdrawal.interview_id == interview_id)
            .order_by(Withdrawal.at.desc(), Withdrawal.number)
        )
    ]


def every(session: Session) -> list[Receipt]:
    """Every receipt there is, the newest first."""
    rows = session.scalars(select(Withdrawal).order_by(Withdrawal.at.desc(), Withdrawal.number))
    return [receipt(row) for row in rows]


def removed_lines(found: Receipt) -> list[str]:
    """What went, in plain sentences; never empty."""
    count = found.removed.get
    lines = []
    if found.whole:
        lines.append(
            ngettext(
                "What you told us: %(num)d answer.",
                "What you told us: %(num)d answers.",
                count("answers", 0),
            )
            if count("answers", 0)
            else _("What you told us. There was nothing written down.")
        )
    if count("texts", 0):
        lines.append(
            ngettext(
                "What your texts said: %(num)d text.",
                "What your texts said: %(num)d texts.",
                count("texts", 0),
            )
        )
    if count("waited", 0):
        lines.append(
            ngettext(
                "%(num)d text to you that was waiting to go.",
                "%(num)d texts to you that were waiting to go.",
                count("waited", 0),
            )
        )
    if count("codes", 0):
        lines.append(
            ngettext(
                "Our notes on what it was about: %(num)d note.",
                "Our notes on what it was about: %(num)d notes.",
                count("codes", 0),
            )
        )
    if count("chosen", 0):
        lines.append(
            ngettext(
                "%(num)d sentence we had chosen for the small group to read.",
                "%(num)d sentences we had chosen for the small group to read.",
                count("chosen", 0),
            )
        )
    if count("quotes", 0):
        lines.append(
            ngettext(
                "%(num)d short piece of your words that we had asked you about.",
                "%(num)d short pieces of your words that we had asked you about.",
                count("quotes", 0),
            )
        )
    if count("outcomes", 0):
        lines.append(_("What we had written to you about what came of it."))
    if count("to_pass_on", 0):
        lines.append(
            ngettext(
                "%(num)d thing we had written down to pass on.",
                "%(num)d things we had written down to pass on.",
                count("to_pass_on", 0),
            )
        )
    return lines + [STOPPED[purpose]() for purpose in found.purposes if purpose in STOPPED]


def remains_lines(found: Receipt) -> list[str]:
    """What is still there and why, in plain sentences; may be empty."""
    said = {
        Remains.ASKED: _(
            "We keep a note that we asked you, what you chose, and that you took it back. "
            "So nobody asks you about it again this term."
        ),
        Remains.PUBLISHED: _(
            "Numbers about many families together, which were made public before. They do not name "
            "you. We do not change them, because a change could show that it was you. New numbers "
            "leave you out."
        ),
        Remains.MET: _(
            "The small group met on %(day)s. They could read it then. They cannot read it now.",
            day=long_date(found.met_on) if found.met_on else "",
        ),
        Remains.QUOTED: _(
            "Other people could read short pieces that you had said yes to. They are off our pages "
            "now. Whoever read them before may remember them."
        ),
        Remains.PASSED_ON: _(
            "What we passed on to a worker, because you said yes. They have it already."
        ),
        Remains.CARRIER: _(
            "The phone company has its own record of texts. So has your phone. "
            "You can delete them on your phone."
        ),
        Remains.BACKUPS: _(
            "Safety copies of our computer. Nobody reads them, and they are gone after "
            "%(days)d days.",
            days=BACKUPS_KEPT,
        ),
    }
    return [said[each] for each in found.remains]


def copies_line(found: Receipt) -> str:
    """Which printed copies have to be destroyed; empty if there are none."""
    if not found.copies:
        return ""
    return ngettext(
        "There is a printed copy. It has the number %(numbers)s. "
        "We have told the person who has it to destroy it now.",
        "There are printed copies. They have the numbers %(numbers)s. "
        "We have told the people who have them to destroy them now.",
        len(found.copies),
        numbers=", ".join(str(number) for number in found.copies),
    )


def the_law() -> str:
    """How every receipt ends."""
    return _("The law may require us to keep some records.")


#: What a no to one thing stops from now on.
STOPPED = {
    Purpose.CHECK: lambda: _("The small group cannot read what you told us any more."),
    Purpose.QUOTE: lambda: _("We use no short pieces of your words any more."),
    Purpose.COUNT: lambda: _("We do not count you in new numbers any more."),
    Purpose.CONTACT: lambda: _("We do not contact you again about this."),
}
