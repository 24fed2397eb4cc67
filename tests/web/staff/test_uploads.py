"""Files that are meant to harm, given where a caseload is wanted.

A caseload is CSV. Whatever is packed is refused by its first bytes and never unpacked, so a bomb
has nothing to go off in.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from tests.conftest import Database
from tests.web.staff.conftest import Desk
from tests.web.staff.test_rounds import NEW, answers, stored

SHEET = "xl/worksheets/sheet1.xml"
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">'
    b'<!ENTITY far SYSTEM "http://127.0.0.1:9/x">]><x>&secret;&far;</x>'
)


def packed(**parts: bytes) -> bytes:
    """A zip with these parts; `__` in a name stands for `/`, `_dot_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def unpacks_to(megabytes: int) -> bytes:
    """A workbook that is small and unpacks to something large."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(SHEET, "w") as sheet,
    ):
        for _each in range(megabytes):
            sheet.write(b"<c><v>1</v></c>\n" * 65536)
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "workbook that unpacks to 286 MB": lambda: unpacks_to(286),
    "zip in a zip in a zip": lambda: packed(a=packed(b=packed(c=b"\0" * 10_000_000))),
    "workbook with external entities": lambda: packed(xl__worksheets__sheet1_dot_xml=XXE),
    "workbook with macros": lambda: packed(xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" + b"x" * 99),
    "truncated workbook": lambda: packed(xl__workbook_dot_xml=b"<workbook/>" * 999)[:60],
    "way out of the folder": lambda: packed(**{"..__..__etc__passwd": b"x"}),
    "old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096,
    "XML with external entities": lambda: XXE,
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 4096,
    "PDF": lambda: b"%PDF-1.7\n" + b"\0" * 512,
    "page": lambda: b"<html><script>fvx()</script></html>",
    "program": lambda: b"\x7fELF" + b"\0" * 512,
    "half a letter": lambda: "reference,first_name\nA,Z\u00e9".encode("utf-16")[:-1],
    "only quotation marks": lambda: b'"' * 9999,
    "a million columns": lambda: b"," * 1_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(
    lead: Desk, database: Database, kind: str
) -> None:
    _is_refused(lead, database, HOSTILE[kind](), "cases.csv")


@pytest.mark.parametrize("named", ["cases.xlsx", "../../etc/cases.csv", "C:\\x.csv"])
def test_a_name_is_only_a_name(lead: Desk, database: Database, named: str) -> None:
    _is_refused(lead, database, HOSTILE["old workbook"](), named)


def test_a_name_that_breaks_the_form_is_no_header_and_no_file(
    lead: Desk, database: Database
) -> None:
    content = io.BytesIO(HOSTILE["old workbook"]())
    page = lead.post(NEW, **answers(cases=(content, "x\r\nSet-Cookie: fvx=1.csv")))
    assert "fvx=1" not in str(page.headers)
    assert stored(database)[1:] == [0, 0]


def _is_refused(lead: Desk, database: Database, content: bytes, named: str) -> None:
    page = lead.post(NEW, **answers(cases=(io.BytesIO(content), named)))
    assert page.status_code == 422
    assert "govuk-error-summary" in page.text
    assert "root:" not in page.text
    assert "<script>fvx" not in page.text
    assert "fvx=1" not in str(page.headers)
    assert stored(database) == [0, 0, 0]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    lead: Desk, database: Database
) -> None:
    page = lead.post(NEW, **answers(cases=(io.BytesIO(b"a" * 6_000_000), "cases.csv")))
    assert page.status_code in {413, 422}
    assert stored(database) == [0, 0, 0]
