"""Whatever is sent to the pages of issue 7: an answer in words, nothing broken, nothing changed."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from family_voice.sharing.exchange.models import ImportedProject
from family_voice.themes.codebook_models import CodebookVersion
from family_voice.themes.memo_models import MemoRow
from family_voice.themes.models import CodingCommand
from tests.conftest import Database
from tests.themes.suggesting import Suggesting, two_accounts
from tests.web.staff.conftest import Desk

HUGE = "9" * 5_000
ODD = ("a\x00b", HUGE, "0000019" + HUGE, "²", "../../etc/passwd", str(uuid4()))
KEPT = (CodingCommand, MemoRow, CodebookVersion, ImportedProject)


def kept(database: Database) -> list[int]:
    with database.sessions() as session:
        return [session.scalar(select(func.count()).select_from(each)) or 0 for each in KEPT]


@pytest.fixture
def two(lead: Desk, database: Database) -> Suggesting:
    with database.sessions.begin() as session:
        return two_accounts(session, on=False)


def test_odd_addresses_and_queries_are_answered(
    lead: Desk, database: Database, two: Suggesting
) -> None:
    before = kept(database)
    account = f"/staff/accounts/{two.coded}/code"
    for odd in ODD:
        for address, names in (
            (account, ("answer", "sentence")),
            ("/staff/themes", ("round", "by")),
            ("/staff/themes/waiting", ("round", "by")),
            ("/staff/coding/tone/sentences", ("round", "first")),
            ("/staff/coding/disagreements", ("round", "meeting", "code")),
            ("/staff/coding/agreement", ("round", "by")),
            ("/staff/coding/second", ("round",)),
            ("/staff/files/download", ("round", "kind", "names")),
            ("/staff/names", ("round",)),
        ):
            for name in names:
                page = lead.client.get(address, query_string={name: odd})
                assert page.status_code in (200, 302, 404, 422), (address, name, odd[:9])
    for number in ("99999999999999999999", HUGE[:4000]):
        for address in (
            f"/staff/files/projects/{number}",
            f"/staff/files/projects/{number}/download",
            f"/staff/codebook/history/{number}",
            f"/staff/codebook/history/{number}/undo",
        ):
            assert lead.get(address).status_code == 404, address[:40]
    assert kept(database) == before


def test_odd_forms_change_nothing(lead: Desk, database: Database, two: Suggesting) -> None:
    before = kept(database)
    account = f"/staff/accounts/{two.coded}/code"
    page = account
    for odd in ODD:
        for address, form in (
            (account, {"prompt": odd, "put": "waiting"}),
            (account, {"prompt": "worries.open", "sentence": f"{odd}x", "put": "waiting"}),
            (account, {"prompt": "worries.open", "put": odd}),
            (f"{account}/memo", {"memo-prompt": odd or "x", "memo-text": "Memo"}),
            (f"{account}/memo", {"memo-prompt": "worries.open", "memo-about": f":{odd}x",
                                 "memo-text": "Memo"}),
            (f"{account}/memo", {"memo-remove": odd or "x"}),
            (f"{account}/suggestion", {"suggestion": odd, "yes": "1"}),
            ("/staff/coding/disagreements", {"meeting": odd, "interview": odd, "prompt": odd,
                                             "why": "So", "verdict-waiting": "first"}),
            ("/staff/coding/meetings", {"held_on": odd, "present": odd}),
            ("/staff/coding/second", {"percent": odd}),
            ("/staff/coding/second/give", {"interview": odd, "coder": odd}),
            ("/staff/coding/second/name", {"account": odd, "who": odd}),
            ("/staff/codebook/codes/waiting/retire", {"seen": odd or "x", "reason": "So",
                                                      "sure": "1"}),
            ("/staff/codebook/codes/waiting/merge", {"seen": "1", "into": odd, "reason": "So",
                                                     "sure": "1"}),
            ("/staff/codebook/requests", {"request": odd, "outcome": "changed", "version": odd,
                                          "text": odd}),
        ):  # fmt: skip
            sent = lead.post(page, address, **form)
            assert sent.status_code < 500, (address, form)
    long = lead.post(page, f"{account}/memo", **{"memo-text": "x" * 1_000_000})
    assert long.status_code in (413, 422)
    assert kept(database) == before


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_files_that_mean_harm_are_told_and_change_nothing(lead: Desk, database: Database) -> None:
    before = kept(database)
    head = b'<?xml version="1.0" encoding="utf-8"?>'
    xxe = head + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Project name="&e;"/>'
    source = (
        b'<Project name="x" xmlns="urn:QDA-XML:project:1.0"><Sources><TextSource '
        b'guid="11111111-1111-1111-1111-111111111111" name="x" '
        b'plainTextPath="internal://../../../../etc/passwd"/></Sources></Project>'
    )
    deep = head + b"<Project>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</Project>"
    many = b"name\n" + b"".join(b"Code %d\n" % each for each in range(10_000))
    for data in (
        packed({"project.qde": xxe}),
        packed({"project.qde": head + source}),
        packed({"project.qde": b" " * 120_000_000}),
        packed({"project.qde": deep}),
        packed({"project.qde": b"\xff\xfe\x00"}),
        b"name,description\nA\x00b,A description with a nought \x00 in it\n",
        b"name\n\xed\xa0\x80\n",
        many,
        xxe,
    ):
        form = {"file": (io.BytesIO(data), "../../x.qdpx"), "reason": "Tried."}
        page = lead.post("/staff/files", **form)
        assert page.status_code in (413, 422), data[:30]
        assert "passwd" not in page.text
    assert kept(database) == before
