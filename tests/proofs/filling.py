"""The disk is full: an honest page with the words on it, and earlier answers intact."""

from __future__ import annotations

import random

from tests.proofs.family import a_family, arrived, question
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving, ticking
from tests.proofs.small_disk import on_small_disk
from tests.proofs.whole import half_there, prompts, unsound, words
from tests.proofs.wire import Wire

HONEST = "We could not save that just now"
#: Room left on the full disk: sometimes none at all, sometimes a little more than an answer needs.
ROOM = (0, 0, 4096, 16384, 65536)


def prove(place: Place, times: int, tell: Tell) -> int:
    """Fill the disk, send an answer, give room, press the button of the page that came back."""
    luck = random.Random(times)
    lost = refused = 0
    with on_small_disk(place) as (small, disk), serving(small.settings) as server:
        done = 0
        while done < times:
            family = a_family(small, ticking())
            browser = arrived(family, server.port)
            said: dict[str, str] = {}
            for prompt_id in prompts(small, family.interview_id)[: times - done]:
                text = _something(luck, done)
                form = question(browser, prompt_id) | {"words": text}
                disk.fill(server, luck.choice(ROOM))
                again = _sent_to_full(browser, f"/question/{prompt_id}", form)
                lost += sum(not _reads(browser, *each) for each in list(said.items())[-2:])
                disk.free(server)
                if again is None:
                    lost += 1
                elif again:
                    refused += 1
                    lost += not _acknowledged(browser, f"/question/{prompt_id}", again)
                said[prompt_id] = text
                done += 1
                tell(done)
            lost += sum(words(small, family.interview_id, each) != said[each] for each in said)
            lost += half_there(small, [family.interview_id])
        lost += unsound(small)
    if times >= 20 and not refused:
        raise AssertionError("the disk was never full")
    return lost


def _something(luck: random.Random, number: int) -> str:
    """An answer of a few words or of several pages."""
    return f"Answer {number}. " + "He sleeps badly. " * luck.choice((1, 20, 400)) + "That is all."


def _sent_to_full(browser: Wire, path: str, form: dict[str, str]) -> dict[str, str] | None:
    """Send it; nothing if it was saved all the same, else the page's form to send again.

    None if the answer was neither an acknowledgement nor an honest page with the words on it.
    """
    answer = browser.post(path, form.items())
    if answer is not None and 300 <= answer.status < 400:
        return {}
    if answer is None or answer.status != 503 or HONEST not in answer.html:
        return None
    page = Wire(browser.port, browser.cookies, path, answer.status, answer.html)
    again = page.fields("words").to_dict()
    return again if again["words"] == form["words"] else None


def _acknowledged(browser: Wire, path: str, form: dict[str, str]) -> bool:
    answer = browser.post(path, form.items())
    return answer is not None and 300 <= answer.status < 400


def _reads(browser: Wire, prompt_id: str, text: str) -> bool:
    """Whether an earlier answer can still be read while the disk is full."""
    page = browser.twin().open(f"/question/{prompt_id}")
    return page.status == 200 and page.fields("words")["words"] == text
