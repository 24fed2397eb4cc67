"""What was seen of a child, told for one or written about one is never shown as the child's words.

Through every public door that shows words: each piece has a word that nobody else says, and where
that word stands on a page, how it is known stands with it and no quotation mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from family_voice.cases import observing, who_decides
from family_voice.cases.models import Case
from family_voice.cases.pack_choice import Place, choose
from family_voice.cases.rounds import round_view
from family_voice.cases.seats import seat
from family_voice.cases.talking import begin_talk
from family_voice.consent.statements import Purpose
from family_voice.improvement.views import PROFILE as PROFILE_LINE
from family_voice.improvement.views import write_view
from family_voice.interviews import doors, record
from family_voice.interviews.events import Channel, Finished, Manner, ReadBack, Reopened
from family_voice.interviews.noting import Note
from family_voice.people import register
from family_voice.people.access import Role
from family_voice.people.staff import add_staff
from family_voice.security.trail import Actor
from family_voice.sharing.copies import make_copy
from family_voice.web.shared.voices import ABOVE
from tests.cases.households import a_full_round
from tests.conftest import Database
from tests.reports.panel_round import told
from tests.web.entering import Enter, by_the_demos_button
from tests.web.family.browser import Browser

#: One word for each way of knowing; the first is the only one the child said.
OWN, SEEN, TOLD, SUMMED, PROFILE = "zebrafinch", "quokka", "axolotl", "pangolin", "narwhal"
NOT_THEIRS = (SEEN, TOLD, SUMMED, PROFILE)
RETURN_WORD = "yellow boat"
PROMPT, FACE = "important.open", Channel.FACE_TO_FACE
#: What a page may say beside such a piece, by its word.
SAYS = {
    SEEN: ("as seen", "As seen", "What was seen", "What somebody saw", "not what the child said"),
    TOLD: ("as a parent tells it", "through a parent", "for the child"),
    SUMMED: ("summed up", "Summed up", "in our words", "Our words"),
    PROFILE: ("never the child’s words",),
}


@dataclass(frozen=True)
class Home:
    """A child of whom something is known in each of these ways."""

    case: UUID
    child: UUID
    interview: UUID
    visit: UUID
    token: str
    staff: dict[str, UUID]


@pytest.fixture
def home(database: Database, now: datetime) -> Home:
    with database.sessions.begin() as session:
        return _a_home(session, now)


@pytest.fixture
def sign_in(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Enter:
    return by_the_demos_button(demo_app, monkeypatch)


def test_nothing_but_the_childs_own_stands_as_theirs(
    demo_app: Flask, home: Home, sign_in: Enter
) -> None:
    lead, member = sign_in(home.staff["lead"]), sign_in(home.staff["member"])
    talk = f"/staff/case/{home.case}/talk/{home.child}"
    pages = {
        "pack": (member, f"/panel/cases/{home.case}", {OWN, SEEN, TOLD, SUMMED}),
        "printed copy": (lead, f"/panel/cases/{home.case}/copies/1", {OWN, SEEN, TOLD, SUMMED}),
        "profile": (member, f"/panel/cases/{home.case}/profile", {OWN, *NOT_THEIRS}),
        "coding": (lead, f"/staff/accounts/{home.interview}/code", {OWN, SEEN, TOLD, SUMMED}),
        "choosing": (lead, f"/staff/cases/{home.case}/pack", {OWN, SEEN, TOLD, SUMMED}),
        "read-back": (lead, f"{talk}/ending?by=face_to_face", {OWN, SEEN, TOLD, SUMMED}),
        "names": (lead, f"/staff/accounts/{home.interview}/names", {OWN, SEEN, TOLD, SUMMED}),
        "quotes": (lead, f"/staff/accounts/{home.interview}/quotes", {OWN, SUMMED}),
        "visits": (lead, f"/staff/cases/{home.case}/observed", {SEEN}),
        "visit": (lead, f"/staff/cases/{home.case}/observed/visits/{home.visit}", {SEEN}),
    }
    for name, (client, address, there) in pages.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        _look(name, answer.text, there)
    family = Browser(demo_app).open(f"/i/{home.token}").open("/your-words")
    family.press(return_word=RETURN_WORD)
    _look("their own page", family.text, {OWN, SEEN, TOLD, SUMMED})
    family.open("/where-my-words-went")
    _look("where their words went", family.text, {OWN, SEEN, TOLD, SUMMED})


def test_the_call_pad_marks_each_note_as_what_it_is(home: Home, sign_in: Enter) -> None:
    talk = f"/staff/case/{home.case}/talk/{home.child}/pad?by=face_to_face"
    page = sign_in(home.staff["lead"]).get(talk).text
    for word, manner in (
        (SEEN, Manner.OBSERVED), (TOLD, Manner.THROUGH_PARENT), (SUMMED, Manner.SUMMARY),
    ):  # fmt: skip
        after = page[page.index(f" {word} ") :]
        checked = re.search(r'value="(\w+)" checked', after)
        assert checked
        assert checked[1] == manner.value


def test_the_panel_is_told_how_the_voice_is_known(
    home: Home, sign_in: Enter, database: Database, now: datetime
) -> None:
    """Once the child's own word is gone, nothing that is left counts as the child's words."""
    with database.sessions.begin() as session:
        answer = record.account(session, home.interview).answer("difference.open")
        assert answer is not None
        own = answer.pieces[0].fragment_id
        record.happen(session, home.interview, Reopened(FACE), now, home.staff["lead"])
        record.write(
            session, home.interview, "difference.open", "", channel=FACE, now=now, over=(own,),
            recorded_by=home.staff["lead"],
        )  # fmt: skip
        for each in (ReadBack(FACE, right=True), Finished(FACE)):
            record.happen(session, home.interview, each, now, home.staff["lead"])
    page = sign_in(home.staff["member"]).get(f"/panel/cases/{home.case}").text
    assert SEEN in page
    assert "From what people who know the child have seen the child do." in page
    assert "In the child's own words." not in page
    assert "<q" not in page


def _look(name: str, page: str, there: set[str]) -> None:
    text = _Text()
    text.feed(page)
    for word in (OWN, *NOT_THEIRS):
        if word not in there:
            assert word not in page, f"{name} shows {word}"
            continue
        assert word in page, f"{name} does not show {word}"
        if word == OWN:
            continue
        assert word not in "".join(text.quoted), f"{name} quotes {word}"
        near = text.all[max(0, text.all.index(word) - 400) : text.all.index(word) + 200]
        says = any(each in near for each in SAYS[word])
        assert says, f"{name} does not say how {word} is known: {near}"


class _Text(HTMLParser):
    """What is read on a page, and what of it stands as a quotation."""

    def __init__(self) -> None:
        super().__init__()
        self.all, self._in_quotation = "", 0
        self.quoted: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._in_quotation += tag == "q"

    def handle_endtag(self, tag: str) -> None:
        self._in_quotation -= tag == "q"

    def handle_data(self, data: str) -> None:
        self.all += " ".join(data.split()) + " "
        if self._in_quotation:
            self.quoted.append(data)


def _a_home(session: Session, now: datetime) -> Home:
    round_id = a_full_round(session)
    meeting = round_view(session, round_id).sessions[0]
    case = session.scalars(
        select(Case).where(Case.session_id == meeting.id).order_by(Case.number).limit(1)
    ).one()
    staff = {
        key: add_staff(
            session, email=f"{key}@b.example", name=key, roles=[role], now=now, password="x" * 12
        ).staff_id
        for key, role in (("lead", Role.LEAD), ("member", Role.SEND_LEAD))
    }
    seat(session, meeting.id, staff["member"], "education", is_chair=True)
    lead = Actor("staff", staff["lead"])
    mother = register.people_of(session, [case.child_id])[case.child_id][0]
    observing.keep_signs(
        session, case.id, no="Turns away", yes="", told_by="Her mother", by=lead, now=now
    )
    who_decides.judge(
        session, case.id, able=False, judged_by="Miss Ali", why="Does not follow what we ask.",
        representative_id=mother.id, by=lead, now=now,
    )  # fmt: skip
    child = next(
        each
        for each in register.people_of(session, [case.child_id])[case.child_id]
        if each.audience == "young_person"
    )
    interview = begin_talk(session, case.id, child.id, FACE, came_to_us=False, by=lead, now=now)
    for purpose in (Purpose.TALK, Purpose.CHECK):
        record.decide(session, interview, purpose, True, channel=FACE, now=now, recorded_by=lead.id)
    visit = uuid4()
    observing.begin_visit(
        session, case.id, visit, on=now.date(), place="Home", observer="Me", by=lead, now=now
    )
    seen = Note(PROMPT, (uuid4(),), f"Held a {SEEN} all morning.", Manner.OBSERVED)
    observing.write_seen(session, case.id, visit, seen, staff["lead"], now)
    for prompt, word, manner in (
        ("working_well.open", TOLD, Manner.THROUGH_PARENT),
        ("worries.open", SUMMED, Manner.SUMMARY),
        ("difference.open", OWN, Manner.OWN_WORDS),
    ):
        record.say(
            session, interview, f"A {word} is here.", channel=FACE, prompt_id=prompt,
            manner=manner, now=now, recorded_by=lead.id,
        )  # fmt: skip
    for each in (ReadBack(FACE, right=True), Finished(FACE)):
        record.happen(session, interview, each, now, recorded_by=lead.id)
    record.decide(
        session, interview, Purpose.QUOTE, True, channel=FACE, now=now, recorded_by=lead.id
    )
    for number, sentence in enumerate(record.account(session, interview).sentences):
        where = ("working_well", "difference", "worries", "worries")[number % 4]
        choose(session, case.id, sentence.id, Place(where), staff["lead"], now)
    write_view(
        session, case.id, PROFILE_LINE, "health", f"Likes the {PROFILE}.", staff["member"], now
    )
    make_copy(
        session, case.id, staff["member"], staff["lead"], meeting.held_on + timedelta(days=1), now
    )
    token = doors.open_doors(session, interview, now + timedelta(weeks=4), now).token
    doors.choose_return_word(session, interview, RETURN_WORD)
    return Home(case.id, child.id, interview, visit, token, staff)


def test_a_professional_who_says_what_the_child_said_speaks_as_a_professional(
    home: Home, sign_in: Enter, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        told(
            session, home.case, "social_worker", {PROMPT: f"He told me of a {PROFILE}."}, now,
            manner=Manner.PROFESSIONAL, speaker="child",
        )  # fmt: skip
    page = sign_in(home.staff["member"]).get(f"/panel/cases/{home.case}").text
    near = page[: page.index(PROFILE)][-400:]
    assert "Social worker, as a professional" in near
    assert "The child" not in near.rpartition("fv-overleaf__row")[2]


def test_every_manner_has_a_name_wherever_words_are_shown() -> None:
    assert set(ABOVE) == set(Manner)
