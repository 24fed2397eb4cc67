"""The pack in a real Chromium: sound at both widths and directions, and one side on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask, g
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from family_voice.cases.pack_choice import Place, choose
from family_voice.frameworks.loader import version_in_force
from family_voice.improvement.views import write_view
from family_voice.interviews import record
from family_voice.language import pseudo, texts
from family_voice.language.catalogues import Catalogues
from family_voice.people.access import ROUTES, Door
from family_voice.people.accounts import StaffMember
from family_voice.sharing.copies import make_copy
from family_voice.storage.locking import fetch
from family_voice.web.services import db
from family_voice.web.staff.sign_in import sign_in_for_demo
from tests.browser.checks import axe, html_validate_all, is_too_wide, small_targets, untranslated
from tests.conftest import Database
from tests.reports.panel_round import PanelRound, a_panel_round, told

LONG = (
    "I have rung them every week since the summer and each time it is somebody else who knows "
    "nothing of him, so I begin again from the start, number {}."
)
SEEN = "Attendance is up and the plan was shared, but the advice in it is two years old, {}."


# What a framework or a caseload file calls things, in the labels of boxes.
AREA = version_in_force("blackburn_with_darwen", date(2026, 12, 16))
AGENCIES, ROLES = [each.name for each in AREA.agencies], [each.name for each in AREA.roles]
NAMES = [re.escape(name) for name in (*AGENCIES, *ROLES)]
DATA = re.compile("|".join([*NAMES, "Chris Chair", r".* \(EX-00\d\)"]))


@pytest.fixture(autouse=True)
def only_english_afterwards() -> Iterator[None]:
    """The mirrored language is on offer in these tests alone."""
    yield
    texts.install(Catalogues())


@pytest.fixture
def panel(database: Database, now: datetime) -> PanelRound:
    with database.sessions.begin() as session:
        return a_panel_round(session, now)


@pytest.fixture
def address(demo_app: Flask, serve: Callable[[Flask], str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(ROUTES, "test_sign_in", Door.DEMO)

    def enter(staff_id: UUID) -> str:
        g.form_checked = True
        sign_in_for_demo(fetch(db(), StaffMember, staff_id))
        return "in"

    demo_app.add_url_rule("/test/sign-in/<uuid:staff_id>", "test_sign_in", enter)
    return serve(demo_app)


def signed_in(browser: Browser, address: str, staff_id: UUID, width: int = 1280) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{address}/test/sign-in/{staff_id}")
    return page


@pytest.mark.parametrize(("width", "language"), [(320, "en"), (1280, "en"), (320, "en-x-mirror")])
def test_every_page_is_sound(
    browser: Browser, address: str, panel: PanelRound, database: Database, now: datetime,
    width: int, language: str,
) -> None:  # fmt: skip
    texts.install(pseudo.add_to(Catalogues()))
    with database.sessions.begin() as session:
        make_copy(session, panel.case, panel.chair, panel.lead, date(2026, 12, 16), now)
    pack, rounds = f"/panel/cases/{panel.case}", f"/staff/rounds/{panel.round_id}"
    visits = {
        panel.chair: ["/panel/", "/panel/earlier", pack, f"{pack}/views", f"{pack}/copies",
                      f"{pack}/copies/1", f"/panel/cases/{panel.silent}"],
        panel.lead: [f"{rounds}/panel", f"{rounds}/panel/{panel.session_id}/{panel.member}",
                     f"{rounds}/release", "/forum/", "/board/"],
    }  # fmt: skip
    sources, foreign = {}, {}
    for who, paths in visits.items():
        page = signed_in(browser, address, who, width)
        for path in paths:
            answer = page.goto(f"{address}{path}?language={language}")
            assert answer
            assert answer.status == 200
            sources[path] = answer.text()
            assert axe(page) == []
            assert small_targets(page) == []
            assert not is_too_wide(page), path
            if language != "en":
                foreign[path] = [each for each in untranslated(page) if not DATA.fullmatch(each)]
        page.close()
    assert not any(foreign.values()), foreign
    if width == 1280:
        assert html_validate_all(sources) == []


def test_what_the_browser_prints_by_itself_has_none_of_the_familys_words(
    browser: Browser, address: str, panel: PanelRound
) -> None:
    page = signed_in(browser, address, panel.chair)
    page.goto(f"{address}/panel/cases/{panel.case}")
    assert page.get_by_text("I like the quiet room.").first.is_visible()
    page.emulate_media(media="print")
    shown = page.inner_text("body")
    assert "printed copies are numbered" in shown
    for words in ("quiet room", "friend now", "Friends and joining in"):
        assert words not in shown


def test_the_fullest_first_side_is_one_side_and_each_page_says_whose_it_is(
    browser: Browser, address: str, panel: PanelRound, database: Database, now: datetime,
    tmp_path: Path,
) -> None:  # fmt: skip
    framework = version_in_force("blackburn_with_darwen", now.date())
    places = [
        Place(question.id, part.id if part else "")
        for question in framework.key_questions
        for part in question.parts or (None,)
    ]
    with database.sessions.begin() as session:
        said = " ".join(LONG.format(n) for n in range(3 * len(places)))
        interview = told(session, panel.silent, "mother", {"next.open": said}, now)
        sentences = record.account(session, interview).sentences
        assert len(sentences) == 3 * len(places)
        for turn, sentence in enumerate(sentences):
            choose(session, panel.silent, sentence.id, places[turn // 3], panel.lead, now)
        for question in framework.key_questions:
            for agency in framework.agencies:
                line = SEEN.format(agency.id)
                write_view(session, panel.silent, question.id, agency.id, line, panel.chair, now)
        make_copy(session, panel.silent, panel.chair, panel.lead, date(2026, 12, 16), now)
    page = signed_in(browser, address, panel.chair)
    page.goto(f"{address}/panel/cases/{panel.silent}/copies/1")
    pages = printed(page, tmp_path / "copy.pdf")
    assert len(pages) == 2
    for text in pages:
        assert "Copy 1" in text
        assert "Destroy by 16 December 2026" in text
    assert "number 14." in pages[0]
    assert "Overleaf" not in pages[0]
    assert "Overleaf" in pages[1]


def printed(page: Page, file: Path) -> list[str]:
    """What stands on each page of paper."""
    page.pdf(path=file, prefer_css_page_size=True)
    return [" ".join(each.extract_text().split()) for each in PdfReader(file).pages]
