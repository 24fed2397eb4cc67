"""The same form is sent three times at once and again later: one effect."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import select

from family_voice.interviews.models import Event
from family_voice.storage.engine import reading
from tests.proofs.family import a_family, arrived, question
from tests.proofs.proof import Place, Tell
from tests.proofs.serving import serving, ticking
from tests.proofs.whole import half_there, prompts, unsound, words
from tests.proofs.wire import Answer, Wire

AT_ONCE = 3


def prove(place: Place, times: int, tell: Tell) -> int:
    """Send each form from three tabs at once, and once more when others came after it.

    Families answer question after question and press Send last. Two processes serve them.
    """
    lost = done = 0
    with serving(place.settings, processes=2) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        while done < times:
            family = a_family(place, ticking())
            browser = arrived(family, server.port)
            asked = prompts(place, family.interview_id)[: times - done]
            sent: list[tuple[str, dict[str, str]]] = []
            for prompt_id in asked:
                form = question(browser, prompt_id) | {"words": f"Said once: {prompt_id}."}
                sent.append((f"/question/{prompt_id}", form))
                lost += _sent_often(pool, browser, *sent[-1])
                done += 1
                tell(done)
            lost += sum(not _well(browser.twin().post(*each)) for each in _in_pairs(sent))
            happened = _happened(place, family.interview_id)
            lost += abs(happened["said"] - len(asked)) + happened["replaced"]
            lost += sum(
                words(place, family.interview_id, prompt_id) != f"Said once: {prompt_id}."
                for prompt_id in asked
            )
            if done < times:
                browser.open("/return-word")
                form = browser.fields("unsent").to_dict() | {"go": "next", "word": "purple tin"}
                lost += _sent_often(pool, browser, "/return-word", form)
                lost += abs(_happened(place, family.interview_id)["finished"] - 1)
                done += 1
            lost += half_there(place, [family.interview_id])
        lost += unsound(place)
    return lost


def _sent_often(pool: ThreadPoolExecutor, browser: Wire, path: str, form: dict[str, str]) -> int:
    """Send a form often; how many of the answers were not what a single press gets."""
    tabs = [browser.twin() for _ in range(AT_ONCE)]
    answers = list(pool.map(lambda tab: tab.post(path, form.items()), tabs))
    browser.cookies = tabs[-1].cookies
    return sum(not _well(answer) for answer in answers)


def _well(answer: Answer | None) -> bool:
    return answer is not None and 300 <= answer.status < 400


def _in_pairs(sent: list[tuple[str, dict[str, str]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(path, list(form.items())) for path, form in sent]


def _happened(place: Place, interview_id: UUID) -> Counter[str]:
    with reading(place.sessions) as session:
        kinds = session.scalars(select(Event.kind).where(Event.interview_id == interview_id))
        return Counter(kinds.all())
