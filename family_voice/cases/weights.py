"""How much each agreement and disagreement counts when an account is held against a case.

A field that both sides fill in adds log2(m / u): m is how often it agrees this far for the same
child, u how often it does for two different ones. The sum is in doublings: 10 means that these
answers are about a thousand times likelier if the two are one child.

Source: Fellegi and Sunter, "A Theory for Record Linkage", Journal of the American Statistical
Association 64 (1969), 1183-1210. STATED holds our starting values; `estimating` learns others
where there is enough to learn from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2

from family_voice.cases.comparing import Level

Pattern = bytes
"""One comparison: a Level for each of FIELDS, then how rare the case's two names are."""

Chances = Mapping[str, Mapping[Level, tuple[float, float]]]

STATED: dict[str, dict[Level, tuple[float, float]]] = {
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
    "reference": {
        Level.SAME: (0.95, 0.0001),
        Level.SIMILAR: (0.02, 0.002),
        Level.DIFFERENT: (0.03, 0.998),
    },
    "postcode": {
        Level.SAME: (0.80, 0.001),
        Level.SIMILAR: (0.05, 0.002),
        Level.PART: (0.05, 0.01),
        Level.DIFFERENT: (0.10, 0.987),
    },
    "address": {
        Level.SAME: (0.60, 0.0005),
        Level.SIMILAR: (0.22, 0.003),
        Level.PART: (0.08, 0.02),
        Level.DIFFERENT: (0.10, 0.9765),
    },
    "school": {
        Level.SAME: (0.78, 0.02),
        Level.SIMILAR: (0.14, 0.01),
        Level.DIFFERENT: (0.08, 0.97),
    },
    "phone": {Level.SAME: (0.70, 0.0003), Level.DIFFERENT: (0.30, 0.9997)},
    "email": {Level.SAME: (0.70, 0.0002), Level.DIFFERENT: (0.30, 0.9998)},
}
FIELDS = tuple(STATED)
PLACE = {field: place for place, field in enumerate(FIELDS)}
_FIRST, _LAST = PLACE["first_name"], PLACE["last_name"]
_RARE_FIRST, _RARE_LAST = len(FIELDS), len(FIELDS) + 1
RAREST = 13


class Rarity:
    """How rare each name is among the cases: two called Ottoline are likelier one child than two
    called Mohammed.

    Args:
        names: the name of every case, after `letters`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._counts = Counter(filter(None, names))
        self._all = self._counts.total()

    def of(self, name: str) -> int:
        """The doublings that sharing this name is worth, 1 to RAREST; 0 if nothing is known."""
        times = self._counts.get(name)
        if not times:
            return 0
        return min(RAREST, max(1, round(log2((self._all + 1) / (times + 1)))))


class Weights:
    """What a comparison adds up to.

    Args:
        chances: for each of FIELDS and each of its levels, m and u.
    """

    def __init__(self, chances: Chances) -> None:
        self.chances = chances
        self._table = [[0.0] * len(Level) for _ in FIELDS]
        for field, levels in chances.items():
            for level, (agree, by_chance) in levels.items():
                self._table[PLACE[field]][level] = log2(agree / by_chance)
        # Where it is known how rare a name is, that is how often two children share it by chance.
        self._names = tuple(
            (place, rare, log2(chances[FIELDS[place]][Level.SAME][0]))
            for place, rare in ((_FIRST, _RARE_FIRST), (_LAST, _RARE_LAST))
        )

    def score(self, pattern: Pattern) -> float:
        """The sum of a comparison's weights."""
        total = sum(map(list.__getitem__, self._table, pattern))
        for place, rare, agree in self._names:
            if pattern[rare] and pattern[place] == Level.SAME:
                total += agree + pattern[rare] - self._table[place][Level.SAME]
        return total

    def parts(self, pattern: Pattern) -> list[tuple[str, Level, float]]:
        """Each field that both sides filled in, with how far it agrees and what that adds."""
        known_rare = {
            place: agree + pattern[rare]
            for place, rare, agree in self._names
            if pattern[rare] and pattern[place] == Level.SAME
        }
        return [
            (field, Level(level), known_rare.get(place, self._table[place][level]))
            for place, (field, level) in enumerate(zip(FIELDS, pattern, strict=False))
            if level
        ]


STATED_WEIGHTS = Weights(STATED)
