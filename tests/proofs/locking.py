"""Another writer holds the database for five seconds while families send their answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import text

from tests.factories import Invited
from tests.proofs.family import a_family, arrived, question
from tests.proofs.filling import HONEST
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving, ticking
from tests.proofs.whole import half_there, unsound, words
from tests.proofs.wire import Answer

HELD = 5.0
AT_ONCE = 8
PROMPT = "important.open"


def prove(place: Place, times: int, tell: Tell) -> int:
    """Send answers of several families at once while the lock is held.

    Each must be stored, or shown again on an honest page; and pages must still be read meanwhile.
    """
    lost = done = 0
    with serving(place.settings, processes=2) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        while done < times:
            families = [a_family(place, ticking()) for _ in range(min(AT_ONCE, times - done))]
            browsers = [arrived(family, server.port) for family in families]
            said = [f"Said while it was locked, {done + each}." for each in range(len(families))]
            forms = [
                question(browser, PROMPT) | {"words": its}
                for browser, its in zip(browsers, said, strict=True)
            ]
            with _held(place):
                answers = [
                    pool.submit(browser.post, f"/question/{PROMPT}", form.items())
                    for browser, form in zip(browsers, forms, strict=True)
                ]
                lost += browsers[0].twin().open(f"/question/{PROMPT}").status != 200
            for family, its, answer in zip(families, said, answers, strict=True):
                lost += not _safe(place, family, its, answer.result())
                done += 1
                tell(done)
            lost += half_there(place, [family.interview_id for family in families])
        lost += unsound(place)
    return lost


@contextmanager
def _held(place: Place) -> Iterator[None]:
    """Hold the lock of the words' table, as another writer would, until five seconds are over."""
    with place.sessions() as other:
        if place.kind == "SQLite":
            other.connection()  # begins with the file's write lock
        else:
            other.execute(text("LOCK TABLE fragment IN EXCLUSIVE MODE"))
        until = time.monotonic() + HELD
        yield
        time.sleep(max(0.0, until - time.monotonic()))
        other.rollback()


def _safe(place: Place, family: Invited, said: str, answer: Answer | None) -> bool:
    """Whether an answer stands, or came back on an honest page."""
    if answer is None:
        return False
    if 300 <= answer.status < 400:
        return words(place, family.interview_id, PROMPT) == said
    return HONEST in answer.html and said in answer.html
