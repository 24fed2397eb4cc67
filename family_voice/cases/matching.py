"""Which case an account may belong to, with reasons. It proposes; a person decides.

Every field that both sides fill in adds log2(m / u): m is how often the field agrees this far for
the same child, u how often it does for two different ones. The sum says how much likelier these
answers are if the two are one child, in doublings. With n cases to choose from, the odds begin at 1
to n, so what is proposed depends on log2(n).

Source: Fellegi and Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), 1183-1210. The m and u below are stated starting values, not estimates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import log2

from family_voice.cases import comparing
from family_voice.cases.comparing import Level
from family_voice.language.texts import _, lazy

COMPARE_ALL_UP_TO = 300
AT_MOST = 5
CLEAR_LEAD = 6.0


class Decision(StrEnum):
    """What a score amounts to. CERTAIN links nothing by itself, it only says so; a pair that is
    neither is not among the candidates."""

    CERTAIN = "certain"
    PROPOSE = "propose"


@dataclass(frozen=True)
class Person:
    """What is known of a child on either side. `id` is never compared; all else may be missing.

    `birth_month` (year, month) is for speakers who gave no day. Phones and emails are those of
    anybody who may speak for the child.
    """

    id: Hashable
    reference: str = ""
    first_name: str = ""
    last_name: str = ""
    date_of_birth: date | None = None
    birth_month: tuple[int, int] | None = None
    postcode: str = ""
    address: str = ""
    school: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A case an account may belong to; `reasons` are codes, best first, for `reason_text`."""

    case_id: Hashable
    score: float
    decision: Decision
    reasons: tuple[str, ...]


# field -> level -> (m, u)
WEIGHTS: dict[str, dict[Level, tuple[float, float]]] = {
    "reference": {
        Level.SAME: (0.95, 0.0001),
        Level.SIMILAR: (0.02, 0.002),
        Level.DIFFERENT: (0.03, 0.998),
    },
    "first_name": {
        Level.SAME: (0.80, 0.01),
        Level.OTHER_FORM: (0.07, 0.004),
        Level.SIMILAR: (0.07, 0.006),
        Level.PART: (0.02, 0.004),
        Level.DIFFERENT: (0.04, 0.976),
    },
    "last_name": {
        Level.SAME: (0.83, 0.006),
        Level.OTHER_FORM: (0.03, 0.003),
        Level.SIMILAR: (0.06, 0.004),
        Level.PART: (0.03, 0.003),
        Level.DIFFERENT: (0.05, 0.984),
    },
    "both_names": {Level.SWAPPED: (0.02, 0.0001)},
    "date_of_birth": {
        Level.SAME: (0.88, 0.00015),
        Level.SWAPPED: (0.02, 0.0001),
        Level.SIMILAR: (0.04, 0.002),
        Level.MONTH: (0.02, 0.004),
        Level.DIFFERENT: (0.04, 0.994),
    },
    "birth_month": {Level.MONTH: (0.94, 0.005), Level.DIFFERENT: (0.06, 0.995)},
    "postcode": {
        Level.SAME: (0.80, 0.001),
        Level.SIMILAR: (0.05, 0.002),
        Level.PART: (0.05, 0.01),
        Level.DIFFERENT: (0.10, 0.987),
    },
    "address": {
        Level.SAME: (0.60, 0.0005),
        Level.SIMILAR: (0.25, 0.01),
        Level.DIFFERENT: (0.15, 0.99),
    },
    "school": {
        Level.SAME: (0.78, 0.02),
        Level.SIMILAR: (0.14, 0.01),
        Level.DIFFERENT: (0.08, 0.97),
    },
    "phone": {Level.SAME: (0.70, 0.0003), Level.DIFFERENT: (0.30, 0.9997)},
    "email": {Level.SAME: (0.70, 0.0002), Level.DIFFERENT: (0.30, 0.9998)},
}

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
    """Cases made ready once, to be asked about many accounts."""

    def __init__(self, cases: Iterable[Person]) -> None:
        self._cases = [_prepared(case) for case in cases]
        self._blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
        if len(self._cases) > COMPARE_ALL_UP_TO:
            for place, case in enumerate(self._cases):
                for key in set(_keys(case)):
                    self._blocks[key].append(place)
        begin = log2(max(1, len(self._cases)))
        self._propose_at = max(6.0, begin - 1)
        self._certain_at = max(20.0, begin + 10)

    def candidates(self, account: Person) -> list[Candidate]:
        """The cases this account may belong to, best first, at most five; often none."""
        told = _prepared(account)
        found: list[tuple[float, list[tuple[str, Level, float]], _Prepared]] = []
        for case in self._nearby(told):
            parts = list(_parts(case, told))
            score = sum(weight for _field, _level, weight in parts)
            if self._worth_a_look(score, parts):
                found.append((score, parts, case))
        found.sort(key=lambda each: (-each[0], str(each[2].id)))
        return [
            Candidate(case.id, round(score, 2), self._decision(place, found), _reasons(parts))
            for place, (score, parts, case) in enumerate(found[:AT_MOST])
        ]

    def _nearby(self, told: _Prepared) -> Iterator[_Prepared]:
        if len(self._cases) <= COMPARE_ALL_UP_TO:
            yield from self._cases
            return
        places = {place for key in set(_keys(told)) for place in self._blocks.get(key, ())}
        for place in sorted(places):
            yield self._cases[place]

    def _worth_a_look(self, score: float, parts: list[tuple[str, Level, float]]) -> bool:
        if score >= self._propose_at:
            return True
        # A number or address that only one family has is worth a look in a caseload of any size.
        own = {"reference", "phone", "email"}
        return score >= 6.0 and any(
            field in own and level is Level.SAME for field, level, _weight in parts
        )

    def _decision(
        self, place: int, found: Sequence[tuple[float, list[tuple[str, Level, float]], _Prepared]]
    ) -> Decision:
        """Certain needs names, whole date of birth and one thing more, no contradiction in any of
        them, and no second case anywhere near: twins, siblings and namesakes go to a person."""
        score, parts, _case = found[place]
        level = {field: found_level for field, found_level, _weight in parts}
        named = {Level.SAME, Level.OTHER_FORM}
        names_agree = level.get("first_name") in named and level.get("last_name") in named
        more = any(
            level.get(field) is Level.SAME
            for field in ("reference", "postcode", "address", "school", "phone", "email")
        )
        against = level.get("reference") is Level.DIFFERENT
        rival = found[1][0] if place == 0 and len(found) > 1 else float("-inf")
        alone = place == 0 and score - rival >= CLEAR_LEAD
        sure = (
            score >= self._certain_at
            and names_agree
            and more
            and alone
            and not against
            and level.get("date_of_birth") is Level.SAME
        )
        return Decision.CERTAIN if sure else Decision.PROPOSE


def match(account: Person, cases: Iterable[Person]) -> list[Candidate]:
    """The candidates for one account; use a Matcher for more than one."""
    return Matcher(cases).candidates(account)


def compare(case: Person, account: Person) -> tuple[float, tuple[str, ...]]:
    """The score of one pair with its reasons, for the page that shows the two side by side."""
    parts = list(_parts(_prepared(case), _prepared(account)))
    return round(sum(weight for _field, _level, weight in parts), 2), _reasons(parts)


@dataclass(frozen=True)
class _Prepared:
    """A Person with every value in the form its comparator wants."""

    id: Hashable
    reference: str
    first_name: str
    last_name: str
    date_of_birth: date | None
    birth_month: tuple[int, int] | None
    postcode: str
    address: str
    school: str
    phones: frozenset[str]
    emails: frozenset[str]


def _prepared(person: Person) -> _Prepared:
    born = person.date_of_birth
    return _Prepared(
        id=person.id,
        reference=comparing.letters(person.reference).replace(" ", ""),
        first_name=comparing.letters(person.first_name),
        last_name=comparing.letters(person.last_name),
        date_of_birth=born,
        birth_month=(born.year, born.month) if born else person.birth_month,
        postcode=comparing.postcode(person.postcode),
        address=comparing.letters(person.address),
        school=comparing.school_name(person.school),
        phones=frozenset(filter(None, map(comparing.phone, person.phones))),
        emails=frozenset(each.strip().casefold() for each in person.emails if each.strip()),
    )


def _keys(person: _Prepared) -> Iterator[tuple[str, str]]:
    """Two people are compared if they share one of these."""
    if person.reference:
        yield "reference", person.reference
    for number in person.phones:
        yield "phone", number
    for address in person.emails:
        yield "email", address
    if person.postcode:
        yield "postcode", person.postcode
    first, last = comparing.skeleton(person.first_name), comparing.skeleton(person.last_name)
    if first and last:
        yield "names", " ".join(sorted((first, last)))  # sorted: the two may be swapped
    born = person.date_of_birth
    if born is not None:
        yield "month", f"{born.year}-{born.month}"
        yield "month", f"{born.year}-{born.day}"  # day and month may be swapped
    elif person.birth_month is not None:
        yield "month", f"{person.birth_month[0]}-{person.birth_month[1]}"
    if person.birth_month is not None:
        for name in filter(None, (first, last)):
            yield "name and year", f"{name} {person.birth_month[0]}"


def _parts(case: _Prepared, told: _Prepared) -> Iterator[tuple[str, Level, float]]:
    """What each field that both filled in says: (field, level, weight)."""
    yield from _names(case, told)
    if case.date_of_birth and told.date_of_birth:
        yield from _part("date_of_birth", comparing.dates(case.date_of_birth, told.date_of_birth))
    else:
        yield from _part("birth_month", comparing.months(case.birth_month, told.birth_month))
    yield from _part("reference", comparing.references(case.reference, told.reference))
    yield from _part("postcode", comparing.postcodes(case.postcode, told.postcode))
    yield from _part("address", comparing.addresses(case.address, told.address))
    yield from _part("school", comparing.schools(case.school, told.school))
    yield from _part("phone", comparing.exact(case.phones, told.phones))
    yield from _part("email", comparing.exact(case.emails, told.emails))


def _names(case: _Prepared, told: _Prepared) -> Iterator[tuple[str, Level, float]]:
    first = comparing.names(case.first_name, told.first_name)
    last = comparing.names(case.last_name, told.last_name)
    crossed = (
        comparing.names(case.first_name, told.last_name),
        comparing.names(case.last_name, told.first_name),
    )
    if Level.DIFFERENT in {first, last} and crossed == (Level.SAME, Level.SAME):
        yield from _part("both_names", Level.SWAPPED)
        return
    yield from _part("first_name", first)
    yield from _part("last_name", last)


def _part(field: str, level: Level | None) -> Iterator[tuple[str, Level, float]]:
    if level is not None:
        agree, by_chance = WEIGHTS[field][level]
        yield field, level, log2(agree / by_chance)


def _reasons(parts: Iterable[tuple[str, Level, float]]) -> tuple[str, ...]:
    ordered = sorted(parts, key=lambda part: -part[2])
    return tuple(f"{field}_{level.value}" for field, level, _weight in ordered)
