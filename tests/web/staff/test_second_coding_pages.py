"""Second coding through the browser's eyes: off, drawn, coded blind, compared, decided."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from family_voice.cases.sampling import rank
from family_voice.people.access import Role
from family_voice.people.staff import add_staff, find_staff
from family_voice.reports.case_pack import CasePack, case_pack
from family_voice.security.models import TrailRow
from family_voice.themes import choices, coding, second_sample
from family_voice.themes.choices import What
from family_voice.themes.coding import Unit
from family_voice.themes.second_models import ConsensusDecision, SecondCoding
from tests.cases.households import NOW, case
from tests.conftest import Database
from tests.web.staff.conftest import Desk, SignIn
from tests.web.staff.test_coding_pages import WELL, bench, told, words

IMPORTANT = "important.open"
SECOND = "/staff/coding/second"
DIFFER = "/staff/coding/disagreements"


@pytest.fixture
def amina(database: Database) -> UUID:
    """The first coder, another lead."""
    with database.sessions.begin() as session:
        return add_staff(
            session, email="amina@council.example", name="Amina Rahman", roles=[Role.LEAD], now=NOW,
            password="x" * 12,
        ).staff_id  # fmt: skip


@pytest.fixture
def account(database: Database, round_id: UUID, amina: UUID) -> UUID:
    """An account that Amina has coded, with second coding on."""
    interview_id, _case = told(database, round_id)
    with database.sessions.begin() as session:
        coding.put(session, interview_id, Unit(IMPORTANT), "waiting", amina, NOW)
        coding.put(session, interview_id, Unit(WELL), "listened_to", amina, NOW)
        choices.choose(session, What.SECOND_CODING, True, reason="Try it.", by=amina, now=NOW)
    return interview_id


def lees(database: Database) -> UUID:
    with database.sessions() as session:
        found = find_staff(session, f"{Role.LEAD.value}@council.example")
        assert found
        return found.id


def themes_in(pack: CasePack) -> set[str]:
    """The names of all themes that a pack shows."""
    answers = [answer for full in pack.accounts for answer in full.answers]
    lines = [line.codes for answer in answers for line in answer.lines]
    return {name for codes in [*(answer.codes for answer in answers), *lines] for name in codes}


def test_put_on_with_a_reason(lead: Desk, round_id: UUID, database: Database) -> None:
    page = "/staff/coding/choices"
    assert "Second coding is off" in lead.get(SECOND).text
    wrong = lead.post(page, what="second_coding", is_on="on", reason=" ")
    assert (wrong.status_code, "Put why." in wrong.text) == (422, True)
    assert lead.post(page, what="second_coding", is_on="on", reason="Two of us").status_code == 302
    shown = words(lead.get(page))
    assert "Second coding On Chosen by Lee Marrowby" in shown
    assert "Two of us" in shown
    assert "Suggestions Off Nobody has chosen" in shown
    assert "Nothing to draw from yet" in lead.get(SECOND).text


def test_blind_from_the_draw_until_done(
    lead: Desk, account: UUID, round_id: UUID, database: Database
) -> None:
    drawn = lead.post(SECOND, percent="10")
    assert drawn.status_code == 302
    page = words(lead.get(SECOND))
    assert "1 account waits for you" in page
    assert "Amina Rahman Lee Marrowby (you)" in page
    # Nothing on the bench or the list says what Amina put, or how much.
    shown = lead.get(bench(account)).text
    assert "without seeing what was put before" in shown
    assert 'aria-pressed="true"' not in shown
    assert "0 of 2 answers decided" in words(lead.get(bench(account)))
    listed = words(lead.get("/staff/accounts/to-code"))
    assert "None of 2" in listed
    assert "Start coding (second coding)" in listed
    with database.sessions() as session:
        case_id = case(session, round_id, "EX-001").case_id
        assert themes_in(case_pack(session, case_id, lees(database), now=NOW)) == set()
        assert themes_in(case_pack(session, case_id, now=NOW)) != set()
    assert "No account has been coded twice" in lead.get(DIFFER).text
    assert "No account has been coded twice" in lead.get("/staff/coding/agreement").text
    early = lead.post(bench(account), f"{bench(account)}/done", **{"done-took": "5"})
    assert early.status_code == 422
    lead.post(bench(account), prompt=IMPORTANT, sentence="", put="waiting")
    lead.post(bench(account), prompt=WELL, sentence="", none="1")
    ended = lead.post(bench(account), f"{bench(account)}/done", **{"done-took": "5"})
    assert ended.headers["Location"] == f"{SECOND}?round={round_id}"
    assert "where the two of you differ" in lead.get(SECOND).text
    with database.sessions() as session:
        assert coding.coded(session, account).codes == {"waiting", "listened_to"}
        assert coding.coded(session, account, second=True).codes == {"waiting"}
        lines = session.scalars(select(TrailRow.fields).where(TrailRow.action == "change"))
        assert ["second coding"] in list(lines)
    differ = words(lead.get(DIFFER))
    assert "First: Amina Rahman. Second, without seeing it: Lee Marrowby" in differ
    assert "1 code to talk about" in differ
    agreement = words(lead.get("/staff/coding/agreement"))
    assert "Both coded 2 answers, and put the very same codes on 1 of them." in agreement
    assert "2 answers that both decided" in agreement
    assert "That is few" in agreement


def test_somebody_names_an_account_and_it_is_no_part_of_what_chance_tells(
    lead: Desk, account: UUID, round_id: UUID, amina: UUID, database: Database
) -> None:
    me = lees(database)
    assert "draws 1 account" in words(lead.get(SECOND))
    name = f"{SECOND}/name"
    refused = lead.post(SECOND, name, account=account, who=amina)
    assert (refused.status_code, "These may: Lee Marrowby" in words(refused)) == (422, True)
    assert lead.post(SECOND, name, account=account, who=me).status_code == 302
    page = words(lead.get(SECOND))
    assert "1 account waits for you" in page
    assert "Named, not drawn" in page
    with database.sessions.begin() as session:
        assert second_sample.draws_of(session, round_id) == []
        coding.put(session, account, Unit(IMPORTANT), "waiting", me, NOW)
        coding.put(session, account, Unit(WELL), "listened_to", me, NOW)
        second_sample.finish(session, account, me, NOW)
    assert "No account that chance drew" in words(lead.get("/staff/coding/agreement"))
    apart = words(lead.get("/staff/coding/agreement?who=named"))
    assert "Both coded 2 answers" in apart
    assert "chance did not choose them" in apart


def test_that_none_would_be_drawn_is_said_beforehand(
    lead: Desk, account: UUID, round_id: UUID, amina: UUID, database: Database
) -> None:
    with database.sessions.begin() as session:
        second_sample.draw(session, round_id, 25, amina, NOW)
    later, _case = told(database, round_id, reference="EX-002")
    with database.sessions.begin() as session:
        coding.put(session, later, Unit(IMPORTANT), "waiting", amina, NOW)
        coding.put(session, later, Unit(WELL), "listened_to", amina, NOW)
        lees_row = session.scalars(select(SecondCoding).where(SecondCoding.drawn)).one()
        lees_row.coder = None
    page = words(lead.get(SECOND))
    assert "1 coded account is new, and none would be drawn" in page
    assert lead.post(SECOND, percent="25").status_code == 302
    assert "nobody codes them a second time" in words(lead.get(SECOND))


def test_a_meeting_from_the_form_to_the_codes(
    lead: Desk, account: UUID, round_id: UUID, amina: UUID, database: Database
) -> None:
    me = lees(database)
    with database.sessions.begin() as session:
        second_sample.draw(session, round_id, 10, amina, NOW)
        coding.none_apply(session, account, Unit(IMPORTANT), me, NOW)
        coding.put(session, account, Unit(WELL), "listened_to", me, NOW)
        second_sample.finish(session, account, me, NOW)
    day = {"held_on-day": "17", "held_on-month": "11", "held_on-year": "2026"}
    alone = lead.post("/staff/coding/meetings", present=[str(me)], **day)
    assert "Choose at least two people" in alone.text
    late = lead.post(
        "/staff/coding/meetings", present=[str(me), str(amina)], **(day | {"held_on-year": "2027"})
    )
    assert "has not come yet" in late.text
    held = lead.post("/staff/coding/meetings", present=[str(me), str(amina)], **day)
    page = held.headers["Location"]
    meeting = re.findall(r"meeting=([\w-]+)", page)[0]
    assert "Amina Rahman, Lee Marrowby" in words(lead.get(page))
    sent = {"meeting": meeting, "interview": account, "prompt": IMPORTANT}
    for wrong in ({"why": "We read it."}, {"verdict-waiting": "first"}):
        refused = lead.post(page, DIFFER, **sent, **wrong)
        assert refused.status_code == 422
    assert "checked" in refused.text
    # What both put is not open, and a meeting that there is not decides nothing.
    stray = sent | {"prompt": WELL, "verdict-listened_to": "neither", "why": "So."}
    assert lead.post(page, DIFFER, **stray).status_code == 422
    nobody = sent | {"meeting": str(UUID(int=0)), "verdict-waiting": "neither", "why": "So."}
    assert lead.post(page, DIFFER, **nobody).status_code == 404
    with database.sessions() as session:
        assert session.scalars(select(ConsensusDecision)).all() == []
    right = {"verdict-waiting": "second", "why": "She tells us, she does not wait."}
    assert lead.post(page, DIFFER, **sent, **right).status_code == 302
    with database.sessions() as session:
        now = coding.coded(session, account)
        assert now.codes == {"listened_to"}
        assert now.none_apply == {Unit(IMPORTANT)}
    shown = words(lead.get(DIFFER))
    assert "As the second coder She tells us, she does not wait." in shown
    assert "Nothing is left to talk about here." in shown
    assert "1 decision" in words(lead.get("/staff/coding/meetings"))


def test_given_to_somebody_else(
    lead: Desk, account: UUID, round_id: UUID, amina: UUID, database: Database
) -> None:
    lead.post(SECOND, percent="10")
    with database.sessions.begin() as session:
        cara = add_staff(
            session, email="cara@council.example", name="Cara Lowe", roles=[Role.LEAD], now=NOW,
            password="x" * 12,
        ).staff_id  # fmt: skip
    give = f"{SECOND}/give"
    assert lead.post(SECOND, give, interview=account, coder=str(amina)).status_code == 422
    assert lead.post(SECOND, give, interview=account, coder=str(cara)).status_code == 302
    assert "Wait until they are done." in lead.get(SECOND).text
    assert lead.post(SECOND, give, interview=UUID(int=0), coder=str(cara)).status_code in {404, 422}


def test_only_those_who_code(sign_in: SignIn, app: Flask, round_id: UUID) -> None:
    panel = sign_in(Role.PANEL)
    for page in (SECOND, DIFFER, "/staff/coding/agreement", "/staff/coding/meetings"):
        assert panel.get(page).status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_menu_says_coding_on_every_page_beside_it(lead: Desk, round_id: UUID) -> None:
    current = re.compile(r'aria-current="(page|true)">([^<]+)</a></li>')
    for page in (
        "coding/second", "coding/disagreements", "coding/suggestions", "coding/tone", "codebook",
        "codebook/codes/waiting", "themes", "names", "files",
    ):  # fmt: skip
        assert current.findall(lead.get(f"/staff/{page}").text) == [("true", "Coding")], page
    assert current.findall(lead.get("/staff/accounts/to-code").text) == [("page", "Coding")]
    assert current.findall(lead.get("/staff/plan").text) == [("page", "Plan of the year")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_sum_tells_what_the_first_coder_put(
    lead: Desk, account: UUID, round_id: UUID, amina: UUID, database: Database
) -> None:
    other, _case = told(database, round_id, reference="EX-002")
    with database.sessions.begin() as session:
        coding.put(session, other, Unit(IMPORTANT), "waiting", amina, NOW)
        coding.put(session, other, Unit(WELL), "proud", amina, NOW)

    def sums() -> tuple[bool, ...]:
        """Whether the codes of the one, and of the other account are counted anywhere."""
        book = words(lead.get("/staff/codebook/codes/listened_to"))
        themes = lead.get("/staff/themes").text
        other_book = words(lead.get("/staff/codebook/codes/proud"))
        return (
            "Used 1 time" in book,
            "/staff/themes/listened_to" in themes,
            "Used 1 time" in other_book,
            "/staff/themes/proud" in themes,
        )

    # Either may still be given to Lee, so neither counts: no sum before the draw has them.
    assert sums() == (False,) * 4
    assert "2 accounts are left out" in words(lead.get("/staff/codebook"))
    assert "2 accounts are left out" in words(lead.get("/staff/themes"))
    with database.sessions.begin() as session:
        seed = next(
            each
            for each in range(99)
            if min((account, other), key=lambda one: rank(each, one)) == account
        )
        second_sample.draw(session, round_id, 10, amina, NOW, seed=seed)
    # What was not drawn counts now; what was does not until it is done.
    assert sums() == (False, False, True, True)
    assert "1 account is left out" in words(lead.get("/staff/codebook"))
    lead.post(bench(account), prompt=IMPORTANT, sentence="", put="waiting")
    lead.post(bench(account), prompt=WELL, sentence="", none="1")
    # What Lee puts in the meantime is counted nowhere.
    assert "Used 1 time" in words(lead.get("/staff/codebook/codes/waiting"))
    lead.post(bench(account), f"{bench(account)}/done", **{"done-took": "5"})
    assert sums() == (True,) * 4
    assert "account is left out" not in words(lead.get("/staff/codebook"))
