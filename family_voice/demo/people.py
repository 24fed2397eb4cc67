"""Made-up people and places of a made-up northern borough, Ravensbeck. Nobody here exists.

Telephone numbers come only from the ranges that Ofcom keeps for drama (07700 900000 to 900999,
01632 960000 to 960999), e-mail addresses only from example.org (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from family_voice.security.tokens import WORDS

BOROUGH, TOWN, COLLEGE = "Ravensbeck", "Skelderton", "Ravensbeck College"

SHE, HE, THEY = "she", "he", "they"

_FIRST = {
    ("english", SHE): "Maisie Poppy Ellie Lexi Jodie Freya Kayla Heidi Tilly Shannon Amber Robyn "
    "Bethan Molly Caitlin Paige Esme Darcey Willow Summer",
    ("english", HE): "Alfie Callum Tyler Jayden Riley Finley Kian Mason Harley Reece Toby Corey "
    "Jenson Brody Lewis Declan Ashton Kyle Zach Frankie Archie Leon Rhys Jake Connor Bobby",
    ("english", THEY): "Jude Rowan Quinn Ash Robin Sky",
    ("south_asian", SHE): "Aaliyah Zoya Hafsa Inaya Maryam Noor Sana Iqra",
    ("south_asian", HE): "Zayn Ibrahim Haris Musa Yusuf Rayyan",
    ("polish", SHE): "Zuzanna Maja Lena Oliwia Hania",
    ("polish", HE): "Kuba Szymon Antek Filip",
}
_GROWN = {
    ("english", SHE): "Kerry Donna Leanne Michelle Gemma Tracy Joanne Stacey Claire Vicky Becky "
    "Angela Nicola Carol Lindsay Kirsty Hayley Dawn Samantha Julie",
    ("english", HE): "Darren Lee Craig Gary Wayne Neil Shaun Carl Dean Martin Barry Ian",
    ("south_asian", SHE): "Shazia Rukhsana Nasreen Samina Farzana Bushra",
    ("south_asian", HE): "Tariq Nadeem Imran Khalid Asif Javed",
    ("polish", SHE): "Agnieszka Beata Dorota Ewelina",
    ("polish", HE): "Marek Tomasz Piotr Grzegorz",
}
_LAST = {
    "english": " ".join(
        start + end
        for end in ("croft", "rigg", "shaw", "thwaite", "den")
        for start in ("Ketter", "Linnet", "Cinder", "Bramble", "Fettle", "Pewit", "Skelder",
                      "Tarn", "Bobbin", "Sorrel", "Wether", "Otter")
    ),
    "south_asian": "Noorwala Rehmatvi Safdarani Karimzar Daryawala Shabnami Falakwala Gulzaran "
    "Jahanvi Sitarvi Bahadrani Chashmwala Zeerakvi Mehrwala",
    "polish": "Brzozek Jaskulak Wierzbik Kominiak Modrzak Sowinek Dzwonek Olszyk",
}  # fmt: skip
_STAFF_LAST = (
    "Threlbeck Oldfoss Marrowby Kettleswell Hagginby Ormsgill Crakefell Blencow Stanrigby Wadbeck "
    "Yarlside Inkermoor Dovenby Fossgate Garthrop Nettlebeck Quernby Uldale Raikes-Moor Swarthbeck"
)
_STAFF_FIRST = "Priya Helen Sunita Bev Marianne Zainab Ruth Joy Tess Lorna Ayesha Wendy Grace Nina"
_MEN = ("dad", "grandad")

_PRIMARY = ("Bobbin Row Primary", "Cloughtop Primary", "Weftside Primary", "Tarnbrow Primary",
            "Packhorse Bridge Primary", "Heather Moss Primary", "Kettlewater Primary")  # fmt: skip
_SECONDARY = ("Loomgate High", "Hebblemoor Academy", "Cinder Brow High", "Skelderside Academy")
_OTHER = {
    "special_maintained_in_borough": ("Marlpit Lodge", "Fernclough School"),
    "special_maintained_out_of_borough": ("Wetherfell School", "Ormsgill Bank School"),
    "special_independent_in_borough": ("Dyers Court School",),
    "special_independent_out_of_borough": ("Coppice Gill House",),
    "alternative_provision": ("The Old Dyeworks", "Shuttle Yard"),
    "hospital": ("Hebblemoor Ward School",),
}


class People:
    """Hands out names, numbers and places. Numbers and surnames go to one family each.

    Args:
        rng: where chance comes from; the same seed gives the same people in the same order.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._pools: dict[str, list[str]] = {}
        self._emails: set[str] = set()
        self._code_words: set[str] = set()

    def last_name(self, kind: str) -> str:
        """A family's surname, given to nobody else. `kind` is english, south_asian or polish."""
        return self._draw(f"last {kind}", _LAST[kind].split(), again=False)

    def child_name(self, kind: str, pronoun: str) -> str:
        """A child's first name that goes with the pronoun their account uses."""
        names = _FIRST.get((kind, pronoun), _FIRST["english", pronoun])
        return self._draw(f"child {kind} {pronoun}", names.split())

    def grown_name(self, kind: str, key: str) -> str:
        """An adult's first name; `key` is what the written family calls them, such as `dad`."""
        gender = HE if key in _MEN else SHE
        return self._draw(f"grown {kind} {gender}", _GROWN[kind, gender].split())

    def staff_name(self) -> str:
        """First and last name of somebody who works for the council or a school."""
        first = self._draw("staff first", _STAFF_FIRST.split())
        return f"{first} {self.staff_surname()}"

    def staff_surname(self) -> str:
        """A surname for a teacher."""
        return self._draw("staff", _STAFF_LAST.split())

    def mobile(self) -> str:
        """A mobile number from the drama range, given once."""
        numbers = [f"+447700900{n:03}" for n in range(1000)]
        return self._draw("mobile", numbers, again=False)

    def landline(self) -> str:
        """A landline number from the drama range, given once."""
        numbers = [f"+441632960{n:03}" for n in range(1000)]
        return self._draw("landline", numbers, again=False)

    def email(self, first: str, last: str) -> str:
        """An address at example.org, given once."""
        name = f"{first}.{last}".lower()
        address, n = f"{name}@example.org", 1
        while address in self._emails:
            n += 1
            address = f"{name}{n}@example.org"
        self._emails.add(address)
        return address

    def code_word(self) -> str:
        """Two words for the text-message door, given once."""
        pairs = [f"{one} {other}" for one, other in pairwise(self._rng.sample(WORDS, len(WORDS)))]
        found = next(pair for pair in pairs if pair not in self._code_words)
        self._code_words.add(found)
        return found

    def school(self, placement: str, year: int) -> str:
        """The school of a child of this year group; of a child at home, the one they were at."""
        if placement in _OTHER:
            return self._rng.choice(_OTHER[placement])
        if year > 11:
            return COLLEGE
        return self._rng.choice(_PRIMARY if year < 7 else _SECONDARY)

    def next_school(self, school: str) -> str:
        """Where somebody goes after this school."""
        return self._rng.choice([name for name in _SECONDARY if name != school])

    def _draw(self, pool: str, names: Sequence[str], again: bool = True) -> str:
        """The next name of a shuffled pool, which starts anew when it is empty, if it may."""
        if pool not in self._pools or (again and not self._pools[pool]):
            self._pools[pool] = self._rng.sample(names, len(names))
        return self._pools[pool].pop()
