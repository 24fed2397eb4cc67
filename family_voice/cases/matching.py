"""Which case an account may belong to, with reasons. It proposes; a person decides.

`pairing` finds the cases worth holding against an account and says how far each field agrees;
`weights` adds that up. With n cases to choose from, the odds begin at 1 to n, so what is proposed
depends on log2(n). Who is CERTAIN depends on more than a sum: twins, siblings and namesakes agree
about almost everything.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from family_voice.cases.comparing import Level
from family_voice.cases.pairing import Blocks, Person, Prepared, compared, prepared
from family_voice.cases.weights import PLACE, STATED_WEIGHTS, Pattern, Rarity, Weights
from family_voice.language.texts import _, lazy

__all__ = ["Candidate", "Decision", "Matcher", "Person", "compare", "reason_text"]

COMPARE_ALL_UP_TO = 300
AT_MOST = 5
CLEAR_LEAD = 6.0
HOPELESS = 12.0


class Decision(StrEnum):
    """What a score amounts to. CERTAIN links nothing by itself, it only says so; a pair that is
    neither is not among the candidates."""

    CERTAIN = "certain"
    PROPOSE = "propose"


@dataclass(frozen=True)
class Candidate:
    """A case an account may belong to; `reasons` are codes, best first, for `reason_text`."""

    case_id: Hashable
    score: float
    decision: Decision
    reasons: tuple[str, ...]


_TEXTS = {
    "reference_same": lazy("same case reference"),
    "reference_similar": lazy("case reference with one slip"),
    "reference_different": lazy("another case reference"),
    "first_name_same": lazy("same first name"),
    "first_name_other_form": lazy("first name in another form"),
    "first_name_similar": lazy("first name spelled differently"),
    "first_name_part": lazy("part of the first name"),
    "first_name_different": lazy("another first name"),
    "last_name_same": lazy("same surname"),
    "last_name_other_form": lazy("surname in another form"),
    "last_name_similar": lazy("surname spelled differently"),
    "last_name_part": lazy("part of the surname"),
    "last_name_different": lazy("another surname"),
    "both_names_swapped": lazy("first name and surname swapped"),
    "date_of_birth_same": lazy("same date of birth"),
    "date_of_birth_swapped": lazy("day and month of birth swapped"),
    "date_of_birth_similar": lazy("date of birth with one slip"),
    "date_of_birth_month": lazy("same birth month, another day"),
    "date_of_birth_different": lazy("another date of birth"),
    "birth_month_month": lazy("same birth month"),
    "birth_month_different": lazy("another birth month"),
    "postcode_same": lazy("same postcode"),
    "postcode_similar": lazy("postcode with one slip"),
    "postcode_part": lazy("postcode nearby"),
    "postcode_different": lazy("another postcode"),
    "address_same": lazy("same address"),
    "address_similar": lazy("address written differently"),
    "address_part": lazy("part of the address"),
    "address_different": lazy("another address"),
    "school_same": lazy("same school"),
    "school_similar": lazy("school spelled differently"),
    "school_different": lazy("another school"),
    "phone_same": lazy("same phone number"),
    "phone_different": lazy("another phone number"),
    "email_same": lazy("same email address"),
    "email_different": lazy("another email address"),
}


def reason_text(code: str) -> str:
    """A reason in words, in the language of the moment."""
    return str(_TEXTS[code]) if code in _TEXTS else _("another reason")


class Matcher:
    """Cases made ready once, to be asked about many accounts.

    Args:
        cases: all that an account may belong to.
        weights: what agreement and disagreement count for.
    """

    def __init__(self, cases: Iterable[Person], weights: Weights = STATED_WEIGHTS) -> None:
        self._cases = [prepared(case) for case in cases]
        self._weights = weights
        self._judge = Judge(len(self._cases), weights)
        self._blocks: Blocks | None = None
        if len(self._cases) > COMPARE_ALL_UP_TO:
            know_rarity(self._cases)
            self._blocks = Blocks(self._cases)

    def candidates(self, account: Person) -> list[Candidate]:
        """The cases this account may belong to, best first, at most five; often none."""
        told = prepared(account)
        places = self._blocks.near(told) if self._blocks else range(len(self._cases))
        cases = [self._cases[place] for place in places]
        return self._judge.candidates((case.id, compared(case, told)) for case in cases)


def know_rarity(cases: Sequence[Prepared]) -> None:
    """Note with each case how rare its names are among them all."""
    first, last = (
        Rarity(case.first_name for case in cases),
        Rarity(case.last_name for case in cases),
    )
    for case in cases:
        case.rare_first, case.rare_last = first.of(case.first_name), last.of(case.last_name)


class Judge:
    """Decides what is proposed for an account, from its comparisons with the likely cases.

    Args:
        cases: how many cases there are in all.
        weights: what agreement and disagreement count for.
    """

    def __init__(self, cases: int, weights: Weights) -> None:
        begin = log2(max(1, cases))
        self._propose_at = max(6.0, begin - 3)
        self._certain_at = max(20.0, begin + 10)
        self._weights = weights
        self._scores: dict[Pattern, float] = {}
        self._reasons: dict[Pattern, tuple[str, ...]] = {}

    def candidates(self, pairs: Iterable[tuple[Hashable, Pattern]]) -> list[Candidate]:
        """What is proposed: best first, at most five; often nothing.

        Args:
            pairs: cases by id, each with its comparison with the account.
        """
        scored = sorted(
            ((self._score(pattern), case_id, pattern) for case_id, pattern in pairs),
            key=lambda each: (-each[0], str(each[1])),
        )
        found = [each for each in scored if self._worth_a_look(each[0], each[2], scored[0][0])]
        return [
            Candidate(
                case_id,
                round(score, 2),
                Decision.CERTAIN if place == 0 and self._sure(scored) else Decision.PROPOSE,
                self._why(pattern),
            )
            for place, (score, case_id, pattern) in enumerate(found[:AT_MOST])
        ]

    def _worth_a_look(self, score: float, pattern: Pattern, best: float) -> bool:
        if best - score >= HOPELESS and not _could_be_meant(pattern):
            # An account has one case, and this one is thousands of times less likely than the best.
            return False
        if score >= self._propose_at:
            return True
        # A number or address that only one family has is worth a look in a caseload of any size.
        return score >= 6.0 and any(pattern[place] == Level.SAME for place in _OWN)

    def _sure(self, scored: Sequence[tuple[float, Hashable, Pattern]]) -> bool:
        """Whether the first is certain: both names as they are written, the whole date of birth and
        one thing more, no other reference, and no second case that could be meant."""
        score, _case, pattern = scored[0]
        return (
            score >= self._certain_at
            and all(pattern[place] == Level.SAME for place in _WHO)
            and _one_thing_more(pattern)
            and pattern[PLACE["reference"]] in {Level.NOTHING, Level.SAME}
            and not any(
                score - rival < CLEAR_LEAD or _could_be_meant(other)
                for rival, _id, other in scored[1:]
            )
        )

    def _score(self, pattern: Pattern) -> float:
        score = self._scores.get(pattern)
        if score is None:
            score = self._scores[pattern] = self._weights.score(pattern)
        return score

    def _why(self, pattern: Pattern) -> tuple[str, ...]:
        if pattern not in self._reasons:
            self._reasons[pattern] = _reasons(self._weights, pattern)
        return self._reasons[pattern]


_OWN = tuple(PLACE[field] for field in ("reference", "phone", "email"))
_WHO = tuple(PLACE[field] for field in ("first_name", "last_name", "date_of_birth"))
_HOME = tuple(PLACE[field] for field in ("postcode", "address", "phone", "email"))
_OTHER_CHILD = frozenset({Level.DIFFERENT, Level.NOTHING})


def _one_thing_more(pattern: Pattern) -> bool:
    """The reference, or where the family lives or is reached; or else the school, which has other
    pupils of the same name, and then only if nothing of the family's speaks against it."""
    home = {pattern[place] for place in _HOME}
    return (
        pattern[PLACE["reference"]] == Level.SAME
        or Level.SAME in home
        or (pattern[PLACE["school"]] == Level.SAME and Level.DIFFERENT not in home)
    )


def _could_be_meant(rival: Pattern) -> bool:
    """A twin or cousin whose name is alike: a slip in the account is all that is between them."""
    return (
        rival[PLACE["first_name"]] not in _OTHER_CHILD
        and rival[PLACE["last_name"]] != Level.DIFFERENT
        and rival[PLACE["date_of_birth"]] != Level.DIFFERENT
    )


def compare(
    case: Person, account: Person, weights: Weights = STATED_WEIGHTS
) -> tuple[float, tuple[str, ...]]:
    """The score of one pair with its reasons, for the page that shows the two side by side."""
    pattern = compared(prepared(case), prepared(account))
    return round(weights.score(pattern), 2), _reasons(weights, pattern)


def _reasons(weights: Weights, pattern: Pattern) -> tuple[str, ...]:
    ordered = sorted(weights.parts(pattern), key=lambda part: -part[2])
    return tuple(f"{field}_{level.name.lower()}" for field, level, _weight in ordered)
