"""Memos on the coding page, as plain forms."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.security.models import TrailRow
from family_voice.themes.memos import Memo, memos_on
from tests.conftest import Database
from tests.web.staff.conftest import Desk
from tests.web.staff.test_coding_pages import (
    WELL,
    bench,
    coded,
    sentence_ids,
    token_of,
    told,
    words,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def kept(database: Database, interview_id: UUID) -> tuple[Memo, ...]:
    with database.sessions() as session:
        return memos_on(session, interview_id)


def test_a_memo_is_kept_shown_where_it_belongs_and_taken_away(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page, second = bench(interview_id), sentence_ids(database, interview_id)[1]
    token = token_of(lead, page)["csrf_token"]

    def send(**fields: str) -> int:
        data = {"memo-csrf_token": token} | {f"memo-{key}": each for key, each in fields.items()}
        return lead.client.post(f"{page}/memo", data=data).status_code

    lead.post(page, prompt=WELL, put="listened_to")
    assert send(prompt=WELL, about=f"{second}:", text="Which Miss Ward?") == 302
    assert send(prompt=WELL, about=":listened_to", text="By ringing back") == 302
    assert send(text="Ask again in May\nbefore the review") == 302
    assert coded(database, interview_id).codes == {"listened_to"}, "a memo codes nothing"
    shown = words(lead.get(page))
    assert "Miss Ward rings me back." in shown.partition("Memo: Which Miss Ward?")[0]
    assert "Memo on “Listened to”: By ringing back" in shown
    assert "Ask again in May before the review" in shown
    first = next(memo for memo in kept(database, interview_id) if "Ward" in memo.text)
    assert send(remove=str(first.id), prompt=WELL) == 302
    assert send(remove=str(first.id), prompt=WELL) == 404
    assert "Which Miss Ward?" not in lead.get(page).text
    with database.sessions() as session:
        trail = session.scalars(select(TrailRow.fields).where(TrailRow.action == "change")).all()
    assert trail.count(["memo"]) == 4


def test_a_memo_that_cannot_be_says_why_and_keeps_the_words(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    interview_id, _case = told(database, round_id)
    page = bench(interview_id)
    token = token_of(lead, page)["csrf_token"]
    for about, text, said in (
        (":", "  ", "Write the memo first"),
        (":", "long " * 900, "too long"),
        (":no_such_code", "What now?", "has changed this answer"),
        (f"{UUID(int=5)}:", "What now?", "has changed this answer"),
    ):
        data = {"memo-csrf_token": token, "memo-prompt": WELL}
        answer = lead.client.post(
            f"{page}/memo", data=data | {"memo-about": about, "memo-text": text}
        )
        assert answer.status_code == 422
        assert said in answer.text
        assert text in answer.text
    old = {"memo-csrf_token": "old", "memo-prompt": WELL, "memo-text": "Keep these words"}
    assert "Keep these words" in lead.client.post(f"{page}/memo", data=old).text
    assert kept(database, interview_id) == ()
