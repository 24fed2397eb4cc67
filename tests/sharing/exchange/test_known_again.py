"""Our texts under the names that another program gave them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from family_voice.cases.rounds import all_rounds
from family_voice.operations.withdrawal import Asked, Way, withdraw
from family_voice.sharing.exchange import bringing, coming_back, keeping
from family_voice.sharing.exchange.known_again import reads_like
from family_voice.sharing.exchange.project import Project, guid
from family_voice.sharing.exchange.writing import qdpx
from family_voice.storage.base import new_id
from family_voice.themes import coding
from tests.conftest import NOW
from tests.sharing.exchange.test_leaving import ONE_DATABASE, a_round, leaves, sentence
from tests.themes import suggesting
from tests.themes.suggesting import WORRIES


def renamed(sent: Project) -> Project:
    """As another program may write it again: every GUID of a text and a passage is its own."""
    names = {each.id: new_id() for each in sent.sources}
    return replace(
        sent,
        sources=tuple(
            replace(
                each, id=names[each.id],
                passages=tuple(replace(p, id=new_id()) for p in each.passages),
            )
            for each in sent.sources
        ),
        cases=tuple(
            replace(case, sources=tuple(names[each] for each in case.sources))
            for case in sent.cases
        ),
    )  # fmt: skip


@ONE_DATABASE
@pytest.mark.parametrize("names", [True, False])
def test_our_texts_are_known_again_by_their_words(
    session: Session, names: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = a_round(session)
    (held,) = all_rounds(session)
    monkeypatch.setitem(
        suggesting.SAID, WORRIES.prompt_id, "Miss Ward left.\r\nNobody came instead of Miss Ward."
    )
    third = suggesting.account(session, held.id, "EX-003")
    unit = sentence(session, third, WORRIES, 1)
    coding.put(session, third, unit, "promised_happens", two.amina, NOW)
    sent = leaves(session, names=names).project
    ours = guid("answer", third, WORRIES.prompt_id)
    coding.undo(session, third, two.amina, NOW)
    came = bringing.bring(session, qdpx(renamed(sent)), two.ben, NOW)
    assert came.project is not None
    # What several families said in the same words is nobody's for sure, and stays strange.
    assert came.known_again == 1
    assert ours in {each.id for each in came.project.sources}
    found = coming_back.look(session, came.project, two.ben, NOW)
    assert [(each.interview_id, each.unit, each.code) for each in found.new] == [
        (third, unit, "promised_happens")
    ]
    assert came.number is not None
    assert keeping.shown(session, came.number, two.ben, NOW)[1] == (third,)
    withdraw(session, third, Asked(Way.WEB, NOW.date()), NOW)
    assert keeping.every(session) == ()


@pytest.mark.parametrize(
    ("parts", "text", "alike"),
    [
        (("", " waits for ", "."), "Bo waits for Miss Ward.", True),
        (("", " waits for ", "."), "Bo waits for .", False),
        (("", " waits for ", "."), "Bo waited for Miss Ward.", False),
        (("Ask ", " or ", ""), "Ask Bo or Bea", True),
        (("Ask ", " or ", ""), "Ask Bo or ", False),
        (("one two", "two three"), "one two three", False),
    ],
)
def test_a_placeholder_stands_for_something(parts: tuple[str, ...], text: str, alike: bool) -> None:
    assert reads_like(parts, text) is alike
