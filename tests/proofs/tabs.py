"""Two tabs and the back button: nothing is written over that was not on the page."""

from __future__ import annotations

import random

from tests.proofs.desks import desks, signed_in
from tests.proofs.family import a_family, arrived
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving, ticking
from tests.proofs.surfaces import Page, Question, Surface
from tests.proofs.whole import half_there, unsound
from tests.proofs.wire import Wire

PROMPT = "important.open"
#: Pages of one surface that are open at the same time.
OPEN = 3


def prove(place: Place, times: int, tell: Tell) -> int:
    """One person saves from any of several open pages, old ones and those saved from before."""
    luck = random.Random(times)
    ours = desks(place, 1)
    family = a_family(place, ticking())
    with serving(place.settings) as server:
        lead = signed_in(server.port, ours.leads[0])
        places: list[tuple[Surface, Wire]] = [
            (Question(f"/question/{PROMPT}"), arrived(family, server.port)),
            (ours.contact, lead),
            (ours.notes, lead),
            (ours.views, signed_in(server.port, ours.panel.chair)),
        ]
        pages: list[list[Page]] = [[] for _ in places]
        for number in range(times):
            which = number % len(places)
            surface, wire = places[which]
            _one(surface, wire, pages[which], f"Kept by {which}, number {number}.", luck)
            tell(number + 1)
        lost = sum(surface.book.lost(wire.open(surface.path).html) for surface, wire in places)
    if times >= 100 and not all(surface.book.shown for surface, _ in places):
        raise AssertionError("somewhere both versions were never shown")
    return lost + half_there(place, [family.interview_id]) + unsound(place)


def _one(surface: Surface, wire: Wire, pages: list[Page], value: str, luck: random.Random) -> None:
    """Open one more tab if few are open, and save from any of them."""
    if len(pages) < OPEN:
        pages.append(surface.open(wire))
    page = luck.choice(pages)
    both = surface.save(wire, page, value)
    if both is not None:
        pages.remove(page)
        if luck.random() < 0.5:
            surface.save(wire, both, value.replace("number ", "number 1000"), again=True)
    elif luck.random() < 0.4:
        pages.remove(page)  # closed; else it may be gone back to
