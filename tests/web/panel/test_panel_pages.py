"""The panel: their own sessions' cases, what consent allows now, every look on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.cases.models import Case
from family_voice.cases.seats import leave, record_works_with
from family_voice.consent.statements import Purpose
from family_voice.improvement.views import views_of, write_view
from family_voice.security.models import TrailRow
from family_voice.storage.engine import reading
from family_voice.storage.locking import fetch
from tests.conftest import Clock, Database
from tests.reports.panel_round import CHILDS, SECRET, URDU, PanelRound, say_no, told

SignIn = Callable[[UUID], FlaskClient]
KEEP = "Do not repeat to people who work with this family"


def token(page: TestResponse) -> str:
    found = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return str(found[-1])


def trail(database: Database, action: str, resource: str) -> list[tuple[UUID | None, list[str]]]:
    with reading(database.sessions) as session:
        rows = session.scalars(
            select(TrailRow)
            .where(TrailRow.action == action, TrailRow.resource == resource)
            .order_by(TrailRow.at, TrailRow.id)
        ).all()
        return [(row.actor_id, list(row.fields)) for row in rows]


def in_order(page: str, *pieces: str) -> bool:
    place = 0
    for piece in pieces:
        place = page.find(piece, place)
        if place < 0:
            return False
    return True


def test_only_with_a_seat_at_the_session(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    outsider, address = sign_in(panel.outsider), f"/panel/cases/{panel.case}"
    for path in ("", "/views", "/copies", "/copies/1"):
        answer = outsider.get(address + path)
        assert answer.status_code == 403
        assert "friend" not in answer.text
    assert trail(database, "refuse", "pack") == [(panel.outsider, ["see"])] * 4
    nowhere = f"/panel/cases/{panel.round_id}"
    assert outsider.get(nowhere).status_code == 403  # not even whether there is such a case
    assert sign_in(panel.lead).get(nowhere).status_code == 404
    with database.sessions.begin() as session:
        leave(session, panel.session_id, panel.member)
    assert sign_in(panel.member).get(address).status_code == 403


def test_the_first_page_says_account_or_no_account_and_nothing_else(
    sign_in: SignIn, panel: PanelRound
) -> None:
    page = sign_in(panel.member).get("/panel/").text
    assert page.count('class="fv-sitting"') == 1
    assert re.findall(r'govuk-tag[^>]*">([^<]+)<', page) == ["Account", "No account", "No account"]
    for word in ("Invited", "Said no", "Not reached", "Not safe", "Stood down", "In progress"):
        assert word not in page
    assert sign_in(panel.lead).get("/panel/").text.count('class="fv-sitting"') == 2
    assert 'class="fv-sitting"' not in sign_in(panel.member).get("/panel/earlier").text


def test_both_sides_and_the_look_on_record(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    page = sign_in(panel.member).get(f"/panel/cases/{panel.case}").text
    assert in_order(
        page, "What difference have we made?", CHILDS, "He has a friend now.",
        "What are we worried about?", SECRET, KEEP, "For this child",
        "For services as a whole", URDU, "Overleaf", "Friends and joining in",
    )  # fmt: skip
    assert f'lang="ur" dir="auto">{URDU}</q>' in page
    assert "fv-said--child" in page.split(CHILDS)[0]
    assert page.count('class="fv-blank"') == 16
    [(who, fields)] = trail(database, "view", "pack")
    assert who == panel.member
    assert fields[:5] == ["speakers", "sentences", "account", "codes", "professional views"]
    assert set(fields[5:]) == {str(panel.mother), str(panel.child)}


def test_a_marked_sentence_never_reaches_a_worker(sign_in: SignIn, panel: PanelRound) -> None:
    page = sign_in(panel.worker).get(f"/panel/cases/{panel.case}").text
    assert "He has a friend now." in page
    assert SECRET not in page
    assert "never listens" not in page
    assert KEEP not in page


def test_a_no_makes_it_vanish_at_the_next_look_printed_copies_too(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    member, address = sign_in(panel.member), f"/panel/cases/{panel.case}"
    copy = make_copy(member, address, panel.member)
    assert CHILDS in member.get(copy).text
    with database.sessions.begin() as session:
        for interview in (panel.mother, panel.child):
            say_no(session, interview, now, Purpose.CHECK)
    silent = member.get(f"/panel/cases/{panel.silent}").text
    for path in (address, copy, f"{address}/copies"):
        page = member.get(path).text
        assert "No account." in page
        for words in (CHILDS, "friend now", URDU, "withdrawn", "permission", "consent"):
            assert words not in page
    assert shape(member.get(address).text) == shape(silent)
    assert "No account." in sign_in(panel.chair).get(address).text
    assert re.findall(r'govuk-tag[^>]*">([^<]+)<', member.get("/panel/").text) == ["No account"] * 3
    assert "Ask for every copy back" in sign_in(panel.lead).get(f"{address}/copies").text
    assert "Ask for every copy back" not in member.get(f"{address}/copies").text


def shape(page: str) -> str:
    """A page without what names its child."""
    named = r'(?s)<header class="fv-pack__head">.*?</header>|value="[^"]+"|cases/[0-9a-f-]{36}'
    return re.sub(named, "", page)


def make_copy(client: FlaskClient, address: str, made_for: UUID) -> str:
    form = {"made_for": str(made_for), **day(9, 12, 2026)}
    form["csrf_token"] = token(client.get(f"{address}/copies"))
    answer = client.post(f"{address}/copies", data=form)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def day(number: int, month: int, year: int) -> dict[str, str]:
    return {
        "destroy_by-day": str(number),
        "destroy_by-month": str(month),
        "destroy_by-year": str(year),
    }


def test_a_copy_is_numbered_for_one_person_until_a_day(
    sign_in: SignIn, panel: PanelRound, database: Database, clock: Clock
) -> None:
    member, address = sign_in(panel.member), f"/panel/cases/{panel.case}"
    first, second = (make_copy(member, address, panel.member) for _ in range(2))
    assert first.endswith("/copies/1")
    assert second.endswith("/copies/2")
    page = member.get(first).text
    for words in ("Copy 1", "Max Member", "Destroy by 9 December 2026", CHILDS, SECRET, KEEP):
        assert words in page
    exported = {fields[0] for _who, fields in trail(database, "export", "pack")}
    assert exported == {"copy 1", "copy 2"}
    assert [fields[0] for _who, fields in trail(database, "view", "pack")] == ["copy 1"]
    assert sign_in(panel.chair).get(first).status_code == 403
    assert sign_in(panel.lead).get(first).status_code == 200
    gone = member.post(f"{first}/destroyed", data={"csrf_token": token(member.get(page_of(first)))})
    assert gone.status_code == 302
    assert "Destroyed on 18 Nov 2026" in member.get(page_of(first)).text
    over = member.get(first)
    assert (over.status_code, CHILDS in over.text) == (410, False)
    clock.present += timedelta(days=29)
    member = sign_in(panel.member)
    late = member.get(second)
    assert (late.status_code, CHILDS in late.text) == (410, False)
    assert "Read the pack on the screen" in member.get(page_of(second)).text


def page_of(copy: str) -> str:
    return copy.rpartition("/")[0]


def test_a_copy_the_lead_prints_is_made_for_its_holder(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    lead, address = sign_in(panel.lead), f"/panel/cases/{panel.case}"
    copy = make_copy(lead, address, panel.worker)
    assert "He has a friend now." in lead.get(copy).text
    assert SECRET not in lead.get(copy).text
    other = make_copy(lead, address, panel.member)
    assert SECRET in lead.get(other).text
    with database.sessions.begin() as session:
        record_works_with(session, panel.member, panel.case, True)
    assert SECRET not in lead.get(other).text


def test_nobody_prints_for_somebody_who_gave_the_seat_up(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    lead, address = sign_in(panel.lead), f"/panel/cases/{panel.case}"
    copy = make_copy(lead, address, panel.member)
    with database.sessions.begin() as session:
        leave(session, fetch(session, Case, panel.case).session_id, panel.member)
    refused = lead.get(copy)
    assert (refused.status_code, CHILDS in refused.text) == (403, False)
    # An error page for staff, too, is two clicks from a concern.
    assert 'href="/staff/concern"' in refused.text


def test_a_copy_is_refused_with_a_sentence(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    member, address = sign_in(panel.member), f"/panel/cases/{panel.case}/copies"
    page = member.get(address)
    assert "Chris Chair" not in page.text
    for form, sentence in (
        ({"made_for": str(panel.chair), **day(9, 12, 2026)}, "Choose one of the answers"),
        ({**day(9, 12, 2026)}, "Choose the one person"),
        ({"made_for": str(panel.member), **day(17, 12, 2026)}, "Put a day from today"),
        ({"made_for": str(panel.member), **day(17, 11, 2026)}, "Put a day from today"),
        ({"made_for": str(panel.member), **day(31, 11, 2026)}, "Put a real date"),
    ):
        answer = member.post(address, data={"csrf_token": token(page), **form})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert member.post(address, data=form).status_code == 422
    assert trail(database, "export", "pack") == []
    assert "Who is this copy for?" not in member.get(f"/panel/cases/{panel.silent}/copies").text


def views_form(client: FlaskClient, address: str, **words: str) -> dict[str, str]:
    """The form of the views as the browser would send it, with some lines typed anew."""
    page = client.get(address)
    line = r'<input[^>]* name="([a-z_]+-[a-z_-]+)"[^>]*? value="([^"]*)"'
    sent = dict(re.findall(line, page.text))
    return {**sent, "csrf_token": token(page), **words}


def test_the_chair_types_a_line_an_agency(
    sign_in: SignIn, panel: PanelRound, database: Database
) -> None:
    chair, address = sign_in(panel.chair), f"/panel/cases/{panel.case}/views"
    form = views_form(chair, address) | {"worries-health": "Eleven months of waiting."}
    assert chair.post(address, data=form).status_code == 302
    page = sign_in(panel.member).get(f"/panel/cases/{panel.case}").text
    assert "Eleven months of waiting." in page
    assert page.count('class="fv-blank"') == 15
    assert trail(database, "change", "professional view") == [(panel.chair, ["worries-health"])]
    for other in (panel.member, panel.lead):
        assert sign_in(other).get(address).status_code == 403
    assert sign_in(panel.member).post(address, data=form).status_code == 403
    form = views_form(chair, address) | {"worries-health": ""}
    assert chair.post(address, data=form).status_code == 302
    assert "Eleven months" not in chair.get(f"/panel/cases/{panel.case}").text


def test_two_who_type_the_same_line_see_both_versions(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    chair, address = sign_in(panel.chair), f"/panel/cases/{panel.case}/views"
    form = views_form(chair, address) | {"next-health": "Mine.", "next-education": "Also mine."}
    with database.sessions.begin() as session:
        write_view(session, panel.case, "next", "health", "Theirs.", panel.chair, now)
    answer = chair.post(address, data=form)
    assert answer.status_code == 422
    assert in_order(answer.text, "It now says:", "Theirs.", "You typed:", "Mine.")
    with reading(database.sessions) as session:
        standing = views_of(session, panel.case)
        assert {key: view.words for key, view in standing.items()} == {
            ("next", "health"): "Theirs."
        }
    sent = dict(re.findall(r'name="(next-[a-z_-]+)"[^>]*? value="([^"]*)"', answer.text))
    assert sent["next-health"] == "Mine."
    again = chair.post(address, data={**form, **sent, "csrf_token": token(answer)})
    assert again.status_code == 302
    with reading(database.sessions) as session:
        assert {view.words for view in views_of(session, panel.case).values()} == {
            "Mine.", "Also mine.",
        }  # fmt: skip


def test_a_telephone_number_in_their_words_keeps_its_order(
    sign_in: SignIn, panel: PanelRound, database: Database, now: datetime
) -> None:
    with database.sessions.begin() as session:
        said = {"important.open": f"{URDU} فون 07700 900123 پر کریں۔"}
        told(session, panel.case, "father", said, now)
    page = sign_in(panel.member).get(f"/panel/cases/{panel.case}").text
    assert 'فون <bdi dir="ltr">07700 900123</bdi> پر' in page
