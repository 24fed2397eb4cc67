"""Writing REFI-QDA 1.0 files: a project (`.qdpx`) and a codebook (`.qdc`). Pure.

The same project is the same bytes, whenever and wherever it is written. GUIDs are lower case and
without braces; texts lie in `sources/<guid>.txt` as UTF-8 with LF and without a byte order mark;
places count code points and the end is exclusive. Source: REFI-QDA standard 1.0, Project.xsd and
Codebook.xsd of 18 March 2019.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

from family_voice.sharing.exchange.project import (
    CaseEntry,
    CodeEntry,
    Note,
    Passage,
    Project,
    Put,
    Source,
    Value,
    Variable,
)

PROJECT: Final = "urn:QDA-XML:project:1.0"
CODEBOOK: Final = "urn:QDA-XML:codebook:1.0"
#: What is inside says nothing of when it was written: the earliest moment a zip file can name.
NO_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def qdpx(project: Project) -> bytes:
    """A project as a file that NVivo, MAXQDA, ATLAS.ti, QualCoder and others open.

    Raises:
        ValueError: if the project uses one name for two codes, or puts a folder on words.
    """
    _check(project)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put_in(archive, "project.qde", _xml(_project(project), PROJECT))
        for source in project.sources:
            _put_in(archive, f"sources/{source.id}.txt", source.text.encode())
    return out.getvalue()


def qdc(codes: Iterable[CodeEntry], origin: str) -> bytes:
    """A codebook as a file of its own."""
    root = ET.Element("CodeBook", {"origin": _said(origin)})
    _codes(root, codes)
    return _xml(root, CODEBOOK)


def _check(project: Project) -> None:
    names = [each.name for each in project.every_code.values()]
    if len(set(names)) < len(names):
        raise ValueError("Two codes have one name.")
    used = {
        put.code
        for source in project.sources
        for puts in (source.codings, *(each.codings for each in source.passages))
        for put in puts
    }
    if any(not project.every_code[code].codable for code in used):
        raise ValueError("A folder of codes was put on words.")


def _put_in(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, NO_MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    member.create_system = 3
    archive.writestr(member, content)


def _xml(root: ET.Element, namespace: str) -> bytes:
    # The default namespace, which some programs insist on; ElementTree would write ns0: instead.
    root.set("xmlns", namespace)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _project(project: Project) -> ET.Element:
    root = ET.Element("Project", _attributes(name=project.name, origin=project.origin))
    if project.at:
        root.set("modifiedDateTime", project.at)
    if project.coders:
        users = ET.SubElement(root, "Users")
        for coder in project.coders:
            ET.SubElement(users, "User", guid=str(coder.id), name=_said(coder.name))
    if project.codes:
        _codes(ET.SubElement(root, "CodeBook"), project.codes)
    kinds = {each.id: each.kind for each in project.variables}
    _some(root, "Variables", [_variable(each) for each in project.variables])
    _some(root, "Cases", [_case(each, kinds) for each in project.cases])
    _some(root, "Sources", [_source(each, kinds) for each in project.sources])
    _some(root, "Notes", [_note(each) for each in project.notes])
    _description(root, project.description)
    return root


def _some(root: ET.Element, name: str, children: list[ET.Element]) -> None:
    if children:
        ET.SubElement(root, name).extend(children)


def _codes(parent: ET.Element, codes: Iterable[CodeEntry]) -> None:
    ET.SubElement(parent, "Codes").extend(_code(each) for each in codes)


def _code(code: CodeEntry) -> ET.Element:
    made = ET.Element("Code", guid=str(code.id), name=_said(code.name))
    made.set("isCodable", "true" if code.codable else "false")
    if code.colour:
        made.set("color", code.colour)
    _description(made, code.description)
    made.extend(_code(each) for each in code.parts)
    return made


def _variable(variable: Variable) -> ET.Element:
    made = ET.Element("Variable", guid=str(variable.id), name=_said(variable.name))
    made.set("typeOfVariable", variable.kind)
    _description(made, variable.description)
    return made


def _values(parent: ET.Element, values: Iterable[Value], kinds: dict[UUID, str]) -> None:
    for each in values:
        made = ET.SubElement(parent, "VariableValue")
        ET.SubElement(made, "VariableRef", targetGUID=str(each.variable))
        ET.SubElement(made, f"{kinds[each.variable]}Value").text = _said(each.value)


def _case(case: CaseEntry, kinds: dict[UUID, str]) -> ET.Element:
    made = ET.Element("Case", guid=str(case.id), name=_said(case.name))
    _description(made, case.description)
    _refs(made, "CodeRef", case.codes)
    _values(made, case.values, kinds)
    _refs(made, "SourceRef", case.sources)
    _refs(made, "SelectionRef", case.passages)
    return made


def _source(source: Source, kinds: dict[UUID, str]) -> ET.Element:
    made = ET.Element("TextSource", guid=str(source.id), name=_said(source.name))
    made.set("plainTextPath", f"internal://{source.id}.txt")
    _made_by(made, source.by, source.at)
    _description(made, source.description)
    made.extend(_passage(each) for each in source.passages)
    made.extend(_put(each) for each in source.codings)
    _refs(made, "NoteRef", source.notes)
    _values(made, source.values, kinds)
    return made


def _passage(passage: Passage) -> ET.Element:
    made = ET.Element("PlainTextSelection", guid=str(passage.id), name=_said(passage.words))
    made.set("startPosition", str(passage.start))
    made.set("endPosition", str(passage.end))
    _made_by(made, passage.by, passage.at)
    _description(made, passage.description)
    made.extend(_put(each) for each in passage.codings)
    _refs(made, "NoteRef", passage.notes)
    return made


def _put(put: Put) -> ET.Element:
    made = ET.Element("Coding", guid=str(put.id))
    _made_by(made, put.by, put.at)
    _refs(made, "CodeRef", (put.code,))
    _refs(made, "NoteRef", put.notes)
    return made


def _note(note: Note) -> ET.Element:
    made = ET.Element("Note", guid=str(note.id), name=_said(note.name))
    _made_by(made, note.by, note.at)
    ET.SubElement(made, "PlainTextContent").text = _said(note.text)
    return made


def _refs(parent: ET.Element, name: str, targets: Iterable[UUID]) -> None:
    for each in targets:
        ET.SubElement(parent, name, targetGUID=str(each))


def _made_by(element: ET.Element, by: UUID | None, at: str) -> None:
    if by is not None:
        element.set("creatingUser", str(by))
    if at:
        element.set("creationDateTime", at)


def _description(parent: ET.Element, words: str) -> None:
    if words:
        ET.SubElement(parent, "Description").text = _said(words)


def _attributes(**given: str) -> dict[str, str]:
    return {name: _said(value) for name, value in given.items() if value or name == "name"}


def _said(words: str) -> str:
    """Words as XML can hold and give back: what it cannot hold is one sign for each letter."""
    return _NOT_IN_XML.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n"))
