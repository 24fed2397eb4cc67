"""Eight people edit one case at the same time: each edit is there, or its author saw both."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from family_voice.cases import pack_choice
from family_voice.interviews import record
from family_voice.storage.engine import reading
from family_voice.themes import coding
from family_voice.themes.codebook import load_codebook
from tests.proofs.desks import Desks, desks, signed_in
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving, ticking
from tests.proofs.surfaces import Surface
from tests.proofs.whole import half_there, unsound
from tests.proofs.wire import Wire

EDITORS = 8
PLACES = ("", "working_well", "difference", "worries", "next.child", "next.service")


@dataclass
class Editor:
    """One of the eight: two browsers, a code and a sentence of their own."""

    number: int
    lead: Wire
    chair: Wire
    code: str
    sentence: UUID
    luck: random.Random
    done: int = 0
    code_on: bool = False
    placed: str = ""
    refused: int = 0
    last: list[str] = field(default_factory=list)


def prove(place: Place, times: int, tell: Tell) -> int:
    """Write in the same boxes, put codes on the same answer, choose sentences of the same pack.

    In a shared box an acknowledged text must stand, or whoever wrote over it must have had it
    before their eyes. What each writer has alone (a code, a sentence's place) must be as they
    last left it, whatever the others did to theirs.
    """
    ours = desks(place, EDITORS)
    lock, done = Lock(), [0]

    def told() -> None:
        with lock:
            done[0] += 1
            tell(done[0])

    with serving(place.settings, processes=3) as server, ThreadPoolExecutor(EDITORS) as pool:
        with reading(place.sessions) as session:
            sentences = [each.id for each in record.account(session, ours.account).sentences]
        editors = [
            Editor(
                number,
                signed_in(server.port, ours.leads[number]),
                signed_in(server.port, ours.panel.chair),
                list(load_codebook().codes)[number],
                sentences[number],
                random.Random(number),
            )
            for number in range(EDITORS)
        ]
        shares = [times // EDITORS + (number < times % EDITORS) for number in range(EDITORS)]
        work = [pool.submit(_work, ours, *each, told) for each in zip(editors, shares, strict=True)]
        for each in work:
            each.result()
        lost = sum(surface.book.lost(_stands(surface, editors[0])) for surface in ours.shared)
    lost += _own(place, ours, editors) + half_there(place, [ours.account]) + unsound(place)
    if times >= 200 and not any(surface.book.shown for surface in ours.shared):
        raise AssertionError("nobody ever wrote at the same time as another")
    return lost


def _work(ours: Desks, me: Editor, times: int, told: Callable[[], None]) -> None:
    for _ in range(times):
        kind = me.luck.randrange(5)
        if kind < len(ours.shared):
            _write(ours.shared[kind], me)
        elif kind == 3:
            if ours.codes.press(me.lead, me.code, not me.code_on):
                me.code_on = not me.code_on
        else:
            where = me.luck.choice(PLACES)
            if ours.pack.place(me.lead, me.sentence, where):
                me.placed = where
        told()


def _write(surface: Surface, me: Editor) -> None:
    """Open, type, save; where both versions come back, half of the time put mine over theirs."""
    wire = _browser(surface, me)
    both = surface.save(wire, surface.open(wire), _text(me))
    if both is not None and me.luck.random() < 0.5:
        surface.save(wire, both, _text(me), again=True)


def _text(me: Editor) -> str:
    me.done += 1
    return f"Kept by {me.number}, number {me.done}."


def _browser(surface: Surface, me: Editor) -> Wire:
    return me.chair if surface.path.startswith("/panel/") else me.lead


def _stands(surface: Surface, me: Editor) -> str:
    """The page as it reads now."""
    return _browser(surface, me).open(surface.path).html


def _own(place: Place, ours: Desks, editors: list[Editor]) -> int:
    """How many codes and sentences are not where their only writer put them."""
    with reading(place.sessions) as session:
        on = coding.coded(session, ours.account).codes_on(coding.Unit(ours.codes.prompt_id))
        chosen = pack_choice.chosen(session, ours.panel.case, ticking())
    lost = 0
    for me in editors:
        stands = chosen.get(me.sentence)
        lost += (me.code in on) != me.code_on
        lost += (stands.key if stands else "") != me.placed
    return lost
