"""A family goes from its link to the receipt, without JavaScript, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select

from family_voice.consent.decisions import Audience, permits, standing
from family_voice.consent.statements import Purpose
from family_voice.interviews import about, record
from family_voice.interviews.about import HearBack
from family_voice.interviews.guide import load_guide
from family_voice.interviews.models import Event
from family_voice.interviews.state import Stage
from family_voice.storage.base import Base
from family_voice.web.family.marks import EACH_UP_TO
from tests.conftest import Database
from tests.web.family.conftest import Household

CORE = ["important", "working_well", "difference", "worries", "next"]


def rows(database: Database) -> int:
    with database.sessions() as session:
        return sum(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        )


@pytest.mark.parametrize("audience", ["parent_carer", "young_person"])
def test_from_the_link_to_the_receipt_and_after(
    invite: Callable[..., Household], database: Database, audience: str, now: datetime
) -> None:
    family = invite(audience=audience)
    guide = load_guide(audience, "en")
    page = family.arrived()
    assert page.path == "/welcome"
    assert "Service Lead for SEND" in page.text
    assert "whether you speak or not" in page.text
    page.press("Start")
    assert page.chosen("answer") == []
    page.press(answer="yes")
    assert "Service Lead for SEND" in page.text
    page.press(answer="yes")
    if audience == "young_person":
        assert page.path == "/who-helps"
        page.press(helper="nobody")
    for number, heading in enumerate(CORE, 1):
        assert page.path == f"/question/{heading}.open"
        assert guide.prompt(f"{heading}.open").text in page.text
        assert f"Question {number} of 5" in page.text
        page.press(words=f"This is what I think about {heading}.")
    assert page.path == "/check-answers"
    for heading in CORE:
        assert f"This is what I think about {heading}." in page.text
    page.press("This is right, go on").press("Send", word="green kettle")
    assert page.path == "/sent"
    assert "what I think" not in page.text
    assert family.state.stage is Stage.SENT
    assert family.state.read_back_at is not None
    page.follow("Four last questions")
    assert "may still guess" in page.text
    assert page.chosen("quote") == page.chosen("hear_back") == []
    page.press("Save", quote="no", count="yes", hear_back="text")
    assert page.path == "/sent"
    with database.sessions() as session:
        decided = standing(session, family.invitation.interview_id, now)
        assert {purpose: each.yes for purpose, each in decided.items()} == {
            Purpose.TALK: True,
            Purpose.CHECK: True,
            Purpose.QUOTE: False,
            Purpose.COUNT: True,
        }
        assert about.hear_back(session, family.invitation.interview_id) is HearBack.TEXT
    page.follow("See or change what you told us")
    assert "what I think" not in page.text
    page.press(return_word="Green  Kettle")
    assert "This is what I think about worries." in page.text


def test_following_a_link_changes_nothing(family: Household, database: Database) -> None:
    before = rows(database)
    page = family.arrived()
    assert page.path == "/welcome"
    assert family.invitation.secrets.token not in page.html
    for path in ("/welcome", "/permission", "/question", "/check-answers", "/stop", "/sent"):
        page.open(path)
    assert rows(database) == before
    assert family.state.stage is Stage.INVITED


def test_the_token_leaves_the_address_at_once(family: Household) -> None:
    response = family.app.test_client().get(family.link)
    assert response.status_code == 303
    assert response.headers["Location"] == "/welcome"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_no_ends_kindly_and_stores_no_words(
    family: Household, database: Database, now: datetime
) -> None:
    page = family.arrived().press("Start").press(answer="no")
    assert page.path == "/no-thanks"
    assert "Nothing changes about support" in page.text
    assert family.state.stage is Stage.DECLINED
    page.open("/question/important.open")
    assert page.path == "/no-thanks"
    page.follow("Go back to the question").press(answer="yes").press(answer="no")
    assert page.path == "/question/important.open"
    with database.sessions() as session:
        interview = family.invitation.interview_id
        assert not permits(session, interview, Purpose.CHECK, Audience.PANEL, now)


def test_a_no_after_words_does_not_say_that_nothing_was_said(family: Household) -> None:
    page = family.arrived().press("Start").press(answer="no")
    assert "what you told us" not in page.text
    page = family.arrived().open("/permission").press(answer="yes").press(answer="yes")
    page.press(words="We are tired.").open("/your-choices").open("/stop")
    page.press("Save this word", word="yellow boat").open("/your-choices")
    page.press(return_word="yellow boat").press("Save my choices", talk="no")
    assert page.path == "/no-thanks"
    assert "Nobody reads any more what you told us." in page.text


def test_after_a_no_in_another_window_an_answer_is_not_stored(family: Household) -> None:
    page = family.asked()
    other = family.arrived().open("/permission")
    assert other.path == "/question/important.open"
    other.open("/your-choices").press("Save my choices", talk="no")
    assert other.path == "/no-thanks"
    page.press(words="too late")
    assert page.path == "/no-thanks"
    assert family.account.answers == ()


def test_no_answer_is_asked_for_once_more_and_then_is_a_no(
    family: Household, database: Database, now: datetime
) -> None:
    page = family.arrived().press("Start").press()
    assert page.status == 422
    assert "we take it as a no" in page.text
    page.press(answer="yes")
    page.press().press("Go on without choosing")
    assert page.path == "/question/important.open"
    page.press(words="Read by the team only.")
    assert page.path == "/question/working_well.open"
    assert family.state.check_allowed is False
    with database.sessions() as session:
        assert Purpose.CHECK not in standing(session, family.invitation.interview_id, now)


def test_going_on_without_choosing_to_talk_is_a_no(family: Household) -> None:
    page = family.arrived().press("Start").press().press("Go on without choosing")
    assert page.path == "/no-thanks"
    page.open("/question/important.open")
    assert page.path == "/permission"


def test_skip_back_and_more_questions(family: Household) -> None:
    page = family.asked().press("Skip this question")
    assert page.path == "/question/working_well.open"
    page.press("More questions about this, if you like", words="School is fine.")
    seen = [page.path]
    for _ in range(3):
        page.press("Skip this question")
        seen.append(page.path)
    assert seen == [
        "/question/working_well.views",
        "/question/working_well.needs",
        "/question/working_well.right_time",
        "/question/difference.open",
    ]
    page.press("Back", words="Half a thought")
    assert page.path == "/question/working_well.right_time"
    assert family.words("difference.open") == "Half a thought"
    page.press("Back").press("Back").press("Back")
    assert page.path == "/question/working_well.open"
    assert page.value("words") == "School is fine."


def test_skip_does_not_throw_words_away(family: Household) -> None:
    page = family.asked().press("Skip this question", words="Wait")
    assert page.status == 422
    assert page.value("words") == "Wait"
    assert family.state.skipped == frozenset()


def test_everything_skipped_can_still_be_finished(family: Household) -> None:
    page = family.asked()
    for _ in CORE:
        page.press("Skip this question")
    page.press("This is right, go on")
    assert "You have not written anything" in page.text
    page.press("Finish")
    assert page.path == "/sent"
    assert "Four last questions" not in page.text


def test_asking_for_a_call_keeps_the_words(family: Household) -> None:
    page = family.asked().press("Ask somebody to ring me", words="I would rather say it")
    assert page.path == "/ring-me"
    assert not family.state.call_wanted
    page.press("Yes, please ring me")
    assert "Somebody will ring you" in page.text
    assert family.state.call_wanted
    assert family.words("important.open") == "I would rather say it"


def test_a_sentence_is_kept_from_the_people_who_work_with_them(family: Household) -> None:
    page = family.asked().press(words="Mrs Hall is kind. The bus is late. I am tired.")
    page.open("/check-answers")
    ids = page.boxes("marks")
    assert len(ids) == 3
    page.press("This is right, go on", marks=[ids[1]])
    marked = [s.text for s in family.account.sentences if s.not_for_workers]
    assert marked == ["The bus is late."]
    page.open("/check-answers")
    assert page.chosen("marks") == [ids[1]]
    page.press("This is right, go on", marks=[])
    assert not any(s.not_for_workers for s in family.account.sentences)


def test_the_rest_of_a_very_long_answer_is_kept_from_them_with_one_tick(
    family: Household, database: Database
) -> None:
    page = family.asked().press(words="A day. " * (EACH_UP_TO + 20)).open("/check-answers")
    *each, rest = page.boxes("marks")
    assert "All the rest of this answer, 20 more sentences" in page.text

    def marked() -> list[int]:
        return [n for n, s in enumerate(family.account.sentences) if s.not_for_workers]

    page.press("This is right, go on", marks=[each[3], rest])
    assert marked() == [3, *range(EACH_UP_TO, EACH_UP_TO + 20)]
    page.open("/check-answers")
    assert page.chosen("marks") == [each[3], rest]
    page.press("This is right, go on", marks=[each[3]])
    assert marked() == [3]
    one_of_them = family.account.sentences[EACH_UP_TO + 7].id
    with database.sessions.begin() as session:
        record.mark_for_workers(session, family.invitation.interview_id, {one_of_them})
    page.open("/check-answers")
    assert page.chosen("marks") == []
    page.press("This is right, go on", marks=[each[0]])
    assert marked() == [0, EACH_UP_TO + 7]


def test_pressing_send_twice_sends_once(family: Household, database: Database) -> None:
    page = family.asked().press(words="All is well.").open("/check-answers")
    page.press("This is right, go on")
    form = {name: page.value(name) for name in ("csrf_token", "of")}
    form |= {"word": "purple tin", "go": "send"}
    page.post("/return-word", form)
    page.post("/return-word", form)
    assert page.path == "/sent"
    with database.sessions() as session:
        sent = session.scalar(
            select(func.count()).select_from(Event).where(Event.kind == "finished")
        )
        assert sent == 1


def test_a_short_return_word_is_refused_and_none_is_allowed(family: Household) -> None:
    page = family.asked().press(words="All is well.").open("/return-word")
    page.press("Send", word="abc")
    assert page.status == 422
    assert "at least 4 letters" in page.text
    assert family.state.stage is not Stage.SENT
    page.press("Send without a return word")
    assert page.path == "/sent"
    page.follow("See or change what you told us")
    assert "locked" in page.text
