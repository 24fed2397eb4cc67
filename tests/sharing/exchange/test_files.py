"""Projects as files: written by the standard, read whoever wrote them, refused as a whole."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from family_voice.sharing.exchange import codes, tables, texts
from family_voice.sharing.exchange.bringing import codes_of
from family_voice.sharing.exchange.offsets import Counted
from family_voice.sharing.exchange.opening import ExchangeRefused
from family_voice.sharing.exchange.project import Project
from family_voice.sharing.exchange.reading import read_qdc, read_qdpx
from family_voice.sharing.exchange.writing import qdc, qdpx
from family_voice.themes.codebook import load_codebook
from tests.sharing.exchange.projects import CODES, WORDS, id_of, packed, project, unpacked

SCHEMAS = Path(__file__).parent / "refi_qda"
NS = "{urn:QDA-XML:project:1.0}"
TEXT = "We wait 😀 and wait.\nThe taxi is late.\nشکریہ 👩‍👧‍👦 Zoë said so."
PLACES = [(8, 9, "a"), (0, 20, "b"), (21, 38, "a"), (39, 45, "c"), (52, 60, "b")]


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "Project.xsd")


def test_a_project_is_as_the_schema_says_and_comes_back_the_same(
    schema: xmlschema.XMLSchema,
) -> None:
    made = project({TEXT: PLACES, "Second.": [(0, 7, "a")]})
    data = qdpx(made)
    files = unpacked(data)
    schema.validate(io.BytesIO(files["project.qde"]))
    assert sorted(files) == sorted(["project.qde", *(f"sources/{id_of(n)}.txt" for n in (0, 1))])
    assert files[f"sources/{id_of(0)}.txt"] == TEXT.encode()
    read = read_qdpx(data)
    assert read.project == made
    assert qdpx(read.project) == data
    assert not re.search(rb"guid=\"[^\"]*[A-F{}]", files["project.qde"])


def test_nothing_in_it_says_when_it_was_written() -> None:
    with zipfile.ZipFile(io.BytesIO(qdpx(project({"Words.": []})))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_codebook_is_as_the_schema_says_and_comes_back_the_same() -> None:
    book = codes.entries(load_codebook())
    data = qdc(book, "Family Voice")
    xmlschema.XMLSchema(SCHEMAS / "Codebook.xsd").validate(io.BytesIO(data))
    assert read_qdc(data) == book
    assert all(not each.codable for each in book)
    names = [each.name for top in book for each in top.every()]
    assert len(set(names)) == len(names)
    said = {each.name: each for each in codes.words_of(book)}
    for group in load_codebook().groups:
        for code in group.codes:
            words = said[code.name]
            assert (words.group, words.definition, words.use_when, words.not_when) == (
                group.name, code.definition, code.use_when, code.not_when,
            )  # fmt: skip
            assert (words.examples, words.headings, words.source) == (
                code.examples, code.headings, code.source,
            )  # fmt: skip
    assert codes_of(codes.as_csv(codes.words_of(book))) == codes.words_of(book)


@given(st.lists(WORDS, min_size=1, max_size=12), st.data())
@settings(max_examples=300)
def test_every_place_selects_exactly_the_words_that_were_coded(
    pieces: list[str], data: st.DataObject
) -> None:
    """Whatever the letters: in the file's own text, by the standard's rule."""
    whole = "".join(pieces)
    ends = sorted({0, len(whole), *data.draw(st.sets(st.integers(0, len(whole)), max_size=6))})
    places = list(pairwise(ends))
    moved = texts.plain(whole, ends)
    made = project(
        {moved.text: [(moved.start(start), moved.end(end), "a") for start, end in places]}
    )
    files = unpacked(qdpx(made))
    text = files[f"sources/{id_of(0)}.txt"].decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert unicodedata.is_normalized("NFC", text)
    root = ET.fromstring(files["project.qde"])
    found = root.findall(f".//{NS}PlainTextSelection")
    for (start, end), selection in zip(places, found, strict=True):
        chosen = text[int(selection.attrib["startPosition"]) : int(selection.attrib["endPosition"])]
        half = start and whole[start - 1] == "\r"
        words = whole[start:end].removeprefix("\n") if half else whole[start:end]
        words = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
        if not text[: int(selection.attrib["startPosition"])]:
            words = words.lstrip("\ufeff")
        assert chosen == words
    again = read_qdpx(qdpx(made)).project
    assert again.sources[0].text == text
    assert [(p.start, p.end) for p in again.sources[0].passages] == [
        (p.start, p.end) for p in made.sources[0].passages
    ]


@given(WORDS, st.data())
def test_replacing_moves_every_place_to_the_same_words(words: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.sets(st.integers(0, len(words)), max_size=6)))
    spans = [(a, b, "[child]") for a, b in list(pairwise(ends))[::2]]
    moved = texts.replaced(words, spans)
    for start in range(len(words)):
        if not any(a <= start < b for a, b, _to in spans):
            assert moved.text[moved.start(start) : moved.end(start + 1)] == words[start]
    for a, b, instead in spans:
        assert moved.text[moved.start(a) : moved.end(b)] == instead
        assert moved.text[moved.start(b - 1) : moved.end(a + 1)] == instead


# --- Files of other programs ---------------------------------------------------------------------

Change = Callable[[bytes], bytes]


def rewritten(data: bytes, xml: Change = lambda each: each, text: Change = lambda each: each,
              folder: str = "sources") -> bytes:  # fmt: skip
    """The same project as another program might have written it."""
    files = unpacked(data)
    out = {"project.qde": xml(files.pop("project.qde"))}
    for name, content in files.items():
        out[name.replace("sources", folder)] = text(content)
    return packed(out)


def counted(way: Callable[[str], int], line_end: str = "\n", mark: str = "") -> bytes:
    """The project with its places counted in some other way."""
    made = project({TEXT: PLACES, "Zweite Zeile.\nÜber 🏴󠁧󠁢󠁷󠁬󠁳󠁿 alles.": [(14, 29, "c")]})
    data = qdpx(made)

    def place(match: re.Match[bytes]) -> bytes:
        source = place.text  # type: ignore[attr-defined]
        return b'%s="%d"' % (match[1], way(mark + source[: int(match[2])].replace("\n", line_end)))

    def change(xml: bytes) -> bytes:
        parts = re.split(rb"(?=<TextSource )", xml)
        for number, source in enumerate(made.sources):
            place.text = source.text  # type: ignore[attr-defined]
            parts[number + 1] = re.sub(
                rb'(startPosition|endPosition)="(\d+)"', place, parts[number + 1]
            )
        return b"".join(parts)

    return rewritten(
        data, change, lambda each: (mark + each.decode().replace("\n", line_end)).encode()
    )


def utf_16(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (counted(len), Counted.CODE_POINTS),
        (counted(utf_16), Counted.UTF_16),
        (counted(lambda words: len(words.encode())), Counted.BYTES),
        (counted(len, "\r\n"), Counted.CODE_POINTS),
        (counted(utf_16, "\r\n"), Counted.UTF_16),
        (counted(lambda words: len(words.replace("\r\n", "\n")), "\r\n"), Counted.CODE_POINTS),
        (counted(lambda words: utf_16(words.replace("\n", "\r\n"))), Counted.UTF_16),
        (counted(len, mark="\ufeff"), Counted.CODE_POINTS),
        (counted(lambda words: len(words) - 1, mark="\ufeff"), Counted.CODE_POINTS),
        (counted(lambda words: utf_16(words) - 1, "\r\n", "\ufeff"), Counted.UTF_16),
    ],
)
def test_other_ways_of_counting_are_told_by_the_words_beside_the_places(
    data: bytes, expected: Counted
) -> None:
    read = read_qdpx(data)
    first = read.project.sources[0]
    assert first.text == TEXT
    assert [(each.start, each.end) for each in first.passages] == [p[:2] for p in PLACES]
    second = read.project.sources[1]
    assert [second.text[p.start : p.end] for p in second.passages] == ["Über 🏴󠁧󠁢󠁷󠁬󠁳󠁿 al"]
    assert read.way.counted is expected


def braces(xml: bytes) -> bytes:
    return re.sub(
        rb'(guid|targetGUID|creatingUser)="([0-9a-f-]{36})"',
        lambda match: match[1] + b'="{' + match[2].upper() + b'}"',
        xml,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda data: rewritten(data, folder="Sources"),
        lambda data: rewritten(data, xml=lambda xml: b"\xef\xbb\xbf" + xml),
        lambda data: rewritten(data, xml=braces),
        lambda data: rewritten(data, xml=lambda xml: xml.replace(b"\n", b"\r\n")),
        lambda data: rewritten(
            data, xml=lambda xml: re.sub(rb"internal://(.{36})", lambda m: m[0].upper(), xml)
            .replace(b"INTERNAL", b"internal").replace(b".TXT", b".txt"),
        ),
        lambda data: rewritten(
            data, xml=lambda xml: re.sub(rb"internal://(.{36})\.txt", rb"internal://{\1}.txt", xml)
        ),
        lambda data: packed(
            {"other.qde" if n == "project.qde" else n: c for n, c in unpacked(data).items()}
        ),
    ],
)  # fmt: skip
def test_habits_of_other_programs_are_put_up_with(change: Callable[[bytes], bytes]) -> None:
    made = project({TEXT: PLACES})
    assert read_qdpx(change(qdpx(made))).project == made


def test_words_cut_short_or_in_one_line_are_still_known() -> None:
    made = project({TEXT: [(0, 38, "a"), (39, 60, "b")]})
    files = unpacked(qdpx(made))
    xml = files["project.qde"].decode()
    xml = xml.replace("We wait 😀 and wait.&#10;The taxi is late.", "We wait 😀 and wait. The...")
    changed = packed({**files, "project.qde": xml.encode()})
    assert "The..." in xml
    assert read_qdpx(changed).project.sources[0].passages[0].end == 38


def test_a_project_without_the_words_is_counted_as_the_standard_says() -> None:
    made = project({TEXT: PLACES}, words=False)
    assert read_qdpx(qdpx(made)).project == made


def said(data: bytes) -> str:
    with pytest.raises(ExchangeRefused) as refused:
        read_qdpx(data)
    return str(refused.value)


def changed(xml: Change) -> bytes:
    return rewritten(qdpx(project({TEXT: PLACES})), xml)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no zip at all", "damaged"),
        (packed({"readme.txt": b"x"}), "no project.qde"),
        (packed({"project.qde": b"<Project"}), "not sound XML"),
        (packed({"project.qde": b"<Something/>"}), "no REFI-QDA file"),
        (
            packed({"project.qde": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                                   b"<Project>&e;</Project>"}),
            "not safe",
        ),
        (rewritten(qdpx(project({TEXT: PLACES})), text=lambda each: b"Another. " + each),
         "not where the file says"),
        (changed(lambda xml: xml.replace(b'startPosition="21"', b'startPosition="22"')),
         "The words of 1 passage are not where"),
        (changed(lambda xml: xml.replace(b'endPosition="60"', b'endPosition="6000"')),
         "not where the file says"),
        (changed(lambda xml: xml.replace(b'startPosition="0"', b'startPosition="-3"')),
         "not where the file says"),
        (changed(lambda xml: xml.replace(b'startPosition="0"', b'startPosition="x"')),
         "where it begins and ends"),
        (changed(lambda xml: re.sub(rb'CodeRef targetGUID="[^"]*"',
                                    b'CodeRef targetGUID="%s"' % str(id_of(9)).encode(), xml)),
         "does not have"),
        (changed(lambda xml: re.sub(rb'TextSource guid="[^"]*"', b'TextSource guid="12"', xml)),
         "cannot be read"),
        (rewritten(qdpx(project({TEXT: PLACES})), text=lambda each: b"\xff" + each), "not UTF-8"),
        (packed({k: v for k, v in unpacked(qdpx(project({TEXT: PLACES}))).items()
                 if k == "project.qde"}), "missing from the file"),
        (changed(lambda xml: xml.replace(b"internal://", b"relative:///")), "not in the file"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    assert words in said(data)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    made = project({"a" * 3_000_000: []})
    monkeypatch.setattr("family_voice.sharing.exchange.opening.LARGEST_UNPACKED", 1_000_000)
    assert "more in this project" in said(qdpx(made))


def test_codes_of_one_name_are_told_apart() -> None:
    data = changed(lambda xml: xml.replace(b'name="Waiting"', b'name="Ohne \xc3\x9cberschrift"'))
    names = [each.name for each in read_qdpx(data).project.every_code.values()]
    assert names == ["Being heard", "Listened to", "Ohne Überschrift", "Ohne Überschrift (2)"]
    qdpx(read_qdpx(data).project)


# --- Tables --------------------------------------------------------------------------------------


def test_tables_have_a_line_a_coding_and_no_formulas() -> None:
    made = project({TEXT: PLACES, '=HYPERLINK("x")': [(0, 15, "a")]})
    rows = list(csv.DictReader(io.StringIO(tables.as_csv(made).decode("utf-8-sig"))))
    assert len(rows) == made.codings == 6
    assert rows[0]["words"] == "😀"
    assert (rows[0]["code"], rows[0]["group"]) == ("Listened to", "Being heard")
    assert (rows[0]["round"], rows[0]["coder"], rows[0]["memo"]) == (
        "Autumn", "Amina & Co", "A memo.",
    )  # fmt: skip
    assert rows[5]["words"] == '\'=HYPERLINK("x")'
    sheet = load_workbook(io.BytesIO(tables.as_xlsx(made))).active
    assert sheet is not None
    cells = list(sheet.iter_rows())
    assert len(cells) == 7
    words = cells[6][[each.value for each in cells[0]].index("words")]
    assert (words.value, words.data_type) == ('=HYPERLINK("x")', "s")


def test_a_codebook_of_somebody_elses_table() -> None:
    table = b"Name;Description;Examples\nWarten;Wie lange;Erst | Dann\n;;\nFahrt;;\n"
    found = codes_of(b"\xef\xbb\xbf" + table.replace(b"\n", b"\r\n"))
    assert [(each.name, each.definition, each.examples) for each in found] == [
        ("Warten", "Wie lange", ("Erst", "Dann")),
        ("Fahrt", "", ()),
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"title,description\na,b\n", "first line has to name the columns"),
        (b"name,description\n,b\n", "Line 2 has no name"),
        (b"name\nA\na\n", "more than once"),
        (b"name\n", "no codes"),
        (b"", "first line has to name the columns"),
        (b"name\n\xff\xff\n", "cannot be read"),
        (b"<CodeBook xmlns='urn:QDA-XML:codebook:1.0'><Codes/></CodeBook>", "no codes"),
    ],
)
def test_what_is_no_codebook_is_refused(table: bytes, words: str) -> None:
    with pytest.raises(ExchangeRefused, match=words):
        codes_of(table)


def test_a_folder_is_never_put_on_words() -> None:
    made = project({TEXT: PLACES})
    folder = Project(codes=(CODES[0],), name="x", sources=made.sources)
    with pytest.raises(KeyError):
        qdpx(folder)
