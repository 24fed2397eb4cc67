"""The serving process is killed while an answer is being sent: acknowledged means present."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from tests.factories import Invited
from tests.proofs.family import a_family, arrived, question
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import Server, serving, ticking
from tests.proofs.whole import half_there, prompts, unsound, words
from tests.proofs.wire import Wire

#: Answers by one family before the next one comes.
EACH = 20


def prove(place: Place, times: int, tell: Tell) -> int:
    """Send an answer, kill the server at a random moment around the commit, start another, look.

    The answer acknowledged last must stand, or one sent after it over it. One that was never
    acknowledged may stand or not, but whole; where it does, the next is put beside it, since this
    sitting has not seen it.
    """
    luck = random.Random(times)
    lost = 0
    with serving(place.settings) as server:
        pace = Pace()
        for first in range(0, times, EACH):
            family = a_family(place, ticking())
            browser = arrived(family, server.port)
            asked = prompts(place, family.interview_id)
            sent: dict[str, Sent] = {prompt_id: Sent() for prompt_id in asked}
            for number in range(first, min(times, first + EACH)):
                prompt_id = luck.choice(asked)
                said = f"Answer {number} and no other. {'And so on. ' * (number % 40)}The end."
                answered = _sent_and_killed(server, browser, prompt_id, said, luck, pace)
                sent[prompt_id].sent(said, answered)
                tell(number + 1)
            lost += _missing(place, family, sent)
        lost += unsound(place)
    if times >= 100 and not (pace.acknowledged and pace.cut):
        raise AssertionError("the kills all came too early or all too late")
    return lost


@dataclass
class Sent:
    """What was sent as the answer to one question, and which of it may stand for it now.

    That is what was acknowledged last, and all that was sent after it: an answer whose server died
    between the commit and the page has been stored and took the place of the one before.
    """

    all: list[str] = field(default_factory=list)
    acknowledged: bool = False
    newest: list[str] = field(default_factory=list)

    def sent(self, said: str, answered: bool) -> None:
        """One more was sent."""
        self.all.append(said)
        self.newest = [said] if answered else [*self.newest, said]
        self.acknowledged = self.acknowledged or answered

    def right(self, lines: list[str]) -> bool:
        """Whether an answer may read so: nothing twice, nothing strange, the newest there."""
        if len(lines) != len(set(lines)) or not set(lines) <= set(self.all):
            return False
        return not self.acknowledged or not set(lines).isdisjoint(self.newest)


@dataclass
class Pace:
    """How long an answer takes, so that the kills come around its end, and how they came out."""

    took: float = 0.05
    acknowledged: int = 0
    cut: int = 0

    def wait(self, luck: random.Random) -> float:
        """A moment between the sending and a little after its usual end."""
        return luck.uniform(0.0, 1.3 * self.took)

    def done(self, answered: bool) -> None:
        """Aim earlier after an acknowledgement and later after a cut, so that both go on."""
        self.acknowledged += answered
        self.cut += not answered
        self.took = min(1.0, max(0.005, self.took * (0.97 if answered else 1.03)))


def _sent_and_killed(
    server: Server, browser: Wire, prompt_id: str, said: str, luck: random.Random, pace: Pace
) -> bool:
    """Whether the answer was acknowledged."""
    form = question(browser, prompt_id) | {"words": said}
    sent = browser.send("POST", f"/question/{prompt_id}", form.items())
    time.sleep(pace.wait(luck))
    server.kill()
    server.start()
    answer = sent.answer()
    if answer is not None and not 300 <= answer.status < 400:
        raise AssertionError(f"an answer was met with {answer.status}")
    pace.done(answer is not None)
    return answer is not None


def _missing(place: Place, family: Invited, sent: dict[str, Sent]) -> int:
    """How many answers do not read as they may, and how much is half there."""
    missing = sum(
        not each.right(words(place, family.interview_id, prompt_id).splitlines())
        for prompt_id, each in sent.items()
    )
    return missing + half_there(place, [family.interview_id])
