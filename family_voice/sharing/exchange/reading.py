"""Reading REFI-QDA files, ours and other programs', into what they hold. Pure.

Tolerated, because programs differ: a byte order mark, CRLF, braces and capitals in GUIDs,
`Sources/`, other ways of counting places (see `offsets`), codes of one name in several folders.
Whatever is not sound is refused as a whole, with a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID
from xml.etree.ElementTree import Element

from family_voice.language.texts import _
from family_voice.sharing.exchange import offsets, texts
from family_voice.sharing.exchange.offsets import NowhereToBeFound, Told, Way
from family_voice.sharing.exchange.opening import (
    Archive,
    ExchangeRefused,
    guid_in,
    misplaced,
    needed_guid,
    root_of,
    text_of,
    too_large,
)
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
)

#: What a project can hold that we do not keep, by the standard's own words.
NOT_KEPT = ("PictureSource", "AudioSource", "VideoSource", "Link", "Set", "Graph")
_VALUES = ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")


@dataclass(frozen=True)
class Read:
    """A project that was read, and how its places were counted."""

    project: Project
    way: Way


def read_qdpx(data: bytes) -> Read:
    """A project out of a `.qdpx` file.

    Raises:
        ExchangeRefused: if it cannot be taken in whole; the message says what to do.
    """
    archive = Archive(data)
    inside = [each for each in archive.names if each.endswith(".qde") and "/" not in each]
    name = "project.qde" if "project.qde" in inside else next(iter(inside), "project.qde")
    described = archive.read(name)
    if described is None:
        raise ExchangeRefused(
            _("There is no project.qde in this file. Choose a project that ends in .qdpx.")
        )
    return _Reading(root_of(described, ("Project",)), archive).read()


def read_qdc(data: bytes) -> tuple[CodeEntry, ...]:
    """The codes of a `.qdc` file.

    Raises:
        ExchangeRefused: if it cannot be taken in whole; the message says what to do.
    """
    too_large(data)
    codes = _codes(root_of(data, ("CodeBook",)))
    if not codes:
        raise ExchangeRefused(_("There are no codes in this codebook."))
    return codes


class _Reading:
    """One project while it is read."""

    def __init__(self, root: Element, archive: Archive) -> None:
        self.root = root
        self.archive = archive
        self.codes: tuple[CodeEntry, ...] = ()
        self.known: set[UUID] = set()
        self.notes: set[UUID] = set()
        self.coders: set[UUID] = set()
        self.variables: dict[UUID, Variable] = {}

    def read(self) -> Read:
        root = self.root
        coders = tuple(
            Coder(needed_guid(each), each.get("name") or each.get("id") or "")
            for each in root.iterfind("Users/User")
        )
        book = root.find("CodeBook")
        codes = _codes(book) if book is not None else ()
        self.known = {each.id for top in codes for each in top.every()}
        self.coders = {each.id for each in coders}
        notes = root.findall("Notes/Note")
        self.notes = {needed_guid(each) for each in notes}
        variables = tuple(self._variable(each) for each in root.iterfind("Variables/Variable"))
        self.variables = {each.id: each for each in variables}
        elements = [
            *root.iterfind("Sources/TextSource"),
            *root.iterfind("Sources/*/Representation"),
        ]
        told = [self._told(each) for each in elements]
        try:
            way, places = offsets.found(told)
        except NowhereToBeFound as nowhere:
            raise misplaced(nowhere.passages) from nowhere
        sources = tuple(
            self._source(element, text, at)
            for element, text, at in zip(elements, told, places, strict=True)
        )
        used = {
            put.code
            for source in sources
            for puts in (source.codings, *(each.codings for each in source.passages))
            for put in puts
        }
        project = Project(
            name=root.get("name") or "",
            origin=root.get("origin") or "",
            description=_said(root),
            at=root.get("modifiedDateTime") or root.get("creationDateTime") or "",
            coders=coders,
            codes=tuple(_codable(each, used) for each in codes),
            variables=variables,
            cases=tuple(self._case(each, sources) for each in root.iterfind("Cases/Case")),
            sources=sources,
            notes=tuple(self._note(each) for each in notes),
            left_out=self._left_out(),
        )
        _insist_on_one_each(project)
        return Read(project, way)

    def _told(self, element: Element) -> Told:
        text, had_mark = self._text(element)
        return Told(text, had_mark, [_passage_at(each) for each in _passages(element)])

    def _text(self, element: Element) -> tuple[str, bool]:
        inline = element.findtext("PlainTextContent")
        if inline is not None:
            return inline.removeprefix(texts.MARK), inline.startswith(texts.MARK)
        path = element.get("plainTextPath") or ""
        scheme, _slashes, name = path.rpartition("://")
        if not name or scheme not in ("internal", ""):
            raise ExchangeRefused(
                _("A text of this project is not in the file. Export it with its texts inside.")
            )
        bare = name.rpartition("/")[2]
        stem, dot, ending = bare.rpartition(".")
        unbraced = stem.strip("{}") + dot + ending
        for each in (bare, unbraced, f"{{{stem.strip('{}')}}}{dot}{ending}"):
            for folder in ("sources/", ""):
                content = self.archive.read(folder + each)
                if content is not None:
                    return text_of(content)
        raise ExchangeRefused(
            _("A text that the project names is missing from the file. Export it again.")
        )

    def _source(self, element: Element, told: Told, places: offsets.Places) -> Source:
        moved = texts.plain(told.text, [each for place in places for each in place])
        return Source(
            id=needed_guid(element),
            name=element.get("name") or "",
            text=moved.text,
            description=_said(element),
            by=self._coder(element),
            at=element.get("creationDateTime") or "",
            passages=tuple(
                self._passage(each, moved.start(start), moved.end(end))
                for each, (start, end) in zip(_passages(element), places, strict=True)
            ),
            codings=tuple(self._put(each) for each in element.iterfind("Coding")),
            notes=self._notes(element),
            values=self._values(element),
        )

    def _passage(self, element: Element, start: int, end: int) -> Passage:
        return Passage(
            id=needed_guid(element),
            start=start,
            end=max(start, end),
            words=element.get("name") or "",
            description=_said(element),
            by=self._coder(element),
            at=element.get("creationDateTime") or "",
            codings=tuple(self._put(each) for each in element.iterfind("Coding")),
            notes=self._notes(element),
        )

    def _put(self, element: Element) -> Put:
        ref = element.find("CodeRef")
        code = needed_guid(ref, "targetGUID") if ref is not None else None
        if code is None or code not in self.known:
            raise ExchangeRefused(
                _(
                    "A passage has a code that the project's codebook does not have. Export it "
                    "again."
                )
            )
        return Put(
            id=needed_guid(element),
            code=code,
            by=self._coder(element),
            at=element.get("creationDateTime") or "",
            notes=self._notes(element),
        )

    def _case(self, element: Element, sources: Iterable[Source]) -> CaseEntry:
        ours = {each.id for each in sources}
        stretches = {each.id for source in sources for each in source.passages}
        return CaseEntry(
            id=needed_guid(element),
            name=element.get("name") or "",
            description=_said(element),
            codes=_targets(element, "CodeRef", self.known),
            values=self._values(element),
            sources=_targets(element, "SourceRef", ours),
            passages=_targets(element, "SelectionRef", stretches),
        )

    def _note(self, element: Element) -> Note:
        named = element.find("PlainTextContent") is not None or element.get("plainTextPath")
        text, _had = self._text(element) if named else ("", False)
        return Note(
            id=needed_guid(element),
            name=element.get("name") or "",
            text=texts.plain(text).text,
            by=self._coder(element),
            at=element.get("creationDateTime") or "",
        )

    def _variable(self, element: Element) -> Variable:
        kind = element.get("typeOfVariable") or "Text"
        if kind not in _VALUES:
            raise ExchangeRefused(_("A variable in this project is of a kind we do not know."))
        return Variable(needed_guid(element), element.get("name") or "", kind, _said(element))

    def _values(self, element: Element) -> tuple[Value, ...]:
        found = []
        for each in element.iterfind("VariableValue"):
            ref = each.find("VariableRef")
            variable = needed_guid(ref, "targetGUID") if ref is not None else None
            if variable in self.variables:
                said = each.findtext(f"{self.variables[variable].kind}Value")
                found.append(Value(variable, said or ""))
        return tuple(found)

    def _notes(self, element: Element) -> tuple[UUID, ...]:
        return _targets(element, "NoteRef", self.notes)

    def _coder(self, element: Element) -> UUID | None:
        by = guid_in(element, "creatingUser")
        return by if by in self.coders else None

    def _left_out(self) -> dict[str, int]:
        counted = Counter(str(each.tag) for each in self.root.iter() if each.tag in NOT_KEPT)
        counted["PDFSelection"] = sum(1 for _each in self.root.iter("PDFSelection"))
        return {kind: number for kind, number in counted.items() if number}


def _passages(element: Element) -> list[Element]:
    return element.findall("PlainTextSelection")


def _passage_at(element: Element) -> tuple[int, int, str]:
    try:
        start = int(element.get("startPosition") or "")
        end = int(element.get("endPosition") or "")
    except ValueError as wrong:
        raise ExchangeRefused(
            _("A passage does not say where it begins and ends. Export the project again.")
        ) from wrong
    return start, end, element.get("name") or ""


def _targets(element: Element, name: str, known: set[UUID]) -> tuple[UUID, ...]:
    targets = [needed_guid(each, "targetGUID") for each in element.iterfind(name)]
    return tuple(each for each in targets if each in known)


def _said(element: Element) -> str:
    return texts.plain(element.findtext("Description") or "").text


def _codes(book: Element) -> tuple[CodeEntry, ...]:
    taken: set[str] = set()
    return tuple(_code(each, "", taken) for each in book.iterfind("Codes/Code"))


def _code(element: Element, above: str, taken: set[str]) -> CodeEntry:
    said = element.get("name") or "?"
    # Where two folders have a code of one name, the folder tells them apart; else a number does.
    numbered = (f"{said} ({number})" for number in range(2, len(taken) + 3))
    names = chain([said], [f"{said} ({above})"] if above else [], numbered)
    name = next(each for each in names if each not in taken)
    taken.add(name)
    return CodeEntry(
        id=needed_guid(element),
        name=name,
        description=_said(element),
        codable=(element.get("isCodable") or "true").strip().lower() in ("true", "1"),
        colour=element.get("color") or "",
        parts=tuple(_code(each, said, taken) for each in element.iterfind("Code")),
    )


def _codable(code: CodeEntry, used: set[UUID]) -> CodeEntry:
    """A folder that was put on words all the same is a code."""
    return replace(
        code,
        codable=code.codable or code.id in used,
        parts=tuple(_codable(each, used) for each in code.parts),
    )


def _insist_on_one_each(project: Project) -> None:
    names = [each.id for top in project.codes for each in top.every()]
    names += [each.id for each in project.sources]
    names += [each.id for source in project.sources for each in source.passages]
    names += [each.id for each in project.notes]
    if len(set(names)) < len(names):
        raise ExchangeRefused(
            _("Two things in this project have one name (GUID). Export the project again.")
        )
