"""Files for other programs at a lead's desk: what leaves, what comes in, what is on record."""

from __future__ import annotations

import io
import re
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from family_voice.people.access import Role
from family_voice.security.models import TrailRow
from family_voice.sharing.exchange import keeping
from family_voice.sharing.exchange.reading import read_qdpx
from family_voice.sharing.exchange.writing import qdpx
from family_voice.themes import coding
from family_voice.themes.codebooks import current
from tests.conftest import Database
from tests.sharing.exchange.projects import packed, project, unpacked
from tests.themes.suggesting import WORRIES, Suggesting, two_accounts
from tests.web.staff.conftest import Desk, SignIn

HOME = "/staff/files"


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def there(database: Database) -> Suggesting:
    with database.sessions.begin() as session:
        return two_accounts(session, on=False)


def exports(database: Database) -> list[tuple[str, list[str]]]:
    with database.sessions() as session:
        rows = session.scalars(select(TrailRow).where(TrailRow.action == "export"))
        return [(row.resource, row.fields) for row in rows]


def test_a_lead_takes_a_round_along_without_names_and_it_is_on_record(
    lead: Desk, database: Database
) -> None:
    there(database)
    shown = lead.get(HOME)
    assert "Take a round along" in words(shown)
    sent = lead.get(f"{HOME}/download?kind=qdpx")
    assert sent.headers["Content-Disposition"].endswith('"family-voice-accounts-autumn-2026.qdpx"')
    found = read_qdpx(sent.data).project
    assert found.codings == 3
    assert {each.name for each in found.coders} == {found.coders[0].name}
    assert found.coders[0].name.startswith("Coder ")
    assert not any(each.words for source in found.sources for each in source.passages)
    assert "Miss Ward" not in "".join(each.text for each in found.sources)
    assert ("round", ["qdpx", "without names"]) in exports(database)
    assert ("interview", ["answers", "codes"]) in exports(database)


def test_names_leave_only_when_they_are_asked_for(lead: Desk, database: Database) -> None:
    there(database)
    found = read_qdpx(lead.get(f"{HOME}/download?kind=qdpx&names=with").data).project
    texts = "".join(each.text for each in found.sources)
    assert "Miss Ward is kind." in texts
    assert found.cases[0].name.startswith("EX-001 ")
    spoken = {each.words for source in found.sources for each in source.passages}
    assert "Miss Ward is kind." in spoken
    assert ("round", ["qdpx", "names"]) in exports(database)


def test_every_kind_of_file_is_given(lead: Desk, database: Database) -> None:
    there(database)
    for kind, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfcase"), ("qdc", b"<?xml"),
                        ("codebook", b"\xef\xbb\xbfgroup")):  # fmt: skip
        assert lead.get(f"{HOME}/download?kind={kind}").data.startswith(start)
    wrong = lead.get(f"{HOME}/download?kind=exe")
    assert wrong.status_code == 422
    assert "Choose one of the answers in the list." in words(wrong)


def test_only_who_codes_gets_a_file(sign_in: SignIn, database: Database) -> None:
    there(database)
    for role in (Role.PANEL, Role.FORUM):
        desk = sign_in(role)
        for address in (HOME, f"{HOME}/download?kind=qdpx", f"{HOME}/projects/1"):
            assert desk.get(address).status_code == 403


def test_codes_put_in_another_program_come_back(lead: Desk, database: Database) -> None:
    two = there(database)
    sent = lead.get(f"{HOME}/download?kind=qdpx").data
    files = unpacked(sent)
    xml = files["project.qde"].decode()
    waiting = re.search(r'guid="([^"]+)" name="Getting an answer"', xml)
    assert waiting
    # The other program puts a code on the first sentence of an answer that had none.
    source = next(each for each in read_qdpx(sent).project.sources
                  if "rings" in each.text and not each.passages)  # fmt: skip
    end = source.text.index(".") + 1
    passage = (
        f'<PlainTextSelection guid="{UUID(int=7)}" name="" startPosition="0" endPosition="{end}">'
        f'<Coding guid="{UUID(int=8)}"><CodeRef targetGUID="{waiting[1]}"/></Coding>'
        "</PlainTextSelection>"
    )
    begins = xml.index(f'<TextSource guid="{source.id}"')
    place = xml.index("<VariableValue>", begins)
    files["project.qde"] = (xml[:place] + passage + xml[place:]).encode()
    came = lead.post(HOME, **_bring(packed(files)))
    assert came.status_code == 302
    shown = lead.get(came.headers["Location"])
    assert "Put 1 new code on" in words(shown)
    assert "3 codes are there already" in words(shown)
    went = lead.post(came.headers["Location"], came.headers["Location"] + "/codings")
    assert went.status_code == 302
    assert "There is nothing new to put on." in words(lead.get(came.headers["Location"]))
    with database.sessions() as session:
        (put,) = coding.coded(session, two.open).codings
    assert (put.unit.prompt_id, put.code) == (WORRIES.prompt_id, "answers")
    assert put.unit.sentence_id is not None


def _bring(data: bytes, reason: str = "") -> dict[str, object]:
    return {"file": (io.BytesIO(data), "file"), "reason": reason}


def test_another_programs_project_is_kept_given_back_and_deleted(
    lead: Desk, database: Database
) -> None:
    data = qdpx(project({"We wait 😀.": [(8, 9, "a")]}))
    came = lead.post(HOME, **_bring(data))
    assert came.status_code == 302
    address = came.headers["Location"]
    shown = lead.get(address)
    assert "None of its texts is an answer of ours." in words(shown)
    assert "3 codes would be new" not in words(shown)
    assert "1 code would be new: Ohne Überschrift" in words(shown)
    assert lead.get(f"{address}/download?kind=qdpx").data == data
    assert lead.post(address, f"{address}/codes", **{"reason": ""}).status_code == 422
    assert lead.post(address, f"{address}/codes", **{"reason": "Tried."}).status_code == 302
    with database.sessions() as session:
        names = [each.name for each in current(session).codes.values()]
    assert "Ohne Überschrift" in names
    assert lead.post(address, f"{address}/throw-away").status_code == 302
    assert lead.get(address).status_code == 404
    with database.sessions() as session:
        assert keeping.every(session) == ()


def test_what_is_not_sound_changes_nothing_and_is_told(lead: Desk, database: Database) -> None:
    for data, told in (
        (b"PK\x03\x04 and no more", "damaged"),
        (b"<x/>", "no REFI-QDA file"),
        (b"name\nWaiting rooms\n", "This is a codebook. Say why"),
    ):
        shown = lead.post(HOME, **_bring(data))
        assert shown.status_code == 422
        assert told in words(shown)
    assert lead.post(HOME, **{"reason": ""}).status_code == 422
    with database.sessions() as session:
        assert keeping.every(session) == ()
        assert current(session).version == 1


def test_a_codebook_comes_in_with_its_reason(lead: Desk, database: Database) -> None:
    data = b"name,description\nSensory needs,Noise and light at school and at home\n"
    came = lead.post(HOME, **_bring(data, "From the county."))
    assert came.headers["Location"].endswith("/codebook")
    assert "1 new code came in." in words(lead.get(came.headers["Location"]))
    with database.sessions() as session:
        book = current(session)
        (code,) = (each for each in book.codes.values() if each.name == "Sensory needs")
        assert code.definition == "Noise and light at school and at home"
        assert book.group_of(code.id).name == "Brought in from a file"
        assert book.version == 2
