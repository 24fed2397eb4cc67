"""What Twilio posts to us, over real HTTP: texts that arrived, and how far ours got.

It posts late, twice, out of order or never, and gives up when no answer comes. What it is told to
do happens in threads of the stand-in's own process (see `apart.py`).
"""

from __future__ import annotations

import http.client
import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.sms.stand_in import Held, StandIn, signed, webhook

#: How many of what waits to be posted may overtake one another.
OVERTAKING = 6
THREADS = 6
#: Longer than anything here takes; whoever waits in an outage is told to give up.
PATIENCE = 60.0


@dataclass(frozen=True)
class Fate:
    """How often a post never leaves, and how often it comes a second time."""

    lost: float = 0.0
    twice: float = 0.0


@dataclass(frozen=True)
class Letter:
    """Something to post: the whole address that is signed, and the form."""

    address: str
    form: Mapping[str, str]


class Desk:
    """The stand-in's account, with its post. Methods take and give plain values: they are asked
    for from another process.

    Args:
        account: what Twilio holds.
        seed: of all chance here.
        texts: how texts that arrive fare.
        reports: how reports of our own texts fare; None if none are posted.
    """

    def __init__(
        self, account: StandIn, seed: int, texts: Fate, reports: Fate | None = None
    ) -> None:
        self.account = account
        self.came: Counter[str] = Counter()
        self._luck = random.Random(seed)
        self._texts, self._reports = texts, reports
        self._port = 0
        self._waiting: list[Letter] = []
        self._going: set[http.client.HTTPConnection] = set()
        self._busy = 0
        self._more = threading.Condition()
        if reports is not None:
            account.taken = self._report
        for _ in range(THREADS):
            threading.Thread(target=self._post_for_ever, daemon=True).start()

    def serve_to(self, port: int, public_url: str) -> None:
        """Post to this port from now on; what is signed is the public address."""
        self._port, self._public = port, public_url

    def text(self, phone: str, body: str) -> str:
        """Somebody texts; it is posted, if it is. Gives its MessageSid."""
        held = self.account.text(phone, body)
        self._put(Letter(f"{self._public}/sms/inbound", webhook(held)), self._texts)
        return held.sid

    def give_up(self) -> int:
        """Hang up on everything that has no answer yet; how many that were."""
        with self._more:
            going = list(self._going)
        for connection in going:
            if connection.sock is not None:
                connection.sock.shutdown(2)
        self.settled()
        return len(going)

    def settled(self) -> None:
        """Wait until everything was posted, answered or given up."""
        with self._more:
            self._more.wait_for(lambda: not self._waiting and not self._busy)

    def on_its_way(self, count: int) -> None:
        """Wait until so many are posted and have no answer yet."""
        with self._more:
            self._more.wait_for(lambda: len(self._going) >= min(count, THREADS))

    def accepted(self) -> list[tuple[str, str, str]]:
        """Our texts that it took, in order: our reference, the phone, its id."""
        return [(held.reference, held.to, held.sid) for held in self.account.outbound()]

    def arrived(self) -> list[tuple[str, str, str]]:
        """Texts to us, in order: the id, the phone, the words."""
        found = [held for held in self.account.held if held.direction == "inbound"]
        return [(held.sid, held.sender, held.body) for held in found]

    def listing(self, moods: list[str]) -> None:
        """How the next lists are met."""
        self.account.list_moods = moods

    def tally(self) -> dict[str, int]:
        """How often texts of ours were met with what, and how often posts came out how."""
        met = {f"met with {mood or 'yes'}": n for mood, n in self.account.came.items()}
        return met | dict(self.came)

    def _report(self, held: Held) -> None:
        assert self._reports is not None
        for status in ("sent", "delivered"):
            held.status = status
            form = {"MessageSid": held.sid, "MessageStatus": status}
            self._put(Letter(held.callback, form), self._reports)

    def _put(self, letter: Letter, fate: Fate) -> None:
        with self._more:
            copies = 0 if self._luck.random() < fate.lost else 1
            copies += self._luck.random() < fate.twice
            self.came["never posted"] += copies == 0
            self._waiting += [letter] * copies
            self._more.notify_all()

    def _post_for_ever(self) -> None:
        while True:
            with self._more:
                self._more.wait_for(lambda: self._waiting)
                among = min(OVERTAKING, len(self._waiting))
                letter = self._waiting.pop(self._luck.randrange(among))
                self._busy += 1
            how = self._post(letter)
            with self._more:
                self.came[how] += 1
                self._busy -= 1
                self._more.notify_all()

    def _post(self, letter: Letter) -> str:
        parts = urlsplit(letter.address)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers |= signed(letter.address, dict(letter.form))
        try:
            connection.request("POST", path, urlencode(letter.form), headers)
            with self._more:
                self._going.add(connection)
                self._more.notify_all()
            status = connection.getresponse().status
            return "taken" if status == 200 else f"answered {status}"
        except (OSError, http.client.HTTPException):
            return "given up"
        finally:
            with self._more:
                self._going.discard(connection)
            connection.close()
