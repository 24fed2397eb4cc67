"""The last page of the call pad: it closes nothing unnoticed, and counts nothing twice."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from family_voice.cases.ledger import Level3, Outcome
from family_voice.cases.reaching import Channel, record_attempt
from family_voice.cases.reading import CaseView, case_view
from family_voice.interviews import record
from family_voice.interviews.events import ChangedLanguage
from family_voice.interviews.events import Channel as By
from family_voice.interviews.models import Interview
from family_voice.interviews.translating import translate
from family_voice.people.accounts import StaffMember
from family_voice.security.trail import Actor
from family_voice.storage.engine import reading
from tests.cases.households import case
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import OPEN, Pad, Someone, begin, interview_of, somebody
from tests.web.staff.conftest import Desk

NOT_SAID = "They have not said yet whether it is right."
MINUTES = ("call", "talk", "read_back", "write_up")


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


@pytest.fixture
def ending(lead: Desk, someone: Someone, clock: Clock) -> Pad:
    """The last page, eighteen minutes into a talk, with something to read back."""
    pad = begin(lead, someone)
    pad.write(OPEN, "One is here. Two is here. Three is here.")
    clock.present += timedelta(minutes=18)
    return Pad(lead, pad.send("ending").headers["Location"])


def view_of(database: Database, someone: Someone, clock: Clock) -> CaseView:
    with reading(database.sessions) as session:
        return case_view(session, someone.case_id, clock())


def sent(database: Database, someone: Someone) -> bool:
    with reading(database.sessions) as session:
        return session.get_one(Interview, interview_of(database, someone)).sent_at is not None


def test_finishing_without_reading_back_has_to_be_said(
    ending: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    assert "unread" not in ending.text
    ending.fields["write_up"] = "7"
    ending.fields["quote"] = "yes"
    ending.fields["hear_back"] = "letter"
    came = ending.send("finish")
    assert came.status_code == 422
    assert NOT_SAID in came.text
    assert not sent(database, someone)
    assert view_of(database, someone, clock).minutes_by_step == {}
    again = Pad(ending.desk, ending.address, came)
    typed = {name: again.fields.get(name) for name in ("talk", "write_up", "quote", "hear_back")}
    assert typed == {"talk": "18", "write_up": "7", "quote": "yes", "hear_back": "letter"}
    assert "unread" not in again.fields  # offered, and not ticked for anybody
    assert again.send("finish").status_code == 422
    assert 'name="unread"' in again.text
    again.fields["unread"] = "yes"
    assert again.send("finish").status_code == 302
    assert sent(database, someone)


def test_sentences_ticked_without_an_answer_close_nothing(
    ending: Pad, someone: Someone, database: Database
) -> None:
    for each in re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', ending.text):
        ending.fields.add("sentences", each)
    came = ending.send("finish")
    assert came.status_code == 422
    assert NOT_SAID in came.text
    ticked = Pad(ending.desk, ending.address, came).fields.getlist("sentences")
    assert ticked == ending.fields.getlist("sentences")
    assert not sent(database, someone)


def test_stopping_for_today_asks_for_no_reading_back(ending: Pad) -> None:
    assert ending.send("stop").status_code == 302


def test_what_was_read_back_before_need_not_be_again(
    ending: Pad, someone: Someone, database: Database
) -> None:
    ids = re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', ending.text)
    assert (
        ending.desk.post(ending.address, sentences=ids, right="yes", do="stop").status_code == 302
    )
    assert Pad(ending.desk, ending.address).send("finish").status_code == 302
    assert sent(database, someone)


def test_only_the_talk_is_measured_and_only_once(
    ending: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    assert [ending.fields[name] for name in MINUTES] == ["", "18", "", ""]
    assert ending.send("stop").status_code == 302
    clock.present += timedelta(minutes=4)
    later = Pad(ending.desk, ending.address)
    assert [later.fields[name] for name in MINUTES] == ["", "", "", ""]
    later.fields["unread"] = "yes"
    assert later.send("finish").status_code == 302
    assert view_of(database, someone, clock).minutes_by_step == {"talk": 18}


def test_a_new_sitting_is_measured_again(ending: Pad, someone: Someone, clock: Clock) -> None:
    ending.send("stop")
    clock.present += timedelta(minutes=10)
    ending.desk.post(someone.start, way="telephone", who="alone")
    clock.present += timedelta(minutes=6)
    assert Pad(ending.desk, ending.address).fields["talk"] == "6"


def test_a_page_sent_twice_counts_once_as_it_was_sent_last(
    ending: Pad, someone: Someone, database: Database, clock: Clock
) -> None:
    ending.fields["unread"] = "yes"
    ending.fields["write_up"] = "5"
    for _press in range(2):
        assert ending.send("finish").status_code == 302
    view = view_of(database, someone, clock)
    assert view.minutes_by_step == {"talk": 18, "write_up": 5}
    assert [each.outcome for each in view.attempts] == [Outcome.SPOKE]
    assert view.state is Level3.HEARD
    ending.fields["write_up"] = "8"  # back in the browser, and put right
    assert ending.send("finish").status_code == 302
    assert view_of(database, someone, clock).minutes_by_step == {"talk": 18, "write_up": 8}


@pytest.mark.parametrize("odd", ["", "not a name"])
def test_a_page_without_a_name_is_kept_all_the_same(
    ending: Pad, someone: Someone, database: Database, clock: Clock, odd: str
) -> None:
    ending.fields["page"] = odd
    assert ending.send("stop").status_code == 302
    assert view_of(database, someone, clock).minutes_by_step == {"talk": 18}


def test_last_tried_is_about_this_person(
    lead: Desk, database: Database, round_id: UUID, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        views = [case(session, round_id, f"EX-00{number}") for number in range(1, 7)]
        view = next(each for each in views if len(each.people) > 1)
        one, other = (each.person.id for each in view.people[:2])
        for whom, outcome, before in (
            (one, Outcome.NO_ANSWER, 3), (None, Outcome.SENT, 2), (other, Outcome.SPOKE, 1)
        ):  # fmt: skip
            record_attempt(
                session, view.case_id, participant_id=whom, channel=Channel.TELEPHONE,
                outcome=outcome, at=clock() - timedelta(days=before), by=Actor("operator"),
                now=clock(),
            )  # fmt: skip
    shown = re.compile(r"<dt>Last tried</dt><dd>([^,<]+)")
    assert shown.findall(lead.get(Someone(view.case_id, one).start).text) == ["No answer"]
    spoke = shown.findall(lead.get(Someone(view.case_id, other).start).text)
    assert len(spoke) == 1
    assert spoke != ["No answer"]
    if len(view.people) > 2:
        assert (
            "Last tried" not in lead.get(Someone(view.case_id, view.people[2].person.id).start).text
        )


def test_what_they_wrote_in_another_language_is_read_back_with_its_english(
    ending: Pad, database: Database, someone: Someone, clock: Clock
) -> None:
    interview_id, now = interview_of(database, someone), clock()
    with database.sessions.begin() as session:
        record.happen(session, interview_id, ChangedLanguage(By.WEB, "pl"), now)
        record.say(
            session, interview_id, "Nikt nie oddzwania. Czekam.",
            channel=By.WEB, prompt_id="worries.open", now=now,
        )  # fmt: skip
        first = record.account(session, interview_id).answer("worries.open")
        assert first
        sentence = first.pieces[0].sentences[0].id
        staff = session.scalars(select(StaffMember.id)).one()
        by = "Nadia Gaskell, interpreter"
        translate(
            session, interview_id, {sentence: "Nobody rings back."},
            by=by, recorded_by=staff, now=now,
        )  # fmt: skip
    text = Pad(ending.desk, someone.page("ending")).text
    words = '<span translate="no" lang="pl" dir="auto">Nikt nie oddzwania.</span>'
    beside = f"<strong>In English, by {by}:</strong> Nobody rings back."
    assert words in text
    assert beside in text[text.index(words) : text.index("Czekam.")]
    assert "Not translated yet" in text[text.index("Czekam.") :]
