"""What the names page shows is word for word what leaves in files, for every account of a demo."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html import unescape

from flask.testing import FlaskClient

from tests.demo.conftest import Demo
from tests.demo.test_pages import TOKEN, forms

_WORDS = re.compile(r'<blockquote class="fv-words fv-swaps"[^>]*>(.*?)</blockquote>', re.S)
_GONE = re.compile(r'<del>.*?</del><span class="govuk-visually-hidden">.*?</span>', re.S)


def as_shown(page: str) -> list[str]:
    """The words of a names page, as it says that they leave."""
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", "", _GONE.sub("", each))).split())
        for each in _WORDS.findall(page)
    ]


def signed_in(demo: Demo) -> FlaskClient:
    """A lead of the demo."""
    client = demo.client
    lead = next(each for each in demo.handout.staff if each.role == "coproduction_lead")
    page = client.get("/demo").text
    form = next(each for each in forms(page) if each["who"] == lead.email)
    client.post("/demo/sign-in", data=form | {"csrf_token": TOKEN.findall(page)[0]})
    return client


def test_the_names_page_shows_what_leaves_for_every_account(demo: Demo) -> None:
    client = signed_in(demo)
    rounds = re.findall(r'<option value="([0-9a-f-]{36})"', client.get("/staff/names").text)
    whole, left = list[list[str]](), ""
    for each in rounds:
        accounts = set(
            re.findall(
                r"/staff/accounts/[0-9a-f-]{36}/names",
                client.get(f"/staff/names?round={each}").text,
            )
        )
        for account in sorted(accounts):
            whole.append(as_shown(client.get(account).text))
        where = f"/staff/files/download?round={each}&names=without&kind="
        with zipfile.ZipFile(io.BytesIO(client.get(f"{where}qdpx").data)) as archive:
            left += "\n".join(archive.read(name).decode() for name in archive.namelist())
        table = client.get(f"{where}csv").data.decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table)):
            # A whole answer may be several pieces, one below the other.
            for line in row["words"].splitlines():
                assert any(" ".join(line.split()) in each for told in whole for each in told)
    left = " ".join(unescape(left).split())
    # One that is not finished, or that this lead codes blind, leaves in no file.
    leaves = [told for told in whole if told and any(each in left for each in told)]
    assert len(leaves) >= len(whole) - 2
    assert [each for told in leaves for each in told if each not in left] == []
