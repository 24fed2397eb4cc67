"""A page asks the database for nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import event

from tests.web.family.conftest import Household


# What is asked does not depend on who answers.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_question_asks_for_no_row_twice(family: Household) -> None:
    page = family.asked()
    sent: Counter[str] = Counter()
    engine = family.app.extensions["family_voice"].sessions.kw["bind"]

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, words: str, values: object, *_: object) -> None:
        sent[f"{words} {values}"] += 1

    page.open(page.path)
    assert [each for each, times in sent.items() if times > 1] == []
    assert 0 < sent.total() <= 7
