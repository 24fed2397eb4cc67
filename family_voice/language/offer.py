"""Whether families may choose a language: the rule. Pure.

Issue 5: an unreviewed language is offered in the demo only; web and text open only in languages
for which somebody reads within one working day, so that nothing urgent sits unread. English needs
no review, and the lead reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from family_voice.language.wordings import Part, Wording, fingerprint


@dataclass(frozen=True)
class Approval:
    """What a fluent person approved, by fingerprints: the English, the file's wording, and theirs.

    `texts` is their correction, where theirs is not the file's.
    """

    part: Part
    key: str
    english: str
    file: str
    own: str
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Turn:
    """Somebody reads what comes in a language on these days, both included."""

    language: str
    from_day: date
    until_day: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


def stands(approval: Approval, wording: Wording) -> bool:
    """Whether English and translation are still what was approved."""
    return approval.english == fingerprint(wording.english) and fingerprint(wording.own) in {
        approval.file,
        approval.own,
    }


def corrects(approval: Approval, wording: Wording) -> bool:
    """Whether an approval's own text is laid over the file's."""
    return approval.texts is not None and stands(approval, wording)


def approved(
    wordings: Iterable[Wording], approvals: Mapping[tuple[Part, str], Approval]
) -> tuple[int, int]:
    """How many of a language's wordings are approved, and how many there are."""
    done = total = 0
    for wording in wordings:
        total += 1
        approval = approvals.get((wording.part, wording.key))
        if approval and stands(approval, wording) and (wording.whole or approval.texts):
            done += 1
    return done, total


def may_be_chosen(
    language: str, counts: tuple[int, int], turns: Iterable[Turn], today: date, *, demo: bool
) -> bool:
    """Whether families may choose a language today.

    Args:
        language: its code.
        counts: how many of its wordings are approved, and how many there are.
        turns: who reads which language when.
        today: the day in London.
        demo: whether every family is made up.
    """
    if demo:
        return True
    done, total = counts
    read = any(turn.language == language and turn.covers(today) for turn in turns)
    return read and total > 0 and done == total
