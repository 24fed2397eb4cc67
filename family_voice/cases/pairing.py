"""One account held against one case: both made ready, which pairs to look at, how far they agree.

It says what agrees and weighs nothing: that is `weights`. It decides nothing: that is `matching`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from family_voice.cases import comparing
from family_voice.cases.comparing import Level
from family_voice.cases.spelling import letters, skeleton
from family_voice.cases.weights import Pattern

MOST_IN_A_BLOCK = 60
_MOST = {"address": 12, "name and word": 12}


@dataclass(frozen=True)
class Person:
    """What is known of a child on either side. `id` is never compared; all else may be missing.

    `birth_month` (year, month) is for speakers who gave no day; `birth_as_written` is eight digits,
    yyyymmdd, that are no day of any calendar and may be one slip from the right one. Phones and
    emails are those of anybody who may speak for the child.
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
    birth_as_written: str = ""


@dataclass(slots=True)
class Prepared:
    """A Person with every value in the form that its comparator wants."""

    id: Hashable
    reference: str
    first_name: str
    last_name: str
    born: str
    month: str
    postcode: str
    address: str
    school: str
    phones: frozenset[str]
    emails: frozenset[str]
    doors: frozenset[tuple[str, str]] = frozenset()
    rare_first: int = 0
    rare_last: int = 0


_NONE: frozenset[str] = frozenset()


def prepared(person: Person) -> Prepared:
    """A person made ready to be compared many times."""
    day, month = person.date_of_birth, person.birth_month
    born = f"{day.year:04}{day.month:02}{day.day:02}" if day else person.birth_as_written
    address = letters(person.address) if person.address else ""
    return Prepared(
        id=person.id,
        reference=letters(person.reference).replace(" ", ""),
        first_name=letters(person.first_name),
        last_name=letters(person.last_name),
        born=born,
        month=born[:6] or (f"{month[0]:04}{month[1]:02}" if month else ""),
        postcode=comparing.postcode(person.postcode) if person.postcode else "",
        address=address,
        school=comparing.school_name(person.school) if person.school else "",
        phones=frozenset(filter(None, map(comparing.phone, person.phones)))
        if person.phones
        else _NONE,
        emails=frozenset(each.strip().casefold() for each in person.emails if each.strip())
        if person.emails
        else _NONE,
        doors=comparing.doors(address) if address else frozenset(),
    )


def compared(case: Prepared, told: Prepared) -> Pattern:
    """How far each field agrees. The two may change places, but for how rare the names are."""
    first = comparing.names(case.first_name, told.first_name)
    last = comparing.names(case.last_name, told.last_name)
    both = born = month = 0
    if first == last == Level.DIFFERENT and _crossed(case, told):
        first, last, both = Level.NOTHING, Level.NOTHING, Level.SWAPPED
    if case.born and told.born:
        born = comparing.births(case.born, told.born)
    elif case.month and told.month:
        month = comparing.months(case.month, told.month)
    # Most are empty on one side or the other; not to ask at all takes half the time.
    return bytes(
        (
            first,
            last,
            both,
            born,
            month,
            (
                case.reference
                and told.reference
                and comparing.references(case.reference, told.reference)
            )
            or 0,
            (case.postcode and told.postcode and comparing.postcodes(case.postcode, told.postcode))
            or 0,
            (
                case.address
                and told.address
                and comparing.addresses(case.address, told.address, case.doors, told.doors)
            )
            or 0,
            (case.school and told.school and comparing.schools(case.school, told.school)) or 0,
            (case.phones and told.phones and comparing.any_shared(case.phones, told.phones)) or 0,
            (case.emails and told.emails and comparing.any_shared(case.emails, told.emails)) or 0,
            case.rare_first,
            case.rare_last,
        )
    )


_ALIKE = frozenset({Level.SAME, Level.OTHER_FORM, Level.SIMILAR})


def _crossed(case: Prepared, told: Prepared) -> bool:
    return (
        comparing.names(case.first_name, told.last_name) in _ALIKE
        and comparing.names(case.last_name, told.first_name) in _ALIKE
    )


class Blocks:
    """Those who share something worth a comparison, found without comparing all with all.

    A key that many share (a surname in a county, a hostel's address) tells nobody apart: it is
    dropped, and finer keys, made of two fields each, find the same pairs.

    Args:
        people: those to be found, by their places in this sequence.
    """

    def __init__(self, people: Sequence[Prepared]) -> None:
        self._people = people
        blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, person in enumerate(people):
            for key in set(_keys(person)):
                blocks[key].append(place)
        words = Counter(word for person in people for word in set(person.address.split()))
        everywhere = {word for word, times in words.items() if times > max(9, len(people) // 500)}
        self._blocks = {
            key: tuple(places)
            for key, places in blocks.items()
            if len(places) <= _MOST.get(key[0], MOST_IN_A_BLOCK)
            and not (key[0] == "name and word" and key[2] in everywhere)
        }

    def near(self, person: Prepared) -> set[int]:
        """The places of those to compare this person with."""
        found: set[int] = set()
        again: set[int] = set()
        get = self._blocks.get
        for key in _keys(person):
            if places := get(key):
                again.update(found.intersection(places))
                found.update(places)
        initials = {person.first_name[:1], person.last_name[:1]}
        for place in found - again:
            # They share one thing only: by chance, unless it is a home or a name is a little alike.
            other = self._people[place]
            if (
                other.first_name[:1] in initials
                or other.last_name[:1] in initials
                or (other.postcode and other.postcode == person.postcode)
            ):
                again.add(place)
        return again


def _keys(person: Prepared) -> Iterator[tuple[str, ...]]:
    """Two people are compared if they share one of these."""
    first, last, month = skeleton(person.first_name), skeleton(person.last_name), person.month
    if person.reference:
        yield "reference", person.reference
    for number in person.phones:
        yield "phone", number
    for address in person.emails:
        yield "email", address
    if person.address:
        words = person.address.split()
        for pair in pairwise(words):  # "12 oak": a slip elsewhere is borne
            yield "address", *pair
        for word in words:
            if len(word) > 4:
                for name in (first, last):
                    if name:
                        yield "name and word", name, word
    if person.postcode:
        yield "postcode", person.postcode
        for name in (first, last):
            if name:
                yield "name and postcode", name, person.postcode
        if month:
            yield "month and postcode", month, person.postcode
    if first and last:
        yield "names", min(first, last), max(first, last)  # in this order: they may be swapped
    if month:
        for name in (first, last):
            if name:
                yield "name and month", name, month
        if person.school:
            yield "school and month", person.school, month
    if person.school:
        for name in (first, last):
            if name:
                yield "name and school", name, person.school
    if person.born:
        day, turned = person.born[4:], person.born[6:] + person.born[4:6]
        yield "birth", person.born[:4], min(day, turned)  # day and month may be swapped
        for name in (first, last):
            if name:
                yield "name, year and day", name, person.born[:4], person.born[6:]
                yield "name and day of year", name, min(day, turned)
