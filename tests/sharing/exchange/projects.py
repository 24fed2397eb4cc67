"""Made-up projects, in every script, with everything in them that travels."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from uuid import UUID

from hypothesis import strategies as st

from family_voice.sharing.exchange.project import (
    CaseEntry,
    CodeEntry,
    Coder,
    Note,
    Passage,
    Project,
    Put,
    Source,
    Value,
    Variable,
    guid,
)
from family_voice.sharing.exchange.writing import qdpx

#: Letters that make places slip: astral ones, joined emoji, marks that go on the letter before,
#: letters that are put together in two ways, Arabic and Urdu, all the line ends there are.
AWKWARD = st.sampled_from(
    [
        "a", "B", "é", "e\u0301", "e\u0301\u0323", "\u0301", "\u0338", "=", "ᄒ", "ᅡ", "각", "ﬁ",
        "😀", "👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🇬🇧", "𝔄", "شکریہ", "مدرسة", "\u200f", "\u202b", "ż", "ł",
        " ", "  ", ".", "!", "?", "\n", "\r\n", "\r", "\t", "\u2028", "\u0085", "\ufeff", "\u200b",
        "We wait. ", "Nobody rings back. ", "<b>", "&amp;", '"',
    ]
)  # fmt: skip
WORDS = st.lists(AWKWARD, min_size=1, max_size=25).map("".join)

CODES = (
    CodeEntry(
        guid("group", "a"),
        "Being heard",
        codable=False,
        colour="#1D70B8",
        parts=(
            CodeEntry(guid("code", "a"), "Listened to", "Whether.\nUse when: asked & <told>."),
            CodeEntry(guid("code", "b"), "Waiting"),
        ),
    ),
    CodeEntry(guid("code", "c"), "Ohne Überschrift"),
)
AMINA = Coder(guid("coder", "amina"), "Amina & Co")
ROUND = Variable(guid("variable", "round"), "Round", description="Which term")
FIRST = Variable(guid("variable", "first"), "First account", "Boolean")


def project(
    texts: Mapping[str, list[tuple[int, int, str]]], *, words: bool = True, note: str = "A memo."
) -> Project:
    """A project of plain texts with coded places."""
    sources = tuple(
        Source(
            id=guid("answer", number),
            name=f"Text {number}",
            text=text,
            description="What matters?",
            passages=tuple(
                Passage(
                    id=guid("passage", number, place),
                    start=start,
                    end=end,
                    words=text[start:end] if words else "",
                    codings=(
                        Put(
                            guid("coding", number, place), guid("code", code), AMINA.id,
                            "2026-11-18T10:00:00Z", (guid("memo", 1),),
                        ),
                    ),
                )
                for place, (start, end, code) in enumerate(places)
            ),
            notes=(guid("memo", 1),),
            values=(Value(ROUND.id, "Autumn"), Value(FIRST.id, "true")),
        )
        for number, (text, places) in enumerate(texts.items())
    )  # fmt: skip
    return Project(
        name="A round",
        origin="Family Voice",
        description="Made up.",
        coders=(AMINA,),
        codes=CODES,
        variables=(ROUND, FIRST),
        cases=(
            CaseEntry(
                guid("case", 1), "Case 1", values=(Value(ROUND.id, "Autumn"),),
                sources=tuple(each.id for each in sources),
            ),
        ),
        sources=sources,
        notes=(Note(guid("memo", 1), "Memo", note, AMINA.id, "2026-11-18T10:00:00Z"),),
    )  # fmt: skip


def qdpx_of(texts: Mapping[str, list[tuple[int, int, str]]]) -> bytes:
    """The same as a file."""
    return qdpx(project(texts))


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_in(answer: bytes) -> str:
    """What a page or a file says; a packed one, all that is in it."""
    if answer.startswith(b"PK"):
        answer = b"\n".join(unpacked(answer).values())
    return answer.decode(errors="replace")


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def id_of(number: int) -> UUID:
    """The GUID of a text made by `project`."""
    return guid("answer", number)
