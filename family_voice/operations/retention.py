"""How long each class of data is kept, on what that rests, and clearing away what is over.

The periods are defaults that a council sets (`FAMILY_VOICE_RETENTION`) after its own schedule: UK
GDPR article 5(1)(e) asks for no longer than is needed, and names no number of days. What a legal
hold covers stays until it is lifted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from family_voice.cases.deadlines import london_date
from family_voice.language.texts import lazy
from family_voice.operations import clearing, holds
from family_voice.operations.models import RetentionRun
from family_voice.security.trail import WORKER, Actor, record
from family_voice.storage.engine import reading
from family_voice.storage.locking import Missing, one_at_a_time

#: So many at once in one transaction: nobody else waits long.
AT_ONCE: Final = 50
#: Keeping for ever, or by a rule that is not this program's to run.
KEPT: Final = None

#: How long what families told us is kept, from the day the round froze.
ACCOUNTS_KEPT: Final = timedelta(days=730)

Find = Callable[[Session, datetime], Sequence[UUID]]
Clear = Callable[[Session, UUID, datetime], None]


@dataclass(frozen=True)
class DataClass:
    """One class of data: its name, how many days it is kept, from when on, and why so long.

    `days` is None for what is kept by another rule; it is shown and never cleared here.
    """

    name: str
    words: object
    since: object
    source: object
    days: int | None
    find: Find | None = None
    clear: Clear | None = None
    held: Callable[[Session, UUID], bool] | None = None


CLASSES: Final = (
    DataClass(
        "accounts",
        lazy("What families told us: words, texts, and what was passed on"),
        lazy("the round froze"),
        lazy("Two school years: trends look back over several terms. The council's schedule."),
        ACCOUNTS_KEPT.days,
        clearing.old_accounts,
        clearing.clear_account,
        holds.is_held,
    ),
    DataClass(
        "said_no",
        lazy("Words of somebody who said no to talking after all"),
        lazy("they said no"),
        lazy("The page after a no promises it."),
        28,
        clearing.after_a_no,
        clearing.clear_words,
        holds.is_held,
    ),
    DataClass(
        "identifiers",
        lazy("Names, dates of birth and ways to reach children and those who speak for them"),
        lazy("the child's last round froze"),
        lazy("Three years: a child may be drawn again. The council's schedule."),
        1095,
        clearing.old_children,
        clearing.clear_child,
        holds.child_is_held,
    ),
    DataClass(
        "caseload_gone",
        lazy("References and kinds of case of children who left the caseload undrawn"),
        lazy("a file came without them"),
        lazy("A term: so long a mistaken file can be put right without loss."),
        90,
        clearing.gone_from_caseload,
        clearing.clear_caseload_entry,
    ),
    DataClass(
        "caseload_checked",
        lazy("Caseload files that were checked and not taken in"),
        lazy("they were checked"),
        lazy("A day: whoever checks a file decides about it there and then."),
        1,
        clearing.unread_caseload_files,
        clearing.clear_caseload_file,
    ),
    DataClass(
        "texts",
        lazy("What texts and emails said; the answers in texts are kept with the account"),
        lazy("they came or went"),
        lazy("As long as a conversation by text may take."),
        60,
        clearing.old_texts,
        clearing.clear_text,
        clearing.text_is_held,
    ),
    DataClass(
        "unknown_texts",
        lazy("Texts from numbers that nobody knows"),
        lazy("they came or went"),
        lazy("A term's work: so long the lead is shown them."),
        60,
        clearing.unknown_texts,
        clearing.clear_unknown_text,
    ),
    DataClass(
        "invitations",
        lazy("What finds a telephone and a code word for invitations that are over"),
        lazy("the invitation ended"),
        lazy("Late texts are still understood for so long."),
        30,
        clearing.expired_invitations,
        clearing.clear_invitation,
    ),
    DataClass(
        "failed_attempts",
        lazy("Counts of wrong codes, words and passwords"),
        lazy("the attempt"),
        lazy("No limit looks back further than a day."),
        7,
        clearing.failed_attempts,
        clearing.clear_attempt,
    ),
    DataClass(
        "receipts",
        lazy("Receipts of what was taken back, and what was decided"),
        lazy("they were written"),
        lazy("Six years, in which a claim may be brought (Limitation Act 1980)."),
        KEPT,
    ),
    DataClass(
        "trail",
        lazy("The audit trail"),
        lazy("it was written"),
        lazy("It is never shortened by this program: a missing line is what it has to show."),
        KEPT,
    ),
    DataClass(
        "concerns",
        lazy("Worries about a child's safety"),
        lazy("they were decided"),
        lazy("By the safeguarding partnership's own rule."),
        KEPT,
    ),
)


@dataclass(frozen=True)
class Due:
    """What of one class is over now: how many would go, and how many a hold keeps."""

    data_class: DataClass
    days: int | None
    goes: tuple[UUID, ...]
    held: int


def preview(session: Session, days: Mapping[str, int], now: datetime) -> list[Due]:
    """What would go if it were cleared away now. Changes nothing.

    Args:
        session: any session.
        days: periods that differ from the defaults, by class.
        now: the present.
    """
    found = []
    for each in CLASSES:
        kept_for = days.get(each.name, each.days) if each.days is not None else None
        if each.find is None or kept_for is None:
            found.append(Due(each, None, (), 0))
            continue
        over = each.find(session, now - timedelta(days=kept_for))
        held = {one for one in over if each.held is not None and each.held(session, one)}
        found.append(Due(each, kept_for, tuple(one for one in over if one not in held), len(held)))
    return found


def run(
    sessions: sessionmaker[Session],
    days: Mapping[str, int],
    now: datetime,
    by: Actor = WORKER,
    tell: Callable[[str, int], None] = lambda name, count: None,
) -> dict[str, int]:
    """Clear away what is over, some at a time; it may be stopped and begun again at any moment.

    Args:
        sessions: makes sessions.
        days: as for `preview`.
        now: the present.
        by: who clears, for the trail.
        tell: told the class and how many went so far.

    Returns:
        How many of each class went.
    """
    with reading(sessions) as session:
        due = preview(session, days, now)
    cleared: dict[str, int] = {}
    for each in due:
        clear, held = each.data_class.clear, each.data_class.held
        name = each.data_class.name
        for start in range(0, len(each.goes), AT_ONCE):
            with sessions.begin() as session:
                for one in each.goes[start : start + AT_ONCE]:
                    if clear is not None and _cleared(session, clear, held, one, now):
                        cleared[name] = cleared.get(name, 0) + 1
            tell(name, cleared.get(name, 0))
    with sessions.begin() as session:
        one_at_a_time(session, "retention")  # another worker may note the same day
        if cleared:
            record(session, by, "clear", "retention", None, now, sorted(cleared))
        _note(session, london_date(now), now, cleared)
    return cleared


def _cleared(
    session: Session,
    clear: Clear,
    held: Callable[[Session, UUID], bool] | None,
    one: UUID,
    now: datetime,
) -> bool:
    """Clear one away, unless a hold was set meanwhile or it went with something else."""
    try:
        if held is not None and held(session, one):
            return False
        clear(session, one, now)
    except Missing:
        return False
    return True


def ran_on(session: Session, day: date) -> bool:
    """Whether clearing away was done on this day."""
    return session.get(RetentionRun, day) is not None


def _note(session: Session, day: date, now: datetime, cleared: dict[str, int]) -> None:
    row = session.get(RetentionRun, day)
    if row is None:
        session.add(RetentionRun(day=day, at=now, cleared=cleared))
    else:
        together = {
            name: row.cleared.get(name, 0) + cleared.get(name, 0)
            for name in row.cleared.keys() | cleared.keys()
        }
        row.at, row.cleared = now, together
    session.flush()
