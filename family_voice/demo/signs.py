"""How made-up children without speech say no and yes, and how others know them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: What a lead wrote down of why they cannot decide it, and how they were helped to.
WHY = "Shown in pictures what we ask, he looked away each time and went on playing."
DECISION = "Whether we may be with him and write down what he shows us."
SUPPORT = "Pictures, objects and his music, on two days."


@dataclass(frozen=True)
class Ways:
    """How a child says no and yes, where the visits were and with whom."""

    no: str
    yes: str
    places: tuple[str, str]
    with_whom: str
    health: str
    school: str


WAYS: Mapping[str, Ways] = {
    "yellow-wellies-child": Ways(
        "Pushes it away, or covers his ears and goes still",
        "Signs “more”, comes closer, laughs",
        ("In the school garden, a whole morning", "In the classroom and the corridors"),
        "Sam Adeyemi, with the teaching assistant who knows him best",
        "He hears well and finds bells and hand dryers painful.",
        "He uses a switch and eleven signs. He needs people to wait for him.",
    ),
    "music-on-sundays-child": Ways(
        "Bites his hand, or turns to the wall",
        "Hums, and stays close",
        ("At home, in the living room", "At home, on a Sunday, with his music"),
        "Sam Adeyemi, with his mother",
        "His chest is weak in winter. Singing helps his breathing.",
        "He did not have music in his plan at school.",
    ),
}
