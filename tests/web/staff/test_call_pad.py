"""The call pad without JavaScript: from the first ring to a heard account."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from family_voice.cases.following_up import Kind, of_case
from family_voice.cases.ledger import Level3, Outcome, Talk
from family_voice.cases.reading import case_view
from family_voice.cases.talking import begin_talk
from family_voice.consent.decisions import How, standing
from family_voice.consent.statements import Purpose, statement
from family_voice.interviews import record
from family_voice.interviews.about import HearBack, hear_back
from family_voice.interviews.events import NOTES, Channel, Manner, Opened
from family_voice.interviews.models import Interview
from family_voice.people.access import Role
from family_voice.people.accounts import StaffMember
from family_voice.security.models import TrailRow
from family_voice.security.trail import Actor
from family_voice.storage.base import new_id
from family_voice.storage.engine import reading
from tests.cases.households import case
from tests.conftest import Clock, Database
from tests.web.staff.call_pad_page import (
    OPEN,
    WELL,
    Pad,
    Someone,
    account_of,
    begin,
    fragments,
    interview_of,
    sign_in_again,
    somebody,
)
from tests.web.staff.conftest import Desk, SignIn


@pytest.fixture
def someone(database: Database, round_id: UUID) -> Someone:
    return somebody(database, round_id)


def test_a_whole_conversation_without_javascript(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    pad = begin(lead, someone)
    clock.present += timedelta(minutes=18)
    pad.write(NOTES, "She is tired. The new school starts in March.")
    pad.write(WELL, "His one-to-one is lovely. She rings every Friday.", manner="own_words")
    pad.write("worries.helped", "A named person would have helped.")
    pad = pad.save()
    assert "Everything is saved." in pad.text
    assert pad.words(WELL)[0] == "His one-to-one is lovely. She rings every Friday."
    ending = pad.send("ending").headers["Location"]
    page = lead.get(ending)
    assert 'value="18"' in page.text  # the talk so far
    ids = re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', page.text)
    assert len(ids) == 5
    assert "may we use short pieces" in page.text.lower()
    finished = lead.post(
        ending, sentences=ids[:3], right="yes", quote="yes", count="yes", contact="no",
        hear_back="letter", call="4", talk="18", read_back="", write_up="6", do="finish",
    )  # fmt: skip
    assert finished.status_code == 302
    asked = lead.get(finished.headers["Location"]).text
    assert "Ask about one quote" in asked
    [none] = re.findall(r'href="([^"]+)">Ask no quote</a>', asked)
    assert "They said that it is right." in lead.get(unescape(none)).text
    with reading(database.sessions) as session:
        view = case_view(session, someone.case_id, clock())
        interview_id = interview_of(database, someone)
        decided = standing(session, interview_id, clock())
        assert view.state is Level3.HEARD
        assert view.panel_may_read
        assert view.minutes_by_step == {"call": 4, "talk": 18, "write_up": 6}
        assert [each.outcome for each in view.attempts] == [Outcome.SPOKE]
        assert {p.value for p, d in decided.items() if d.yes} == {
            "talk", "check", "quote", "count"
        }  # fmt: skip
        assert not decided[Purpose.CONTACT].yes
        assert hear_back(session, interview_id) is HearBack.LETTER
        assert view.accounts[0].read_back_at is not None
    account = account_of(database, someone)
    answer = account.answer(WELL)
    assert answer is not None
    assert answer.pieces[0].manner is Manner.OWN_WORDS
    assert answer.pieces[0].channel is Channel.TELEPHONE
    notes = account.answer(NOTES)
    assert notes is not None
    assert notes.pieces[0].manner is Manner.SUMMARY


def test_permission_is_kept_with_the_statements_version_who_and_when(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    lead.post(someone.start, way="telephone", who="alone")
    page = lead.get(someone.page("permission")).text
    read_out = statement(Purpose.TALK, "parent_carer", "en").read_out
    assert read_out.partition("{area}")[0] in page
    assert "{" not in re.sub(r"(?s)<(script|style).*?</\1>", "", page)
    nothing = lead.post(someone.page("permission"))
    assert nothing.status_code == 422
    clock.present += timedelta(minutes=2)
    lead.post(someone.page("permission"), talk="yes")
    with reading(database.sessions) as session:
        decided = standing(session, interview_of(database, someone), clock())
        staff_id = session.scalars(select(StaffMember.id)).one()
        assert set(decided) == {Purpose.TALK}
        assert decided[Purpose.TALK].how is How.READ_OUT
        assert decided[Purpose.TALK].recorded_by == staff_id
        assert decided[Purpose.TALK].at == clock()
        assert decided[Purpose.TALK].statement_version == 2
    assert "Not asked yet" in lead.get(someone.page("pad")).text


def test_a_no_stores_nothing_further(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "Before the no.")
    pad.save()
    said = lead.post(someone.page("permission"), talk="no")
    assert "They said no" in lead.get(said.headers["Location"]).text
    pad.write(WELL, "After the no.")
    key = pad.keys(WELL)[0]
    before = fragments(database)
    assert pad.note(key).status_code == 409
    refused = pad.send()
    assert refused.status_code == 409
    assert "They have said no meanwhile" in refused.text
    assert lead.get(someone.page("needs-doing")).status_code == 302
    assert fragments(database) == before
    with reading(database.sessions) as session:
        view = case_view(session, someone.case_id, clock())
        person = next(p for p in view.people if p.person.id == someone.participant_id)
        assert person.talk is Talk.DECLINED
        assert view.attempts[-1].outcome is Outcome.DECLINED


def test_what_the_family_gave_on_the_web_is_shown_and_not_asked_again(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    with database.sessions.begin() as session:
        interview_id = begin_talk(
            session, someone.case_id, someone.participant_id, Channel.TELEPHONE,
            came_to_us=False, by=Actor("operator"), now=clock(),
        )  # fmt: skip
        record.happen(session, interview_id, Opened(Channel.WEB), clock())
        for purpose in (Purpose.TALK, Purpose.CHECK):
            record.decide(session, interview_id, purpose, True, channel=Channel.WEB, now=clock())
        record.write(
            session, interview_id, OPEN, "He lights up at trains.", channel=Channel.WEB,
            now=clock(),
        )  # fmt: skip
    begun = lead.post(someone.start, way="telephone", who="alone")
    pad = Pad(lead, begun.headers["Location"])  # no permission is asked for again
    assert "on the web" in pad.text
    assert "From the web on 18 November 2026" in pad.text
    assert "He lights up at trains." in pad.text
    assert "No need to ask this again." in pad.text
    assert pad.words(OPEN) == [""]  # theirs is not in a box, so nobody writes over it
    pad.write(OPEN, "And at buses.")
    pad.save()
    answer = account_of(database, someone).answer(OPEN)
    assert answer is not None
    assert [p.text for p in answer.pieces] == ["He lights up at trains.", "And at buses."]


def test_a_button_keeps_the_whole_pad_before_it_goes_on(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "The boiler is broken and he is on oxygen.")
    aside = pad.send("needs_doing").headers["Location"]
    assert account_of(database, someone).answer(OPEN) is not None
    wanted = {"words": "Boiler", "worker": "Pat Day", "manager": "Jo Hill"}
    due = {"due-day": "20", "due-month": "11", "due-year": "2026"}
    assert lead.post(aside, **wanted, **due).status_code == 422  # without their yes
    past = due | {"due-day": "2"}
    assert lead.post(aside, **wanted, **past, agreed="yes").status_code == 422
    back = lead.post(aside, **wanted, **due, agreed="yes")
    assert "kept apart from their account" in lead.get(back.headers["Location"]).text
    with reading(database.sessions) as session:
        found = of_case(session, someone.case_id, new_id(), clock())
    assert [(f.kind, f.words, f.worker, f.due_on) for f in found] == [
        (Kind.TO_DO, "Boiler", "Pat Day", date(2026, 11, 20))
    ]
    clock.present += timedelta(days=5)
    desk = sign_in_again(lead, clock)
    assert "Overdue" in desk.get("/staff/follow-ups").text
    answer = f"/staff/follow-up/{found[0].id}"
    version = str(found[0].version)
    assert desk.post(answer, words="Mended on Friday.", version=version).status_code == 302
    late = desk.post(answer, words="Not mended.", version=version)
    assert late.status_code == 422
    assert "Mended on Friday." in late.text
    assert "Pat Day" not in desk.get("/staff/follow-ups").text
    assert "Mended on Friday." in desk.get(f"/staff/case/{someone.case_id}/follow-ups").text


def test_a_complaint_stays_out_of_the_account_unless_they_want_it_in(
    lead: Desk, someone: Someone, database: Database
) -> None:
    begin(lead, someone)
    page = someone.page("complaint")
    for words, wish in (("Kept apart.", "no"), ("Put in.", "yes")):
        assert lead.post(page, words=words, pass_on="yes", in_account=wish).status_code == 302
    assert lead.post(page, words="Not said").status_code == 422
    notes = account_of(database, someone).answer(NOTES)
    assert notes is not None
    assert [p.text for p in notes.pieces] == ["Put in."]


def test_a_read_back_needs_three_to_five_sentences(
    lead: Desk, someone: Someone, database: Database
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "One. Two is here. Three is here. Four is here. Five is here. Six is here.")
    ending = pad.send("ending").headers["Location"]
    ids = re.findall(r'name="sentences" id="[^"]+" value="([^"]+)"', lead.get(ending).text)
    for chosen in ([], ids[:2], ids):
        answer = lead.post(ending, sentences=chosen, right="yes", do="finish")
        assert answer.status_code == 422
        assert "three to five sentences" in answer.text
    assert lead.post(ending, sentences=ids[:3], right="yes", call="soon").status_code == 422
    with reading(database.sessions) as session:
        assert session.get_one(Interview, interview_of(database, someone)).read_back_at is None


def test_stopping_for_today_keeps_it_open(
    lead: Desk, someone: Someone, database: Database, clock: Clock
) -> None:
    pad = begin(lead, someone)
    pad.write(OPEN, "More tomorrow.")
    ending = pad.send("ending").headers["Location"]
    stopped = lead.post(ending, do="stop", talk="9")
    assert "Stopped for today" in lead.get(stopped.headers["Location"]).text
    with reading(database.sessions) as session:
        view = case_view(session, someone.case_id, clock())
        assert view.state is Level3.IN_PROGRESS
        assert view.minutes_by_step == {"talk": 9}


def test_nobody_is_rung_whose_safety_is_not_confirmed(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions() as session:
        people = [
            (view.case_id, each.person)
            for reference in ("EX-001", "EX-002", "EX-003", "EX-004", "EX-005", "EX-006")
            for view in [case(session, round_id, reference)]
            for each in view.people
        ]
    unsafe = [
        Someone(case_id, person.id)
        for case_id, person in people
        if person.facts.contact.safe_to_contact != "yes"
    ]
    assert unsafe
    page = lead.get(unsafe[0].start).text
    assert "Do not ring." in page
    assert "tel:" not in page
    assert lead.post(unsafe[0].start, way="telephone", who="alone").status_code == 422
    came = lead.post(unsafe[0].start, way="telephone", who="alone", came="yes")
    assert came.status_code == 302
    assert "tel:" not in lead.get(came.location).text


def test_the_number_stands_on_the_pad_as_people_write_it(
    lead: Desk, database: Database, round_id: UUID
) -> None:
    with database.sessions() as session:
        view = case(session, round_id, "EX-004")
    deb = next(each.person for each in view.people if each.person.facts.contact.mobile)
    whom = Someone(view.case_id, deb.id)
    pages = [lead.get(whom.start).text, begin(lead, whom).text]
    for page in pages:
        assert re.search(r'href="tel:\+447\d{9}"><bdi[^>]*>07700 900\d{3}</bdi>', page)


def test_only_the_lead_may_open_it_and_looking_leaves_a_trail(
    lead: Desk, sign_in: SignIn, someone: Someone, database: Database
) -> None:
    begin(lead, someone)
    with reading(database.sessions) as session:
        views = session.scalars(
            select(TrailRow.resource).where(
                TrailRow.action == "view",
                TrailRow.resource_id == interview_of(database, someone),
            )
        ).all()
    assert "interview" in views
    panel = sign_in(Role.PANEL)
    for page in ("pad", "ending", "permission", "needs-doing", "complaint", "done"):
        assert panel.get(someone.page(page)).status_code == 403
    assert panel.get("/staff/follow-ups").status_code == 403


def test_somebody_of_another_case_is_not_found(
    lead: Desk, someone: Someone, database: Database, round_id: UUID
) -> None:
    with database.sessions() as session:
        others = [case(session, round_id, r) for r in ("EX-001", "EX-002", "EX-003")]
    other = next(each for each in others if each.case_id != someone.case_id)
    assert lead.get(Someone(other.case_id, someone.participant_id).start).status_code == 404
    assert lead.get(Someone(uuid4(), someone.participant_id).start).status_code == 404
