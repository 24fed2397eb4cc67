"""Made-up children for the matcher: whole counties, and 300 accounts that are hard to place.

Nobody here is real. The same seed always makes the same children.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from family_voice.cases.pairing import Person

FIRST = [
    "muhammad", "oliver", "amelia", "george", "isla", "noah", "ava", "arthur", "olivia",
    "freddie", "lily", "leo", "freya", "theo", "florence", "harry", "mia", "jack", "rosie",
    "oscar", "ivy", "jacob", "sophia", "alfie", "ella", "thomas", "grace", "charlie", "aisha",
    "james", "fatima", "william", "zainab", "henry", "maryam", "joshua", "hannah", "ethan",
    "amina", "yusuf", "khadija", "ibrahim", "safa", "ali", "zara", "omar", "layla", "hassan",
    "sara", "jakub", "zuzanna", "szymon", "julia", "antoni", "maja", "daniel", "emily", "lucas",
    "chloe", "logan", "jessica",
]  # fmt: skip
LAST = [
    "khan", "smith", "patel", "jones", "hussain", "taylor", "ahmed", "brown", "ali", "williams",
    "mahmood", "wilson", "iqbal", "johnson", "shah", "davies", "begum", "robinson", "akhtar",
    "wright", "malik", "thompson", "hussein", "evans", "walker", "white", "roberts", "green",
    "hall", "wood", "jackson", "clarke", "nowak", "kowalski", "wisniewski", "o'neill",
    "mcdonald", "adeyemi", "okafor", "mensah", "cooper", "ward",
]  # fmt: skip
SOUNDS = [
    "ba", "ro", "mi", "ka", "len", "tos", "vi", "na", "dra", "sul", "pe", "chi", "wen", "har",
    "lo", "fin", "ter", "gu", "ash", "mor", "bel", "ton", "cre",
]  # fmt: skip
STREETS = [
    "oak", "elm", "mill", "church", "park", "station", "victoria", "london", "school", "chapel",
    "river", "hill", "north",
]  # fmt: skip
KINDS = ["road", "street", "lane", "avenue", "close"]
SCHOOLS = ["primary school", "ce primary school", "high school", "academy", "special school"]
ALIKE = [
    ("Zara", "Zahra"), ("Hassan", "Hussain"), ("Aidan", "Ayden"), ("Mia", "Maya"),
    ("Alexander", "Alexandra"), ("Jayden", "Jaydon"), ("Oliver", "Olivia"), ("Ella", "Ellie"),
    ("Mohammed Ali", "Mohammed Amin"), ("Daniel", "Danielle"), ("Marie", "Maria"), ("Lea", "Leah"),
    ("Aisha", "Ayesha"), ("Joseph", "Josef"), ("Anna-Maria", "Anna-Marie"), ("Samuel", "Samantha"),
]  # fmt: skip
UNLIKE = [("Rowan", "Ivy"), ("Kofi", "Ama"), ("Piotr", "Hanna"), ("Bilal", "Noor"), ("Una", "Dara")]


class Town:
    """Families who live somewhere, made one after the other.

    Args:
        seed: the same seed makes the same families.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._first = [*FIRST, *(self._word(2) for _ in range(900))]
        self._last = [*LAST, *(self._word(3) for _ in range(6_000))]
        # The commonest names are a good deal commoner than the rest, as they are in any town.
        self._often = [
            list(accumulate(1 / (place + 12) for place in range(len(names))))
            for names in (self._first, self._last)
        ]
        self._schools = [f"{self._word(2)} {self.chance.choice(SCHOOLS)}" for _ in range(400)]
        self.made = 0

    def child(self, **known: Any) -> Person:
        """One child of a family of its own; what is known of it is as given."""
        chance, self.made = self.chance, self.made + 1
        postcode = (
            f"{chance.choice(['BB', 'PR', 'CB', 'S', 'PE', 'BD'])}{chance.randint(1, 20)} "
            f"{chance.randint(1, 9)}{chance.choice('ABDEFGHJ')}{chance.choice('LNPQRSTU')}"
        )
        last = self.name(1)
        child = Person(
            id=f"c{self.made}",
            reference=f"SEN-{chance.randrange(10**7):07}",
            first_name=self.name(0),
            last_name=last,
            date_of_birth=date(2001, 9, 1) + timedelta(days=chance.randrange(8_500)),
            postcode=postcode,
            address=f"{chance.randint(1, 150)} {chance.choice(STREETS)}{self._word(1)} "
            f"{chance.choice(KINDS)}",
            school=chance.choice(self._schools),
            phones=(f"07{chance.randrange(10**9):09}",),
            emails=(f"{last}.{chance.randrange(10**6)}@example.org".replace("'", ""),),
        )
        return replace(child, **known)

    def another(self, of: Person, **known: Any) -> Person:
        """A sister or brother: one home, one phone and email, one school."""
        self.made += 1
        born = self.child().date_of_birth
        sibling = replace(
            of,
            id=f"c{self.made}",
            reference=f"SEN-{self.chance.randrange(10**7):07}",
            first_name=self.name(0),
            date_of_birth=born,
        )
        return replace(sibling, **known)

    def children(self, number: int) -> Iterator[Person]:
        """So many children; every fifth family has two, and some of those are twins."""
        while number > 0:
            child = self.child()
            number -= 1
            yield child
            if number and self.chance.random() < 0.2:
                number -= 1
                twin = {"date_of_birth": child.date_of_birth} if self.chance.random() < 0.1 else {}
                yield self.another(child, **twin)

    def told(self, child: Person, own: str) -> Person:
        """What somebody says of a child: some of it, and not all of it right."""
        chance = self.chance
        account = replace(child, id=own)
        slips: list[Callable[[Person], Person]] = [
            lambda it: replace(it, first_name=self.slip(it.first_name)),
            lambda it: replace(it, last_name=self.slip(it.last_name)),
            lambda it: replace(it, first_name=it.last_name, last_name=it.first_name),
            lambda it: replace(it, date_of_birth=_turned(it.date_of_birth)),
            lambda it: replace(it, date_of_birth=None),
            lambda it: replace(it, postcode=self.slip(it.postcode)),
            lambda it: replace(it, postcode=self.child().postcode, address=self.child().address),
            lambda it: replace(it, school=self.slip(it.school)),
            lambda it: replace(it, phones=(f"07{chance.randrange(10**9):09}",)),
        ]
        for slip in chance.sample(slips, chance.choice([0, 0, 1, 1, 2])):
            account = slip(account)
        for column in ("reference", "postcode", "address", "school", "phones", "emails"):
            if chance.random() < (0.8 if column == "reference" else 0.35):
                account = replace(account, **{column: type(getattr(account, column))()})
        return account

    def slip(self, word: str) -> str:
        """A word with one letter left out, doubled or changed places."""
        if len(word) < 3:
            return word
        place = self.chance.randrange(1, len(word) - 1)
        before, here, after = word[:place], word[place], word[place + 1 :]
        return self.chance.choice(
            [before + after, before + here + here + after, before + after[0] + here + after[1:]]
        )

    def name(self, which: int) -> str:
        """A first name (0) or surname (1), common ones more often."""
        names = (self._first, self._last)[which]
        return self.chance.choices(names, cum_weights=self._often[which])[0].title()

    def _word(self, sounds: int) -> str:
        return "".join(self.chance.choice(SOUNDS) for _ in range(sounds))


def _turned(born: date | None) -> date | None:
    """The date with day and month changed about, or ten years on."""
    if born is None or born.day > 12:
        return born and born.replace(year=born.year + 1, day=min(born.day, 28))
    return date(born.year, born.day, born.month)


def planted(seed: int, number: int = 300) -> tuple[list[Person], list[Person], dict[str, str]]:
    """Accounts that are hard to place, among the cases they may belong to.

    Returns:
        The cases, the accounts, and which case each account is of; an account whose child is not
        among the cases is not in it.
    """
    town = Town(seed)
    cases, accounts, truth = list(town.children(150)), list[Person](), dict[str, str]()

    def hear(child: Person, **said: Any) -> None:
        own = f"a{len(accounts)}"
        heard = replace(child, id=own, reference="")
        accounts.append(replace(heard, **said))
        if child in cases:
            truth[own] = str(child.id)

    situations = list(_situations(town, cases, hear))
    while len(accounts) < number:
        town.chance.choice(situations)()
    del accounts[number:]
    town.chance.shuffle(cases)
    return cases, accounts, {own: case for own, case in truth.items() if int(own[1:]) < number}


def _situations(
    town: Town, cases: list[Person], hear: Callable[..., None]
) -> Iterator[Callable[[], None]]:
    chance = town.chance

    def case(**known: Any) -> Person:
        cases.append(town.child(**known))
        return cases[-1]

    def sibling(of: Person, *, known_to_us: bool = True, **known: Any) -> Person:
        child = town.another(of, **known)
        if known_to_us:
            cases.append(child)
        return child

    def as_it_is() -> None:
        hear(case())

    def as_people_tell_it() -> None:
        child = case()
        told = town.told(child, "")
        hear(child, **{name: getattr(told, name) for name in vars(told) if name not in {"id"}})

    def twins(names: list[tuple[str, str]], *, known_to_us: bool) -> Callable[[], None]:
        def act() -> None:
            one, other = chance.sample(chance.choice(names), 2)
            first = case(first_name=one)
            second = sibling(
                first, known_to_us=known_to_us, first_name=other, date_of_birth=first.date_of_birth
            )
            hear(second)
            left_out: list[dict[str, Any]] = [{"school": ""}, {"phones": ()}, {"postcode": ""}]
            hear(second, **chance.choice(left_out))
            hear(second, reference=first.reference)

        return act

    def twins_of_one_first_name() -> None:
        first = case(first_name="Mohammed")
        sibling(first, first_name="Mohammed", date_of_birth=first.date_of_birth)
        hear(first)

    def twin_with_a_slip_towards_the_other() -> None:
        first = case(first_name="Marian")
        hear(
            sibling(first, first_name="Marion", date_of_birth=first.date_of_birth),
            first_name="Marian",
            last_name="",
        )

    def in_one_school() -> None:
        first = case()
        hear(sibling(first))
        hear(sibling(first, known_to_us=False))
        hear(first, date_of_birth=None)

    def swapped() -> None:
        child = case()
        hear(child, first_name=child.last_name, last_name=child.first_name)

    def swapped_are_two() -> None:
        """Ali Hassan and Hassan Ali, of one school and one birthday."""
        first = case(first_name="Ali", last_name="Hassan")
        other = town.child(
            first_name="Hassan",
            last_name="Ali",
            date_of_birth=first.date_of_birth,
            school=first.school,
        )
        hear(other)

    def phone_of_the_hostel() -> None:
        first = case()
        hear(town.child(phones=first.phones, postcode=first.postcode, address=first.address))
        hear(case(phones=first.phones, postcode=first.postcode, address=first.address))

    def adopted() -> None:
        child = case()
        hear(child, last_name=town.name(1))
        hear(child, last_name=town.name(1), postcode="", address="", phones=(), emails=())

    def adopted_into_the_name_of_another() -> None:
        """The account's new surname is that of another child of her first name and age."""
        other = case()
        mine = case(first_name=other.first_name)
        hear(mine, last_name=other.last_name)

    def namesake() -> None:
        known = case(first_name="Muhammad", last_name="Khan")
        hear(town.child(first_name="Muhammad", last_name="Khan"))
        hear(town.child(first_name="Muhammad", last_name="Khan", school=known.school))
        hear(town.child(first_name="Muhammad", last_name="Khan", date_of_birth=known.date_of_birth))

    def namesake_of_one_school_and_birthday() -> None:
        known = case(first_name="Muhammad", last_name="Khan")
        hear(
            town.child(
                first_name="Muhammad",
                last_name="Khan",
                date_of_birth=known.date_of_birth,
                school=known.school,
            )
        )

    def cousins() -> None:
        born = date(2012, chance.randint(1, 12), chance.randint(1, 12))
        known = case(first_name="Ayaan", last_name="Malik", date_of_birth=born)
        hear(
            town.child(
                first_name="Ayaan",
                last_name="Malik",
                date_of_birth=_turned(born),
                school=known.school,
            )
        )

    def father_and_son() -> None:
        son = case()
        hear(sibling(son, known_to_us=False, first_name=son.first_name, school=""))

    def nothing_but_a_few_words() -> None:
        child = case()
        born = child.date_of_birth
        hear(
            child, last_name="", postcode="", address="", emails=(), date_of_birth=None,
            birth_month=(born.year, born.month) if born else None,
        )  # fmt: skip

    yield from (as_it_is, as_people_tell_it, as_people_tell_it)
    yield from (twins(ALIKE, known_to_us=True), twins(ALIKE, known_to_us=False))
    yield from (twins(UNLIKE, known_to_us=True), twins(UNLIKE, known_to_us=False))
    yield from (twins_of_one_first_name, twin_with_a_slip_towards_the_other, in_one_school)
    yield from (swapped, swapped_are_two, phone_of_the_hostel, adopted, namesake, cousins)
    yield from (adopted_into_the_name_of_another, namesake_of_one_school_and_birthday)
    yield from (father_and_son, nothing_but_a_few_words)
